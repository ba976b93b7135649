"""Answers that are normalised values: entities, and concepts of a vocabulary."""

from collections.abc import Iterable, Sequence

from pipeline.attributes import Attribute
from pipeline.compare.statements import Statement
from pipeline.records import Analysis, Entity, Evidence, Finding

RULED = 0.95
"""Confidence of a value found by rule, about the F1 of the extractors on policies they were not made on."""

SITE = "site:"
"""Stands before a value that only the page around the policy has, not the policy."""

SELF_SERVICE = ("đăng nhập", "tự ", "cài đặt", "quản lý tài khoản", "trong ứng dụng", "mục tài khoản", "trang cá nhân", "tính năng")


def entities(attribute: Attribute, said: Sequence[Statement], analysis: Analysis) -> Finding:
    """Distinct values in order of mention. What only page furniture has is marked `site:`, and alone makes the answer `partly`."""
    found = [e for e in analysis.entities if e.kind == attribute.kind]
    policy = [e for e in found if e.detail.get("said_by") != "site"]
    known = {e.value for e in policy}
    site = [e for e in found if e.detail.get("said_by") == "site" and e.value not in known]
    if not found:
        return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="not_found")
    answer = _distinct([*(_shown(e) for e in policy), *(SITE + _shown(e) for e in site)])
    return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="stated" if policy else "partly", answer=answer,
                   evidence=_places(analysis, [*policy, *site]), confidence=RULED)


def _shown(entity: Entity) -> str:
    tariff = entity.detail.get("tariff", "")
    return f"{entity.value} ({tariff})" if tariff in ("free", "charged") else entity.value


def concepts(attribute: Attribute, said: Sequence[Statement], analysis: Analysis) -> Finding:
    """Concept ids in order of mention, without what the policy says it does not do. `proves` gives evidence beside them."""
    found = [e for s in said for e in s.entities if e.kind == attribute.kind and "negated" not in e.detail
             and (not attribute.only or e.value in attribute.only) and e.value not in attribute.besides]
    shown = [s for s in said if attribute.proves and attribute.proves.search(s.whole)]
    if not found and not shown:
        return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="not_found")
    answer = _distinct(e.value for e in found) or (sorted(attribute.only)[0],)
    evidence = _sentences(said, {e.sentence for e in found}) or tuple(s.evidence() for s in shown)
    return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="stated", answer=answer, evidence=evidence, confidence=RULED)


def measures(attribute: Attribute, said: Sequence[Statement], analysis: Analysis) -> Finding:
    """Concrete measures where there are any, else `promise` where confidentiality is promised."""
    concrete = concepts(attribute, said, analysis)
    if concrete.status == "stated":
        return concrete
    promises = sorted((s for s in said if s.score(attribute.labels)), key=lambda s: -s.score(attribute.labels))[:3]
    if not promises:
        return concrete
    return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="partly", answer=("promise",),
                   evidence=_sentences(said, {s.sentence.index for s in promises}), confidence=promises[0].score(attribute.labels))


def channel(attribute: Attribute, said: Sequence[Statement], analysis: Analysis) -> Finding:
    """How rights are exercised: phone numbers, addresses and sites in sentences on rights, and `self_service`."""
    about = [s for s in said if s.main.label in attribute.labels or any(e.kind == "right" for e in s.entities)]
    found: list[tuple[str, Statement]] = []
    for s in about:
        found += [(_shown(e), s) for e in s.entities if e.kind in ("phone", "email", "url")]
        if any(word in s.own for word in SELF_SERVICE):
            found.append(("self_service", s))
    if not found:
        return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="not_found")
    return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="stated", answer=_distinct(value for value, _ in found),
                   evidence=_sentences(said, {s.sentence.index for _, s in found}), confidence=RULED)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _places(analysis: Analysis, found: Iterable[Entity]) -> tuple[Evidence, ...]:
    """The sentences of the entities, once each, with the lines over which an address runs on."""
    ends: dict[int, int] = {}
    for e in found:
        ends[e.sentence] = max(e.end, ends.get(e.sentence, 0))
    spans = [(i, analysis.sentences[i].start, max(end, analysis.sentences[i].end)) for i, end in sorted(ends.items())]
    return tuple(Evidence(sentence=i, start=start, end=end, quote=analysis.policy.text[start:end]) for i, start, end in spans)


def _sentences(said: Sequence[Statement], indexes: set[int]) -> tuple[Evidence, ...]:
    return tuple(s.evidence() for s in said if s.sentence.index in indexes)
