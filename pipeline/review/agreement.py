"""How far reviewers agree, and how often the machine was right, from the verdicts in a store.

Figures are of the answers as they were when they were judged, whatever the pipeline says by now.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from pipeline.records import EVIDENCED
from pipeline.store.verdicts import Verdict

CONFIDENCE = 0.95


class Agreement(NamedTuple):
    """Two reviewers who judged the same rows. `kappa` (Cohen's) is `None` where both gave one verdict throughout."""

    first: str
    second: str
    rows: int
    same: int
    share: float
    kappa: float | None


class Precision(NamedTuple):
    """Rows of a kind and an attribute or category: how many were right, with Wilson's interval.

    Share and interval are `None` where no row was decided. Rows that nobody could tell and rows on which reviewers do
    not agree stand apart.
    """

    kind: str
    subject: str
    right: int
    wrong: int
    untold: int
    disputed: int
    share: float | None
    low: float | None
    high: float | None


def agreement(verdicts: Iterable[Verdict]) -> list[Agreement]:
    """Each pair of reviewers that has rows in common, by name."""
    rows = _rows(verdicts)
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for given in rows.values():
        for first, second in combinations(sorted(given), 2):
            pairs[first, second].append((given[first].verdict, given[second].verdict))
    return [_agreement(*names, said) for names, said in sorted(pairs.items())]


def _agreement(first: str, second: str, said: Sequence[tuple[str, str]]) -> Agreement:
    from sklearn.metrics import cohen_kappa_score

    same = sum(a == b for a, b in said)
    one, other = zip(*said, strict=True)
    kappa = round(float(cohen_kappa_score(one, other)), 3) if len({*one, *other}) > 1 else None
    return Agreement(first, second, len(said), same, round(same / len(said), 3), kappa)


def precision(verdicts: Iterable[Verdict]) -> list[Precision]:
    """By kind (`answer`, `absence`: nothing was answered, `sentence`) and attribute or category."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (_, kind, subject, said), given in _rows(verdicts).items():
        told = {v.verdict for v in given.values()} - {"cannot_tell"}
        outcome = "disputed" if len(told) > 1 else told.pop() if told else "untold"
        counted[_group(kind, subject, json.loads(said))][outcome] += 1
    return [_precision(*group, counts) for group, counts in sorted(counted.items())]


def _group(kind: str, subject: str, said: Mapping[str, Any]) -> tuple[str, str]:
    if kind == "sentence":
        return kind, said["label"]
    return "answer" if said["status"] in EVIDENCED else "absence", subject


def _precision(kind: str, subject: str, counts: Counter[str]) -> Precision:
    from scipy.stats import binomtest

    right, wrong, untold, disputed = (counts[name] for name in ("right", "wrong", "untold", "disputed"))
    share = low = high = None
    if right + wrong:
        test = binomtest(right, right + wrong)
        found = test.proportion_ci(CONFIDENCE, method="wilson")
        share, low, high = (round(float(x), 3) for x in (right / (right + wrong), found.low, found.high))
    return Precision(kind, subject, right, wrong, untold, disputed, share, low, high)


def _rows(verdicts: Iterable[Verdict]) -> dict[tuple[str, ...], dict[str, Verdict]]:
    """Verdicts by reviewer, by what was judged."""
    rows: dict[tuple[str, ...], dict[str, Verdict]] = defaultdict(dict)
    for verdict in verdicts:
        rows[verdict.row][verdict.reviewer] = verdict
    return rows
