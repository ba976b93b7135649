"""How common something is in a corpus that was read by machine: the share it found, corrected for its known errors.

A classifier that misses a third of a category reports too little of it, one with false alarms too much. Where its
error rates are known from gold, the share can be put right: for one label by the estimator of Rogan and Gladen (1978),
`(said + specificity - 1) / (sensitivity + specificity - 1)`; for main labels, which exclude each other, by solving with
the confusion matrix under the constraint that shares are not negative. Both hold only where the errors of the gold are
those of the corpus: take gold of the same kind of policies, and no policy that the model was trained on.

Policies that mention children, of 200 read by machine, with errors known from 80 read by people as well:

>>> import numpy as np
>>> said = np.array([1] * 52 + [0] * 148)
>>> true = np.array([1] * 30 + [0] * 50)
>>> predicted = np.array([1] * 24 + [0] * 6 + [1] * 2 + [0] * 48)
>>> known = errors(predicted, true, vendors=np.arange(80))
>>> found = prevalence(said, np.arange(200), known)
>>> round(found.said, 2), round(found.corrected, 2), [round(end, 2) for end in found.interval]
(0.26, 0.29, [0.18, 0.41])
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.errors import GoldError
from pipeline.intervals import DRAWS, drawn

Array = npt.NDArray[Any]

LEAST = 0.1
"""Sensitivity and specificity together must exceed 1 by it: a coin would have 0, and dividing by that says nothing."""


class Prevalence(NamedTuple):
    """Share that the machine said, and the corrected one with its 95 % interval; all in 0..1."""

    said: float
    corrected: float
    interval: tuple[float, float]
    sensitivity: float
    specificity: float


def errors(predicted: Array, true: Array, vendors: Array) -> Array:
    """What is known of the errors, a row a vendor: found, missed, false alarms, rightly denied. Shape (vendors, 4).

    `predicted`, `true` (0 or 1) and `vendors` have one entry a policy or a sentence of the gold.
    """
    _, rows = np.unique(vendors, return_inverse=True)
    counts = np.zeros((rows.max(initial=-1) + 1, 4), dtype=np.int64)
    np.add.at(counts, (rows, 2 * (1 - np.asarray(true, dtype=int)) + (np.asarray(predicted, dtype=int) != true)), 1)
    return counts[:, [0, 1, 3, 2]]


def prevalence(
    said: Array,
    vendors: Array,
    known: Array,
    *,
    weights: Array | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Prevalence:
    """The corrected share of policies, or of sentences, that have a label.

    `said` (0 or 1), `vendors` and `weights` (1 each where `None`) have one entry a policy or sentence of the corpus:
    policies from one template are no independent ones, so give them the template for a vendor and share one vote among
    them. `known` is what `errors` gives for the same unit of counting. The interval draws the vendors of the corpus and
    those of the gold anew, so it covers the doubt about both. Raises `GoldError` where the gold has no case of either
    kind, or errors so many that they explain any share.
    """
    whole = _rates(known.sum(axis=0)[None])
    if np.isnan(whole).any():
        raise GoldError("known errors", "the gold has no unit with the label, or none without", "Annotate more of it")
    if whole.sum() - 1 < LEAST:
        raise GoldError("known errors", "the model is no better than chance for this label", "Do not report its share")
    corpus = _by_vendor(np.asarray(said, dtype=int), vendors, weights)
    shares = (drawn(len(corpus), draws, seed) @ corpus).astype(float)
    rates = _rates(drawn(len(known), draws, seed + 1) @ known)
    usable = ~np.isnan(rates).any(axis=1) & (rates.sum(axis=1) - 1 > LEAST / 2)
    low, high = np.percentile(_rogan_gladen(shares[usable, 0] / shares[usable, 1], rates[usable]), (2.5, 97.5))
    share = corpus.sum(axis=0)[0] / corpus.sum(axis=0)[1]
    corrected = float(_rogan_gladen(np.array([share]), whole)[0])
    return Prevalence(float(share), corrected, (float(low), float(high)), *map(float, whole[0]))


def main_label_shares(said: Array, confusion: Array) -> Array:
    """Corrected shares of main labels, shape (labels,), summing to 1.

    `said` counts the sentences of the corpus by the main label that the machine gave them; `confusion[true, given]`
    counts those of the gold. A label that the gold does not have keeps no share: its errors are unknown.

    >>> main_label_shares(np.array([60, 40]), np.array([[45, 5], [10, 40]])).round(3).tolist()
    [0.571, 0.429]
    """
    from scipy.optimize import nnls

    seen = confusion.sum(axis=1)
    given = np.divide(confusion, seen[:, None], out=np.zeros(confusion.shape), where=seen[:, None] > 0)
    shares, _ = nnls(given.T, said / said.sum())
    return np.asarray(shares / shares.sum())


def _by_vendor(said: Array, vendors: Array, weights: Array | None) -> Array:
    """Weight of the units with the label, and of all, by vendor; shape (vendors, 2)."""
    _, rows = np.unique(vendors, return_inverse=True)
    weight = np.ones(len(said)) if weights is None else np.asarray(weights, dtype=float)
    return np.stack([np.bincount(rows, weights=said * weight), np.bincount(rows, weights=weight)], axis=1)


def _rates(counts: Array) -> Array:
    """Sensitivity and specificity, shape (draws, 2); not a number where there is no case."""
    found, missed, alarms, denied = counts.T.astype(float)
    with np.errstate(invalid="ignore"):
        return np.stack([found / (found + missed), denied / (alarms + denied)], axis=1)


def _rogan_gladen(share: Array, rates: Array) -> Array:
    sensitivity, specificity = rates.T
    return np.asarray(np.clip((share + specificity - 1) / (sensitivity + specificity - 1), 0, 1))
