"""What every report looks up: findings and requirements of the compared policies, by document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.batch import Batch
from pipeline.records import Analysis, Finding, Requirement, Standing, Term
from pipeline.regimes import Regime, in_force, is_gap

Point = tuple[str, str]
"""Regime and element."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A batch by document: only the policies that are compared, one a vendor, in their order.

    `regimes` are those in force on the day of the batch; `points` has a requirement for each of their elements.
    """

    batch: Batch
    analyses: Sequence[Analysis]
    vendors: Mapping[str, str]
    cells: Mapping[str, Mapping[str, Finding]]
    points: Mapping[str, Mapping[Point, Requirement]]
    standings: Mapping[str, Sequence[Standing]]
    terms: Mapping[str, Sequence[Term]]
    regimes: Sequence[Regime]

    @property
    def own(self) -> list[str]:
        """The columns that the user keeps in sources.csv, beside those that we know."""
        return [key for key in dict.fromkeys(k for a in self.analyses for k in a.policy.meta) if key != "url"]

    def gaps(self, doc_id: str) -> list[Requirement]:
        """What the law asks for and the policy lacks, in whole or in part."""
        return [r for r in self.points[doc_id].values() if is_gap(r)]


def compared(batch: Batch) -> Compared:
    """The compared policies of a batch with all that is said of them."""
    by_doc = {a.policy.doc_id: a for a in batch.analyses}
    cells: dict[str, dict[str, Finding]] = {doc_id: {} for doc_id in batch.compared}
    points: dict[str, dict[Point, Requirement]] = {doc_id: {} for doc_id in batch.compared}
    standings: dict[str, list[Standing]] = {doc_id: [] for doc_id in batch.compared}
    terms: dict[str, list[Term]] = {doc_id: [] for doc_id in batch.compared}
    for finding in batch.findings:
        if finding.doc_id in cells:
            cells[finding.doc_id][finding.attribute] = finding
    for requirement in batch.requirements:
        if requirement.doc_id in points:
            points[requirement.doc_id][requirement.regime, requirement.element] = requirement
    for standing in batch.standings:
        standings[standing.doc_id].append(standing)
    for term in batch.terms:
        terms[term.doc_id].append(term)
    return Compared(
        batch=batch,
        analyses=[by_doc[doc_id] for doc_id in batch.compared],
        vendors={doc_id: by_doc[doc_id].policy.vendor for doc_id in batch.compared},
        cells=cells,
        points=points,
        standings=standings,
        terms=terms,
        regimes=in_force(batch.as_of),
    )
