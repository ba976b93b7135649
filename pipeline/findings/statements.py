"""What a policy states, sentence by sentence, as the rules of the comparison read it.

Headings answer nothing and page furniture is not the policy: neither is a statement. An item of a list is read with its
lead-in. A sentence at which the text breaks off proves nothing.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from pipeline.attributes import Attribute
from pipeline.nlp import fold
from pipeline.records import Analysis, Clause, Entity, Evidence, Finding, FindingStatus, Sentence

READ = 3000
"""Characters of a sentence that are read: the longest of 158 policies has 1,036; what is longer than this is machine
text, and the patterns of the rules look some way ahead from every cue."""

CUT_OFF = 0.5
"""Score of the flag `cut_off` from which what is missing cannot be judged."""

_INNER_STOP = re.compile(r"(?<=\w)[.:](?=\w)|(?<=v\Wv)\.(?=\s+\w)")
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
        s = self.sentence
        return Evidence(sentence=s.index, start=s.start, end=s.end, quote=s.text)


def statements(analysis: Analysis) -> list[Statement]:
    """The statements of a policy in order."""
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
        for s, own, after in zip(said, folded, [*folded[1:], ""], strict=True)
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
