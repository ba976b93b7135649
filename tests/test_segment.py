"""Segmentation against its table of cases, and what must hold for it on any text."""

import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.records import Policy, Sentence
from pipeline.segment import broken_off, segment
from pipeline.segment.lines import INVISIBLE, marker_of

TABLE = tomllib.loads((Path(__file__).parent / "cases" / "segment.toml").read_text(encoding="utf-8"))["case"]
KINDS = {"h": "heading", "b": "body", "i": "item", "x": "furniture"}


def cases() -> Iterator[object]:
    place: Counter[str] = Counter()
    for case in TABLE:
        place[case["group"]] += 1
        marks = [pytest.mark.xfail(reason=case["gap"], strict=True)] if "gap" in case else []
        yield pytest.param(case, id=f"{case['group']}-{place[case['group']]}", marks=marks)


def sentences_of(text: str) -> tuple[Sentence, ...]:
    said: dict[str, Any] = {"doc_id": "a", "version": "", "vendor": "a", "source": "a", "sha256": ""}
    return segment(Policy(**said, retrieved_at=None, language="vi", text=text))


@pytest.mark.parametrize("case", list(cases()))
def test_case(case: dict[str, Any]) -> None:
    found = sentences_of(case["text"])
    expected = [(KINDS[kind], text) for kind, _, text in (unit.partition("|") for unit in case["units"])]
    assert [(s.kind, s.text) for s in found] == expected
    for unit, lead_in in case.get("lead_in", []):
        assert found[unit].lead_in == (None if lead_in < 0 else lead_in)
    for unit, path in case.get("path", []):
        assert " › ".join(found[unit].path) == path


def test_cases_are_many_and_of_every_kind() -> None:
    assert len(TABLE) >= 160
    assert {unit[0] for case in TABLE for unit in case["units"]} == set(KINDS)


@pytest.mark.parametrize(
    ("text", "style", "number", "depth"),
    [
        ("1. Tên", "1.", 1, 1), ("1.Tên", "1.~", 1, 1), ("1.", "1.", 1, 1), ("12) Tên", "1)", 12, 1),
        ("(1) Tên", "(1)", 1, 1), ("1.2 Tên", "1.1", 2, 2), ("1.2.Tên", "1.1.~", 2, 2), ("1.2.3. Tên", "1.1.1.", 3, 3),
        ("1.0 Mở đầu", "1.1", 1, 2), ("7 Tên", "1", 7, 1), (".2địa chỉ", "1.~", 2, 1), ("7: Tên", "1:", 7, 1),
        ("IV. Quyền", "I.", 4, 1), ("iv) quyền", "i)", 4, 1), ("V - Quyền", "I-", 5, 1), ("A. Tên", "A.", 1, 1),
        ("a) tên", "a)", 1, 1), ("đ) tên", "a)", 5, 1), ("E. Tên", "A.", 6, 1), ("A1. Sổ", "A1.", 1, 1),
        ("B.2 Sổ", "B.1", 2, 1), ("B0) Sổ", "B1)", 1, 1), ("Điều 5. Quyền", "điều", 5, 1),
        ("ĐIỀU V: Quyền", "điều", 5, 1), ("Phần B - Quyền", "phần", 2, 1), ("- Tên", "-", 0, 0), ("•Tên", "•", 0, 0),
    ],
)  # fmt: skip
def test_markers(text: str, style: str, number: int, depth: int) -> None:
    marker = marker_of(text)
    assert marker is not None
    assert (marker.style, marker.number, marker.depth) == (style, number, depth)
    assert text[marker.width :] in ("", "Tên", "tên", "địa chỉ", "Mở đầu", "Quyền", "quyền", "Sổ")


@pytest.mark.parametrize("text", ["7 tên", "10 năm", "1.500 đồng", "10/9/2019", "7:00 sáng", "Mục đích", "Ở đây"])
def test_no_markers(text: str) -> None:
    assert marker_of(text) is None


FRAGMENTS = [
    "CHÍNH SÁCH BẢO MẬT", "Trang chủ » Hỗ trợ", "A | B | C", "© 2024 Mây", "Mục lục", "Đăng ký nhận bản tin",
    "Tìm hiểu thêm", "1. Mục đích", "2.1 Thu thập", "IV. Quyền", "Điều 5.", "7", "B2. Sổ", "Ai xem được?",
    "Email: a@b.example", "a) họ tên;", "- giao hàng;", "-", "•", "+ tuổi", ".2địa chỉ", "\uf0b7 IP", "đ)",
    "Chúng tôi thu thập:", "để:", "- Trong mọi trường hợp, chúng tôi sẽ báo.", "gồm: 1. Tên 2. Tuổi",
    "(i) biết; (ii) xóa.", "Công ty giữ dữ liệu 5 năm.",
    "một dòng khá dài bị ngắt ở lề nên phải nối lại với dòng sau cho đủ nghĩa vì", "a@b.example.",
    "https://x.example/a.", "TP. Huế", "v.v.", "Co., Ltd.", "1.500.000", "1900.0123", "...", "…", "“Có.”", "!", "?",
    ":", ";", "|", "İ", "\xa0", "\u200b", "\ufeff", "\ue000", "\u2028", "\x85", "\x0b", "\x1c",
]
JOINTS = st.sampled_from(["\n", "\n\n", " ", "", "\t"])
PIECES = st.lists(st.tuples(st.sampled_from(FRAGMENTS) | st.text(max_size=12), JOINTS), max_size=25)
TEXTS = PIECES.map(lambda pieces: "".join(piece + joint for piece, joint in pieces))


def is_invisible(text: str) -> bool:
    return not text.strip(INVISIBLE + "\n")


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_sentences_cover_the_text_in_order(text: str) -> None:
    found = sentences_of(text)
    assert all(text[s.start:s.end] == s.text for s in found)
    edges = [0, *(edge for s in found for edge in (s.start, s.end)), len(text)]
    assert edges == sorted(edges)
    assert all(is_invisible(text[end:start]) for end, start in zip(edges[::2], edges[1::2], strict=True))
    assert not any(is_invisible(s.text) for s in found)
    assert all(s.text == s.text.strip(INVISIBLE + "\n") for s in found)


@given(text=TEXTS)
@settings(max_examples=150, deadline=None)
def test_records_are_sound_and_the_same_every_time(text: str) -> None:
    found = sentences_of(text)
    assert [s.index for s in found] == list(range(len(found)))
    assert all(s.lead_in is None or s.lead_in < s.index for s in found)
    assert found == sentences_of(text)


@given(pieces=st.lists(st.sampled_from(FRAGMENTS), max_size=12))
@settings(max_examples=100, deadline=None)
def test_no_sentence_reaches_over_a_blank_line(pieces: list[str]) -> None:
    assert not any("\n\n" in s.text for s in sentences_of("\n\n".join(pieces)))


def seconds(text: str) -> float:
    started = time.process_time()
    sentences_of(text)
    return time.process_time() - started


RUNS = [
    "a", "A", "1", ".", "(", "[", "-", "|", ":", "?", "…", '"', " ", "\xa0", "1.", "a@", "a.", ". ", "A. ", ",a", '."',
    "(i) ", "ngày ",
]
LINES = [
    "\n", "\u200b\n", "-\n", "1\n", "1. a\n", "1. a\n2. b\n", "a:\n- b\n", "a;\n", "Mục lục\n", "b\n\n", "để:\n",
    f"{'a ' * 40}\n",
]


@pytest.mark.parametrize("run", RUNS)
def test_long_lines_are_read_in_linear_time(run: str) -> None:
    assert seconds(run * (2_000_000 // len(run))) < 20


@pytest.mark.parametrize("run", LINES)
def test_many_lines_are_read_in_linear_time(run: str) -> None:
    assert seconds(run * (300_000 // len(run))) < 6  # a tenth of a million lines; quadratic ones take minutes


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("", 0.0),
        ("Lưu trữ", 0.0),
        ("1. Lưu trữ\nTiệm giữ sổ khách 5 năm.", 0.0),
        ("1. Lưu trữ\nTiệm giữ sổ khách 5 năm\nHuế, tháng 5", 0.0),
        ("1. Lưu trữ\nTiệm giữ sổ khách 5 năm.\n2. Quyền của khách", 0.95),
        ("1. Lưu trữ\nTiệm giữ những thứ sau:", 0.95),
        ("1. Lưu trữ\nTiệm giữ sổ khách, ảnh,", 0.95),
        ("1. Lưu trữ\nTiệm giữ sổ khách 5 năm và", 0.8),
        ("1. Lưu trữ\nTiệm giữ sổ khách 5 năm và các\n© 2025 Sen Vàng", 0.8),
    ],
)
def test_where_a_text_breaks_off(text: str, score: float) -> None:
    assert broken_off(sentences_of(text)) == score
