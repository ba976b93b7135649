"""A time limit in which somebody acts: answers, settles a complaint, deletes on request, reports a breach. ISO 8601.

A duration is such a limit where the words right before it set one ("trong vòng", "chậm nhất", "không quá", "sau") and
an act stands in the same part of the sentence (rule `act`), or where it follows the name of a limit ("Thời hạn giải
quyết khiếu nại: 07 ngày", rule `named`; the name may stand in the lead-in or the heading).

>>> [(m.value, m.detail["act"]) for m in find("Công ty trả lời trong 03 ngày làm việc, kết luận chậm nhất 15 ngày.")]
[('P3D', 'answer'), ('P15D', 'complaint')]
>>> [m.detail for m in find("Trong vòng 72 giờ kể từ khi phát hiện sự cố, Công ty báo cáo cơ quan chức năng.")]
[{'act': 'breach_notice', 'bound': 'at_most'}]
>>> [m.value for m in find("Dữ liệu được xóa trong vòng 30 ngày kể từ khi nhận được yêu cầu.")]
['P30D']

None: how long data are kept (`retention`), notice given in advance, delivery, payment and warranty, clock times.

>>> list(find("Dữ liệu được lưu trữ trong vòng 10 năm rồi xóa."))
[]
>>> list(find("Thay đổi được thông báo trước ít nhất 15 ngày; hàng được giao trong 3 ngày."))
[]

`detail`: `act` is `answer` (replies, confirms, calls back), `complaint` (settles or decides), `delete`, `correct`,
`withdraw` (stops, restricts), `breach_notice` or `other`; `bound` is `at_most`, `at_least` or `exact` ("sau 3 ngày");
`business`: `yes` where only working days or hours count; `range`: both ends of "3-5 ngày", whose value is the longer.
"""

import re
from collections.abc import Iterator

from pipeline.entities import duration
from pipeline.entities.duration import Duration
from pipeline.entities.match import Context, Match

KIND = "response_time"

_FRAME = re.compile(
    r"(?<!\w)(?:(?:chỉ|ngay|sớm nhất|khoảng|tối đa|nhiều nhất|không quá|không vượt quá|không (?:muộn|chậm|trễ) hơn|"
    r"(?:chậm|muộn|trễ) nhất|trong vòng|(?:trong|đúng) thời hạn|đúng hạn|mất|trong thời gian|"
    r"trong khoảng(?: thời gian)?|trong|sau|dưới|vòng|"
    r"tối thiểu|ít nhất|trước khi hết|within|là|từ|có|đến|thêm|cho đến)(?!\w)[\s(:]*)+$")
_SETS = re.compile(r"(?<!\w)(?:trong|sau|đúng (?:thời )?hạn|mất|tối đa|nhiều nhất|không quá|không vượt quá|"
                   r"không (?:muộn|chậm|trễ) hơn|"
                   r"(?:chậm|muộn|trễ) nhất|dưới|trước khi hết|tối thiểu|ít nhất|within)(?!\w)")
_NAMED = re.compile(
    r"(?:thời (?:gian|hạn)|hạn|sla)\s+(?:(?:tối đa|để|cho việc|dự kiến|chúng tôi|công ty)\s+)*(?:tiếp nhận|giải quyết|"
    r"xử lý(?! dữ liệu)|phản hồi|trả lời|hồi đáp|xác minh|hỗ trợ|thực hiện|đáp ứng|xem xét|thông báo|khắc phục|"
    r"hoàn tất)|thời hiệu (?:khiếu nại|khởi kiện)")
_PROCESSING = re.compile(r"(?:hạn|gian) xử lý(?! (?:yêu cầu|khiếu nại|đơn|đề nghị|phản ánh))")
"""In a heading this may also be how long data are processed, which is `retention`."""

_ACTS = {
    "answer": r"trả lời|phản hồi|hồi đáp|hồi âm|phúc đáp|giải đáp|liên hệ|liên lạc|gọi (?:lại|điện)|xác nhận|tiếp nhận|"
              r"thụ lý|chuyển lại|thông báo|thông tin (?:cho|đến|tới)|báo (?:đã|kết quả)|mã (?:hồ sơ|theo dõi)|"
              r"phiếu tiếp nhận|có người nhận|đã nhận|respond|reply",
    "complaint": r"giải quyết|xác minh|kết luận|hòa giải|thương lượng|thời hiệu|khiếu kiện",
    "withdraw": r"rút lại|thu hồi|ngừng|ngưng|dừng|chấm dứt|hạn chế|tắt|thôi nhận|gỡ(?=[^,;]{0,40}khỏi (?:danh sách|"
                r"chiến dịch))",
    "delete": r"xóa|hủy|tiêu hủy|gỡ|loại bỏ|dọn",
    "correct": r"chỉnh sửa|sửa|đính chính|điều chỉnh|cập nhật",
    "breach_notice": r"báo cáo|trình báo|khai báo|(?<!thông )(?<!cảnh )(?<!quảng )báo(?! giá)",
    "other": r"xử lý|thực hiện|hoàn tất|hoàn thành|xem xét|kiểm tra|rà soát|đánh giá|đáp ứng|cung cấp|gửi|nộp|"
             r"khắc phục|khóa|họp|nhận(?! (?:biết|thức|dạng|diện))|duyệt|lập(?! trình)|vá|đăng(?! (?:ký|kí|nhập|"
             r"xuất))|cắt|nhắn|phản đối|hỗ trợ|đọc|làm(?! việc)",
    "keep": r"(?<!bảo )(?<!sao )lưu(?! (?:ý|lượng|thông|động|hành|trú))|giữ(?! (?:bí mật|an toàn|kín|liên lạc|quyền))|"
            r"bảo quản|tồn tại|khôi phục|hết hạn|ghi đè|chép đè|không (?:phát sinh|hoạt động|đăng nhập|thao tác|"
            r"sử dụng|dùng)|"
            r"ngủ đông|im lặng",
}
"""Words that say what is done. The nearest to the limit wins; "keep" is no act: no limit is set."""
_ACT = re.compile("|".join(rf"(?P<{act}>(?<!\w)(?:{words})(?!\w))" for act, words in _ACTS.items()))
_NOTIFIES = re.compile(r"báo|gọi|gửi|nộp|lập|liên hệ|đăng|nhận|nhắn")
_BREACH = re.compile(r"sự cố|vi phạm|rò rỉ|(?<!\w)lộ(?!\w)|xâm nhập|tấn công|đánh cắp|mất (?:dữ liệu|mát|cắp)|"
                     r"truy cập trái phép|phát tán")
_COMPLAINT = re.compile(r"khiếu nại|tranh chấp|tố cáo|phản ánh")
_REQUEST = re.compile(r"yêu cầu|đề nghị|phản ánh|khiếu nại|tố cáo|rút lại|phát hiện|nhận được|thông báo của|"
                      r"đơn (?:xin|hợp lệ)|vi phạm|(?:xóa|hủy|đóng|gỡ) tài khoản|quyền của|thực hiện quyền|(?:gửi|"
                      r"nhắn|gọi|liên hệ)[^.;]{0,80}(?<!\w)để(?!\w)|"
                      r"muốn (?:xóa|gỡ|hủy)|nếu (?:tụi|chúng) ")
_TERM = re.compile(r"(?:thời (?:gian|hạn)|giai đoạn)[^.;:]{0,20}\s(?:lưu|giữ|bảo quản|cất)|(?:lưu|"
                   r"giữ)[^.;:]{0,25}(?:bao lâu|khi nào)|hết (?:thời )?hạn|chấm dứt|kết thúc|thanh lý|"
                   r"hoàn thành mục đích|sao lưu|backup|bản sao|retention")
"""What says that a deletion ends a term of storage."""
_NO_ACT = re.compile(
    r"giao hàng|hàng được giao|hoàn (?:tiền|phí)|đổi trả|đổi hàng|bảo hành|thanh toán|vận chuyển|đơn hàng|dùng thử|"
    r"(?<!\w)otp|phiên|cookie|token|niêm yết|hiệu lực|coi như|được (?:xem|hiểu) là|mặc nhiên|bồi thường|"
    r"tự (?:động )?khóa|hết hạn")
_ADVANCE = re.compile(r"(?<!\w)(?:trước(?: (?:đó|khoảng|thời hạn))?|trước(?: (?:khi|ngày)[^,;.]{0,40})? (?:ít nhất|"
                      r"tối thiểu)|mỗi(?: lần)?(?: không quá| tối đa)?)\s*$")
_ADVANCE_AFTER = re.compile(r"\s*(?:trước|gần nhất|gần đây|qua|vừa qua|đó|này|ấy)(?!\w)")
_SINCE = re.compile(r"(?:kể từ|tính từ|sau khi|từ khi|từ lúc|sau ngày|từ ngày)"
                    r"(?:(?!\s(?:chúng tôi|công ty|sẽ|bên|tụi)\s)[^,;.:]){0,80}")
_RECEIVED = re.compile(r"nhận|phát hiện|yêu cầu|biết|gửi|đề nghị|xác minh|xảy ra")
_ALSO = re.compile(r"(?:[^,;.]{0,40},)?\s*(?:và\s+)?(?:riêng\s+)?[^,;.]{0,40}?(?:là\s+|:\s*|và\s+|(?<=,)\s*)")
"""Between two limits of one act: "02 tháng với ..., 03 tháng với ...", "10 ngày, riêng yêu cầu xóa là 20 ngày"."""
_PART = re.compile(r"[;•\n]|\.\s")
_NEAR = 120  # characters between a limit and its act: recipients and channels stand there, beyond it other clauses


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008  frozen
    folded = duration.spell(text)
    around = duration.spell(" ".join((*context.path[-1:], context.lead_in)))
    last: Match | None = None
    for found in duration.read(text):
        left = _PART.split(folded[max(0, found.start - 400):found.start])[-1]
        right = _PART.split(folded[found.end:found.end + 300])[0]
        frame = match.group() if (match := _FRAME.search(left[-80:])) else ""
        said = _act(left[:len(left) - len(frame)], frame, right, around, in_row=last is not None)
        if not said and last and _ALSO.fullmatch(folded[last.end:found.start]):
            said = last.detail["act"], "also"
        if said:
            limit = _SETS.search(frame)
            start = found.start - len(frame) + limit.start() if limit else found.start
            last = Match(start=start, end=found.end, value=found.value, rule=said[1],
                         detail=_detail(found, said[0], frame))
            yield last


def canonical(surface: str) -> str:
    """The ISO duration in `surface`.

    >>> canonical("trong vòng 24 (hai mươi bốn) giờ")
    'PT24H'
    """
    return duration.parse(surface)


def _act(lead: str, frame: str, right: str, around: str, *, in_row: bool) -> tuple[str, str] | None:
    """The act that the limit is set to, and the rule that found it; None where no limit is set."""
    verb = _nearest(lead, _SINCE.sub(lambda m: " " * len(m.group()), right))
    act = verb.lastgroup if verb else None
    if act == "keep" or _is_other_period(lead, frame, right, verb):
        return None
    if act == "delete" and not in_row and not _on_request(lead, frame, right, around):
        return None
    above = _NAMED.search(around) and not _PROCESSING.search(around)
    if _NAMED.search(lead) or (above and not any(m.lastgroup == "keep" for m in _ACT.finditer(lead))):
        return _meaning(verb, lead, right, around), "named"
    granted = act in ("answer", "breach_notice") and re.match(r"\s*để\s", right) and frame.split()[:1] == ["có"]
    if not _SETS.search(frame) and not granted:
        return None
    if verb:
        return _meaning(verb, lead, right, around), "act"
    since = _SINCE.match(right.lstrip())
    if since and _RECEIVED.search(since.group()):
        return ("breach_notice" if _BREACH.search(lead + right + around) else "answer"), "since"
    return None


def _is_other_period(lead: str, frame: str, right: str, verb: re.Match[str] | None) -> bool:
    """Notice in advance, delivery, payment, sessions, silence taken for consent."""
    if _ADVANCE.search(lead + frame) or _ADVANCE_AFTER.match(right):
        return True
    near = max(0, len(lead) - 45)
    if verb and verb.string is lead and verb.lastgroup != "other":
        near = max(near, verb.end())  # "hoàn tiền và xóa hồ sơ trong 7 ngày" sets the limit to the deletion
    return _NO_ACT.search(lead, near) is not None or _NO_ACT.search(right[:45]) is not None


def _nearest(lead: str, right: str) -> re.Match[str] | None:
    """The act closest to the limit; one that stands before it where both are as close."""
    before = [m for m in _ACT.finditer(lead) if len(lead) - m.end() <= _NEAR]
    behind = _ACT.search(right[:_NEAR])
    if before and (behind is None or len(lead) - before[-1].end() <= behind.start()):
        return before[-1]
    return behind


def _on_request(lead: str, frame: str, right: str, around: str) -> bool:
    """Whether a deletion answers somebody, rather than ending a term of storage."""
    if "sau" in frame.split() and "không" not in frame:
        since = _SINCE.match(right.lstrip())
        return since is not None and _RECEIVED.search(since.group()) is not None
    if _REQUEST.search(lead + right) or _BREACH.search(lead + around):
        return True
    return _REQUEST.search(around) is not None and not _TERM.search(lead + right + around)


def _meaning(verb: re.Match[str] | None, lead: str, right: str, around: str) -> str:
    """The act in the light of the sentence: who is notified of a breach is not answered."""
    act = verb.lastgroup if verb else None
    everything = lead + right + around
    if verb and _NOTIFIES.search(verb.group()) and _BREACH.search(everything):
        return "breach_notice"
    if act in (None, "other"):
        specific = [m.lastgroup for m in _ACT.finditer(lead[-60:]) if m.lastgroup in ("delete", "correct", "withdraw")]
        act = specific[-1] if specific else "complaint" if _COMPLAINT.search(everything) else "other"
    return "other" if act == "breach_notice" else act or "other"


def _detail(found: Duration, act: str, frame: str) -> dict[str, str]:
    bound = "at_least" if re.search(r"tối thiểu|ít nhất|sớm nhất", frame) else "at_most"
    if frame.split()[-1:] == ["sau"]:
        bound = "exact"
    detail = {"act": act, "bound": bound}
    if found.business:
        detail["business"] = "yes"
    if found.low:
        detail["range"] = f"{found.low}/{found.value}"
    return detail
