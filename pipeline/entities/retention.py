"""How long personal data are kept: the phrase that states the term, or the event that ends it.

A term is an ISO 8601 duration that a word of storage or deletion governs (rule `kept`, `deleted`), or that stands alone
below a heading or lead-in on storage (rule `topic`). In a row of a table it may be the head of the column that speaks
of storage (rule `cell`); `settle` reads it, for a sentence alone does not know it. What `response_time` claims is none.

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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import zip_longest
from typing import NamedTuple

from pipeline.entities import duration, patterns
from pipeline.entities.duration import Duration, spell
from pipeline.entities.match import Context, Match
from pipeline.entities.response_time import CELL, column_head, gives_time_to_undo
from pipeline.entities.response_time import find as find_limits
from pipeline.records import Entity, Sentence

KIND = "retention"

_LASTING = frozenset({"service_term", "company_lifetime"})
EVENTS = frozenset({"service_term", "until_request", "until_purpose_met", "company_lifetime", "as_required_by_law",
                    "indefinite"})


class _Vocabulary(NamedTuple):
    events: patterns.Index
    """Key: the value, a blank and what the phrase needs around it, as the head of the vocabulary says."""
    cues: re.Pattern[str]
    """Groups `keep` and `delete`."""
    cue_words: frozenset[str]
    heading: re.Pattern[str]
    sentence: re.Pattern[str]
    sentence_words: tuple[frozenset[str], ...]
    whole: frozenset[str]
    other_period: re.Pattern[str]
    collect: re.Pattern[str]
    idle: re.Pattern[str]
    reclaim: re.Pattern[str]
    other_matter: re.Pattern[str]
    penalty: re.Pattern[str]


@cache
def _vocabulary() -> _Vocabulary:
    """`vocabulary/retention.toml`, read at first use, since `vnpolicy --help` must not wait for it."""
    table = patterns.vocabulary("retention")
    topic, cue, near, words = table["topic"], table["cue"], table["near"], table["words"]
    events = [(f"{event['value']} {event['needs']}", phrase) for event in table["event"] for phrase in event["phrases"]]
    return _Vocabulary(
        events=patterns.index(events, words),
        cues=patterns.grouped(cue),
        cue_words=frozenset().union(*(patterns.needed(phrase)[0] for phrase in [*cue["keep"], *cue["delete"]])),
        heading=re.compile(patterns.regex([*topic["heading"], *topic["sentence"]], words)),
        sentence=re.compile(patterns.regex(topic["sentence"], words)),
        sentence_words=tuple(patterns.needed(phrase, words)[0] for phrase in topic["sentence"]),
        whole=frozenset(map(spell, topic["whole"])),
        other_period=re.compile(patterns.regex(near["other_period"])
                                + r"(?: (?:là|trong|sau|vòng|ít nhất|khoảng))*\s*$"),
        collect=re.compile(patterns.regex(near["collect"]) + r"(?:\s+(?:được|bởi|từ|về|khách hàng|bạn))*\s*$"),
        idle=re.compile(patterns.regex(near["idle"])),
        reclaim=re.compile(patterns.regex(near["reclaim"])),
        other_matter=re.compile(patterns.regex(near["other_matter"]) + r"(?:(?! và )[^,;.]){0,45}$"),
        penalty=re.compile(patterns.regex(near["penalty"])))


_NEGATED = re.compile(r"(?<!\w)không(?: (?:được|bị|trực tiếp|hề|thể|có|cố ý|bao giờ))*\s*$")
_FRAME = re.compile(
    r"(?<!\w)(?:(?:tối thiểu|ít nhất|không (?:dưới|ít hơn|quá|vượt quá|lâu hơn|hơn)|trên|hơn|tối đa|nhiều nhất|"
    r"chậm nhất|dưới|lên đến|trong vòng|trong thời hạn|trong thời gian|trong khoảng thời gian|trong|thời gian|"
    r"thời hạn|(?<!xoay )vòng|khoảng|sau|quá|thêm|đủ|là|đến|hết|(?<!chứng )từ|for|up to|at least|within|after)"
    r"(?!\w)[\s:(]*)+$")
_AT_LEAST = re.compile(r"at least|tối thiểu|ít nhất|không dưới|không ít hơn|(?<!\w)trên|(?<!không )hơn|trở lên")
_AT_MOST = re.compile(r"up to|tối đa|không quá|vượt quá|không (?:lâu )?hơn|nhiều nhất|chậm nhất|dưới|lên đến")
_LATEST = re.compile(r"\s*(?:gần nhất|gần đây)")
_OTHER_PERIOD_AFTER = re.compile(r"\s*(?:gần nhất|gần đây|vừa qua|qua(?!\w)|miễn phí|kinh nghiệm|trước (?:khi áp|ngày|"
                                 r"đó))")
_EXPIRES = re.compile(r"(?<!\w)(?:cookie|token|phiên|session|nhật ký|log)(?!\w)[^.;]*(?:hết hạn|hiệu lực|thời hạn|"
                      r"tuổi thọ)")
_SESSION = re.compile(r"(?<!\w)(?:phiên|session|token|mã|otp|liên kết|link|đường dẫn)(?!\w)[^.;|]{0,80}"
                      r"(?<!\w)(?:hết hạn|hết hiệu lực|có hiệu lực|sống|tồn tại|đóng|thoát|ngắt|đăng xuất)"
                      r"(?: lại)?(?: sau| trong)?\s*$")
"""What lasts minutes or hours behind this is a session; a cookie is data, whatever it is for."""
_UNNUMBERED = ("ngày", "tuần")
"""Beginnings of durations without a number: what is deleted "trong ngày"; what is kept "trong ngày" is that day's."""
_LIES = re.compile(r"(?<!\w)nằm (?:ở|trong|tại|trên) (?:[^\s,;:]+ )?(?:thùng rác|kho|máy|hệ thống|phần mềm|"
                   r"cơ sở dữ liệu|đám mây|cloud|server|tủ|ổ|sổ|bộ nhớ|backup|bản sao)(?!\w)[^;:]{0,60}$")
_NAMES_ANOTHER = re.compile(
    r"(?<!\w)(?:thời gian|thời hạn|hạn) (?!(?:lưu|giữ|bảo quản|xử lý|cất|tối|của|là|áp|này|trên|chung|khác|dữ|thông"
    r"|cụ|xóa|hủy|tiêu|sử dụng|kể|tính|từ|ít|duy|cần|thực|nêu|quy|theo|nhất|dự|hợp|trong|cho"
    r"|đối|và|khoảng|\d)(?!\w))[^\W\d]")
"""Below a heading on storage: the sentence names the period of something else ("thời hạn gia hạn đóng phí là ...")."""
_GRANTED = re.compile(r"(?:khách hàng|khách|bạn|quý khách|người dùng|bên mua[^,;.]{0,20}) (?:sẽ |được )?có\s*$")
_STORES = re.compile(r"lưu|giữ|xóa|cất|bảo quản|tiêu hủy")
_DELETED_AFTER = re.compile(r"(?<!\w)(?:xóa|hủy|tiêu hủy|loại bỏ)(?!\w)[^,;.]{0,30}\ssau(?: khi)?\s[^,;.]{2,60}$")
"""Before a duration that stands last: "hủy sau khi hoàn tất thủ tục 30 ngày"."""
_NEWSLETTER = re.compile(r"nhận tin|bản tin|newsletter|e-?mail|tiếp thị|quảng cáo|khuyến mãi")
_OLDER = re.compile(r"[^.;]{0,60}(?<!\w)(?:cũ|trước đó|lâu) hơn|[^.;]{0,60}(?<!\w)phần cũ")
_THEN = re.compile(r"\s*(?:rồi|mới|thì|sau đó)(?!\w)")
_OR = re.compile(r"(?:\s+[^\s,;.:]+){0,4}?,?\s+(?:hoặc|hay|và)(?:\s+[^\s,;.:]+){0,2}\s*")
_SINCE = re.compile(r"(?:\s*,)?\s*(?:(?:tiếp theo|nữa)\s+)?(?:kể từ|tính từ|từ|sau)(?:\s+(?:khi|lúc|thời điểm))?\s+"
                    r"((?:(?!\s(?:theo|trừ|rồi|thì|và|hoặc|để|nếu|nhưng|sẽ)\s)[^,.;()]){2,80})")
_SINCE_BEFORE = re.compile(r"(?:^|[,.;]\s*)(?:kể từ|sau)(?:\s+(?:khi|lúc|thời điểm))?\s+([^,;.]{2,80}),")
_BEGINNING = re.compile(r"(?:ngay )?(?:sau )?khi(?!\w)")
"""What happens first where a term follows: "khi hợp đồng chấm dứt, chúng tôi giữ hồ sơ thêm 5 năm"."""
_COUNTS_FROM = re.compile(r"(?:(?:(?:kể |tính )?từ|(?:năm|tháng|tuần|ngày|giờ) sau)(?: (?:khi|lúc|ngày|thời điểm))?|"
                          r"ngày|tháng|năm|giờ)\s*$")
_RIGHT_TO = re.compile(r"(?<!\w)(?:quyền|có thể|muốn)(?!\w)[^,;.]{0,60}(?:yêu cầu|xóa)")
_PAUSE = re.compile(r"[,;.|]")
_PART = re.compile(r"[;•\n|\t]|\.\s")
_MARKER = re.compile(r"^[\s\-–•+*·.]*(?:(?:phần|điều|mục|"
                     r"chương)\s+[\w.]{1,6}[.:)]?\s+)?(?:\(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zđivx]{1,4})[.)/]\s+)?")
_PASSIVE = re.compile(r"(?:\s*(?:sẽ|chỉ|được|bị|phải|tự|tự động|đều|vẫn|có thể|hệ thống|thường|thì|còn|cắt|mới))+\s*$")
_GENERIC = re.compile(r"^(?:(?:trong|tại|trên|ở|theo|trở|bị|được|đã|và|cho|giùm|để|vẫn|khi|cộng|vào|bằng|dưới|an toàn|"
                      r"bảo mật|tối|hết|nếu|sau|mà|tự|nhân tiện|bạn|đó|ngừng)(?!\w).*|[\W\d].*|"
                      r"(?:(?:các|những|mọi|toàn bộ|"
                      r"tất cả|riêng)\s+)*(?:chúng tôi|công ty|nó|việc này|(?:thời gian|thời hạn).*|dữ liệu này|"
                      r"thông tin này|(?:thông tin|dữ liệu)(?: cá nhân)?(?: không)?(?: (?:của )?(?:bạn|khách hàng|"
                      r"quý khách|người dùng|thành viên))?))$")


def triggers() -> Iterable[str]:
    """A duration, or what is done with the data or said of time where an event is meant."""
    table = patterns.vocabulary("retention")
    said = [*table["cue"]["keep"], *table["cue"]["delete"], *table["topic"]["sentence"],
            "đến_khi|tới_khi|cho_đến|cho_tới"]
    return (*duration.triggers(), *_anchors(said, table["words"]))


def triggers_above() -> Iterable[str]:
    table = patterns.vocabulary("retention")
    topic = table["topic"]
    return _anchors([*topic["heading"], *topic["sentence"], *topic["whole"]], table["words"])


def _anchors(phrases: Iterable[str], words: patterns.Classes) -> Iterator[str]:
    for phrase in phrases:
        yield from patterns.anchor(phrase, words)


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008  frozen
    folded = spell(text)
    words = patterns.words(folded)
    topic = _announced(context.path[-2:], context.lead_in) or _announces(folded, words)
    claimed = [(m.start, m.end) for m in find_limits(text, context) if m.rule != CELL]
    found = [*_terms(text, folded, topic, claimed), *_events(folded, words, topic)]
    if not topic and "|" in text:
        cells = [*_terms(text, folded, True, claimed), *_events(folded, words, True)]
        found += [replace(cell, rule=CELL) for cell in cells
                  if all(cell.end <= m.start or m.end <= cell.start for m in found)]
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


def settle(entities: Sequence[Entity], sentences: Sequence[Sentence]) -> list[Entity]:
    """Cells of a table only where the head of their column speaks of storage.

    >>> text = "Loại | Thời hạn lưu | Bảo hành\\nẢnh | 24 tháng | 36 tháng"
    >>> rows = [Sentence(doc_id="d", index=0, start=0, end=30, text=text[:30], kind="body"),
    ...         Sentence(doc_id="d", index=1, start=31, end=len(text), text=text[31:], kind="body")]
    >>> cells = [Entity(doc_id="d", sentence=1, kind=KIND, start=31 + m.start, end=31 + m.end, text="", value=m.value,
    ...                 rule=m.rule) for m in find(rows[1].text)]
    >>> [cell.value for cell in cells], [cell.value for cell in settle(cells, rows)]
    (['P24M', 'P36M'], ['P24M'])
    """
    return [entity for entity in entities
            if entity.rule != CELL or _announced((column_head(entity, sentences),), "")]


@lru_cache(maxsize=512)
def _announced(path: tuple[str, ...], lead_in: str) -> bool:
    """Whether a heading or the lead-in announces a term of storage."""
    around = [spell(words) for words in path]
    if lead_in and "thu thập" not in lead_in.lower():  # "thu thập và lưu trữ các thông tin sau:"
        around.append(spell(lead_in))
    vocabulary = _vocabulary()
    return any(_MARKER.sub("", words).strip(" .:?") in vocabulary.whole or vocabulary.heading.search(words)
               for words in around)


def _announces(folded: str, words: frozenset[str]) -> bool:
    """Whether the sentence itself begins with a term of storage ("Thời gian lưu trữ là ...")."""
    vocabulary = _vocabulary()
    return (not all(map(words.isdisjoint, vocabulary.sentence_words))
            and vocabulary.sentence.search(folded[:200]) is not None)


def _parts(folded: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind, up to the next semicolon, cell or full stop; 300 characters at most."""
    return _PART.split(folded[max(0, start - 300):start])[-1], _PART.split(folded[end:end + 300])[0]


def _terms(text: str, folded: str, topic: bool, claimed: list[tuple[int, int]]) -> Iterator[Match]:
    for found in duration.read(text):
        if any(start < found.end and found.start < end for start, end in claimed):
            continue
        left, right = _parts(folded, found.start, found.end)
        frame = match.group() if (match := _FRAME.search(left[-60:])) else ""
        rule = _governed(left[:len(left) - len(frame)], frame, right, found.value, topic)
        if rule and (rule == "deleted" or not folded.startswith(_UNNUMBERED, found.start)):
            detail = _detail(text, folded, found, left, frame, right)
            start = found.start - len(frame) if detail["bound"] != "exact" else found.start
            yield Match(start=start, end=found.end, value=found.value, rule=rule, detail=detail)


def _governed(lead: str, frame: str, right: str, value: str, topic: bool) -> str:
    """The rule by which a duration is a term of storage; empty where it is none."""
    words = _vocabulary()
    older = _OLDER.match(right) and _deletes(right[:120])  # "chỉ gồm 18 tháng gần nhất, phần cũ hơn bị xóa"
    other = words.other_period.search((lead + frame)[-40:])
    storage_plan = topic and other and other.group().startswith("gói") and _deletes(right[:120])
    latest = _LATEST.match(right) and (older or (_keeps(lead[-40:]) and "được" in lead[-40:]))
    if (other and not storage_plan) or (_OTHER_PERIOD_AFTER.match(right) and not older and not latest):
        return ""
    elsewhere = words.other_matter.search(lead + frame) or words.penalty.search(right[:40])
    if elsewhere and not _STORES.search(lead[-140:] + right[:60]):
        return ""
    if "T" in value and _SESSION.search(lead + frame) and "cookie" not in lead:
        return ""
    near = lead[-140:]
    if _EXPIRES.search(near + frame):
        return "kept"
    if _keeps(near) or _keeps(right[:15]) or (frame and _keeps(right[:120])):
        return "kept"
    if _LIES.search(lead) and (frame or _SINCE.match(right) or right.startswith((" trước khi", " rồi", ", sau đó"))):
        return "kept"
    sets = re.search(r"(?<!\w)(?:sau|trong|quá|vòng|hết|within|after)(?!\w)", frame)
    if _deletes(near) and sets:
        return "deleted"
    if gives_time_to_undo(right) and (_deletes(near + right[:120]) or "tài khoản" in near):
        return "deleted"
    idle = words.idle.search(near) or words.idle.search(right[:30])
    if _deletes(right[:120]) and (sets or idle or older or _THEN.match(right)):
        return "deleted"
    if idle and words.reclaim.search(right[:60]):
        return "deleted"
    if _DELETED_AFTER.search(lead) and not frame:
        return "deleted"
    return "topic" if topic and not (_NAMES_ANOTHER.search(lead) or _GRANTED.search(lead + frame)) else ""


def _cues(text: str, name: str) -> list[re.Match[str]]:
    return [cue for cue in patterns.found(_vocabulary().cues, text) if cue.lastgroup == name]


def _keeps(text: str) -> bool:
    return bool(_cues(text, "keep"))


def _deletes(text: str) -> bool:
    return bool(_cues(text, "delete"))


def _events(folded: str, words: frozenset[str], topic: bool) -> Iterator[Match]:
    """Events of the vocabulary, those of one value that only "hoặc" separates as one."""
    vocabulary = _vocabulary()
    if not topic and "đích" not in words and (
            words.isdisjoint(vocabulary.cue_words) or not any(patterns.found(vocabulary.cues, folded))):
        return
    places = []
    for key, start, end in patterns.occurring(vocabulary.events, folded, words):
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
    left, right = _parts(folded, start, end)
    if _COUNTS_FROM.search(left) or (not topic and _RIGHT_TO.search(left)):
        return False
    terms = duration.read(right[:160])
    if _BEGINNING.match(folded, start) and any(_keeps(right[:term.start]) for term in terms):
        return False
    if terms and _DELETED_AFTER.search(folded[start:end] + right[:terms[0].start]):
        return False
    if needs == "nothing" or (needs == "topic" and topic):
        return True
    kept, deleted = _unnegated(_cues(left, "keep"), left), _unnegated(_cues(left, "delete"), left)
    if needs == "storage":
        behind = [cue for name in ("keep", "delete") for cue in _unnegated(_cues(right[:100], name), right)]
        inside = any(patterns.found(_vocabulary().cues, folded[start:end]))
        return topic or bool(_keeps(left) or deleted or behind or inside or _LIES.search(left))
    if needs == "kept":
        governed = bool(kept and not (deleted and deleted[-1].start() > kept[-1].start())) or (topic and not deleted)
        return governed and not _vocabulary().collect.search(left)
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
        verbs = [cue for cue in patterns.found(_vocabulary().cues, lead) if cue.start() >= start]
        stop = verbs[0].start() if verbs else len(lead)
        if passive := _PASSIVE.search(lead[start:stop]):
            stop = start + passive.start()
        elif verbs and lead[verbs[-1].end():].strip():
            start, stop = verbs[-1].end(), len(lead)
    words = lead[start:stop]
    start, stop = start + len(words) - len(words.lstrip()), start + len(words.rstrip(" :,"))
    usable = 3 <= stop - start <= 70 and not _GENERIC.match(lead[start:stop])
    return (start, stop) if usable else None
