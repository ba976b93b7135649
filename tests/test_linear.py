"""Two megabytes of whatever breaks patterns, through reading, segmentation and extraction: in linear time, or refused.

Quadratic time would be minutes; the slowest, 154,000 telephone numbers, takes five seconds beside other work.
"""

import time
from contextlib import suppress

import pytest

from pipeline.entities import extract
from pipeline.errors import DocumentError
from pipeline.ingest import LINES, READERS
from pipeline.nlp import is_vietnamese
from pipeline.records import Policy
from pipeline.segment import segment

SAID = {"doc_id": "a", "version": "", "vendor": "", "source": "", "sha256": "", "retrieved_at": None, "language": "vi"}
PROSE = "Chúng tôi thu thập dữ liệu cá nhân của khách hàng để giao hàng.\n"

RUNS = {
    ".txt": ["a", "ạ", "1", ".", "(", "([{<", "-", "_", "@", '"', "/", ":", "?", " ", "\xa0", "\u200b", "\n", "•", "a@",
             "1.", "a.b", "www.a", "0912 345 678 ", "thông tin ", "ngày 1 ", "Công ty ", "CÔNG TY ABC ", "Luật A ",
             "Số 1 Phố ", "5 năm ", "A. ", "a | ", "bạn có quyền xóa ", "oà ", "\u0301"],
    ".html": ["<div>", "<b>", "<table>", "<table><tr><td>", "<ul><li>", "<p>", "<a href='#'>", "<i class=menu>a",
              "<!--", "&amp;", "<", "<br>", "</p>", "<nav>"],
    ".md": ["[", "![", "[a](", "*", "**a ", "_a ", "`a", "> ", "- ", "# a\n", "1. a\n", "[a]: b\n", "|", "<a", "&"],
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "unit"), [(suffix, unit) for suffix, units in RUNS.items() for unit in units])
def test_two_megabytes_of(suffix: str, unit: str) -> None:
    page = (f"<p>{PROSE}</p>" if suffix == ".html" else PROSE) + unit * (2_000_000 // len(unit.encode()))
    started = time.process_time()
    with suppress(DocumentError):
        text = READERS[suffix](page.encode(), "a")
        is_vietnamese(text)
        if text.count("\n") <= LINES:
            policy = Policy(text=text, **SAID)
            extract(policy, segment(policy))
    assert time.process_time() - started < 10
