"""HTML -> the text of the policy on the page: menus, footers, adverts and scripts off, structure kept as lines.

>>> page = '''<nav><a href="/">Trang chủ</a></nav><h1>Chính sách bảo mật</h1><p>Chúng tôi thu thập:</p>
... <ol><li>Họ t&ecirc;n<li>Email</ol><footer>© 2024</footer>'''
>>> print(plain_text(page), end="")
Chính sách bảo mật
<BLANKLINE>
Chúng tôi thu thập:
1. Họ tên
2. Email
"""

import re

from pipeline.errors import FileTooLarge
from pipeline.formats.blocks import as_text
from pipeline.formats.dom import parse, size
from pipeline.formats.html_blocks import blocks_of
from pipeline.formats.main_content import is_link, policy_blocks

ESCAPED = re.compile(r"</(?:p|div|h[1-6]|li|ul|span)>|<br ?/?>|&[A-Za-z]+;|&#\d+;")
"""Markup that is left in the text of a page, because it was escaped once too often."""

ELEMENTS, LINES = 120_000, 40_000
"""Elements, and lines of text in them. Large shops have ten thousand elements on a page; as many take two seconds."""


def plain_text(html: str, name: str = "page") -> str:
    """The policy's text; empty where the page shows none. `name` is the page to blame where it is too large."""
    return texts(html, name)[0]


def texts(html: str, name: str = "page") -> tuple[str, str]:
    """The policy's text, and that of the whole page without its links: other policies on it, or in other languages."""
    root = parse(html)
    if size(root) > ELEMENTS:
        raise FileTooLarge(name, f"more than {ELEMENTS:,} elements", "Keep the policy's part of the page alone")
    page = blocks_of(root, LINES)
    if len(page.blocks) >= LINES:
        raise FileTooLarge(name, f"more than {LINES:,} lines of text", "Keep the policy's part of the page alone")
    text = as_text(policy_blocks(page))
    if len(ESCAPED.findall(text)) >= 3:
        text = as_text(policy_blocks(blocks_of(parse(text), LINES)))
    return text, as_text(placed.block for placed in page.blocks if not is_link(placed.block))
