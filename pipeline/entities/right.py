"""What the policy says the user may do with the data: right or means (vocabulary `rights`).

A right counts where the user is who may ("khách hàng có quyền ...", "bạn có thể yêu cầu xóa ..."), where the means is
given ("liên hệ ... để chỉnh sửa"), in a list of rights, and where the company acts on the user's request. The company's
rights, duties of the user and uses of a website are none. The value is the concept's id. `detail`: `means` = yes where
the sentence names a way (contact, settings, request form).

Rules: `stated` (the user has it), `means` (how to do it), `listed` (item of a list of rights), `on_request` (the
company does it when asked).

>>> from pipeline.entities.match import Context
>>> [m.value for m in find("Khách hàng có quyền xem, chỉnh sửa hoặc xóa thông tin cá nhân của mình")]
['access', 'correct', 'delete']
>>> [m.value for m in find("- Rút lại sự đồng ý", Context(lead_in="Bạn có các quyền sau:"))]
['withdraw_consent']
>>> [(m.value, m.detail["means"]) for m in find("Liên hệ hotline để được xóa tài khoản")]
[('delete_account', 'yes')]
>>> list(find("Công ty có quyền chỉnh sửa, xóa thông tin vi phạm"))
[]
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.entities import phrases
from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import USER, Hit, pattern, spell

KIND = "right"
VOCABULARY = "rights"

ITEM = 60
"""Characters at the start of an item of a list of rights in which an everyday verb ("xem", "sửa") is the right."""

_FIRST = 12
"""Characters before the first word of an instruction: "- Xóa tài khoản: vào Cài đặt"."""

_DENIABLE = frozenset({"object", "opt_out_marketing", "consent", "refuse_cookies", "human_review"})
"""Rights whose own words contain a "không"."""

_RIGHT = "quyền"

REACH = 260
"""Characters over which "khách hàng có quyền" carries on through a list of verbs."""

_SUBJECT = r"(?<!thông tin )(?<!dữ liệu )(?<!của )(?<!cho )" + USER
_HOLDS = pattern(
    _SUBJECT + r"(?! khác)(?: (?!chúng tôi|rằng|đã|phải|sẽ|bị|khác)\w+){0,6}? (?:có (?:các |đầy đủ (?:các )?|toàn "
    r"|những )?quyền|có thể|được quyền|được phép|được hưởng|muốn|có nhu cầu|có yêu cầu|tự|yêu cầu|đề nghị|xin"
    r"|quyết định|vui lòng|chỉ cần)\b"
    r"|" + _SUBJECT + r"(?: cũng| đều| luôn)? được\b(?! bảo| lưu| thu| cung cấp| xử| sử| thông)"
    r"|(?<!không )(?<!mong )\b(?:muốn|có nhu cầu)\b"
)
"""The user may, wants to or asks to; in "thông tin khách hàng được ..." the data are the subject."""

_SAYS_RIGHT = pattern(r"\bquyền (?:được |yêu cầu |tự |lựa chọn )?$")
_COMPANY = pattern(
    r"\b(?:chúng tôi|công ty|shop|cửa hàng|đơn vị|ban quản trị|nhà cung cấp|hệ thống|ứng dụng"
    r"|sàn)(?: \w+){0,3}? (?:có quyền|có thể|bảo lưu quyền|được quyền|sẽ|phải|có trách nhiệm|được|vẫn|toàn quyền)\b"
    r"|(?<!quyền )(?:bảo lưu quyền|giữ quyền)"
)
_ASKED = pattern(
    r"(?:theo|khi có|nhận được|có|khi|nếu|tiếp nhận|đáp ứng|thực hiện|xử lí|phản hồi|với|mọi|các|đơn|được|sau khi)"
    r"(?: \w+){0,4}? (?:yêu cầu|đề nghị)|yêu cầu của " + USER + "|" + USER + r"(?: \w+){0,4} (?:yêu cầu|đề nghị)"
    r"|yêu cầu (?:tiết lộ|xem|xóa|chỉnh sửa)|^\W*(?:\w{1,3}[.)] ?)*(?:yêu cầu|đề nghị)"
)
_MEANS = pattern(
    r"liên hệ|liên lạc|gửi (?:email|e-mail|thư|yêu cầu|mail|tin|đơn|văn bản)|gọi|hotline|tổng đài|đăng nhập"
    r"|truy cập (?:vào )?(?:mục|tài khoản|trang|phần)|cài đặt|mục |nút |bấm|nhấn|chọn|soạn"
    r"|nhắn|biểu mẫu|mẫu |settings|menu|qua (?:email|số|địa chỉ|thư)|tại (?:quầy|trang|mục|văn phòng|cửa hàng)"
    r"|vào (?:phần|mục|trang|cài)|bằng cách|ứng dụng|trình duyệt|thiết lập"
)
_TO_DO = pattern(
    r"(?:để|nhằm|muốn|nếu cần|cần|hỗ trợ|nhu cầu|yêu cầu|đề nghị|việc|cách|hướng dẫn|đơn)(?: \w+){0,12} ?$"
)
_DATA = pattern(
    r"thông tin|dữ liệu|hồ sơ|tài khoản|đồng ý|chấp thuận|cho phép|bản sao|xử lí|lịch sử|ảnh|số điện thoại|email"
    r"|cookie|bản tin|quảng cáo|tiếp thị|đơn|nội dung|quyền"
)

_LIST = pattern(
    r"quyền (?:sau|của|được|gì|và|đối với|kiểm soát)|các quyền|có quyền|những quyền|quyền dữ liệu|xem, sửa"
    r"|xem, chỉnh sửa|lấy lại, sửa|lựa chọn của"
    r"|^\W*(?:\w{1,4}\W+)?(?:các )?quyền\b(?! riêng)|(?:được|quyền) làm gì|kiểm soát dữ liệu|kiểm soát$"
)
_LEADS = pattern(USER + r"(?: (?!chúng tôi|rằng)\w+){0,6}? (?:được|có thể|có)\b")
_MEANS_HEADING = pattern(
    r"(?:phương (?:tiện|thức)|công cụ|cách thức|quy trình|làm thế nào|tiếp cận)[^.]{0,80}(?:chỉnh sửa|xóa|xem"
    r"|tiếp cận|sửa|lấy lại)|xóa tài khoản|xóa dữ liệu|yêu cầu xóa|chỉnh sửa (?:thông tin|dữ liệu)|xem lại, sửa"
    r"|xem, (?:sửa|chỉnh)|tiếp cận, chỉnh sửa|rút lại"
)
_OTHER_HEADING = pattern(
    r"quyền riêng tư(?! và)|xin|điện thoại|thiết bị|camera|quyền (?:của|và nghĩa vụ của|hạn của) (?:chúng tôi|công ty"
    r"|shop|ban|sàn)|quyền truy cập(?! và)|cấp quyền|quyền sở hữu|nghĩa vụ của|trách nhiệm của"
)
_DUTY = pattern(
    r"(?:trách nhiệm|nghĩa vụ|không được|cam kết|cần đảm bảo|phải đảm bảo|chịu trách nhiệm)(?: [\w,]+){0,12} ?$"
)
_NOT = pattern(r"\b(?:không thể|không có quyền|không được phép|không được|từ bỏ|mất|không xóa|không)(?: \w+){0,3} ?$")
_BLOCKED = pattern(
    r"(?:chính sách|điều khoản|quy chế|thông báo này|nội dung)[^.;]{0,40}(?:sửa đổi|thay đổi|cập nhật|chỉnh sửa"
    r"|điều chỉnh)|(?:thay đổi|cập nhật|sửa đổi)[^.;]{0,25}(?:chính sách|điều khoản|quy chế)"
    r"|không chịu trách nhiệm|bài viết vi phạm|khóa tài khoản|không (?:thể )?chấp nhận"
)


class _Sentence(NamedTuple):
    """What holds for a sentence as a whole; `holds` and `company`: where words end that give somebody the say."""

    text: str
    holds: Sequence[int]
    company: Sequence[int]
    listed: bool
    means_heading: bool
    means: bool
    asked: bool


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008 - immutable
    """The rights of the user that the sentence states."""
    if context.kind in ("heading", "furniture"):
        return
    spelled = spell(text)
    hits = phrases.find(VOCABULARY, spelled)
    if not hits or _BLOCKED.search(spelled):
        return
    sentence = _sentence(spelled, context)
    for hit in hits:
        rule = _rule(sentence, hit)
        if rule:
            detail = {"means": "yes"} if sentence.means else {}
            yield Match(start=hit.start, end=hit.end, value=hit.concept.id, rule=rule, detail=detail)


def canonical(surface: str) -> str:
    """Id of the concept that `surface` names.

    >>> canonical("rút lại sự đồng ý")
    'withdraw_consent'
    """
    return phrases.canonical(VOCABULARY, surface)


def _sentence(spelled: str, context: Context) -> _Sentence:
    heading, lead_in = spell(context.path[-1]) if context.path else "", spell(context.lead_in)
    return _Sentence(
        text=spelled,
        holds=[m.end() for m in _HOLDS.finditer(spelled)],
        company=[m.end() for m in _COMPANY.finditer(spelled)],
        listed=_is_list(heading, lead_in),
        means_heading=bool(_MEANS_HEADING.search(heading)),
        means=bool(_MEANS.search(spelled)),
        asked=bool(_ASKED.search(spelled)),
    )


@lru_cache(maxsize=1024)
def _is_list(heading: str, lead_in: str) -> bool:
    """Whether what stands below is a list of the user's rights."""
    if lead_in and not _LEADS.search(lead_in):
        return False
    return any(_LIST.search(text) and not _OTHER_HEADING.search(text) for text in (heading, lead_in) if text)


def _rule(sentence: _Sentence, hit: Hit) -> str | None:
    """Why the hit is a right, `None` where it is none."""
    text, listed = sentence.text, sentence.listed
    if hit.concept.id not in _DENIABLE and _NOT.search(text[max(0, hit.start - 40):hit.start]):
        return None
    if _DUTY.search(text[max(0, hit.start - 110):hit.start]):
        return None
    if hit.weak and not listed and not sentence.means_heading and not _DATA.search(text, hit.end, hit.end + 45):
        return None
    named = text.startswith(_RIGHT, hit.start)
    limit = hit.start + (len(_RIGHT) if named else 0)
    holds, company = _last(sentence.holds, text, limit), _last(sentence.company, text, limit)
    on_request = "on_request" if sentence.asked and not hit.weak and hit.concept.group != "remedies" else None
    if company > holds:
        return on_request
    if holds >= 0 or (listed and (named or _SAYS_RIGHT.search(text[max(0, hit.start - 40):hit.start]))):
        return "stated"
    if listed and (hit.start < ITEM or not hit.weak):
        return "listed"
    if named:
        return None
    return "means" if sentence.means and _leads_to(sentence, hit) else on_request


def _leads_to(sentence: _Sentence, hit: Hit) -> bool:
    """Whether the way that the sentence names is a way to this right."""
    if sentence.means_heading:
        return True
    return not hit.weak and (hit.start < _FIRST or bool(_TO_DO.search(sentence.text[max(0, hit.start - 60):hit.start])))


def _last(ends: Sequence[int], text: str, limit: int) -> int:
    """The last of `ends` up to `limit`, within reach and in the same sentence; -1 where there is none."""
    at = bisect_right(ends, limit)
    end = ends[at - 1] if at else -1
    return end if end >= 0 and limit - end <= REACH and ". " not in text[end:limit] else -1
