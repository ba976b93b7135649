"""The lists of the law: what they hold, which hold when, how small policies and the five real ones are judged."""

import json
import time
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command import rows, vnpolicy
from invented import SHOP
from test_compare import analysis

from pipeline import api
from pipeline.attributes import attributes
from pipeline.findings import compare
from pipeline.findings.completeness import requirements
from pipeline.ingest import read
from pipeline.instruments import instruments, standing
from pipeline.labels import label_ids
from pipeline.records import Requirement
from pipeline.regimes import elements, in_force, is_gap, regimes, signs
from pipeline.run import Analyser
from pipeline.sources import discover

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "cases" / "completeness.toml").read_text(encoding="utf-8"))
FIVE = ("1boss", "kiotviet", "modoro", "onesme", "vansuthong")
LETTERS = {"m": "met", "p": "partly", "-": "missing", "x": "cut_off", "?": "unsure"}
LAST_DAY_OF_DECREE_52 = date(2026, 6, 30)
NOW = date(2026, 11, 22)
DAYS = {"decree-52-2013": LAST_DAY_OF_DECREE_52}


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_element_of_a_small_policy(case: dict[str, Any]) -> None:
    small = analysis(case["lines"], cut_off=case.get("cut_off", False))
    regime = case.get("regime", "decree-248-2026")
    judged = requirements(small, compare(small), DAYS.get(regime, NOW))
    found = next(r for r in judged if (r.regime, r.element) == (regime, case["element"]))
    assert found.status == case["status"], found.evidence
    for words, evidence in zip(case.get("says", ()), found.evidence, strict="says" in case):
        assert words in evidence.quote


def test_lists_of_the_law() -> None:
    assert [(r.id, [e.id for e in r.elements]) for r in regimes()][:3] == [
        ("decree-248-2026", ["a", "b", "c", "d", "dd", "e", "g", "h"]),
        ("law-91-2025", ["a", "b", "c"]),
        ("decree-52-2013", ["a", "b", "c", "d", "dd", "e"]),
    ]
    assert {e.tier.id: e.tier.counted for e in elements().values()} == {
        **{"CORE": True, "CONSENT": True},
        **{"COND": False, "DUTY": False, "PRACTICE": False},
    }
    for element in elements().values():
        assert element.vi
        assert element.en
        assert element.rule.en.startswith("Met by")
        assert element.rule.vi.startswith("Có khi")
        assert bool(element.citations) == (element.tier.id != "PRACTICE")
        for citation in element.citations:
            assert citation.law in instruments()
            assert citation.article
            assert citation.certainty in ("HIGH", "HIGH*", "MED")


# Statutory lists: every point, its tier, article and certainty as the collection of legal facts has them.
CITED = """
decree-248-2026 a CORE 248/2026/NĐ-CP 5(1)(a) HIGH*
decree-248-2026 b CORE 248/2026/NĐ-CP 5(1)(b) HIGH*
decree-248-2026 c CORE 248/2026/NĐ-CP 5(1)(c) HIGH*
decree-248-2026 d CORE 248/2026/NĐ-CP 5(1)(d) HIGH*
decree-248-2026 dd CORE 248/2026/NĐ-CP 5(1)(đ) HIGH*
decree-248-2026 e CORE 248/2026/NĐ-CP 5(1)(e) HIGH*
decree-248-2026 g CORE 248/2026/NĐ-CP 5(1)(g) HIGH*
decree-248-2026 h CORE 248/2026/NĐ-CP 5(1)(h) HIGH*
law-91-2025 a CONSENT 91/2025/QH15 9(2)(a) HIGH
law-91-2025 b CONSENT 91/2025/QH15 9(2)(b) HIGH
law-91-2025 c CONSENT 91/2025/QH15 9(2)(c) HIGH
decree-52-2013 a CORE 52/2013/NĐ-CP 69(1)(a) HIGH
decree-52-2013 b CORE 52/2013/NĐ-CP 69(1)(b) HIGH
decree-52-2013 c CORE 52/2013/NĐ-CP 69(1)(c) HIGH
decree-52-2013 d CORE 52/2013/NĐ-CP 69(1)(d) HIGH
decree-52-2013 dd CORE 52/2013/NĐ-CP 69(1)(đ) HIGH
decree-52-2013 e CORE 52/2013/NĐ-CP 69(1)(e) HIGH
further-points consent_mechanism CONSENT 91/2025/QH15 9(3)-(4) HIGH
further-points consent_withdrawal CONSENT 91/2025/QH15 4(1)(b),·10 HIGH
further-points sensitive_data_notice COND 356/2025/NĐ-CP 4(1) HIGH
further-points processing_without_consent COND 91/2025/QH15 19(1)-(2) HIGH
further-points third_party_transfer COND 91/2025/QH15 17 HIGH
further-points processor_delegation COND 19/2023/QH15 15 HIGH
further-points cross_border_transfer COND 91/2025/QH15 20 HIGH
further-points children_data COND 91/2025/QH15 24 HIGH
further-points cookies_tracking COND 91/2025/QH15 29(3)-(4) MED
further-points direct_marketing COND 91/2025/QH15 28 MED
further-points automated_ai_processing COND 91/2025/QH15 30 MED
further-points location_biometric COND 91/2025/QH15 31 MED
further-points contract_data_retention COND 122/2025/QH15 16 MED
further-points accounting_retention COND 88/2015/QH13 41(5) HIGH
further-points breach_notification DUTY 91/2025/QH15 23 HIGH
further-points dpo_contact DUTY 91/2025/QH15 33(2) HIGH
"""


def test_citations_are_those_of_the_collection() -> None:
    cited = {
        (regime, e.id): (e.tier.id, e.citations[0].law, e.article.replace(" ", "·"), e.certainty)
        for (regime, _), e in elements().items()
        if e.citations
    }
    expected = (line.split() for line in CITED.strip().split("\n"))
    assert cited == {(regime, element): tuple(rest) for regime, element, *rest in expected}


def test_only_what_is_on_a_list_can_be_a_gap() -> None:
    def requirement(element: str, status: Any) -> Requirement:
        regime, _, id = element.partition("/")
        return Requirement(doc_id="a", regime=regime, element=id, status=status)

    assert is_gap(requirement("decree-248-2026/g", "missing"))
    assert is_gap(requirement("law-91-2025/c", "partly"))
    assert not any(is_gap(requirement("decree-248-2026/g", s)) for s in ("met", "cut_off", "unsure"))
    assert not is_gap(requirement("further-points/children_data", "missing"))
    assert not is_gap(requirement("further-points/dpo_contact", "missing"))


def test_nothing_unverified_is_cited() -> None:
    for name in ("regimes.toml", "instruments.toml"):
        assert "UNVERIFIED" not in (HERE.parent / "pipeline" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cited", "day", "expected"),
    [
        ("13/2023/NĐ-CP", date(2025, 12, 31), "in_force"),
        ("13/2023/NĐ-CP", date(2026, 1, 1), "expired 2026-01-01, 356/2025/NĐ-CP"),
        ("52/2013/NĐ-CP", LAST_DAY_OF_DECREE_52, "in_force"),
        ("52/2013/NĐ-CP", NOW, "expired 2026-07-01, 248/2026/NĐ-CP"),
        ("85/2021/NĐ-CP", NOW, "expired 2026-07-01, 248/2026/NĐ-CP"),
        ("356/2025/NĐ-CP", NOW, "in_force"),
        ("356/2026/NĐ-CP", NOW, "unknown"),
        ("330/2026/NĐ-CP", date(2026, 8, 18), "not_yet 2026-08-19"),
        ("88/2015/QH13", date(2016, 1, 1), "in_force"),
        ("luật bảo vệ dữ liệu cá nhân", NOW, "in_force"),
        ("luật an ninh mạng", NOW, "unknown"),
        ("ISO/IEC 27001", NOW, "unknown"),
    ],
)
def test_what_a_cited_law_is_on_a_day(cited: str, day: date, expected: str) -> None:
    assert standing(cited, day) == expected


def test_the_answer_on_cited_laws_says_whether_they_hold() -> None:
    small = analysis([["s other", "Chính sách này căn cứ Nghị định 13/2023/NĐ-CP và Luật số 91/2025/QH15."]])
    said = {day: next(f for f in compare(small, day) if f.attribute == "cited_laws").answer for day in (None, NOW)}
    assert said[None] == ("13/2023/NĐ-CP", "91/2025/QH15")
    assert said[NOW] == ("13/2023/NĐ-CP (expired 2026-01-01, 356/2025/NĐ-CP)", "91/2025/QH15 (in_force)")


def test_signs_name_what_exists() -> None:
    names, labels = {a.id for a in attributes()}, set(label_ids())
    used = {
        name
        for regime in regimes()
        for element in regime.elements
        for conditions in element.rule.met + element.rule.partly
        for condition in conditions
        for name in (condition.sign, condition.near)
        if name
    }
    assert used == set(signs())
    for sign in signs().values():
        assert {sign.finding, sign.doubt} - {""} <= names
        assert sign.labels <= labels
        assert sign.finding or sign.labels or sign.kinds or sign.says


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (date(2025, 12, 31), ["decree-52-2013", "further-points"]),
        (date(2026, 1, 1), ["law-91-2025", "decree-52-2013", "further-points"]),
        (LAST_DAY_OF_DECREE_52, ["law-91-2025", "decree-52-2013", "further-points"]),
        (date(2026, 7, 1), ["decree-248-2026", "law-91-2025", "further-points"]),
        (NOW, ["decree-248-2026", "law-91-2025", "further-points"]),
    ],
)
def test_the_day_decides_which_lists_hold(day: date, ids: list[str]) -> None:
    assert [regime.id for regime in in_force(day)] == ids
    small = analysis([["s changes", "Chính sách có hiệu lực từ ngày 10/09/2019."]])
    assert list(dict.fromkeys(r.regime for r in requirements(small, compare(small), day))) == ids


@cache
def judged(day: date) -> dict[tuple[str, str, str], Requirement]:
    analyser = Analyser()
    batch = api.compare([analyser(read(d)) for d in discover(str(HERE.parent / "data" / "raw"))], as_of=day)
    texts = {a.policy.doc_id: a.policy.text for a in batch.analyses}
    for r in batch.requirements:
        assert r.evidence or r.status not in ("met", "partly")
        assert all(texts[r.doc_id][e.start : e.end] == e.quote for e in r.evidence)
    return {(r.doc_id, r.regime, r.element): r for r in batch.requirements}


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize(("regime", "element"), [(r, e) for r, row in CASES["five"].items() for e in row])
def test_the_five_policies_as_read(regime: str, element: str) -> None:
    found = judged(DAYS.get(regime, NOW))
    expected = [LETTERS[letter] for letter in CASES["five"][regime][element]]
    assert [found[doc, regime, element].status for doc in FIVE] == expected


@pytest.mark.parametrize(
    "words", ["gửi ", "thông tin được sử dụng ", "vào trong ", "a", "1", ".", "(", "a@", "thu thập ", "› "]
)
def test_long_runs_are_read_in_linear_time(words: str) -> None:
    every = ",".join(label_ids())
    text = (words * (200_000 // len(words))).strip()
    small = analysis([[f"s {every}", text]])
    findings = compare(small)
    requirements(small, findings, NOW)
    started = time.process_time()
    requirements(small, findings, NOW)
    assert time.process_time() - started < 0.3


@pytest.mark.usefixtures("trained")
def test_the_day_is_an_option_and_stands_in_the_facts(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert vnpolicy("run", "-", "--out", out, "--quiet", "--as-of", "2026-06-30", stdin=SHOP).returncode == 0
    assert {r["regime"] for r in rows(out / "requirements.csv")} == {
        *("law-91-2025", "decree-52-2013", "further-points")
    }
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["as_of"] == "2026-06-30"


@pytest.mark.parametrize("day", ["30/06/2026", "2026-02-30", "today", ""])
def test_a_wrong_day_is_a_wrong_usage(tmp_path: Path, day: str) -> None:
    result = vnpolicy("run", "-", "--out", tmp_path / "out", "--as-of", day, stdin=SHOP)
    assert result.returncode == 2
    assert "--as-of" in result.stderr
    assert not (tmp_path / "out").exists()
