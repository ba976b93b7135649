"""Which lines of a scraped text are page furniture: menus, forms, adverts and footers around the policy.

Three mechanisms: lines that are furniture wherever they stand (copyright, breadcrumbs, rows of links); what stands above
the title; and what stands below the policy, from the first call to action on, as long as nothing of a policy follows.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.nlp import fold
from pipeline.segment.lines import Line

HEAD = 15
"""Lines in which a title is looked for: longer menus are dropped by the reader of HTML, not here."""

TAIL_FROM = 0.4
"""Share of a text after which its tail may begin; calls to action further up stand between two parts of the policy."""

SLOGAN = 18
"""Syllables in the longest line above a title that is taken for a brand line or an advert."""

_LINKS = re.compile(r"\s*(?:[|»›·•▾]|\s/\s|\s>\s|\s{3,}|\s–\s)\s*")
_SENTENCE_END = re.compile(r"[.;:!?…]$")


class Cues(NamedTuple):
    line: re.Pattern[str]
    tail: re.Pattern[str]
    link: re.Pattern[str]
    policy: re.Pattern[str]
    title: re.Pattern[str]


@cache
def cues() -> Cues:
    """The phrase lists of `vocabulary/furniture.toml`, compiled."""
    data = tomllib.loads((files("pipeline") / "vocabulary" / "furniture.toml").read_text(encoding="utf-8"))
    any_of = ["|".join(f"(?:{p})" for p in data[name]) for name in ("line", "tail")]
    return Cues(*map(re.compile, [*any_of, data["link"], data["policy"], data["title"]]))


def furniture(lines: Sequence[Line]) -> frozenset[int]:
    """Positions in `lines` of page furniture."""
    found = {i for i, line in enumerate(lines) if _always(line) and not _is_table_row(lines, i)}
    found |= set(range(_head(lines, found)))
    found |= set(range(_tail(lines, found), len(lines)))
    return frozenset(found)


def is_link(sentence: str) -> bool:
    """Whether a whole sentence is the text of a link: "Tìm hiểu thêm"."""
    return len(sentence) < 40 and bool(cues().link.match(fold(sentence)))


def _always(line: Line) -> bool:
    if not any(c.isalnum() for c in line.text):
        return True  # rules, ornaments, a full stop that lost its sentence
    return bool(len(line.text) < 200 and (cues().line.search(fold(line.text)) or _is_row_of_links(line)))


def _is_row_of_links(line: Line) -> bool:
    """`Trang chủ | Sản phẩm | Tin tức`: at least three short parts and no sentence."""
    if line.marker is not None or _SENTENCE_END.search(line.text):
        return False
    parts = [p for p in _LINKS.split(line.text) if p]
    strong = len(re.findall(r"[|»›▾]|\s{3,}|·", line.text))
    return len(parts) >= 3 and strong >= 2 and all(len(p.split()) <= 6 for p in parts) and "@" not in line.text


def _is_table_row(lines: Sequence[Line], i: int) -> bool:
    """A row of a table: another with as many columns stands next to it."""
    columns = lines[i].text.count("|")
    return columns > 0 and any(lines[j].text.count("|") == columns for j in (i - 1, i + 1) if 0 <= j < len(lines))


def _head(lines: Sequence[Line], found: set[int]) -> int:
    """Number of lines above the title, 0 where there is none or where what stands above it is text."""
    for i, line in enumerate(lines[:HEAD]):
        if i in found:
            continue
        if _is_title(line):
            return i
        if len(line.text.split()) > SLOGAN or _SENTENCE_END.search(line.text) or (line.marker and not line.marker.is_bullet):
            return 0
    return 0


def _is_title(line: Line) -> bool:
    return (len(line.text.split()) <= 25 and not line.text.endswith((".", ";", ","))
            and bool(cues().title.search(fold(line.text))))


def _tail(lines: Sequence[Line], found: set[int]) -> int:
    """First line of the part below the policy; `len(lines)` where the policy goes on to the end."""
    start = len(lines)
    for i in range(len(lines) - 1, int(TAIL_FROM * len(lines)), -1):
        folded = fold(lines[i].text)
        if i in found or cues().tail.search(folded):
            start = i
        elif _belongs_to_policy(lines[i], folded):
            break
    while start < len(lines) and start - 1 not in found and _is_slogan(lines[start - 1], lines[start]):
        start -= 1
    return start


def _belongs_to_policy(line: Line, folded: str) -> bool:
    words = len(line.text.split())
    numbered = line.marker is not None and not line.marker.is_bullet and words > 2
    return numbered or (words >= 7 and bool(cues().policy.search(folded))) or "@" in line.text


def _is_slogan(line: Line, below: Line) -> bool:
    """A short line right above the tail, parted from the policy by a blank line, that says nothing of the policy."""
    return (line.blank > 0 and below.blank <= line.blank and len(line.text.split()) <= 12 and line.marker is None
            and not _SENTENCE_END.search(line.text) and ":" not in line.text and not any(c.isdigit() for c in line.text)
            and not cues().title.search(fold(line.text)))
