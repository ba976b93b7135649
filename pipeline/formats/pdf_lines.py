"""A page of a PDF -> its lines in reading order: columns one by one, rows of tables, bullets that are drawn.

Typed `Any` where a page of pdfplumber is meant; its words and letters are dictionaries.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil
from statistics import median
from typing import Any

from pipeline.formats.blocks import MARKER, clean
from pipeline.formats.pdf_tables import unruled

MARGIN = 0.12
"""Share of a page's height at its top and bottom where running headers and footers stand."""

GUTTER = 7.0
"""Points of white between two columns: browsers leave as many as a letter is high."""

CROSSING = 0.15
"""Share of lines that may cross the gutter: titles over both columns."""

UNEVEN = 0.25
"""Heights of a letter by which another font may set it higher or lower; twice that is the next line."""

DOT = (0.15, 0.6)
"""Height and width of a bullet that is drawn, in sizes of the letters."""

_UNMAPPED = re.compile(r"\(cid:\d+\)|[\uf000-\uf8ff]")
"""A sign for which the font names no letter: where it stands alone, a bullet."""


@dataclass(slots=True)
class Line:
    """A line of a column whose right edge is `edge`; places in points from the left and the top of its page."""

    text: str
    left: float
    right: float
    top: float
    size: float
    bold: bool
    width: float
    page: int
    height: float
    edge: float
    row: bool = False


def lines_of(page: Any) -> list[Line]:
    """The lines of a page in reading order."""
    _as_needed(page)
    _put_on_baseline(page)
    tables = [t for t in page.find_tables() if len(t.rows) > 1 and max(len(r.cells) for r in t.rows) > 1]
    words = [
        w
        for w in page.extract_words(return_chars=True, use_text_flow=False, y_tolerance=_unevenness(page.chars))
        if not any(
            t.bbox[0] <= w["x0"] <= t.bbox[2] and t.bbox[1] <= (w["top"] + w["bottom"]) / 2 <= t.bbox[3] for t in tables
        )
    ]
    for word in words:
        if _UNMAPPED.fullmatch(word["text"]):
            word["text"] = "•"
    lines = _in_order(_rows(words), page, 0.0, float(page.width), _edge(words, page))
    lines = _with_bullets(lines, [*page.curves, *page.rects])
    for table in tables:
        above = [i for i, line in enumerate(lines, 1) if line.top < table.bbox[1] and _is_over(line, table)]
        place = above[-1] if above else 0
        lines[place:place] = _table_lines(table, page)
    return lines


def _is_over(line: Line, table: Any) -> bool:
    """Whether a line stands in the column of a table."""
    return bool(line.left < table.bbox[2] and table.bbox[0] < line.right)


def _as_needed(page: Any) -> None:
    """Has a page hand out its letters with what is asked of them alone: colours and the like take half of its time."""
    from pdfminer.layout import LTChar

    whole = page.process_object
    left, up = page.mediabox[:2]

    def read(found: Any) -> dict[str, Any]:
        if type(found) is not LTChar:
            return whole(found)  # type: ignore[no-any-return]
        top, bottom = page.height - found.y1 + up, page.height - found.y0 + up
        return {
            "object_type": "char", "text": found.get_text(), "x0": found.x0 + left, "x1": found.x1 + left, "top": top,
            "bottom": bottom, "doctop": page.initial_doctop + top, "width": found.width, "height": found.height,
            "size": found.size, "fontname": str(found.fontname), "upright": found.upright, "matrix": found.matrix,
        }  # fmt: skip

    page.process_object = read


def _put_on_baseline(page: Any) -> None:
    """Gives the letters the height of their size above their line: the boxes of fonts differ, which share one line."""
    for char in page.chars:
        if char["upright"]:
            bottom = float(page.height) - char["matrix"][5] + float(page.bbox[1])
            char["doctop"] += bottom - char["size"] - char["top"]
            char["top"], char["bottom"] = bottom - char["size"], bottom


def _with_bullets(lines: Sequence[Line], shapes: Sequence[dict[str, Any]]) -> list[Line]:
    """The lines, with a bullet before those to the left of which a small shape is drawn, as browsers do."""
    marked = []
    for line in lines:
        drawn = not MARKER.match(line.text) and any(
            0 < line.left - s["x1"] < 2 * line.size
            and DOT[0] * line.size < min(s["width"], s["height"]) <= max(s["width"], s["height"]) < DOT[1] * line.size
            and -0.25 * line.size < (s["top"] + s["bottom"]) / 2 - line.top < 1.25 * line.size
            for s in shapes
        )
        marked.append(replace(line, text=f"• {line.text}") if drawn else line)
    return marked


def _unevenness(chars: Sequence[dict[str, Any]]) -> float:
    """Points by which letters of one line may differ in height: where a font lacks Vietnamese letters, another stands
    in within the word, with other measures."""
    sizes = [float(c["size"]) for c in chars] or [0.0]
    return max(3.0, min(UNEVEN * max(sizes), 2 * UNEVEN * median(sizes)))


def _table_lines(table: Any, page: Any) -> Iterator[Line]:
    left, top, right, _ = table.bbox
    for row in table.extract():
        if text := " | ".join(clean(cell or "").strip() for cell in row).strip(" |"):
            yield Line(
                text,
                left,
                right,
                top,
                0.0,
                False,
                right,
                page.page_number,
                max(1.0, float(page.height)),
                right,
                row=True,
            )


def _in_order(
    rows: Sequence[Sequence[dict[str, Any]]], page: Any, left: float, right: float, edge: float
) -> list[Line]:
    """Lines of one column after those of the other, between lines that go over both; a column may have columns."""
    gutter = _gutter(left, right, rows)
    if gutter is None:
        return _column(rows, page, edge)
    across = [any(w["x0"] < gutter < w["x1"] for w in row) or _spans(row, gutter) for row in rows]
    apart = [w for row, spans in zip(rows, across, strict=True) if not spans for w in row]
    edges = [_edge([w for w in apart if (w["x0"] < gutter) == side], page) for side in (True, False)]
    lines: list[Line] = []
    for spans, group in groupby(zip(across, rows, strict=True), key=lambda pair: pair[0]):
        part = [row for _, row in group]
        if spans:
            lines += _column(part, page, edge)
            continue
        for is_left in (True, False):
            column = [row for words in part if (row := [w for w in words if (w["x0"] < gutter) == is_left])]
            begin, end = (left, gutter) if is_left else (gutter, right)
            lines += _in_order(column, page, begin, end, edges[not is_left])
    return lines


def _column(rows: Sequence[Sequence[dict[str, Any]]], page: Any, edge: float) -> list[Line]:
    """The lines of a column, with its tables as rows."""
    lines: list[Line] = []
    done = 0
    for table in unruled(rows):
        lines += [_line(row, page, edge) for row in rows[done : table.start]]
        first = _line(rows[table.start], page, edge)
        lines += [replace(first, text=text, size=0.0, bold=False, row=True) for text in table.rows]
        done = table.end
    return [*lines, *(_line(row, page, edge) for row in rows[done:])]


def _edge(words: Sequence[dict[str, Any]], page: Any) -> float:
    """How far to the right the words go; those of running headers and footers may go farther."""
    height = max(1.0, float(page.height))
    inside = [w["x1"] for w in words if MARGIN < w["top"] / height < 1 - MARGIN]
    return float(max(inside or [w["x1"] for w in words], default=0.0))


def _rows(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Words of the same height on the page, from left to right; the rows from top to bottom."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda w: (w["bottom"], w["x0"])):
        if rows and word["bottom"] - rows[-1][0]["bottom"] < 0.4 * (word["bottom"] - word["top"]):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w["x0"]) for row in rows]


def _spans(row: Sequence[dict[str, Any]], gutter: float) -> bool:
    """Whether a row goes on over the gutter as one line."""
    before = [w["x1"] for w in row if w["x1"] <= gutter]
    after = [w["x0"] for w in row if w["x0"] >= gutter]
    return bool(before and after) and min(after) - max(before) < GUTTER


def _gutter(left: float, right: float, rows: Sequence[Sequence[dict[str, Any]]]) -> float | None:
    """The middle of the white strip between two columns of text; `None` where there is one column."""
    if len(rows) < 4:
        return None
    places = range(int(left + 0.3 * (right - left)), int(left + 0.7 * (right - left)), 2)
    crossing = [0] * len(places)
    for row in rows:
        edges = [(w["x0"] - GUTTER / 2 - places.start, w["x1"] + GUTTER / 2 - places.start) for w in row]
        for i in {i for a, b in edges for i in range(max(0, int(a // 2) + 1), min(len(places), ceil(b / 2)))}:
            crossing[i] += 1
    fewest = min(crossing, default=len(rows))
    if fewest > CROSSING * len(rows):
        return None
    middle = float(places[crossing.index(fewest)])
    sides = [sum(1 for row in rows for w in row if (w["x0"] < middle) == side) for side in (True, False)]
    lines = [sum(1 for row in rows if any((w["x0"] < middle) == side for w in row)) for side in (True, False)]
    return middle if min(lines) > 3 and min(s / n for s, n in zip(sides, lines, strict=True)) > 2.5 else None


def _line(row: Sequence[dict[str, Any]], page: Any, edge: float) -> Line:
    return Line(
        text=clean(" ".join(w["text"] for w in row)).strip(),
        left=row[0]["x0"],
        right=row[-1]["x1"],
        top=row[0]["top"],
        size=median(c["size"] for w in row for c in w["chars"]),
        bold=all("bold" in c["fontname"].lower() for w in row for c in w["chars"]),
        width=row[0]["x1"] - row[0]["x0"],
        page=page.page_number,
        height=max(1.0, float(page.height)),
        edge=edge,
    )
