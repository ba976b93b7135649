"""Tables without rules in a PDF: words that stand in columns over several lines.

A column is parted from the next by a strip of white that no word crosses, wider than any other space of its lines, and
its words begin, end or are centred at one place. Lines of text never agree on all of that: their spaces are narrower,
or, where both margins are straight, all as wide.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from pipeline.formats.blocks import clean

Word = dict[str, Any]
Column = tuple[float, float]

LEAST, MOST = 3, 80
"""Lines with words in two columns or more from which they are a table, and lines of the longest on a page."""

STRIP = 0.33
"""Width of the white between two columns, in sizes of the letters; a space is a quarter to a third."""

WIDER = 1.5
"""Width of the white between two columns, in that of the widest space beside it."""

ALIGNED = 2.0
"""Points by which the words of a column may stand out of line."""

NEXT_ROW = 1.2
"""Distance of two lines, in distances of the nearest lines of the table, from which a row of it ends between them."""

PARAGRAPH = 1.5
"""Distance of a line below a table, in sizes of its letters, from which it is none of it."""

OVERLAP = 0.8
"""Distance of two lines, in sizes of their letters, below which they stand side by side, set in the middle of a row."""

WIDE, FULL, MOSTLY = 10, 0.8, 0.4
"""Width of a column of prose, in sizes of its letters; share of it that a full line fills; share of full lines."""

_MARKER = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[IVX]{1,5}|[A-ZĐ])[.):/]?|[^\w\s]|[\uf000-\uf8ff]", re.I)
"""A bullet, number or letter: what follows the first word of a line at a distance, where that is one, is no column."""


class Table(NamedTuple):
    """The lines `start` to `end` of a page or column as rows: the text of each, cells parted by `|`."""

    start: int
    end: int
    rows: tuple[str, ...]


def unruled(lines: Sequence[Sequence[Word]]) -> Iterator[Table]:
    """The tables among lines of words, from top to bottom."""
    start = 0
    while start < len(lines):
        end, columns = _grown(lines, start)
        if _is_table(lines[start:end], columns):
            yield Table(start, end, tuple(_rows(lines[start:end], columns)))
            start = end
        else:
            start += 1


def _grown(lines: Sequence[Sequence[Word]], start: int) -> tuple[int, list[Column]]:
    """Where the table ends that begins at a line, and its columns: no line of it has words over the white of others."""
    columns, end = _columns(lines[start : start + 1]), start + 1
    while len(columns) > 1 and end < min(len(lines), start + MOST):
        wider = _columns(lines[start : end + 1])
        if len(wider) < 2 or (len(wider) < len(columns) and _is_table(lines[start:end], columns)):
            break
        columns, end = wider, end + 1
    while end > start + 1 and _filled(lines[end - 1], columns) == [0] and not _is_rest(lines, end - 1):
        end -= 1
    return end, columns


def _is_rest(lines: Sequence[Sequence[Word]], i: int) -> bool:
    """Whether a line of the first column alone is the rest of the cell above, and no text below the table."""
    return bool(lines[i][0]["text"][0].islower()) and _step(lines[i - 1], lines[i]) < PARAGRAPH * _size(lines[i])


def _columns(lines: Sequence[Sequence[Word]]) -> list[Column]:
    """Left and right edges of what is parted by white over all the lines, wider than the spaces in most of them."""
    least = STRIP * max(map(_size, lines))
    spans = sorted((word["x0"], _right(line, i)) for line in lines for i, word in enumerate(line))
    columns = [spans[0]]
    for left, right in spans[1:]:
        if left - columns[-1][1] >= least:
            columns.append((left, right))
        else:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
    return _parted(lines, columns)


def _right(line: Sequence[Word], i: int) -> float:
    """Right edge of a word; a bullet or number at the beginning of a line belongs to what follows."""
    leads = i == 0 and len(line) > 1 and _MARKER.fullmatch(line[0]["text"])
    return float(line[1]["x0"] if leads else line[i]["x1"])


def _size(line: Sequence[Word]) -> float:
    return float(median(word["bottom"] - word["top"] for word in line))


def _step(above: Sequence[Word], line: Sequence[Word]) -> float:
    return float(line[0]["bottom"] - above[0]["bottom"])


def _is_table(lines: Sequence[Sequence[Word]], columns: Sequence[Column]) -> bool:
    return (
        len(columns) > 1
        and len(_parted(lines, columns)) == len(columns)  # columns that grew have spaces to show, which words had not
        and sum(len(_filled(line, columns)) > 1 for line in lines) >= LEAST
        and all(_is_aligned(lines, column) for column in columns)
        and sum(_is_prose(lines, column) for column in columns) < 2
    )


def _filled(line: Sequence[Word], columns: Sequence[Column]) -> list[int]:
    return [i for i, column in enumerate(columns) if _inside(line, column)]


def _inside(line: Sequence[Word], column: Column) -> list[Word]:
    return [word for word in line if column[0] <= word["x0"] <= column[1]]


def _parted(lines: Sequence[Sequence[Word]], columns: Sequence[Column]) -> list[Column]:
    """The columns; two are one whose white is no wider than their spaces, in most lines that have words in both."""
    kept = [columns[0]]
    for column in columns[1:]:
        pairs = [(a, b) for line in lines if (a := _inside(line, kept[-1])) and (b := _inside(line, column))]
        wide = [b[0]["x0"] - a[-1]["x1"] > WIDER * max(_spaces(a) + _spaces(b), default=0.0) for a, b in pairs]
        if 2 * sum(wide) > len(wide):
            kept.append(column)
        else:
            kept[-1] = (kept[-1][0], column[1])
    return kept


def _spaces(cell: Sequence[Word]) -> list[float]:
    return [word["x0"] - _right(cell, i) for i, word in enumerate(cell[1:])]


def _is_aligned(lines: Sequence[Sequence[Word]], column: Column) -> bool:
    cells = [cell for line in lines if (cell := _inside(line, column))]
    edges = [(cell[0]["x0"], cell[-1]["x1"], (cell[0]["x0"] + cell[-1]["x1"]) / 2) for cell in cells]
    return len(cells) > 1 and any(max(places) - min(places) <= ALIGNED for places in zip(*edges, strict=True))


def _is_prose(lines: Sequence[Sequence[Word]], column: Column) -> bool:
    """Whether a column is one of a text in several columns: wide, and many of its lines full."""
    width = column[1] - column[0]
    cells = [cell for line in lines if (cell := _inside(line, column))]
    full = sum(cell[-1]["x1"] - cell[0]["x0"] > FULL * width for cell in cells)
    return width > WIDE * _size(lines[0]) and full > MOSTLY * len(cells)


def _rows(lines: Sequence[Sequence[Word]], columns: Sequence[Column]) -> Iterator[str]:
    """The text of each row, whose cells may have several lines."""
    steps = [_step(a, b) for a, b in pairwise(lines)]
    apart = [step for step, line in zip(steps, lines[:-1], strict=True) if step > OVERLAP * _size(line)]
    least = min(apart, default=0.0)
    even = max(apart, default=0.0) <= NEXT_ROW * least
    cells: list[list[str]] = [[] for _ in columns]
    for i, line in enumerate(lines):
        beside = i < len(steps) and steps[i] <= OVERLAP * _size(line)
        if i and steps[i - 1] > OVERLAP * _size(line) and (
            beside or steps[i - 1] > NEXT_ROW * least or _begins_row(line, columns, even)
        ):
            yield _text(cells)
            cells = [[] for _ in columns]
        for cell, column in zip(cells, columns, strict=True):
            cell += [word["text"] for word in _inside(line, column)]
    yield _text(cells)


def _begins_row(line: Sequence[Word], columns: Sequence[Column], even: bool) -> bool:
    """Whether the words of a line are no rest of the cells above; `even`: the distances of the lines say nothing."""
    filled = _filled(line, columns)
    return len(filled) == len(columns) or (even and filled[0] == 0 and not line[0]["text"][0].islower())


def _text(cells: Sequence[Sequence[str]]) -> str:
    return " | ".join(clean(" ".join(cell)).strip() for cell in cells).strip(" |")
