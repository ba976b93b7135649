"""Analysis, Findings -> Requirements: what a policy says of what the law asks for, on a given day.

Which list holds is decided by that day alone: a policy's own date never chooses a laxer law. How an element is judged
stands in `regimes.toml`. What was found counts first, in whole, then in part; only then may a text that breaks off or
a doubtful category excuse what is missing. A part found in a text whose other part may be cut off is `cut_off`: it
cannot be called a gap. This is a first reading by words, no legal advice: whether an instrument binds a vendor at all
is not asked here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.findings.statements import Said
from pipeline.records import Analysis, Evidence, Finding, Requirement, RequirementStatus
from pipeline.regimes import Alternatives, Condition, Regime, Rule, Sign, in_force, signs

QUOTED = 3
"""Sentences quoted for one sign: enough to check it; the findings have them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policy:
    findings: Mapping[str, Finding]
    said: Said
    shown: dict[Condition, tuple[Evidence, ...]] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)


def requirements(
    analysis: Analysis, findings: Iterable[Finding], as_of: date, said: Said | None = None
) -> tuple[Requirement, ...]:
    """One requirement an element of every regime in force on `as_of`, in the order of `regimes.toml`. `said` is what
    the analysis says, where it has been read already.
    """
    policy = _Policy(findings={f.attribute: f for f in findings}, said=said or Said(analysis))
    return tuple(found for regime in in_force(as_of) for found in _judged(policy, regime, analysis.policy.doc_id))


def _judged(policy: _Policy, regime: Regime, doc_id: str) -> Iterable[Requirement]:
    for element in regime.elements:
        status, evidence = _status(policy, element.rule)
        yield Requirement(doc_id=doc_id, regime=regime.id, element=element.id, status=status, evidence=evidence)


def _status(policy: _Policy, rule: Rule) -> tuple[RequirementStatus, tuple[Evidence, ...]]:
    if evidence := _first(policy, rule.met):
        return "met", evidence
    evidence = _first(policy, rule.partly)
    doubts = _doubts(policy, rule.met)
    if "cut_off" in doubts:
        return "cut_off", evidence
    if evidence:
        return "partly", evidence
    return ("unsure" if doubts & {"unsure", "unreadable"} else "missing"), ()


def _first(policy: _Policy, alternatives: Alternatives) -> tuple[Evidence, ...]:
    """Evidence of the first alternative of which every condition is shown; empty where none is."""
    for conditions in alternatives:
        shown = [_shown(policy, condition) for condition in conditions]
        if all(shown):
            return _distinct(e for evidence in shown for e in evidence[:QUOTED])
    return ()


def _doubts(policy: _Policy, alternatives: Alternatives) -> set[str]:
    """Statuses of the findings that could have shown what is not shown."""
    hidden = {c for conditions in alternatives for c in conditions if not _shown(policy, c)}
    names = {signs()[name].doubt for c in hidden for name in (c.sign, c.near) if name}
    return {policy.findings[name].status for name in names if name}


def _shown(policy: _Policy, condition: Condition) -> tuple[Evidence, ...]:
    """Evidence of a condition; several elements rest on the same ones."""
    if condition not in policy.shown:
        policy.shown[condition] = _evidence(policy, condition)
    return policy.shown[condition]


def _evidence(policy: _Policy, condition: Condition) -> tuple[Evidence, ...]:
    sign = signs()[condition.sign]
    if sign.finding:
        return _answered(policy.findings[sign.finding], sign)
    if condition.near:
        return _near(policy, condition)
    return tuple(policy.said[place].evidence() for place in _places(policy, condition.sign))


def _answered(finding: Finding, sign: Sign) -> tuple[Evidence, ...]:
    answers = {a for a in finding.answer if a not in sign.besides and (not sign.only or a in sign.only)}
    return finding.evidence if finding.status in sign.statuses and answers else ()


def _near(policy: _Policy, condition: Condition) -> tuple[Evidence, ...]:
    """Statements that show a sign in or about those that show the sign `near`: the nearest, within its reach."""
    around = {e.sentence for e in _shown(policy, Condition(sign=condition.near, near=""))}
    if not around:
        return ()
    said, saying = policy.said, set(_places(policy, condition.sign))
    centres = [place for place, statement in enumerate(said) if statement.sentence.index in around]
    before, after = signs()[condition.sign].reach
    for distance in range(max(before, after) + 1):
        places = {c - distance for c in centres if distance <= before}
        if distance <= after:
            places |= {end + distance for c in centres for end in (c, _end_of_list(policy, c) if distance else c)}
        if shown := sorted(places & saying):
            return tuple(said[place].evidence() for place in shown)
    return ()


def _end_of_list(policy: _Policy, place: int) -> int:
    """Place of the last item of the list in which the statement stands; its own outside of lists."""
    lead_in = policy.said[place].sentence.lead_in
    while lead_in is not None and place + 1 < len(policy.said) and policy.said[place + 1].sentence.lead_in == lead_in:
        place += 1
    return place


def _places(policy: _Policy, name: str) -> list[int]:
    """Places of the statements that show a sign which is no finding, in order."""
    if name not in policy.places:
        policy.places[name] = sorted(_saying(policy.said, signs()[name]))
    return policy.places[name]


def _saying(said: Said, sign: Sign) -> set[int]:
    found = set(range(len(said))) if sign.says is None else set(said.matching(sign.says))
    found |= {place for kind in sign.kinds for place, _ in said.of_kind(kind)}
    if sign.labels:
        found &= said.labelled(sign.labels)
    return {place for place in found if not (sign.unless and sign.unless.search(said[place].whole))}


def _distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(dict.fromkeys(evidence), key=lambda e: (e.start, e.end)))
