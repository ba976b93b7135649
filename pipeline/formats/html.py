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

from pipeline.formats.blocks import as_text
from pipeline.formats.dom import parse
from pipeline.formats.html_blocks import blocks_of
from pipeline.formats.main_content import policy_blocks


def plain_text(html: str) -> str:
    """The policy's text; empty where the page shows none."""
    return as_text(policy_blocks(blocks_of(parse(html))))
