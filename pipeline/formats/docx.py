"""DOCX -> plain text: headings, list items with the numbers that a word processor shows, tables as rows.

Text boxes stand behind the paragraph that holds them, footnotes and endnotes at the end. Headers, footers, comments
and deleted text are left out.
"""

import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from pipeline.errors import DamagedFile, ZipBomb
from pipeline.formats.blocks import Block, Kind, as_text, clean, heads_paragraph
from pipeline.formats.html_lists import numeral

UNPACKED = 100_000_000
"""Bytes that the parts of a document may have together: ten times the largest file that is read."""

PARTS = 5_000
"""Files in the archive. A document with a picture on every page has some hundreds."""

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEFT_OUT = frozenset({f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{W}tbl"})
"""Elements of a paragraph whose text is not the paragraph's."""

BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError),
    *(LookupError, ValueError, TypeError, AttributeError),
)
"""What the libraries raise on archives and XML that are not what they should be; the second line on missing parts."""

STYLES = {"decimal": "1", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
TITLE_WORDS = 25
"""Words in the longest bold paragraph that is a heading."""


def plain_text(raw: bytes, name: str) -> str:
    """The document's text; raises a `DocumentError` where it is none or would unpack to too much."""
    _check(raw, name)
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        return as_text(_blocks(docx.Document(io.BytesIO(raw))))
    except (PackageNotFoundError, XMLSyntaxError, *BROKEN) as error:
        raise _damaged(name) from error


def _check(raw: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged(name) from error
    if len(entries) > PARTS or sum(entry.file_size for entry in entries) > UNPACKED:
        raise ZipBomb(name, f"it unpacks to more than {UNPACKED // 1_000_000} MB", "Save the text alone as DOCX")
    if not any(entry.filename == "word/document.xml" for entry in entries):
        raise _damaged(name)


def _damaged(name: str) -> DamagedFile:
    return DamagedFile(name, "no whole DOCX (broken off, encrypted, or of another kind)", "Save it as DOCX again")


def _blocks(document: Any) -> Iterator[Block]:
    styles = _styles(document)
    numbering = _Numbering(document, styles)
    apart = False
    for element in _body(document.element.body):
        if element.tag == f"{W}tbl":
            yield from _rows(element)
            apart = True
            continue
        lines = [clean(line).strip() for line in _text(element).split("\n")]
        marker = numbering.marker(element)
        lead = "" if marker else _bold_beginning(element)
        if heads_paragraph(lead, lines[0]):
            yield Block("line", lead, apart=True)
            lines[0], apart = lines[0][len(lead) :].lstrip(), False
        for line in filter(None, lines):
            kind: Kind = "heading" if _is_heading(styles, element, line) else "item" if marker else "line"
            yield Block(kind, line, marker, apart=apart and kind != "item")
            marker, apart = "", False
        apart = apart or not any(lines) or numbering.last is None
        for box in element.iter(f"{W}txbxContent"):
            if not any(above.tag.endswith("}Fallback") for above in box.iterancestors()):
                yield from _plain(box)
    for note in _notes(document):
        yield from _plain(note)


def _plain(holder: Any) -> Iterator[Block]:
    """The paragraphs of a text box or a note."""
    for place, paragraph in enumerate(holder.iterchildren(f"{W}p")):
        for line in filter(None, (clean(line).strip() for line in _text(paragraph).split("\n"))):
            yield Block("line", line, apart=place == 0)


def _notes(document: Any) -> Iterator[Any]:
    """Footnotes and endnotes, without the lines that part them from the text."""
    from lxml import etree

    for relation in document.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            root = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
            yield from (note for note in root if note.get(f"{W}type") is None)


def _body(body: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those in content controls; not what stands in a table."""
    waiting = list(reversed(body))
    while waiting:
        element = waiting.pop()
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
        elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}smartTag", f"{W}customXml"):
            waiting.extend(reversed(element))


def _text(element: Any) -> str:
    parts: list[str] = []
    waiting = list(reversed(element))
    while waiting:
        node = waiting.pop()
        if node.tag == f"{W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{W}br", f"{W}cr"):
            parts.append("\n")
        elif node.tag == f"{W}tab":
            parts.append("\t")
        elif node.tag not in LEFT_OUT and isinstance(node.tag, str) and not node.tag.endswith("}Fallback"):
            waiting.extend(reversed(node))
    return "".join(parts)


def _rows(table: Any) -> Iterator[Block]:
    """A row a line. Cells of one column, and tables in cells, are lines of their own."""
    first = True
    for row in table.iterchildren(f"{W}tr"):
        cells = [" ".join(clean(_text(p)) for p in cell.iter(f"{W}p")).strip() for cell in row.iterchildren(f"{W}tc")]
        if any(cells):
            filled = [cell for cell in cells if cell]
            text = clean(" | ".join(cells).strip(" |") if len(filled) > 1 else filled[0])
            yield Block("row" if len(filled) > 1 else "line", text, apart=first)
            first = False


def _is_heading(styles: Mapping[str, Any], paragraph: Any, line: str) -> bool:
    named = _style_name(styles, paragraph)
    if (
        named.lower().startswith(("heading", "title", "subtitle"))
        or paragraph.find(f"{W}pPr/{W}outlineLvl") is not None
    ):
        return True
    runs = [run for run in paragraph.iter(f"{W}r") if any(t.text and t.text.strip() for t in run.iter(f"{W}t"))]
    short = len(line.split()) <= TITLE_WORDS and not line.endswith((".", ";", ",", ":"))
    return bool(runs) and short and all(map(_is_bold, runs))


def _bold_beginning(paragraph: Any) -> str:
    """The text of the bold runs with which a paragraph begins."""
    runs = takewhile(_is_bold, paragraph.iterchildren(f"{W}r"))
    return clean("".join(_text(run) for run in runs)).strip()


def _is_bold(run: Any) -> bool:
    """Whether a run says of itself that it is bold; one without letters does not end those that are."""
    bold = run.find(f"{W}rPr/{W}b")
    return (bold is not None and bold.get(f"{W}val") not in ("0", "false")) or not _text(run).strip()


def _styles(document: Any) -> dict[str, Any]:
    """The styles by id."""
    return {style.get(f"{W}styleId"): style for style in document.styles.element.iterchildren(f"{W}style")}


def _style_name(styles: Mapping[str, Any], paragraph: Any) -> str:
    """The name of a paragraph's style: names are English in every language of the program, ids are not."""
    used = paragraph.find(f"{W}pPr/{W}pStyle")
    found = None if used is None else styles.get(used.get(f"{W}val"))
    return "" if found is None else _value(found, "name")


class _Numbering:
    """Counts the numbered paragraphs of a document, level by level."""

    def __init__(self, document: Any, styles: Mapping[str, Any]) -> None:
        self.styles = styles
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        self.last: str | None = None
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # what python-docx raises where a document has no numbering
            return
        kinds = {a.get(f"{W}abstractNumId"): a for a in root.iterchildren(f"{W}abstractNum")}
        for num in root.iterchildren(f"{W}num"):
            link = num.find(f"{W}abstractNumId")
            kind = None if link is None else kinds.get(link.get(f"{W}val"))
            if kind is not None:
                self.levels[num.get(f"{W}numId")] = {
                    int(level.get(f"{W}ilvl")): (
                        _value(level, "numFmt"),
                        _value(level, "lvlText"),
                        int(_value(level, "start") or 1),
                    )
                    for level in kind.iterchildren(f"{W}lvl")
                }

    def marker(self, paragraph: Any) -> str:
        """The marker of a paragraph with the number that is its turn; empty where it is no list item."""
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        if properties is None:
            properties = self._of_style(paragraph)
        number = _value(properties, "numId") if properties is not None else ""
        self.last = number or None
        if not number or number == "0":
            self.last = None
            return ""
        depth = int(_value(properties, "ilvl") or 0)
        levels = self.levels.get(number, {})
        style, pattern, start = levels.get(depth, ("bullet", "", 1))
        counts = self.counts[number]
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        if style not in STYLES:
            return "- "
        for level in range(depth + 1):
            kind, _, first = levels.get(level, ("decimal", "", 1))
            pattern = pattern.replace(f"%{level + 1}", numeral(counts.get(level, first), STYLES.get(kind, "1")))
        return f"{pattern.strip()} "

    def _of_style(self, paragraph: Any) -> Any:
        used = paragraph.find(f"{W}pPr/{W}pStyle")
        found = None if used is None else self.styles.get(used.get(f"{W}val"))
        return None if found is None else found.find(f"{W}pPr/{W}numPr")


def _value(element: Any, name: str) -> str:
    found = element.find(f"{W}{name}")
    return "" if found is None else found.get(f"{W}val") or ""
