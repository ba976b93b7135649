"""Charts as rows of bars: what is drawn where; `charts.svg` draws it.

>>> [(bar.x, bar.width) for bar in bars([("met", 3), ("missing", 1)], 100.0)]
[(0.0, 75.0), (75.0, 25.0)]
"""

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.attributes import attributes
from pipeline.render.compared import Compared
from pipeline.render.terms import Words, terms

LABELS, BARS, LINE, GAP, LEGEND, TITLE = 300, 440, 15, 9, 26, 34
"""Pixels: widths of the names and of the bars, heights of a line of a name, of a gap, of the legend, of the title."""

CHARACTERS = 44
"""Characters of a name that fit a line of the names' width at their size."""


class Bar(NamedTuple):
    """A stretch of a bar: status, vendors, place and width in pixels."""

    status: str
    vendors: int
    x: float
    width: float


class Line(NamedTuple):
    """A bar with its name, broken to lines; `y` and `height` in pixels."""

    name: Mapping[str, Sequence[str]]
    y: int
    height: int
    bars: Sequence[Bar]


class Chart(NamedTuple):
    """A chart with its size in pixels and the statuses of its legend, each with words and colour."""

    id: str
    title: Words
    legend: Mapping[str, Words]
    lines: Sequence[Line]
    height: int


Count = tuple[Words, Mapping[str, int]]


def charts(seen: Compared) -> list[Chart]:
    """How many vendors have what the law asks for, and how many say what."""
    met = {(r.id, e.id): Counter[str]() for r in seen.regimes for e in r.elements}
    for point, requirement in ((p, r) for points in seen.points.values() for p, r in points.items()):
        met[point][requirement.status] += 1
    said = {a.id: Counter[str](cells[a.id].status for cells in seen.cells.values()) for a in attributes()}
    completeness = [
        ({"vi": f"{e.vi} ({e.article})", "en": f"{e.en} ({e.article})"}, met[r.id, e.id])
        for r in seen.regimes
        for e in r.elements
        if e.tier.counted
    ]
    answers = [({"vi": a.vi, "en": a.en}, said[a.id]) for a in attributes()]
    return [
        _chart(
            "completeness",
            {
                "vi": "Số nhà cung cấp có từng nội dung theo luật (sơ bộ)",
                "en": "Vendors that have each element (preliminary)",
            },
            "requirement",
            completeness,
        ),
        _chart(
            "answers",
            {"vi": "Số nhà cung cấp nêu từng mục", "en": "Vendors that say something on each topic"},
            "finding",
            answers,
        ),
    ]


def _chart(id: str, title: Words, group: str, counts: Sequence[Count]) -> Chart:
    used = {status for _, counted in counts for status, n in counted.items() if n}
    lines = list(_lines([(name, [(s, counted.get(s, 0)) for s in terms()[group]]) for name, counted in counts]))
    legend = {status: words for status, words in terms()[group].items() if status in used}
    height = lines[-1].y + lines[-1].height + GAP + LEGEND if lines else TITLE + LEGEND
    return Chart(id, title, legend, lines, height)


def _lines(counts: Iterable[tuple[Words, Sequence[tuple[str, int]]]]) -> Iterator[Line]:
    y = TITLE + GAP
    for words, counted in counts:
        name = {language: textwrap.wrap(words[language], CHARACTERS) for language in ("vi", "en")}
        height = LINE * max(len(lines) for lines in name.values())
        yield Line(name, y, height, bars(counted, BARS))
        y += height + GAP


def bars(counted: Sequence[tuple[str, int]], width: float) -> list[Bar]:
    """Stretches side by side that share `width` by their counts; none for a count of nought."""
    total, x, found = sum(n for _, n in counted), 0.0, []
    for status, n in counted:
        if n:
            found.append(Bar(status, n, round(x, 1), round(width * n / total, 1)))
            x += width * n / total
    return found
