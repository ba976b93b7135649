"""A sheet of the workbook: headings with ids below, text that stays text, links and notes within Excel's limits.

>>> fit("Dữ liệu được lưu 24 tháng", 19), fit("24 tháng", 18)
('Dữ liệu được… [cắt]', '24 tháng')
>>> names(["An", "Bình", "Cúc"], most=2)
'An; Bình … và 1 mục khác'
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.records import Evidence
from pipeline.render.terms import terms

Value = str | int | float
Looks = Mapping[str, Any]
"""Formats of the workbook by name; those of statuses as `finding.stated`, `requirement.met`."""


class Column(NamedTuple):
    """A column: Vietnamese heading, id in the row below, width in characters, what it means (for the read-me)."""

    vi: str
    id: str
    width: int
    about: str


CREATED = datetime(2000, 1, 1)
"""Date of creation in the properties of a workbook: fixed, for the same bytes."""

ROWS = 1_048_576
"""Rows that a sheet of Excel has."""

LONGEST = 32_767
"""Characters (UTF-16 units) that a cell of Excel holds."""

LONGEST_NOTE = 1_500
"""Characters of quotes in a note: what still reads as a note; the sheet of evidence has them whole."""

LINKS = 65_530
"""Links that Excel opens in one sheet; cells beyond are written without."""

LONGEST_URL = 2_000
"""Below Excel's limit of 2,079; a longer address is written as text."""

PRINTED = 300
"""Characters of width on one printed page, A3 across, that can still be read."""

LINE = 15
"""Points of a line of text."""

MOST_LINES = 20
"""Lines of the highest row: a screen must hold more than one."""

CUT = "… [cắt]"
HEADER = 2
"""Rows of a header: headings, ids."""

SUMMARY, COMPARISON, COMPLETENESS, CHANGES, STANDINGS, TERMS, EVIDENCE, ENTITIES, SENTENCES, READ_ME = (
    *("Tóm tắt", "So sánh", "Mức đầy đủ", "Thay đổi", "Nổi bật", "Thời hạn lưu"),
    *("Bằng chứng", "Thực thể", "Câu", "Đọc tôi"),
)

VENDOR = Column("Nhà cung cấp", "vendor", 24, "theo sources.csv, nếu không có thì theo thư mục hoặc tên tệp")
DOCUMENT = Column("Văn bản", "doc_id", 22, "đường dẫn của tệp, không có phần mở rộng")
SENTENCE = Column("Câu số", "sentence", 9, f"thứ tự câu trong văn bản, tính từ 0, như trong sheet {SENTENCES}")
QUOTE = Column("Trích dẫn", "quote", 90, "nguyên văn trong chính sách")
URL = Column("Nguồn", "url", 26, "địa chỉ trang, theo sources.csv")
RETRIEVED = Column("Ngày lấy", "retrieved_at", 12, "ngày tải văn bản về, theo sources.csv")

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, or Excel would show as `_x0001_`."""


@contextmanager
def workbook(path: Path, title: str) -> Iterator[Any]:
    """A new workbook at `path`; the same contents give the same bytes. Raises `OSError` where it cannot be written."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    try:
        with Workbook(str(path), {"in_memory": True}) as book:
            book.set_properties({"title": title, "created": CREATED})
            yield book
    except FileCreateError as error:
        raise OSError(str(error)) from error


def looks(book: Any) -> Looks:
    """The formats that the sheets use."""
    text = {"text_wrap": True, "valign": "top"}
    framed = {**text, "border": 1, "border_color": "#BFBFBF"}
    named = {
        "text": text,
        "bold": {**text, "bold": True},
        "number": {**text, "align": "center"},
        "title": {"bold": True, "font_size": 16},
        "head": {**framed, "bold": True, "bg_color": "#1F4E78", "font_color": "#FFFFFF"},
        "id": {**framed, "italic": True, "font_size": 9, "bg_color": "#D6DCE4", "font_color": "#404040"},
        "law": {**framed, "font_size": 9, "bg_color": "#F2F2F2"},
        "score": {**text, "num_format": "0.00"},
        "days": {**text, "num_format": "#,##0.##"},
    }
    for group in ("finding", "requirement"):
        for status, words in terms()[group].items():
            named[f"{group}.{status}"] = {**framed, "bg_color": words["ground"].upper()}
    return {name: book.add_format(look) for name, look in named.items()}


def headed(book: Any, formats: Looks, name: str, columns: Sequence[Column], rows: int, *, above: int = 0) -> Any:
    """A sheet with headings, ids and widths, `above` rows free over them.

    Header and first column stay in view, the row of ids filters `rows` rows.
    """
    sheet = book.add_worksheet(name)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(above, at, fit(column.vi), formats["head"])
        sheet.write_string(above + 1, at, fit(column.id), formats["id"])
    first = above + HEADER
    printed(sheet, wide=1 + sum(column.width for column in columns) // PRINTED)
    sheet.repeat_rows(0, first - 1)
    sheet.repeat_columns(0)
    sheet.freeze_panes(first, 1)
    sheet.autofilter(first - 1, 0, max(first, first + rows - 1), len(columns) - 1)
    return sheet


def printed(sheet: Any, wide: int = 1) -> None:
    """Landscape, A3, `wide` pages beside each other."""
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(wide, 0)


def table(book: Any, formats: Looks, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> None:
    """A sheet of rows; those beyond what Excel holds are counted in its last row."""
    fitting = len(rows) if len(rows) <= ROWS - HEADER else ROWS - HEADER - 1
    sheet = headed(book, formats, name, columns, fitting)
    of_column = [formats.get(column.id, formats["text"]) for column in columns]
    status = {words["vi"]: formats[f"finding.{id}"] for id, words in terms()["finding"].items()}
    status |= {words["vi"]: formats[f"requirement.{id}"] for id, words in terms()["requirement"].items()}
    widths = [column.width for column in columns]
    for number, row in enumerate(rows[:fitting], HEADER):
        sheet.set_row(number, height(row, widths))
        for at, (column, value) in enumerate(zip(columns, row, strict=True)):
            put(sheet, number, at, value, status[str(value)] if column.id == "status" else of_column[at])
    if fitting < len(rows):
        note = f"… còn {len(rows) - fitting} dòng: Excel không chứa hết, xem các tệp CSV"
        sheet.write_string(HEADER + fitting, 0, note, formats["bold"])


def put(sheet: Any, row: int, column: int, value: Value, look: Any) -> None:
    """Writes text as text, never as formula or link, and numbers as numbers."""
    if isinstance(value, str):
        sheet.write_string(row, column, fit(value), look)
    else:
        sheet.write_number(row, column, value, look)


def link(sheet: Any, row: int, column: int, target: str, text: str, look: Any) -> None:
    """A cell that leads to a place in the workbook or to a web page; plain text where the target is neither."""
    leads = target.startswith(("internal:", "https://", "http://")) and len(target) <= LONGEST_URL
    if leads and sheet.hlink_count < LINKS:
        sheet.write_url(row, column, fit(target), look, fit(text))
    else:
        sheet.write_string(row, column, fit(text), look)


def proved(sheet: Any, row: int, column: int, text: str, look: Any, evidence: Sequence[Evidence], first: int) -> None:
    """A cell with its quotes as a note, which leads to row `first` (from 0) of the sheet of evidence."""
    link(sheet, row, column, f"internal:'{EVIDENCE}'!A{first + HEADER + 1}", text, look)
    note = fit("\n\n".join(f"câu {e.sentence}: “{e.quote}”" for e in evidence), LONGEST_NOTE)
    sheet.write_comment(row, column, note, {"width": 420, "height": 60 + len(note) // 4, "font_size": 9})


def lines(
    sheet: Any, formats: Looks, row: int, heading: Sequence[str], rows: Sequence[Sequence[Value]], widths: Sequence[int]
) -> int:
    """Writes rows below a heading, each high enough for its text in columns of `widths` characters.

    Returns where the next part begins, a blank row below.
    """
    for at, text in enumerate(heading):
        sheet.write_string(row, at, text, formats["head"])
    for number, line in enumerate(rows, row + 1):
        sheet.set_row(number, height(line, widths))
        for at, value in enumerate(line):
            look = "number" if not isinstance(value, str) else "text" if at else "bold"
            put(sheet, number, at, value, formats[look])
    return row + len(rows) + 2


def height(line: Sequence[Value], widths: Sequence[int]) -> int:
    """Points that a row needs: a program that opens the file does not measure wrapped text by itself."""
    wrapped = (
        sum(1 + len(part) // width for part in str(value).split("\n"))
        for value, width in zip(line, widths, strict=False)
    )
    return LINE * min(MOST_LINES, max(wrapped, default=1))


def names(every: Sequence[str], most: int = 5) -> str:
    """The first names, and how many more there are: one screen must do for five hundred vendors."""
    more = f" … và {len(every) - most} mục khác" if len(every) > most else ""
    return "; ".join(every[:most]) + more


def fit(text: str, longest: int = LONGEST) -> str:
    """The text without what XML cannot hold, cut with a mark where it is longer than Excel takes."""
    clean = _UNWRITABLE.sub("\ufffd", text)
    if 2 * len(clean) <= longest:  # however many of its characters count as two
        return clean
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return clean
    return units[: 2 * (longest - len(CUT))].decode("utf-16-le", "ignore") + CUT
