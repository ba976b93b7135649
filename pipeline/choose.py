"""From which sentences a model would learn most if a person labelled them: those it doubts, and no two of a kind.

A sentence is doubtful as far as the calibrated score of its main label is low. Doubt alone picks the same stock
sentence from fifty policies, so sentences are taken one by one, each the one whose doubt times its distance to all
taken before is greatest; distance is one minus the cosine of the words and pairs of words.

>>> import numpy as np
>>> texts = ["Dữ liệu được lưu 24 tháng.", "Dữ liệu được lưu 36 tháng.", "Chúng tôi dùng cookie.", "Xin cảm ơn."]
>>> choose(texts, np.array([0.5, 0.49, 0.4, 0.02]), 2)
[0, 2]
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.features import Field, Vectoriser
from pipeline.nlp import fold

Array = npt.NDArray[Any]

WORDS = Field(("text",), (1, 2), None, 1.0)
"""What distance is measured on: words, since the model's own features depend on what it has learned."""

CANDIDATES = 20
"""Doubtful sentences compared for each one wanted: the sure ones need no reading, and time is linear in it."""


class _Text(NamedTuple):
    text: str


def choose(texts: Sequence[str], doubts: Array, many: int) -> list[int]:
    """Positions of at most `many` sentences, the most telling first; of equal sentences one.

    `doubts` is one minus the probability of the main label, shape (sentences,).
    """
    first: dict[str, int] = {}
    for i in np.argsort(-doubts, kind="stable"):
        first.setdefault(_key(texts[i]), int(i))
    candidates = np.array(list(first.values())[: CANDIDATES * many], dtype=np.int64)
    if not len(candidates):
        return []
    return [int(candidates[i]) for i in _apart([texts[i] for i in candidates], doubts[candidates], many)]


def _apart(texts: Sequence[str], doubts: Array, many: int) -> list[int]:
    units = [_Text(text) for text in texts]
    words = Vectoriser((WORDS,), 1).fit(units).transform(units)
    chosen: list[int] = []
    distance = np.ones(len(texts))
    while len(chosen) < min(many, len(texts)):
        gain = doubts * distance
        gain[chosen] = -1
        chosen.append(int(gain.argmax()))
        nearness = np.asarray((words @ words[chosen[-1]].T).todense()).ravel()
        distance = np.minimum(distance, 1 - np.clip(nearness, 0, 1))
    return chosen


def _key(text: str) -> str:
    """What makes two sentences the same to a reader: letters and digits, numbers of sections and dates aside."""
    return " ".join("".join(c if c.isalpha() else " " for c in fold(text)).split())
