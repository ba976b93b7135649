"""Gold -> model + card. Units go through the same segment and extract stages as in use."""

import hashlib
import platform
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

from pipeline.artefact import MODEL_NAME
from pipeline.classifier import ClauseClassifier, ClauseText, indicator
from pipeline.classify import clause_texts
from pipeline.entities import extract
from pipeline.errors import GoldError
from pipeline.evaluate import scores
from pipeline.gold import GoldDocument, aligned
from pipeline.labels import label_ids
from pipeline.segment import segment

SEED = 0


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
        texts = clause_texts(sentences, extract(policy, sentences))
        for sentence, text, unit in zip(sentences, texts, aligned(sentences, document.units), strict=True):
            if unit is not None and sentence.kind != "furniture":
                found.units.append(text)
                found.labels.append(unit.labels)
                found.vendors.append(document.vendor)
    return found


def train(gold: Sequence[GoldDocument], *, seed: int = SEED) -> tuple[ClauseClassifier, dict[str, Any]]:
    """A classifier trained on all of `gold`, and its card. The same gold and seed give the same predictions."""
    if len({document.vendor for document in gold}) < 2:
        raise GoldError(
            "gold", "policies of one vendor only", "Annotate a second one; probabilities are learned across vendors"
        )
    data = examples(gold)
    model = ClauseClassifier(seed=seed).fit(data.units, data.labels, data.vendors)
    return model, _card(gold, data, model)


def _card(gold: Sequence[GoldDocument], data: Examples, model: ClauseClassifier) -> dict[str, Any]:
    has = indicator(data.labels)
    unseen = model.unseen_
    origins = Counter(document.origin for document in gold)
    return {
        "name": MODEL_NAME,
        "model": "linear support vector machines over TF-IDF of hashed word and character n-grams, calibrated",
        "data": {
            "documents": len(gold),
            "vendors": len({d.vendor for d in gold}),
            "real": origins["real"],
            "authored": origins["authored"],
            "units": len(data.units),
            "sha256": _hash(gold),
            "vendor_names": sorted({d.vendor for d in gold}),
        },
        "cross_validation": {name: score for name, score in unseen.items() if name != "f1"},
        "labels": {
            label: {
                "units": int(has[:, i].sum()),
                "f1": unseen["f1"][label],
                "threshold": round(float(model.thresholds_[i]), 2),
            }
            for i, label in enumerate(label_ids())
        },
        "seed": model.seed,
        "versions": {
            "python": platform.python_version(),
            **{n: version(n) for n in ("scikit-learn", "numpy", "scipy", "vnpolicy")},
        },
    }


def _hash(gold: Sequence[GoldDocument]) -> str:
    digest = hashlib.sha256()
    for document in sorted(gold, key=lambda d: d.doc_id):
        digest.update(repr((document.doc_id, document.vendor, document.text, document.units)).encode())
    return digest.hexdigest()


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
