"""Verdicts of reviewers in the catalogue: entered once, never changed unless that is asked for."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.store.catalogue import transaction


class Verdict(NamedTuple):
    """A reviewer's verdict on what a run said of a vendor.

    `kind` is `finding` or `sentence`; `subject` an attribute, or the hash of the sentence; `said` is JSON: what was
    judged and the words on which it rests. `verdict` is `right`, `wrong` or `cannot_tell`; `corrected` may be empty.
    """

    vendor: str
    doc_id: str
    content: str
    kind: str
    subject: str
    said: str
    verdict: str
    corrected: str
    comment: str
    reviewer: str

    @property
    def row(self) -> tuple[str, ...]:
        """What was judged, whoever did it."""
        return self.vendor, self.kind, self.subject, self.said


COLUMNS = ", ".join(Verdict._fields)


def read(connection: sqlite3.Connection) -> list[Verdict]:
    """All verdicts, in the order in which they came."""
    return [Verdict(*row) for row in connection.execute(f"SELECT {COLUMNS} FROM verdicts ORDER BY id")]


def identity(connection: sqlite3.Connection) -> str:
    """What tells this store from any other: 12 hex digits over its first run."""
    first = connection.execute("SELECT started, source, as_of, fingerprints FROM runs ORDER BY id LIMIT 1").fetchone()
    return hashlib.sha256(json.dumps(tuple(first or ())).encode()).hexdigest()[:12]


def versions(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Document and content of every version that there is."""
    rows = connection.execute("SELECT v.doc_id, c.content FROM versions v JOIN contents c ON c.id = v.content")
    return {(row[0], row[1]) for row in rows}


def enter(connection: sqlite3.Connection, verdicts: Iterable[Verdict], now: str) -> None:
    """Enters verdicts at once; one of the same reviewer on the same row gives way to the new one."""
    marks = ", ".join("?" * (len(Verdict._fields) + 1))
    with transaction(connection):
        connection.executemany(
            f"INSERT OR REPLACE INTO verdicts ({COLUMNS}, reviewed_at) VALUES ({marks})",
            [(*verdict, now) for verdict in verdicts],
        )
