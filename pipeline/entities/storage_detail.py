"""What a sentence says beside a term of storage: its bound, the data that it is of, the event from which it counts."""

import re

from pipeline.entities import patterns
from pipeline.entities.duration import Duration
from pipeline.entities.storage_words import vocabulary

_AT_LEAST = re.compile(r"at least|tối thiểu|ít nhất|không dưới|không ít hơn|(?<!\w)trên|(?<!không )hơn|trở lên")
_AT_MOST = re.compile(r"up to|tối đa|không quá|vượt quá|không (?:lâu )?hơn|nhiều nhất|chậm nhất|dưới|lên đến")
SINCE = re.compile(r"(?:\s*,)?\s*(?:(?:tiếp theo|nữa)\s+)?(?:kể từ|tính từ|từ|sau(?! đó(?!\w)))"
                    r"(?:\s+(?:khi|lúc|thời điểm))?\s+"
                    r"((?:(?!\s(?:theo|trừ|rồi|thì|và|hoặc|để|nếu|nhưng|sẽ)\s)[^,.;()]){2,80})")
_SINCE_BEFORE = re.compile(r"(?:^|[,.;]\s*)(?:kể từ|sau)(?:\s+(?:khi|lúc|thời điểm))?\s+([^,;.]{2,80}),")
MARKER = re.compile(r"^[\s\-–•+*·.]*(?:(?:phần|điều|mục|"
                     r"chương)\s+[\w.]{1,6}[.:)]?\s+)?(?:\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zđivx]{1,4})[.)/]\s+)?")
_PASSIVE = re.compile(r"(?:\s*(?:sẽ|chỉ|được|bị|phải|tự|tự động|đều|vẫn|có thể|hệ thống|thường|thì|còn|cắt|mới))+\s*$")
_GENERIC = re.compile(r"^(?:(?:trong|tại|trên|ở|theo|trở|bị|được|đã|và|cho|giùm|để|vẫn|khi|cộng|vào|bằng|dưới|an toàn|"
                      r"bảo mật|tối|hết|nếu|sau|mà|tự|nhân tiện|bạn|đó|ngừng)(?!\w).*|[\W\d].*|"
                      r"(?:(?:các|những|mọi|toàn bộ|"
                      r"tất cả|riêng)\s+)*(?:chúng tôi|công ty|nó|việc này|(?:thời gian|thời hạn).*|dữ liệu này|"
                      r"thông tin này|(?:thông tin|dữ liệu)(?: cá nhân)?(?: không)?(?: (?:của )?(?:bạn|khách hàng|"
                      r"quý khách|người dùng|thành viên))?))$")


def detail_of(text: str, folded: str, found: Duration, left: str, frame: str, right: str) -> dict[str, str]:
    """Bound, range and kind of data of the period `found`, from the text to its left and right and what frames it."""
    bound = "at_least" if _AT_LEAST.search(frame) or right.lstrip().startswith("trở lên") else \
        "at_most" if _AT_MOST.search(frame) or ("quá" in frame and "không" in left[-40:]) else "exact"
    detail = {"bound": bound}
    if found.low:
        detail["range"] = f"{found.low}/{found.value}"
    offset = found.start - len(left)
    if place := _data(left[:len(left) - len(frame)]):
        detail["applies_to"] = text[offset + place[0]:offset + place[1]]
    if since := SINCE.match(right):
        detail["after"] = text[found.end + since.start(1):found.end + since.end(1)].strip()
    elif since := _SINCE_BEFORE.match(left):
        detail["after"] = text[offset + since.start(1):offset + since.end(1)].strip()
    return detail


def _data(lead: str) -> tuple[int, int] | None:
    """Where `lead` names the data: before a colon, before a passive verb of storage, or behind an active one."""
    clause = lead.rfind(", ") + 2 if ", " in lead and ":" not in lead else 0
    marker = MARKER.match(lead)
    start = clause or (marker.end() if marker else 0)
    stop = lead.find(":", start)
    if stop < 0:
        verbs = [cue for cue in patterns.found(vocabulary().cues, lead) if cue.start() >= start]
        stop = verbs[0].start() if verbs else len(lead)
        if passive := _PASSIVE.search(lead[start:stop]):
            stop = start + passive.start()
        elif verbs and lead[verbs[-1].end():].strip():
            start, stop = verbs[-1].end(), len(lead)
    words = lead[start:stop]
    start, stop = start + len(words) - len(words.lstrip()), start + len(words.rstrip(" :,"))
    usable = 3 <= stop - start <= 70 and not _GENERIC.match(lead[start:stop])
    return (start, stop) if usable else None
