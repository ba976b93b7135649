"""Sharing with third parties: `never`, `with_consent`, `by_law`, `unconditional`, from the sentences that say so.

A "không" alone is not `never`: what counts is the condition or exception behind it, in the sentence or right after it. Own staff
is no third party. An absolute "never" beside any real sharing is a conflict, shown with both sides.

>>> [sorted(conditions(t)) for t in (
...     "không tiết lộ cho bên thứ ba khi chưa có sự đồng ý của khách hàng, trừ trường hợp pháp luật quy định",
...     "chúng tôi không bán, chia sẻ thông tin với bất kỳ bên thứ ba nào.",
...     "chúng tôi chia sẻ thông tin với đối tác vận chuyển để giao hàng.")]
[['by_law', 'with_consent'], ['never'], ['unconditional']]
"""

import re
from collections.abc import Sequence

from pipeline.attributes import Attribute
from pipeline.compare.statements import Statement
from pipeline.records import Analysis, Finding

NEVER, WITH_CONSENT, BY_LAW, UNCONDITIONAL = "never", "with_consent", "by_law", "unconditional"
ORDER = (NEVER, WITH_CONSENT, BY_LAW, UNCONDITIONAL)

_GIVE = r"(?:chia sẻ|tiết lộ|cung cấp|chuyển giao|chuyển nhượng|chuyển|bán|cho thuê|trao đổi|mua bán|công bố|gửi|để lộ|phát tán)"
_DATA = r"(?:thông tin|dữ liệu|hồ sơ|tài khoản|danh sách|danh bạ)"
_GIVING = re.compile(rf"\b{_GIVE}\b[^.]{{0,120}}\b{_DATA}|\b{_DATA}\b[^.]{{0,120}}\b{_GIVE}\b|\b(?:được |quyền )?tiếp cận\b|\btruy cập\b[^.]{{0,60}}\b{_DATA}")
_REFUSED = re.compile(rf"\b(?:không|chưa|tuyệt đối không|không bao giờ|nghiêm cấm)\b(?:(?!\b(?:nhưng|mà|song)\b)[^.;:]){{0,60}}?\b{_GIVE}\b")
_CONSENT = re.compile(
    r"\b(?:khi|nếu|mà)\s+(?:không|chưa)\s+(?:có |được |nhận được )?(?:sự )?(?:\w+ ){0,3}?(?:cho phép|đồng ý|chấp thuận)"
    r"|\b(?:trừ|ngoại trừ)\b[^.]{0,60}\b(?:cho phép|đồng ý|chấp thuận|yêu cầu của (?:khách|bạn|người dùng|quý))"
    r"|\b(?:khi|nếu|chỉ|sau khi|với)\b[^.]{0,50}\b(?:đồng ý|cho phép|chấp thuận|xác nhận)\b"
    r"|\b(?:khách hàng|bạn|người dùng|quý khách|thành viên) (?:đã )?(?:đồng ý|cho phép|yêu cầu) (?:tiết lộ|chia sẻ|cung cấp)"
    r"|\b(?:không có|chưa có) (?:sự )?(?:cho phép|đồng ý|chấp thuận)\b|\btheo yêu cầu (?:hoặc xác nhận )?của (?:khách|bạn|người dùng|quý)")
_LAW = re.compile(
    r"\b(?:pháp luật|luật pháp|pháp lý|luật định|quy định của luật|theo luật)\b"
    r"|\b(?:cơ quan (?:nhà nước|chức năng|có thẩm quyền|tư pháp|pháp luật|công an|điều tra|thực thi|quản lý|thuế|chính quyền)|cơ quan|tòa án|viện kiểm sát|công an|cảnh sát|chính phủ)\b")
_EXCEPT = re.compile(r"\b(?:trừ|ngoại trừ|ngoài|trừ phi|chỉ trong|chỉ khi|trừ khi)\b")
_ELSEWHERE = re.compile(r"\b(?:trừ|ngoại trừ)\b[^.]{0,40}\b(?:chính sách này|dưới đây|sau đây|ngoại lệ|nêu trên|sau)\b")
_RESUMED = re.compile(r"\W*(?:tuy nhiên|ngoại trừ|trừ (?:trường hợp|khi|các)|chỉ trong|song)\b")
_LIMITED = re.compile(r"\b(?:vì|cho|nhằm|với) (?:các )?mục đích (?:thương mại|quảng cáo|tiếp thị|khác|kinh doanh|bất hợp pháp)|\bcho mục đích\b")
_OTHERS = re.compile(r"\b(?:bên thứ (?:ba|3)|đối tác|bên ngoài|cá nhân|tổ chức|công ty|doanh nghiệp|bất (?:kỳ|kì|cứ) ai|ai khác|người khác|đơn vị|bên khác|bên nào|nhà cung cấp|cơ quan|ngân hàng)\b")
_JOINT = re.compile(r"\b(?:hợp tác|liên kết|phối hợp|thông qua|thuê|ủy quyền|sử dụng dịch vụ|kết nối|tích hợp|bên nhận|người nhận)\b")
_DUTY = re.compile(r"\b(?:đơn vị|bên|đối tác|nhà cung cấp)\b[^.]{0,30}\b(?:phải|có trách nhiệm|có nghĩa vụ|cam kết|được yêu cầu)\b|\byêu cầu (?:các )?(?:bên|đối tác|đơn vị)\b")
_NOTICE = re.compile(r"\bthông báo (?:cho|tới|đến) (?:khách|bạn|quý|người dùng|thành viên)[^.]{0,30}\bvề việc\b")
"""What a recipient must do, and that the customer is told of a disclosure, are no disclosures of their own."""

_STAFF = re.compile(r"\b(?:nhân viên|nhân sự|bộ phận|cán bộ|đội ngũ|phòng ban|ban quản trị)\b")
_ACCESS_BY = re.compile(r"\b(?:bên thứ (?:ba|3)|đối tác|nhà cung cấp|đơn vị (?:vận chuyển|giao|cung cấp|khác)|công ty (?:liên kết|con|mẹ|đối tác)|ngân hàng|cổng thanh toán)\b")


def conditions(text: str, following: str = "") -> frozenset[str]:
    """The conditions that one folded statement on giving data names; `following` is the statement after it."""
    by_condition = {value for value, pattern in ((WITH_CONSENT, _CONSENT), (BY_LAW, _LAW)) if pattern.search(text)}
    if _REFUSED.search(text):
        if by_condition and (_EXCEPT.search(text) or WITH_CONSENT in by_condition):
            return frozenset(by_condition)
        if _ELSEWHERE.search(text) or _LIMITED.search(text) or _RESUMED.match(following):
            return frozenset()
        return frozenset({UNCONDITIONAL}) if _EXCEPT.search(text) else frozenset({NEVER})
    return frozenset(by_condition or {UNCONDITIONAL})


def sharing(attribute: Attribute, said: Sequence[Statement], analysis: Analysis) -> Finding:
    """The set of conditions, each with its sentences in evidence."""
    found: dict[str, list[Statement]] = {}
    for statement in said:
        if _is_about_sharing(attribute, statement):
            for value in conditions(statement.whole, statement.following):
                found.setdefault(value, []).append(statement)
    if not found:
        return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="not_found")
    answer = tuple(value for value in ORDER if value in found)
    chosen = {s.sentence.index: s for value in answer for s in found[value][:2]}
    return Finding(doc_id=analysis.policy.doc_id, attribute=attribute.id, status="conflict" if NEVER in found and len(found) > 1 else "stated",
                   answer=answer, evidence=tuple(chosen[i].evidence() for i in sorted(chosen)),
                   confidence=max(s.score(attribute.labels) for s in chosen.values()))


def _is_about_sharing(attribute: Attribute, statement: Statement) -> bool:
    """A statement that data go, or do not go, to others than the company's own staff; a mere lead-in is none."""
    text = statement.whole
    if not statement.score(attribute.labels) or statement.own.endswith(":"):
        return False
    if _STAFF.search(text) and not _ACCESS_BY.search(text) and not _REFUSED.search(text) and not _LAW.search(text):
        return False
    if _DUTY.search(statement.own) or _NOTICE.search(statement.own):
        return False
    return bool(_GIVING.search(text) or _LAW.search(text) or (_JOINT.search(text) and _OTHERS.search(text)))
