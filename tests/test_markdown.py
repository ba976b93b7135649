"""Markdown -> lines: what is markup goes, what is text and structure stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.formats.markdown import plain_text

CASES = {
    "heading": ("# Chính sách\n\nNội dung.", "Chính sách\n\nNội dung.\n"),
    "underlined heading": ("Chính sách\n===\nNội dung.", "Chính sách\n\nNội dung.\n"),
    "emphasis": ("**1. Mục đích** và *phạm vi*", "1. Mục đích và phạm vi\n"),
    "link keeps its words": ("Xem [tại đây](https://a.example/x)", "Xem tại đây\n"),
    "bare address stays": ("Thư về <https://a.example>", "Thư về https://a.example\n"),
    "picture leaves its description": ("![Bìa](a.png)", "Bìa\n"),
    "bullets of any sign": ("* Họ tên\n* Email", "- Họ tên\n- Email\n"),
    "numbers count on from the first": ("3. Ba\n3. Bốn\n3. Năm", "3. Ba\n4. Bốn\n5. Năm\n"),
    "list in a list": ("1. a\n   - b\n   - c\n2. d", "1. a\n- b\n- c\n2. d\n"),
    "second paragraph of an item": ("- a\n\n  b\n- c", "- a\nb\n- c\n"),
    "text after a list is apart": ("- a\n\nb", "- a\n\nb\n"),
    "item without text": ("-\n- b", "- b\n"),
    "lead-in stays on top": ("Gồm:\n- a", "Gồm:\n- a\n"),
    "quotation": ("> Lời hứa\n> của chúng tôi", "Lời hứa\ncủa chúng tôi\n"),
    "table": ("| Dữ liệu | Thời hạn |\n|---|---|\n| Họ tên | 5 năm |", "Dữ liệu | Thời hạn\nHọ tên | 5 năm\n"),
    "line break in a table cell": ("| a |\n|---|\n| b<br>c |", "a\nb c\n"),
    "code": ("```\nmã\n```", "mã\n"),
    "rule": ("a\n\n---\n\nb", "a\n\nb\n"),
    "hard line break": ("Số 1  \nĐường 2", "Số 1\nĐường 2\n"),
    "escaped sign": ("Giá \\*", "Giá *\n"),
    "character reference": ("A &amp; B", "A & B\n"),
    "tags inside a paragraph": ("a<br/>b <b>c</b>", "a\nb c\n"),
    "block of tags keeps its text": ("<div>\nLưu 5 năm\n</div>\n\nb", "Lưu 5 năm\n\nb\n"),
    "comment goes": ("a\n\n<!-- ghi chú > riêng -->\n\nb", "a\n\n\n\nb\n"),
    "less-than is no tag": ("tuổi < 16 và > 6", "tuổi < 16 và > 6\n"),
    "nothing": ("", "\n"),
}


@pytest.mark.parametrize(("markdown", "expected"), CASES.values(), ids=CASES)
def test_case(markdown: str, expected: str) -> None:
    assert plain_text(markdown) == expected


@given(st.lists(st.text("aăâđêôơưạảấầẩẫậ ếềộ", min_size=1).map(lambda t: " ".join(t.split())).filter(bool), min_size=1))
def test_plain_paragraphs_survive(paragraphs: list[str]) -> None:
    assert plain_text("\n\n".join(paragraphs)) == "\n\n".join(paragraphs) + "\n"


@given(st.text("ab#*_-|<>[]()!`\n 1.&;:", max_size=60))
def test_any_text_is_read(markdown: str) -> None:
    assert plain_text(markdown).endswith("\n")
