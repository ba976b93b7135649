"""Markdown -> plain text: the markup taken off, the structure kept as lines.

>>> print(plain_text("# Chính sách\\n\\nXem [trang này](https://a.vn) để **biết**:\\n\\n- Họ tên\\n- Email"), end="")
Chính sách
<BLANKLINE>
Xem trang này để biết:
- Họ tên
- Email
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)
"""HTML inside Markdown is markup too; what stands between tags is text."""


MARKS = 30_000
"""Signs of markup from which a text is none: rulers, drawings, lists of addresses. Policies have some hundreds."""

_MARK = re.compile(r"[\[*_`<&\\]")


def plain_text(markdown: str) -> str:
    """Headings and paragraphs as lines between blank lines, list items with their marker, table rows with ` | `."""
    from markdown_it import MarkdownIt

    if len(_MARK.findall(markdown)) > MARKS:
        return markdown
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    return "\n".join(_lines(tokens)).strip("\n") + "\n"


def _lines(tokens: Sequence[Any]) -> Iterator[str]:
    marker, cell = "", False
    numbers: list[int | None] = []
    row: list[str] = []
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            numbers.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            number = numbers[-1]
            marker = "- " if number is None else f"{number}. "
            numbers[-1] = None if number is None else number + 1
        elif token.type in ("heading_open", "paragraph_open") and not numbers:
            yield ""
        elif token.type in ("td_open", "th_open"):
            cell = True
        elif token.type in ("td_close", "th_close"):
            cell = False
        elif token.type == "tr_close":
            yield " | ".join(row)
            row = []
        elif token.type == "inline":
            text = _inline(token.children)
            if cell:
                row.append(text.replace("\n", " "))
            else:
                yield marker + text
                marker = ""
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")
        elif token.type == "html_block":
            yield "\n" + _TAG.sub("", token.content).strip("\n")


def _inline(children: Sequence[Any]) -> str:
    return "".join("\n" if _breaks(c) else "" if c.type == "html_inline" else c.content for c in children)


def _breaks(child: Any) -> bool:
    return child.type in ("softbreak", "hardbreak") or (child.type == "html_inline" and child.content.startswith("<br"))
