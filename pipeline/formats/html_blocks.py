"""HTML -> its blocks in the order of the document, each with what the page says of its place.

Headings keep their line, as does the bold beginning of a paragraph that a full stop ends; list items keep the marker
that a browser shows, tables give rows. What stands in menus, footers and dialogs is marked, and what is hidden at
first: whether it belongs to the text is not decided here.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from pipeline.formats.blocks import Block, Kind, clean, heads_paragraph
from pipeline.formats.dom import (
    BREAKING,
    HEADINGS,
    SKIPPED,
    Attributes,
    attributes,
    events,
    is_bold,
    is_element,
    is_hidden,
    keeps_space,
    leads_away,
    opens,
    protected_email,
    shows_symbols,
)
from pipeline.formats.html_lists import Numbering, numbering, whole
from pipeline.formats.html_tables import data_rows

PARAGRAPHS = frozenset(["p", "blockquote", "pre", "table"])
LISTS = frozenset(["ol", "ul", "menu", "dir"])

CHROME = frozenset(["nav", "footer", "aside", "menu", "dialog", "header", "button", "search"])
"""Elements that hold what stands around the text on every page of a site; also ROLES and CHROME_NAMES."""

ROLES = frozenset([
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar",
    "toolbar",
])

CHROME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|topnav|menu|submenu|sidebar|footer|breadcrumbs?|cookies?|consent|gdpr|popup|modal|share|sharing|"
    r"related|comments?|newsletter|subscribe|pagination|pager|toc|skip|offcanvas|toolbar|topbar|minicart|cart)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names that builders of pages give to such parts."""

TEXT = frozenset(["html", "body", "main", "article"])
"""Elements that hold the text itself, whatever they are called."""

BOLD_LEVEL = 7
"""Level of headings that are no more than bold, or terms of a list: below those of HTML."""

TITLE_WORDS = 25
"""Words in the longest bold line that is a heading."""


@dataclass(slots=True)
class Placed:
    """A block. `level` is that of a heading: 1 to 6, 7 where only its letters say so; 0 for all others."""

    block: Block
    level: int


@dataclass(slots=True)
class Element:
    """An element that begins a line: its blocks are `start` to `end`.

    `hidden`: not shown at first; `chrome`: by its kind or name a place for what is not the text.
    """

    start: int
    end: int = 0
    hidden: bool = False
    chrome: bool = False


@dataclass(slots=True)
class Page:
    """All blocks of a page and the elements around them, outer ones first."""

    blocks: list[Placed] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """An element that the walk is in: what it says of all that stands inside."""

    tag: str = ""
    linked: bool = False
    bold: bool = False
    kept_space: bool = False
    symbols: bool = False
    level: int = 0
    in_list: bool = False
    numbers: Numbering | None = None
    element: Element | None = None


def blocks_of(root: Any, most: int) -> Page:
    """The blocks below a DOM node, in linear time; it ends when it has `most` of them."""
    walk = _Walk()
    for node, entering in events(root, walk.enter):
        if not entering and is_element(node):
            walk.leave()
        if len(walk.page.blocks) >= most:
            break
    walk.end_line()
    return walk.page


class _Walk:
    """The elements that are open, and the line that is being gathered."""

    def __init__(self) -> None:
        self.page = Page()
        self.open = [_Open()]
        self.parts: list[str] = []
        self.linked = self.bold = self.lead = 0
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
            self._break()
        said = attributes(node)
        self._open(node, said)
        if tag in SKIPPED:
            return False
        if tag == "table" and (rows := data_rows(node, said)) is not None:
            for row in rows:
                self._emit(row)
            return False
        if address := protected_email(said):
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

    def _open(self, node: Any, said: Attributes) -> None:
        tag, above = node.tag, self.open[-1]
        breaking = tag in BREAKING
        if breaking:
            self.end_line()
        current = _Open(
            tag=tag,
            linked=above.linked or leads_away(tag, said),
            bold=above.bold or is_bold(tag, said),
            kept_space=above.kept_space or keeps_space(tag, said),
            symbols=above.symbols or shows_symbols(said),
            level=above.level or _level(tag, said),
            in_list=above.in_list or tag in LISTS,
            numbers=numbering(node, said) if tag in LISTS else above.numbers,
            element=_element(node, said, len(self.page.blocks), breaking),
        )
        if current.element is not None:
            self.page.elements.append(current.element)
        if tag in PARAGRAPHS and not above.in_list:
            self.apart = True
        if tag == "li":
            self.marker = above.numbers.marker(said) if above.numbers else "- "
        self.open.append(current)

    def _text(self, text: str) -> None:
        current = self.open[-1]
        if current.symbols and len(text.strip()) == 1:
            text = "• "  # a letter that the font shows as a bullet
        if current.kept_space and "\n" in text:
            text, *others = text.split("\n")
            for line in others:
                self._text(text)
                self._break()
                text = line
        letters = len("".join(text.split()))
        self.parts.append(text)
        if self.lead == len(self.parts) - 1 and (current.bold or not letters):
            self.lead += 1  # all of the line so far is bold
        self.linked += letters * current.linked
        self.bold += letters * current.bold

    def _break(self) -> None:
        """A line break within an element; a second one leaves an empty line."""
        if not clean("".join(self.parts)).strip():
            self.apart = True
        self.end_line()

    def end_line(self) -> None:
        """Makes a block of the line gathered so far."""
        if not self.parts:
            return
        text, lead = (clean("".join(parts)).strip() for parts in (self.parts, self.parts[: self.lead]))
        linked, bold = self.linked, self.bold
        self.parts, self.linked, self.bold, self.lead = [], 0, 0, 0
        if not text:
            return
        level = self.open[-1].level
        if not level and not self.marker and bold >= 0.9 * len(text.replace(" ", "")) and _is_title(text):
            level = BOLD_LEVEL
        if not level and not self.marker and heads_paragraph(lead, text):
            self._emit(Block("line", lead, apart=True))
            text = text[len(lead) :].lstrip()
        kind: Kind = "heading" if level else "item" if self.marker else "line"
        apart = self.apart and kind != "item"
        self._emit(Block(kind, text, self.marker, apart, min(linked, len(text))), level)

    def _emit(self, block: Block, level: int = 0) -> None:
        self.page.blocks.append(Placed(block, level))
        self.marker, self.apart = "", False


def _level(tag: str, said: Attributes) -> int:
    if tag in HEADINGS:
        return int(tag[1]) if tag[0] == "h" else BOLD_LEVEL
    if opens(tag, said):
        return BOLD_LEVEL
    return whole(said.get("aria-level", ""), 2) if said.get("role") == "heading" else 0


def _is_title(text: str) -> bool:
    return len(text.split()) <= TITLE_WORDS and not text.endswith((".", ";", ",", ":"))


def _element(node: Any, said: Attributes, start: int, breaking: bool) -> Element | None:
    """The element, if it begins a line or has something to say of its blocks."""
    hidden, chrome = is_hidden(said), _is_chrome(node, said, breaking)
    return Element(start, hidden=hidden, chrome=chrome) if breaking or hidden or chrome else None


def _is_chrome(node: Any, said: Attributes, breaking: bool) -> bool:
    tag = node.tag
    named = said and (
        said.get("role", "").lower() in ROLES
        or (breaking and CHROME_NAMES.search(f"{said.get('class', '')} {said.get('id', '')}") is not None)
    )
    if not (named or tag in CHROME):
        return False
    return not (tag in TEXT or opens(tag, said) or node.parent.tag in HEADINGS)
