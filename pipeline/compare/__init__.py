"""Analysis -> Findings: what one policy says on each attribute, with the sentences that say it.

Rules by kind of answer: `values` (entities and concepts), `quotes` (decisive sentences), `sharing`, `consent`. What is
not found in a text that breaks off is `cut_off`, unless the part that treats it stands there complete.
"""

from collections.abc import Callable, Sequence

from pipeline.attributes import Attribute, attributes
from pipeline.compare import consent, quotes, sharing, values
from pipeline.compare.statements import Statement, finding, is_cut_off, statements
from pipeline.labels import OTHER
from pipeline.records import Analysis, Finding

Rule = Callable[[Attribute, Sequence[Statement], Analysis], Finding]

RULES: dict[str, Rule] = {
    "entities": values.entities,
    "concepts": values.concepts,
    "measures": values.measures,
    "channel": values.channel,
    "quotes": quotes.quotes,
    "sharing": sharing.sharing,
    "consent": consent.consent,
}


def compare(analysis: Analysis) -> tuple[Finding, ...]:
    """One finding an attribute, in the order of the columns."""
    said = statements(analysis)
    findings = [RULES[attribute.rule](attribute, said, analysis) for attribute in attributes()]
    if not is_cut_off(analysis):
        return tuple(findings)
    treated = _treated(analysis)
    return tuple(
        finding(a, analysis, "cut_off") if f.status == "not_found" and not a.labels & treated else f
        for a, f in zip(attributes(), findings, strict=True)
    )


def _treated(analysis: Analysis) -> set[str]:
    """Categories that a heading announces whose part of the text is complete: another heading follows it."""
    main = {c.sentence: c.label for c in analysis.clauses if c.primary}
    headings = [s.index for s in analysis.sentences if s.kind == "heading"]
    return {main[index] for index in headings[:-1]} - {OTHER}
