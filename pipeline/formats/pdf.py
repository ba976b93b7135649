"""PDF -> plain text: the text layer in reading order, columns one after the other, wrapped lines joined.

Lines that come again on most pages, and page numbers, are left out. Tables are rows, with rules and without. A PDF
of scans has no text layer and is refused by name, as are encrypted and broken ones.
"""

import io
import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median, quantiles

from pipeline.errors import DamagedFile, EncryptedPdf, FileTooLarge, ScannedPdf
from pipeline.formats.blocks import MARKER, Block, as_text
from pipeline.formats.pdf_lines import MARGIN, Line, lines_of

PAGES = 300
"""Pages. The longest real policies have some dozens; each page takes a tenth of a second."""

UNPACKED = 50_000_000
"""Bytes that the streams of a file may have together, unpacked: five times the largest file that is read."""

PARAGRAPH = 1.4
"""Distance of two lines, in heights of a line beyond the usual, from which a new paragraph begins."""

NEAR = 1.3
"""Distance of two lines, in heights of a line, from which a heading is another though the first leaves room for it."""

SPACING, SPACE = 1.0, 0.25
"""Distance of two lines of a heading, and width of the space between words, in sizes of the letters."""

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
_BROKEN_WORD = re.compile(r"[A-Za-z]{2,}- [a-z]+(?![^\W\d_])")
"""A word that a hyphen breaks, with its rest; syllables of Vietnamese are never broken, their hyphens are meant."""
_AWAITING = re.compile(r"\b(?:điều|khoản|điểm|mục|chương|phần|phụ lục|bảng)$", re.IGNORECASE)
"""A last word after which a number goes on, and begins no item."""


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


def _read(raw: bytes, name: str) -> tuple[list[Line], int]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its warnings would stand among the messages of a run
    lines: list[Line] = []
    pictures = 0
    try:
        with pdfplumber.open(io.BytesIO(raw)) as document:
            if len(document.pages) > PAGES:
                raise FileTooLarge(name, f"more than {PAGES} pages", "Keep the policy's pages alone")
            for page in document.pages:
                lines += lines_of(page)
                pictures += len(page.images)
                page.close()
    except (MalformedPDFException, PdfminerException, PDFException, *BROKEN) as error:
        causes = (error, *error.args, error.__cause__, error.__context__)
        if any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in causes):
            raise EncryptedPdf(name, "it opens with a password only", "Save it without a password") from error
        raise DamagedFile(name, f"the PDF cannot be read ({type(error).__name__})", "Save it as PDF again") from error
    return lines, pictures


def _without_running_lines(lines: Sequence[Line]) -> list[Line]:
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


def _at_edge(line: Line) -> bool:
    return not MARGIN < line.top / line.height < 1 - MARGIN


def _digitless(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """Paragraphs of the lines, headings apart."""
    if not lines:
        return
    size = median([line.size for line in lines if not line.row] or [0.0])
    usual = _distance(lines, size)
    text, above = "", lines[0]
    for line in [*lines, None]:
        if line is not None and text and _goes_on(above, line, usual, _is_titled(above, size)):
            text, above = _joined(text, line.text), line
            continue
        if text:
            yield _block(text, above, size)
        if line is not None:
            text, above = line.text, line


def _distance(lines: Sequence[Line], size: float) -> float:
    """The usual distance of two lines of a paragraph: of those that are full, where there are such, and the next."""
    pairs = [(a, b) for a, b in pairwise(lines) if a.page == b.page and b.top > a.top]
    full = [b.top - a.top for a, b in pairs if not (a.row or b.row) and _is_full(a, b)]
    gaps = full if len(full) > 1 else [b.top - a.top for a, b in pairs]
    return quantiles(gaps, n=4)[0] if len(gaps) > 1 else size


def _is_full(above: Line, line: Line) -> bool:
    """Whether the first word of a line would not have fitted into the line above."""
    return above.right + SPACE * line.size + line.width >= above.edge


def _goes_on(above: Line, line: Line, usual: float, titled: bool) -> bool:
    """Whether a line is the rest of the paragraph above: its first word would not have fitted there.

    The lines of a heading (`titled`) may be broken where their words would fit, and stand farther apart by their size.
    """
    if line.row or above.row or abs(above.size - line.size) > 0.5 or above.bold != line.bold:
        return False
    if MARKER.match(line.text) and not (_AWAITING.search(above.text) and line.text[0].isalnum()):
        return False
    same_column = line.page == above.page and line.top > above.top
    if same_column and line.top - above.top > PARAGRAPH * max(usual, SPACING * line.size * titled):
        return False
    if above.text.endswith(":") and line.text[0].isupper():
        return False
    if titled and same_column and above.text[-1] not in ".:;!?" and line.top - above.top < NEAR * max(usual, line.size):
        return True
    return _is_full(above, line) and (same_column or above.text[-1] not in ".:;!?")


def _is_titled(line: Line, size: float) -> bool:
    """Whether the letters of a line are those of headings; `size` is that of the text."""
    return not line.row and (line.bold or line.size > LARGER * size)


def _joined(text: str, following: str) -> str:
    """Two parts of a broken line; a hyphen that only broke a word goes.

    >>> _joined("thông tin infor-", "mation"), _joined("thu thập", "dữ liệu"), _joined("https://a.example/", "bao-mat")
    ('thông tin information', 'thu thập dữ liệu', 'https://a.example/bao-mat')
    >>> _joined("mã hóa đầu-", "cuối"), _joined("trong-", "ngoài")
    ('mã hóa đầu-cuối', 'trong-ngoài')
    """
    last = text.rsplit(" ", 1)[-1]
    if _BROKEN_WORD.match(f"{last} {following}"):
        return text[:-1] + following
    address = ("://" in last or "@" in last) and last[-1] in "/-._@=&?"
    return text + following if address or (last.endswith("-") and len(last) > 1) else f"{text} {following}"


def _block(text: str, line: Line, size: float) -> Block:
    if line.row:
        return Block("row", text)
    heading = _is_titled(line, size) and len(text.split()) <= TITLE_WORDS and not text.endswith((".", ";", ","))
    return Block("heading" if heading else "line", text)
