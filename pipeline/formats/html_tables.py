"""Rows of an HTML table, unless the table only lays out the page."""

from typing import Any

from pipeline.formats.blocks import Block, clean
from pipeline.formats.dom import BREAKING, SKIPPED, Attributes, attributes, events, is_element, is_hidden, leads_away

LONGEST_CELL = 1_500
"""Characters in the longest cell of a table of data; longer ones are parts of a page that a table lays out."""

LAYOUT = frozenset(["table", "h1", "h2", "h3", "h4", "main", "article", "nav", "form"])
"""Elements that no cell of a table of data holds."""


def data_rows(table: Any, said: Attributes) -> list[Block] | None:
    """The rows as blocks; `None` where the table has one column or one row, or cells that are parts of the page."""
    if said.get("role") in ("presentation", "none"):
        return None
    rows: list[list[list[str]]] = []
    linked: list[int] = []
    links = 0

    def enter(node: Any) -> bool:
        return node == table or (node.tag not in SKIPPED and not (is_element(node) and is_hidden(attributes(node))))

    for node, entering in events(table, enter):
        tag = node.tag
        if tag == "a" and leads_away(tag, attributes(node)):
            links += 1 if entering else -1
        if tag == "#text":
            if entering and rows and rows[-1]:
                rows[-1][-1].append(node.value)
                linked[-1] += len("".join(node.value.split())) * (links > 0)
        elif tag in LAYOUT and node != table:
            return None
        elif tag == "tr" and entering:
            rows.append([])
            linked.append(0)
        elif tag in ("td", "th") and entering and rows:
            rows[-1].append([])
        elif (tag in BREAKING or tag == "br") and rows and rows[-1]:
            rows[-1][-1].append(" - " if tag == "li" and entering else " ")
    cells = [[clean("".join(parts)).strip() for parts in row] for row in rows]
    filled = [(row, links) for row, links in zip(cells, linked, strict=True) if any(row)]
    wide = [row for row, _ in filled if sum(map(bool, row)) > 1]
    if len(wide) < 2 or 2 * len(wide) < len(filled) or max(len(c) for row in wide for c in row) > LONGEST_CELL:
        return None
    return [Block("row", _row(row), apart=i == 0, linked=links) for i, (row, links) in enumerate(filled)]


def _row(cells: list[str]) -> str:
    return " | ".join(cells).strip(" |") if sum(map(bool, cells)) > 1 else "".join(cells)
