"""Normalised values in words that an analyst reads: Vietnamese, as the comparison shows them."""

import re
import tomllib
from functools import cache
from importlib.resources import files

VALUES = {
    "service_term": "trong thời gian sử dụng dịch vụ",
    "until_request": "đến khi có yêu cầu xóa",
    "until_purpose_met": "đến khi hoàn thành mục đích",
    "company_lifetime": "trong suốt thời gian công ty hoạt động",
    "as_required_by_law": "theo quy định pháp luật",
    "indefinite": "không thời hạn",
    "never": "không chia sẻ",
    "with_consent": "khi có đồng ý",
    "by_law": "theo pháp luật",
    "unconditional": "không kèm điều kiện",
    "by_use": "coi như đồng ý khi sử dụng",
    "explicit": "hành động đồng ý rõ ràng",
    "required": "cần đồng ý, không nêu cách",
    "promise": "chỉ cam kết chung",
    "self_service": "tự thực hiện trên hệ thống",
}
STATUS = {"not_found": "—", "cut_off": "✂ văn bản bị cắt", "unsure": "? chưa chắc", "unreadable": "không đọc được"}
PREFIX = {"conflict": "⚠ mâu thuẫn: ", "partly": "(một phần) "}
UNITS = {"Y": "năm", "M": "tháng", "W": "tuần", "D": "ngày"}
TARIFF = {"free": "miễn phí", "charged": "tính phí"}

_DURATION = re.compile(r"P(?:(\d+)([YMWD])|T(\d+)([HM]))")
_PHONE = re.compile(r"\+(\d{6,15})(?: \((free|charged)\))?")
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_CONCEPT = re.compile(r"[a-z][a-z0-9_]*")


@cache
def _concepts() -> dict[str, str]:
    names: dict[str, str] = {}
    for name in ("data_types", "recipients", "rights", "measures"):
        data = tomllib.loads((files("pipeline") / "vocabulary" / f"{name}.toml").read_text(encoding="utf-8"))
        names |= {concept["id"]: concept["vi"] for concept in data["concept"]}
    return names


def in_words(value: str) -> str:
    """A normalised value as an analyst reads it; what is no normalised value stays as it is.

    >>> [in_words(v) for v in ("P10Y", "PT24H", "+8418006162 (free)", "2019-09-10", "site:until_request", "1boss.vn")]
    ['10 năm', '24 giờ', '1800 6162 (miễn phí)', '10/09/2019', 'đến khi có yêu cầu xóa [ngoài chính sách]', '1boss.vn']
    """
    if value.startswith("site:"):
        return f"{in_words(value.removeprefix('site:'))} [ngoài chính sách]"
    if found := _DURATION.fullmatch(value):
        return f"{found[1]} {UNITS[found[2]]}" if found[1] else f"{found[3]} {'giờ' if found[4] == 'H' else 'phút'}"
    if found := _PHONE.fullmatch(value):
        return _national(found[1]) + (f" ({TARIFF[found[2]]})" if found[2] else "")
    if found := _DATE.fullmatch(value):
        return "/".join(part for part in reversed(found.groups()) if part)
    if _CONCEPT.fullmatch(value):
        return VALUES.get(value) or _concepts().get(value, value)
    return value


def _national(digits: str) -> str:
    """1800 and 1900 numbers are written without country code; others as phonenumbers writes them at home."""
    import phonenumbers

    number = phonenumbers.parse(f"+{digits}")
    if number.country_code != 84:
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
