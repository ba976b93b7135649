"""What a run over many documents yields."""

from dataclasses import dataclass, field

from pipeline.records import Analysis, Failure, Finding, Requirement


@dataclass(slots=True)
class Batch:
    """Results of a run. `seconds` by stage. `compared` holds the doc_ids that stand in the comparison, one a vendor."""

    analyses: list[Analysis] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    compared: list[str] = field(default_factory=list)
