"""HTML -> its blocks in the order of the document, each with what the page says of its place.

Headings keep their line, list items the marker that a browser shows, tables give rows. What stands in menus, footers
and dialogs is marked, and what is hidden at first: whether it belongs to the text is not decided here.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from pipeline.formats.blocks import Block, clean
from pipeline.formats.dom import (
    BREAKING,
    HEADINGS,
    SKIPPED,
    events,
    is_bold,
    is_element,
    is_hidden,
    keeps_space,
    protected_email,
    said,
    shows_symbols,
)
from pipeline.formats.html_lists import Numbering, numbering
from pipeline.formats.html_tables import data_rows

PARAGRAPHS = frozenset("p blockquote pre table".split())
LISTS = frozenset("ol ul menu dir".split())

CHROME = frozenset("nav footer aside menu dialog header button search".split())
"""Elements that hold what stands around the text on every page of a site; also ROLES and CHROME_NAMES."""

ROLES = frozenset("navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar".split())

CHROME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|topnav|menu|submenu|sidebar|footer|breadcrumbs?|cookies?|consent|gdpr|popup|modal|share|sharing|"
    r"related|comments?|newsletter|subscribe|pagination|pager|toc|skip|offcanvas|toolbar|topbar|minicart|cart)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names that builders of pages give to such parts."""

TEXT = frozenset("html body main article".split())
"""Elements that hold the text itself, whatever they are called."""

TITLE_WORDS = 25
"""Words in the longest bold line that is a heading."""


@dataclass(slots=True)
class Placed:
    """A block, and whether it is hidden at first, or stands where sites put what is not the text."""

    block: Block
    hidden: bool
    chrome: bool


@dataclass(slots=True)
class Element:
    """An element that begins a line: its blocks are `start` to `end`."""

    start: int
    end: int = 0


@dataclass(slots=True)
class Page:
    """All blocks of a page and the elements around them, outer ones first."""

    blocks: list[Placed] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """An element that the walk is in: what it says of all that stands inside."""

    tag: str = ""
    hidden: bool = False
    chrome: bool = False
    linked: bool = False
    bold: bool = False
    kept_space: bool = False
    symbols: bool = False
    heading: bool = False
    in_list: bool = False
    numbers: Numbering | None = None
    element: Element | None = None


def blocks_of(root: Any) -> Page:
    """The blocks below a DOM node, in linear time."""
    walk = _Walk()
    for node, entering in events(root, walk.enter):
        if not entering and is_element(node):
            walk.leave()
    walk.end_line()
    return walk.page


class _Walk:
    """The elements that are open, and the line that is being gathered."""

    def __init__(self) -> None:
        self.page = Page()
        self.open = [_Open()]
        self.parts: list[str] = []
        self.linked = self.bold = 0
        self.marker = ""
        self.apart = False

    def enter(self, node: Any) -> bool:
        """Takes in the begin of a node; whether the walk shall go on below it."""
        tag = node.tag
        if tag == "#text":
            self._text(node.value)
        if not is_element(node):
            return bool(tag == "#document")
        if tag == "br":
            self.end_line()
        self._open(node)
        if tag in SKIPPED:
            return False
        if tag == "table" and (rows := data_rows(node)) is not None:
            for row in rows:
                self._emit(row)
            return False
        if address := protected_email(node):
            self._text(address)
            return False
        return True

    def leave(self) -> None:
        """Takes in the end of the innermost element."""
        closing = self.open[-1]
        if closing.tag in BREAKING:
            self.end_line()
        self.open.pop()
        if closing.tag == "li":
            self.marker = ""
        if closing.tag in PARAGRAPHS | LISTS and not self.open[-1].in_list:
            self.apart = True
        if closing.element is not None:
            closing.element.end = len(self.page.blocks)

    def _open(self, node: Any) -> None:
        tag, above = node.tag, self.open[-1]
        breaking = tag in BREAKING
        if breaking:
            self.end_line()
        current = _Open(
            tag=tag,
            hidden=above.hidden or is_hidden(node),
            chrome=(above.chrome or _is_chrome(node, breaking)) and tag not in TEXT and not above.heading,
            linked=above.linked or tag == "a",
            bold=above.bold or is_bold(node),
            kept_space=above.kept_space or keeps_space(node),
            symbols=above.symbols or shows_symbols(node),
            heading=above.heading or tag in HEADINGS or said(node, "role") == "heading",
            in_list=above.in_list or tag in LISTS,
            numbers=numbering(node) if tag in LISTS else above.numbers,
            element=Element(len(self.page.blocks)) if breaking else None,
        )
        if current.element is not None:
            self.page.elements.append(current.element)
        if tag in PARAGRAPHS and not above.in_list:
            self.apart = True
        if tag == "li":
            self.marker = above.numbers.marker(node) if above.numbers else "- "
        self.open.append(current)

    def _text(self, text: str) -> None:
        current = self.open[-1]
        if current.symbols and len(text.strip()) == 1:
            text = "• "  # a letter that the font shows as a bullet
        if current.kept_space and "\n" in text:
            text, *others = text.split("\n")
            for line in others:
                self._text(text)
                self.end_line()
                text = line
        letters = len("".join(text.split()))
        self.parts.append(text)
        self.linked += letters * current.linked
        self.bold += letters * current.bold

    def end_line(self) -> None:
        """Makes a block of the line gathered so far."""
        text = clean("".join(self.parts)).strip()
        linked, bold = self.linked, self.bold
        self.parts, self.linked, self.bold = [], 0, 0
        if text:
            heading = self.open[-1].heading or (bold >= 0.9 * len(text.replace(" ", "")) and _is_title(text))
            kind = "heading" if heading and (self.open[-1].heading or not self.marker) else "item" if self.marker else "line"
            self._emit(Block(kind, text, self.marker, self.apart and kind != "item", min(linked, len(text))))

    def _emit(self, block: Block) -> None:
        self.page.blocks.append(Placed(block, self.open[-1].hidden, self.open[-1].chrome))
        self.marker, self.apart = "", False


def _is_title(text: str) -> bool:
    return len(text.split()) <= TITLE_WORDS and not text.endswith((".", ";", ",", ":"))


def _is_chrome(node: Any, breaking: bool) -> bool:
    role = said(node, "role").lower()
    named = breaking and bool(CHROME_NAMES.search(f"{said(node, 'class')} {said(node, 'id')}"))
    return node.tag in CHROME or role in ROLES or named
