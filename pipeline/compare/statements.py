"""What a policy states, sentence by sentence, as the rules of the comparison read it.

Headings answer nothing and page furniture is not the policy: neither is a statement. An item of a list is read with its lead-in.
"""

from collections import defaultdict
from dataclasses import dataclass

from pipeline.nlp import fold
from pipeline.records import Analysis, Clause, Entity, Evidence, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of the policy with its categories (main first) and entities.

    `own` is its folded text, `whole` the same with the lead-in before it; `following` the folded text of the next statement.
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
    said = [s for s in analysis.sentences if s.kind in ("body", "item")]
    if said and "cut_off" in analysis.policy.flags and said[-1].text.endswith(":"):
        said.pop()  # the sentence at which the text breaks off announces what is missing
    folded = [fold(s.text) for s in said]
    return [Statement(sentence=s, own=own, whole=_with_lead_in(analysis, s, own), following=after,
                      clauses=tuple(sorted(clauses[s.index], key=lambda c: not c.primary)), entities=tuple(entities[s.index]))
            for s, own, after in zip(said, folded, [*folded[1:], ""], strict=True)]


def _with_lead_in(analysis: Analysis, sentence: Sentence, own: str) -> str:
    if sentence.lead_in is None:
        return own
    return f"{fold(analysis.sentences[sentence.lead_in].text)} {own}"
