"""Which sentence of the new version is which of the old one.

Same words in the same order come first (a longest common subsequence), then same words elsewhere (`moved`). What is
left is paired by likeness: one sentence with one (`reworded`), with two or three that follow each other (`split`), or
the other way round (`merged`); the likeliest first. The rest is `removed` or `added`.

Likeness is the share of words that two sentences have in common in the same order, values and numbers left open, so
that "Hotline: 1900 1111" is "Hotline: 1900 2222" reworded. Swapping the versions swaps `added` and `removed`, `split`
and `merged`, and nothing else.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.changes.wording import Line

How = Literal["equal", "moved", "reworded", "split", "merged", "added", "removed"]

NEAR, FAR = 0.5, 0.75
"""Likeness from which sentences are one, between the same neighbours and anywhere."""

APPENDED = 0.8
"""Share of the words of the shorter sentence that the longer one must have where their lengths are far apart."""

SHORTEST = 5
"""Words of the shortest sentence that is found again inside a longer one: fewer words stand in any long sentence."""

WHOLE = 0.75
"""Likeness of a sentence and the pieces that it was split into."""

PIECE = 0.6
"""Share of a piece's words that stand in the whole."""

BETTER = 0.05
"""How much liker all pieces together must be than the likest of them."""

PIECES = 3
"""Pieces of one sentence at the most."""

FIRST = 0x10000
"""First of the characters that stand for words: above the surrogates, with room for a million words."""

BLOCK = 400
"""Sentences compared with each other at a time: more than any section has, so that long policies take linear time."""


Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions in the old and the new lines that belong together; one of the two is empty where added or removed."""

    how: How
    old: tuple[int, ...]
    new: tuple[int, ...]


class _Link(NamedTuple):
    """A possible pair, so that the likeliest sorts first; `reach` says how far apart the two stand."""

    unlikeness: float
    reach: float
    old: tuple[int, ...]
    new: tuple[int, ...]


class _Left(NamedTuple):
    """A line that no other has the words of. `text` has a character a word, which is what rapidfuzz compares fast.

    `place` is the number of aligned lines before it, and a fraction that grows with each line behind those.
    """

    place: float
    line: int
    text: str
    heading: bool


def align(old: Sequence[Line], new: Sequence[Line]) -> list[Pair]:
    """The pairs, in the order of the new version; what was removed stands behind what it followed in the old one."""
    if [line.key for line in old] > [line.key for line in new]:  # ties are broken alike in both directions
        turned = {"split": "merged", "merged": "split", "added": "removed", "removed": "added"}
        pairs = [Pair(turned.get(p.how, p.how), p.new, p.old) for p in _aligned(new, old)]  # type: ignore[arg-type]
    else:
        pairs = _aligned(old, new)
    return _in_order(pairs)


def _aligned(old: Sequence[Line], new: Sequence[Line]) -> list[Pair]:
    anchors = _same([line.key for line in old], [line.key for line in new])
    pairs = [Pair("equal", (i,), (j,)) for i, j in anchors]
    left_old, left_new = set(range(len(old))) - {i for i, _ in anchors}, set(range(len(new))) - {j for _, j in anchors}
    for i, j in _moved(old, new, sorted(left_old), sorted(left_new)):
        pairs.append(Pair("moved", (i,), (j,)))
        left_old.discard(i)
        left_new.discard(j)
    for link in sorted(_links(old, new, (left_old, left_new), anchors)):
        if left_old.issuperset(link.old) and left_new.issuperset(link.new):
            how: How = "split" if len(link.new) > 1 else "merged" if len(link.old) > 1 else "reworded"
            pairs.append(Pair(how, link.old, link.new))
            left_old.difference_update(link.old)
            left_new.difference_update(link.new)
    pairs += [Pair("removed", (i,), ()) for i in left_old]
    pairs += [Pair("added", (), (j,)) for j in left_new]
    return pairs


def _same(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of a longest common subsequence."""
    from rapidfuzz.distance import LCSseq

    blocks = [op for op in LCSseq.opcodes(old, new) if op.tag == "equal"]
    return [(op.src_start + k, op.dest_start + k) for op in blocks for k in range(op.src_end - op.src_start)]


def _moved(
    old: Sequence[Line], new: Sequence[Line], left_old: Sequence[int], left_new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Sentences of the same words that stand elsewhere, in order."""
    places = defaultdict(list)
    for j in reversed(left_new):
        places[new[j].key].append(j)
    for i in left_old:
        if places[old[i].key]:
            yield i, places[old[i].key].pop()


def _links(
    old: Sequence[Line], new: Sequence[Line], left: tuple[set[int], set[int]], anchors: Sequence[tuple[int, int]]
) -> Iterator[_Link]:
    """All pairs that are alike enough, of lines that stand at about the same place."""
    letters: dict[str, str] = {}
    olds = _left(old, left[0], [i for i, _ in anchors], letters)
    news = _left(new, left[1], [j for _, j in anchors], letters)
    for some_old, some_new in _blocks(olds, news):
        alike = _alike(some_old, some_new)
        yield from _reworded(some_old, some_new, alike)
        yield from _split(some_old, some_new, alike)
        for link in _split(some_new, some_old, alike.T):
            yield link._replace(old=link.new, new=link.old)


def _left(lines: Sequence[Line], left: set[int], anchors: Sequence[int], letters: dict[str, str]) -> list[_Left]:
    gaps = [(i, bisect_left(anchors, i)) for i in sorted(left)]
    size, seen, found = Counter(gap for _, gap in gaps), Counter[int](), []
    for i, gap in gaps:
        text = "".join(letters.setdefault(word, chr(FIRST + len(letters))) for word in lines[i].shape.split())
        found.append(_Left(gap + seen[gap] / size[gap], i, text, lines[i].sentence.kind == "heading"))
        seen[gap] += 1
    return found


def _blocks(olds: Sequence[_Left], news: Sequence[_Left]) -> Iterator[tuple[Sequence[_Left], Sequence[_Left]]]:
    """Both in blocks of `BLOCK` at the most, cut at the same places."""
    cuts = [*sorted(left.place for left in (*olds, *news))[BLOCK::BLOCK], float("inf")]
    first_old = first_new = 0
    for cut in cuts:
        end_old, end_new = (bisect_left(some, cut, key=lambda left: left.place) for some in (olds, news))
        if first_old < end_old and first_new < end_new:
            yield olds[first_old:end_old], news[first_new:end_new]
        first_old, first_new = end_old, end_new


def _alike(olds: Sequence[_Left], news: Sequence[_Left]) -> Floats:
    """Likeness of each with each, shape (old, new); a heading is like headings only."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    alike = cdist([o.text for o in olds], [n.text for n in news], scorer=Indel.normalized_similarity, dtype=np.float64)
    return alike * np.equal.outer([o.heading for o in olds], [n.heading for n in news])


def _reworded(olds: Sequence[_Left], news: Sequence[_Left], alike: Floats) -> Iterator[_Link]:
    """One sentence and one: alike, or the longer has nearly all words of the shorter."""
    near = np.equal.outer([int(o.place) for o in olds], [int(n.place) for n in news])
    long, short = (f.outer([len(o.text) for o in olds], [len(n.text) for n in news]) for f in (np.maximum, np.minimum))
    held = near & (short >= SHORTEST) & (alike * (long + short) / 2 >= APPENDED * short)
    for a, b in np.argwhere(held | (near & (alike >= NEAR)) | (alike >= FAR)).tolist():
        yield _Link(-alike[a, b], abs(olds[a].place - news[b].place), (olds[a].line,), (news[b].line,))


def _split(wholes: Sequence[_Left], parts: Sequence[_Left], alike: Floats) -> Iterator[_Link]:
    """One sentence, and two or three that follow each other and say it together."""
    for length in range(2, PIECES + 1):
        runs = [range(a, a + length) for a in range(len(parts) - length + 1) if _follow(parts[a : a + length])]
        if not runs:
            continue
        joined = [parts[r[0]]._replace(text="".join(parts[b].text for b in r)) for r in runs]
        together = _alike(wholes, joined)
        for w, r in np.argwhere(together >= WHOLE).tolist():
            whole, run = wholes[w], list(runs[r])
            shared = [alike[w, b] * (len(whole.text) + len(parts[b].text)) / 2 for b in run]
            pieces = all(n >= PIECE * len(parts[b].text) for n, b in zip(shared, run, strict=True))
            if pieces and together[w, r] >= alike[w, run].max() + BETTER:
                reach = abs(whole.place - parts[run[0]].place)
                yield _Link(-together[w, r], reach, (whole.line,), tuple(parts[b].line for b in run))


def _follow(parts: Sequence[_Left]) -> bool:
    """Whether they stand one behind the other."""
    return parts[-1].line - parts[0].line == len(parts) - 1


def _in_order(pairs: Sequence[Pair]) -> list[Pair]:
    """In the order of the new version; what was removed stands behind what stood before it in the old one."""
    behind = sorted((p.old[-1], p.new[-1]) for p in pairs if p.old and p.new and p.how != "moved")
    olds = [i for i, _ in behind]

    def place(pair: Pair) -> tuple[int, int, int]:
        if pair.new:
            return pair.new[0], 0, 0
        before = bisect_left(olds, pair.old[0])
        return (behind[before - 1][1] if before else -1), 1, pair.old[0]

    return sorted(pairs, key=place)
