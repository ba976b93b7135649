"""Forms: workbooks that people fill in, and what comes back in them. They know columns, lists and rows, nothing else.

A form has a sheet to fill in, a guide, and two sheets that Excel hides: the lists of the drop-downs, and what the
importer needs (`facts`). Cells of facts are Base64 of compressed text, so that no editor changes a character of it.
"""

import base64
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from pipeline.errors import ReviewError
from pipeline.render.xlsx.sheet import LONGEST, Column, fit, workbook

ROWS, GUIDE, LISTS, FACTS = "Cần xem", "Hướng dẫn", "Danh mục", "Dữ liệu"
HEADER = 2
"""Rows of the header: Vietnamese headings, ids."""

LINE, TALLEST = 15, 409
"""Points of a line, and of the highest row that Excel has."""

GUIDE_WIDTHS = (36, 60, 46, 46, 60)
REMEDY = "Use a workbook made by: vnpolicy review export"

UNPACKED = 100_000_000
"""Bytes that a workbook, or one of its facts, may unpack to: ten times the largest policy that is read."""

DAMAGED = (
    *(BadZipFile, zlib.error, EOFError, SyntaxError, RuntimeError),
    *(KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError),
)
"""What openpyxl, zipfile and zlib raise on files that are cut off, overwritten, encrypted or something else."""


class Form(NamedTuple):
    """What to ask. `kind` says of what; columns in `lists` have a drop-down, these and `free` ones are to be filled in.

    `rows` have a cell a column by its id; `guide` has rows of a few cells, the first one of a part in capitals;
    `facts` come back with the answers as they are.
    """

    kind: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, str | float]]
    lists: Mapping[str, Sequence[str]]
    free: Sequence[str]
    guide: Sequence[Sequence[str]]
    facts: Sequence[Sequence[str]]


class Filled(NamedTuple):
    """What came back: kind, name of each row with its cells by column id, facts."""

    kind: str
    rows: list[tuple[str, dict[str, str]]]
    facts: list[list[str]]


def write(form: Form, path: Path) -> None:
    """Writes the workbook; the same form gives the same bytes."""
    with workbook(path, "Câu cần người xem") as book:
        _rows(book, form)
        _guide(book, form)
        _lists(book, form)
        sheet = book.add_worksheet(FACTS)
        sheet.very_hidden()
        for number, row in enumerate([[form.kind], *form.facts]):
            at = 0
            for fact in row:
                at = _fact(sheet, number, at, fact)


def _fact(sheet: Any, row: int, at: int, fact: str) -> int:
    """Writes a fact into as many cells as it takes, the first one saying how many; returns the next free column."""
    packed = base64.b64encode(zlib.compress(fact.encode("utf-8"), 9)).decode("ascii")
    cells = [packed[i : i + LONGEST] for i in range(0, len(packed), LONGEST)]
    sheet.write_number(row, at, len(cells))
    for offset, cell in enumerate(cells, 1):
        sheet.write_string(row, at + offset, cell)
    return at + 1 + len(cells)


def _rows(book: Any, form: Form) -> None:
    head = book.add_format(
        {"bold": True, "bg_color": "#1F3864", "font_color": "white", "text_wrap": True, "valign": "top"}
    )
    ids = book.add_format({"font_color": "#7F7F7F", "font_size": 8})
    plain = book.add_format({"text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": "#D9D9D9"})
    asked = book.add_format({"text_wrap": True, "valign": "top", "bold": True, "bottom": 1, "bottom_color": "#D9D9D9"})
    empty = book.add_format(
        {"text_wrap": True, "valign": "top", "bg_color": "#FFF9E5", "border": 1, "border_color": "#D9D9D9"}
    )
    sheet = book.add_worksheet(ROWS)
    for number, asked_of in enumerate(form.rows, HEADER):
        sheet.set_row(number, _height([(str(asked_of.get(c.id, "")), c.width) for c in form.columns]))
    sheet.freeze_panes(HEADER, next((at + 1 for at, c in enumerate(form.columns) if c.id == "text"), 1))
    for at, column in enumerate(form.columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, column.vi, head)
        sheet.write_comment(0, at, column.about, {"width": 260, "font_size": 9})
        sheet.write_string(1, at, column.id, ids)
        look = empty if column.id in (*form.lists, *form.free) else asked if column.id == "text" else plain
        for number, row in enumerate(form.rows, HEADER):
            value = row.get(column.id, "")
            if isinstance(value, str):
                sheet.write_string(number, at, fit(value), look) if value else sheet.write_blank(number, at, None, look)
            else:
                sheet.write_number(number, at, value, look)
        if column.id in form.lists and form.rows:
            place = list(form.lists).index(column.id)
            letter, last = chr(ord("A") + place), len(form.lists[column.id])
            sheet.data_validation(HEADER, at, HEADER + len(form.rows) - 1, at, {
                "validate": "list", "source": f"='{LISTS}'!${letter}$1:${letter}${last}",
                "error_title": "Chọn trong danh sách", "error_message": "Hãy chọn một mục trong danh sách của ô.",
            })  # fmt: skip
    sheet.autofilter(1, 0, HEADER + len(form.rows) - 1, len(form.columns) - 1)


def _height(cells: Sequence[tuple[str, int]]) -> float:
    """Points that the tallest cell of a row takes, wrapped in its width: not every program works that out by itself."""
    lines = max((sum(-(-len(part) // width) for part in text.split("\n")) for text, width in cells), default=1)
    return min(TALLEST, LINE * max(1, lines) + 2)


def _guide(book: Any, form: Form) -> None:
    sheet = book.add_worksheet(GUIDE)
    bold, text = (book.add_format({"bold": bold, "text_wrap": True, "valign": "top"}) for bold in (True, False))
    for at, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(at, at, width)
    for number, row in enumerate(form.guide):
        sheet.set_row(number, _height(list(zip(row, GUIDE_WIDTHS, strict=False))))
        for at, cell in enumerate(row):
            sheet.write_string(number, at, cell, bold if at == 0 or row[0].isupper() else text)


def _lists(book: Any, form: Form) -> None:
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    for at, choices in enumerate(form.lists.values()):
        for number, name in enumerate(choices):
            sheet.write_string(number, at, name)


def read(path: Path) -> Filled:
    """What people filled in. Raises `ReviewError` where the file is no such workbook."""
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file:
            if sum(part.file_size for part in ZipFile(file).infolist()) > UNPACKED:
                raise ReviewError(str(path), f"it unpacks to more than {UNPACKED // 1_000_000} MB", REMEDY)
            book = load_workbook(file, read_only=True, data_only=True)
            facts = [_facts(row) for row in book[FACTS].iter_rows(values_only=True)]
            rows = list(book[ROWS].iter_rows(values_only=True))
    except OSError as error:
        raise ReviewError(str(path), f"cannot be read ({error.strerror or error})", REMEDY) from error
    except DAMAGED as error:
        raise ReviewError(str(path), f"no form of this program ({type(error).__name__})", REMEDY) from error
    if len(rows) < HEADER or not facts or not facts[0]:
        raise ReviewError(str(path), "the rows with the headings are gone", REMEDY)
    ids = [str(cell or "") for cell in rows[HEADER - 1]]
    filled = [
        (
            f"{path.name}, sheet {ROWS}, row {number}",
            {name: _cell(cell) for name, cell in zip_longest(ids, row[: len(ids)])},
        )
        for number, row in enumerate(rows[HEADER:], HEADER + 1)
        if any(cell is not None for cell in row)
    ]
    return Filled(facts[0][0], filled, facts[1:])


def _facts(row: Sequence[Any]) -> list[str]:
    cells, found = list(row), []
    while cells and cells[0] is not None:
        count = int(cells[0])
        packed = "".join(cells[1 : 1 + count])
        unpacking = zlib.decompressobj()
        found.append(unpacking.decompress(base64.b64decode(packed, validate=True), UNPACKED).decode("utf-8"))
        if not unpacking.eof:
            raise ValueError("a fact that is cut short, or too large")
        cells = cells[1 + count :]
    return found


def _cell(value: Any) -> str:
    if isinstance(value, datetime) and value.time() == time():  # a day that somebody typed
        return value.date().isoformat()
    return "" if value is None else str(value).strip()
