"""Pages with more than one policy, or the same in two languages: the Vietnamese one on privacy is read, with a flag."""

import unicodedata
from pathlib import Path

import openpyxl
import pytest
from command import vnpolicy
from invented import SHOP

from pipeline.findings import compare
from pipeline.ingest import policy_in
from pipeline.records import Policy
from pipeline.render.terms import terms
from pipeline.run.analyser import Analyser
from pipeline.segment import segment
from pipeline.sources import Document

VIETNAMESE = [
    "Chính sách bảo mật",
    "Cửa hàng Mây Tre tôn trọng sự riêng tư của người mua và viết chính sách này để giải thích.",
    "1. Dữ liệu được thu thập",
    "Khi đặt giỏ tre trên trang này, người mua cho chúng tôi biết họ tên, số điện thoại và nơi nhận.",
    "2. Thời gian lưu trữ",
    "Phiếu đặt hàng và thông tin cá nhân trên phiếu được giữ ba năm rồi xóa khỏi máy tính của cửa hàng.",
    "3. Chia sẻ",
    "Cửa hàng chỉ đưa nơi nhận cho người giao hàng, và không bán thông tin cá nhân cho bất kỳ ai khác.",
]
ENGLISH = [
    "Privacy policy",
    "The May Tre shop respects the privacy of its buyers and wrote this policy to explain what it does.",
    "1. Data that we collect",
    "When they order a bamboo basket here, buyers tell us their name, telephone number and address.",
    "2. How long we keep it",
    "The order form and the personal information on it are kept for three years and then erased for good.",
    "3. Sharing",
    "The shop gives the address to the courier only, and never sells personal information to anybody else.",
]
SALE = [
    "Điều khoản mua bán",
    "1. Đặt hàng",
    "Người mua chọn giỏ, ghi số lượng và gửi phiếu; cửa hàng gọi lại trong ngày để xác nhận đơn hàng.",
    "2. Giá",
    "Giá đã gồm thuế nhưng chưa gồm tiền giao; cửa hàng báo tiền giao khi gọi lại cho người mua.",
    "3. Đổi hàng",
    "Giỏ bị gãy khi giao được đổi trong bảy ngày nếu còn hóa đơn, tiền gửi lại do cửa hàng chịu.",
    "Giỏ đặt riêng theo kích cỡ của người mua thì không đổi, trừ khi cửa hàng làm sai kích cỡ đã ghi.",
]
COOKIES = [
    "Chính sách cookie",
    "Trang này đặt một cookie để nhớ giỏ hàng trong một tuần và một cookie để đếm số người ghé thăm.",
    "Người xem có thể tắt cookie trong trình duyệt; khi đó giỏ hàng sẽ trống mỗi lần mở lại trang.",
    "Cookie đếm số người ghé thăm do một công ty khác đặt, họ không biết tên hay số điện thoại của ai.",
    "Chúng tôi không dùng cookie để quảng cáo và không đưa nội dung của cookie cho bất kỳ người nào khác.",
]
LINKS = ("Trang chủ", "Chính sách bảo mật", "Điều khoản mua bán")
MENU = f"<nav><ul>{''.join(f'<li><a href=/>{link}</a>' for link in LINKS)}</ul></nav>"
FOOTER = "<footer><p>Cửa hàng Mây Tre, 5 phố Lụa, Hội An</p><p>© 2025 Mây Tre</p></footer>"


def html(lines: list[str]) -> str:
    heads = [line for line in lines if len(line) < 40]
    return "\n".join(
        f"<h1>{line}</h1>" if i == 0 else f"<h2>{line}</h2>" if line in heads else f"<p>{line}</p>"
        for i, line in enumerate(lines)
    )


def page(body: str) -> str:
    return f"<html><head><title>Mây Tre</title></head><body>{MENU}{body}{FOOTER}</body></html>"


def in_turn(*versions: list[str]) -> list[str]:
    return [line for lines in zip(*versions, strict=True) for line in lines]


def rows(tag: str) -> str:
    return "".join(f"<tr><{tag}>{a}</{tag}><{tag}>{b}</{tag}></tr>" for a, b in zip(VIETNAMESE, ENGLISH, strict=True))


def tabs(first: list[str], second: list[str]) -> str:
    return (
        "<ul class=tabs><li><a href='#a'>A</a><li><a href='#b'>B</a></ul>"
        f"<div class='tab-pane active' id=a>{html(first)}</div>"
        f"<div class=tab-pane id=b style='display:none'>{html(second)}</div>"
    )


TRANSLATED = {
    "Vietnamese first": page(html(VIETNAMESE) + html(ENGLISH)),
    "English first": page(html(ENGLISH) + html(VIETNAMESE)),
    "two sections": page(f"<section>{html(VIETNAMESE)}</section><section lang=en>{html(ENGLISH)}</section>"),
    "side by side": page(f"<div class=row><div>{html(VIETNAMESE)}</div><div>{html(ENGLISH)}</div></div>"),
    "tabs, Vietnamese shown": page(tabs(VIETNAMESE, ENGLISH)),
    "tabs, English shown": page(tabs(ENGLISH, VIETNAMESE)),
    "table of two columns": page(f"<table>{rows('td')}</table>"),
    "table of two cells": page(f"<table><tr><td>{html(VIETNAMESE)}</td><td>{html(ENGLISH)}</td></tr></table>"),
    "alternating": page(html(in_turn(VIETNAMESE, ENGLISH))),
}
TEXTS = {
    "one after the other": [*VIETNAMESE, *ENGLISH],
    "English first": [*ENGLISH, *VIETNAMESE],
    "alternating": in_turn(VIETNAMESE, ENGLISH),
}


def read(content: str, name: str) -> Policy:
    return policy_in(Document(doc_id="a", vendor="a", name=name, path=Path(name)), content.encode())


def kept(policy: Policy) -> str:
    return "\n".join(s.text for s in segment(policy) if s.kind != "furniture")


def assert_vietnamese_alone(policy: Policy) -> None:
    text = kept(policy)
    assert [line for line in VIETNAMESE if line not in text] == []
    assert [line for line in ENGLISH if line in text] == []
    assert 0.2 < policy.flags["two_languages"] < 0.7
    assert "mixed_language" not in policy.flags


@pytest.mark.parametrize("content", TRANSLATED.values(), ids=TRANSLATED)
def test_page_in_two_languages(content: str) -> None:
    policy = read(content, "a.html")
    assert_vietnamese_alone(policy)
    assert "several_policies" not in policy.flags
    assert not any(line in policy.text for line in ENGLISH)


@pytest.mark.parametrize("lines", TEXTS.values(), ids=TEXTS)
def test_text_in_two_languages_is_kept_and_read_in_vietnamese(lines: list[str]) -> None:
    text = "\n\n".join(lines) + "\n"
    policy = read(text, "a.txt")
    assert policy.text == text
    assert_vietnamese_alone(policy)


SILK = [line.replace("giỏ tre", "khăn lụa") for line in VIETNAMESE]
SEVERAL = {
    "sale below": [*VIETNAMESE, *SALE],
    "sale above": [*SALE, *VIETNAMESE],
    "sale and cookies": [*VIETNAMESE, *SALE, *COOKIES],
    "two companies": [
        "Chính sách bảo mật của Công ty TNHH Mây Tre", *VIETNAMESE[1:],
        "Chính sách bảo mật của Công ty TNHH Lụa Quê", *SILK[1:],
    ],
    "one title, numbered anew": [*VIETNAMESE, *SILK],
}  # fmt: skip


@pytest.mark.parametrize("lines", SEVERAL.values(), ids=SEVERAL)
@pytest.mark.parametrize("form", ["html", "txt"])
def test_several_policies_are_flagged(lines: list[str], form: str) -> None:
    policy = read(page(html(list(lines))) if form == "html" else "\n\n".join(lines), f"a.{form}")
    assert 0.2 < policy.flags["several_policies"] < 0.9
    assert all(line in kept(policy) for line in VIETNAMESE[1:3])


ONE = {
    "as it is": VIETNAMESE,
    "title twice": [VIETNAMESE[0], VIETNAMESE[1], "Chính sách bảo mật của cửa hàng", *VIETNAMESE[2:]],
    "section on cookies": [*VIETNAMESE, "4. Chính sách cookie", *COOKIES[1:]],
    "section on payment": [*VIETNAMESE, "4. Chính sách thanh toán", *SALE[-2:]],
    "titles of others as a list": ["Chính sách bảo mật", "Chính sách đổi trả", "Điều khoản mua bán", *VIETNAMESE],
}


@pytest.mark.parametrize("lines", ONE.values(), ids=ONE)
@pytest.mark.parametrize("form", ["html", "txt"])
def test_one_policy_is_not_flagged(lines: list[str], form: str) -> None:
    policy = read(page(html(lines)) if form == "html" else "\n\n".join(lines), f"a.{form}")
    assert dict(policy.flags) == {}


def test_quotations_in_english_stay() -> None:
    lines = [*VIETNAMESE[:4], "“" + ENGLISH[3] + "”", *VIETNAMESE[4:]]
    policy = read("\n".join(lines), "a.md")
    assert ENGLISH[3] in policy.text
    assert "two_languages" not in policy.flags


def test_a_glossary_with_english_words_stays() -> None:
    table = "".join(f"<tr><td>{a}<td>{b}" for a, b in zip(("_ga", "_gid", "cart"), VIETNAMESE[1::2], strict=False))
    policy = read(page(f"{html(VIETNAMESE)}<table>{table}</table>"), "a.html")
    assert "_gid | " in policy.text
    assert "two_languages" not in policy.flags


def bare(line: str) -> str:
    plain = unicodedata.normalize("NFD", line.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def test_a_text_without_diacritics_is_flagged_and_has_no_gaps() -> None:
    contact = "Lien he 0905 123 456 hoac thu@maytre.example de hoi ve thong tin ca nhan da gui cho cua hang."
    policy = read("\n\n".join([*map(bare, VIETNAMESE), contact]), "a.txt")
    assert policy.flags["no_diacritics"] == 1
    analysis = Analyser()(policy)
    assert {e.kind for e in analysis.entities} >= {"phone", "email"}
    statuses = {f.attribute: f.status for f in compare(analysis)}
    assert statuses["emails"] == "stated"
    assert "unreadable" in statuses.values()
    assert "not_found" not in statuses.values()


@pytest.mark.parametrize("lines", [VIETNAMESE, [*VIETNAMESE, bare(VIETNAMESE[1])]], ids=["all", "most"])
def test_a_text_with_diacritics_is_not_flagged(lines: list[str]) -> None:
    assert "no_diacritics" not in read("\n".join(lines), "a.txt").flags


def test_readers_of_report_and_workbook_are_told(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "may-tre.txt").write_text("\n\n".join([*VIETNAMESE, *SALE]), encoding="utf-8")
    (tmp_path / "raw" / "la-xanh.txt").write_text(SHOP, encoding="utf-8")
    assert vnpolicy("run", tmp_path / "raw", "--out", tmp_path / "out", "--quiet").returncode == 0
    told = terms()["doubt"]["several_policies"]
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8").count(told["vi"]) == 1
    book = openpyxl.load_workbook(tmp_path / "out" / "comparison.xlsx")
    said = {row[0]: row[1:3] for row in book["Tóm tắt"].iter_rows(values_only=True)}
    assert said[told["brief"]] == (1, "may-tre")
    assert said[terms()["doubt"]["no_diacritics"]["brief"]][0] == 0
