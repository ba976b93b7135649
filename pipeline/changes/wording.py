"""The wording of a sentence as versions are compared by it: its words, without what a vendor's web master changes.

Case, kind of spaces, invisible characters, tone placement, i for y, punctuation, list markers and the way in which a
telephone number or a period is written say nothing new. Two sentences with one `key` say the same.

>>> [plain(t) for t in ("2.1. Xoá\\xa0tài khoản;", "a) XÓA tài khoản", "Điều 5. Công ty giữ 24h")]
['xóa tài khoản', 'xóa tài khoản', 'công ti giữ 24 h']
>>> cosmetic("1. Mục đích", "2. Mục đích"), cosmetic("tuỳ chọn", "tùy chọn"), cosmetic("Họ tên;", "Họ tên.")
('numbering', 'tone marks', 'punctuation')
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.entities.cues import spell
from pipeline.periods import in_months
from pipeline.records import Analysis, Entity, Sentence
from pipeline.segment.lines import INVISIBLE, marker_of

_WORD = re.compile(r"\d+|[^\W\d_]+|%")
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\xad]")
_SPACES = re.compile(rf"[{INVISIBLE}\n]+")
_REFERENCE = re.compile(
    r"(?i)\b(điều|mục|phần|khoản)\s+(\d{1,2}(?:\.\d{1,2})*)(?!.{0,25}\b(?:luật|nghị định|thông tư|hiến pháp)\b)"
)
_DATE = r"(?:ngày\s*)?\d{1,2}\s*(?:[-/.]|tháng|thg)\s*\d{1,2}\s*(?:[-/.]|năm|,)?\s*\d{4}"
_DATE_LINE = re.compile(rf"\W*(?:[^\W\d_][^\d,:]{{0,30}}[,:]\s*)?{_DATE}\W*$")

ONE_TOKEN = frozenset({"phone", "email", "url", "tax_code", "address", "organization", "effective_date"})
"""Kinds of entity that are one thing, however many words they have."""

WRITTEN_IN_WAYS = frozenset({"phone", "email", "url", "retention", "response_time"})
"""Kinds whose canonical value stands for their words: `1900 6123` and `1900.6123` are one."""

DATE_LINE = 14
"""Words of the longest line that does no more than say when the page was last updated."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it is compared: `key` is its words, `shape` the same with values and numbers left open.

    `aside` says why a change of it is none of the policy (`furniture`, `date line`); empty where it is one.
    """

    sentence: Sentence
    key: str
    shape: str
    aside: str


def lines(analysis: Analysis) -> list[Line]:
    """The sentences of a version in order; those without a word (rules, ornaments) are left out."""
    found = defaultdict(list)
    for entity in analysis.entities:
        found[entity.sentence].append(entity)
    titles = _titles(analysis.sentences)
    made = (_line(sentence, found[sentence.index], titles) for sentence in analysis.sentences)
    return [line for line in made if line.key]


def _line(sentence: Sentence, entities: Sequence[Entity], titles: dict[str, str]) -> Line:
    key = " ".join(_words(_replaced(sentence, entities, _value), titles))
    shape = " ".join("0" if w.isdigit() else w for w in _words(_replaced(sentence, entities, _kind), titles))
    return Line(sentence, key, shape, _aside(sentence, entities, key))


def plain(text: str) -> str:
    """The words of a sentence that count, joined by spaces."""
    return " ".join(_words(text, {}))


def _words(text: str, titles: dict[str, str]) -> Iterator[str]:
    """The words behind the list marker; a reference to a part of the policy is its title, whatever its number is."""
    marker = marker_of(text)
    body = spell(_UNSEEN.sub("", unicodedata.normalize("NFKC", text[marker.width :] if marker else text)))
    if titles:
        body = _REFERENCE.sub(lambda m: f"{m[1]} {titles.get(m[2], m[2])}", body)
    words = _WORD.findall(body)
    return iter(words or _WORD.findall(spell(text)))


def _replaced(sentence: Sentence, entities: Sequence[Entity], by: Callable[[Entity], str]) -> str:
    """The text of the sentence with `by` of each entity in its place, where that is not empty."""
    text, reached = [], 0
    for entity in sorted(entities, key=lambda e: (e.start, -e.end)):
        start, end, word = entity.start - sentence.start, entity.end - sentence.start, by(entity)
        if word and start >= reached and end <= len(sentence.text):
            text += [sentence.text[reached:start], f" {word} "]
            reached = end
    return "".join([*text, sentence.text[reached:]])


def _value(entity: Entity) -> str:
    if entity.kind not in WRITTEN_IN_WAYS or (entity.kind in ("retention", "response_time") and entity.value[0] != "P"):
        return ""
    return f"{in_months(entity.value)} {entity.detail.get('bound', '')}"


def _kind(entity: Entity) -> str:
    return entity.kind.replace("_", "") if entity.kind in ONE_TOKEN else ""


def _titles(sentences: Sequence[Sentence]) -> dict[str, str]:
    """What stands under each number of a heading, for references to it; numbers that occur twice name nothing."""
    titles: dict[str, str] = {}
    for sentence in sentences:
        marker = marker_of(sentence.text) if sentence.kind == "heading" else None
        if marker and (number := re.search(r"\d+(?:\.\d+)*", sentence.text[: marker.width])):
            titles[number[0]] = "" if number[0] in titles else plain(sentence.text)
    return {number: title for number, title in titles.items() if title}


def _aside(sentence: Sentence, entities: Sequence[Entity], key: str) -> str:
    if sentence.kind == "furniture":
        return "furniture"
    updated = any(e.kind == "effective_date" and e.detail.get("means") == "updated" for e in entities)
    if (updated and key.count(" ") < DATE_LINE) or _DATE_LINE.match(spell(sentence.text)):
        return "date line"
    return ""


def _collapsed(text: str) -> str:
    return _SPACES.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFKC", text))).strip()


def _unnumbered(text: str) -> str:
    marker = marker_of(text)
    return _REFERENCE.sub(r"\1", text[marker.width :] if marker else text)


_LADDER: Sequence[tuple[str, Callable[[str], str]]] = (
    ("spaces", _collapsed),
    ("numbering", lambda t: _unnumbered(_collapsed(t))),
    ("case", lambda t: _unnumbered(_collapsed(t)).lower()),
    ("tone marks", lambda t: spell(_unnumbered(_collapsed(t)))),
    ("punctuation", plain),
)


def cosmetic(old: str, new: str) -> str:
    """What alone tells two texts with one wording apart; empty where they are the same text."""
    if old == new:
        return ""
    return next((name for name, form in _LADDER if form(old) == form(new)), "way of writing")
