"""Entities: Policy + Sentences -> Entities. One module a kind.

A kind's module docstring is its specification, with examples that run as tests. It has

- `KIND`: the kind's name in the tables;
- `triggers()`: one `Trigger` or more, without which no sentence holds an entity of this kind (see `triggers`);
- `find(text, context=Context())`: the matches in one sentence, in order, never raising;
- `canonical(surface)`: the normalised value of a surface form, `ValueError` where it is none;
- `settle(entities, sentences)` (optional): which of its entities stand in the light of the whole document.

A new kind is one module, its name in `KINDS` and one file in `tests/cases`.
"""

from collections.abc import Iterator, Sequence
from types import ModuleType

from pipeline.entities import (
    address,
    data_type,
    effective_date,
    email,
    legal_ref,
    measure,
    organization,
    phone,
    recipient,
    response_time,
    retention,
    right,
    tax_code,
    url,
)
from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import due_in
from pipeline.records import Entity, Policy, Sentence

KINDS: tuple[ModuleType, ...] = (
    email, url, tax_code, phone, effective_date, legal_ref, response_time, retention, organization, address,
    data_type, recipient, right, measure,
)
"""In order of precedence: where two kinds in `EXCLUSIVE` claim the same characters, the earlier has them."""

EXCLUSIVE = frozenset({"email", "url", "tax_code", "phone", "effective_date", "legal_ref"})
"""Kinds whose characters can mean one thing only; the others may lie inside or around any."""

REST = 300
"""Characters after a sentence that an address may run on over: three lines of an address block."""


def extract(policy: Policy, sentences: Sequence[Sentence]) -> tuple[Entity, ...]:
    """Every entity of the policy, in order of place. Places in page furniture are marked `said_by: site`."""
    found = [entity for sentence, kinds in zip(sentences, due_in(KINDS, sentences, REST), strict=True) if kinds
             for entity in _in_sentence(policy, sentences, sentence, kinds)]
    for kind in KINDS:
        if hasattr(kind, "settle"):
            mine = [e for e in found if e.kind == kind.KIND]
            found = [e for e in found if e.kind != kind.KIND] + list(kind.settle(mine, sentences))
    order = {kind.KIND: i for i, kind in enumerate(KINDS)}
    return tuple(sorted(found, key=lambda e: (e.start, e.end, order[e.kind], e.value)))


def _in_sentence(
    policy: Policy, sentences: Sequence[Sentence], sentence: Sentence, kinds: Sequence[ModuleType]
) -> Iterator[Entity]:
    context = _context(policy, sentences, sentence)
    taken = bytearray(len(sentence.text))  # the characters that an exclusive kind has
    for kind in kinds:
        for match in kind.find(sentence.text, context):
            if kind.KIND in EXCLUSIVE:
                if taken.find(1, match.start, match.end) >= 0:
                    continue
                taken[match.start:match.end] = b"\1" * (match.end - match.start)
            yield _entity(policy, sentence, kind.KIND, match)


def _context(policy: Policy, sentences: Sequence[Sentence], sentence: Sentence) -> Context:
    i = sentence.index
    return Context(
        path=sentence.path,
        lead_in="" if sentence.lead_in is None else sentences[sentence.lead_in].text,
        before=sentences[i - 1].text if i else "",
        after=sentences[i + 1].text if i + 1 < len(sentences) else "",
        rest=policy.text[sentence.end:sentence.end + REST],
        kind=sentence.kind,
    )


def _entity(policy: Policy, sentence: Sentence, kind: str, match: Match) -> Entity:
    start, end = sentence.start + match.start, sentence.start + match.end
    said_by = {"said_by": "site"} if sentence.kind == "furniture" else {}
    return Entity(doc_id=policy.doc_id, sentence=sentence.index, kind=kind, start=start, end=end,
                  text=policy.text[start:end], value=match.value, detail={**match.detail, **said_by}, rule=match.rule)
