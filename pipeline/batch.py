"""What a run over many documents yields."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pipeline.records import Analysis, Change, Failure, Finding, Quarantine, Requirement, Standing, Term


class Side(NamedTuple):
    """One of the two versions: its document, the first digits of its hash, its date where it has one."""

    source: str
    version: str
    date: str | None

    def __str__(self) -> str:
        return f"{self.source} ({', '.join(filter(None, (self.date, self.version)))})"


class Diff(NamedTuple):
    """Two versions of a vendor's policy and what changed; nothing did where the new one is in `quarantine`.

    `doc_id` is the document of the new version.
    """

    vendor: str
    old: Side
    new: Side
    changes: Sequence[Change]
    quarantine: Quarantine | None = None
    doc_id: str = ""


@dataclass(slots=True)
class Batch:
    """Results of a run. `compared` holds the doc_ids that stand in the comparison, one a vendor.

    `standings` and `terms` are of these alone. `diffs`: what the run brought, and each version that is put aside.
    `as_of` is the day by whose law completeness was judged. Of a large run the sequences are read from the store as one
    goes through them: go through them in order.
    """

    analyses: Sequence[Analysis] = ()
    findings: Sequence[Finding] = ()
    requirements: Sequence[Requirement] = ()
    standings: Sequence[Standing] = ()
    terms: Sequence[Term] = ()
    diffs: Sequence[Diff] = ()
    failures: Sequence[Failure] = ()
    compared: Sequence[str] = ()
    as_of: date = field(default_factory=date.today)
