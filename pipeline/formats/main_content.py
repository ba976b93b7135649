"""Which blocks of a page are the policy: those of the element that holds most of its words for least of all others.

Each block weighs as many words as it has, for the policy where it speaks like one, against it where it is a link, a
button or other text. The element with the greatest sum is the policy's: a whole page, a column of it, or one section of
a landing page. Parts inside it that are lists of links go; its title is taken from above it where it stands outside.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

from pipeline.formats.blocks import Block
from pipeline.formats.html_blocks import Page, Placed
from pipeline.nlp import fold

HIT = 8
"""Words of a policy for which one hit speaks: policies have more hits than that, other pages fewer."""

OTHER = 0.35
"""What a word of other text weighs against the policy. Below 1: a policy has paragraphs that could stand anywhere."""

SHORT, LINK = 1.5, 3.0
"""What a short line without a sentence, and a link, weigh beyond their words."""

LONGEST = 400
"""Characters of a block that are looked at for its words; longer ones go on as they begin."""

ABOVE = 30
"""Blocks above the policy among which its title is looked for."""


class _Cues(NamedTuple):
    policy: re.Pattern[str]
    title: re.Pattern[str]
    furniture: re.Pattern[str]


@cache
def _cues() -> _Cues:
    found = tomllib.loads((files("pipeline") / "vocabulary" / "pages.toml").read_text(encoding="utf-8"))
    return _Cues(
        re.compile(rf"\b(?:{'|'.join(found['policy'])})\b"),
        re.compile("|".join(found["title"])),
        re.compile("|".join(found["furniture"])),
    )


def policy_blocks(page: Page) -> list[Block]:
    """The blocks of the policy on a page, in order; all of them where nothing speaks for any."""
    weights = [weight(placed.block) for placed in page.blocks]
    seen = _seen(page.blocks, weights)
    weights = [w if s else 0.0 for w, s in zip(weights, seen, strict=True)]
    start, end = _element(page, weights)
    kept = [i for i in range(start, end) if seen[i]]
    kept = _without_links(page, weights, kept)
    return [page.blocks[i].block for i in [*_title(page, seen, start, kept), *kept]]


def weight(block: Block) -> float:
    """How much a block speaks for (above 0) or against being part of a policy."""
    text = fold(block.text[:LONGEST])
    words = len(block.text.split())
    if is_furniture(block) or (block.linked > 0.6 * len(block.text) and words < 25):
        return -(words + LINK)
    hits = len(_cues().policy.findall(text))
    if _cues().title.search(text) and words < 25:
        return 10.0 + words
    share = min(1.0, HIT * hits / max(1, len(text.split())))
    if share == 0 and words < 8 and not block.text.endswith((".", ";", ":")):
        return -SHORT
    return words * (share - OTHER * (1 - share))


def is_furniture(block: Block) -> bool:
    return len(block.text) < 80 and bool(_cues().furniture.match(fold(block.text)))


def _seen(blocks: Sequence[Placed], weights: Sequence[float]) -> list[bool]:
    """Which blocks count: those in view, and with them what is hidden or among the menus if most of the policy is there."""
    def of(hidden: bool, chrome: bool) -> list[bool]:
        return [(hidden or not b.hidden) and (chrome or not b.chrome) for b in blocks]

    def mass(chosen: list[bool]) -> float:
        return sum(w for w, c in zip(weights, chosen, strict=True) if c and w > 0)

    everything = mass(of(True, True))
    choices = [of(False, False), of(False, True), of(True, False), of(True, True)]
    return next(c for c in choices if mass(c) >= 0.6 * everything)


def _element(page: Page, weights: Sequence[float]) -> tuple[int, int]:
    """The blocks of the element with the greatest sum of weights, the innermost of those with the same."""
    sums = [0.0, *accumulate(weights)]
    spans = [(e.start, e.end) for e in page.elements] or [(0, len(weights))]
    return max(spans, key=lambda span: (round(sums[span[1]] - sums[span[0]], 3), span[0] - span[1]))


def _without_links(page: Page, weights: Sequence[float], kept: Sequence[int]) -> list[int]:
    return list(kept)


def _title(page: Page, seen: Sequence[bool], start: int, kept: Sequence[int]) -> list[int]:
    """The nearest title above the policy, if it has none of its own."""
    if any(_is_title(page.blocks[i].block) for i in kept[:3]):
        return []
    above = [i for i in range(max(0, start - ABOVE), start) if _is_title(page.blocks[i].block)]
    return above[-1:]


def _is_title(block: Block) -> bool:
    return block.kind == "heading" and len(block.text.split()) < 25 and bool(_cues().title.search(fold(block.text)))
