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
from functools import lru_cache

from pipeline.entities import duration, patterns, phrase_index
from pipeline.entities.duration import spell
from pipeline.entities.match import Context, Match
from pipeline.entities.response_time import CELL, column_head
from pipeline.entities.response_time import find as find_limits
from pipeline.entities.storage_detail import MARKER, SINCE, detail_of
from pipeline.entities.storage_events import DELETED, DELETED_AFTER, EVENTS, events
from pipeline.entities.storage_words import LIES, deletes, keeps, parts, vocabulary
from pipeline.entities.time_limit import gives_time_to_undo
from pipeline.entities.triggers import Above, Trigger
from pipeline.records import Entity, Sentence

KIND = "retention"
_FRAME = re.compile(
    r"(?<!\w)(?:(?:tối thiểu|ít nhất|không (?:dưới|ít hơn|quá|vượt quá|lâu hơn|hơn)|trên|hơn|tối đa|nhiều nhất|"
    r"chậm nhất|dưới|lên đến|trong vòng|trong thời hạn|trong thời gian|trong khoảng thời gian|trong|thời gian|"
    r"thời hạn|(?<!xoay )vòng|khoảng|sau|quá|thêm|đủ|là|đến|hết|(?<!chứng )từ|for|up to|at least|within|after)"
    r"(?!\w)[\s:(]*)+$")
_LATEST = re.compile(r"\s*(?:gần nhất|gần đây)")
_OTHER_PERIOD_AFTER = re.compile(r"\s*(?:gần nhất|gần đây|vừa qua|qua(?!\w)|miễn phí|kinh nghiệm|trước (?:khi áp|ngày|"
                                 r"đó))")
_LASTS = ("hết hạn", "hiệu lực", "thời hạn", "tuổi thọ")
_EXPIRES = re.compile(rf"(?<!\w)(?:cookie|token|phiên|session|nhật ký|log)(?!\w)[^.;]*(?:{'|'.join(_LASTS)})")
_SESSION = re.compile(r"(?<!\w)(?:phiên|session|token|mã|otp|liên kết|link|đường dẫn)(?!\w)[^.;|]{0,80}"
                      r"(?<!\w)(?:hết hạn|hết hiệu lực|có hiệu lực|sống|tồn tại|đóng|thoát|ngắt|đăng xuất)"
                      r"(?: lại)?(?: sau| trong)?\s*$")
"""What lasts minutes or hours behind this is a session; a cookie is data, whatever it is for."""
_UNNUMBERED = ("ngày", "tuần")
"""Beginnings of durations without a number: what is deleted "trong ngày"; what is kept "trong ngày" is that day's."""
_NAMES_ANOTHER = re.compile(
    r"(?<!\w)(?<!trong )(?<!suốt )(?<!theo )(?:thời gian|thời hạn|hạn) (?!(?:lưu|giữ|bảo quản|xử lý"
    r"|cất|tối|của|là|áp|này|trên|chung|khác|dữ|thông"
    r"|cụ|xóa|hủy|tiêu|sử dụng|kể|tính|từ|ít|duy|cần|thực|nêu|quy|theo|nhất|dự|hợp|trong|cho"
    r"|đối|và|khoảng|\d)(?!\w))[^\W\d]")
"""Below a heading on storage: the sentence names the period of something else ("thời hạn gia hạn đóng phí là ...")."""
_GRANTED = re.compile(r"(?:khách hàng|khách|bạn|quý khách|người dùng|bên mua[^,;.]{0,20}) (?:sẽ |được )?có\s*$")
_STORES = re.compile(r"lưu|giữ|xóa|cất|bảo quản|tiêu hủy|xé|đốt|dọn")
_OLDER = re.compile(r"[^.;]{0,60}(?<!\w)(?:cũ|trước đó|lâu) hơn|[^.;]{0,60}(?<!\w)phần cũ")
_THEN = re.compile(r"\s*(?:rồi|mới|thì|sau đó)(?!\w)")


def triggers() -> Iterable[Trigger]:
    """A duration beside a word of storage, an event beside one or a purpose, or either below a heading on storage."""
    table = patterns.vocabulary("retention")
    cue, topic, classes = table["cue"], table["topic"], table["words"]
    ended = frozenset(_anchors((phrase for event in table["event"] for phrase in event["phrases"]), classes))
    said = frozenset(_anchors([*cue["keep"], *cue["delete"], *topic["sentence"]], classes))

    def announced(above: Above) -> bool:
        return _announced(above.path[-2:], above.lead_in)

    idle = _anchors(table["near"]["reclaim"], classes)
    yield Trigger(duration.signs(), also=(*said, *idle, *_LASTS, *DELETED, "nằm", "tài khoản", "|"))
    yield Trigger(duration.signs(), announced=announced)
    yield Trigger(ended, also=(*said, "đích", "|"))
    yield Trigger(ended, announced=announced)


def _anchors(phrases: Iterable[str], words: patterns.Classes) -> Iterator[str]:
    for phrase in phrases:
        yield from patterns.anchor(phrase, words)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    folded = spell(text)
    if not (duration.read(text) or phrase_index.possible(vocabulary().events, folded)):
        return
    topic = _announced(context.path[-2:], context.lead_in) or _announces(folded)
    claimed = [(m.start, m.end) for m in find_limits(text, context) if m.rule != CELL]
    found = [*_terms(text, folded, topic, claimed), *events(folded, topic)]
    if not topic and "|" in text:
        cells = [*_terms(text, folded, True, claimed), *events(folded, True)]
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


def _announced(path: tuple[str, ...], lead_in: str) -> bool:
    """Whether a heading or the lead-in announces a term of storage."""
    around = [*path, lead_in] if "thu thập" not in lead_in.lower() else path  # "thu thập và lưu trữ các thông tin sau:"
    return any(map(_is_on_storage, around))


@lru_cache(maxsize=1024)
def _is_on_storage(heading: str) -> bool:
    words, lists = spell(heading), vocabulary()
    return MARKER.sub("", words).strip(" .:?") in lists.whole or lists.heading.search(words) is not None


def _announces(folded: str) -> bool:
    """Whether the sentence itself begins with a term of storage ("Thời gian lưu trữ là ...")."""
    return vocabulary().sentence.search(folded, 0, 200) is not None


def _terms(text: str, folded: str, topic: bool, claimed: list[tuple[int, int]]) -> Iterator[Match]:
    for found in duration.read(text):
        if any(start < found.end and found.start < end for start, end in claimed):
            continue
        left, right = parts(folded, found.start, found.end)
        frame = match.group() if (match := _FRAME.search(left[-60:])) else ""
        rule = _governed(left[:len(left) - len(frame)], frame, right, found.value, topic)
        if rule and (rule == "deleted" or not folded.startswith(_UNNUMBERED, found.start)):
            detail = detail_of(text, folded, found, left, frame, right)
            start = found.start - len(frame) if detail["bound"] != "exact" else found.start
            yield Match(start=start, end=found.end, value=found.value, rule=rule, detail=detail)


def _governed(lead: str, frame: str, right: str, value: str, topic: bool) -> str:
    """The rule by which a duration is a term of storage; empty where it is none."""
    words = vocabulary()
    older = _OLDER.match(right) and deletes(right[:120])  # "chỉ gồm 18 tháng gần nhất, phần cũ hơn bị xóa"
    other = words.other_period.search((lead + frame)[-40:])
    storage_plan = topic and other and other.group().startswith("gói") and deletes(right[:120])
    latest = _LATEST.match(right) and (older or (keeps(lead[-40:]) and "được" in lead[-40:]))
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
    if keeps(near) or keeps(right[:15]) or (frame and keeps(right[:120])):
        return "kept"
    if LIES.search(lead) and (frame or SINCE.match(right) or right.startswith((" trước khi", " rồi", ", sau đó"))):
        return "kept"
    sets = re.search(r"(?<!\w)(?:sau|trong|quá|vòng|hết|within|after)(?!\w)", frame)
    if deletes(near) and sets:
        return "deleted"
    if gives_time_to_undo(right) and (deletes(near + right[:120]) or "tài khoản" in near):
        return "deleted"
    idle = words.idle.search(near) or words.idle.search(right[:30])
    if deletes(right[:120]) and (sets or idle or older or _THEN.match(right)):
        return "deleted"
    if idle and words.reclaim.search(right[:60]):
        return "deleted"
    if DELETED_AFTER.search(lead) and not frame:
        return "deleted"
    return "topic" if topic and _is_of_data(lead) and not _GRANTED.search(lead + frame) else ""


def _is_of_data(lead: str) -> bool:
    """Whether the words before a term that only its heading governs may name data: no sentence about something else."""
    if _NAMES_ANOTHER.search(lead):
        return False
    words = vocabulary()
    named = lead[marker.end():] if (marker := MARKER.match(lead)) else lead
    return ":" in named or "|" in named or words.data.search(named) is not None or not words.states.search(named)
