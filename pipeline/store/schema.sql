-- The catalogue: which batch holds which result of which content, and which document had which content when.

CREATE TABLE contents (  -- bytes that some document had; content: first 24 digits of sha256 and the file's suffix
  id INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL
);
CREATE TABLE batches (  -- retired_at: since when no result is read from it
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stage TEXT NOT NULL, fingerprint TEXT NOT NULL,
  documents INTEGER NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL, run INTEGER NOT NULL, retired_at TEXT
);
CREATE TABLE results (  -- facts: what run.json adds up, JSON
  content INTEGER NOT NULL REFERENCES contents, batch INTEGER NOT NULL REFERENCES batches, rows INTEGER NOT NULL,
  facts TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (content, batch)
) WITHOUT ROWID;
CREATE INDEX results_by_batch ON results (batch);
CREATE TABLE versions (  -- present: the file has these bytes now; stands: in the data tables; since: of its last return
  id INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, content INTEGER NOT NULL REFERENCES contents, vendor TEXT NOT NULL,
  source TEXT NOT NULL, retrieved_at TEXT, meta TEXT NOT NULL, first_seen TEXT NOT NULL, since TEXT NOT NULL,
  since_run INTEGER NOT NULL, last_seen TEXT NOT NULL, present INTEGER NOT NULL, stands INTEGER NOT NULL DEFAULT 0,
  compared INTEGER NOT NULL DEFAULT 0, quarantine TEXT, UNIQUE (doc_id, content)
);
CREATE INDEX versions_by_vendor ON versions (vendor);
CREATE TABLE failures (  -- present: of the last run that ended
  source TEXT PRIMARY KEY, content TEXT, stage TEXT NOT NULL, fingerprint TEXT NOT NULL, error TEXT NOT NULL,
  message TEXT NOT NULL, first_seen TEXT NOT NULL, run INTEGER NOT NULL, present INTEGER NOT NULL
);
CREATE TABLE runs (  -- ended is null while it runs, and of one that was killed
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, source TEXT NOT NULL, as_of TEXT NOT NULL,
  fingerprints TEXT NOT NULL, facts TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE verdicts (  -- reviewers'; subject: an attribute, or the index of a sentence; said: what was judged, JSON
  id INTEGER PRIMARY KEY, doc_id TEXT NOT NULL, content TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  said TEXT NOT NULL, verdict TEXT NOT NULL, corrected TEXT, comment TEXT, reviewer TEXT NOT NULL,
  reviewed_at TEXT NOT NULL, UNIQUE (doc_id, content, kind, subject, reviewer)
);
CREATE TABLE notes (  -- what is dear to find out anew
  key TEXT PRIMARY KEY, value TEXT NOT NULL
);
