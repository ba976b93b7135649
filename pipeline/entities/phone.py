"""Telephone numbers by which somebody can be reached.

Value: E.164, by the library phonenumbers, numbers without country code read as Vietnamese. Rules:

- `assigned`: a number of the present numbering plan, Vietnamese or with its country code.
- `labelled`: a word for telephone stands before it, and it has the shape of a Vietnamese number without being in the
  present plan: numbers from before the changes of 2017 and 2018 (04 3974 1234, 0168 123 4567), placeholders.
- `alternative`: what follows stands for another number with the same beginning: an ending after a slash (028 3999
  9999/8888), one after a dash that counts on (028 3999 9998 - 99), one of the same area (028 3999 9998, 3999 9999).

None are: fax numbers, tax codes, accounts and cards, identity papers, licences, dates, prices, numbers inside web
addresses. Short codes (113, 198) are not found: they have no E.164 form.

`detail`: `tariff` is `free` (1800), `charged` (1900) or `ordinary`; `label`, one of `LABELS`, the word that introduces
the number (purposes before means: "hotline tư vấn" is `tư vấn`), absent where there is none; `extension`, digits, where
one is given.

>>> [(m.value, m.detail["tariff"]) for m in find("Điện thoại: (+84) 1900-6123, bàn (028) 3925 1234 - 0909.12.3456")]
[('+8419006123', 'charged'), ('+842839251234', 'ordinary'), ('+84909123456', 'ordinary')]
>>> [(m.value, dict(m.detail)) for m in find("Hotline khiếu nại 1800 6162 nhánh 3; Fax: 024 3974 1235; MST 0106869738")]
[('+8418006162', {'tariff': 'free', 'label': 'khiếu nại', 'extension': '3'})]
>>> [m.value for m in find("Tel: 028 3999 9999/8888, +65 6123 4567")]
['+842839999999', '+842839998888', '+6561234567']
>>> canonical("(84-28) 3999 9999")
'+842839999999'
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter

from pipeline.entities import tax_code
from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import NUMBERS, Trigger
from pipeline.nlp import fold

KIND = "phone"

REACH = 70
"""Characters before a number in which the word that introduces it is looked for."""

NEAR = 40
"""How near a word for another kind of number must stand to speak of this one."""

GROUPS = 8
"""Groups of digits in one number at most: "+84 (0) 28 39 99 99 99" has seven."""

LABELS: dict[str, str] = {
    "khiếu nại": "khiếu nại", "phản ánh": "phản ánh", "góp ý": "góp ý", "tư vấn": "tư vấn", "bảo hành": "bảo hành",
    "chăm sóc khách hàng": "chăm sóc khách hàng|cskh|dịch vụ khách hàng|customer (?:care|service)",
    "đặt hàng": "đặt hàng", "bán hàng": "bán hàng|mua hàng|sales", "kinh doanh": "phòng kinh doanh",
    "kỹ thuật": "k[ỹĩ] thuật", "khẩn cấp": "khẩn cấp|cứu hộ",
    "hỗ trợ": "hỗ trợ|support", "bảo vệ dữ liệu": r"bảo vệ dữ liệu|\bdpo\b",
    "zalo": "zalo", "viber": "viber", "whatsapp": "whats ?app", "telegram": "telegram",
    "hotline": "hotline|hot line|đường dây nóng", "tổng đài": "tổng đài|call ?center", "di động": "di động|mobile|cell",
    "điện thoại": r"điện thoại|\bs?[đd]t\b|\btel|phone|\bcall\b|máy bàn|số máy|\bgọi\b|\balo\b",
}
"""What introduces a number -> how it is written (folded); purposes first, then messengers, then means."""

_PURPOSES = list(LABELS)[:list(LABELS).index("zalo")]
_MESSENGERS = ("zalo", "viber", "whatsapp", "telegram")
_LABEL_IDS = list(LABELS)
_LABEL = re.compile("|".join(f"(?P<l{i}>{written})" for i, written in enumerate(LABELS.values())))
_OTHER_NUMBER = re.compile(
    r"\bfax\b|(?<!\w)f\s?[.:]\s{0,3}\Z"
    r"|số tài khoản|\bstk\b|tài khoản(?: ngân hàng| số)?\s*:?\s*\Z|\bcmnd\b|\bcccd\b|căn cước|hộ chiếu"
    r"|chứng minh nhân dân|số thẻ|thẻ số|mã số|\bmã (?:đơn|khách|vạch|giao dịch|hồ sơ)|giấy phép|số hợp đồng"
    r"|hợp đồng số|đơn hàng số|đăng ký (?:kinh doanh|đầu tư)|\bimei\b|\bseri|quyết định số|bảo hiểm xã hội|\bbhxh\b"
    r"|biển số|vận đơn|(?:năm|giai đoạn)\s*\Z")
_SHARED_WITH_FAX = re.compile(r"(?:điện thoại|\b[đd]t|\btel|phone|hotline)\.?\s*(?:/|&|và|,|-|–|\+)\s*fax\s*[:.]?\s*\Z")
_LISTED = re.compile(r"[\s)]*(?:[-–,/&+]|và|hoặc|hay|or)?[\s(]*\Z")

_GAP = r"[ .\xa0()\-–/+]{0,3}"
_CLUSTER = re.compile(rf"\d(?:{_GAP}\d){{7,}}")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(r"\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)\d{2}(?!\d)")
_SHAPE = re.compile(r"0[1-9]\d{8,9}|00[1-9]\d{8,12}|840?[1-9]\d{8,9}|(?:84)?1[89]00\d{4,6}|\+[1-9]\d{6,14}")
_FORMER = re.compile(r"0[1-9]\d{8,9}")
_SERVICE = re.compile(r"(?:\+?84)?1[89]00")
_BEGINS = re.compile(r"0|84|1[89]00")
_SPACED_DASH = re.compile(r"\s[\-–]\s?|[\-–]\s")
_IN_ADDRESS = re.compile(
    r"\.[a-z]{2,}/\S*\Z|[a-z]\d*[_=@.]\Z|[_=@]\Z|\d[.,\-]\Z|\b[a-z]{1,2}\Z(?<!\bdt)", re.IGNORECASE)
_UNIT = re.compile(r"\s?(?:đồng|vnđ|vnd|đ\b|usd|giờ|phút|ngày|h\b|%)|[\w@]|[.,]\d")
_EXTENSION = re.compile(
    r"[\s,;.\-–(]{0,3}(?:ext(?:ension)?\b|số máy lẻ|máy lẻ|máy nhánh|số nhánh|nhánh|số lẻ|line|#"
    r"|bấm(?: phím| số)?|phím)(?: số)?[\s:.]{0,3}(?P<digits>\d{1,5})(?!\d)")
_ALTERNATIVE = re.compile(
    r"\s?/\s?(?P<digits>\d{3,4}[ .]\d{4}|\d{7,8}|\d{3,4}|(?<=/)\d{1,2})"
    r"(?!\w|,\d|[ .\-]?\d|/\d{1,2}(?!\d))")
_SAME_AREA = re.compile(r"\s?(?:[/,;&+\-–]|và|hoặc|hay)\s?(?P<digits>[2-9](?:[ .]?\d){6,7})(?![ .]?\d)")
_COUNTED = re.compile(r"\s?[\-–]\s?(?P<digits>\d{1,4})(?=\s*(?:\Z|[\n,;)|]|\.(?:\s|\Z)|[\-–]\s?\d{1,4}(?!\w)))")
_COUNTS = 20
"""How far an ending after a dash may count on; farther on it is an extension, a house, a year."""


def triggers() -> Iterable[Trigger]:
    return (Trigger(NUMBERS),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The telephone numbers in `text`, in order."""
    clusters = list(_CLUSTER.finditer(text))
    if not clusters:
        return
    folded = fold(text)
    taxes: list[tuple[int, int]] | None = None
    last, said = 0, ("", False)  # where the number before ends, its label and whether it was another kind of number
    for cluster in clusters:
        for start, end, value, tariff in _numbers(text, cluster):
            if taxes is None:
                taxes = [(m.start, m.end) for m in tax_code.find(text, context)]
            said = _introduction(folded, last, start, said)
            last, known = end, tariff != ""
            if said[1] or _overlaps(taxes, start, end) or not (known or said[0]):
                continue
            label = said[0] if said[0] in _PURPOSES else _label_behind(folded, end) or said[0]
            rule = "assigned" if known else "labelled"
            detail = {"tariff": tariff or "ordinary", **({"label": label} if label else {})}
            yield _match(folded, (start, end), value, rule, detail)
            for digits, at in _alternatives(text, end, value, tariff):
                last, tail = at + len(digits), re.sub(r"\D", "", digits)
                yield _match(folded, (at, last), value[:-len(tail)] + tail, "alternative", detail)


def canonical(surface: str) -> str:
    """The number in E.164."""
    for match in find(f"tel {surface.strip()}"):
        return match.value
    raise ValueError(f"no telephone number: {surface!r}")


def _overlaps(places: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of the places, which are in order and apart, has a character of the span."""
    first = bisect_right(places, start, key=itemgetter(1))
    return first < len(places) and places[first][0] < end


def _match(folded: str, span: tuple[int, int], value: str, rule: str, detail: dict[str, str]) -> Match:
    extension = _EXTENSION.match(folded, span[1])
    more = {"extension": extension["digits"]} if extension else {}
    return Match(start=span[0], end=span[1], value=value, rule=rule, detail={**detail, **more})


def _numbers(text: str, cluster: re.Match[str]) -> Iterator[tuple[int, int, str, str]]:
    """Start, end, E.164 and tariff of the numbers in a run of digits; no tariff where only a label can tell."""
    groups = [g.span() for g in _GROUP.finditer(text, cluster.start(), cluster.end())]
    i, last = 0, -1
    while i < len(groups):
        start = groups[i][0]
        date = _DATE.match(text, start)
        if date:
            i = next((k for k in range(i, len(groups)) if groups[k][0] >= date.end()), len(groups))
            continue
        plus = text[start - 1:start] == "+"
        read = _longest(text, groups[i:i + GROUPS], "+" if plus else "") if plus or _BEGINS.match(text, start) else None
        goes_on = i > 0 and groups[i - 1][1] == last
        if read is None or (not goes_on and _is_in_a_word(text, start)):
            i += 1
            continue
        count, value, tariff = read
        i += count
        last = groups[i - 1][1]
        yield _opening(text, start, last), last, value, tariff


def _longest(text: str, groups: list[tuple[int, int]], digits: str) -> tuple[int, str, str] | None:
    """How many of the groups make the longest number, its E.164 and tariff."""
    best: tuple[int, str, str] | None = None
    for count, (start, end) in enumerate(groups, 1):
        between = text[groups[count - 2][1]:start] if count > 1 else ""
        if between != " " and ("/" in between or "+" in between or (
                (best or digits[:1] == "+") and _SPACED_DASH.search(between))):
            break
        digits += text[start:end]
        length = len(digits)
        foreign = digits.startswith(("+", "00"))
        if length > (16 if foreign else 13) or (count == 3 and length < 5) or digits.startswith("000"):
            break
        if length < 8:
            continue
        if not _SHAPE.fullmatch(digits) or _UNIT.match(text, end):
            continue
        if best and _SERVICE.match(digits) and (end - start < 2 or text[end:end + 1] == "/"):
            continue  # "1800 6162 24/7": what follows a whole service number belongs to it only as a group of its own
        known = _assigned(digits)
        if known:
            best = (count, *known)
        elif _FORMER.fullmatch(digits) and not (best and best[2]):
            best = (count, f"+84{digits[1:]}", "")
    return best


@lru_cache(maxsize=4096)
def _assigned(digits: str) -> tuple[str, str] | None:
    """E.164 and tariff of a number of the present numbering plans."""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    try:
        number = phonenumbers.parse(digits if not digits.startswith("84") else f"+{digits}", "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    kind = phonenumbers.number_type(number)
    tariff = {PhoneNumberType.TOLL_FREE: "free", PhoneNumberType.PREMIUM_RATE: "charged"}.get(kind, "ordinary")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), tariff


def _is_in_a_word(text: str, start: int) -> bool:
    """Whether the digits at `start` belong to a web address, a mailbox, a code, or go on a number before them."""
    before = text[max(0, start - NEAR):start].rsplit(maxsplit=1)
    return bool(before) and not text[start - 1].isspace() and _IN_ADDRESS.search(before[-1]) is not None


def _opening(text: str, start: int, end: int) -> int:
    """Where the number begins with its `+` and the bracket that it closes itself."""
    start -= text[start - 1:start] == "+"
    return start - (text[start - 1:start] == "(" and ")" in text[start:end])


def _introduction(folded: str, last: int, start: int, said: tuple[str, bool]) -> tuple[str, bool]:
    """The label of the number at `start`, and whether the words before it say that it is another kind of number."""
    if last and _LISTED.match(folded, last, start):
        return said
    before = folded[max(last, start - REACH):start]
    for mark in "\n;|•":
        before = before[before.rfind(mark) + 1:]
    if _SHARED_WITH_FAX.search(before):
        return "điện thoại", False
    labels = [(m.end(), _LABEL_IDS[int(m.lastgroup[1:])]) for m in _LABEL.finditer(before) if m.lastgroup]
    others = [m.end() for m in _OTHER_NUMBER.finditer(before)]
    if others and len(before) - others[-1] <= NEAR and others[-1] > max((end for end, _ in labels), default=-1):
        return "", True
    names = [name for _, name in labels]
    for rank in (_PURPOSES, _MESSENGERS, _LABEL_IDS):
        chosen = [name for name in names if name in rank]
        if chosen:
            return chosen[-1], False
    return "", False


def _label_behind(folded: str, end: int) -> str:
    """The purpose or messenger that a bracket behind the number names: "0909 123 456 (Zalo)"."""
    if folded[end:end + 2].strip()[:1] != "(":
        return ""
    inside = folded[end:end + NEAR].partition(")")[0]
    names = [_LABEL_IDS[int(m.lastgroup[1:])] for m in _LABEL.finditer(inside) if m.lastgroup]
    return next((name for name in names if name in _PURPOSES or name in _MESSENGERS), "")


def _alternatives(text: str, end: int, value: str, tariff: str) -> Iterator[tuple[str, int]]:
    """Endings that stand for further numbers which begin like `value`, and where they are."""
    while tariff == "ordinary":
        found = _ALTERNATIVE.match(text, end)
        if found is None or (_BEGINS.match(found["digits"]) and len(found["digits"]) > 4):
            found = _in_same_area(text, end, value) or _counted_on(text, end, value)
        if found is None:
            return
        yield found["digits"], found.start("digits")
        tail = re.sub(r"\D", "", found["digits"])
        value, end = value[:-len(tail)] + tail, found.end()


def _in_same_area(text: str, end: int, value: str) -> re.Match[str] | None:
    """A number without area code behind one of a Vietnamese landline: seven digits, in Hanoi and Saigon eight."""
    found = _SAME_AREA.match(text, end) if value.startswith("+842") else None
    if found is None or _UNIT.match(text, found.end()) or _DATE.match(text, found.start("digits")):
        return None
    local = re.sub(r"\D", "", found["digits"])
    whole = len(local) == (8 if value.startswith(("+8424", "+8428")) else 7)
    return found if whole and _assigned(value[:-len(local)] + local) else None


def _counted_on(text: str, end: int, value: str) -> re.Match[str] | None:
    """An ending after a dash that is a little more than the one whose place it takes: 3999 9998 - 99."""
    found = _COUNTED.match(text, end)
    if found is None or not 0 < int(found["digits"]) - int(value[-len(found["digits"]):]) <= _COUNTS:
        return None
    return found
