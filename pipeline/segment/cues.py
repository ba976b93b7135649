"""The words that tell the parts of a text apart: `vocabulary/furniture.toml`, `headings.toml` and `abbreviations.toml`.

Each list becomes one pattern over folded text, or a set of words. What each is for stands in its file.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from pipeline.nlp import fold

LONGEST_PLAIN = 18
"""Syllables in the longest heading that has no number."""


ABBREVIATIONS = ("before_a_name", "before_a_number", "before_a_capital", "inside_a_sentence")
"""Lists of `abbreviations.toml` that hold words with a full stop of their own."""


class Cues(NamedTuple):
    """The lists of the three files, in their order; `statement` is a `subject` with its `verb`."""

    line: re.Pattern[str]
    line_anywhere: re.Pattern[str]
    contents: re.Pattern[str]
    tail: re.Pattern[str]
    tail_anywhere: re.Pattern[str]
    link: re.Pattern[str]
    policy: re.Pattern[str]
    title: re.Pattern[str]
    lead_in: re.Pattern[str]
    statement: re.Pattern[str]
    predicate: re.Pattern[str]
    label: re.Pattern[str]
    company: re.Pattern[str]
    dated: re.Pattern[str]
    postal: re.Pattern[str]
    topic: re.Pattern[str]
    greeting: re.Pattern[str]
    dangling: frozenset[str]
    outside: re.Pattern[str]
    before_a_name: frozenset[str]
    before_a_number: frozenset[str]
    before_a_capital: frozenset[str]
    inside_a_sentence: frozenset[str]
    abbreviations: frozenset[str]
    before_a_letter: re.Pattern[str]
    domains: frozenset[str]


@cache
def cues() -> Cues:
    """The phrase lists, compiled."""
    page, head, short = (_read(name) for name in ("furniture", "headings", "abbreviations"))
    return Cues(
        line=re.compile(_any(page["line"])),
        line_anywhere=re.compile(_any(page["line_anywhere"])),
        contents=re.compile(_any(page["contents"])),
        tail=re.compile(_any(page["tail"])),
        tail_anywhere=re.compile(_any(page["tail_anywhere"])),
        link=re.compile(rf"{_any(page['link'])}\W*$"),
        policy=re.compile(rf"\b{_any(page['policy'])}\b"),
        title=re.compile(rf"\b{_any(page['title'])}\b"),
        lead_in=re.compile(rf"(?<!\w){_any(head['lead_in'])}\s*[:;]?\s*:$"),
        statement=re.compile(rf"\b{_any(head['subject'])}\b.{{0,60}}?\b{_any(head['verb'])}\b"),
        predicate=re.compile(rf"\b{_any(head['predicate'])}\b"),
        label=re.compile(rf"{_any(head['label'])}[^:]{{0,40}}:"),
        company=re.compile(_any(head["company"])),
        dated=re.compile(rf"{_any(head['dated'])}.{{0,80}}\d|^\(.*\)$|^v?\d+(?:\.\d+)+$"),
        postal=re.compile(rf",.{{0,120}}\b{_any(head['postal'])}\b"),
        topic=re.compile(rf"{_any(head['topic'])}\b"),
        greeting=re.compile(rf"{_any(head['greeting'])}\b"),
        dangling=frozenset(head["dangling"]),
        outside=re.compile(rf"{_any(head['outside'])}\b.{{0,120}}\b{_any(head['outside_verb'])}\b"),
        before_a_name=frozenset(short["before_a_name"]),
        before_a_number=frozenset(short["before_a_number"]),
        before_a_capital=frozenset(short["before_a_capital"]),
        inside_a_sentence=frozenset(short["inside_a_sentence"]),
        abbreviations=frozenset(word for name in ABBREVIATIONS for word in short[name]),
        before_a_letter=re.compile(rf"\b{_any(short['before_a_letter'])} \(?[a-zđ]$"),
        domains=frozenset(short["domains"]),
    )


def is_lead_in(text: str) -> bool:
    """Whether the text ends by announcing a list.

    >>> [is_lead_in(t) for t in ("Chúng tôi sử dụng thông tin để:", "4. Thời gian lưu trữ:", "KiotViet cam kết:")]
    [True, False, True]
    """
    if not text.endswith(":"):
        return False
    folded = fold(text)
    return (cues().lead_in.search(folded[-60:]) is not None or cues().statement.search(folded) is not None
            or len(folded.split()) > LONGEST_PLAIN)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("pipeline") / "vocabulary" / f"{name}.toml").read_text(encoding="utf-8"))


def _any(phrases: Iterable[str]) -> str:
    return f"(?:{'|'.join(phrases)})"
