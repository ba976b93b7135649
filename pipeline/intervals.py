"""How good labels were given, with what chance could have made of it: a bootstrap over vendors.

Sentences of one policy resemble each other, so whole vendors are drawn with replacement, never sentences. With few
vendors (below twenty, say) percentile intervals are too narrow; with one there are none.

>>> import numpy as np
>>> right, wrong, missed = (np.zeros((3, len(label_ids())), int) for _ in range(3))
>>> right[:, 0], wrong[:, 0], missed[:, 0] = (8, 9, 2), (1, 0, 4), (1, 1, 3)
>>> some = Outcomes(right, wrong, missed, main=np.array([8, 9, 2]), units=np.array([10, 10, 9]))
>>> summary(some)["micro_f1"], summary(some)["intervals"]["micro_f1"]
(0.7917, [0.3636, 0.9474])
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.labels import OTHER, label_ids

DRAWS = 2000
"""Resamples: the ends of an interval then move by about a tenth of its width from seed to seed."""

FEW = 5
"""Gold units below which the F1 of a category is chance and stays out of the mean."""

Array = npt.NDArray[Any]
Pair = list[float] | None
"""Low and high end of a 95 % interval; `None` where there is one vendor only."""


class Outcomes(NamedTuple):
    """What came out, by vendor: labels rightly given, wrongly given and missed, each of shape (vendors, labels);
    units whose main label is right, and units, of shape (vendors,)."""

    right: Array
    wrong: Array
    missed: Array
    main: Array
    units: Array


class Figures(NamedTuple):
    """F1 of each label, shape (draws, labels); macro-F1, micro-F1 and share of right main labels, shape (draws,)."""

    labels: Array
    macro: Array
    micro: Array
    main: Array


def outcomes(given: Array, has: Array, predicted: Array, main: Array, vendors: Array) -> Outcomes:
    """From labels given and gold, shape (units, labels), and main labels as numbers and vendors, shape (units,)."""
    names, rows = np.unique(vendors, return_inverse=True)

    def by_vendor(what: Array) -> Array:
        total = np.zeros((len(names), *what.shape[1:]), dtype=np.int64)
        np.add.at(total, rows, what)
        return total

    return Outcomes(
        right=by_vendor(given & has),
        wrong=by_vendor(given & ~has),
        missed=by_vendor(~given & has),
        main=by_vendor(predicted == main),
        units=np.bincount(rows, minlength=len(names)),
    )


def counted(found: Outcomes) -> list[int]:
    """Which labels make up macro-F1: all but `other` that have `FEW` gold units."""
    gold = (found.right + found.missed).sum(axis=0)
    return [i for i, label in enumerate(label_ids()) if label != OTHER and gold[i] >= FEW]


def drawn(vendors: int, draws: int = DRAWS, seed: int = 0) -> Array:
    """How often each vendor is in each resample, shape (draws, vendors)."""
    return np.random.default_rng(seed).multinomial(vendors, np.full(vendors, 1 / vendors), size=draws)


def figures(found: Outcomes, weights: Array) -> Figures:
    """Scores under weights of the vendors, shape (draws, vendors). A label absent from a draw is not in its mean."""
    right, wrong, missed, main, units = (weights @ part for part in found)
    said = 2 * right + wrong + missed
    f1 = np.divide(2 * right, said, out=np.full(right.shape, np.nan), where=said > 0)
    mean = f1[:, counted(found)]
    return Figures(
        labels=f1,
        macro=np.nansum(mean, axis=1) / np.maximum(1, (~np.isnan(mean)).sum(axis=1)),
        micro=2 * right.sum(axis=1) / np.maximum(1, said.sum(axis=1)),
        main=main / np.maximum(1, units),
    )


def summary(found: Outcomes) -> dict[str, Any]:
    """Scores as the card and `vnpolicy evaluate` give them, with `intervals` (95 %) and `noise` (standard error)."""
    vendors = len(found.units)
    whole, chance = figures(found, np.ones((1, vendors), dtype=np.int64)), figures(found, drawn(vendors))
    names = {"macro_f1": "macro", "micro_f1": "micro", "main_accuracy": "main"}
    return {
        **{name: round(float(getattr(whole, part)[0]), 4) for name, part in names.items()},
        "intervals": {name: interval(getattr(chance, part), vendors) for name, part in names.items()},
        "noise": {name: noise(getattr(chance, part)) for name, part in names.items()},
        "labels": {
            label: {
                "units": int((found.right + found.missed)[:, i].sum()),
                "f1": round(float(np.nan_to_num(whole.labels[0, i])), 4),
                "interval": interval(chance.labels[:, i], vendors),
                "noise": noise(chance.labels[:, i]),
            }
            for i, label in enumerate(label_ids())
        },
    }


def interval(values: Array, vendors: int) -> Pair:
    """The middle 95 % of a score over the resamples that have it."""
    known = values[~np.isnan(values)]
    if vendors < 2 or not len(known):
        return None
    return [round(float(end), 4) for end in np.percentile(known, (2.5, 97.5))]


def noise(values: Array) -> float:
    """Standard error of a score: its standard deviation over the resamples."""
    known = values[~np.isnan(values)]
    return round(float(known.std()), 4) if len(known) else 0.0
