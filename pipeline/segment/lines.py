"""Lines of a policy and the list or section markers that they begin with.

>>> lines = ("1. Mục đích", "2.1/ Thu thập", "– Hỗ trợ;", "IV. Quyền", "a) Họ tên", "Điều 5. Lưu trữ")
>>> [marker_of(line).style for line in lines]
['1.', '1.1/', '–', 'I.', 'a)', 'điều']
>>> [marker_of(t) for t in ("24h làm việc", "10 năm theo luật", "3.500 khách")]
[None, None, None]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.nlp import fold
from pipeline.segment.cues import cues

INVISIBLE = (
    "\t\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\xad\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b"
    "\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
"""White space, no-break space and zero-width characters: never the first or last character of a line."""

WRAP = 60
"""Shortest line, in characters, that can have been broken by hand at a margin."""

LETTERS = "abcdđefghijklmnopqrstuvwxyz"
"""Lists go on from d) to đ) or to e), and from e) to f) or to g)."""

BULLET = r"[-–—−•*+▪●◦○✓✔→▸■□❖➢►➤‣·∙◆♦★☆\uf000-\uf8ff]"
_BULLET = re.compile(rf"({BULLET})\s*(?=\S)")
_LONE_BULLET = re.compile(rf"{BULLET}$")
_PART = re.compile(r"(Điều|ĐIỀU|Chương|CHƯƠNG|Mục|MỤC|Phần|PHẦN|Phụ lục|PHỤ LỤC|Bảng|BẢNG)\s+"
                   r"(\d{1,3}|[IVX]{1,5}|[A-ZĐ])(?=[.:)\s–-]|$)[.:)\s–-]*")
_CODE = re.compile(r"()([A-ZĐ]\.?\d{1,2})([.):/])(?=\s)\s*|()([A-OR-ZĐ]\.\d{1,2})()(?=\s)\s*")
_ROMAN = re.compile(r"(\(?)([IVX]{1,5}|[ivx]{1,5})([.)/:]|\s?[-–])(?=\s|[A-ZĐ“\"]|$)\s*")
_DECIMAL = re.compile(r"(\(?)(\d{1,2}(?:\.\d{1,2}){1,4})([.)/:]?)(?=\s|[^\W\d_]|$)\s*")
_NUMBER = re.compile(r"(\(?)(\d{1,2})(\s?[.)/]|:)(?!\d)\s*")
_BARE = re.compile(r"()(\d{1,2})()\s+(?=[^\W\d_])")
_LETTER = re.compile(r"(\(?)([A-Za-zđĐ])([.)/])\s+")
_STRAY = re.compile(r"()(?:\.)(\d{1,2})()(?=[^\W\d_])")
_ALONE = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])[.)/:]?$")


@dataclass(frozen=True, slots=True)
class Marker:
    """`style` is the same for the markers of one list, the space behind them included (`1. Tên` but `1.Tên`).

    `number` is the place in the list, 0 where the marker has none; `width` is in characters.
    """

    style: str
    number: int
    width: int

    @property
    def is_bullet(self) -> bool:
        """Whether it has no place in a list: a dash, a dot."""
        return self.number == 0

    @property
    def depth(self) -> int:
        """1 for `1.`, 2 for `1.1`; 0 for bullets."""
        return 0 if self.is_bullet else self.style.count("1") or 1


@dataclass(frozen=True, slots=True)
class Line:
    """A stripped, non-empty line (or several that were one before they were wrapped). `blank` lines stand before it."""

    start: int
    end: int
    text: str
    marker: Marker | None
    blank: int

    @property
    def body(self) -> str:
        """The line without its marker."""
        return self.text[self.marker.width:] if self.marker else self.text

    @property
    def is_number_alone(self) -> bool:
        """Whether nothing but a number, arabic or roman, or one letter stands in it."""
        return bool(_ALONE.match(self.text))


def lines_of(text: str) -> list[Line]:
    """The non-empty lines of `text` in order; lines wrapped at a margin, or after a bullet, are joined."""
    spans: list[tuple[int, int, int]] = []
    above = ""
    for start, end, blank in _stripped(text):
        line = text[start:end]
        if spans and not blank and (_LONE_BULLET.match(above) or _runs_on(above, line)) and marker_of(line) is None:
            spans[-1] = (spans[-1][0], end, spans[-1][2])
        else:
            spans.append((start, end, blank))
        above = line
    return [Line(start, end, text[start:end], marker_of(text[start:end]), blank) for start, end, blank in spans]


def _stripped(text: str) -> Iterator[tuple[int, int, int]]:
    """Start and end of each line that is not empty, and the number of empty ones above it."""
    blank, position = 0, 0
    for raw in text.split("\n"):
        if stripped := raw.strip(INVISIBLE):
            start = position + raw.index(stripped[0])
            yield start, start + len(stripped), blank
            blank = 0
        else:
            blank += 1
        position += len(raw) + 1


def _runs_on(line: str, following: str) -> bool:
    """Whether `following` is the rest of a sentence that was broken at a margin."""
    if len(line) < WRAP or line[-1] in ".:;!?…":
        return False
    return following[0].islower() or fold(line[-12:]).rsplit(maxsplit=1)[-1] in cues().dangling


def marker_of(text: str) -> Marker | None:
    """The list or section marker at the beginning of a line, `None` if there is none."""
    if found := _PART.match(text):
        return Marker(found[1].lower(), _value(found[2]), found.end())
    if found := _BULLET.match(text):
        return Marker(found[1], 0, found.end())
    if found := _ROMAN.match(text):
        shape = "I" if found[2].isupper() else "i"
        return Marker(found[1] + shape + found[3].strip(), _value(found[2]), found.end())
    for pattern in (_DECIMAL, _NUMBER, _BARE, _STRAY):
        if (found := pattern.match(text)) and _is_number(text, found):
            shape = "1." if pattern is _STRAY else found[1] + re.sub(r"\d+", "1", found[2]) + found[3].strip()
            tight = "" if text[found.end() - 1:found.end()].isspace() or found.end() == len(text) else "~"
            return Marker(shape + tight, int(found[2].rsplit(".", 1)[-1]) or 1, found.end())
    if found := _CODE.match(text):
        code = found[2] or found[5]
        return Marker(re.sub(r"\d+", "1", code) + (found[3] or ""), int(code[1:].lstrip(".")) or 1, found.end())
    if found := _LETTER.match(text):
        shape = "A" if found[2].isupper() else "a"
        return Marker(found[1] + shape + found[3], LETTERS.index(found[2].lower()) + 1, found.end())
    return None


def _is_number(text: str, found: re.Match[str]) -> bool:
    """Tells `1. Họ tên` from `1.500 đồng`, `10/09/2019` and `7:00`, and `1 Họ tên` from `10 năm`."""
    following = text[found.end():found.end() + 1]
    if found.re is _BARE:
        return following.isupper()
    return not (following.isdigit() and text[found.end() - 1] in ".:/")


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    if len(numeral) == 1 and numeral.upper() not in "IVX":
        return LETTERS.index(numeral.lower()) + 1
    values = {"I": 1, "V": 5, "X": 10}
    digits = [values[c] for c in numeral.upper()]
    return sum(-d if d < max(digits[i:]) else d for i, d in enumerate(digits))
