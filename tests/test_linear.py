"""Two megabytes of whatever breaks patterns, through reading, segmentation and extraction: two seconds, or refused.

A line of half a megabyte is read, a longer one refused, so each pattern is tried as both. Seconds are those of the
processor. Where other work slows it down, prose is read more slowly too, and the limit grows by as much.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.entities import extract
from pipeline.errors import DocumentError
from pipeline.ingest import LINE, policy_in
from pipeline.records import Policy
from pipeline.segment import segment
from pipeline.sources import Document

SAID = {"doc_id": "a", "version": "", "vendor": "", "source": "", "sha256": "", "retrieved_at": None, "language": "vi"}
PROSE = "Chúng tôi thu thập dữ liệu cá nhân của khách hàng để giao hàng.\n"
PACE = 600_000
"""Characters of prose that are read in a second at least, on one quiet core."""

RUNS = {
    ".txt": ["a", "ạ", "1", ".", "(", "([{<", "-", "_", "@", '"', "/", ":", "?", " ", "\xa0", "\u200b", "\n", "•", "a@",
             "1.", "a.b", "www.a", "0912 345 678 ", "thông tin ", "ngày 1 ", "Công ty ", "CÔNG TY ABC ", "Luật A ",
             "Số 1 Phố ", "5 năm ", "A. ", "a | ", "bạn có quyền xóa ", "oà ", "\u0301"],
    ".html": ["<div>", "<b>", "<table>", "<table><tr><td>", "<ul><li>", "<p>", "<a href='#'>", "<i class=menu>a",
              "<!--", "&amp;", "<", "<br>", "</p>", "<nav>"],
    ".md": ["[", "![", "[a](", "*", "**a ", "_a ", "`a", "> ", "- ", "# a\n", "1. a\n", "[a]: b\n", "|", "<a", "&"],
}  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def slowness() -> float:
    """Seconds that now go into prose of which one second is allowed; 1 on a core that is quick enough."""
    texts = sorted(Path("data/annotated/text").glob("*.txt"))
    prose = "\n".join(path.read_text(encoding="utf-8") for path in texts)[:PACE]
    policy = Policy(text=prose, **SAID)
    return max(1.0, seconds(lambda: extract(policy, segment(policy))) * PACE / len(prose))


def read_and_extract(page: str, suffix: str) -> None:
    with suppress(DocumentError):
        policy = policy_in(Document(doc_id="a", vendor="a", name="a", path=Path(f"a{suffix}")), page.encode())
        extract(policy, segment(policy))


@pytest.mark.parametrize("size", [2_000_000, LINE - 100])
@pytest.mark.parametrize(("suffix", "unit"), [(suffix, unit) for suffix, units in RUNS.items() for unit in units])
def test_a_line_of(suffix: str, unit: str, size: int) -> None:
    page = (f"<p>{PROSE}</p>" if suffix == ".html" else PROSE) + unit * (size // len(unit.encode()))
    spent = seconds(lambda: read_and_extract(page, suffix))
    assert spent < 2 or spent < 2 * slowness()
