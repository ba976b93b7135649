"""PDF -> plain text: the text layer in reading order, columns one after the other, wrapped lines joined.

Lines that come again on most pages, and page numbers, are left out. Tables with ruled cells are rows. A PDF of scans
has no text layer and is refused by name, as are encrypted and broken ones.
"""

import io
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from pipeline.errors import DamagedFile, EncryptedPdf, FileTooLarge, ScannedPdf
from pipeline.formats.blocks import MARKER, Block, as_text, clean

PAGES = 300
"""Pages. The longest real policies have some dozens; each page takes a tenth of a second."""

UNPACKED = 50_000_000
"""Bytes that the streams of a file may have together, unpacked: five times the largest file that is read."""

MARGIN = 0.12
"""Share of a page's height at its top and bottom where running headers and footers stand."""

GUTTER = 12.0
"""Points of white between two columns: three times the widest space between words."""

CROSSING = 0.15
"""Share of lines that may cross the gutter: titles over both columns."""

PARAGRAPH = 1.5
"""Distance of two lines, in heights of a line beyond the usual, from which a new paragraph begins."""

UNEVEN = 0.25
"""Heights of a letter by which another font may set it higher or lower; twice that is the next line."""

LARGER = 1.15
"""Size of the letters of a heading, in those of the text."""

TITLE_WORDS = 25
"""Words in the longest line that is a heading."""

BROKEN = (ArithmeticError, LookupError, ValueError, TypeError, AttributeError, RuntimeError, AssertionError, OSError)
"""What the libraries raise, besides their own errors, on numbers and references that are not what they should be."""

_NUMBER = re.compile(r"(?:trang|page)?\s*[-–]?\s*\d{1,3}\s*(?:(?:/|of|trên)\s*\d{1,3})?\s*[-–]?", re.IGNORECASE)
_PRINTED = re.compile(
    r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d\d.*|\d{1,2}:\d\d,? \d{1,2}[/.]\d{1,2}[/.]\d{2,4}.*"
    r"|(?:https?|file)://\S+(?: \d+/\d+)?"
)
"""What browsers print above and below a page: time and title, address and number."""
_STREAM = re.compile(rb"stream\r?\n")
_BROKEN_WORD = re.compile(r"[^\W\d_]{2,}-$")


@dataclass(slots=True)
class _Line:
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


def plain_text(raw: bytes, name: str) -> str:
    """The document's text; raises a `DocumentError` where it has none that can be read."""
    if not raw.lstrip()[:5] == b"%PDF-" or b"%%EOF" not in raw[-2048:]:
        raise DamagedFile(name, "no whole PDF: it breaks off, or is of another kind", "Download it again")
    if _unpacked(raw) > UNPACKED:
        raise FileTooLarge(name, f"it unpacks to more than {UNPACKED // 1_000_000} MB", "Keep the policy's text alone")
    lines, pictures = _read(raw, name)
    if not lines and pictures:
        raise ScannedPdf(name, "pictures of pages without text", "Run text recognition on it, or find the text")
    return as_text(_blocks(_without_running_lines(lines)))


def _unpacked(raw: bytes) -> int:
    """Bytes of all compressed streams together, counted up to what is too much."""
    total = 0
    for found in _STREAM.finditer(raw):
        end = raw.find(b"endstream", found.end())
        try:
            piece = zlib.decompressobj().decompress(raw[found.end() : end if end > 0 else len(raw)], UNPACKED + 1)
        except zlib.error:
            continue
        total += len(piece)
        if total > UNPACKED:
            break
    return total


def _read(raw: bytes, name: str) -> tuple[list[_Line], int]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its warnings would stand among the messages of a run
    lines: list[_Line] = []
    pictures = 0
    try:
        with pdfplumber.open(io.BytesIO(raw)) as document:
            if len(document.pages) > PAGES:
                raise FileTooLarge(name, f"more than {PAGES} pages", "Keep the policy's pages alone")
            for page in document.pages:
                lines += _page_lines(page)
                pictures += len(page.images)
                page.close()
    except (MalformedPDFException, PdfminerException, PDFException, *BROKEN) as error:
        causes = (error, *error.args, error.__cause__, error.__context__)
        if any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in causes):
            raise EncryptedPdf(name, "it opens with a password only", "Save it without a password") from error
        raise DamagedFile(name, f"the PDF cannot be read ({type(error).__name__})", "Save it as PDF again") from error
    return lines, pictures


def _page_lines(page: Any) -> list[_Line]:
    """The lines of a page in reading order."""
    tables = [t for t in page.find_tables() if len(t.rows) > 1 and max(len(r.cells) for r in t.rows) > 1]
    words = [
        w
        for w in page.extract_words(return_chars=True, use_text_flow=False, y_tolerance=_unevenness(page.chars))
        if not any(
            t.bbox[0] <= w["x0"] <= t.bbox[2] and t.bbox[1] <= (w["top"] + w["bottom"]) / 2 <= t.bbox[3] for t in tables
        )
    ]
    lines = _in_order(page, words)
    for table in tables:
        place = next((i for i, line in enumerate(lines) if line.top > table.bbox[1]), len(lines))
        lines[place:place] = _table_lines(table, page)
    return lines


def _unevenness(chars: Sequence[dict[str, Any]]) -> float:
    """Points by which letters of one line may differ in height: where a font lacks Vietnamese letters, another stands
    in within the word, with other measures."""
    sizes = [float(c["size"]) for c in chars] or [0.0]
    return max(3.0, min(UNEVEN * max(sizes), 2 * UNEVEN * median(sizes)))


def _table_lines(table: Any, page: Any) -> Iterator[_Line]:
    left, top, right, _ = table.bbox
    for row in table.extract():
        if text := " | ".join(clean(cell or "").strip() for cell in row).strip(" |"):
            yield _Line(
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


def _in_order(page: Any, words: Sequence[dict[str, Any]]) -> list[_Line]:
    """Lines of one column after those of the other, between lines that go over both."""
    rows = _rows(words)
    gutter = _gutter(page.width, rows)
    everywhere = max((w["x1"] for w in words), default=0.0)
    if gutter is None:
        return [_line(row, page, everywhere) for row in rows]
    edge = max((w["x1"] for w in words if w["x1"] < gutter), default=gutter)
    lines: list[_Line] = []
    left: list[_Line] = []
    right: list[_Line] = []
    for row in rows:
        if any(w["x0"] < gutter < w["x1"] for w in row) or _spans(row, gutter):
            lines += [*left, *right, _line(row, page, everywhere)]
            left, right = [], []
            continue
        for side, column in ((True, left), (False, right)):
            if part := [w for w in row if (w["x0"] < gutter) == side]:
                column.append(_line(part, page, edge if side else everywhere))
    return [*lines, *left, *right]


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


def _gutter(width: float, rows: Sequence[Sequence[dict[str, Any]]]) -> float | None:
    """The middle of the white strip between two columns of text; `None` where there is one column."""
    if len(rows) < 4:
        return None
    best: tuple[int, float] | None = None
    for x in range(int(0.3 * width), int(0.7 * width), 4):
        crossing = sum(1 for row in rows if any(w["x0"] - GUTTER / 2 < x < w["x1"] + GUTTER / 2 for w in row))
        if best is None or crossing < best[0]:
            best = (crossing, float(x))
    if best is None or best[0] > CROSSING * len(rows):
        return None
    middle = best[1]
    sides = [sum(1 for row in rows for w in row if (w["x0"] < middle) == side) for side in (True, False)]
    lines = [sum(1 for row in rows if any((w["x0"] < middle) == side for w in row)) for side in (True, False)]
    return middle if min(lines) > 3 and min(s / n for s, n in zip(sides, lines, strict=True)) > 2.5 else None


def _line(row: Sequence[dict[str, Any]], page: Any, edge: float) -> _Line:
    return _Line(
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


def _without_running_lines(lines: Sequence[_Line]) -> list[_Line]:
    """Without headers and footers: lines at the edge that come again on most pages, digits apart, and page numbers."""
    pages = len({line.page for line in lines})
    edge = [line for line in lines if _at_edge(line)]
    often = Counter(text for text, _ in {(_digitless(line.text), line.page) for line in edge})
    return [
        line
        for line in lines
        if not _at_edge(line)
        or not (
            _NUMBER.fullmatch(line.text)
            or _PRINTED.fullmatch(line.text)
            or (pages > 1 and 2 * often[_digitless(line.text)] > pages)
        )
    ]


def _at_edge(line: _Line) -> bool:
    return not MARGIN < line.top / line.height < 1 - MARGIN


def _digitless(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _blocks(lines: Sequence[_Line]) -> Iterator[Block]:
    """Paragraphs of the lines, headings apart."""
    if not lines:
        return
    size = median([line.size for line in lines if not line.row] or [0.0])
    gaps = [b.top - a.top for a, b in pairwise(lines) if a.page == b.page and b.top > a.top]
    usual = median(gaps) if gaps else size
    text, above = "", lines[0]
    for line in [*lines, None]:
        if line is not None and text and _goes_on(above, line, usual):
            text, above = _joined(text, line.text), line
            continue
        if text:
            yield _block(text, above, size)
        if line is not None:
            text, above = line.text, line


def _goes_on(above: _Line, line: _Line, usual: float) -> bool:
    """Whether a line is the rest of the paragraph above: its first word would not have fitted there."""
    if line.row or above.row or abs(above.size - line.size) > 0.5 or above.bold != line.bold or MARKER.match(line.text):
        return False
    same_column = line.page == above.page and line.top > above.top
    if same_column and line.top - above.top > PARAGRAPH * usual:
        return False
    return above.right + line.width >= above.edge and (same_column or above.text[-1] not in ".:;!?")


def _joined(text: str, following: str) -> str:
    """Two parts of a broken line; a hyphen that only broke a word goes.

    >>> _joined("thông tin infor-", "mation"), _joined("thu thập", "dữ liệu"), _joined("https://a.example/", "bao-mat")
    ('thông tin information', 'thu thập dữ liệu', 'https://a.example/bao-mat')
    """
    last = text.rsplit(" ", 1)[-1]
    if _BROKEN_WORD.fullmatch(last) and following[0].islower():
        return text[:-1] + following
    address = ("://" in last or "@" in last) and last[-1] in "/-._@=&?"
    return text + following if address or (last.endswith("-") and len(last) > 1) else f"{text} {following}"


def _block(text: str, line: _Line, size: float) -> Block:
    if line.row:
        return Block("row", text)
    titled = line.bold or line.size > LARGER * size
    heading = titled and len(text.split()) <= TITLE_WORDS and not text.endswith((".", ";", ","))
    return Block("heading" if heading else "line", text)
