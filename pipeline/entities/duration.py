"""Vietnamese durations in figures and words, as ISO 8601.

The unit that the text uses stays: "24 tháng" is `P24M`, not `P2Y`.

>>> [d.value for d in read("lưu 05 (năm) năm, hai mươi bốn (24) tháng, nửa năm, một năm rưỡi, 1 năm 6 tháng")]
['P5Y', 'P24M', 'P6M', 'P18M', 'P1Y6M']
>>> [d.value for d in read("72h, 30 ngày, một tuần, hai quý, 30 phút, 1,5 năm")]
['PT72H', 'P30D', 'P1W', 'P6M', 'PT30M', 'P18M']

A range has its upper end as value and its lower end as `low`; a list shares the unit of its last number.

>>> [(d.low, d.value) for d in read("từ 3 đến 5 năm; 24-48h; 7, 15 hoặc 30 ngày")]
[('P3Y', 'P5Y'), ('PT24H', 'PT48H'), ('', 'P7D'), ('', 'P15D'), ('', 'P30D')]
>>> [(d.value, d.business) for d in read("03 ngày làm việc hoặc 24 giờ")]
[('P3D', True), ('PT24H', False)]

A limit may say one day or week without a number, or count the days.

>>> [d.value for d in read("xong ngay trong ngày, trong tuần, chậm nhất ngày làm việc tiếp theo hoặc ngày thứ 12")]
['P1D', 'P1W', 'P1D']
>>> [d.value for d in read("chậm nhất là ngày thứ mười hai")]
['P12D']
>>> read("mọi ngày trong tuần, hai lần trong ngày, trong ngày 3/4, vào ngày thứ 2 hằng tuần")
()

No durations: dates, ages, clock times, rates ("365 ngày/năm", "mỗi 6 giờ", "6 tháng một lần").

>>> read("ngày 3 tháng 12 năm 2022, dưới 16 tuổi, 72 tháng tuổi, từ 8h30 đến 17 giờ, 365 ngày/năm, 6 tháng một lần")
()
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from pipeline.automaton import automaton
from pipeline.entities.triggers import DIGITS
from pipeline.nlp import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """`text[start:end]` says `value`; `low`: lower end of a range, else empty; `business`: only working time counts."""

    start: int
    end: int
    value: str
    low: str
    business: bool


ONES = {"một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6, "bảy": 7,
        "bẩy": 7, "tám": 8, "chín": 9}
ENGLISH = {word: number for number, word in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1)}
UNITS = {"năm": "Y", "tháng": "M", "tuần": "W", "ngày": "D", "giờ": "H", "tiếng": "H", "h": "H", "phút": "MIN",
         "quý": "Q", "year": "Y", "month": "M", "week": "W", "day": "D", "hour": "H", "minute": "MIN"}
SMALLER = {"Y": ("M", 12), "Q": ("M", 3), "M": ("D", 30), "W": ("D", 7), "D": ("H", 24), "H": ("MIN", 60)}
"""The unit that a half is said in, and how many of it make one: "nửa tháng" is 15 days."""
LARGEST = {"Y": 100, "Q": 40, "M": 600, "W": 520, "D": 9999, "H": 9999, "MIN": 9999}
"""Above this the number is a year, a price or an article, not a length."""

_ONE = "(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín)"
_LAST = "(?:mốt|một|hai|ba|tư|bốn|lăm|nhăm|sáu|bảy|bẩy|tám|chín)"  # "mười năm" is ten years: five is "lăm" here
_TENS = rf"(?:{_ONE}\s+mươi(?:\s+{_LAST})?|mười(?:\s+{_LAST})?)"
_ENGLISH = "|".join(ENGLISH).replace("ten", r"ten(?! day\b)")  # "ten day du": full names where nobody types the marks
_WORDS = rf"(?:{_ONE}\s+trăm(?:\s+(?:{_TENS}|(?:linh|lẻ)\s+{_ONE}))?|{_TENS}|{_ONE}|nửa|{_ENGLISH})"
_NUMBER = rf"(?:\d{{1,4}}(?:[.,]\d)?(?!\d)|{_WORDS}(?!\w))(?:\s*\(\s*(?:\d{{1,4}}|{_WORDS})\s*\))?"
_ADJECTIVES = ("business", "working", "calendar")
_UNIT = (r"(?:năm|tháng|tuần|ngày|giờ|tiếng|h|phút|quý(?!\s+(?:khách|vị|anh|chị|bạn|đối|công|phụ|cô|ông|bà|thầy|độc))"
         rf"|(?:(?:{'|'.join(_ADJECTIVES)})\s+)?(?:years?|months?|weeks?|days?|hours?|minutes?))(?!\w)")
_JOIN = r"\s*(?:-|–|—|~|đến|tới|to)\s*"
_OR = r"(?:,\s+(?:hoặc\s+|hay\s+)?|\s+(?:hoặc|hay)\s+)"
_DURATION = re.compile(
    rf"(?<![\w/.:–-])(?P<first>{_NUMBER})"
    rf"(?:\s*(?P<unit1>{_UNIT})"
    rf"(?:{_JOIN}(?P<last1>{_NUMBER})\s*(?P<unit2>{_UNIT})|\s+(?:và\s+)?(?P<rest>{_NUMBER})\s*(?P<unit3>{_UNIT}))?"
    rf"|{_JOIN}(?P<last2>{_NUMBER})\s*(?P<unit4>{_UNIT})"
    rf"|(?P<more>(?:{_OR}{_NUMBER}){{1,4}})\s*(?P<unit5>{_UNIT}))"
    r"(?P<half>\s+rưỡi(?!\w))?(?P<business>\s*(?:làm\s+việc|hành\s+chính)(?!\w))?")
_WORKING = re.compile("business|working")
_BEFORE_DATE = re.compile(r"(?:ngày|tháng|năm|quý|thứ|lần|mỗi|hằng|(?:^|[^\w\s]|(?<!\w)(?:theo|kỳ|vào|và)) hàng|"
                          r"chu kỳ|định kỳ|lúc|vào|mùng|điều|khoản)\s*$")
_CLOCK = re.compile(r"\d\s*(?:h|:|giờ)\s*\d\d\s*(?:-|–|đến|tới)\s*$")
_AFTER_NONE = re.compile(
    r"\s*(?:\d|tháng\s+\d|năm\s+\d|tuổi|kinh nghiệm|sinh(?!\w)|sáng|chiều|tối(?! đa)|đêm"
    r"|/\s*(?:\d|năm|tháng|tuần|ngày|lần)"
    r"|(?:một|hai|ba|vài|mấy) (?:lần|lá|tin|thư|email|bản)(?!\w)|[a-zà-ỹ]{3,7} tuổi)")
_GOES_ON = r"\s*(?:[.,;:)]|\Z|(?:đó|ấy|kể từ|tính từ|sau khi|khi|nếu)(?!\w))"
_IMPLIED = re.compile(
    rf"(?<=trong )(?P<within>ngày|tuần)(?:\s+làm\s+việc)?(?={_GOES_ON})"
    r"|(?:(?<=trong )|(?<=vào )|(?<=nhất )|(?<=nhất là )|(?<=\| ))ngày\s+(?:làm\s+việc\s+)?"
    rf"(?:(?:hôm sau|tiếp theo|kế tiếp|liền sau)|(?<!vào ngày )thứ\s+(?P<count>{_NUMBER}))(?!\w)")
"""A length that is said without number and unit side by side."""
_IMPLYING = ("trong ngày", "trong tuần", "hôm sau", "tiếp theo", "kế tiếp", "liền sau", "thứ")
_RECURS = re.compile(r"(?<!\w)(?:ngày|giờ|lần|lượt|lúc|điểm|buổi|phút|tháng|hai|sáu|bảy|nhật|suốt|tất cả|nhất)"
                     r"\s+trong\s\Z")
_NUMBER_WORDS = (*ONES, *ENGLISH, "mươi", "mười", "trăm", "nửa")
_I_FOR_Y = re.compile(r"[lk][íìỉĩị](?!\w)(?<!\w..)")
_Y = str.maketrans("íìỉĩị", "ýỳỷỹỵ")
_DIGITS = re.compile(r"\d+(?:[.,]\d)?")


def signs() -> Iterable[str]:
    """What every text with a duration has one of: a figure, bracket or word before a unit, or what implies a length."""
    yield from (f"{figure}{space}{unit}" for figure in (*DIGITS, ")") for space in ("", " ") for unit in UNITS)
    yield from (f"{word} {unit}" for word in (*_NUMBER_WORDS, *_ADJECTIVES) for unit in UNITS)
    yield from _IMPLYING[:2]
    yield from (f"ngày {work}{which}" for work in ("", "làm việc ") for which in _IMPLYING[2:])


@lru_cache(maxsize=4096)
def spell(text: str) -> str:
    """`text` folded, with y in the words that are also written with i; as many characters as `text`.

    >>> spell("Xử lí trong kì hạn đã kí")
    'xử lý trong kỳ hạn đã ký'
    """
    return _I_FOR_Y.sub(lambda match: match.group().translate(_Y), fold(text))


@lru_cache(maxsize=512)
def read(text: str) -> tuple[Duration, ...]:
    """Every duration in `text`, in order; one that a bracket only repeats ("60 ngày (sáu mươi ngày)") once."""
    folded = fold(text)
    if not _counts(" ".join(folded.split())):
        return ()
    found: list[Duration] = []
    for match in _DURATION.finditer(folded):
        if _is_date_or_clock(folded, match):
            continue
        for new in _durations(match):
            if not (found and new.value == found[-1].value and folded[found[-1].end:new.start].strip() == "("):
                found.append(new)
    if implied := [new for new in _implied(folded) if all(new.end <= d.start or d.end <= new.start for d in found)]:
        found = sorted([*found, *implied], key=lambda duration: duration.start)
    return tuple(found)


def _counts(folded: str) -> bool:
    """Whether a unit stands behind a figure or a word for a number: one look tells, and few sentences have one."""
    return any(True for _ in _automaton().iter(folded))


@cache
def _automaton() -> Any:
    return automaton(dict.fromkeys(signs()))


def _implied(folded: str) -> Iterator[Duration]:
    if not any(sign in folded for sign in _IMPLYING):
        return
    for match in _IMPLIED.finditer(folded):
        if match["within"]:
            if _RECURS.search(folded, max(0, match.start() - 20), match.start()):
                continue
            value = f"P1{_unit(match['within'])}"
        else:
            value = _iso(_number(match["count"]) if match["count"] else Fraction(1), "D")
        if value:
            yield Duration(start=match.start(), end=match.end(), value=value, low="",
                           business="làm" in match.group())


def parse(surface: str) -> str:
    """The value of the one duration in `surface`.

    >>> parse("Trong vòng 24 (hai mươi bốn) giờ")
    'PT24H'
    """
    found = read(surface)
    if len({duration.value for duration in found}) != 1:
        raise ValueError(f"not one duration: {surface!r}")
    return found[0].value


def _is_date_or_clock(folded: str, match: re.Match[str]) -> bool:
    before = folded[max(0, match.start() - 16):match.start()]
    if _BEFORE_DATE.search(before) or _AFTER_NONE.match(folded[match.end():match.end() + 24]):
        return True
    if last := match["last1"] or match["last2"]:
        low, high = _number(match["first"]), _number(last)
        clock = high < 24 and (match["unit1"] is not None or (6 <= low <= 9 and high >= 16))
        return clock and _unit(match["unit2"] or match["unit4"]) == "H"
    if match["unit1"] is None or _unit(match["unit1"]) != "H":
        return False
    late = 18 <= _number(match["first"]) <= 23  # limits are said in half and whole days: "sau 21h" is a time of day
    return _CLOCK.search(before) is not None or (late and before.endswith(("sau ", "trước ", "đến ", "tới ")))


def _durations(match: re.Match[str]) -> list[Duration]:
    """One duration, or one for each number of a list, each with its place."""
    unit = _unit(match["unit2"] or match["unit4"] or match["unit5"] or match["unit1"])
    half = Fraction(1, 2) if match["half"] else Fraction(0)
    low, start, value = "", match.start(), _iso(_number(match["first"]) + half, unit)
    found = []
    if last := match["last1"] or match["last2"]:
        low = _iso(_number(match["first"]), _unit(match["unit1"]) if match["unit1"] else unit)
        value = _iso(_number(last) + half, unit)
    elif match["rest"]:
        value = _sum(value, _iso(_number(match["rest"]), _unit(match["unit3"])))
    elif match["more"]:
        places = [match.span("first")] + [(match.start("more") + m.start(), match.start("more") + m.end())
                                          for m in re.finditer(_NUMBER, match["more"])]
        *others, (start, _) = places
        found = [_duration(match, place, _iso(_number(match.string[slice(*place)]), unit)) for place in others]
        value = _iso(_number(match.string[slice(*places[-1])]), unit)
    return [duration for duration in [*found, _duration(match, (start, match.end()), value, low)] if duration.value]


def _duration(match: re.Match[str], place: tuple[int, int], value: str, low: str = "") -> Duration:
    return Duration(start=place[0], end=place[1], value=value, low=low,
                    business=bool(match["business"] or _WORKING.search(match.group())))


def _unit(word: str) -> str:
    return UNITS.get(word) or UNITS[word.split()[-1].rstrip("s")]


def _number(surface: str) -> Fraction:
    if digits := _DIGITS.search(surface):
        return Fraction(digits.group().replace(",", "."))
    words = re.findall(r"[^\W\d]+", surface.partition("(")[0])
    if "nửa" in words:
        return Fraction(1, 2)
    total = 0
    for word in words:
        if word == "trăm":
            total *= 100
        elif word in ("mươi", "mười"):
            hundreds, ones = divmod(total, 100)
            total = hundreds * 100 + max(ones, 1) * 10
        else:
            total += ONES.get(word) or ENGLISH.get(word, 0)
    return Fraction(total)


def _iso(number: Fraction, unit: str) -> str:
    """Empty where the number is none that this unit is counted in."""
    if not 0 < number <= LARGEST[unit]:
        return ""
    if (number.denominator != 1 and unit in SMALLER) or unit == "Q":
        smaller, count = SMALLER[unit]
        number, unit = number * count, smaller
    if number.denominator != 1:
        return ""
    return f"PT{number}{unit[0]}" if unit in ("H", "MIN") else f"P{number}{unit}"


def _sum(large: str, small: str) -> str:
    """Years and months, hours and minutes, days and hours; what is no compound is its first part.

    >>> _sum("P1Y", "P6M"), _sum("PT2H", "PT30M"), _sum("P1D", "PT6H"), _sum("P6M", "P1Y")
    ('P1Y6M', 'PT2H30M', 'P1DT6H', 'P6M')
    """
    if not (large and small):
        return large
    order = ["Y", "M", "W", "D"]
    if "T" in large:
        return large + small.removeprefix("PT") if (large[-1], small[-1]) == ("H", "M") else large
    if "T" in small:
        return large + small.removeprefix("P")
    return large + small.removeprefix("P") if order.index(large[-1]) < order.index(small[-1]) else large
