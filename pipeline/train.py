"""Gold -> model + card. Units go through the same segment and extract stages as in use."""

import hashlib
import platform
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.classifier import ClauseClassifier, ClauseText, indicator
from pipeline.classify import clause_texts
from pipeline.entities import extract
from pipeline.gold import GoldDocument, aligned
from pipeline.labels import label_ids
from pipeline.segment import segment

SEED = 0
NAME = "clauses"


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
    data = examples(gold)
    model = ClauseClassifier(seed=seed).fit(data.units, data.labels, data.vendors)
    return model, _card(gold, data, model)


def _card(gold: Sequence[GoldDocument], data: Examples, model: ClauseClassifier) -> dict[str, Any]:
    has = indicator(data.labels)
    scores = model.unseen_
    origins = Counter(document.origin for document in gold)
    return {
        "name": NAME,
        "model": "one linear support vector machine a category over TF-IDF of hashed word and character n-grams, calibrated",
        "data": {"documents": len(gold), "vendors": len({d.vendor for d in gold}), "real": origins["real"], "authored": origins["authored"],
                 "units": len(data.units), "sha256": _hash(gold), "vendor_names": sorted({d.vendor for d in gold})},
        "cross_validation": {name: score for name, score in scores.items() if name != "f1"},
        "labels": {label: {"units": int(has[:, i].sum()), "f1": scores["f1"][label], "threshold": round(float(model.thresholds_[i]), 2)}
                   for i, label in enumerate(label_ids())},
        "seed": model.seed,
        "versions": {"python": platform.python_version(), **{n: version(n) for n in ("scikit-learn", "numpy", "scipy", "underthesea", "vnpolicy")}},
    }


def _hash(gold: Sequence[GoldDocument]) -> str:
    digest = hashlib.sha256()
    for document in sorted(gold, key=lambda d: d.doc_id):
        digest.update(repr((document.doc_id, document.vendor, document.text, document.units)).encode())
    return digest.hexdigest()


def model_folder() -> Path:
    """Where the model lies that `run` uses when none is named: in the checkout, or in the package of a wheel."""
    inside = Path(__file__).parent / "models" / NAME
    return inside if inside.is_dir() else Path(__file__).parent.parent / "models" / NAME
