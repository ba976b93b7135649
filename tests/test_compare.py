"""The comparison: statements against tables of cases, small policies by attribute, and what holds for any text."""

import csv
import time
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.attributes import attributes
from pipeline.entities import extract
from pipeline.findings import RULES, compare
from pipeline.findings.consent import ORDER as MANNERS
from pipeline.findings.consent import manner
from pipeline.findings.quotes import LONGEST
from pipeline.findings.sharing import ORDER as CONDITIONS
from pipeline.findings.sharing import conditions
from pipeline.findings.statements import read
from pipeline.records import Analysis, Clause, Finding, Policy, Sentence, SentenceKind

CASES = Path(__file__).parent / "cases"
KINDS: dict[str, SentenceKind] = {"h": "heading", "s": "body", "i": "item", "x": "furniture"}
SMALL = tomllib.loads((CASES / "compare.toml").read_text(encoding="utf-8"))["case"]

Line = Sequence[str]


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.tsv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


def cases(name: str) -> list[object]:
    return [
        pytest.param(row, id=f"{name}-{n}", marks=[pytest.mark.xfail(reason=row["gap"])] if row["gap"] else [])
        for n, row in enumerate(rows(name), 2)
    ]


def analysis(lines: Sequence[Line], *, cut_off: bool = False) -> Analysis:
    """A policy of these lines with the categories that a reader would give them; entities are found as in a run."""
    text = "\n".join(words for _, words in lines)
    flags = {"cut_off": 0.95} if cut_off else {}
    policy = Policy(
        doc_id="small",
        version="",
        vendor="small",
        source="small.txt",
        sha256="",
        retrieved_at=None,
        language="vi",
        flags=flags,
        text=text,
    )
    sentences: list[Sentence] = []
    clauses: list[Clause] = []
    start, path, lead_in = 0, (), None
    for index, (about, words) in enumerate(lines):
        kind, labels = about.split()
        in_list = lead_in if kind == "i" else None
        sentences.append(
            Sentence(
                doc_id="small",
                index=index,
                start=start,
                end=start + len(words),
                text=words,
                kind=KINDS[kind],
                path=path,
                lead_in=in_list,
            )
        )
        start += len(words) + 1
        path = (words,) if kind == "h" else path
        lead_in = index if words.endswith(":") else lead_in
        for number, label in enumerate(labels.removesuffix("?").split(",")):
            clauses.append(
                Clause(
                    doc_id="small",
                    sentence=index,
                    label=label,
                    score=0.3 if "?" in labels else 0.9,
                    primary=number == 0,
                    unsure="?" in labels,
                )
            )
    return Analysis(
        policy=policy, sentences=tuple(sentences), entities=extract(policy, sentences), clauses=tuple(clauses)
    )


def found(small: Analysis, attribute: str) -> Finding:
    return next(f for f in compare(small) if f.attribute == attribute)


@pytest.mark.parametrize("row", cases("sharing"))
def test_conditions_of_a_statement(row: dict[str, str]) -> None:
    assert conditions(read(row["text"]), read(row["following"])) == {c for c in row["expected"].split(" | ") if c}


@pytest.mark.parametrize("row", cases("consent"))
def test_manner_of_a_statement(row: dict[str, str]) -> None:
    assert (manner(read(row["text"])) or "") == row["expected"]


@pytest.mark.parametrize(("name", "enough"), [("sharing", 60), ("consent", 40)])
def test_enough_cases_of_every_answer(name: str, enough: int) -> None:
    table = rows(name)
    assert len(table) >= enough
    assert len({row["text"] + row["following"] for row in table}) == len(table)
    answers = {answer for row in table for answer in row["expected"].split(" | ")}
    assert answers == {"", *(CONDITIONS if name == "sharing" else MANNERS)}
    assert sum(not row["expected"] for row in table) >= 8


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c['attribute']}: {c['name']}") for c in SMALL])
def test_small_policy(case: dict[str, Any]) -> None:
    small = analysis(case["lines"], cut_off=case.get("cut_off", False))
    finding = found(small, case["attribute"])
    assert finding.status == case["status"]
    if "answer" in case:
        assert list(finding.answer) == case["answer"]
    quotes = [e.quote for e in finding.evidence]
    assert len(quotes) == len(case.get("says", []))
    assert all(words in quote for words, quote in zip(case.get("says", []), quotes, strict=True))


@pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in SMALL])
def test_evidence_holds_in_every_finding(case: dict[str, Any]) -> None:
    small = analysis(case["lines"], cut_off=case.get("cut_off", False))
    findings = compare(small)
    assert [f.attribute for f in findings] == [a.id for a in attributes()]
    for finding in findings:
        assert 0 <= finding.confidence <= 1
        indexes = [e.sentence for e in finding.evidence]
        assert indexes == sorted(set(indexes))
        for e in finding.evidence:
            assert small.policy.text[e.start : e.end] == e.quote
            assert small.sentences[e.sentence].start == e.start
            assert small.sentences[e.sentence].kind != "heading"


def test_quotes_are_at_most_three_and_cut_between_words() -> None:
    long = "Quý khách phải giữ kín mật khẩu " + "và mã xác thực " * 30
    small = analysis([["s user_duties", f"{i}. {long.strip()} số {i}."] for i in range(1, 6)])
    finding = found(small, "user_duties")
    assert len(finding.evidence) == 3
    assert len(finding.answer) == 1  # cut at the same word, they are one answer
    assert all(a.startswith("Quý khách") and a.endswith(" …") and len(a) <= LONGEST + 2 for a in finding.answer)


def test_long_sentences_and_lists_do_not_change_the_answer() -> None:
    clause = "Chúng tôi không tiết lộ thông tin cho bên thứ ba khi chưa có sự đồng ý của khách hàng"
    plain = analysis([["s disclosure", f"{clause}."]])
    long = analysis([["s disclosure", f"{clause}, {'theo đúng phương châm phục vụ của cửa hàng, ' * 20}xin cảm ơn."]])
    item = analysis([["s disclosure", "Cửa hàng cam kết:"], ["i disclosure", f"- {clause};"]])
    answers = {found(small, "third_party_sharing").answer for small in (plain, long, item)}
    assert answers == {("with_consent",)}


def test_every_attribute_has_a_rule_and_two_names() -> None:
    rules = {a.rule for a in attributes()}
    assert rules == set(RULES)
    assert len({a.id for a in attributes()}) == len(attributes())
    for names in ([a.vi for a in attributes()], [a.en for a in attributes()]):
        assert all(names)
        assert len(set(names)) == len(names)
    for attribute in attributes():
        needs_kind = attribute.rule in ("entities", "concepts", "measures")
        assert attribute.kind or not needs_kind
        assert attribute.labels or attribute.proves or attribute.rule == "entities"


@cache
def cue_words() -> tuple[str, ...]:
    """Words of the vocabularies and of the cases: what the patterns look for."""
    text = " ".join(row["text"] for name in ("sharing", "consent") for row in rows(name))
    return tuple(sorted(set(read(text).split())))


PIECES = st.lists(st.sampled_from(cue_words()) | st.text(max_size=12), max_size=40).map(" ".join)


@given(text=PIECES, following=PIECES)
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str, following: str) -> None:
    for words in (text, read(text)):
        assert conditions(words, following) <= set(CONDITIONS)
        assert manner(words) in (*MANNERS, None)
    small = analysis([["s disclosure", text.replace("\n", " ").strip() or "."], ["s consent", "Hết."]])
    assert len(compare(small)) == len(attributes())


@pytest.mark.parametrize(
    "run",
    [
        "không ",
        "chia sẻ ",
        "bán ",
        "cho ",
        "đồng ý ",
        "khi ",
        "trừ ",
        "khách hàng ",
        "thông tin ",
        "bên thứ ba ",
        "không chia sẻ thông tin cho ",
        "khi khách hàng đồng ý ",
        "bằng việc sử dụng có nghĩa là đồng ý ",
        "nhấn nút ",
        "a",
        "1",
        ".",
        "(",
        " ",
        "a@",
        "mà ",
        "ngoài ",
        "bất kỳ ",
    ],
)
def test_long_runs_are_read_in_linear_time(run: str) -> None:
    conditions(run)
    manner(run)  # patterns are compiled once, at first use
    text = run * (200_000 // len(run))
    started = time.process_time()
    conditions(text, text)
    manner(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("run", ["không chia sẻ thông tin cho bên thứ ba ", "lưu trữ dữ liệu ", "gửi quảng cáo "])
def test_a_sentence_of_machine_text_holds_nothing_up(run: str) -> None:
    small = analysis([["s disclosure,security,marketing,consent", run * (200_000 // len(run))]])
    compare(analysis([["s disclosure,consent", run]]))
    started = time.process_time()
    compare(small)
    assert time.process_time() - started < 1


SHOP = (
    ("h data_collected", "1. Thông tin thu thập"),
    ("s data_collected", "Chúng tôi thu thập họ tên, số điện thoại và địa chỉ nhận hàng của quý khách."),
    ("h retention", "2. Thời gian lưu trữ"),
    ("s retention", "Thông tin được lưu trữ trong 24 tháng kể từ lần mua hàng cuối cùng."),
    ("h disclosure", "3. Chia sẻ thông tin"),
    ("s disclosure", "Chúng tôi không chia sẻ thông tin cho bên thứ ba khi chưa có sự đồng ý của quý khách."),
    ("s disclosure", "Chúng tôi cung cấp thông tin khi cơ quan nhà nước có thẩm quyền yêu cầu."),
    ("h user_rights", "4. Quyền của khách hàng"),
    ("s user_rights", "Quý khách có quyền yêu cầu chúng tôi xóa thông tin bằng cách gọi 1900 6789."),
    ("s user_rights", "Quý khách có quyền xem và chỉnh sửa thông tin của mình trong mục Tài khoản."),
    ("h consent", "5. Sự đồng ý"),
    ("s consent", "Bằng việc sử dụng website, quý khách đồng ý với chính sách này."),
    ("h security", "6. Bảo mật"),
    ("s security", "Dữ liệu được mã hóa khi truyền và chỉ nhân viên được phân quyền mới truy cập được."),
)
"""An invented policy, for what must not change an answer."""


def swapped(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new).replace(old.capitalize(), new.capitalize())


VARIED: dict[str, Callable[[str], str]] = {
    "bạn": swapped("quý khách", "bạn"),
    "khách hàng": swapped("quý khách", "khách hàng"),
    "người dùng": swapped("quý khách", "người dùng"),
    "capitals": str.upper,
    "old tone marks": lambda text: text.replace("xóa", "xoá").replace("hóa", "hoá"),
    "no-break spaces": lambda text: text.replace(" thông tin", "\xa0thông tin"),
    "double blanks": lambda text: text.replace(", ", ",  ").replace(" của ", "  của "),
    "letters typed wrong": lambda text: text.replace("Chúng tôi", "Chúgn tôi").replace("nhận hàng", "nhận hàn"),
    "a marker": lambda text: f"- {text}",
    "a number": lambda text: f"a) {text}",
    "a semicolon": lambda text: text.rstrip(".") + ";",
    "a long preamble": lambda text: f"Nhằm phục vụ tốt hơn trong suốt quá trình mua sắm, {text[0].lower()}{text[1:]}",
}


@pytest.mark.parametrize("vary", VARIED.values(), ids=VARIED.keys())
def test_the_manner_of_writing_changes_no_answer(vary: Callable[[str], str]) -> None:
    """Register, typing errors, markers and blanks: answers that are values stay as they are."""
    plain = analysis(SHOP)
    varied = analysis([(about, vary(text) if about.startswith("s") else text) for about, text in SHOP])

    def values(of: Analysis) -> dict[str, tuple[str, set[str]]]:
        rules = {a.id for a in attributes() if a.rule != "quotes"}
        return {f.attribute: (f.status, set(f.answer)) for f in compare(of) if f.attribute in rules}

    said = values(plain)
    assert {a for a, (status, _) in said.items() if status == "stated"} >= {
        *("data_types", "retention", "third_party_sharing", "deletion", "access_correction"),
        *("consent", "security_measures", "rights_channel"),
    }
    assert values(varied) == said


def test_headings_alone_answer_nothing() -> None:
    small = analysis([["h retention", "Thời gian lưu trữ"], ["x other", "Trang chủ"]])
    assert {finding.status for finding in compare(small)} == {"not_found"}
