"""The stages from Policy to Analysis, and on to findings, with one loaded model."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from pipeline import fingerprint
from pipeline.artefact import load_model, model_folder
from pipeline.batch import Batch
from pipeline.entities import extract
from pipeline.field import field, terms
from pipeline.findings import compare
from pipeline.findings.completeness import requirements
from pipeline.findings.statements import Said
from pipeline.instruments import instruments, standing
from pipeline.records import Analysis, Clause, Entity, Policy, Sentence
from pipeline.regimes import in_force
from pipeline.segment import broken_off, segment
from pipeline.segment.page_kind import page_kind
from pipeline.segment.shell import shell
from pipeline.store.results import ANALYSED

T = TypeVar("T")


@dataclass(slots=True)
class Read:
    """A policy as far as it was read before it is classified; `clauses` are `None` until then."""

    policy: Policy
    sentences: tuple[Sentence, ...]
    entities: tuple[Entity, ...]
    clauses: tuple[Clause, ...] | None = None


class Analyser:
    """The stages from Policy to Analysis with one loaded model; `seconds` adds up what each stage took."""

    def __init__(self, folder: Path | None = None, as_of: date | None = None) -> None:
        saved = load_model(folder or model_folder())
        self.model = saved.model
        self.as_of = as_of or date.today()
        self.fingerprints: Mapping[str, str] = fingerprint.of_stages(saved.sha256, laws_of(self.as_of))
        self.seconds: dict[str, float] = {}
        self.clock = time.perf_counter
        self.stage = "ingest"

    def __call__(self, policy: Policy) -> Analysis:
        """The analysis of a policy."""
        read = self.read(policy)
        self.classify([read])
        return self.judged(read)

    def read(
        self, policy: Policy, sentences: tuple[Sentence, ...] | None = None, entities: tuple[Entity, ...] | None = None
    ) -> "Read":
        """A policy with its sentences and entities; what an earlier run has found of it already may be given."""
        if sentences is None:
            sentences = self.timed("segment", lambda: segment(policy))
        if entities is None:
            entities = self.timed("extract", lambda: extract(policy, sentences))
        return Read(policy, sentences, entities)

    def classify(self, policies: Sequence["Read"]) -> None:
        """Gives policies their clauses: several at a time take less time than one by one."""
        from pipeline.classify import classify_all

        found = self.timed(
            "classify", lambda: classify_all([(p.sentences, p.entities) for p in policies], self.model)
        )  # fmt: skip
        for policy, clauses in zip(policies, found, strict=True):
            policy.clauses = clauses

    def judged(self, read: "Read") -> Analysis:
        """The analysis of a policy that has its clauses, with all doubts about it."""
        from pipeline.classify import not_policy

        self.stage = "classify"
        policy, sentences, clauses = read.policy, read.sentences, read.clauses or ()
        empty = shell(sentences)
        other = max(empty, not_policy(sentences, clauses))
        doubts = {"cut_off": broken_off(sentences), "shell": empty, "not_policy": other}
        if other >= 0.5 > empty:
            doubts |= page_kind(sentences)
        flags = {**policy.flags, **{name: score for name, score in doubts.items() if score >= 0.5}}
        return Analysis(
            policy=replace(policy, flags=flags),
            sentences=sentences,
            entities=read.entities,
            clauses=clauses,
            fingerprints={stage: self.fingerprints[stage] for stage in ANALYSED},
        )

    def timed(self, stage: str, work: Callable[[], T]) -> T:
        """What `work` returns; the time that it takes is the stage's."""
        started = self.clock()
        self.stage = stage
        try:
            return work()
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + self.clock() - started


def laws_of(as_of: date) -> str:
    """What of a day decides an answer: the lists that are in force on it, and what each cited instrument is by then."""
    lists = [regime.id for regime in in_force(as_of)]
    return " ".join((*lists, *(standing(number, as_of).split()[0] for number in sorted(instruments()))))


def add_findings(batch: Batch, as_of: date) -> Batch:
    """The batch, with what its analyses say: which stand in the comparison, their findings and requirements."""
    batch.as_of = as_of
    compared = newest(a for a in batch.analyses if "not_policy" not in a.policy.flags)
    batch.compared = [a.policy.doc_id for a in compared]
    batch.findings, batch.requirements = [], []
    for analysis in batch.analyses:
        said = Said(analysis)
        findings = compare(analysis, as_of, said)
        batch.findings += findings
        batch.requirements += requirements(analysis, findings, as_of, said)
    return batch


def add_standings(batch: Batch) -> Batch:
    """The batch, with what is particular about each compared policy beside all others."""
    wanted = set(batch.compared)
    by_doc = {a.policy.doc_id: a for a in batch.analyses if a.policy.doc_id in wanted}
    compared = [by_doc[doc_id] for doc_id in batch.compared]
    batch.standings = field(compared, batch.findings, batch.requirements)
    batch.terms = terms(compared)
    return batch


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
