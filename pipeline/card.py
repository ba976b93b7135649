"""The model card: facts about a trained model, all in `card.json`, and the page made from them.

Scores are of units whose vendor the model had not seen. The curves and thresholds between margin and score are
fitted to the same units, which flatters them a little: some 400 numbers learned from thousands of units.
"""

import platform
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.classifier import ClauseClassifier, indicator
from pipeline.gold import GoldDocument, digest
from pipeline.intervals import outcomes, summary
from pipeline.labels import OTHER, label_ids

Array = npt.NDArray[Any]

BINS = 10
"""Of the reliability diagram and the calibration error, as is usual."""

SEARCH = "search.md"
"""What was tried and why the model is as it is, written by hand beside the card."""

PICTURES: Mapping[str, str] = {
    "labels.png": "F1 of each category with its 95 % interval, and the units it was learned from.",
    "confusion.png": "Main categories: rows the gold, columns what the model said, in per cent of the row.",
    "doubt.png": "Left: how often a score is right. Right: how many main categories are right among the surest.",
    "learning.png": "F1 on vendors never trained on, by the number of authored units that the model learned from: mean "
    "and 95 % interval over two orders of vendors. The real vendors are five, their intervals too narrow.",
    "review.png": "What reviewed sentences of a user's own policies buy: chosen by the model, and drawn at random. A "
    "simulation: some authored vendors are labelled beforehand, others are the user's; the mean over two draws of "
    "vendors. Each figure is uncertain by some two points, so single steps are chance.",
}
"""The pictures of a card and what they show. Made by `vnpolicy evaluate --card`."""


def facts(
    gold: Sequence[GoldDocument], labels: Sequence[tuple[str, ...]], vendors: Sequence[str], model: ClauseClassifier
) -> dict[str, Any]:
    """What `card.json` holds, from gold and the labels and vendors of the units that `model` was fitted to."""
    has, main = indicator(labels), np.array([label_ids().index(names[0]) for names in labels])
    predicted, score = model.unseen_.main.argmax(axis=1), model.unseen_.main.max(axis=1)
    judged = summary(outcomes(given(model, predicted), has, predicted, main, np.array(vendors)))
    origins = Counter(document.origin for document in gold)
    return {
        "data": {
            "documents": len(gold),
            "vendors": len({d.vendor for d in gold}),
            "real": origins["real"],
            "authored": origins["authored"],
            "units": len(labels),
            "sha256": digest(gold),
            "vendor_names": sorted({d.vendor for d in gold}),
        },
        "cross_validation": {
            **{name: value for name, value in judged.items() if name != "labels"},
            "calibration_error": round(_calibration_error(score, predicted == main), 4),
        },
        "labels": {
            label: {**row, "threshold": round(float(threshold), 2)}
            for (label, row), threshold in zip(judged["labels"].items(), model.thresholds_, strict=True)
        },
        "confusion": _confusion(main, predicted),
        "reliability": _reliability(score, predicted == main),
        "coverage": _coverage(score, predicted == main),
        "versions": {
            "python": platform.python_version(),
            **{n: version(n) for n in ("scikit-learn", "numpy", "scipy", "vnpolicy")},
        },
    }


def given(model: ClauseClassifier, predicted: Array) -> Array:
    """The labels given to the units of the fit, shape (units, labels): the main one, others from their thresholds."""
    labels = model.unseen_.any >= model.thresholds_
    labels[:, label_ids().index(OTHER)] = False
    labels[np.arange(len(predicted)), predicted] = True
    return labels


def _confusion(main: Array, predicted: Array) -> dict[str, dict[str, int]]:
    """Units by gold and given main label; what did not happen is left out."""
    pairs = Counter(zip(main.tolist(), predicted.tolist(), strict=True))
    ids = label_ids()
    return {
        gold: {said: n for j, said in enumerate(ids) if (n := pairs[i, j])}
        for i, gold in enumerate(ids)
        if any(pair[0] == i for pair in pairs)
    }


def _reliability(score: Array, right: Array) -> list[list[float]]:
    """Mean score, share of right ones and units of each tenth of the scale that has units."""
    bins = np.minimum((score * BINS).astype(int), BINS - 1)
    inside = [bins == b for b in range(BINS)]
    return [
        [round(float(score[i].mean()), 4), round(float(right[i].mean()), 4), int(i.sum())] for i in inside if i.any()
    ]


def _calibration_error(score: Array, right: Array) -> float:
    """Expected calibration error: mean distance between score and share of right ones, weighted by units."""
    return sum(abs(mean - share) * units for mean, share, units in _reliability(score, right)) / max(1, len(score))


def _coverage(score: Array, right: Array) -> list[list[float]]:
    """Share of units kept, surest first, share of right ones among them, and the lowest score kept; in steps of 5 %."""
    order = np.argsort(-score, kind="stable")
    kept = [max(1, round(len(score) * step / 20)) for step in range(1, 21)]
    return [
        [round(k / len(score), 4), round(float(right[order[:k]].mean()), 4), round(float(score[order[k - 1]]), 4)]
        for k in kept
    ]


def text(card: Mapping[str, Any], beside: Collection[str] = ()) -> str:
    """The card as Markdown, so that it cannot disagree with the facts. `beside` names what there is to lead to."""
    data, scores = card["data"], card["cross_validation"]
    lines = [
        f"# Model card: {card['name']}",
        "",
        "Assigns clause categories to the sentences of Vietnamese privacy policies. Made by `vnpolicy train`; "
        "this page is generated from `card.json`, its pictures by `vnpolicy evaluate --card`."
        + (f" What was tried, with figures: [{SEARCH}]({SEARCH})." if SEARCH in beside else ""),
        "",
        f"- Trained on {data['units']} units of {data['documents']} policies ({data['real']} real, "
        f"{data['authored']} authored) of {data['vendors']} vendors; hash of the data `{data['sha256'][:12]}`.",
        f"- {card['model']}; {card['megabytes']} MB.",
        "- " + ", ".join(f"{name} {version}" for name, version in card["versions"].items()) + ".",
        "",
        "Scores on all units, headings included, each by a model that has not seen their vendor (mostly authored "
        "policies, so easier than real ones); 95 % intervals from a bootstrap over vendors:",
        "",
        ", ".join(
            f"{name} {scores[key]:.3f}{_span(scores['intervals'][key])}"
            for name, key in (("macro-F1", "macro_f1"), ("micro-F1", "micro_f1"), ("main label", "main_accuracy"))
        )
        + f", expected calibration error {scores['calibration_error']:.3f}.",
        "",
        "| category | units | F1 | 95 % | threshold |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {label} | {row['units']} | {row['f1']:.2f} |{_span(row['interval']) or ' '} | {row['threshold']:.2f} |"
            for label, row in card["labels"].items()
        ),
    ]
    for name, about in PICTURES.items():
        if name in beside:
            lines += ["", f"![{about}]({name})", "", about]
    return "\n".join(lines) + "\n"


def _span(interval: Sequence[float] | None) -> str:
    return f" ({interval[0]:.2f}–{interval[1]:.2f})" if interval else ""
