"""Whether a page is a shell: a notice about cookies, a placeholder, a request for scripts, in place of the policy."""

import re
from collections.abc import Sequence

from pipeline.nlp import fold
from pipeline.records import Sentence

WORDS = 150
"""Words of text from which a page is no shell: the shortest real policy seen has 272."""

COOKIES = 0.6
"""Share of them in sentences about cookies from which it is a notice that asks to accept cookies."""

_PLACEHOLDER = re.compile(
    r"(?:nội dung|trang(?: này)?|chính sách(?: này)?|website)(?: hiện)? đang (?:được )?"
    r"(?:cập nhật|xây dựng|nâng cấp|bảo trì|biên soạn|tải)"
    r"|(?:bật|kích hoạt|enable) javascript|coming soon|sắp ra mắt|quay lại sau\b|đang tải"
)


def shell(sentences: Sequence[Sentence]) -> float:
    """How surely the page is a shell (0..1)."""
    texts = [fold(s.text) for s in sentences if s.kind in ("body", "item")]
    words = sum(len(text.split()) for text in texts)
    if words >= WORDS:
        return 0.0
    if any(map(_PLACEHOLDER.search, texts)):
        return 0.95
    about = sum(len(text.split()) for text in texts if "cookie" in text)
    return 0.9 if words and about >= COOKIES * words else 0.0
