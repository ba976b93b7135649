"""Every entity kind against its table of cases, and what must hold for all of them on any text."""

import csv
import importlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entities import KINDS
from pipeline.entities.match import Context
from pipeline.entities.triggers import due
from pipeline.render.terms import terms

CASES = Path(__file__).parent / "cases"
NAMES = [kind.KIND for kind in KINDS]


def cases() -> Iterator[object]:
    for name in NAMES:
        with (CASES / f"{name}.tsv").open(encoding="utf-8", newline="") as handle:
            for number, row in enumerate(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
                marks = [pytest.mark.xfail(reason=row["gap"])] if row["gap"] else []
                yield pytest.param(name, row, id=f"{name}-{number}", marks=marks)


def module(name: str):
    return importlib.import_module(f"pipeline.entities.{name}")


@pytest.mark.parametrize(("name", "row"), list(cases()))
def test_case(name: str, row: dict[str, str]) -> None:
    text, _, rest = row["text"].partition("<NL>")
    rest = "\n" + rest.replace("<NL>", "\n") if rest else ""
    context = Context(path=(row["heading"],) if row["heading"] else (), lead_in=row["lead_in"], rest=rest)
    kind = module(name)
    matches = list(kind.find(text, context))
    assert [m.value for m in matches] == [v for v in row["expected"].split(" | ") if v]
    assert not matches or due((kind,), text, context) == (kind,), "no trigger"
    for match, wanted in zip(matches, json.loads(row["detail"] or "[]"), strict=False):
        assert {k: match.detail.get(k) for k in wanted} == wanted


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
