"""Normalised values in words that an analyst reads: Vietnamese, as the comparison shows them, or English."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from pipeline.periods import parts
from pipeline.records import SITE

Language = Literal["vi", "en"]

VALUES: Mapping[str, Mapping[Language, str]] = {
    "service_term": {"vi": "trong thời gian sử dụng dịch vụ", "en": "while the service is used"},
    "until_request": {"vi": "đến khi có yêu cầu xóa", "en": "until deletion is asked for"},
    "until_purpose_met": {"vi": "đến khi hoàn thành mục đích", "en": "until the purpose is met"},
    "company_lifetime": {"vi": "trong suốt thời gian công ty hoạt động", "en": "as long as the company exists"},
    "as_required_by_law": {"vi": "theo quy định pháp luật", "en": "as the law requires"},
    "indefinite": {"vi": "không thời hạn", "en": "without end"},
    "never": {"vi": "không chia sẻ", "en": "never shared"},
    "with_consent": {"vi": "khi có đồng ý", "en": "with consent"},
    "by_law": {"vi": "theo pháp luật", "en": "where the law asks for it"},
    "unconditional": {"vi": "không kèm điều kiện", "en": "no condition said"},
    "by_use": {"vi": "coi như đồng ý khi sử dụng", "en": "using the service counts as consent"},
    "explicit": {"vi": "hành động đồng ý rõ ràng", "en": "an explicit act of consent"},
    "required": {"vi": "cần đồng ý, không nêu cách", "en": "consent needed, manner not said"},
    "promise": {"vi": "chỉ cam kết chung", "en": "only a general promise"},
    "self_service": {"vi": "tự thực hiện trên hệ thống", "en": "by oneself in the system"},
}
STATUS = {"not_found": "—", "cut_off": "✂ văn bản bị cắt", "unsure": "? chưa chắc", "unreadable": "không đọc được"}
PREFIX = {"conflict": "⚠ mâu thuẫn: ", "partly": "(một phần) "}
UNITS: Mapping[Language, Mapping[str, str]] = {
    "vi": {"Y": "năm", "M": "tháng", "W": "tuần", "D": "ngày", "TH": "giờ", "TM": "phút"},
    "en": {"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "minute"},
}
TARIFF: Mapping[Language, Mapping[str, str]] = {
    "vi": {"free": "miễn phí", "charged": "tính phí"},
    "en": {"free": "free", "charged": "charged"},
}
BESIDE: Mapping[Language, str] = {"vi": "ngoài chính sách", "en": "outside the policy"}
"""Said of what stands only in page furniture."""

STANDING: Mapping[Language, Mapping[str, str]] = {
    "vi": {
        "in_force": "còn hiệu lực",
        "expired": "hết hiệu lực từ {day}",
        "not_yet": "có hiệu lực từ {day}",
        "unknown": "chưa rõ hiệu lực",
        "by": ", thay bằng {by}",
    },
    "en": {
        "in_force": "in force",
        "expired": "expired {day}",
        "not_yet": "in force from {day}",
        "unknown": "standing not known",
        "by": ", replaced by {by}",
    },
}
"""What a cited law is on the day of the comparison."""

_PHONE = re.compile(r"\+(\d{6,15})(?: \((free|charged)\))?")
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_LAW = re.compile(r"(.+) \((in_force|unknown|(expired|not_yet) ([\d-]+)(?:, ([^)]+))?)\)")
_CONCEPT = re.compile(r"[a-z][a-z0-9_]*")


@cache
def _concepts() -> dict[str, Mapping[Language, str]]:
    names: dict[str, Mapping[Language, str]] = {}
    for name in ("data_types", "recipients", "rights", "measures"):
        data = tomllib.loads((files("pipeline") / "vocabulary" / f"{name}.toml").read_text(encoding="utf-8"))
        names |= {concept["id"]: {"vi": concept["vi"], "en": concept["en"]} for concept in data["concept"]}
    return names


def in_words(value: str, language: Language = "vi") -> str:
    """A normalised value as an analyst reads it; what is no normalised value stays as it is.

    >>> [in_words(v) for v in ("P10Y", "PT24H", "+8418006162 (free)", "2019-09-10", "site:until_request", "1boss.vn")]
    ['10 năm', '24 giờ', '1800 6162 (miễn phí)', '10/09/2019', 'đến khi có yêu cầu xóa [ngoài chính sách]', '1boss.vn']
    >>> [in_words(v, "en") for v in ("P1Y6M", "PT24H", "2019-09", "site:until_request")]
    ['1 year 6 months', '24 hours', '2019-09', 'until deletion is asked for [outside the policy]']
    >>> in_words("13/2023/NĐ-CP (expired 2026-01-01, 356/2025/NĐ-CP)")
    '13/2023/NĐ-CP (hết hiệu lực từ 01/01/2026, thay bằng 356/2025/NĐ-CP)'
    """
    if value.startswith(SITE):
        return f"{in_words(value.removeprefix(SITE), language)} [{BESIDE[language]}]"
    if duration := parts(value):
        return " ".join(_counted(number, unit, language) for number, unit in duration)
    if found := _PHONE.fullmatch(value):
        return _national(found[1]) + (f" ({TARIFF[language][found[2]]})" if found[2] else "")
    if found := _LAW.fullmatch(value):
        return f"{found[1]} ({_standing(found[3] or found[2], found[4] or '', found[5] or '', language)})"
    if language == "vi" and (found := _DATE.fullmatch(value)):
        return "/".join(part for part in reversed(found.groups()) if part)
    if _CONCEPT.fullmatch(value) and (names := VALUES.get(value) or _concepts().get(value)):
        return names[language]
    return value


def _standing(kind: str, day: str, by: str, language: Language) -> str:
    words = STANDING[language]
    return words[kind].format(day=in_words(day, language)) + (words["by"].format(by=by) if by else "")


def _counted(number: int, unit: str, language: Language) -> str:
    plural = "s" if language == "en" and number != 1 else ""
    return f"{number} {UNITS[language][unit]}{plural}"


def _national(digits: str) -> str:
    """1800 and 1900 numbers are written without country code; others as phonenumbers writes them at home."""
    import phonenumbers

    number = phonenumbers.parse(f"+{digits}")
    if number.country_code != 84:
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
