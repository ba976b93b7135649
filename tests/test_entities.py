"""Every entity kind against its table of cases, and what must hold for all of them on any text."""

import calendar
import csv
import importlib
import json
import time
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from conftest import policy_of
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.entities
from pipeline.entities import KINDS, duration, effective_date, extract, legal_ref, patterns, recipient, retention
from pipeline.entities.match import Context
from pipeline.entities.triggers import Kinds, due, due_in
from pipeline.gold import read_gold
from pipeline.records import Policy, Sentence
from pipeline.render.terms import terms
from pipeline.segment import segment

ANNOTATED = Path(__file__).parent.parent / "data" / "annotated"
CASES = Path(__file__).parent / "cases"
NAMES = [kind.KIND for kind in KINDS]
TURNING = ("negated", "condition", "range", "extension")
"""Details that make a value mean something else: a case names them, or the match has none."""
IN_DOCSTRING = ("act", "bound", "checksum", "role", "tariff", "type")
"""Details whose values the kind's docstring lists, as it lists the rules."""


def cases() -> Iterator[Any]:
    for name in NAMES:
        with (CASES / f"{name}.tsv").open(encoding="utf-8", newline="") as handle:
            for number, row in enumerate(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
                marks = [pytest.mark.xfail(reason=row["gap"])] if row["gap"] else []
                yield pytest.param(name, row, id=f"{name}-{number}", marks=marks)


def module(name: str):
    return importlib.import_module(f"pipeline.entities.{name}")


def sentence_of(row: dict[str, str]) -> tuple[str, Context]:
    text, _, rest = row["text"].partition("<NL>")
    rest = "\n" + rest.replace("<NL>", "\n") if rest else ""
    return text, Context(path=(row["heading"],) if row["heading"] else (), lead_in=row["lead_in"], rest=rest)


def never_give_up_early(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recipient, "_may_say", lambda spelled, context: True)
    patch.setattr(legal_ref, "_is_of_law_in_general", lambda text, folded: False)


def not_due(kinds: Kinds, sentences: Sequence[Sentence], reach: int) -> list[Kinds]:
    return [tuple(k for k in kinds if k not in due) for due in due_in(kinds, sentences, reach)]


@pytest.mark.parametrize(("name", "row"), list(cases()))
def test_case(name: str, row: dict[str, str]) -> None:
    text, context = sentence_of(row)
    kind = module(name)
    matches = list(kind.find(text, context))
    assert [m.value for m in matches] == [v for v in row["expected"].split(" | ") if v]
    assert not matches or due((kind,), text, context) == (kind,), "no trigger"
    for match, wanted in zip_longest(matches, json.loads(row["detail"] or "[]"), fillvalue={}):
        assert {k: match.detail.get(k) for k in (*TURNING, *wanted)} == dict.fromkeys(TURNING) | wanted
        said = [match.rule, *(match.detail[key] for key in IN_DOCSTRING if key in match.detail)]
        assert [word for word in said if f"`{word}`" not in kind.__doc__] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_saves_time_loses_nothing_in_any_case(name: str) -> None:
    rows = [sentence_of(case.values[1]) for case in cases() if case.values[0] == name]
    ways = ("{}", "Mục | {}", "({}).", "{}; v.v.")
    sentences = [(way.format(text), context) for text, context in rows for way in ways]
    told = [[list(k.find(*said)) if k in due(KINDS, *said) else [] for k in KINDS] for said in sentences]
    with pytest.MonkeyPatch.context() as patch:
        never_give_up_early(patch)
        assert [[list(kind.find(*said)) for kind in KINDS] for said in sentences] == told


def entities_of(text: str) -> list[tuple[str, str, str | None]]:
    """Kind, value and `said_by` of what a document gives."""
    policy = policy_of(text)
    return [(e.kind, e.value, e.detail.get("said_by")) for e in extract(policy, segment(policy))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("GDPR: gdpr@gio.vn", [("legal_ref", "gdpr", None), ("email", "gdpr@gio.vn", None)]),
        ("Xem gio.vn/gdpr về GDPR.", [("url", "gio.vn/gdpr", None), ("legal_ref", "gdpr", None)]),
        ("Xem https://gio.vn/a@gio.vn", [("email", "a@gio.vn", None)]),
        ("MST: 0106869738@gio.vn", [("email", "0106869738@gio.vn", None)]),
        ("Hotline 1900 1234-gio@gio.vn", [("email", "1234-gio@gio.vn", None)]),
        ("ISO 27001: 1900 1234", [("measure", "iso_27001", None), ("phone", "+8419001234", None)]),
        ("Cập nhật 01.02.2025@gio.vn", [("email", "01.02.2025@gio.vn", None)]),
        # what stands around a sentence is told to the kinds
        ("Địa chỉ:\nSố 5 Lê Lợi,\nphường Thuận Hóa, Huế", [("address", "Số 5 Lê Lợi, phường Thuận Hóa, Huế", None)]),
        ("Chúng tôi thu thập:\n- Họ tên;", [("data_type", "full_name", None)]),
        ("Dữ liệu thu thập\n- Họ tên;", [("data_type", "full_name", None)]),
        ("Trang chủ | Giỏ hàng | Hotline: 0912 345 678\nLưu họ tên 2 năm.", [
            ("phone", "+84912345678", "site"), ("data_type", "full_name", None), ("retention", "P2Y", None),
        ]),
        (
            "Tập đoàn Giáo dục Sen Vàng vận hành website này.\nTrường Tiểu học Sen Vàng Huế là chủ quản ứng dụng.",
            [
                ("organization", "TẬP ĐOÀN GIÁO DỤC SEN VÀNG", None),
                ("organization", "TRƯỜNG TIỂU HỌC SEN VÀNG HUẾ", None),
            ],
        ),
        (
            "Công ty Cổ phần Sen Vàng vận hành website này.\nPhòng khám Đa khoa Sen Vàng là đơn vị chủ quản ứng dụng.",
            [("organization", "CÔNG TY CỔ PHẦN SEN VÀNG", None)],
        ),
        # a company that is only mentioned, in the middle of a document, is none of its own
        ("Mời khách ghé tiệm.\n" * 9 + "Xem Công ty TNHH Sen Vàng." + "\nMời khách ghé tiệm." * 9, []),
        # what a heading names is no value of these kinds
        (
            "1. Cung cấp thông tin cho bên thứ ba\nMời khách ghé tiệm.\n2. Thu thập họ tên\nMời khách ghé tiệm.\n"
            "3. Khách có quyền xóa dữ liệu\nMời khách ghé tiệm.\n4. Dữ liệu được mã hóa\nMời khách ghé tiệm.",
            [],
        ),
        # the head of its column says what a cell of a table is
        ("Việc | Thời hạn trả lời\nGọi lại cho khách | 02 ngày\nTrà | 04 ngày", [
            ("response_time", "P2D", None), ("response_time", "P4D", None),
        ]),
        ("Loại | Thời hạn lưu trữ\nSổ khách | 02 ngày\nTên khách | Đến khi khách đóng tài khoản", [
            ("retention", "P2D", None), ("retention", "service_term", None),
        ]),
        ("Việc | SLA\nXử lý đơn của khách | 02 ngày\nTrà sữa | 04 ngày", [("response_time", "P2D", None)]),
        ("1. Thời gian lưu trữ\nMời khách xem bảng.\n1.1. Sổ khách hàng\n5 năm.", [("retention", "P5Y", None)]),
        ("Loại | Trà tặng\nSổ khách | 02 ngày\nTên khách | Đến khi khách đóng tài khoản", []),
        # the day of issue counts only where the document gives no other
        ("Ngày ban hành: 03/04/2024", [("effective_date", "2024-04-03", None)]),
        ("Ngày ban hành: 03/04/2024\nCó hiệu lực từ 05/04/2024", [("effective_date", "2024-04-05", None)]),
    ],
)
def test_entities_of_a_document(text: str, found: list[tuple[str, str, str | None]]) -> None:
    assert entities_of(text) == found


@pytest.mark.parametrize(
    ("name", "text", "surface"),
    [
        ("email", "Gửi về hotro@traxanh.vn.Khi cần, hãy gọi.", "hotro@traxanh.vn"),
        ("url", "Vào traxanh.vn.Khi cần, hãy gọi.", "traxanh.vn"),
        ("phone", "Gọi (028) 3999 9998, nhánh 2.", "(028) 3999 9998"),
        ("phone", "Gọi +84 28 3999 9998.", "+84 28 3999 9998"),
        ("address", "Địa chỉ: Số 5 Nguyễn Huệ, Huế. Mời ghé.", "Số 5 Nguyễn Huệ, Huế"),
        ("retention", "Số đo được giữ đến khi khách bảo xoá.", "đến khi khách bảo xoá"),
        ("retention", "Hồ sơ được lưu tối đa 5 năm.", "tối đa 5 năm"),
        ("retention", "Hồ sơ được lưu trong vòng 5 năm.", "5 năm"),
        ("response_time", "Tiệm trả lời trong vòng 2 ngày.", "trong vòng 2 ngày"),
        ("legal_ref", "Theo Luật Hải quan của Việt Nam.", "Luật Hải quan"),
        ("organization", "Website của Công ty TNHH Sen Vàng, tại Huế.", "Công ty TNHH Sen Vàng"),
    ],
)
def test_what_is_quoted(name: str, text: str, surface: str) -> None:
    assert [text[m.start : m.end] for m in module(name).find(text)] == [surface]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("surface", ["", "trà xanh", "họ tên và email của bạn", "cho bên thứ ba và ngân hàng"])
def test_no_canonical_value(name: str, surface: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        module(name).canonical(surface)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((f"{word} months", f"P{n}M") for n, word in enumerate(
            ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1)),
        *((f"{word} tháng", f"P{n}M") for n, word in enumerate(
            ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"], 1)),
        *((f"1 {word}", value) for word, value in {
            "minute": "PT1M", "hour": "PT1H", "day": "P1D", "week": "P1W", "month": "P1M", "year": "P1Y"}.items()),
    ],
)
def test_lengths_in_words(text: str, value: str) -> None:
    assert duration.parse(text) == value


def test_an_event_of_the_vocabulary_is_its_own_value() -> None:
    for event in patterns.vocabulary("retention")["event"]:
        assert retention.canonical(event["value"]) == event["value"]


@pytest.mark.parametrize(("month", "number"), [
    *((name, n) for n, name in enumerate(calendar.month_name[1:], 1)),
    *((name, n) for n, name in enumerate(calendar.month_abbr[1:], 1)),
    ("Sept", 9),
])
def test_months_of_english_dates(month: str, number: int) -> None:
    assert effective_date.canonical(f"{month} 5, 2025") == effective_date.canonical(f"5 {month} 2025") == str(
        date(2025, number, 5))


@pytest.fixture(scope="module")
def annotated() -> list[tuple[Policy, tuple[Sentence, ...]]]:
    """The annotated policies, those of data/raw among them."""
    return [(policy := document.policy(), segment(policy)) for document in read_gold(ANNOTATED)]


def test_kinds_that_are_not_due_have_nothing_to_say(annotated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.entities, "due_in", not_due)
    for policy, sentences in annotated:
        assert extract(policy, sentences) == ()


def test_giving_up_early_loses_nothing(annotated, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.entities, "KINDS", (recipient, legal_ref))
    told = [extract(*read) for read in annotated]
    assert sum(map(len, told)) > 500
    never_give_up_early(monkeypatch)
    assert [extract(*read) for read in annotated] == told


@pytest.mark.parametrize("name", NAMES)
def test_enough_cases_of_both_kinds(name: str) -> None:
    with (CASES / f"{name}.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) >= 40
    assert sum(not row["expected"] for row in rows) >= 8


def test_every_kind_has_a_name() -> None:
    assert set(terms()["entity"]) == set(NAMES)


PIECES = st.lists(
    st.sampled_from(
        [
            "1900 1234",
            "0912.345.678",
            "(+84)",
            "a@b.vn",
            "https://",
            "www.x.com/",
            "12 tháng",
            "05 (năm) năm",
            "24h",
            "ngày 1/2/2025",
            "Công ty TNHH",
            "Số 1",
            "Phường",
            "MST: 0106869738",
            "Nghị định 13/2023/NĐ-CP",
            "không chia sẻ",
            "họ tên",
            "mã hóa",
            "Luật",
            "lưu trữ",
            ":",
            "\xa0",
            "-",
            "(",
            ")",
            ",",
            ".",
            "/",
            "đến khi",
            "quyền",
            "€",
            "\u200b",
            "İ",
        ]
    )
    | st.text(max_size=12),
    max_size=14,
).map(" ".join)


@pytest.mark.parametrize("name", NAMES)
@given(text=PIECES)
@settings(max_examples=60, deadline=None)
def test_matches_lie_in_the_text_and_are_ordered(name: str, text: str) -> None:
    kind = module(name)
    matches = list(kind.find(text, Context()))
    assert not matches or due((kind,), text) == (kind,), "no trigger"
    assert all(0 <= m.start < m.end <= len(text) and m.value and m.rule for m in matches)
    assert [m.start for m in matches] == sorted(m.start for m in matches)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("run", ["a", "1", ".", "(", "-", " ", "a@", "1.", "ngày ", "12 ", "công ty ", "luật "])
def test_long_runs_are_read_in_linear_time(name: str, run: str) -> None:
    text = run * (200_000 // len(run))
    started = time.process_time()
    list(module(name).find(text, Context()))
    assert time.process_time() - started < 1.5
