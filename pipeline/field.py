"""All Analyses, Findings, Requirements -> Standings: what is particular about each policy beside all others.

| kind | subject | value | holds for `count` of `of` policies |
| --- | --- | --- | --- |
| `longest`, `shortest` | `retention` | the term | that state this very term, of those that state a term |
| `open_ended` | `retention` | the event | that keep data without an end that can be dated, of those that say how long |
| `only_one` | attribute | | 1, of those that could be judged: no other answers it at all |
| `only_value` | attribute | the value | 1: no other has this value, though several answer the attribute |
| `lacks` | attribute, `regime/element` | | that have what this one lacks: at least two thirds |
| `boilerplate` | | share, 0 to 1 | sentences that stand nearly word for word in another policy, of those long enough |
| `template` | | name of the group | policies from one template, of all |
| `shared` | `phone`, `email`, ... | the value | that give the same number or address, of all |

What a policy only may lack (its text breaks off, or cannot be read) does not count in `of`, and what only the page
around it says counts as not said. With fewer than three policies nothing stands out, and only what they have in common
is said.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.attributes import attributes
from pipeline.likeness import Likeness, likeness
from pipeline.periods import days
from pipeline.records import Analysis, Entity, Evidence, Finding, Requirement, Standing, StandingKind, Term
from pipeline.regimes import elements

FEWEST = 3
"""Policies below which nothing can stand out: of two, each is the only one."""

MOST = 2 / 3
"""Share of the policies that must have what one lacks, for the lack to be worth saying."""

NAMED = 20
"""Other documents named in one standing: what a reader may follow; `count` says how many there are."""

QUOTED = 5
"""Sentences quoted as boilerplate of one policy; all of them stand in the policies that share them."""

OPEN_ENDED = ("company_lifetime", "indefinite")
"""Events of which no user can say when, or whether, they come."""

SHARED = ("phone", "email", "address", "tax_code", "organization")
"""Kinds of entities of which two vendors seldom have the same value by chance."""

SET_RULES = frozenset({"concepts", "measures", "sharing", "consent"})
"""Rules of attributes whose answers are values of a vocabulary, so that one can be in no other policy."""


@dataclass(frozen=True)
class _All:
    """What is compared, looked up by document and attribute."""

    analyses: Sequence[Analysis]
    cells: Mapping[str, Mapping[str, Finding]]
    points: Mapping[str, Mapping[str, Requirement]]
    terms: Sequence[Term]

    @cached_property
    def likeness(self) -> Likeness:
        return likeness(self.analyses)


def field(
    analyses: Sequence[Analysis], findings: Iterable[Finding], requirements: Iterable[Requirement]
) -> tuple[Standing, ...]:
    """The standings of all policies, in their order and, for each, in the order of the table above.

    `analyses` are the policies that are compared, one a vendor; findings and requirements of others are passed over.
    """
    ids = [a.policy.doc_id for a in analyses]
    cells: dict[str, dict[str, Finding]] = {doc_id: {} for doc_id in ids}
    points: dict[str, dict[str, Requirement]] = {doc_id: {} for doc_id in ids}
    for f in findings:
        if f.doc_id in cells:
            cells[f.doc_id][f.attribute] = f
    for r in requirements:
        if r.doc_id in points:
            points[r.doc_id][f"{r.regime}/{r.element}"] = r
    compared = _All(analyses, cells, points, terms(analyses))
    standings = [*_of_retention(compared), *_of_attributes(compared), *_of_values(compared), *_of_points(compared)]
    if len(ids) < FEWEST:
        standings = []
    standings += [*_boilerplate(compared), *_templates(compared), *_shared(compared)]
    place = {doc_id: number for number, doc_id in enumerate(ids)}
    return tuple(sorted(standings, key=lambda s: place[s.doc_id]))


def terms(analyses: Iterable[Analysis]) -> tuple[Term, ...]:
    """Every period of storage of every policy, the longest of a policy first, events after the terms."""
    found: list[Term] = []
    for analysis in analyses:
        stated = {
            (e.value, e.detail.get("applies_to", ""), e.sentence): e
            for e in reversed(analysis.entities)
            if e.kind == "retention"
        }
        own = [_term(analysis, entity) for entity in stated.values()]
        found += sorted(own, key=lambda t: (t.days is None, -(t.days or 0), t.evidence.start))
    return tuple(found)


def _term(analysis: Analysis, entity: Entity) -> Term:
    return Term(
        doc_id=entity.doc_id,
        value=entity.value,
        days=days(entity.value),
        bound=entity.detail.get("bound", ""),
        applies_to=entity.detail.get("applies_to", ""),
        site=entity.detail.get("said_by") == "site",
        evidence=_sentence(analysis, entity),
    )


def _of_retention(compared: _All) -> Iterable[Standing]:
    """Who keeps data longest and shortest, and who without an end."""
    own = [t for t in compared.terms if not t.site and compared.cells[t.doc_id]["retention"].in_policy]
    limits: dict[str, list[Term]] = defaultdict(list)
    for term in own:
        if term.days is not None:
            limits[term.doc_id].append(term)
    longest = {doc_id: max(found, key=lambda t: t.days or 0) for doc_id, found in limits.items()}
    shortest = {doc_id: min(found, key=lambda t: t.days or 0) for doc_id, found in limits.items()}
    if len({t.days for t in longest.values()}) > 1 or len(longest) == 1:
        yield from _extreme("longest", longest, max(t.days or 0 for t in longest.values()))
    if len({t.days for t in shortest.values()}) > 1:
        yield from _extreme("shortest", shortest, min(t.days or 0 for t in shortest.values()))
    without_end: dict[str, Term] = {}
    for term in own:
        if term.value in OPEN_ENDED:
            without_end.setdefault(term.doc_id, term)
    of = len({t.doc_id for t in own})
    for doc_id, term in without_end.items():
        yield _standing(doc_id, "open_ended", "retention", term.value, list(without_end), of, [term.evidence])


def _extreme(kind: StandingKind, best: Mapping[str, Term], length: float) -> Iterable[Standing]:
    holders = [doc_id for doc_id, term in best.items() if term.days == length]
    for doc_id in holders:
        yield _standing(doc_id, kind, "retention", best[doc_id].value, holders, len(best), [best[doc_id].evidence])


def _of_attributes(compared: _All) -> Iterable[Standing]:
    """The only one that answers an attribute, and who does not answer what most do."""
    for attribute in attributes():
        found = {doc_id: cells[attribute.id] for doc_id, cells in compared.cells.items()}
        answered = [doc_id for doc_id, finding in found.items() if finding.in_policy]
        silent = [d for d, f in found.items() if f.status == "not_found" or (f.answer and not f.in_policy)]
        judged = len(answered) + len(silent)
        if len(answered) == 1 and judged >= FEWEST:
            evidence = found[answered[0]].evidence
            yield _standing(answered[0], "only_one", attribute.id, "", answered, judged, evidence)
        yield from _lacks(attribute.id, answered, silent)


def _of_points(compared: _All) -> Iterable[Standing]:
    """Who lacks a point of the law's lists that most have, at least in part; what no list asks for is no lack."""
    counted = {f"{regime}/{id}" for (regime, id), element in elements().items() if element.tier.counted}
    for point in dict.fromkeys(p for points in compared.points.values() for p in points if p in counted):
        status = {doc_id: points[point].status for doc_id, points in compared.points.items() if point in points}
        having = [doc_id for doc_id, said in status.items() if said in ("met", "partly")]
        yield from _lacks(point, having, [doc_id for doc_id, said in status.items() if said == "missing"])


def _lacks(subject: str, having: Sequence[str], silent: Sequence[str]) -> Iterable[Standing]:
    judged = len(having) + len(silent)
    if judged >= FEWEST and len(having) >= MOST * judged:
        for doc_id in silent:
            yield Standing(
                doc_id=doc_id,
                kind="lacks",
                subject=subject,
                value="",
                count=len(having),
                of=judged,
                others=tuple(having[:NAMED]),
            )


def _of_values(compared: _All) -> Iterable[Standing]:
    """Values that no other policy has, of attributes that several answer."""
    policies = {a.policy.doc_id: a for a in compared.analyses}
    for attribute in (a for a in attributes() if a.rule in SET_RULES):
        found = {d: cells[attribute.id] for d, cells in compared.cells.items()}
        answered = [f for f in found.values() if f.in_policy]
        times = Counter(value for f in answered for value in f.answer)
        for finding in answered if len(answered) > 1 else ():
            for value in (v for v in finding.answer if times[v] == 1):
                evidence = _of_value(policies[finding.doc_id], finding, attribute.kind, value)
                yield _standing(
                    finding.doc_id, "only_value", attribute.id, value, [finding.doc_id], len(answered), evidence
                )


def _of_value(analysis: Analysis, finding: Finding, kind: str, value: str) -> Sequence[Evidence]:
    """The evidence in which the value itself stands; all of the finding's where it is no concept of a sentence."""
    says = {e.sentence for e in analysis.entities if e.kind == kind and e.value == value}
    return [e for e in finding.evidence if e.sentence in says] or finding.evidence


def _boilerplate(compared: _All) -> Iterable[Standing]:
    """The share of each policy's sentences that stand nearly word for word in another one."""
    holders = compared.likeness.holders
    for analysis in compared.analyses:
        doc_id = analysis.policy.doc_id
        groups = compared.likeness.groups.get(doc_id)
        if not groups or len(compared.analyses) < 2:
            continue
        shared = {index: holders[group] for index, group in groups.items() if len(holders[group]) > 1}
        times = Counter(other for ids in shared.values() for other in ids[: NAMED + 1] if other != doc_id)
        quoted = sorted(shared, key=lambda index: (-len(shared[index]), index))[:QUOTED]
        yield Standing(
            doc_id=doc_id,
            kind="boilerplate",
            subject="",
            value=f"{len(shared) / len(groups):.2f}",
            count=len(shared),
            of=len(groups),
            others=tuple(other for other, _ in times.most_common(NAMED)),
            evidence=tuple(analysis.sentences[index].evidence() for index in sorted(quoted)),
        )


def _templates(compared: _All) -> Iterable[Standing]:
    for number, group in enumerate(compared.likeness.templates, 1):
        for doc_id in group:
            yield _standing(doc_id, "template", "", f"T{number}", group, len(compared.analyses), [])


def _shared(compared: _All) -> Iterable[Standing]:
    """Numbers, addresses and names that more than one vendor gives as its own."""
    places: dict[tuple[str, str], dict[str, Evidence]] = defaultdict(dict)
    for analysis in compared.analyses:
        for entity in (e for e in analysis.entities if e.kind in SHARED):
            places[entity.kind, entity.value].setdefault(entity.doc_id, _sentence(analysis, entity))
    for (kind, value), given in sorted(places.items()):
        for doc_id, evidence in given.items() if len(given) > 1 else ():
            yield _standing(doc_id, "shared", kind, value, list(given), len(compared.analyses), [evidence])


def _standing(
    doc_id: str,
    kind: StandingKind,
    subject: str,
    value: str,
    holders: Sequence[str],
    of: int,
    evidence: Sequence[Evidence],
) -> Standing:
    """A standing that this policy shares with the other `holders`."""
    others = [other for other in holders[: NAMED + 1] if other != doc_id]
    return Standing(
        doc_id=doc_id,
        kind=kind,
        subject=subject,
        value=value,
        count=len(holders),
        of=of,
        others=tuple(others[:NAMED]),
        evidence=tuple(evidence),
    )


def _sentence(analysis: Analysis, entity: Entity) -> Evidence:
    """The sentence of an entity, with the lines over which an address runs on."""
    sentence = analysis.sentences[entity.sentence]
    end = max(sentence.end, entity.end)
    quote = analysis.policy.text[sentence.start : end]
    return Evidence(sentence=sentence.index, start=sentence.start, end=end, quote=quote)
