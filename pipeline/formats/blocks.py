"""Blocks of a document -> lines of text: the layout that all formats share.

A blank line parts headings and paragraphs; items, table rows and lines of one paragraph follow each other.

>>> blocks = [Block("heading", "1. Dữ liệu"), Block("line", "Gồm có:"), Block("item", "Họ tên", marker="- "),
...           Block("item", "• Email", marker="- "), Block("line", "2."), Block("heading", "Lưu trữ")]
>>> print(as_text(blocks), end="")
1. Dữ liệu
<BLANKLINE>
Gồm có:
- Họ tên
• Email
<BLANKLINE>
2. Lưu trữ
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["heading", "line", "item", "row"]

MARKER = re.compile(
    r"(?:[-–—−•*+▪●◦○✓✔→▸■□❖➢►➤‣·∙◆♦★☆\uf000-\uf8ff]\s*"
    r"|(?:\(?(?:\d{1,2}(?:\.\d{1,2}){0,4}|[IVXivx]{1,5}|[a-zA-ZđĐ])[.):/]|\d{1,2}(?:\.\d{1,2}){1,4})(?:\s+|$)"
    r"|\d{1,2}[.)](?=[^\W\d_]))"
)
"""A marker that the text itself has: no other is set before it."""

LEAD_WORDS = 12
"""Words in the longest bold beginning of a paragraph that is a line of its own."""

_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A line of text. `apart`: a blank line stands before it; `linked`: characters of it that are links."""

    kind: Kind
    text: str
    marker: str = ""
    apart: bool = False
    linked: int = 0


def clean(text: str) -> str:
    """One space for any run of white space, no-break spaces too; no zero-width characters.

    >>> clean(" Bảo\\u200b\\xa0 mật\\n")
    ' Bảo mật '
    """
    return _SPACES.sub(" ", _ZERO_WIDTH.sub("", text))


def as_text(blocks: Iterable[Block]) -> str:
    """The blocks as lines; empty where there are none."""
    lines: list[str] = []
    above: Block | None = None
    for block in joined(blocks):
        if above is not None and (block.apart or "heading" in (block.kind, above.kind)):
            lines.append("")
        lines.append(line_of(block))
        above = block
    return "\n".join(lines) + "\n" if lines else ""


def line_of(block: Block) -> str:
    """The text behind its marker, unless it has one of its own."""
    return block.text if not block.marker or MARKER.match(block.text) else block.marker + block.text


def joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks; a number or bullet that stands alone goes before the text that follows it."""
    alone: Block | None = None
    for block in blocks:
        if alone is not None:
            if is_marker(block.text) or block.kind == "row":
                yield alone
            else:
                block = replace(block, text=f"{alone.text} {block.text}", marker="", apart=alone.apart or block.apart)
            alone = None
        if block.kind != "row" and is_marker(block.text):
            alone = block
        else:
            yield block
    if alone is not None:
        yield alone


def heads_paragraph(bold: str, text: str) -> bool:
    """Whether the bold words at the beginning of a paragraph are a line of their own: short, and a full stop ends them.

    A colon ends none: what stands before it is read with what follows.

    >>> text = "Lưu trữ. Hồ sơ được giữ hai năm."
    >>> [heads_paragraph(bold, text) for bold in ("Lưu trữ.", "Lưu trữ", "", text)]
    [True, False, False, False]
    """
    behind = text[len(bold) :].lstrip()
    return bold.endswith(".") and len(bold.split()) <= LEAD_WORDS and behind[:1].isupper()


def is_marker(text: str) -> bool:
    """Whether the text is nothing but a list or section marker.

    >>> [is_marker(t) for t in ("1.", "•", "IV.", "a)", "2.1", "5", "1. Họ tên")]
    [True, True, True, True, True, False, False]
    """
    found = MARKER.match(text)
    return found is not None and found.end() == len(text)
