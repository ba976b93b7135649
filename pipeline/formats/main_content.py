"""Which blocks of a page are the policy.

Each block weighs as many words as it has, for the policy where it speaks like one, against it where it is other text;
links and buttons, which can be left out one by one, weigh nothing. The run of blocks with the greatest sum is the core.
It begins at the policy's title, and goes on to the end of the element that holds it - or, where the policy is one
section of a page about something else, to the next heading of its own level.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

from pipeline.formats.blocks import Block, is_marker
from pipeline.formats.html_blocks import Page, Placed
from pipeline.nlp import fold

STRONG, WEAK = 8, 3
"""Words for which one hit speaks: of a word that policies alone use often, and of one that others use too."""

OTHER = 0.25
"""What a word of other text weighs against the policy. A policy has paragraphs that could stand anywhere, too."""

TITLE = 10
"""What a title of a policy weighs beyond its words."""

MOST = 0.5
"""Share of the page's policy from which an element holds the policy, though it is hidden or called a menu."""

TITLE_ABOVE = 30
"""Blocks above the policy among which its title is looked for."""

PREAMBLE = 0.3
"""Share of the run's weight that can stand before its title: a menu of policies, a sentence of an advert."""

SENTENCE = 10
"""Weight from which a line before the title is a sentence of the policy."""

LINKED, LONGEST_LINK = 0.6, 25
"""Share of a block's characters that are links, and its words, from which and up to which it is a link and no text."""

CARDS = 0.25
"""Share of links among the characters of a part below the policy from which it shows other pages."""

SECTION = 20
"""Weight of other text above the title from which a page is about something else, the policy one section of it."""

FURNITURE = 80
"""Characters of the longest line that is furniture by how it begins."""

HEADING_BELOW = 8
"""Words in the longest heading of another part of the page."""

LOOKED_AT = 400
"""Characters of a block that are looked at for its words; longer ones go on as they begin."""

_SECTION = re.compile(r"\W*\d|[IVXivx]{1,5}[.):/ -]|[a-zA-ZđĐ][.)]|(?:Điều|Mục|Phần|Chương|Khoản)\s", re.IGNORECASE)
"""How a section of a policy begins, and its title never."""


class _Cues(NamedTuple):
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    title: re.Pattern[str]
    furniture: re.Pattern[str]
    below: re.Pattern[str]
    contents: re.Pattern[str]


@cache
def _cues() -> _Cues:
    found = tomllib.loads((files("pipeline") / "vocabulary" / "pages.toml").read_text(encoding="utf-8"))
    return _Cues(*(re.compile(rf"(?:(?<!\w)(?:{'|'.join(found[name])})(?!\w))") for name in _Cues._fields))


def policy_blocks(page: Page) -> list[Block]:
    """The blocks of the policy on a page, in order; empty where the page has none of text."""
    weights = [weight(placed.block) for placed in page.blocks]
    hidden, chrome = _covered(page, weights)
    seen = [not (h or c) for h, c in zip(hidden, chrome, strict=True)]
    weights = [w if s else 0.0 for w, s in zip(weights, seen, strict=True)]
    if not any(seen):
        return []
    start, end = _run(weights)
    title = _title(page, weights, hidden, start, end)
    begin = _around(page, start, end)[0] if title is None else title
    end = _end(page, weights, begin, end)
    kept = [i for i in range(begin, end) if (seen[i] or i == title) and _says_something(page.blocks[i].block.text)]
    return [page.blocks[i].block for i in _trimmed(page, weights, _without_contents(page, kept))]


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text)) or is_marker(text)


def weight(block: Block) -> float:
    """How much a block speaks for (above 0) or against being part of a policy."""
    if is_link(block):
        return 0.0
    text, words = fold(block.text[:LOOKED_AT]), len(block.text.split())
    if is_title(block):
        return float(TITLE + words)
    hits = STRONG * len(_cues().strong.findall(text)) + WEAK * len(_cues().weak.findall(text))
    share = min(1.0, hits / max(1, len(text.split())))
    return words * (share - OTHER * (1 - share))


def is_title(block: Block) -> bool:
    """Whether a block names a privacy policy, and only that."""
    return len(block.text.split()) < 20 and block.text[-1] not in ".;," and bool(_cues().title.search(fold(block.text)))


def is_link(block: Block) -> bool:
    """Whether a block is a link, a button or another piece of the page's furniture."""
    text = block.text
    if block.linked > LINKED * len(text) and len(text.split()) < LONGEST_LINK:
        return not _is_address(text)
    return len(text) < FURNITURE and bool(_cues().furniture.match(fold(text))) and not _is_sentence(text)


def _is_address(text: str) -> bool:
    """Whether a text is nothing but a web or e-mail address: it is read, whether or not it is a link."""
    return " " not in text and ("." in text or "@" in text)


def _is_sentence(text: str) -> bool:
    """Whether a line that begins like furniture goes on as a sentence of a policy."""
    return text.endswith((".", ":", ";")) and bool(_cues().strong.search(fold(text)))


def _covered(page: Page, weights: Sequence[float]) -> tuple[list[bool], list[bool]]:
    """Which blocks are hidden, and which stand in menus, footers or dialogs.

    An element that holds most of the policy is neither, and one that a heading opens is not hidden: the bodies of an
    accordion are part of the text.
    """
    sums = [0.0, *accumulate(max(0.0, w) for w in weights)]
    small = [
        e for e in page.elements if (e.end > e.start and sums[e.end] - sums[e.start] < MOST * sums[-1]) or not sums[-1]
    ]
    opened = [e.start > 0 and page.blocks[e.start - 1].level > 0 for e in small]
    hidden = _marked(len(weights), [(e.start, e.end) for e, o in zip(small, opened, strict=True) if e.hidden and not o])
    return hidden, _marked(len(weights), [(e.start, e.end) for e in small if e.chrome])


def _marked(count: int, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Which of `count` blocks lie in any of the spans, in linear time however the spans are nested."""
    change = [0] * (count + 1)
    for start, end in spans:
        change[start] += 1
        change[end] -= 1
    return [depth > 0 for depth in accumulate(change[:count])]


def _run(weights: Sequence[float]) -> tuple[int, int]:
    """The run of blocks with the greatest sum (Kadane's algorithm); all blocks where none speaks for a policy."""
    best, best_run, total, start = 0.0, (0, len(weights)), 0.0, 0
    for i, w in enumerate(weights):
        if total <= 0:
            total, start = 0.0, i
        total += w
        if total > best:
            best, best_run = total, (start, i + 1)
    return best_run


def _title(page: Page, weights: Sequence[float], hidden: Sequence[bool], start: int, end: int) -> int | None:
    """Where the policy begins: at the title early in the run, the first above in its element, or the nearest above.

    A title may stand in the header of the page. Sentences of the policy before the title belong to it.
    """
    around = _around(page, start, end)[0]
    highest = min(around, max(0, start - TITLE_ABOVE))
    titles = [i for i in range(highest, end) if not hidden[i] and _heads(page.blocks[i])]
    inside = next((i for i in titles if i >= start), None)
    if inside is not None and sum(w for w in weights[start:inside] if w > 0) <= PREAMBLE * sum(weights[start:end]):
        return next((i for i in range(start, inside) if weights[i] >= SENTENCE), inside)
    above = [t for t in titles if t < start]
    return next((t for t in above if t >= around), above[-1] if above else None)


def _heads(placed: Placed) -> bool:
    """Whether a block can be the title of the whole policy: titles of its sections are numbered."""
    block = placed.block
    if _SECTION.match(block.text) or is_link(block) or not is_title(block):
        return False
    return block.kind == "heading" or (block.kind == "line" and not block.text.endswith(":"))


def _end(page: Page, weights: Sequence[float], begin: int, end: int) -> int:
    """Where the policy ends that begins at `begin` and whose run ends at `end`."""
    start, stop = _around(page, begin, end)
    if sum(min(w, 0.0) for w in weights[start:begin]) < -SECTION * OTHER:
        level = page.blocks[begin].level
        while end > begin + 1 and page.blocks[end - 1].level:  # a heading opens what follows it
            end -= 1
        return next(
            (i for i in range(end, stop) if level and 0 < page.blocks[i].level <= level), stop if level else end
        )
    inner = max((e for s, e in _spans(page) if begin < s < end <= e < stop), default=end)
    below = sorted({(s, -e) for s, e in _spans(page) if inner <= s < e <= stop})
    position = inner
    for s, e in below:  # the outermost first, each block in one of them
        if s >= position:
            if _shows_other_pages(page.blocks[s:-e]) and not page.blocks[s - 1].block.text.endswith(":"):
                return s
            position = -e
    return stop


def _around(page: Page, begin: int, end: int) -> tuple[int, int]:
    """The smallest element around the blocks from `begin` to `end` that has more than one block."""
    return min(
        (span for span in _spans(page) if span[0] <= begin and span[1] >= end and span[1] - span[0] > 1),
        key=lambda span: span[1] - span[0],
        default=(0, len(page.blocks)),
    )


def _spans(page: Page) -> Iterable[tuple[int, int]]:
    return ((element.start, element.end) for element in page.elements)


def _shows_other_pages(part: Sequence[Placed]) -> bool:
    letters = sum(len(placed.block.text) for placed in part)
    linked = sum(placed.block.linked for placed in part if not _is_address(placed.block.text))
    return linked > CARDS * letters


def _without_contents(page: Page, kept: Sequence[int]) -> list[int]:
    """Without a table of contents: links that have the words of a heading further down, and the word above them."""
    last = {fold(page.blocks[i].block.text): i for i in kept if page.blocks[i].level}
    links = [i for i in kept if is_link(page.blocks[i].block) and last.get(fold(page.blocks[i].block.text), -1) > i]
    heads = {i for i in kept if links and i < links[0] and _cues().contents.fullmatch(fold(page.blocks[i].block.text))}
    return [i for i in kept if i not in heads and i not in set(links)]


def _trimmed(page: Page, weights: Sequence[float], kept: Sequence[int]) -> list[int]:
    """Without the links between its title and its text, nor what stands below the policy: a heading of another part
    with all that follows, and the last links."""
    left = [0.0, *accumulate(max(0.0, weights[i]) for i in kept)]
    stop = len(kept)
    for position, i in enumerate(kept):
        if 2 * left[position] > left[-1] and _heads_other_part(page.blocks[i].block):
            stop = position
            break
    while stop and is_link(page.blocks[kept[stop - 1]].block) and not _announced(page, kept, stop - 1):
        stop -= 1
    first = next((p for p in range(1, stop) if not is_link(page.blocks[kept[p]].block)), stop)
    return [*kept[:1], *kept[first:stop]] if stop else []


def _heads_other_part(block: Block) -> bool:
    """Whether a line is the heading of what stands below a policy, and no sentence."""
    text = block.text
    return len(text.split()) <= HEADING_BELOW and text[-1] not in ".;" and bool(_cues().below.match(fold(text)))


def _announced(page: Page, kept: Sequence[int], position: int) -> bool:
    """Whether a link is an item of a list that the policy announces."""
    while position and page.blocks[kept[position]].block.kind == "item":
        position -= 1
    above = page.blocks[kept[position]].block
    return above.text.endswith(":") and not is_link(above)
