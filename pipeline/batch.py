"""What a run over many documents yields."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.records import Analysis, Failure, Finding, Requirement, Standing, Term


@dataclass(slots=True)
class Batch:
    """Results of a run. `compared` holds the doc_ids that stand in the comparison, one a vendor.

    `standings` and `terms` are of these alone. `as_of` is the day by whose law completeness was judged. Of a large run
    the sequences are read from the store as one goes through them: go through them in order.
    """

    analyses: Sequence[Analysis] = ()
    findings: Sequence[Finding] = ()
    requirements: Sequence[Requirement] = ()
    standings: Sequence[Standing] = ()
    terms: Sequence[Term] = ()
    failures: Sequence[Failure] = ()
    compared: Sequence[str] = ()
    as_of: date = field(default_factory=date.today)
