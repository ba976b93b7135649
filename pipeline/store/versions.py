"""Versions of documents: what a document held since when, and in which order the versions of a vendor follow.

Two layouts of a folder: one file a vendor that is overwritten, and `vendor/<date>.<suffix>`. A version is dated by
`retrieved_at`, else by a date in the file's name, else by the run that first saw it.

>>> _date_in("acme/2025-03-01"), _date_in("acme/chinh-sach_20250301-v2"), _date_in("acme/2025-13-01"), _date_in("a")
('2025-03-01', '2025-03-01', None, None)
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.sources import STDIN, Document

_DATE = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d\d)\2(\d\d)(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One content that a document had. Times are ISO, UTC.

    `since` is when it last became the document's content: it was seen before that where an old content came back.
    `present`: the file has it now; `stands`: the data tables show it; `compared`: it is its vendor's row.
    `quarantine` says why it does not stand although it is the newest, `None` where nothing is wrong with it.
    """

    doc_id: str
    version: str
    content: str
    sha256: str
    vendor: str
    source: str
    retrieved_at: str | None
    meta: Mapping[str, str]
    first_seen: str
    since: str
    since_run: int
    last_seen: str
    present: bool
    stands: bool
    compared: bool
    quarantine: str | None

    @property
    def document(self) -> Document:
        """The document as it was; its file may hold other bytes by now."""
        return Document(
            doc_id=self.doc_id,
            vendor=self.vendor,
            name=self.source,
            path=None if self.source == STDIN else Path(self.source),
            retrieved_at=self.retrieved_at,
            meta=self.meta,
        )

    @property
    def place(self) -> tuple[str, ...]:
        """Sorts documents as `discover` does: by the parts of the path."""
        return tuple(self.source.split("/"))

    @property
    def dated(self) -> str:
        """The ISO date (or time) by which it is ordered."""
        return self.retrieved_at or _date_in(self.doc_id) or self.since

    @property
    def order(self) -> tuple[str, int, str]:
        """Sorts the versions of a vendor, oldest first."""
        return self.dated, self.since_run, self.doc_id


def in_order(versions: Iterable[Version]) -> list[Version]:
    """Oldest first."""
    return sorted(versions, key=lambda version: version.order)


def read_versions(connection: sqlite3.Connection, where: str = "1", values: Iterable[object] = ()) -> list[Version]:
    """Versions of the catalogue for which the condition `where` holds, in order of vendor, then oldest first."""
    found = connection.execute(
        f"SELECT v.*, c.content AS key, c.sha256 FROM versions v JOIN contents c ON c.id = v.content WHERE {where}",
        tuple(values),
    )
    return sorted((_version(row) for row in found), key=lambda v: (v.vendor, v.order))


def _version(row: sqlite3.Row) -> Version:
    return Version(
        doc_id=row["doc_id"],
        version=row["sha256"][:12],
        content=row["key"],
        sha256=row["sha256"],
        vendor=row["vendor"],
        source=row["source"],
        retrieved_at=row["retrieved_at"],
        meta=json.loads(row["meta"]),
        first_seen=row["first_seen"],
        since=row["since"],
        since_run=row["since_run"],
        last_seen=row["last_seen"],
        present=bool(row["present"]),
        stands=bool(row["stands"]),
        compared=bool(row["compared"]),
        quarantine=row["quarantine"],
    )


def _date_in(name: str) -> str | None:
    for year, _, month, day in reversed(_DATE.findall(name)):
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None
