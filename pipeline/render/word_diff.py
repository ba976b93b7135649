"""Two texts word by word: what stayed, what went, what came.

>>> [(p.kind, p.text) for p in word_diff("Lưu trữ 12 tháng.", "Lưu trữ tối đa 24 tháng.")]
[('equal', 'Lưu trữ '), ('removed', '12'), ('added', 'tối đa 24'), ('equal', ' tháng.')]
"""

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

_TOKEN = re.compile(r"\s+|[^\W_]+(?:[.@:/-]+[^\W_]+)*|.", re.DOTALL)


class Piece(NamedTuple):
    """A run of words. The `equal` and `removed` pieces are the old text, the `equal` and `added` ones the new text."""

    kind: Literal["equal", "removed", "added"]
    text: str


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces in order, what was removed before what stands in its place.

    A space between two words that were replaced goes with them: one long replacement reads better than two short ones.
    """
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    runs = [
        ("".join(a[a0:a1]), "".join(b[b0:b1]), tag == "equal")
        for tag, a0, a1, b0, b1 in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes()
    ]
    inner = range(1, len(runs) - 1)
    kept = [same and not (i in inner and was.isspace()) for i, (was, _, same) in enumerate(runs)]
    pieces: list[Piece] = []
    for same, group in groupby(zip(kept, runs, strict=True), key=lambda pair: pair[0]):
        was, now = ("".join(parts) for parts in zip(*((run[0], run[1]) for _, run in group), strict=True))
        pieces += [Piece("equal", was)] if same else [Piece("removed", was), Piece("added", now)]
    return tuple(piece for piece in pieces if piece.text)
