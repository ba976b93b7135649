"""Analysis -> Findings: what one policy says on each attribute, with the sentences that say it.

Rules by kind of answer: `values` (entities and concepts), `quotes` (decisive sentences), `sharing`, `consent`. What is not found
in a text that breaks off is `cut_off`, unless the part that treats it stands there complete.
"""

from collections.abc import Callable, Sequence

from pipeline.attributes import Attribute, attributes
from pipeline.compare import consent, quotes, sharing, values
from pipeline.compare.statements import Statement, statements
from pipeline.labels import OTHER
from pipeline.records import Analysis, Finding

Rule = Callable[[Attribute, Sequence[Statement], Analysis], Finding]

RULES: dict[str, Rule] = {
    "entities": values.entities, "concepts": values.concepts, "measures": values.measures, "channel": values.channel,
    "quotes": quotes.quotes, "sharing": sharing.sharing, "consent": consent.consent,
}

CUT_OFF = 0.5
"""Score of the flag `cut_off` from which what is missing cannot be judged."""


def compare(analysis: Analysis) -> tuple[Finding, ...]:
    """One finding an attribute, in the order of the columns."""
    said = statements(analysis)
    findings = [RULES[attribute.rule](attribute, said, analysis) for attribute in attributes()]
    if analysis.policy.flags.get("cut_off", 0.0) >= CUT_OFF:
        treated = _treated(analysis)
        findings = [Finding(doc_id=f.doc_id, attribute=f.attribute, status="cut_off") if f.status == "not_found" and not a.labels & treated else f
                    for a, f in zip(attributes(), findings, strict=True)]
    return tuple(findings)


def _treated(analysis: Analysis) -> set[str]:
    """Categories that a heading announces whose part of the text is complete: another heading follows it."""
    main = {c.sentence: c.label for c in analysis.clauses if c.primary}
    headings = [s.index for s in analysis.sentences if s.kind == "heading"]
    return {main[index] for index in headings[:-1]} - {OTHER}
