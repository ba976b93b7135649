-- Verdicts of reviewers. Nothing could enter any into the table of the first schema.

DROP TABLE verdicts;
CREATE TABLE verdicts (  -- kind: finding or sentence; subject: attribute or hash of the sentence; said: what was judged, JSON
  id INTEGER PRIMARY KEY, vendor TEXT NOT NULL, doc_id TEXT NOT NULL, content TEXT NOT NULL, kind TEXT NOT NULL,
  subject TEXT NOT NULL, said TEXT NOT NULL, verdict TEXT NOT NULL, corrected TEXT NOT NULL, comment TEXT NOT NULL,
  reviewer TEXT NOT NULL, reviewed_at TEXT NOT NULL, UNIQUE (vendor, kind, subject, said, reviewer)
);
