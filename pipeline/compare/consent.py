"""Consent: `by_use` (using the service counts as agreeing), `explicit` (an act such as ticking), `required` (needed, manner unstated).

Consent to one disclosure is not consent to the processing, and agreeing to a changed policy is not consent either.

>>> [manner(t) for t in ("bằng việc đăng ký tài khoản, bạn đồng ý với chính sách này.",
...     "quý khách đánh dấu vào ô đồng ý trước khi gửi.", "việc thu thập chỉ được thực hiện khi có sự đồng ý của khách hàng.")]
['by_use', 'explicit', 'required']
"""

import re
from collections.abc import Sequence

from pipeline.attributes import Attribute
from pipeline.compare.statements import Statement
from pipeline.records import Analysis, Finding

BY_USE, EXPLICIT, REQUIRED = "by_use", "explicit", "required"
ORDER = (BY_USE, EXPLICIT, REQUIRED)

_AGREE = r"(?:đồng ý|chấp nhận|chấp thuận|ủy quyền|cho phép|thừa nhận|biểu thị)"
_BY_USE = re.compile(
    rf"\b(?:bằng|qua|với|thông qua) (?:cách|việc)\b.{{0,160}}\b{_AGREE}\b|\bviệc\b.{{0,120}}\b(?:có nghĩa|đồng nghĩa|tức là|được (?:xem|coi|hiểu) là)\b.{{0,60}}\b{_AGREE}"
    rf"|\b(?:khi|nếu)\b.{{0,100}}\b(?:sử dụng|truy cập|đăng ký|cung cấp|gửi|điền|đặt|nhắn|mua)\b.{{0,100}}\b(?:có nghĩa|đồng nghĩa|tức là|nghĩa là|mặc nhiên|đã|đồng thời)\b.{{0,40}}\b{_AGREE}"
    rf"|\b(?:sử dụng|truy cập|đăng ký|cung cấp|tải|điền|nhắn)\b.{{0,100}}\b(?:có nghĩa|đồng nghĩa|tức là|nghĩa là|được xem là|được coi là)\b.{{0,60}}\b{_AGREE}|\bmặc nhiên\b.{{0,40}}\b{_AGREE}")
_EXPLICIT = re.compile(
    r"\b(?:đánh dấu|tích|tick|check|bấm|nhấn|chọn|gạt|(?<!đăng )(?:ký|kí))\b[^.]{0,40}\b(?:đồng ý|ô|nút|chấp nhận|xác nhận|tôi đã đọc|văn bản|phiếu)\b|\bxin (?:ý kiến )?(?:sự )?đồng ý\b"
    r"|\b(?:đồng ý|chấp thuận|xác nhận)\b[^.]{0,30}\b(?:bằng văn bản|qua otp|mã otp|bằng giọng nói|bằng tin nhắn|rõ ràng)\b|\bopt[- ]?in\b")
_REQUIRED = re.compile(
    r"\bchỉ\b[^.]{0,80}\b(?:khi|sau khi|nếu)\b[^.]{0,60}\b(?:đồng ý|cho phép|chấp thuận)\b|\b(?:xin|nhận|có|được|lấy|yêu cầu)\b[^.]{0,20}\bsự (?:đồng ý|chấp thuận|cho phép)\b"
    r"|\b(?:phải|cần) (?:có |được )?[^.]{0,20}\b(?:đồng ý|chấp thuận)\b|\bdựa trên (?:cơ sở )?sự đồng ý\b|\btrên cơ sở (?:có )?sự đồng ý\b")
_CHANGED = re.compile(r"\b(?:thay đổi|sửa đổi|cập nhật|phiên bản mới)\b")
_DISCLOSURE = re.compile(r"\b(?:chia sẻ|tiết lộ|chuyển giao|cho bên thứ|bên thứ (?:ba|3))\b")
_NEEDLESS = re.compile(r"\bkhông cần (?:có )?(?:sự )?đồng ý\b|\bkhông đồng ý\b")


def manner(text: str) -> str | None:
    """How consent is given in one folded statement; `None` where it does not say."""
    if _EXPLICIT.search(text):
        return EXPLICIT
    if _BY_USE.search(text):
        return BY_USE
    if _REQUIRED.search(text) and not _NEEDLESS.search(text):
        return REQUIRED
    return None


def consent(attribute: Attribute, said: Sequence[Statement], analysis: Analysis) -> Finding:
    """The set of manners, each with its sentences in evidence."""
    found: dict[str, list[Statement]] = {}
    for statement in said:
        value = manner(statement.whole) if _is_about_consent(attribute, statement) else None
        if value is not None:
            found.setdefault(value, []).append(statement)
    if not found:
        return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="not_found")
    chosen = sorted((s for statements in found.values() for s in statements[:2]), key=lambda s: s.sentence.index)
    return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="stated", answer=tuple(v for v in ORDER if v in found),
                   evidence=tuple(s.evidence() for s in chosen), confidence=max(s.score(attribute.labels) for s in chosen))


def _is_about_consent(attribute: Attribute, statement: Statement) -> bool:
    if not statement.score(attribute.labels):
        return False
    if statement.main.label == "changes" or (_CHANGED.search(statement.own) and _BY_USE.search(statement.own) and "tiếp tục" in statement.own):
        return False
    return not (statement.main.label == "disclosure" or (_DISCLOSURE.search(statement.own) and _REQUIRED.search(statement.own)
                                                          and not _BY_USE.search(statement.own)))
