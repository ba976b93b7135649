"""Kinds of personal data that the policy says are collected or processed (vocabulary `data_types`).

A kind counts where the sentence, the lead-in of its list or the heading above says that data are collected. The
company's own contact lines, channels ("liên hệ qua email"), definitions, liability, complaints and duties of the user
are none. The value is the concept's id. `detail`: `sensitive` = yes (Decree 356/2025 art. 4(1)), `negated` = yes
("không thu thập ..."), `condition` = with_consent (not collected without consent).

Rules: `sentence` (its own words say so), `lead_in` (item of a list of data), `heading` (below a heading on data
collected), `list` (three or more kinds in a row).

>>> from pipeline.entities.match import Context
>>> [m.value for m in find("Chúng tôi thu thập họ tên, email và địa chỉ để gửi thư điện tử.")]
['full_name', 'email', 'postal_address']
>>> [(m.value, m.detail["negated"]) for m in find("Ứng dụng không thu thập vị trí của bạn")]
[('location', 'yes')]
>>> [m.rule for m in find("- Số CCCD", Context(lead_in="Thông tin chúng tôi thu thập gồm:"))]
['lead_in']
>>> list(find("Mọi thắc mắc xin gửi về địa chỉ email: hotro@vidu.vn"))
[]
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.entities import phrases
from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import USER, Hit, pattern, spell

KIND = "data_type"
VOCABULARY = "data_types"

LIST = 3
"""Kinds in a row that make a list of data without any verb: two are a coincidence ("email và điện thoại")."""

_ITEM_START = 8
"""Characters before the first words of a list item: its marker."""

APART = 28
"""Characters between two neighbours in a list: "(không bắt buộc), " and the like."""

_MARK = pattern(
    r"\b(?:(?P<user>(?<!nhà )(?<!bên )(?<!đơn vị )cung cấp(?! dịch| sản| cho (?:bạn|khách|quí|người))|khai báo"
    r"|kê khai|khai|điền vào|điền|nhập|để lại|đưa cho|trao cho|gửi cho chúng tôi|gửi thêm|xuất trình|nộp)"
    r"|(?P<collect>thu thập|thu nhận|ghi nhận|ghi lại|nhận được|nhận về|lưu trữ|lưu giữ|lưu lại|yêu cầu quyền"
    r"|xin quyền|yêu cầu truy cập"
    r"|quyền truy cập|truy cập vào|theo dõi|thông tin về|dữ liệu về)"
    r"|(?P<close>tiếp nhận|xin thêm|xin(?! quí| vui| lưu| phép| chào| cảm| gửi| liên)|lấy|đòi hỏi|yêu cầu|hỏi|quét"
    r"|đọc|lưu"
    r"|nhận(?! ra| thấy| biết| xét| định| diện| dạng)|cần)"
    r"|(?P<example>bao gồm|gồm có|gồm|như là|chẳng hạn như|chẳng hạn|ví dụ như|ví dụ|như|cụ thể là)"
    r"|(?P<purpose>để(?! lại| lộ)|nhằm|phục vụ|cho mục đích|vì mục đích|giúp|trong trường hợp|liên hệ|liên lạc"
    r"|thông báo cho|sử dụng|dùng|xử lý|chia sẻ"
    r"|gửi (?:thông|tin|thư|email|mã|báo)|đồng ý|bồi thường|bảo mật|bảo vệ))\b"
)
"""What the words before a kind of data say: the user gives it, the company collects it (`close`: only what follows at
once), it is an example, or the sentence has gone over to a purpose."""

_CLOSE = 25
"""Characters that may part a verb of everyday speech ("xin", "lấy", "hỏi") from the data it asks for."""

_USER_DOES = pattern(USER + r"(?: (?!phải|cần|chỉ)\w+){0,3} $")
_NOT = pattern(r"\b(?:không|chưa|chẳng)(?! giới hạn| chỉ| những| phụ thuộc| kể| bắt buộc)(?: \w+){0,4} $")
_NEED_NOT = pattern(r"(?:không (?:cần|phải|yêu cầu|đòi hỏi|bị yêu cầu)(?: \w+){0,4} )$")
_TOLD = pattern(r"\b(?:đừng|hãy|nếu|muốn|vui lòng không|không nên|xin đừng)(?: \w+){0,5} $")
_WITHOUT_CONSENT = pattern(r"(?:khi|nếu|mà|trừ)[^.;]{0,30}(?:đồng ý|cho phép|chấp thuận|được phép|cấp quyền)")
_PASSIVE = pattern(r"(?:được|bị) (?:\w+ ){0,3}?(?:thu thập|ghi nhận|ghi lại|lưu|tiếp nhận)")
_PASSIVE_NOT = pattern(
    r"không (?:bao giờ )?(?:được|bị) (?:\w+ ){0,3}?(?:thu thập|ghi nhận|ghi lại|lưu|tiếp nhận|yêu cầu)"
)
_AND = re.compile(r"[,;/&+(]|và|hoặc|hay")
_DATA = pattern(r"thông tin|dữ liệu|hồ sơ|nhật ký|log|mục|báo cáo|lịch sử")

_COLLECTING = pattern(
    r"thu thập|thu nhận|tiếp nhận|ghi nhận|lưu gì|biết (?:những )?gì|hỏi|xin|lấy|ghi|đọc|cung cấp|khai báo|điền"
    r"|để lại|bao gồm|gồm|yêu cầu|đưa cho"
    r"|trao cho|nhập|nhận|lưu|dữ liệu|thông tin|đến từ"
)
_HEADING = pattern(
    r"thu thập|thu nhận|tiếp nhận|lưu gì|ghi nhận|ghi lại|(?:biết|hỏi|lưu)(?: \w+){0,3} gì|loại (?:dữ liệu|thông tin)"
    r"|(?:dữ liệu|thông tin)(?: cá nhân)? (?:gì|nào)|(?:nhóm|nguồn) dữ liệu|dữ liệu (?:được|cá nhân được) xử lý"
    r"|(?:thông tin|dữ liệu) (?:do )?(?:bạn|khách hàng|người dùng|quý khách)[^.]{0,20} (?:cung cấp|trao)"
    r"|dữ liệu (?:tài khoản|kỹ thuật|thiết bị)"
)
_OTHER_LIST = pattern(
    r"(?:(?:để|nhằm|mục đích|giúp|quyền|trách nhiệm|nghĩa vụ|cam kết|biện pháp|phục vụ|vào)(?: [\w/,]+){0,8}|khi|cách"
    r"|cách sau"
    r"|(?:cho|với|tới|đến)(?: (?:các )?(?:bên|đối tượng|tổ chức|đơn vị)[^:]{0,20})?)\s*:?\s*$"
)
_SHARING = pattern(r"chia sẻ|tiết lộ|mục đích|sử dụng|chuyển giao|tiếp cận")
_MARKER = re.compile(r"\s*(?:[-–—•●▪*+►⭐·]|\(?\w{1,3}[.)/])")
"""What a list item begins with."""

_STRICT_HEADING = pattern(
    r"mục đích|sử dụng|an toàn|bảo mật|biện pháp|bảo vệ|sự cố|vi phạm|đồng ý|chấp thuận|lưu trữ|lưu giữ|thời hạn"
    r"|chia sẻ|tiết lộ|bên thứ|tiếp cận"
    r"|xuyên biên giới|tiếp thị|quảng cáo|thay đổi|hiệu lực|trẻ em"
)
"""Other topics, under which only "thu thập" and a list in a row count."""

_OTHER_HEADING = pattern(
    r"đơn vị thu thập|địa chỉ|liên hệ|khiếu nại|phản ánh|tranh chấp|sự cố|vi phạm|giới thiệu|quyền của|trách nhiệm"
    r"|nghĩa vụ|chỉnh sửa|xóa"
    r"|cần lưu ý|nhờ anh chị"
)
_DEFINITIONS = pattern(r"định nghĩa|giải thích|thuật ngữ|diễn giải")
_PURPOSE_HEADING = pattern(r"mục đích")
_SCOPE_HEADING = pattern(r"phạm vi|loại|thông tin nào|dữ liệu nào|những thông tin|những gì")
_BLOCKED = pattern(
    r"chịu trách nhiệm|miễn trách|khiếu nại|có nghĩa là|được hiểu là|(?:dữ liệu|thông tin)(?: cá nhân"
    r"| người dùng)?(?: cơ bản| nhạy cảm)?[\"”)]?:? (?:là|gồm|bao gồm)"
    r" (?:bất kì|mọi|những|các|tất cả)?\s*(?:thông tin|dữ liệu)|giả mạo|tranh chấp|cookies? là|có thể gồm có"
    r"|nghiêm cấm|bị cấm"
)
_CHANNEL_BEFORE = pattern(
    r"\b(?:qua|bằng|theo|tới|đến|gửi|gửi về|vào|liên hệ|liên lạc|gọi|nhắn|soạn|phản hồi|kiểm tra|tại|mở|hoặc gọi|về"
    r"|chọn|viết|truy cập|cuối|mỗi)"
    r"(?: (?:các|những|số|địa chỉ|kênh|hình thức|phương tiện|như|thư|bưu điện|điện thoại|di động|tin nhắn|sms|zalo"
    r"|fax|hotline|ứng dụng|website|trang web|fanpage"
    r"|facebook|email|e-mail|tổng đài|cuộc gọi|messenger|viber|hòm|thông qua|theo|gọi|mail|văn bản|một|cho chúng tôi"
    r"|chúng tôi|đường|tới|đến|và|hoặc|hay)|[,/]){0,8}\s*$"
)
_VALUE_AFTER = pattern(
    r"\)?\s*[:–-]?\s*(?:[(+]*\d[\d .()-]{5}|[\w.+-]{1,40}@|https?:|www\.|số \d|tầng|tòa nhà|lô |căn hộ)|\s*:\s*(?:số"
    r"|tầng|tòa|lô|phòng|khu|đường|\d)"
)
_OURS_AFTER = pattern(
    r"\s*(?:này|trên đây|ở trên|dưới đây|sau đây|sau:|của (?:chúng tôi|công ty|shop|cửa hàng|đơn vị)|hỗ trợ|hotline"
    r"|tổng đài|quảng cáo|tiếp thị|marketing|rác)\b"
)
_DUTY = pattern(
    r"trách nhiệm|nghĩa vụ|bảo quản|tự giữ|giữ bí mật|giữ kín|tiết lộ|để lộ|cho mượn|quên|bị mất|đặt lại|khôi phục"
    r"|thay đổi mật|đổi mật|đăng nhập bằng|đặt mật khẩu"
    r"|băm|mã hóa|bảo vệ|bảo mật"
)
_PLACE_BEFORE = pattern(
    r"(?:\b(?:trên|bởi|trong|vào|của|đóng|bằng|tính năng|chức năng|công nghệ|giữa|khỏi|mở|gỡ|chặn|tắt|từ chối|xóa"
    r"|đăng|qua|dùng|nhận được|đặt)|(?:\d|đủ|dưới|từ)\)?)\s$"
)
"""Before a device, a browser, a cookie, a voice, an age: where, with what or from when on something happens."""

_REACHABLE = frozenset(
    {"email", "phone", "postal_address", "communications", "social_account", "contact_details", "call_recordings"}
)
"""Concepts that also are ways to reach somebody, so that "qua email" is no data."""


_INSTRUMENTS = frozenset({
    "device_information", "browser", "cookies", "voice", "biometrics", "storage_files", "images_video", "location",
    "date_of_birth",
})
"""Concepts that also are tools or limits: "lưu trên trình duyệt", "bằng giọng nói", "dưới 16 tuổi" are no data."""


class _Frame(NamedTuple):
    rule: str
    negated: bool


class _Row(NamedTuple):
    """The list in which a hit stands: where it begins, how many different kinds of data are in it."""

    start: int
    kinds: int


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008 - immutable
    """The kinds of data that the sentence says are collected."""
    if context.kind in ("heading", "furniture"):
        return
    spelled = spell(text)
    hits = phrases.find(VOCABULARY, spelled)
    hits = tuple(hit for hit in hits if not _is_contact(spelled, hit) and not _is_tool(spelled, hit))
    heading, lead_in = spell(context.path[-1]) if context.path else "", spell(context.lead_in)
    if not hits or _is_other_matter(spelled, heading, lead_in):
        return
    around, strict = _around(tuple(map(spell, context.path)), lead_in), _is_strict(heading, lead_in)
    marks = list(_MARK.finditer(spelled))
    duty = bool(_DUTY.search(spelled))
    unless = bool(_WITHOUT_CONSENT.search(spelled))
    for hit, row in zip(hits, _rows(spelled, hits), strict=True):
        frame = _frame(spelled, hit, row, _said_before(marks, hit), around, strict)
        if frame and not (duty and hit.concept.group == "account" and row.kinds < LIST):
            yield _match(hit, frame, unless)


def canonical(surface: str) -> str:
    """Id of the concept that `surface` names.

    >>> canonical("Số CMND")
    'national_id'
    """
    return phrases.canonical(VOCABULARY, surface)


def _match(hit: Hit, frame: _Frame, unless: bool) -> Match:
    detail = {"sensitive": "yes"} if hit.concept.sensitive else {}
    if frame.negated:
        detail |= {"condition": "with_consent"} if unless else {"negated": "yes"}
    return Match(start=hit.start, end=hit.end, value=hit.concept.id, rule=frame.rule, detail=detail)


def _is_other_matter(spelled: str, heading: str, lead_in: str) -> bool:
    if _DEFINITIONS.search(heading):
        return True
    if _OTHER_HEADING.search(heading) and not lead_in:
        return "thu thập" not in spelled
    return bool(_BLOCKED.search(spelled)) and "thu thập" not in spelled and "bắt buộc" not in spelled


def _is_contact(spelled: str, hit: Hit) -> bool:
    """The company's own address or number, or a channel."""
    if hit.concept.id not in _REACHABLE:
        return False
    if _VALUE_AFTER.match(spelled, hit.end) or _OURS_AFTER.match(spelled, hit.end):
        return True
    return bool(_CHANNEL_BEFORE.search(spelled, max(0, hit.start - 90), hit.start))


def _is_tool(spelled: str, hit: Hit) -> bool:
    return hit.concept.id in _INSTRUMENTS and bool(_PLACE_BEFORE.search(spelled, max(0, hit.start - 12), hit.start))


@lru_cache(maxsize=1024)
def _is_strict(heading: str, lead_in: str) -> bool:
    """Whether lead-in or heading are about something else than collecting."""
    if lead_in:
        return bool(_OTHER_LIST.search(lead_in))
    return bool(_STRICT_HEADING.search(heading)) and not _HEADING.search(heading)


@lru_cache(maxsize=1024)
def _around(path: tuple[str, ...], lead_in: str) -> _Frame | None:
    """What lead-in and heading say of all that stands below them."""
    if lead_in:
        sharing = _SHARING.search(lead_in) and "thu thập" not in lead_in
        if sharing or not _COLLECTING.search(lead_in) or _OTHER_LIST.search(lead_in):
            return None
        marks = [mark for mark in _MARK.finditer(lead_in) if mark.lastgroup in ("collect", "close", "user")]
        return _Frame("lead_in", any(_negated(lead_in, mark) for mark in marks))
    for heading in reversed(path):
        if _OTHER_HEADING.search(heading):
            return None
        if _HEADING.search(heading):
            purpose_only = _PURPOSE_HEADING.search(heading) and not _SCOPE_HEADING.search(heading)
            return None if purpose_only else _Frame("heading", False)
        if _STRICT_HEADING.search(heading):
            return None
    return None


def _said_before(marks: Sequence[re.Match[str]], hit: Hit) -> Sequence[re.Match[str]]:
    """The last two marks before the hit, the nearest last."""
    reached = bisect_right(marks, hit.start, key=re.Match.end)
    return marks[max(0, reached - 2):reached]


def _rows(spelled: str, hits: Sequence[Hit]) -> list[_Row]:
    """For each hit the list in which it stands."""
    rows: list[_Row] = []
    run: list[Hit] = []
    for hit, following in zip(hits, [*hits[1:], None], strict=True):
        run.append(hit)
        if following is None or following.start - hit.end > APART or not _AND.search(spelled, hit.end, following.start):
            rows += [_Row(run[0].start, len({h.concept.id for h in run}))] * len(run)
            run = []
    return rows


def _frame(
    spelled: str, hit: Hit, row: _Row, said: Sequence[re.Match[str]], around: _Frame | None, strict: bool
) -> _Frame | None:
    """Why the hit counts. `said`: the marks before it; `around`: what stands above says; `strict`: another topic."""
    mark = said[-1] if said else None
    if mark and _says(spelled, mark, hit, row, strict):
        return _as_said(spelled, mark, said)
    if mark and mark.lastgroup == "purpose":
        return None
    listed = row.kinds > 1
    after = spelled[hit.end:hit.end + 120].split(";")[0]
    if (listed or not hit.weak) and _PASSIVE_NOT.search(after):
        return _Frame("sentence", True)
    if (listed or not hit.weak) and not strict and _PASSIVE.search(after):
        return _Frame("sentence", False)
    if around and (around.rule == "lead_in" or listed or _opens_item(spelled, hit)):
        return around
    return _Frame("list", False) if row.kinds >= LIST else None


def _as_said(spelled: str, mark: re.Match[str], said: Sequence[re.Match[str]]) -> _Frame | None:
    """Collected, or denied; `None` where the words only tell the user what to do."""
    if _TOLD.search(spelled[max(0, mark.start() - 40):mark.start()]):
        return None
    negated = _negated(spelled, mark) or (mark.lastgroup == "example" and len(said) > 1 and _negated(spelled, said[-2]))
    if mark.lastgroup == "user" and negated and not _NEED_NOT.search(spelled[max(0, mark.start() - 40):mark.start()]):
        return None
    return _Frame("sentence", negated)


def _opens_item(spelled: str, hit: Hit) -> bool:
    return bool(_MARKER.match(spelled)) and (not hit.weak or hit.start < _ITEM_START)


def _says(spelled: str, mark: re.Match[str], hit: Hit, row: _Row, strict: bool) -> bool:
    """Whether the words of `mark` make the hit collected data."""
    gap = (row.start if row.start >= mark.end() else hit.start) - mark.end()
    if mark.lastgroup == "purpose" or (hit.weak and row.kinds < 2 and gap > _CLOSE):
        return False
    if mark.lastgroup == "close":
        theirs = _USER_DOES.search(spelled, max(0, mark.start() - 40), mark.start())
        named = mark.group() != "cần" or _negated(spelled, mark)
        return named and not theirs and not strict and gap <= _CLOSE and ";" not in spelled[mark.end():hit.start]
    if mark.lastgroup == "example":
        return not strict and bool(_DATA.search(spelled, max(0, mark.start() - 160), mark.start()))
    return not strict or mark.group().startswith("thu") or (mark.lastgroup == "collect" and _negated(spelled, mark))


def _negated(spelled: str, mark: re.Match[str]) -> bool:
    return bool(_NOT.search(spelled[max(0, mark.start() - 40):mark.start()]))
