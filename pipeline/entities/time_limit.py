"""Whether a duration sets a limit to what somebody does, and to what: the rules of `response_time`."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.entities import patterns
from pipeline.entities.duration import Duration

SETS = re.compile(r"(?<!\w)(?:trong|sau|đúng (?:thời )?hạn|mất|tối đa|nhiều nhất|không quá|không vượt quá|"
                   r"không (?:muộn|chậm|trễ) hơn|"
                   r"(?:chậm|muộn|trễ) nhất|dưới|trước khi hết|tối thiểu|ít nhất|vào|within)(?!\w)")
_WITHIN = re.compile(r"(?<!\w)(?:trong|tối đa|không quá|(?:chậm|muộn|trễ) nhất)(?!\w)")
NAMED = re.compile(
    r"(?:thời (?:gian|hạn)|hạn|sla)\s+(?:(?:tối đa|để|cho việc|dự kiến|chúng tôi|công ty)\s+)*(?:tiếp nhận|giải quyết|"
    r"xử lý(?! dữ liệu)|phản hồi|trả lời|hồi đáp|xác minh|hỗ trợ|thực hiện|đáp ứng|xem xét|thông báo|khắc phục|"
    r"hoàn tất|(?:gửi |nộp )?(?:đơn )?(?:khiếu nại|khởi kiện|phản ánh))|thời hiệu (?:khiếu nại|khởi kiện)")
_PROCESSING = re.compile(r"(?:hạn|gian) xử lý(?! (?:yêu cầu|khiếu nại|đơn|đề nghị|phản ánh))")
"""In a heading this may also be how long data are processed, which is `retention`."""
_NOTIFIES = re.compile(r"báo|gọi|gửi|nộp|lập|liên hệ|đăng|nhận|nhắn")
_BREACH = re.compile(r"sự cố|vi phạm|rò rỉ|(?<!\w)lộ(?!\w)|xâm nhập|tấn công|đánh cắp|mất (?:dữ liệu|mát|cắp)|"
                     r"truy cập trái phép|phát tán|lỗ hổng|mã độc")
_COMPLAINT = re.compile(r"khiếu nại|tranh chấp|tố cáo|phản ánh")
_REQUEST = re.compile(r"yêu cầu|đề nghị|phản ánh|khiếu nại|tố cáo|rút lại|phát hiện|nhận được|thông báo của|"
                      r"đơn (?:xin|hợp lệ)|vi phạm|(?:xóa|hủy|đóng|gỡ) tài khoản|quyền của|thực hiện quyền|(?:gửi|"
                      r"nhắn|gọi|liên hệ|viết|email)(?:[^.;]|\.(?=\d)){0,80}(?:(?<!\w)để(?!\w)|,)|"
                      r"muốn (?:xóa|gỡ|hủy)|nếu (?:tụi|chúng) ")
_MINOR = re.compile(r"trẻ em|vị thành niên|chưa thành niên|(?:dưới|gian|đủ)[^,;.]{0,15} tuổi|gian tuổi")
"""Data of minors are deleted when they come to light, which answers that discovery."""
_TERM = re.compile(r"(?:thời (?:gian|hạn)|giai đoạn)[^.;:]{0,20}\s(?:lưu|giữ|bảo quản|cất)|(?:lưu|"
                   r"giữ)[^.;:]{0,25}(?:bao lâu|khi nào)|hết (?:thời )?hạn|chấm dứt|kết thúc|thanh lý|"
                   r"hoàn thành mục đích|sao lưu|backup|bản sao|retention")
"""What says that a deletion ends a term of storage."""
_ADVANCE = re.compile(r"(?<!\w)(?:trước(?: (?:đó|khoảng|thời hạn))?|trước(?: (?:khi|ngày)[^,;.]{0,40})? (?:ít nhất|"
                      r"tối thiểu)|mỗi(?: lần)?(?: không quá| tối đa)?)\s*$")
_ADVANCE_AFTER = re.compile(r"\s*(?:trước|gần nhất|gần đây|qua|vừa qua|đó|này|ấy)(?!\w)")
_SINCE = re.compile(r"(?:kể từ|tính từ|sau khi|từ khi|từ lúc|sau ngày|từ ngày)"
                    r"(?:(?!\s(?:chúng tôi|công ty|sẽ|bên|tụi)\s)[^,;.:]){0,80}")
_RECEIVED = re.compile(r"nhận|phát hiện|yêu cầu|biết|gửi|đề nghị|xác minh|xảy ra")
_PASSED = re.compile(r"(?<!\w)(?:quá|hết|qua|sau|nếu)(?: thời hạn)?\s*$")
_UNANSWERED = re.compile(
    r"(?:\s+(?!không |chưa )[^\s,.;]+){0,5}?,?\s+(?:chưa|không)(?:\s+[^\s,.;]+){0,3}?\s+(?:trả lời|phản hồi|hồi âm|"
    r"giải quyết|xử lý|xong|sửa|đính chính|khắc phục|thỏa thuận|đạt|thống nhất|nhận được)(?!\w)")
_DEEMED = re.compile(r"(?:coi|xem) (?:như|là)|được hiểu|mặc nhiên|đồng nghĩa|nghĩa là")
_SILENCE = re.compile(rf"(?:(?!(?:quá|hết|sau) (?:thời|hạn)).)*?(?:{_DEEMED.pattern})")
"""Silence that is taken for consent is no answer; what the lapse of the limit is taken for leaves it a limit."""
_LAPSES = re.compile(rf"{_DEEMED.pattern}|đồng ý|xóa|hủy")
_REFUSED = re.compile(r"(?<!\w)không (?:có|còn|chịu|phải|thể|bảo đảm|đảm bảo)(?: [^\s,;.]+){0,3}\s*$")
"""Before an act: what nobody has to do after that time."""
_NEAR = 120  # characters between a limit and its act: recipients and channels stand there, beyond it other clauses


class _Vocabulary(NamedTuple):
    acts: re.Pattern[str]
    """A group an act, `keep` for what is none."""
    ranged: re.Pattern[str]
    none: re.Pattern[str]
    none_before: re.Pattern[str]
    undo: re.Pattern[str]


@cache
def _vocabulary() -> _Vocabulary:
    """Compiled at first use, since `vnpolicy --help` must not wait for it."""
    table = patterns.vocabulary("response_time")
    period = table["period"]
    return _Vocabulary(
        acts=patterns.grouped(table["act"]),
        ranged=re.compile(patterns.regex(table["range"]["act"])),
        none=re.compile(patterns.regex(period["none"])),
        none_before=re.compile(patterns.regex([*period["none"], *period["lasting"]])),
        undo=re.compile(rf"\s*để (?:[^\s,.;]+ ){{0,4}}?{patterns.regex(period['undo'])}"))


class Place(NamedTuple):
    """A duration in its part of the sentence: `lead` and `frame` before it, `right` behind, `around` above."""

    lead: str
    frame: str
    right: str
    around: str


def gives_time_to_undo(right: str) -> bool:
    """Whether what follows a duration says that somebody may change their mind so long: "để đổi ý", "để khôi phục"."""
    return _vocabulary().undo.match(right) is not None


def act_of(place: Place, found: Duration, *, in_row: bool) -> tuple[str, str] | None:
    """The act that the limit is set to, and the rule that found it; None where no limit is set."""
    lead, frame, right, around = place
    if _PASSED.search(lead + frame) and _UNANSWERED.match(right) and not _LAPSES.search(right):
        return ("complaint" if _COMPLAINT.search(lead + right + around) else "answer"), "overdue"
    verb = _nearest(lead, _SINCE.sub(lambda m: " " * len(m.group()), right))
    act = verb.lastgroup if verb else None
    if act == "keep" or gives_time_to_undo(right) or _is_other_period(place, verb):
        return None
    if _is_granted(frame, right):
        return meaning(verb, place), "granted"
    words = frame.split()
    takes = "mất" in words or (in_row and "sau" not in words)
    if act == "delete" and not takes and not _on_request(place):
        return None
    above = NAMED.search(around) and not (_PROCESSING.search(around) and not _REQUEST.search(lead))
    if NAMED.search(lead) or (above and not any(m.lastgroup == "keep" for m in acts(lead))):
        return meaning(verb, place), "named"
    if _SILENCE.match(right) or found.value.endswith("Y"):  # limits to act in are shorter, unless they have a name
        return None
    if verb and SETS.search(frame):
        return meaning(verb, place), "act"
    if verb and _is_range_of_act(verb, lead, found):
        return meaning(verb, place), "range"
    since = _SINCE.match(right.lstrip()) if SETS.search(frame) else None
    if since and _RECEIVED.search(since.group()):
        return ("breach_notice" if _BREACH.search(lead + right + around) else "answer"), "since"
    if verb is None and _WITHIN.search(frame) and (_COMPLAINT.search(around) or _BREACH.search(around)):
        return meaning(None, place), "topic"
    return None


@lru_cache(maxsize=64)
def acts(text: str) -> Sequence[re.Match[str]]:
    """The verbs in `text` of what is done within a time limit."""
    return tuple(patterns.found(_vocabulary().acts, text))


def _is_granted(frame: str, right: str) -> bool:
    return frame.split()[:1] in (["có"], ["còn"]) and re.match(r"\s*(?:làm việc\s+)?để\s", right) is not None


def _is_range_of_act(verb: re.Match[str], lead: str, found: Duration) -> bool:
    """Whether a range of hours, days or weeks stands right behind what is done; months are terms of other things."""
    if not found.low or verb.string is not lead or ("T" not in found.value and found.value[-1] in "MY"):
        return False
    close = len(lead) - verb.end() <= 40 and "," not in lead[verb.end():]
    return close and (verb.lastgroup != "other" or _vocabulary().ranged.match(verb.group()) is not None)


def _is_other_period(place: Place, verb: re.Match[str] | None) -> bool:
    """Notice in advance, delivery, payment, sessions, silence taken for consent."""
    lead, frame, right, _ = place
    settles = verb is not None and verb.lastgroup == "complaint" and "trong" in frame.split()  # before going to court
    if _ADVANCE.search(lead + frame) or (_ADVANCE_AFTER.match(right) and not settles):
        return True
    near = max(0, len(lead) - 45)
    if verb and verb.string is lead and verb.lastgroup != "other":
        near = max(near, verb.end())  # "hoàn tiền và xóa hồ sơ trong 7 ngày" sets the limit to the deletion
    words = _vocabulary()
    return words.none_before.search(lead, near) is not None or words.none.search(right[:45]) is not None


def _nearest(lead: str, right: str) -> re.Match[str] | None:
    """The act closest to the limit; one that stands before it where both are as close."""
    before = [m for m in acts(lead) if len(lead) - m.end() <= _NEAR]
    behind = next(iter(acts(right[:_NEAR])), None)
    if behind and _REFUSED.search(right, 0, behind.start()):
        behind = None
    if before and (behind is None or len(lead) - before[-1].end() <= behind.start()):
        return before[-1]
    return behind


def _on_request(place: Place) -> bool:
    """Whether a deletion answers somebody, rather than ending a term of storage."""
    lead, frame, right, around = place
    if "sau" in frame.split() and "không" not in frame:
        since = _SINCE.match(right.lstrip())
        return since is not None and _RECEIVED.search(since.group()) is not None
    if _REQUEST.search(lead + right) or _BREACH.search(lead + around) or _MINOR.search(lead):
        return True
    return _REQUEST.search(around) is not None and not _TERM.search(lead + right + around)


def meaning(verb: re.Match[str] | None, place: Place) -> str:
    """The act in the light of the sentence: who is notified of a breach is not answered."""
    act = verb.lastgroup if verb else None
    everything = place.lead + place.right + place.around
    if verb and _NOTIFIES.search(verb.group()) and _BREACH.search(everything):
        return "breach_notice"
    if act in (None, "other"):
        specific = [m.lastgroup for m in acts(place.lead[-60:]) if m.lastgroup in ("delete", "correct", "withdraw")]
        act = specific[-1] if specific else "complaint" if _COMPLAINT.search(everything) else "other"
    return "other" if act == "breach_notice" else act or "other"
