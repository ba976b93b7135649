"""Expressions that are asked only about texts with their words answer as if they were asked about all."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.attributes import attributes
from pipeline.findings.cues import cues
from pipeline.gold import GoldDocument
from pipeline.nlp import fold
from pipeline.regimes import signs
from pipeline.sieve import Pattern, Texts, compiled, literals


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("xóa tài khoản", [{"xóa tài khoản"}]),
        (r"\bxóa\b.{0,20}\btài khoản\b", [{"tài khoản"}, {"xóa"}]),
        ("(?:hủy|xóa) tài", [{" tài"}, {"hủy", "xóa"}]),
        ("(?:thu hồi|rút lại)", [{"thu hồi", "rút lại"}]),
        ("(?:thu hồi|rút lại.*ngay lập tức)", [{"thu hồi", "ngay lập tức"}]),
        ("(?:thu hồi|.)", []),
        ("(?:tài khoản)?", []),
        ("(?:tài khoản)+", [{"tài khoản"}]),
        ("(?!không )chia sẻ", [{"chia sẻ"}]),
        ("(?<!không )chia sẻ", [{"chia sẻ"}]),
        ("(?=chia sẻ)", []),
        ("(?i)chia sẻ", []),
        ("(?i:chia sẻ)", []),
        (r"[aă]b\d", []),
        ("[>→] ?a", [{">", "→"}]),
        (r"[^>]", []),
    ],
)
def test_literals(expression: str, found: list[set[str]]) -> None:
    assert literals(expression) == found


@pytest.fixture(scope="module")
def patterns() -> list[Pattern]:
    """Every expression of the comparison."""
    found = [getattr(a, name) for a in attributes() for name in ("says", "proves", "unless")]
    found += [pattern for sign in signs().values() for pattern in (sign.says, sign.unless)]
    found += [cues("sharing")(name) for name in ("give", "refused", "except", "others", "with_consent", "giving")]
    found += [cues("consent")(name) for name in ("by_use", "explicit", "required", "someone_elses")]
    return [pattern for pattern in found if pattern]


def test_no_match_is_lost(patterns: list[Pattern], annotated: list[GoldDocument]) -> None:
    texts = [fold(d.text[unit.start : unit.end]) for d in annotated for unit in d.units]
    for pattern in patterns:
        asked = [re.compile(expression) for expression, _ in pattern._asked]
        places = Texts(texts).matching(pattern)
        assert places == [i for i, text in enumerate(texts) if any(regex.search(text) for regex in asked)], asked


def test_an_expression_made_later_is_asked_of_texts_seen_before() -> None:
    text = "quý khách được xóa ảnh"
    assert not compiled("tài khoản").search(text)
    assert compiled("xóa ảnh").search(text)
    texts = Texts([text, "bạn được in ảnh"])
    assert texts.matching(compiled("quý khách")) == [0]
    assert texts.matching(compiled("in ảnh")) == [1]


@given(st.text("ab cđ", max_size=12))
def test_it_answers_as_the_expression_does(text: str) -> None:
    for expression in (r"ab+c", r"\b(?:ab|cđ ?a)\b", r"(?:a|b)c.*đ", r"(?:ab){2}"):
        assert bool(compiled(expression).search(text)) == bool(re.search(expression, text))
        assert compiled(expression).sub("-", text) == re.sub(expression, "-", text)


def test_several_expressions_are_asked_one_after_another() -> None:
    either = compiled("tài khoản", r"\bxóa\b|\bhủy\b")
    found = [either.search(text) for text in ("xóa tài khoản", "hủy đơn", "thủy sản")]
    assert [match and match.group() for match in found] == ["tài khoản", "hủy", None]
