"""Tax codes (mã số thuế) of organisations, which also are their business registration numbers (mã số doanh nghiệp).

Value: ten digits, with `-NNN` where it is a branch's; twelve digits where a person's or household's identity number
serves as its tax code (since July 2025). The words before a number decide, not its shape, because a mobile number has
ten digits too:

- `labelled`: a word for tax code or business registration stands before it in the sentence.
- `lead_in`: the number begins the sentence, and the word ends the sentence or lead-in before.
- `listed`: it follows another tax code, after a mark that lists.

`detail`: `label` is `tax` or `registration`; `checksum` is `ok` or `failed` by python-stdnum (`none` for twelve
digits). A failed one is kept: the policy says it, and old registration numbers have no check digit.

>>> [(m.value, m.rule, dict(m.detail)) for m in find("MST: 0106869738, chi nhánh 0106869738-002")][0]
('0106869738', 'labelled', {'label': 'tax', 'checksum': 'ok'})
>>> [m.value for m in find("Giấy CNĐKKD do Sở KH&ĐT TP.HCM cấp ngày 1/2/2012, số 0106 869 738 - 001")]
['0106869738-001']
>>> list(find("Hotline: 0345913913, giấy phép số 0106869738"))
[]
>>> canonical("0106.869.738-001")
'0106869738-001'
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import NUMBERS, Trigger
from pipeline.nlp import fold

KIND = "tax_code"

REACH = 120
"""Characters between the word and its number: issuing office and date may stand between them."""

CLOSE = 25
"""A number this near to the word needs nothing more between them; farther on, "số" or a colon must announce it."""

_DIGITS = re.compile(r"\d[\d .\xa0]{8,}\d")
_NUMBER = re.compile(
    r"(?<![\w+/])(?<!\d[.,])(?P<base>\d(?:[ .\xa0]?\d){9})"
    r"(?:(?P<branch>[-–.]\d{3}|\s?[-–]\s?0\d{2}|[ \xa0]?0\d{2}|\d{3})|(?P<person>\d{2}))?(?!\w)(?![.,/]\d)")
_TAX = r"mã số thuế|mã thuế|\bm\.?s\.?t(?:dn|cn)?\b|\btax\s(?:code|id|identification|number|no)\b"
_REGISTERED = (
    r"(?:đăng ký|[đd]k)\s?"
    r"(?:kinh doanh|doanh nghiệp|hộ kinh doanh|hợp tác xã|hoạt động chi nhánh|thuế|kd|dn|hkd|htx)\b")
_REGISTRATION = (
    rf"{_REGISTERED}|\b(?:giấy phép|gp|mã|mã số|ms|số)[ \-]?(?:kinh doanh|kd)\b"
    r"|\bmã (?:số )?(?:đăng ký|doanh nghiệp|dn|hộ kinh doanh|hkd|chi nhánh|hợp tác xã|htx|công ty)\b"
    r"|\bms(?:dn|cn|hkd)\b"
    r"|\b(?:business|enterprise|company)\s(?:registration|code|license|no)\b")
_WORD = re.compile(rf"(?=[bcdđegmst])(?:(?P<tax>{_TAX})|{_REGISTRATION})")
"""What a number behind it is; the first letters stand before it, for that is forty times faster over digits."""
_OTHER_NUMBER = re.compile(
    r"điện thoại|(?<!&)(?<!và )(?<!& )\b[đd]t\b|\bs[đd]t\b|\btel\b|\bphone\b|hotline|tổng đài|đường dây|zalo|\bfax\b"
    r"|tài khoản|\bstk\b"
    r"|\bcmnd\b|\bcccd\b|căn cước|hộ chiếu|đăng ký đầu tư|bảo hiểm xã hội|\bbhxh\b|e-?mail|di động|mobile"
    r"|giấy phép (?!kinh doanh|đ)")
_ANNOUNCED = re.compile(r"(?:\bsố|\bno\.?|:)\s*\Z")
_LISTS = re.compile(r"\s*(?:[,;/&]|và|hoặc)\s*\Z")
_NOTHING_YET = re.compile(r"[\s\-–•*:()]*\Z")


def triggers() -> Iterable[Trigger]:
    return (Trigger(NUMBERS),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The tax codes in `text`, in order."""
    yield from _found(text, context)


@lru_cache(maxsize=1)
def _found(text: str, context: Context) -> tuple[Match, ...]:
    """Kept for the telephone numbers of the same sentence, which ask for them again."""
    return tuple(_search(text, context))


def _search(text: str, context: Context) -> Iterator[Match]:
    if not _DIGITS.search(text):
        return
    folded = fold(text)
    introduction = fold(context.lead_in or context.before)[-REACH:]
    words = list(_WORD.finditer(folded))
    if not words and not _WORD.search(introduction):
        return
    last, label, passed = 0, "", 0
    for found in _NUMBER.finditer(folded):
        while passed < len(words) and words[passed].end() <= found.start():
            passed += 1
        listed = label if _LISTS.match(folded, last, found.start()) else ""
        if listed:
            label, rule = listed, "listed"
        elif not last and _NOTHING_YET.match(folded, 0, found.start()):
            label, rule = _lead_in_label(introduction), "lead_in"
        else:
            label, rule = _label(words[passed - 1] if passed else None, folded, found.start()), "labelled"
        last = found.end()
        if label and not (found["person"] and label == "registration"):
            value = canonical(found.group())
            yield Match(start=found.start(), end=found.end(), value=value, rule=rule,
                        detail={"label": label, "checksum": _checksum(value)})


def canonical(surface: str) -> str:
    """The digits, and the branch's number after a hyphen."""
    digits = re.sub(r"\D", "", surface)
    if len(digits) not in (10, 12, 13) or re.sub(r"[\d\s.\-–]", "", surface):
        raise ValueError(f"no tax code: {surface!r}")
    return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits


def _label(word: re.Match[str] | None, folded: str, start: int) -> str:
    """What `word`, the last one before the number at `start`, says that the number is: tax, registration or nothing."""
    if word is None or start - word.end() > REACH:
        return ""
    gap = folded[word.end():start]
    if _OTHER_NUMBER.search(gap) or (len(gap) > CLOSE and not _ANNOUNCED.search(gap)):
        return ""
    return "tax" if word["tax"] else "registration"


def _lead_in_label(introduction: str) -> str:
    words = list(_WORD.finditer(introduction))
    return _label(words[-1] if words else None, introduction, len(introduction))


def _checksum(value: str) -> str:
    from stdnum.vn import mst

    if len(value) == 12:
        return "none"
    return "ok" if mst.is_valid(value) else "failed"
