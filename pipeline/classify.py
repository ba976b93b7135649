"""Sentences + Entities + model -> Clauses: every sentence gets its main category and what else it states."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from pipeline.around import ClauseText, Floats
from pipeline.labels import OTHER, label_ids
from pipeline.nlp import fold
from pipeline.predictor import Predictor
from pipeline.records import Clause, Entity, Sentence

UNSURE = 0.4
"""Probability of the main category below which a sentence is `unsure`: among such sentences fewer than half are right
(coverage-accuracy curve in the model's card)."""

MOST = 3
"""Categories of one sentence at the most, as in the annotation guide."""


def clause_texts(sentences: Sequence[Sentence], entities: Sequence[Entity], policy: str) -> list[ClauseText]:
    """What the classifier sees of each sentence: words, headings above, lead-in, what extract found, its place.

    `policy` is a name that tells the sentences of this policy from those of others that are classified with them.
    """
    ranks = {s.index: rank for rank, s in enumerate(s for s in sentences if s.kind != "furniture")}
    under = _under(sentences, ranks)
    found: dict[int, set[str]] = defaultdict(set)
    for entity in entities:
        found[entity.sentence] |= {
            f"kind_{entity.kind}",
            f"value_{entity.kind}_{entity.value}" if entity.kind in CONCEPTS else "",
        }
    return [
        ClauseText(
            text=s.text,
            heading=s.path[-1] if s.path else "",
            above=" ".join(s.path[:-1]),
            lead_in="" if s.lead_in is None else sentences[s.lead_in].text,
            found=" ".join(sorted(found[s.index])),
            place=_place(s, ranks.get(s.index, 0), len(ranks)),
            policy=policy,
            rank=ranks.get(s.index, -1),
            under=under.get(s.index, -1),
        )
        for s in sentences
    ]


def _under(sentences: Sequence[Sentence], ranks: Mapping[int, int]) -> dict[int, int]:
    """The rank of the heading right above each sentence that has one."""
    last: dict[str, int] = {}
    under: dict[int, int] = {}
    for s in sentences:
        if s.index in ranks and s.path and s.path[-1] in last:
            under[s.index] = last[s.path[-1]]
        if s.kind == "heading":
            last[s.text] = ranks[s.index]
    return under


def _place(sentence: Sentence, rank: int, count: int) -> str:
    """Kind, depth and position of a sentence as words: a heading is the title at the top and a topic further down."""
    words = [
        f"{sentence.kind}_",
        f"depth_{len(sentence.path)}",
        f"tenth_{10 * rank // max(1, count)}",
        f"{sentence.kind}_{min(rank, OPENING)}",
        "" if sentence.lead_in is None else "in_list",
    ]
    return " ".join(words)


OPENING = 6
"""Sentences of a policy that are told apart by their number: titles, who speaks, what for."""

CONCEPTS = frozenset({"data_type", "recipient", "right", "measure", "retention"})
"""Kinds whose values are from a closed list and so mean the same in every policy."""


Extracted = tuple[Sequence[Sentence], Sequence[Entity]]
"""The sentences and entities of a policy."""


def classify(sentences: Sequence[Sentence], entities: Sequence[Entity], model: Predictor) -> tuple[Clause, ...]:
    """The clauses of a policy in order of sentence, main category first. Page furniture is `other`, surely."""
    return classify_all([(sentences, entities)], model)[0]


def classify_all(policies: Sequence[Extracted], model: Predictor) -> list[tuple[Clause, ...]]:
    """The clauses of each policy: several together take two thirds of the time that they take one by one."""
    sentences = [sentence for said, _ in policies for sentence in said]
    if not sentences:
        return [()] * len(policies)
    texts = [text for i, (said, entities) in enumerate(policies) for text in clause_texts(said, entities, str(i))]
    has, main = model.probabilities(texts)
    firsts, scores = main.argmax(axis=1), main.max(axis=1)
    rows = zip(sentences, firsts.tolist(), scores.tolist(), _besides(has, firsts, model), strict=True)
    return [tuple(clause for row in islice(rows, len(said)) for clause in _clauses(*row)) for said, _ in policies]


Likely = list[tuple[float, int]]
"""Probability and number of categories."""


def _besides(has: Floats, firsts: npt.NDArray[np.int64], model: Predictor) -> list[Likely]:
    """What each unit states besides its main category, the likeliest first."""
    given = has >= model.thresholds_
    given[:, label_ids().index(OTHER)] = False
    given[range(len(firsts)), firsts] = False
    found: list[Likely] = [[] for _ in firsts]
    for row, label in zip(*given.nonzero(), strict=True):
        found[row].append((float(has[row, label]), int(label)))
    return [sorted(some, key=lambda likely: -likely[0])[: MOST - 1] for some in found]


def _clauses(sentence: Sentence, first: int, score: float, besides: Likely) -> Iterator[Clause]:
    if sentence.kind == "furniture":
        yield _clause(sentence, OTHER, 1.0, primary=True)
        return
    yield _clause(sentence, label_ids()[first], score, primary=True)
    for other, label in besides:
        yield _clause(sentence, label_ids()[label], other, primary=False)


def _clause(sentence: Sentence, label: str, score: float, *, primary: bool) -> Clause:
    return Clause(
        doc_id=sentence.doc_id,
        sentence=sentence.index,
        label=label,
        score=round(score, 4),
        primary=primary,
        unsure=primary and score < UNSURE,
    )


def not_policy(sentences: Sequence[Sentence], clauses: Sequence[Clause]) -> float:
    """How surely the text is no privacy policy (0..1): how little of it is about what only such a policy is about.

    A sentence counts where its main category is one of `CORE`: in full where it, or its list's lead-in, speaks of data.
    """
    said = {s.index: s for s in sentences if s.kind != "furniture"}
    main = [c for c in clauses if c.primary and c.sentence in said]
    about = [c for c in main if c.label in CORE]
    told = sum(c.score * (1.0 if _speaks_of_data(sentences, said[c.sentence]) else IMPLIED) for c in about)
    kinds = {c.label for c in about if c.score >= UNSURE}
    return round(1 - min(1.0, told / max(1, len(main)) / ENOUGH) * min(1.0, len(kinds) / 3), 3)


def _speaks_of_data(sentences: Sequence[Sentence], sentence: Sentence) -> bool:
    lead_in = "" if sentence.lead_in is None else sentences[sentence.lead_in].text
    return bool(DATA.search(fold(f"{lead_in} {sentence.text}")))


CORE = frozenset(
    {
        "data_collected",
        "purpose",
        "retention",
        "disclosure",
        "user_rights",
        "security",
        "consent",
        "cookies",
        "linked_services",
    }
)
"""Categories of which every privacy policy has some and other pages next to none."""

DATA = re.compile(r"\b(?:thông tin|dữ liệu|riêng tư|bảo mật|cookies?|họ tên|địa chỉ ip|tài khoản)\b")

IMPLIED = 0.35
"""Weight of a sentence of a core category that names no data: policies in plain speech have many, sales pages some."""

ENOUGH = 0.12
"""Share of such sentences from which a text is a privacy policy beyond doubt: of 93 real and authored ones none has
less, of articles, terms of sale, delivery and warranty pages none as much (tests/test_classify.py)."""
