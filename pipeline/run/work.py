"""What a worker does: a chunk of documents, each from its first stage that is not up to date, written as batches.

A worker writes its own batches, so that results never travel between processes; what it returns is small. One document
that cannot be done is a failure and stops no other.
"""

import errno
import hashlib
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import interrupt
from pipeline.errors import DocumentError, ModelError, OutputError, StageFailed
from pipeline.findings import compare
from pipeline.findings.completeness import requirements
from pipeline.findings.statements import Said
from pipeline.ingest import policy_in
from pipeline.records import Analysis, Policy
from pipeline.run.analyser import Analyser, Read
from pipeline.run.limits import bounded, peak_megabytes
from pipeline.run.task import Done, Settings, Task, content_of, failed
from pipeline.sources import fetch
from pipeline.store import batches, results
from pipeline.store.tables import TABLES, records, rows

if TYPE_CHECKING:
    import pyarrow as pa
    from threadpoolctl import ThreadpoolController

TOGETHER = 500
"""Sentences from which the documents that have them are classified: eight policies. With more of them what stages have
folded already is forgotten before the next one needs it.
"""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""What the system says of a disk that takes no more; libraries write temporary files while they load."""

Rows = dict[tuple[str, str], dict[str, "pa.RecordBatch"]]
"""Rows made, by stage and fingerprint, then by content."""


ALONE = threading.Lock()
"""Held by the thread that works: the analyser, its clock, and the bound of memory are the process's. Dask's workers
have several threads, which would wait for Python's own lock anyway.
"""


def work(chunk: Sequence[Task], settings: Settings) -> Done:
    """Does a chunk. Raises `ModelError` where this process has another package or model than the run."""
    with ALONE:
        analyser = loaded(settings.model, settings.as_of)
        with _linear_algebra().limit(limits=1):
            return _work(chunk, settings, analyser)


@cache
def _linear_algebra() -> "ThreadpoolController":
    """The threads of the libraries for it: for products as small as these they wait most of the time, in a loop that
    takes a core from the other processes.
    """
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


def _work(chunk: Sequence[Task], settings: Settings, analyser: Analyser) -> Done:
    if analyser.fingerprints != settings.fingerprints:
        raise ModelError("worker", "it has another version of the package or of the model", "Install the same there")
    analyser.seconds.clear()
    done, made = Done(documents=len(chunk), process=os.getpid()), {}  # type: tuple[Done, Rows]
    for drafts in _together(chunk, analyser, settings, done):
        for draft in drafts:
            with _isolated(draft.task, analyser, done):
                _add(made, done, draft, analyser, settings)
    analyser.timed("store", lambda: done.written.extend(_written(made, settings)))
    done.seconds, done.megabytes = dict(analyser.seconds), peak_megabytes()
    return done


@cache
def loaded(model: Path | None, as_of: date) -> Analyser:
    """The analyser of this process."""
    return Analyser(model, as_of)


@contextmanager
def _isolated(task: Task, analyser: Analyser, done: Done) -> Iterator[None]:
    try:
        try:
            yield
        finally:
            interrupt.check()  # else Ctrl-C that a library turned into an error would be the document's failure
    except DocumentError as error:
        done.failed.append(failed(task, analyser.stage, error, analyser.fingerprints))
    except Exception as error:  # one document must not stop the others, but the machine's faults are no document's
        if isinstance(error, OSError) and error.errno in FULL:
            raise OutputError(
                str(error.filename or "disk"), f"cannot be written ({error.strerror})", "Check free space"
            ) from error
        broken = StageFailed(
            task.document.name,
            f"{analyser.stage} broke on it ({type(error).__name__}: {error})",
            "Report it with the file; all others are done",
        )
        done.failed.append(failed(task, analyser.stage, broken, analyser.fingerprints))


@dataclass(slots=True)
class Draft:
    """A document that was read, on its way to the store."""

    task: Task
    read: Read


def _together(chunk: Sequence[Task], analyser: Analyser, settings: Settings, done: Done) -> Iterator[list[Draft]]:
    """The documents that can be read, some at a time: their sentences are classified together."""
    drafts: list[Draft] = []
    for task in chunk:
        analyser.stage = "ingest"
        with _isolated(task, analyser, done):
            now = _fetched(task, settings)
            with _isolated(now, analyser, done):
                drafts.append(_draft(now, analyser, settings))
        if sum(len(draft.read.sentences) for draft in drafts) >= TOGETHER:
            _classify(drafts, analyser)
            yield drafts
            drafts = []
    _classify(drafts, analyser)
    yield drafts


def _draft(task: Task, analyser: Analyser, settings: Settings) -> Draft:
    with bounded(task.document.name, settings.limits):
        policy = _policy(task, analyser, settings)
        read = analyser.read(policy, _known("segment", task, settings), _known("extract", task, settings))
        read.clauses = _known("classify", task, settings)
    return Draft(task, read)


def _classify(drafts: Sequence[Draft], analyser: Analyser) -> None:
    """Gives those their clauses that have none yet. A long one waits until it is alone and bounded; where one breaks
    the work on all, each is tried alone too.
    """
    new = [draft.read for draft in drafts if draft.read.clauses is None and len(draft.read.sentences) < TOGETHER]
    with suppress(Exception):
        analyser.classify(new)


def _add(made: Rows, done: Done, draft: Draft, analyser: Analyser, settings: Settings) -> None:
    """The rows of one document, added to those of the chunk once all its stages are through."""
    task, content = draft.task, draft.task.content
    with bounded(task.document.name, settings.limits):
        found = _found(draft, analyser, settings)
        own = {
            (stage, settings.fingerprints.get(stage, "0")): rows(TABLES[stage], content, found[stage])
            for stage in task.stages
        }
    for key, batch in own.items():
        made.setdefault(key, {})[content] = batch
    done.hashes[content] = task.sha256
    if "classify" in task.stages:
        done.facts[content] = facts_of(found["analysis"])


def _fetched(task: Task, settings: Settings) -> Task:
    """The task with its bytes, where ingest needs them; a file may have other ones by now than when it was planned."""
    if task.first == "raw":
        raw = fetch(task.document) if task.raw is None else task.raw
        sha256 = hashlib.sha256(raw).hexdigest()
        return replace(task, raw=raw, sha256=sha256, content=content_of(task.document, sha256))
    if task.first == "ingest":
        raw = bytes(results.rows_of(settings.store, "raw", task.content, task.stored)[0]["bytes"])
        return replace(task, raw=raw)
    return replace(task, raw=None)


def _policy(task: Task, analyser: Analyser, settings: Settings) -> Policy:
    raw = task.raw
    if raw is not None:
        return analyser.timed("ingest", lambda: policy_in(task.document, raw))
    row = results.rows_of(settings.store, "ingest", task.content, task.stored)[0]
    return results.policy_of(task.document, task.sha256, row)


def _found(draft: Draft, analyser: Analyser, settings: Settings) -> Mapping[str, Any]:
    """What every stage says of the document, by stage, and the whole `analysis`."""
    if draft.read.clauses is None:
        analyser.classify([draft.read])
    policy, analysis = draft.read.policy, analyser.judged(draft.read)
    findings, said = _known("compare", draft.task, settings), Said(analysis)
    if findings is None:
        findings = analyser.timed("compare", lambda: compare(analysis, settings.as_of, said))
    judged = analyser.timed("completeness", lambda: requirements(analysis, findings, settings.as_of, said))
    return {
        "raw": [{"bytes": draft.task.raw}],
        "ingest": [_text(policy)],
        "segment": analysis.sentences,
        "extract": analysis.entities,
        "classify": analysis.clauses,
        "compare": findings,
        "completeness": judged,
        "analysis": analysis,
    }


def _known(stage: str, task: Task, settings: Settings) -> tuple[Any, ...] | None:
    """What the store has of a stage; `None` where it is to be done."""
    if stage in task.stages:
        return None
    read = results.rows_of(settings.store, stage, task.content, task.stored)
    return records(TABLES[stage], task.document.doc_id, read)


def _text(policy: Policy) -> Mapping[str, object]:
    return {"language": policy.language, "flags": policy.flags, "text": policy.text}


def facts_of(analysis: Analysis) -> Mapping[str, Any]:
    """What `run.json` and the table of policies say of a document without its rows being read."""
    main = [clause for clause in analysis.clauses if clause.primary]
    labels: dict[str, int] = {}
    for clause in main:
        labels[clause.label] = labels.get(clause.label, 0) + 1
    return {
        "language": analysis.policy.language,
        "characters": len(analysis.policy.text),
        "flags": dict(analysis.policy.flags),
        "labels": labels,
        "unsure": sum(clause.unsure for clause in main),
    }


def _written(made: Rows, settings: Settings) -> list[batches.Written]:
    return [batches.write(settings.store, stage, own, content) for (stage, own), content in made.items()]
