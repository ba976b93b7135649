"""What is handed to workers, and what comes back: tasks and the settings that they share, what was done, failures.

All of it travels between processes, so it is small and plain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import DocumentError
from pipeline.records import Failure
from pipeline.run.limits import LIMITS, Limits
from pipeline.sources import Document
from pipeline.store import batches, results
from pipeline.store.tables import TABLES
from pipeline.store.writing import Failed

STAGES = tuple(TABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A document to be worked on from stage `first`; the results of the stages before it are in the store.

    `raw` are the bytes where a worker has read them, or they cannot be read again, as those of standard input.
    """

    document: Document
    content: str
    sha256: str
    size: int
    first: str
    stored: results.Results = field(default_factory=dict)
    raw: bytes | None = None

    @property
    def stages(self) -> tuple[str, ...]:
        """What has to be done."""
        return STAGES[STAGES.index(self.first) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What all tasks of a run have in common."""

    store: Path
    model: Path | None
    as_of: date
    fingerprints: Mapping[str, str]
    limits: Limits = LIMITS


@dataclass(slots=True)
class Done:
    """What came of a chunk: batches, sha256 and facts of each content, failures, seconds a stage, peak memory in MB."""

    written: list[batches.Written] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    failed: list[Failed] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    documents: int = 0
    process: int = 0
    megabytes: int = 0


def content_of(document: Document, sha256: str) -> str:
    """The name of a content in the store: what its bytes are, and the reader that its suffix chooses."""
    return f"{sha256[:24]}{document.suffix}"


def failed(task: Task, stage: str, error: DocumentError, fingerprints: Mapping[str, str]) -> Failed:
    """The failure of a task."""
    return refused(task.document, task.content, stage, error, fingerprints)


def refused(
    document: Document, content: str | None, stage: str, error: DocumentError, fingerprints: Mapping[str, str]
) -> Failed:
    """A failure, first seen now."""
    failure = Failure(
        source=document.name,
        stage=stage,
        error=error.reason,
        message=str(error),
        first_seen=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return Failed(failure, content, fingerprints.get(stage, ""))
