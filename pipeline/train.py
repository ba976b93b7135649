"""Gold -> model + card. Units go through the same segment and extract stages as in use."""

import hashlib
import platform
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.artefact import MODEL_NAME
from pipeline.classifier import ClauseClassifier, ClauseText, indicator
from pipeline.classify import clause_texts
from pipeline.entities import extract
from pipeline.errors import GoldError
from pipeline.evaluate import scores
from pipeline.gold import GoldDocument, aligned
from pipeline.labels import OTHER, label_ids
from pipeline.segment import segment


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


def train(gold: Sequence[GoldDocument]) -> tuple[ClauseClassifier, dict[str, Any]]:
    """A classifier trained on all of `gold`, and its card. The same gold gives the same predictions."""
    if len({document.vendor for document in gold}) < 2:
        raise GoldError(
            "gold", "policies of one vendor only", "Annotate a second one; probabilities are learned across vendors"
        )
    data = examples(gold)
    model = ClauseClassifier().fit(data.units, data.labels, data.vendors)
    return model, _card(gold, data, model)


def _card(gold: Sequence[GoldDocument], data: Examples, model: ClauseClassifier) -> dict[str, Any]:
    has = indicator(data.labels)
    scores, f1 = _scores(model, has, [label_ids().index(labels[0]) for labels in data.labels])
    origins = Counter(document.origin for document in gold)
    return {
        "name": MODEL_NAME,
        "model": "ridge regression over TF-IDF of hashed word and character n-grams, calibrated on vendors left out",
        "data": {
            "documents": len(gold),
            "vendors": len({d.vendor for d in gold}),
            "real": origins["real"],
            "authored": origins["authored"],
            "units": len(data.units),
            "sha256": _hash(gold),
            "vendor_names": sorted({d.vendor for d in gold}),
        },
        "cross_validation": {"folds": len(set(data.vendors)), **scores},
        "labels": {
            label: {
                "units": int(has[:, i].sum()),
                "f1": round(f1[i], 4),
                "threshold": round(float(model.thresholds_[i]), 2),
            }
            for i, label in enumerate(label_ids())
        },
        "versions": {
            "python": platform.python_version(),
            **{n: version(n) for n in ("scikit-learn", "numpy", "scipy", "vnpolicy")},
        },
    }


def _scores(
    model: ClauseClassifier, has: npt.NDArray[np.bool_], main: Sequence[int]
) -> tuple[dict[str, float], list[float]]:
    """How well labels were given to units of vendors left out, over all and (F1) by label."""
    predicted = model.unseen_.main.argmax(axis=1)
    given = model.unseen_.any >= model.thresholds_
    given[:, label_ids().index(OTHER)] = False
    given[np.arange(len(main)), predicted] = True
    right, said = (given & has).sum(axis=0), given.sum(axis=0)
    f1 = 2 * right / np.maximum(1, said + has.sum(axis=0))
    counted = [i for i, label in enumerate(label_ids()) if label != OTHER and has[:, i].any()]
    overall = {
        "macro_f1": f1[counted].mean(),
        "micro_f1": 2 * right.sum() / (said.sum() + has.sum()),
        "main_accuracy": (predicted == np.array(main)).mean(),
    }
    return {name: round(float(value), 4) for name, value in overall.items()}, f1.tolist()


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
