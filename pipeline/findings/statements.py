"""What a policy states, sentence by sentence, as the rules of the comparison read it.

Headings answer nothing and page furniture is not the policy: neither is a statement. An item of a list is read with its
lead-in. A sentence at which the text breaks off proves nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.attributes import Attribute
from pipeline.nlp import fold
from pipeline.records import Analysis, Clause, Entity, Evidence, Finding, FindingStatus, Sentence
from pipeline.sieve import Pattern, Texts

READ = 3000
"""Characters of a sentence that are read: the longest of 158 policies has 1,036; what is longer than this is machine
text, and the patterns of the rules look some way ahead from every cue."""

CUT_OFF = 0.5
"""Score of the flag `cut_off` from which what is missing cannot be judged."""

_INNER_STOP = re.compile(r"[.:](?:(?<=\w.)(?=\w)|(?<=v\Wv\.)(?=\s+\w))")
"""The stop as a set and before its conditions: it is looked for fastest so."""

_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of the policy with its categories (main first) and entities.

    `own` is its folded text, `whole` the same with the lead-in before it; `following` that of the next statement.
    """

    sentence: Sentence
    own: str
    whole: str
    following: str
    clauses: tuple[Clause, ...]
    entities: tuple[Entity, ...]

    @property
    def main(self) -> Clause:
        """Its main category."""
        return self.clauses[0]

    @property
    def announces(self) -> bool:
        """Whether it is the lead-in of a list, which says nothing by itself."""
        return self.own.endswith(":")

    def score(self, labels: frozenset[str]) -> float:
        """Probability of the likeliest of `labels` among its categories, 0 where it has none of them."""
        return max((c.score for c in self.clauses if c.label in labels), default=0.0)

    def evidence(self) -> Evidence:
        """The whole sentence."""
        return self.sentence.evidence()


class Said(Sequence[Statement]):
    """The statements of a policy in order, and the places of those that are about something: most are about nothing
    that a rule asks for, so rules ask for places before they read statements.
    """

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    @cached_property
    def _statements(self) -> list[Statement]:
        return _statements(self._analysis)

    def __len__(self) -> int:
        return len(self._statements)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self._statements)

    def __getitem__(self, place: Any) -> Any:
        return self._statements[place]

    def labelled(self, labels: frozenset[str]) -> set[int]:
        """Places of the statements with any of these categories."""
        return set().union(*(self._labelled.get(label, ()) for label in labels))

    def matching(self, pattern: Pattern | None) -> list[int]:
        """Places of the statements in which the pattern, where there is one, matches them with their lead-in."""
        return self._texts.matching(pattern) if pattern else []

    def of_kind(self, kind: str) -> Sequence[tuple[int, Entity]]:
        """The entities of a kind in order, each with the place of its statement."""
        return self._entities.get(kind, ())

    @cached_property
    def _texts(self) -> Texts:
        return Texts(s.whole for s in self._statements)

    @cached_property
    def _labelled(self) -> Mapping[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for place, statement in enumerate(self._statements):
            for clause in statement.clauses:
                if clause.score > 0:
                    places[clause.label].append(place)
        return places

    @cached_property
    def _entities(self) -> Mapping[str, list[tuple[int, Entity]]]:
        found: dict[str, list[tuple[int, Entity]]] = defaultdict(list)
        for place, statement in enumerate(self._statements):
            for entity in statement.entities:
                found[entity.kind].append((place, entity))
        return found


def _statements(analysis: Analysis) -> list[Statement]:
    clauses, entities = defaultdict(list), defaultdict(list)
    for clause in analysis.clauses:
        clauses[clause.sentence].append(clause)
    for entity in analysis.entities:
        entities[entity.sentence].append(entity)
    broken = broken_sentence(analysis)
    said = [s for s in analysis.sentences if s.kind in ("body", "item") and s.index != broken]
    folded = [read(s.text) for s in said]
    return [
        Statement(
            sentence=s,
            own=own,
            whole=_with_lead_in(analysis, s, own),
            following=after,
            clauses=tuple(sorted(clauses[s.index], key=lambda c: not c.primary)),
            entities=tuple(entities[s.index]),
        )
        for s, own, after in zip(said, folded, [*folded[1:], ""][: len(said)], strict=True)
    ]


def read(text: str) -> str:
    """The folded text as the rules see it: no full stop in numbers, addresses, domains and "v.v.".

    >>> read("Bạn gửi về ban-doc.example.vn, mục 1.2.")
    'bạn gửi về ban-doc·example·vn, mục 1·2.'
    """
    return _INNER_STOP.sub("·", fold(text[:READ]))


def is_cut_off(analysis: Analysis) -> bool:
    """Whether the text breaks off, so that what is not found may have stood there."""
    return analysis.policy.flags.get("cut_off", 0.0) >= CUT_OFF


def is_unreadable(analysis: Analysis) -> bool:
    """Whether the text is written without the marks of its letters, so that most of what it says is not found."""
    return "no_diacritics" in analysis.policy.flags


def broken_sentence(analysis: Analysis) -> int | None:
    """Index of the sentence in which the text breaks off; `None` where it is whole or ends below a heading."""
    last = next((s for s in reversed(analysis.sentences) if s.kind != "furniture"), None)
    if last is None or last.kind == "heading" or not is_cut_off(analysis) or _ENDED.search(last.text):
        return None
    return last.index


def finding(
    attribute: Attribute,
    analysis: Analysis,
    status: FindingStatus = "not_found",
    *,
    answer: tuple[str, ...] = (),
    evidence: tuple[Evidence, ...] = (),
    confidence: float = 0.0,
) -> Finding:
    """A finding on the policy of `analysis`."""
    return Finding(
        doc_id=analysis.policy.doc_id,
        attribute=attribute.id,
        status=status,
        answer=answer,
        evidence=evidence,
        confidence=confidence,
    )


def _with_lead_in(analysis: Analysis, sentence: Sentence, own: str) -> str:
    if sentence.lead_in is None:
        return own
    return f"{read(analysis.sentences[sentence.lead_in].text)} {own}"
