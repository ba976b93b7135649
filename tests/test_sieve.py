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
from pipeline.sieve import Pattern, compiled, literals


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("xóa tài khoản", {"xóa tài khoản"}),
        (r"\bxóa\b.{0,20}\btài khoản\b", {"tài khoản"}),
        ("(?:hủy|xóa) tài", {" tài"}),
        ("(?:thu hồi|rút lại)", {"thu hồi", "rút lại"}),
        ("(?:thu hồi|.)", set()),
        ("(?:tài khoản)?", set()),
        ("(?:tài khoản)+", {"tài khoản"}),
        ("(?!không )chia sẻ", {"chia sẻ"}),
        ("(?<!không )chia sẻ", {"chia sẻ"}),
        ("(?=chia sẻ)", set()),
        ("(?i)chia sẻ", set()),
        ("(?i:chia sẻ)", set()),
        (r"[aă]b\d", set()),
    ],
)
def test_literals(expression: str, found: set[str]) -> None:
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
        for text in texts:
            assert bool(pattern.search(text)) == bool(pattern._regex.search(text)), (pattern._regex.pattern, text)


def test_an_expression_made_later_is_asked_of_texts_seen_before() -> None:
    text = "quý khách được xóa ảnh"
    assert not compiled("tài khoản").search(text)
    assert compiled("xóa ảnh").search(text)


@given(st.text("ab cđ", max_size=12))
def test_it_answers_as_the_expression_does(text: str) -> None:
    for expression in (r"ab+c", r"\b(?:ab|cđ ?a)\b", r"(?:a|b)c.*đ", r"(?:ab){2}"):
        assert bool(compiled(expression).search(text)) == bool(re.search(expression, text))
        assert compiled(expression).sub("-", text) == re.sub(expression, "-", text)
