"""The lists of the law: what they hold, which hold when, how small policies and the five real ones are judged."""

import doctest
import json
import time
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from test_cli import SHOP, rows, vnpolicy
from test_compare import analysis

from pipeline import regimes as module
from pipeline.attributes import attributes
from pipeline.compare import compare
from pipeline.compare.completeness import requirements
from pipeline.ingest import discover
from pipeline.labels import label_ids
from pipeline.records import Requirement
from pipeline.regimes import in_force, regimes, signs
from pipeline.run import Analyser, run

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
    assert [(r.id, [e.id for e in r.elements]) for r in regimes()] == [
        ("decree-248-2026", ["a", "b", "c", "d", "dd", "e", "g", "h"]),
        ("law-91-2025", ["a", "b", "c"]),
        ("decree-52-2013", ["a", "b", "c", "d", "dd", "e"]),
    ]
    for regime in regimes():
        for element in regime.elements:
            assert element.vi
            assert element.en
            assert element.tier in ("CORE", "CONSENT")
            assert element.certainty in ("HIGH", "HIGH*", "MED")
            assert element.rule.words.startswith("Met by")


def test_nothing_unverified_is_cited() -> None:
    assert "UNVERIFIED" not in (HERE.parent / "pipeline" / "regimes.toml").read_text(encoding="utf-8")


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
        (date(2025, 12, 31), ["decree-52-2013"]),
        (date(2026, 1, 1), ["law-91-2025", "decree-52-2013"]),
        (LAST_DAY_OF_DECREE_52, ["law-91-2025", "decree-52-2013"]),
        (date(2026, 7, 1), ["decree-248-2026", "law-91-2025"]),
        (NOW, ["decree-248-2026", "law-91-2025"]),
    ],
)
def test_the_day_decides_which_lists_hold(day: date, ids: list[str]) -> None:
    assert [regime.id for regime in in_force(day)] == ids
    small = analysis([["s changes", "Chính sách có hiệu lực từ ngày 10/09/2019."]])
    assert list(dict.fromkeys(r.regime for r in requirements(small, compare(small), day))) == ids


def test_examples_of_the_specification() -> None:
    result = doctest.testmod(module)
    assert result.attempted >= 1
    assert result.failed == 0


@cache
def judged(day: date) -> dict[tuple[str, str, str], Requirement]:
    batch = run(discover(str(HERE.parent / "data" / "raw")), Analyser(), as_of=day)
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
    assert {r["regime"] for r in rows(out / "requirements.csv")} == {"law-91-2025", "decree-52-2013"}
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["as_of"] == "2026-06-30"


@pytest.mark.parametrize("day", ["30/06/2026", "2026-02-30", "today", ""])
def test_a_wrong_day_is_a_wrong_usage(tmp_path: Path, day: str) -> None:
    result = vnpolicy("run", "-", "--out", tmp_path / "out", "--as-of", day, stdin=SHOP)
    assert result.returncode == 2
    assert "--as-of" in result.stderr
    assert not (tmp_path / "out").exists()
