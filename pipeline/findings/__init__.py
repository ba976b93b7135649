"""Analysis -> Findings: what one policy says on each attribute, with the sentences that say it.

Rules by kind of answer: `values` (entities and concepts), `quotes` (decisive sentences), `sharing`, `consent`. What is
not found in a text that breaks off is `cut_off`, unless the part that treats it stands there complete.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from pipeline.attributes import Attribute, attributes
from pipeline.findings import consent, quotes, sharing, values
from pipeline.findings.statements import Said, finding, is_cut_off, is_unreadable
from pipeline.instruments import standing
from pipeline.labels import OTHER
from pipeline.records import SITE, Analysis, Finding

Rule = Callable[[Attribute, Said, Analysis], Finding]

RULES: dict[str, Rule] = {
    "entities": values.entities,
    "concepts": values.concepts,
    "measures": values.measures,
    "channel": values.channel,
    "quotes": quotes.quotes,
    "sharing": sharing.sharing,
    "consent": consent.consent,
}


def compare(analysis: Analysis, as_of: date | None = None, said: Said | None = None) -> tuple[Finding, ...]:
    """One finding an attribute, in the order of the columns.

    With `as_of` the answer on the cited laws says whether each is in force on that day; without, what the policy says.
    `said` is what the analysis says, where it has been read already.
    """
    said = said or Said(analysis)
    findings = [RULES[attribute.rule](attribute, said, analysis) for attribute in attributes()]
    if as_of:
        findings = [_with_standing(f, as_of) if f.attribute == "cited_laws" else f for f in findings]
    if is_unreadable(analysis):
        return tuple(
            finding(a, analysis, "unreadable") if f.status == "not_found" else f
            for a, f in zip(attributes(), findings, strict=True)
        )
    if not is_cut_off(analysis):
        return tuple(findings)
    treated = _treated(analysis)
    return tuple(
        finding(a, analysis, "cut_off") if f.status == "not_found" and not a.labels & treated else f
        for a, f in zip(attributes(), findings, strict=True)
    )


def _with_standing(finding: Finding, day: date) -> Finding:
    """The finding with `(in_force)`, `(expired DAY, SUCCESSOR)`, `(not_yet DAY)` or `(unknown)` behind each law."""
    return replace(finding, answer=tuple(f"{a} ({standing(a.removeprefix(SITE), day)})" for a in finding.answer))


def _treated(analysis: Analysis) -> set[str]:
    """Categories that a heading announces whose part of the text is complete: another heading follows it."""
    main = {c.sentence: c.label for c in analysis.clauses if c.primary}
    headings = [s.index for s in analysis.sentences if s.kind == "heading"]
    return {main[index] for index in headings[:-1]} - {OTHER}
