"""The day on which the policy takes effect or was last updated: `YYYY-MM-DD`, `YYYY-MM` where the text gives no day.

A date alone is none: something must say that it is the policy's. The rules, in this order:

- `stated`: words before the date say so ("có hiệu lực từ", "cập nhật lần cuối", "phiên bản 2.1 –").
- `stated_after`: words right behind it do ("01/01/2026 là ngày chính sách này có hiệu lực").
- `labelled`: the sentence is nothing but a date, and the line above, the lead-in or the heading says what it is.
- `below_title`: the sentence is nothing but a date, right below the title of the policy.

>>> [m.value for m in find("Chính sách này có hiệu lực kể từ ngày 10/09/2019, sửa đổi lần cuối 1.5.2024")]
['2019-09-10', '2024-05-01']
>>> [m.value for m in find("Cập nhật lần cuối: 14 thg 3, 2025")]
['2025-03-14']
>>> [m.value for m in find("Last updated: March 14, 2025")]
['2025-03-14']
>>> [m.value for m in find("Áp dụng từ tháng 11 năm 2023")]
['2023-11']

Dates of laws, decisions, licences and of versions that are replaced are none, nor are dates that do not exist.

>>> list(find("Căn cứ Nghị định số 13/2023/NĐ-CP có hiệu lực từ ngày 01/07/2023;"))
[]
>>> list(find("MST 3301999042 do Sở KH&ĐT cấp ngày 09/08/2017, cập nhật ngày 31/02/2020"))
[]

`detail`: `means` is `effective`, `updated`, or `issued` ("Ngày ban hành"), which `settle` drops where the document also
has another date of these.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import NUMBERS, Trigger
from pipeline.nlp import fold
from pipeline.records import Entity, Sentence

KIND = "effective_date"

_MONTHS = {name: number for number, names in enumerate(
    ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
     "september sep sept", "october oct", "november nov", "december dec"), 1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SAID = {name: number for number, names in enumerate(
    ("một", "hai", "ba", "tư bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai"), 1)
    for name in ([names] if number > 10 else names.split())}
"""Months in words; the first and last of the lunar year (giêng, chạp) are none of ours."""
_SAID_MONTH = "|".join(sorted(_SAID, key=len, reverse=True)).replace(" ", r"\s")
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"(?<![\w/.,-])(?:"
    rf"(?P<y1>{_YEAR})\s?[-/.]\s?(?P<m1>\d{{1,2}})\s?[-/.]\s?(?P<d1>\d{{1,2}})"
    rf"|(?P<d2>\d{{1,2}})(?P<sep>\s?[-/.]\s?)(?P<m2>\d{{1,2}})(?P=sep)(?P<y2>{_YEAR}|\d\d)"
    rf"|(?P<d3>\d{{1,2}})\s+(?:tháng|thg\.?|th)\s*(?P<m3>\d{{1,2}})\s*(?:,\s*)?(?:năm\s+)?(?P<y3>{_YEAR})"
    rf"|(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m4>{_MONTH})\.?,?\s+(?P<y4>{_YEAR})"
    rf"|(?P<m5>{_MONTH})\.?\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y5>{_YEAR})"
    rf"|(?:tháng|thg\.?)\s*(?P<m6>\d{{1,2}})\s*(?:[-/.]|,?\s*năm|,)?\s*(?P<y6>{_YEAR})"
    rf"|(?P<m7>\d{{1,2}})\s?[-/]\s?(?P<y7>{_YEAR})"
    rf"|(?P<m8>{_MONTH}),?\s+(?P<y8>{_YEAR})"
    rf"|(?P<d9>\d{{1,2}})\s+tháng\s+(?P<m9>{_SAID_MONTH}),?\s+(?:năm\s+)?(?P<y9>{_YEAR})"
    rf"|tháng\s+(?P<m10>{_SAID_MONTH}),?\s+(?:năm\s+)?(?P<y10>{_YEAR})"
    rf")(?![\w/]|[-.,]\d)")

_DIGITS = re.compile(r"\d(?:\d{3}|\s?[-/.]\s?\d)")
"""What every date has: a year, or two numbers with a mark between them."""

_MEANS = {
    "effective": r"hiệu lực(?: thi hành)?|áp dụng|thi hành|có giá trị|(?:được )?sử dụng|dùng|effective(?: date)?",
    "updated": r"cập nhật|sửa đổi(?:,? bổ sung)?|sửa|chỉnh sửa|điều chỉnh|rà soát|thay đổi|phiên bản|bản|version|"
               r"(?:last )?(?:updated|modified|revised)",
    "issued": r"ban hành|công bố",
}
_TRIGGER = re.compile("|".join(rf"(?P<{means}>(?<!\w)(?:{words})(?!\w))" for means, words in _MEANS.items()))
_EVERYDAY = frozenset({"sử dụng", "được sử dụng", "dùng", "bản", "thay đổi", "sửa", "có giá trị"})
"""Triggers that say something of the policy only where it is named before them, or where they begin the sentence."""
_OPENING = re.compile(r"[\W_]*(?:lần|ngày)?\s*")
_DOCUMENT = r"(?:chính sách|quy định|quy chế|thông báo|điều khoản|văn bản|tài liệu|bản)"
_LUNAR = (r"(?:mùng\s+)?\d{1,2}\s+tháng\s+(?:giêng|chạp|hai|ba|tư|năm|sáu|bảy|tám|chín|mười(?:\s+(?:một|hai))?)"
          r"(?:\s+năm\s+[^\W\d]+\s+[^\W\d]+)?")
_LINK = re.compile(
    r"(?:[\s:;,(\[–—|*.-]|(?:bắt đầu|kể từ|tính từ|từ|vào|lúc|là|ngày|hôm|on|from|as of|of|date|since|tại|với|"
    r"lần\s+(?:này|đầu(?: tiên)?|cuối(?: cùng)?|chót|gần (?:đây )?nhất|mới nhất|thứ\s+[^\W_]+|\d{1,2})|"
    r"năm học \d{4}\s?[-–]\s?\d{4}|cuối(?: cùng)?|sau cùng|ký(?: ban hành)?|được ký|"
    r"gần (?:đây )?nhất|mới nhất|hiện (?:tại|hành)|chính thức|trở đi|"
    r"\d{1,2}(?:\s*giờ|h|:)\s*(?:\d\d(?:\s*phút)?)?|v?\d{1,3}(?:\.\d{1,3}){1,3}|v?\d{1,2}(?![\w/.-])|"
    r"(?:và|hoặc)?\s*(?:bắt đầu )?(?:có )?(?:hiệu lực|áp dụng|sửa đổi|cập nhật|ban hành)(?: thi hành)?|"
    rf"của {_DOCUMENT}(?: [^\W\d]+){{0,6}}|{_DOCUMENT}(?: [^\W\d]+){{0,4}} này|"
    rf"thứ\s+(?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|mùng|updated|last|in|{_LUNAR})(?!\w))*\s*\Z")
"""What may stand between the words that say what a date is and the date: links, ordinals, clock times, versions, the
same day in the lunar calendar."""
_TO_WHOM = re.compile(r" (?:cho|với|đối với) [^\d,.;:]{1,50}?(?= (?:kể từ|từ|bắt đầu)(?!\w))")
_REACH = 90  # characters: such links, with clock time and week day, stay below it

_AFTER = re.compile(
    rf"(?:[\s:,)–-]|là|ngày|thì|trở đi|và|{_DOCUMENT}|này|bảo mật|sẽ|được|chính thức|bắt đầu){{0,12}}"
    r"(?<!\w)(?:(?P<effective>có hiệu lực|áp dụng)|(?P<updated>cập nhật lần cuối))(?!\w)")
_LAW = re.compile(r"(?<!\w)(?:luật|bộ luật|nghị định|thông tư|pháp lệnh|quyết định|nghị quyết|hợp đồng|giấy phép|"
                  r"giấy chứng nhận|gdpr)(?!\w)")
_POLICY = re.compile(rf"{_DOCUMENT}|(?:ban hành )?kèm")
_NO_POLICY = re.compile(
    r"khuyến mãi|khuyến mại|ưu đãi|giảm giá|ví dụ|bảng giá|(?:biểu|mức|cước) phí|lãi suất|đăng ký (?:lần|thay đổi)|"
    r"thay đổi lần|hợp đồng (?:số|ký)|cấp (?:lần|ngày)|sinh ngày|(?:thay thế|thay cho|thay bản)(?:(?! và ).)*$")
_TITLE = re.compile(rf"{_DOCUMENT}|quyền riêng tư|bảo mật|dữ liệu cá nhân|privacy")
_FRAME = re.compile(r"(?:[\s(\[*–•.-]|(?:từ|kể từ|ngày|vào)(?!\w))*")


def triggers() -> Iterable[Trigger]:
    return (Trigger(NUMBERS),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    if not _DIGITS.search(text):
        return
    folded = fold(text)
    named = False  # whether the sentence has a date of the policy already: "áp dụng từ ..., sửa lần hai ngày ..."
    for match in _DATE.finditer(folded):
        value = _value(match)
        whole_day = len(value) == len("2026-01-01")
        if value and (reason := _reason(folded, match, context, whole_day=whole_day, named=named)):
            means, rule = reason
            named = True
            yield Match(start=match.start(), end=match.end(), value=value, rule=rule, detail={"means": means})


def canonical(surface: str) -> str:
    """The value of the one date in `surface`.

    >>> canonical("Ngày 3 tháng 12 năm 2022"), canonical("09/2022")
    ('2022-12-03', '2022-09')
    """
    values = {value for match in _DATE.finditer(fold(surface)) if (value := _value(match))}
    if len(values) != 1:
        raise ValueError(f"not one date: {surface!r}")
    return values.pop()


def settle(entities: Sequence[Entity], sentences: Sequence[Sentence]) -> list[Entity]:
    """Without the day of issue where the document says when it takes effect or was updated."""
    others = [entity for entity in entities if entity.detail.get("means") != "issued"]
    return others or list(entities)


def _value(match: re.Match[str]) -> str:
    """Empty where there is no such day. Month before day is read only where the reverse is impossible."""
    parts = {key[0]: part for key, part in match.groupdict().items() if part}
    year = int(parts["y"]) if len(parts["y"]) == 4 else 2000 + int(parts["y"])
    month = _MONTHS.get(parts["m"]) or _SAID.get(" ".join(parts["m"].split())) or int(parts["m"])
    day = int(parts.get("d", "1"))
    if month > 12 >= day and match["d2"]:
        month, day = day, month
    try:
        found = date(year, month, day)
    except ValueError:
        return ""
    return found.isoformat() if "d" in parts else found.isoformat()[:7]


def _reason(
    folded: str, match: re.Match[str], context: Context, *, whole_day: bool, named: bool
) -> tuple[str, str] | None:
    """What the date is, and the rule that says so."""
    if means := _said_before(folded[:match.start()], named=named):
        return means, "stated"
    behind = folded[match.end():match.end() + _REACH]
    if (after := _AFTER.match(behind)) and not _of_law(folded[:match.start()]):
        return after.lastgroup or "effective", "stated_after"
    if not _is_whole(folded, match):
        return None
    for label in (context.lead_in, context.before, context.path[-1] if context.path else ""):
        if label and len(label) <= _REACH and (means := _said_before(fold(label))):
            return means, "labelled"
    title = context.path[-1] if context.path else context.before
    below = whole_day and title != "" and context.before in ("", title) and _TITLE.search(fold(title))
    return ("effective", "below_title") if below else None


def _said_before(left: str, *, named: bool = False) -> str:
    """What the words at the end of `left` say about the date that follows; empty if nothing."""
    window = left[-_REACH:]
    triggers = [m for m in _TRIGGER.finditer(window) if _links(window, m.end())]
    if not triggers:
        return ""
    before = left[:len(left) - len(window) + triggers[0].start()]
    everyday = triggers[0].group() in _EVERYDAY and not _OPENING.fullmatch(before)
    if everyday and not named and not _POLICY.search(_clause(before)):
        return ""
    return "" if _of_law(before) else triggers[-1].lastgroup or ""


def _links(window: str, start: int) -> bool:
    """Whether only links, or whom the policy is for ("áp dụng cho mọi khách từ"), stand from `start` to the end."""
    whom = _TO_WHOM.match(window, start)
    return _LINK.match(window, start) is not None or (whom is not None and _LINK.match(window, whom.end()) is not None)


def _of_law(left: str) -> bool:
    """Whether the words before say that the date belongs to a law, a licence, an offer or an older version."""
    clause = _clause(left)
    if _NO_POLICY.search(clause.rpartition(",")[2]):
        return True
    laws, policies = list(_LAW.finditer(clause)), list(_POLICY.finditer(clause))
    if not laws or (policies and policies[-1].start() > laws[-1].start()):
        return False
    return not policies or "," not in clause[laws[-1].end():]


def _clause(left: str) -> str:
    return re.split(r"[;\n]|\.\s", left[-300:])[-1]


def _is_whole(folded: str, match: re.Match[str]) -> bool:
    frame = _FRAME.match(folded)
    return frame is not None and frame.end() >= match.start() and not folded[match.end():].strip(" .)]*\t\n")
