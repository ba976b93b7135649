"""One policy end to end, and a batch in which no document can stop another."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from pipeline import fingerprint
from pipeline.artefact import load_model, model_folder
from pipeline.batch import Batch
from pipeline.classify import classify, not_policy
from pipeline.entities import extract
from pipeline.errors import DocumentError, NotAPolicy, StageFailed
from pipeline.field import field, terms
from pipeline.findings import compare
from pipeline.findings.completeness import requirements
from pipeline.ingest import Document, read
from pipeline.records import Analysis, Failure, Policy
from pipeline.segment import broken_off, segment

T = TypeVar("T")


class Analyser:
    """The stages from Policy to Analysis with one loaded model; `seconds` adds up what each stage took."""

    def __init__(self, folder: Path | None = None) -> None:
        saved = load_model(folder or model_folder())
        self.model = saved.model
        self.fingerprints: Mapping[str, str] = fingerprint.of_stages(saved.sha256)
        self.seconds: dict[str, float] = {}
        self.stage = "ingest"

    def __call__(self, policy: Policy) -> Analysis:
        sentences = self.timed("segment", lambda: segment(policy))
        entities = self.timed("extract", lambda: extract(policy, sentences))
        clauses = self.timed("classify", lambda: classify(sentences, entities, self.model))
        doubts = {"cut_off": broken_off(sentences), "not_policy": not_policy(sentences, clauses)}
        flags = {**policy.flags, **{name: score for name, score in doubts.items() if score >= 0.5}}
        return Analysis(
            policy=replace(policy, flags=flags),
            sentences=sentences,
            entities=entities,
            clauses=clauses,
            fingerprints=self.fingerprints,
        )

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        self.stage = stage
        try:
            return work()
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started


def run(
    documents: Sequence[Document],
    analyser: Analyser,
    *,
    as_of: date | None = None,
    known: Mapping[tuple[str, str], str] | None = None,
    progress: Callable[[Document], None] = lambda _: None,
) -> Batch:
    """Analyses and compares all documents.

    Completeness is judged by the law of the day `as_of`, of today where it is not given. `known` says when a failure
    (source, error) was first seen; `progress` is called before each document.
    """
    batch = Batch(seconds=analyser.seconds, as_of=as_of or date.today())
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for document in documents:
        progress(document)
        try:
            analysis = _analysed(document, analyser)
            batch.analyses.append(analysis)
            if "not_policy" in analysis.policy.flags:
                raise NotAPolicy(
                    document.name,
                    "Vietnamese, but no privacy policy; it is left out of the comparison",
                    "Collect the page of the policy itself",
                )
        except DocumentError as error:
            batch.failures.append(_failure(document, "ingest", error, known or {}, now))
        except Exception as error:  # noqa: BLE001  # one document must not stop the others
            broken = StageFailed(
                document.name,
                f"{analyser.stage} broke on it ({type(error).__name__}: {error})",
                "Report it with the file; all others are done",
            )
            batch.failures.append(_failure(document, analyser.stage, broken, known or {}, now))
    analyser.timed("compare", lambda: add_findings(batch, batch.as_of))
    analyser.timed("field", lambda: add_standings(batch))
    return batch


def add_findings(batch: Batch, as_of: date) -> Batch:
    """The batch, with what its analyses say: which stand in the comparison, their findings and requirements."""
    batch.as_of = as_of
    compared = newest(a for a in batch.analyses if "not_policy" not in a.policy.flags)
    batch.compared = [a.policy.doc_id for a in compared]
    for analysis in batch.analyses:
        findings = compare(analysis, as_of)
        batch.findings += findings
        batch.requirements += requirements(analysis, findings, as_of)
    return batch


def add_standings(batch: Batch) -> Batch:
    """The batch, with what is particular about each compared policy beside all others."""
    by_doc = {a.policy.doc_id: a for a in batch.analyses}
    compared = [by_doc[doc_id] for doc_id in batch.compared]
    batch.standings += field(compared, batch.findings, batch.requirements)
    batch.terms += terms(compared)
    return batch


def _analysed(document: Document, analyser: Analyser) -> Analysis:
    return analyser(analyser.timed("ingest", lambda: read(document)))


def _failure(
    document: Document, stage: str, error: DocumentError, known: Mapping[tuple[str, str], str], now: str
) -> Failure:
    return Failure(
        source=document.name,
        stage=stage,
        error=error.reason,
        message=str(error),
        first_seen=known.get((document.name, error.reason), now),
    )


def newest(analyses: Iterable[Analysis]) -> list[Analysis]:
    """The newest version of each vendor: by date of retrieval, else by name; vendors in order of first appearance."""
    best: dict[str, Analysis] = {}
    for analysis in analyses:
        policy = analysis.policy
        other = best.get(policy.vendor)
        if other is None or (policy.retrieved_at or "", policy.doc_id) > (
            other.policy.retrieved_at or "",
            other.policy.doc_id,
        ):
            best[policy.vendor] = analysis
    return list(best.values())
