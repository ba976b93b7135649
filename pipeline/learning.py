"""What more labels buy: a learning curve over authored policies, and a user who reviews sentences of their own.

Both take minutes, so both give their points one by one and go on from points that are there. No model sees a vendor
that it is scored on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.choose import choose
from pipeline.classifier import ClauseClassifier, indicator
from pipeline.gold import GoldDocument
from pipeline.intervals import outcomes, summary
from pipeline.labels import OTHER, label_ids
from pipeline.train import Examples, examples

Array = npt.NDArray[Any]
Point = dict[str, Any]

SIZES = (8, 16, 32, 64)
"""Authored vendors that the models of the curve learn from, and after these all that are not held out."""

HELD_OUT = 30
"""Authored vendors on which the curve is scored, besides the real ones."""

BASE, POOL, ASIDE = 40, 20, 15
"""Vendors of the simulation: whose policies are labelled already, the user's to review, the user's to score on."""

AMOUNTS = (0, 50, 100, 200, 400, 800)
"""Reviewed sentences at which the user's model is scored."""

WAYS: Mapping[str, Callable[[Sequence[str], Array, int, int], list[int]]] = {
    "chosen": lambda texts, chances, many, seed: choose(texts, chances, many),
    "random": lambda texts, chances, many, seed: np.random.default_rng(seed).permutation(len(texts))[:many].tolist(),
}


def learning_curve(gold: Sequence[GoldDocument], known: Sequence[Point] = (), *, orders: int = 2) -> Iterator[Point]:
    """Points of the curve that are not `known`: `order`, `vendors`, `units`, and scores on `authored` and `real`.

    Within an order of vendors the smaller sets lie in the larger ones. Scores as `intervals.summary` gives them.
    """
    data = examples(gold)
    authored = sorted({d.vendor for d in gold if d.origin == "authored"})
    real = {d.vendor for d in gold if d.origin == "real"}
    done = {(point["order"], point["vendors"]) for point in known}
    for order in range(orders):
        names = [authored[i] for i in np.random.default_rng(order).permutation(len(authored))]
        held, rest = set(names[:HELD_OUT]), names[HELD_OUT:]
        for size in (*(size for size in SIZES if size < len(rest)), len(rest)):
            if (order, size) not in done:
                train = _of(data, set(rest[:size]))
                model = ClauseClassifier().fit(*train)
                scored = {"authored": _scores(model, _of(data, held)), "real": _scores(model, _of(data, real))}
                yield {"order": order, "vendors": size, "units": len(train.units), **scored}


def review_curve(gold: Sequence[GoldDocument], known: Sequence[Point] = (), *, orders: int = 2) -> Iterator[Point]:
    """Points of the simulation that are not `known`: `order`, `way` (chosen, random), `reviewed`, and scores.

    Some authored vendors are the labelled ones, others the user's. The user reviews sentences of a pool in rounds, each
    round chosen by the model of the round before or drawn at random, and is scored on further vendors of theirs.
    """
    data = examples([d for d in gold if d.origin == "authored"])
    vendors = sorted(set(data.vendors))
    for order in range(orders):
        names = [vendors[i] for i in np.random.default_rng(100 + order).permutation(len(vendors))]
        base, pool = _of(data, set(names[:BASE])), _of(data, set(names[BASE : BASE + POOL]))
        aside = _of(data, set(names[BASE + POOL : BASE + POOL + ASIDE]))
        for way in WAYS:
            done = {point["reviewed"] for point in known if (point["order"], point["way"]) == (order, way)}
            if set(AMOUNTS) - done:
                for point in _reviewed(base, pool, aside, way, order):
                    if point["reviewed"] not in done:
                        yield {"order": order, "way": way, **point}


def _reviewed(base: Examples, pool: Examples, aside: Examples, way: str, seed: int) -> Iterator[Point]:
    left, taken = list(range(len(pool.units))), list[int]()
    for amount, following in zip(AMOUNTS, (*AMOUNTS[1:], None), strict=True):
        model = ClauseClassifier().fit(*_and(base, _at(pool, taken)))
        yield {"reviewed": amount, "base": len(base.units), **_scores(model, aside)}
        if following:
            units = [pool.units[i] for i in left]
            doubts = 1 - model.predict_proba(units).max(axis=1)
            picked = {left[i] for i in WAYS[way]([u.text for u in units], doubts, following - amount, seed)}
            taken += sorted(picked)
            left = [i for i in left if i not in picked]


def _and(one: Examples, two: Examples) -> Examples:
    return Examples(one.units + two.units, one.labels + two.labels, one.vendors + two.vendors)


def _of(data: Examples, vendors: set[str]) -> Examples:
    return _at(data, [i for i, vendor in enumerate(data.vendors) if vendor in vendors])


def _at(data: Examples, rows: Sequence[int]) -> Examples:
    return Examples([data.units[i] for i in rows], [data.labels[i] for i in rows], [data.vendors[i] for i in rows])


def _scores(model: ClauseClassifier, test: Examples) -> dict[str, Any]:
    has, main = indicator(test.labels), np.array([label_ids().index(names[0]) for names in test.labels])
    chance, score = model.probabilities(test.units)
    predicted, given = score.argmax(axis=1), chance >= model.thresholds_
    given[:, label_ids().index(OTHER)] = False
    given[np.arange(len(main)), predicted] = True
    found = summary(outcomes(given, has, predicted, main, np.array(test.vendors)))
    return {name: found[name] for name in ("macro_f1", "micro_f1", "main_accuracy", "intervals")}
