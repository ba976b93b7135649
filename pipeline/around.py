"""The second stage of the classifier: what the units around one add to its own margins.

A heading is told by what stands below it, and what a sentence says besides its topic by what its neighbours are about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logsumexp, softmax

SAME, CROSS = 10.0, 100.0
"""Penalties on what the units around add: to the category that they have themselves, and to any other one."""

STEPS = 80
"""Of the fit of the second stage; the penalties leave little to gain behind them."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseText:
    """A unit as the classifier sees it. Texts are empty where there is none; `found` names what extract found, `place`
    the kind of the unit and where in the policy it stands.

    `rank` is its number in `policy`, `under` that of its heading, both -1 where unknown: so the units around it are
    found among those that are classified together. `policy` is any name that no other policy among them has.
    """

    text: str
    heading: str = ""
    above: str = ""
    lead_in: str = ""
    found: str = ""
    place: str = ""
    policy: str = ""
    rank: int = -1
    under: int = -1

    @property
    def is_heading(self) -> bool:
        """Whether the unit is a heading."""
        return self.place.startswith("heading_")


def around(units: Sequence[ClauseText], margins: Floats) -> Floats:
    """Margins of each unit, of the one before, the one behind, its heading, and their mean over what it is the heading
    of: shape (units, 5 * labels), zeros where there is no such unit among them."""
    at = {(unit.policy, unit.rank): i for i, unit in enumerate(units) if unit.rank >= 0}
    near = np.full((len(units), 3), -1)
    for (policy, rank), i in at.items():
        near[i] = [at.get((policy, other), -1) for other in (rank - 1, rank + 1, units[i].under)]
    padded = np.vstack([margins, np.zeros(margins.shape[1])])
    below, above = np.flatnonzero(near[:, 2] >= 0), near[near[:, 2] >= 0, 2]
    total, count = np.zeros_like(margins), np.bincount(above, minlength=len(units))[:, None]
    np.add.at(total, above, margins[below])
    return np.hstack([margins, *(padded[near[:, k]] for k in range(3)), total / np.maximum(1, count)])


def linear(features: Floats, weights: Floats) -> Floats:
    """Weighted sums of features; the last row of weights are offsets."""
    return features @ weights[:-1] + weights[-1]  # type: ignore[no-any-return]


def refined(near: Floats, wanted: npt.NDArray[Any], start: Floats, *, exclusive: bool) -> Floats:
    """Weights (5 * labels + 1, labels) of a logistic regression over `around`, penalised for leaving `start`.

    `start` (labels + 1, labels) weighs the own margins alone. `exclusive`: exactly one label of a unit is wanted.
    """
    from scipy.optimize import minimize

    labels = wanted.shape[1]
    own, others = start[:-1], np.zeros((4 * labels, labels))
    first = np.vstack([own, others, start[-1:]])
    same = np.tile(np.eye(labels, dtype=bool), (4, 1))
    penalty = np.vstack([np.full(own.shape, SAME), np.where(same, SAME, CROSS), np.zeros((1, labels))])

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(first.shape)
        sums, left = linear(near, weights), weights - first
        total = logsumexp(sums, axis=1).sum() if exclusive else np.logaddexp(0, sums).sum()
        missed = (softmax(sums, axis=1) if exclusive else expit(sums)) - wanted
        slope = np.vstack([near.T @ missed, missed.sum(axis=0)]) + penalty * left
        return float(total - (wanted * sums).sum() + (penalty * left**2).sum() / 2), slope.ravel()

    fitted = minimize(loss, first.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return fitted.x.reshape(first.shape)  # type: ignore[no-any-return]
