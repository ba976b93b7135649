"""Events that end the storage of data ("until the account is closed"), as `vocabulary/retention.toml` phrases them."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from pipeline.entities import duration, patterns, phrase_index
from pipeline.entities.match import Match
from pipeline.entities.storage_words import LIES, cues, keeps, parts, vocabulary

_LASTING = frozenset({"service_term", "company_lifetime"})
EVENTS = frozenset({"service_term", "until_request", "until_purpose_met", "company_lifetime", "as_required_by_law",
                    "indefinite"})
_NEGATED = re.compile(r"(?<!\w)không(?: (?:được|bị|trực tiếp|hề|thể|có|cố ý|bao giờ))*\s*$")
DELETED = ("xóa", "hủy", "tiêu hủy", "loại bỏ")
DELETED_AFTER = re.compile(rf"(?<!\w)(?:{'|'.join(DELETED)})(?!\w)[^,;.]{{0,30}}\ssau(?: khi)?\s[^,;.]{{2,60}}$")
"""Before a duration that stands last: "hủy sau khi hoàn tất thủ tục 30 ngày"."""
_NEWSLETTER = re.compile(r"nhận tin|bản tin|newsletter|e-?mail|tiếp thị|quảng cáo|khuyến mãi")
_OR = re.compile(r"(?:\s+[^\s,;.:]+){0,4}?,?\s+(?:hoặc|hay|và)(?:\s+[^\s,;.:]+){0,2}\s*")
_BEGINNING = re.compile(r"(?:ngay )?(?:sau )?khi(?!\w)")
"""What happens first where a term follows: "khi hợp đồng chấm dứt, chúng tôi giữ hồ sơ thêm 5 năm"."""
_COUNTS_FROM = re.compile(r"(?:(?:(?:kể |tính )?từ|(?:năm|tháng|tuần|ngày|giờ) sau)(?: (?:khi|lúc|ngày|thời điểm))?|"
                          r"ngày|tháng|năm|giờ)\s*$")
_RIGHT_TO = re.compile(r"(?<!\w)(?:quyền|có thể|muốn)(?!\w)[^,;.]{0,60}(?:yêu cầu|xóa)")
_PAUSE = re.compile(r"[,;.|]")


def events(folded: str, topic: bool) -> Iterator[Match]:
    """Events of the vocabulary, those of one value that only "hoặc" separates as one."""
    lists = vocabulary()
    if not (topic or "đích" in folded or any(patterns.found(lists.cues, folded))):
        return
    places = []
    for key, start, end in phrase_index.occurring(lists.events, folded):
        value, _, needs = key.partition(" ")
        to_serve = value in _LASTING and "cần thiết" in folded[start:end]  # a purpose, no lifetime
        if not to_serve and _stands(folded, start, end, needs, topic):
            places.append((value, start, end))
    events = _merged(folded, patterns.longest(places, len(folded)))
    for (value, start, end), after in zip_longest(events, events[1:]):
        if value == "indefinite" and after and after[0] in _LASTING and not _PAUSE.search(folded, end, after[1]):
            continue  # "không giới hạn khi còn đóng phí"
        unsubscribes = folded.endswith("hủy đăng ký", start, end) and _NEWSLETTER.search(folded, 0, start)
        yield Match(start=start, end=end, value="until_request" if unsubscribes else value, rule="event")


def _merged(folded: str, places: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    merged: list[tuple[str, int, int]] = []
    for value, start, end in places:
        if merged and merged[-1][0] == value and _OR.fullmatch(folded[merged[-1][2]:start]):
            merged[-1] = (value, merged[-1][1], end)
        else:
            merged.append((value, start, end))
    return merged


def _stands(folded: str, start: int, end: int, needs: str, topic: bool) -> bool:
    """Whether the phrase has around it what it needs (see the head of the vocabulary)."""
    left, right = parts(folded, start, end)
    if _COUNTS_FROM.search(left) or (not topic and _RIGHT_TO.search(left)):
        return False
    terms = duration.read(right[:160])
    if _BEGINNING.match(folded, start) and any(keeps(right[:term.start]) for term in terms):
        return False
    if terms and DELETED_AFTER.search(folded[start:end] + right[:terms[0].start]):
        return False
    if needs == "nothing" or (needs == "topic" and topic):
        return True
    kept, deleted = _unnegated(cues(left, "keep"), left), _unnegated(cues(left, "delete"), left)
    if needs == "storage":
        behind = [cue for name in ("keep", "delete") for cue in _unnegated(cues(right[:100], name), right)]
        inside = any(patterns.found(vocabulary().cues, folded[start:end]))
        return topic or bool(keeps(left) or deleted or behind or inside or LIES.search(left))
    if needs == "kept":
        governed = bool(kept and not (deleted and deleted[-1].start() > kept[-1].start())) or (topic and not deleted)
        return governed and not vocabulary().collect.search(left)
    if needs == "bound":
        since_cue = kept[-1].end() if kept else 0
        if duration.read(left[max(since_cue, len(left) - 40):]):
            return False
        if topic and left.rstrip().endswith(":"):
            return True
        return bool(kept) and (topic or len(left) - kept[-1].end() <= 90) and "bảo mật" not in left[kept[-1].end():]
    return False


def _unnegated(cues: list[re.Match[str]], text: str) -> list[re.Match[str]]:
    return [cue for cue in cues if not _NEGATED.search(text[:cue.start()])]
