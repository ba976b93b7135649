"""Gold -> model + card. Units go through the same segment and extract stages as in use."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pipeline.around import ClauseText
from pipeline.artefact import MODEL_NAME
from pipeline.card import facts
from pipeline.classifier import ClauseClassifier
from pipeline.classify import clause_texts
from pipeline.entities import extract
from pipeline.errors import GoldError
from pipeline.evaluate import scores
from pipeline.gold import GoldDocument, aligned
from pipeline.segment import segment

KIND = (
    "ridge regression over TF-IDF of hashed word and character n-grams, calibrated on vendors left out, with what the "
    "units around add"
)


class Examples(NamedTuple):
    """Training units, their labels (main first) and vendors, all of one length."""

    units: list[ClauseText]
    labels: list[tuple[str, ...]]
    vendors: list[str]


def examples(gold: Sequence[GoldDocument]) -> Examples:
    """The sentences that `segment` finds in gold documents, with the labels of the gold unit that each one covers.

    What segment takes for page furniture is left out: in use it never reaches the classifier.
    """
    found = Examples([], [], [])
    for document in gold:
        policy = document.policy()
        sentences = segment(policy)
        texts = clause_texts(sentences, extract(policy, sentences), document.doc_id)
        for sentence, text, unit in zip(sentences, texts, aligned(sentences, document.units), strict=True):
            if unit is not None and sentence.kind != "furniture":
                found.units.append(text)
                found.labels.append(unit.labels)
                found.vendors.append(document.vendor)
    return found


def train(gold: Sequence[GoldDocument]) -> tuple[ClauseClassifier, dict[str, Any]]:
    """A classifier trained on all of `gold`, and its card. The same gold gives the same predictions."""
    if len({document.vendor for document in gold}) < 2:
        raise GoldError(
            "gold", "policies of one vendor only", "Annotate a second one; probabilities are learned across vendors"
        )
    data = examples(gold)
    model = ClauseClassifier().fit(data.units, data.labels, data.vendors)
    return model, {"name": MODEL_NAME, "model": KIND, **facts(gold, data.labels, data.vendors, model)}


def leave_one_vendor_out(gold: Sequence[GoldDocument]) -> dict[str, Any]:
    """Scores over the real policies, each by a model, with its thresholds, that has seen nothing of its vendor.

    `left_out` gives the share of right main labels by policy.
    """
    pairs: list[tuple[GoldDocument, ClauseClassifier]] = []
    for vendor in sorted({d.vendor for d in gold if d.origin == "real"}):
        model, _ = train([d for d in gold if d.vendor != vendor])
        pairs += [(d, model) for d in gold if d.vendor == vendor]
    if not pairs:
        raise GoldError("gold", "no real policy among the documents", "Give origin `real` in documents.csv")
    return {"left_out": {d.doc_id: scores([(d, m)])["main_accuracy"] for d, m in pairs}, **scores(pairs)}
