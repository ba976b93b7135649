"""How long personal data are kept: the phrase that states the term, or the event that ends it.

A term is an ISO 8601 duration that a word of storage or deletion governs (rule `kept`, `deleted`), or that stands alone
below a heading or lead-in on storage (rule `topic`). What `response_time` claims is none.

>>> [m.value for m in find("Chứng từ được lưu trữ tối thiểu 05 (năm) năm kể từ ngày đóng tài khoản.")]
['P5Y']
>>> [m.value for m in find("- Nhật ký hệ thống: 90 ngày", Context(path=("Thời gian lưu trữ",)))]
['P90D']
>>> list(find("Chúng tôi trả lời trong vòng 24h. Sản phẩm được bảo hành 12 tháng."))
[]

An event is a phrase of `vocabulary/retention.toml` (rule `event`): `service_term`, `until_request`,
`until_purpose_met`, `company_lifetime`, `as_required_by_law`, `indefinite`. A sentence may state several, in order.

>>> [m.value for m in find("Dữ liệu được lưu trong thời gian sử dụng dịch vụ hoặc đến khi khách yêu cầu xóa.")]
['service_term', 'until_request']
>>> [m.value for m in find("Thông tin được lưu trữ trong suốt quá trình hoạt động của công ty")]
['company_lifetime']
>>> list(find("Thông tin thu thập trong quá trình sử dụng dịch vụ được lưu trữ an toàn."))
[]

`detail`: `bound` of a duration is `exact`, `at_least` or `at_most`; `range` gives both ends of "3-5 năm", whose value
is the longer; `applies_to` is the kind of data, `after` the event from which the term counts, as the text has them.

>>> [dict(m.detail) for m in find("Nhật ký máy chủ được giữ tối đa 30 ngày kể từ lần truy cập cuối.")]
[{'bound': 'at_most', 'applies_to': 'Nhật ký máy chủ', 'after': 'lần truy cập cuối'}]
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from pipeline.entities import duration
from pipeline.entities.duration import Duration, spell
from pipeline.entities.match import Context, Match
from pipeline.entities.response_time import find as find_limits

KIND = "retention"

_LASTING = frozenset({"service_term", "company_lifetime"})
EVENTS = frozenset({"service_term", "until_request", "until_purpose_met", "company_lifetime", "as_required_by_law",
                    "indefinite"})

_VOCABULARY = tomllib.loads((resources.files("pipeline") / "vocabulary" / "retention.toml").read_text(encoding="utf-8"))


def _pattern(phrases: list[str]) -> str:
    """A regular expression that matches any of the phrases, written as the vocabulary's head says."""
    return "|".join(rf"(?<!\w){_phrase(phrase)}(?!\w)" for phrase in phrases)


def _phrase(phrase: str) -> str:
    parts = []
    for token in spell(phrase).split():
        if token.startswith("..."):
            parts.append(rf"(?:,?\s+[^\s;:]*[^\s;:.,]){{0,{token[3:]}}}?")
            continue
        needed, choices = not token.endswith("?"), []
        for choice in token.removesuffix("?").split("|"):
            words = _VOCABULARY["words"][choice[1:-1]] if choice.startswith("{") else [choice.replace("_", " ")]
            choices += [r"\s+".join(map(re.escape, spell(word).split())) for word in words]
        word = rf"(?:{'|'.join(sorted(choices, key=len, reverse=True))})(?!\w)"
        lead = r",?\s+" if parts else ""
        parts.append(lead + word if needed else rf"(?:{lead}{word})?")
    return "".join(parts)


@cache
def _phrases_of_events() -> list[tuple[str, str, re.Pattern[str]]]:
    """Value, need and pattern of every phrase; compiled at first use, since `vnpolicy --help` must not wait for it."""
    return [(event["value"], event["needs"], re.compile(_pattern([phrase])))
            for event in _VOCABULARY["event"] for phrase in event["phrases"]]


@cache
def _topics() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a heading or lead-in, and what a sentence says that speaks of the term of storage."""
    topic = _VOCABULARY["topic"]
    return re.compile(_pattern(topic["heading"] + topic["sentence"])), re.compile(_pattern(topic["sentence"]))


_TOPIC_WHOLE = frozenset(map(spell, _VOCABULARY["topic"]["whole"]))

_KEEP = re.compile(
    r"(?<!\w)(?:(?<!bảo )(?<!sao )lưu(?! (?:ý|lượng|thông|động|hành|tâm|trú))(?: (?:trữ|giữ|lại))?|"
    r"(?<!nắm )(?<!chiếm )(?<!gìn )"
    r"giữ(?! (?:bí mật|an toàn|kín|quyền|gìn|liên lạc|vững|cho|chỗ))(?: lại)?|bảo quản|cất(?: giữ)?|tồn tại|nằm lại|"
    r"còn lại|sống|ở lại|để lại|tự (?:động )?hết hạn|duy trì|retain(?:ed)?|thời hạn (?:lưu|hiệu lực)|tuổi thọ|"
    r"khôi phục|phục hồi|"
    r"chế độ chỉ đọc)(?!\w)")
_DELETE = re.compile(
    r"(?<!\w)(?:xóa(?: bỏ)?|tiêu hủy|hủy(?! (?:đơn|dịch vụ|hợp đồng|đăng ký|giao dịch))|loại(?: bỏ)?(?= khỏi)|loại bỏ|"
    r"(?:bị|được|tự) gỡ|gỡ bỏ|ẩn danh(?: hóa)?|khử nhận dạng|ghi đè|chép đè|dọn|xoay vòng|biến mất|mất hẳn|(?:thì|bị|"
    r"sẽ|đem) bỏ|"
    r"hết vòng đời|đóng băng)(?!\w)")
_COLLECT = re.compile(r"(?<!\w)(?:thu thập|phát sinh|nhập|tạo(?: ra)?|cung cấp|ghi nhận|thu được|có được|hình thành|"
                      r"gửi|bảo mật|tiết lộ|truyền|trao đổi|hỗ trợ|cần thiết)(?:\s+(?:được|bởi|từ|về|khách hàng|"
                      r"bạn))*\s*$")
_NEGATED = re.compile(r"(?<!\w)không(?: (?:được|bị|trực tiếp|hề|thể|có|cố ý|bao giờ))*\s*$")
_FRAME = re.compile(
    r"(?<!\w)(?:(?:tối thiểu|ít nhất|không (?:dưới|ít hơn|quá|vượt quá|lâu hơn|hơn)|trên|hơn|tối đa|nhiều nhất|"
    r"chậm nhất|dưới|lên đến|trong vòng|trong thời hạn|trong thời gian|trong khoảng thời gian|trong|thời gian|"
    r"thời hạn|(?<!xoay )vòng|khoảng|sau|quá|thêm|đủ|là|đến|hết|(?<!chứng )từ)"
    r"(?!\w)[\s:(]*)+$")
_AT_LEAST = re.compile(r"tối thiểu|ít nhất|không dưới|không ít hơn|(?<!\w)trên|(?<!không )hơn|trở lên")
_AT_MOST = re.compile(r"tối đa|không quá|vượt quá|không (?:lâu )?hơn|nhiều nhất|chậm nhất|dưới|lên đến")
_OTHER_PERIOD = re.compile(r"(?:bảo hành|đổi trả|giao hàng|thanh toán|dùng thử|trả góp|kỳ hạn|gói|học thử|miễn phí|"
                           r"chu kỳ|niêm yết|thông báo trước|trước|có hiệu lực)(?: (?:là|trong|sau|vòng|ít nhất|"
                           r"khoảng))*\s*$")
_OTHER_PERIOD_AFTER = re.compile(r"\s*(?:gần nhất|gần đây|vừa qua|qua(?!\w)|miễn phí|kinh nghiệm|trước (?:khi áp|ngày|"
                                 r"đó))")
_IDLE = re.compile(r"không (?:hoạt động|đăng nhập|sử dụng|phát sinh|thao tác|truy cập|dùng)|ngủ đông|im lặng|"
                   r"bỏ (?:không|app)|quá hạn|hết")
_EXPIRES = re.compile(r"(?<!\w)(?:cookie|token|phiên|session|nhật ký|log)(?!\w)[^.;]*(?:hết hạn|hiệu lực|thời hạn|"
                      r"tuổi thọ)")
_THEN = re.compile(r"\s*(?:rồi|mới|thì|sau đó)(?!\w)")
_UNDO = re.compile(r"\s*để (?:[^\s,.;]+ ){0,4}?(?:đổi ý|khôi phục|quay (?:lại|đầu)|hủy yêu cầu|kết xuất|tải)")
_OR = re.compile(r"(?:\s+[^\s,;.:]+){0,4}?,?\s+(?:hoặc|hay|và)(?:\s+[^\s,;.:]+){0,2}\s*")
_SINCE = re.compile(r"(?:\s*,)?\s*(?:(?:tiếp theo|nữa)\s+)?(?:kể từ|tính từ|từ|sau)(?:\s+(?:khi|lúc|thời điểm))?\s+"
                    r"((?:(?!\s(?:theo|trừ|rồi|thì|và|hoặc|để|nếu|nhưng|sẽ)\s)[^,.;()]){2,80})")
_SINCE_BEFORE = re.compile(r"(?:^|[,.;]\s*)(?:kể từ|sau)(?:\s+(?:khi|lúc|thời điểm))?\s+([^,;.]{2,80}),")
_COUNTS_FROM = re.compile(r"(?:kể từ|tính từ|ngày|tháng|năm|giờ)\s*$")
_RIGHT_TO = re.compile(r"(?<!\w)(?:quyền|có thể|muốn)(?!\w)[^,;.]{0,60}(?:yêu cầu|xóa)")
_PART = re.compile(r"[;•\n|\t]|\.\s")
_MARKER = re.compile(r"^[\s\-–•+*·.]*(?:(?:phần|điều|mục|"
                     r"chương)\s+[\w.]{1,6}[.:)]?\s+)?(?:\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zđivx]{1,4})[.)/]\s+)?")
_VERB = re.compile(f"{_KEEP.pattern}|{_DELETE.pattern}")
_PASSIVE = re.compile(r"(?:\s*(?:sẽ|chỉ|được|bị|phải|tự|tự động|đều|vẫn|có thể|hệ thống|thường|thì|còn|cắt|mới))+\s*$")
_GENERIC = re.compile(r"^(?:(?:trong|tại|trên|ở|theo|trở|bị|được|đã|và|cho|giùm|để|vẫn|khi|cộng|vào|bằng|dưới|an toàn|"
                      r"bảo mật|tối|hết|nếu|sau|mà|tự|nhân tiện|bạn|đó|ngừng)(?!\w).*|[\W\d].*|"
                      r"(?:(?:các|những|mọi|toàn bộ|"
                      r"tất cả|riêng)\s+)*(?:chúng tôi|công ty|nó|việc này|(?:thời gian|thời hạn).*|dữ liệu này|"
                      r"thông tin này|(?:thông tin|dữ liệu)(?: cá nhân)?(?: không)?(?: (?:của )?(?:bạn|khách hàng|"
                      r"quý khách|người dùng|thành viên))?))$")


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008  frozen
    folded = spell(text)
    topic = is_about_storage(folded, context)
    claimed = [(m.start, m.end) for m in find_limits(text, context)]
    found = [*_terms(text, folded, topic, claimed), *_events(folded, topic)]
    end = 0
    for match in sorted(found, key=lambda m: (m.start, -m.end)):
        if match.start >= end:
            yield match
            end = match.end


def canonical(surface: str) -> str:
    """The duration in `surface`, or the event that it states.

    >>> canonical("tối thiểu 24 tháng"), canonical("cho đến khi bạn đề nghị xóa")
    ('P24M', 'until_request')
    """
    if surface in EVENTS:
        return surface
    values = {m.value for m in find(surface, Context(path=("Thời gian lưu trữ",)))}
    if len(values) != 1:
        raise ValueError(f"not one term of storage: {surface!r}")
    return values.pop()


def is_about_storage(folded: str, context: Context) -> bool:
    """Whether a heading, the lead-in or the sentence itself announces a term of storage."""
    around = [spell(words) for words in context.path[-2:]]
    if context.lead_in and "thu thập" not in context.lead_in.lower():  # "thu thập và lưu trữ các thông tin sau:"
        around.append(spell(context.lead_in))
    if any(_MARKER.sub("", words).strip(" .:?") in _TOPIC_WHOLE for words in around):
        return True
    heading, sentence = _topics()
    return any(map(heading.search, around)) or sentence.search(folded[:200]) is not None


def _parts(folded: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind, up to the next semicolon, cell or full stop; 300 characters at most."""
    return _PART.split(folded[max(0, start - 300):start])[-1], _PART.split(folded[end:end + 300])[0]


def _terms(text: str, folded: str, topic: bool, claimed: list[tuple[int, int]]) -> Iterator[Match]:
    for found in duration.read(text):
        if any(start < found.end and found.start < end for start, end in claimed):
            continue
        left, right = _parts(folded, found.start, found.end)
        frame = match.group() if (match := _FRAME.search(left[-60:])) else ""
        if rule := _governed(left[:len(left) - len(frame)], frame, right, topic):
            detail = _detail(text, folded, found, left, frame, right)
            start = found.start - len(frame) if detail["bound"] != "exact" else found.start
            yield Match(start=start, end=found.end, value=found.value, rule=rule, detail=detail)


def _governed(lead: str, frame: str, right: str, topic: bool) -> str:
    """The rule by which a duration is a term of storage; empty where it is none."""
    if _OTHER_PERIOD.search((lead + frame)[-40:]) or _OTHER_PERIOD_AFTER.match(right):
        return ""
    near = lead[-140:]
    if _EXPIRES.search(near + frame):
        return "kept"
    if _KEEP.search(near) or _KEEP.search(right[:15]) or (frame and _KEEP.search(right[:120])):
        return "kept"
    sets = re.search(r"(?<!\w)(?:sau|trong|quá|vòng|hết)(?!\w)", frame)
    if _DELETE.search(near) and (sets or _UNDO.match(right)):
        return "deleted"
    if _DELETE.search(right[:120]) and (sets or _IDLE.search(near) or _THEN.match(right)):
        return "deleted"
    return "topic" if topic else ""


def _events(folded: str, topic: bool) -> Iterator[Match]:
    """Events of the vocabulary, those of one value that only "hoặc" separates as one."""
    if not (topic or _KEEP.search(folded) or _DELETE.search(folded)):
        return
    spans = [(match.start(), match.end(), value)
             for value, needs, pattern in _phrases_of_events() for match in pattern.finditer(folded)
             if not (value in _LASTING and "cần thiết" in match.group())  # needed to serve: a purpose, no lifetime
             and _stands(folded, match.start(), match.end(), needs, topic)]
    chosen: list[tuple[int, int, str]] = []
    for start, end, value in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if all(end <= other or last <= start for other, last, _ in chosen):
            chosen.append((start, end, value))
    merged: list[tuple[int, int, str]] = []
    for start, end, value in sorted(chosen):
        if merged and merged[-1][2] == value and _OR.fullmatch(folded[merged[-1][1]:start]):
            merged[-1] = (merged[-1][0], end, value)
        else:
            merged.append((start, end, value))
    for start, end, value in merged:
        yield Match(start=start, end=end, value=value, rule="event")


def _stands(folded: str, start: int, end: int, needs: str, topic: bool) -> bool:
    """Whether the phrase has around it what it needs (see the head of the vocabulary)."""
    left, right = _parts(folded, start, end)
    if _COUNTS_FROM.search(left) or (not topic and _RIGHT_TO.search(left)):
        return False
    kept, deleted = _unnegated(_KEEP, left), _unnegated(_DELETE, left)
    inside = folded[start:end]
    if needs == "nothing" or (needs == "topic" and topic):
        return True
    if needs == "storage":
        return topic or bool(_KEEP.search(left) or deleted or _unnegated(_VERB, right[:100]) or _KEEP.search(inside))
    if needs == "kept":
        governed = bool(kept and not (deleted and deleted[-1].start() > kept[-1].start())) or (topic and not deleted)
        return governed and not _COLLECT.search(left)
    if needs == "bound":
        if duration.read(left[-40:]):
            return False
        if topic and left.rstrip().endswith(":"):
            return True
        return bool(kept) and (topic or len(left) - kept[-1].end() <= 90) and "bảo mật" not in left[kept[-1].end():]
    return False


def _unnegated(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    return [m for m in pattern.finditer(text) if not _NEGATED.search(text[:m.start()])]


def _detail(text: str, folded: str, found: Duration, left: str, frame: str, right: str) -> dict[str, str]:
    bound = "at_least" if _AT_LEAST.search(frame) or right.lstrip().startswith("trở lên") else \
        "at_most" if _AT_MOST.search(frame) or ("quá" in frame and "không" in left[-40:]) else "exact"
    detail = {"bound": bound}
    if found.low:
        detail["range"] = f"{found.low}/{found.value}"
    offset = found.start - len(left)
    if place := _data(left[:len(left) - len(frame)]):
        detail["applies_to"] = text[offset + place[0]:offset + place[1]]
    if since := _SINCE.match(right):
        detail["after"] = text[found.end + since.start(1):found.end + since.end(1)].strip()
    elif since := _SINCE_BEFORE.match(left):
        detail["after"] = text[offset + since.start(1):offset + since.end(1)].strip()
    return detail


def _data(lead: str) -> tuple[int, int] | None:
    """Where `lead` names the data: before a colon, before a passive verb of storage, or behind an active one."""
    clause = lead.rfind(", ") + 2 if ", " in lead and ":" not in lead else 0
    marker = _MARKER.match(lead)
    start = clause or (marker.end() if marker else 0)
    stop = lead.find(":", start)
    if stop < 0:
        verbs = [m for m in _VERB.finditer(lead) if m.start() >= start]
        stop = verbs[0].start() if verbs else len(lead)
        if passive := _PASSIVE.search(lead[start:stop]):
            stop = start + passive.start()
        elif verbs and lead[verbs[-1].end():].strip():
            start, stop = verbs[-1].end(), len(lead)
    words = lead[start:stop]
    start, stop = start + len(words) - len(words.lstrip()), start + len(words.rstrip(" :,"))
    usable = 3 <= stop - start <= 70 and not _GENERIC.match(lead[start:stop])
    return (start, stop) if usable else None
