"""What a run writes into the catalogue: batches as they are done, and at its end, at once, what stands now."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pipeline.errors import printable
from pipeline.records import Failure
from pipeline.store.batches import Written
from pipeline.store.catalogue import transaction
from pipeline.store.versions import Version


class Failed(NamedTuple):
    """A failure with the content (`None` where no bytes could be read) and the stage's fingerprint that it came of."""

    failure: Failure
    content: str | None
    fingerprint: str

    def came_of(self, content: str, fingerprints: Mapping[str, str]) -> bool:
        """Whether these bytes and this pipeline gave the failure, and so would give it again."""
        return (self.content, self.fingerprint) == (content, fingerprints.get(self.failure.stage, ""))

    def of_copy(self, source: str) -> "Failed":
        """The failure of another file with the same content."""
        message = self.failure.message.replace(printable(self.failure.source), printable(source), 1)
        return self._replace(failure=replace(self.failure, source=source, message=message))


def read_failed(connection: sqlite3.Connection) -> dict[str, Failed]:
    """The last failure of each file that ever failed."""
    rows = connection.execute("SELECT source, stage, error, message, first_seen, content, fingerprint FROM failures")
    return {row[0]: Failed(Failure(**dict(zip(_FAILURE, row[:5], strict=True))), row[5], row[6]) for row in rows}


_FAILURE = ("source", "stage", "error", "message", "first_seen")


def reported(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """When each failure (source, error) of the last run that ended was first seen."""
    rows = connection.execute("SELECT source, error, first_seen FROM failures WHERE present")
    return {(row[0], row[1]): row[2] for row in rows}


UNTOLD = "untold"
"""The note of the failures (source, error) that a run has entered and nobody was told of yet, JSON."""


def untold(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """The new failures of a run that was killed between publishing and its end: they are as new as they were."""
    return {(source, error) for source, error in json.loads(Notes(connection).get(UNTOLD, "[]"))}


def now(connection: sqlite3.Connection) -> str:
    """The time, ISO and UTC; never before a time that the catalogue knows, should the clock have been set back."""
    (last,) = connection.execute("SELECT max(started) FROM runs").fetchone()
    return max(datetime.now(UTC).isoformat(timespec="seconds"), last or "")


def begin(connection: sqlite3.Connection, source: str, as_of: str, fingerprints: Mapping[str, str]) -> int:
    """Notes that a run has begun; returns its number."""
    return int(
        connection.execute(
            "INSERT INTO runs (started, source, as_of, fingerprints) VALUES (?, ?, ?, ?)",
            (now(connection), source, as_of, json.dumps(dict(fingerprints))),
        ).lastrowid or 0
    )  # fmt: skip


def add(
    connection: sqlite3.Connection,
    run: int,
    written: Iterable[Written],
    hashes: Mapping[str, str],
    facts: Mapping[str, Mapping[str, Any]],
    failed: Iterable[Failed] = (),
) -> None:
    """Enters batches and failures. `hashes`: sha256 by content; `facts`: what classify reports, by content."""
    with transaction(connection):
        connection.executemany(_ENTER_FAILURE, [_failure(f, run, present=False) for f in failed])
        connection.executemany("INSERT OR IGNORE INTO contents (content, sha256) VALUES (?, ?)", hashes.items())
        for batch in written:
            connection.execute(
                "INSERT OR IGNORE INTO batches (name, stage, fingerprint, documents, rows, bytes, run) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*batch.named, len(batch.rows), sum(batch.rows.values()), batch.bytes, run),
            )
            connection.executemany(
                "INSERT OR REPLACE INTO results (content, batch, rows, facts) SELECT c.id, b.id, ?, ? "
                "FROM contents c JOIN batches b ON b.name = ? WHERE c.content = ?",
                [
                    (rows, json.dumps(facts[content]) if batch.stage == "classify" else "{}", batch.name, content)
                    for content, rows in batch.rows.items()
                ],
            )


def publish(
    connection: sqlite3.Connection,
    run: int,
    versions: Iterable[Version],
    failed: Iterable[Failed],
    facts: Callable[[], Mapping[str, Any]],
) -> Mapping[str, Any]:
    """Ends a run: these versions are there now (all others are gone), these failures, and readers see both at once.

    `facts` says, once these are entered, what is to be remembered of the run; it is returned.
    """
    with transaction(connection):
        connection.execute("UPDATE versions SET present = 0, stands = 0, compared = 0")
        connection.executemany(_ENTER_VERSION, [_version(v) for v in versions])
        connection.execute("UPDATE failures SET present = 0")
        connection.executemany(_ENTER_FAILURE, [_failure(f, run, present=True) for f in failed])
        found = facts()
        connection.execute(
            "UPDATE runs SET ended = ?, facts = ? WHERE id = ?", (now(connection), json.dumps(found), run)
        )
    return found


_ENTER_VERSION = """
INSERT INTO versions (doc_id, content, vendor, source, retrieved_at, meta, first_seen, since, since_run, last_seen,
                      present, stands, compared, quarantine)
SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM contents WHERE content = ?
ON CONFLICT (doc_id, content) DO UPDATE SET
  vendor = excluded.vendor, source = excluded.source, retrieved_at = excluded.retrieved_at, meta = excluded.meta,
  since = excluded.since, since_run = excluded.since_run, last_seen = excluded.last_seen, present = excluded.present,
  stands = excluded.stands, compared = excluded.compared, quarantine = excluded.quarantine
"""


def _version(v: Version) -> tuple[object, ...]:
    meta = json.dumps(dict(v.meta), ensure_ascii=False)
    said = (v.doc_id, v.vendor, v.source, v.retrieved_at, meta)
    seen = (v.first_seen, v.since, v.since_run, v.last_seen)
    return (*said, *seen, v.present, v.stands, v.compared, v.quarantine, v.content)


_ENTER_FAILURE = "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _failure(failed: Failed, run: int, *, present: bool) -> tuple[object, ...]:
    f = failed.failure
    return f.source, failed.content, f.stage, failed.fingerprint, f.error, f.message, f.first_seen, run, present


class Notes(MutableMapping[str, str]):
    """What the catalogue remembers by name: things that can be found out anew, but not quickly."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getitem__(self, key: str) -> str:
        row = self._connection.execute("SELECT value FROM notes WHERE key = ?", (key,)).fetchone()
        if row is None:
            raise KeyError(key)
        return str(row[0])

    def __setitem__(self, key: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO notes (key, value) VALUES (?, ?)", (key, value))

    def __delitem__(self, key: str) -> None:
        self._connection.execute("DELETE FROM notes WHERE key = ?", (key,))

    def __iter__(self) -> Iterator[str]:
        return (row[0] for row in self._connection.execute("SELECT key FROM notes"))

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM notes").fetchone()[0])
