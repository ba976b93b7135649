"""What a run over many documents yields."""

from dataclasses import dataclass, field
from datetime import date

from pipeline.records import Analysis, Failure, Finding, Requirement, Standing, Term


@dataclass(slots=True)
class Batch:
    """Results of a run. `seconds` by stage. `compared` holds the doc_ids that stand in the comparison, one a vendor.

    `standings` and `terms` are of these alone. `as_of` is the day by whose law completeness was judged.
    """

    analyses: list[Analysis] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    compared: list[str] = field(default_factory=list)
    as_of: date = field(default_factory=date.today)
