"""Answers that are normalised values: entities, and concepts of a vocabulary."""

from collections.abc import Iterable, Sequence

from pipeline.attributes import Attribute
from pipeline.findings.statements import Said, Statement, broken_sentence, finding
from pipeline.records import SITE, Analysis, Entity, Evidence, Finding

RULED = 0.95
"""Confidence of a value found by rule, about the F1 of the extractors on policies they were not made on."""

PERIODS = frozenset({"retention", "response_time"})
"""Kinds whose values mean what their whole sentence says."""

PROMISES = 3
"""Promises quoted: they say the same."""

GOES_ON = ("hoặc ", "hay ", "ngoài ra")
"""How a sentence begins that adds another way to what the one before it allows."""

SELF_SERVICE = (
    "đăng nhập",
    "tự ",
    "cài đặt",
    "quản lý tài khoản",
    "trong ứng dụng",
    "mục tài khoản",
    "trang cá nhân",
    "tính năng",
)


def entities(attribute: Attribute, said: Said, analysis: Analysis) -> Finding:
    """Distinct values in order of mention.

    What only page furniture has is marked `site:`, and alone makes the answer `partly`. A number or address in a
    sentence that breaks off is one all the same, a period of time there means nothing.
    """
    broken = broken_sentence(analysis) if attribute.kind in PERIODS else None
    found = [e for e in analysis.entities if e.kind == attribute.kind and e.sentence != broken]
    policy = [e for e in found if e.detail.get("said_by") != "site"]
    known = {e.value for e in policy}
    site = [e for e in found if e.detail.get("said_by") == "site" and e.value not in known]
    if not found:
        return finding(attribute, analysis)
    return finding(
        attribute,
        analysis,
        "stated" if policy else "partly",
        answer=_distinct([*(shown(e) for e in policy), *(SITE + shown(e) for e in site)]),
        evidence=_places(analysis, [*policy, *site]),
        confidence=RULED,
    )


def shown(entity: Entity) -> str:
    """The value as an answer has it: a telephone number with its tariff."""
    tariff = entity.detail.get("tariff", "")
    return f"{entity.value} ({tariff})" if tariff in ("free", "charged") else entity.value


def concepts(attribute: Attribute, said: Said, analysis: Analysis) -> Finding:
    """Concept ids in order of mention, without what is not done; the first of `only` where just `proves` says it."""
    found = [(e.value, said[place]) for place, e in said.of_kind(attribute.kind) if is_answer(attribute, e)]
    if not found:
        found = [(sorted(attribute.only)[0], said[place]) for place in said.matching(attribute.proves)]
    return _from_values(attribute, analysis, found)


def measures(attribute: Attribute, said: Said, analysis: Analysis) -> Finding:
    """Concrete measures where there are any, else `promise` where confidentiality is promised."""
    named = [(e.value, said[place]) for place, e in said.of_kind(attribute.kind) if is_answer(attribute, e)]
    concrete = [(value, statement) for value, statement in named if _is_sound(attribute, statement)]
    if concrete:
        return _from_values(attribute, analysis, concrete)
    promised = [
        s
        for s in said
        if not s.announces
        and (s.score(attribute.labels) or (attribute.proves and attribute.proves.search(s.own)))
        and _is_sound(attribute, s)
    ]
    if not promised:
        return finding(attribute, analysis)
    chosen = sorted(promised, key=lambda s: -s.score(attribute.labels))[:PROMISES]
    return finding(
        attribute,
        analysis,
        "partly",
        answer=("promise",),
        evidence=_sentences(chosen),
        confidence=chosen[0].score(attribute.labels) or chosen[0].main.score,
    )


def _is_sound(attribute: Attribute, statement: Statement) -> bool:
    return not (attribute.unless and attribute.unless.search(statement.whole))


def is_answer(attribute: Attribute, entity: Entity) -> bool:
    """Whether the entity is one of the values that the attribute asks for, and not denied."""
    return (
        entity.kind == attribute.kind
        and "negated" not in entity.detail
        and (not attribute.only or entity.value in attribute.only)
        and entity.value not in attribute.besides
    )


def _from_values(attribute: Attribute, analysis: Analysis, found: Sequence[tuple[str, Statement]]) -> Finding:
    """The distinct values with the sentences that have them; `not_found` where there are none."""
    if not found:
        return finding(attribute, analysis)
    return finding(
        attribute,
        analysis,
        "stated",
        answer=_distinct(value for value, _ in found),
        evidence=_sentences(s for _, s in found),
        confidence=RULED,
    )


def channel(attribute: Attribute, said: Said, analysis: Analysis) -> Finding:
    """How rights are exercised: phone numbers, addresses and sites in sentences on rights, and `self_service`.

    A sentence that goes on with another way ("Hoặc ... gửi email") is on the right of the sentence before it.
    """
    found: list[tuple[str, Statement]] = []
    is_on_rights = False
    for s in said:
        named = s.main.label in attribute.labels or any(e.kind == "right" for e in s.entities)
        is_on_rights = named or (is_on_rights and s.own.startswith(GOES_ON))
        if is_on_rights:
            found += [(shown(e), s) for e in s.entities if e.kind in ("phone", "email", "url")]
            if any(word in s.own for word in SELF_SERVICE):
                found.append(("self_service", s))
    return _from_values(attribute, analysis, found)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _places(analysis: Analysis, found: Iterable[Entity]) -> tuple[Evidence, ...]:
    """The sentences of the entities, once each, with the lines over which an address runs on."""
    ends: dict[int, int] = {}
    for e in found:
        ends[e.sentence] = max(e.end, ends.get(e.sentence, 0))
    spans = [(i, analysis.sentences[i].start, max(end, analysis.sentences[i].end)) for i, end in sorted(ends.items())]
    return tuple(
        Evidence(sentence=i, start=start, end=end, quote=analysis.policy.text[start:end]) for i, start, end in spans
    )


def _sentences(stated: Iterable[Statement]) -> tuple[Evidence, ...]:
    """The sentences once each, in order of place."""
    by_index = {s.sentence.index: s for s in stated}
    return tuple(by_index[index].evidence() for index in sorted(by_index))
