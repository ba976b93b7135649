"""What a run has to do, and why: decided by the bytes of the files and the fingerprints of the stages alone.

A content whose results are all in the store under today's fingerprints needs nothing, whatever file it lies in and
whatever `sources.csv` says of it. Else work begins at the first stage whose result is missing or was made by something
else. Texts of earlier versions are analysed again like those that are there.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.errors import DocumentError
from pipeline.run.task import STAGES, Task, content_of, refused
from pipeline.sources import Document, fetch
from pipeline.store.results import analysed, complete, read_results
from pipeline.store.versions import Version, read_versions
from pipeline.store.writing import Failed, read_failed

UP_TO_DATE = "up to date"
FAILED_BEFORE = "failed before"
GONE = "gone"

TRIED_AGAIN = ("StageFailed", "WorkerKilled")
"""Failures that the machine may have caused as well as the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A document of the source. `why` says what became of it, or why there is work; `content` is `None` where no bytes
    could be read, `failed` says why it is not worked on, `task` is the work, `None` where there is none.
    """

    document: Document
    why: str
    content: str | None = None
    sha256: str = ""
    task: Task | None = None
    failed: Failed | None = None


@dataclass(slots=True)
class Plan:
    """All documents of the source, then the earlier versions that have to be read again, and what is gone; `history`
    has all versions that the catalogue knew.
    """

    items: list[Item] = field(default_factory=list)
    earlier: list[Item] = field(default_factory=list)
    gone: list[Version] = field(default_factory=list)
    history: list[Version] = field(default_factory=list)

    def tasks(self) -> list[Task]:
        """The work, one task a content: first what the store knows already, then what is new."""
        tasks = [item.task for item in (*self.earlier, *self.items) if item.task]
        once: dict[str, Task] = {}
        for task in tasks:
            once.setdefault(task.content, task)
        return sorted(once.values(), key=lambda task: task.first == "raw")


def plan(documents: Iterable[Document], catalogue: sqlite3.Connection, fingerprints: Mapping[str, str]) -> Plan:
    """Reads every file, compares with the catalogue, and says what is to be done."""
    known = _Known(catalogue, fingerprints)
    items = [known.item(document) for document in documents]
    there, ids = {item.content for item in items}, {item.document.doc_id for item in items}
    versions = known.history
    earlier = [known.earlier(v) for v in versions if v.content not in there and v.content not in known.complete]
    gone = [v for v in versions if v.present and v.doc_id not in ids]
    return Plan(items=items, earlier=earlier, gone=gone, history=versions)


class _Known:
    """What the catalogue says, read once."""

    def __init__(self, catalogue: sqlite3.Connection, fingerprints: Mapping[str, str]) -> None:
        self.catalogue, self.fingerprints = catalogue, fingerprints
        self.complete = complete(catalogue, fingerprints)
        self.contents = analysed(catalogue)
        self.failed = read_failed(catalogue)
        self.versions: dict[str, list[Version]] = {}
        self.owners: dict[str, Version] = {}
        self.history = read_versions(catalogue)
        for version in self.history:
            self.versions.setdefault(version.doc_id, []).append(version)
            self.owners[version.content] = version

    def item(self, document: Document) -> Item:
        try:
            raw = fetch(document)
        except DocumentError as error:
            failed = refused(document, None, "ingest", error, self.fingerprints)
            return Item(document=document, why="cannot be read", failed=failed)
        sha256 = hashlib.sha256(raw).hexdigest()
        content = content_of(document, sha256)
        why = self._why(document, content)
        if content in self.complete:
            return Item(document=document, content=content, sha256=sha256, why=why)
        before = self.failed.get(document.name)
        if before and before.failure.error not in TRIED_AGAIN and before.came_of(content, self.fingerprints):
            return Item(document=document, content=content, sha256=sha256, why=FAILED_BEFORE, failed=before)
        task = self._task(document, content, sha256, len(raw), raw if document.path is None else None)
        return Item(document=document, content=content, sha256=sha256, why=why, task=task)

    def earlier(self, version: Version) -> Item:
        document, content, sha256 = version.document, version.content, version.sha256
        task = self._task(document, content, sha256, 0)
        return Item(document=document, content=content, sha256=sha256, why="earlier version", task=task)

    def _task(self, document: Document, content: str, sha256: str, size: int, raw: bytes | None = None) -> Task:
        known = content in self.contents
        stored = read_results(self.catalogue, self.fingerprints, [content])[content] if known else {}
        first = first_stale({stage: result.fingerprint for stage, result in stored.items()}, self.fingerprints)
        return Task(
            document=document, content=content, sha256=sha256, size=size, first=first, stored=stored, raw=raw
        )  # fmt: skip

    def _why(self, document: Document, content: str) -> str:
        own = self.versions.get(document.doc_id, [])
        if any(v.content == content and v.present for v in own):
            return UP_TO_DATE
        if any(v.content == content for v in own):
            return "restored"
        if own:
            return "changed"
        return f"as {self.owners[content].doc_id}" if content in self.owners else "new"


def first_stale(made: Mapping[str, str], fingerprints: Mapping[str, str]) -> str:
    """The first stage whose result is missing, or was made with another fingerprint than today's."""
    return next(stage for stage in STAGES if made.get(stage) != fingerprints.get(stage, made.get(stage, "0")))
