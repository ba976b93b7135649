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
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.entities import phrases
from pipeline.entities.cues import TURNS, cues, left, spell
from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import Hit
from pipeline.entities.triggers import Trigger

KIND = "data_type"
VOCABULARY = "data_types"
_cue = cues("data_type_cues")

LIST = 3
"""Kinds in a row that make a list of data without any verb: two are a coincidence ("email và điện thoại")."""

_ITEM_START = 8
"""Characters before the first words of a list item: its marker."""

APART = 28
"""Characters between two neighbours in a list: "(không bắt buộc), " and the like."""

_CLOSE = 25
"""Characters that may part a verb of everyday speech ("xin", "lấy", "hỏi") from the data it asks for."""

_AND = re.compile(r"[,;/&+(]|và|hoặc|hay")

_MARKER = re.compile(r"\s*(?:[-–—•●▪*+►⭐·]|\(?\w{1,3}[.)/])")
"""What a list item begins with."""

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


def triggers() -> Iterable[Trigger]:
    return (Trigger(phrases.openings(VOCABULARY)),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The kinds of data that the sentence says are collected."""
    if context.kind in ("heading", "furniture"):
        return
    spelled = spell(text)
    hits = [hit for hit in phrases.find(VOCABULARY, spelled)
            if not (_is_contact(spelled, hit) or _is_tool(spelled, hit) or _is_name_of_thing(spelled, hit))]
    if not hits:
        return
    heading, lead_in = spell(context.path[-1]) if context.path else "", spell(context.lead_in)
    around = _around(tuple(map(spell, context.path)), lead_in)
    marks = list(_cue("mark").finditer(spelled, 0, hits[-1].end))
    if not (around or marks or len(hits) >= LIST or _has("passive", spelled) or _has("passive_not", spelled)):
        return
    strict = _is_strict(heading, lead_in)
    for hit, row in zip(hits, _rows(spelled, hits), strict=True):
        frame = _frame(spelled, hit, row, _said_before(marks, hit), around, strict)
        if frame is None or _is_other_matter(spelled, heading, lead_in):
            continue
        if not (hit.concept.group == "account" and row.kinds < LIST and _has("duty", spelled)):
            yield Match(start=hit.start, end=hit.end, value=hit.concept.id, rule=frame.rule,
                        detail=_detail(spelled, hit, frame))


def canonical(surface: str) -> str:
    """Id of the concept that `surface` names.

    >>> canonical("Số CMND")
    'national_id'
    """
    return phrases.canonical(VOCABULARY, surface)


def _detail(spelled: str, hit: Hit, frame: _Frame) -> dict[str, str]:
    detail = {"sensitive": "yes"} if hit.concept.sensitive else {}
    if frame.negated:
        detail |= {"condition": "with_consent"} if _has("without_consent", spelled) else {"negated": "yes"}
    return detail


@lru_cache(maxsize=64)
def _has(cue: str, spelled: str) -> bool:
    """Whether the cue is anywhere in the sentence; asked once for all its hits."""
    return _cue(cue).search(spelled) is not None


@lru_cache(maxsize=64)
def _is_other_matter(spelled: str, heading: str, lead_in: str) -> bool:
    if _cue("definitions").search(heading):
        return True
    if _cue("other_heading").search(heading) and not lead_in:
        return "thu thập" not in spelled
    return bool(_cue("blocked").search(spelled)) and "thu thập" not in spelled and "bắt buộc" not in spelled


def _is_contact(spelled: str, hit: Hit) -> bool:
    """The company's own address or number, or a channel."""
    if hit.concept.id not in _REACHABLE:
        return False
    if _cue("value_after").match(spelled, hit.end) or _cue("ours_after").match(spelled, hit.end):
        return True
    return bool(_cue("channel_before").search(spelled, max(0, hit.start - 90), hit.start))


def _is_tool(spelled: str, hit: Hit) -> bool:
    if hit.concept.id not in _INSTRUMENTS:
        return False
    return _cue("place_before").search(spelled, max(0, hit.start - 36), hit.start) is not None


def _is_name_of_thing(spelled: str, hit: Hit) -> bool:
    return hit.weak and hit.concept.id == "full_name" and _cue("other_name").match(spelled, hit.start) is not None


@lru_cache(maxsize=1024)
def _is_strict(heading: str, lead_in: str) -> bool:
    """Whether lead-in or heading are about something else than collecting."""
    if lead_in:
        return bool(_cue("other_list").search(_cue("own_right").sub("", lead_in)))
    return bool(_cue("strict_heading").search(heading)) and not _cue("heading").search(heading)


@lru_cache(maxsize=1024)
def _around(path: tuple[str, ...], lead_in: str) -> _Frame | None:
    """What lead-in and heading say of all that stands below them."""
    if lead_in:
        sharing = _cue("sharing").search(lead_in) and "thu thập" not in lead_in
        if sharing or not _cue("collecting").search(lead_in) or _cue("other_list").search(lead_in):
            return None
        marks = [mark for mark in _cue("mark").finditer(lead_in) if mark.lastgroup in ("collect", "close", "gives")]
        return _Frame("lead_in", any(_negated(lead_in, mark) for mark in marks))
    for heading in reversed(path):
        if _cue("other_heading").search(heading):
            return None
        if _cue("heading").search(heading):
            purpose_only = _cue("purpose_heading").search(heading) and not _cue("scope_heading").search(heading)
            return None if purpose_only else _Frame("heading", False)
        if _cue("strict_heading").search(heading):
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
        if following is None or _parts(spelled, hit.end, following.start):
            rows += [_Row(run[0].start, len({h.concept.id for h in run}))] * len(run)
            run = []
    return rows


def _parts(spelled: str, start: int, end: int) -> bool:
    """Whether what stands between two neighbours makes them no list."""
    return end - start > APART or not _AND.search(spelled, start, end) or TURNS.search(spelled, start, end) is not None


def _frame(
    spelled: str, hit: Hit, row: _Row, said: Sequence[re.Match[str]], around: _Frame | None, strict: bool
) -> _Frame | None:
    """Why the hit counts. `said`: the marks before it; `around`: what stands above says; `strict`: another topic."""
    mark = said[-1] if said else None
    if mark and _says(spelled, mark, hit, row, strict):
        frame = _as_said(spelled, mark, said)
        if frame and frame.negated and (turn := TURNS.search(spelled, mark.end(), hit.start)):
            named_at_once = not spelled[turn.end():max(row.start, turn.end())].strip()
            return _Frame("sentence", False) if named_at_once else None  # "chỉ hiển thị": a verb that is no mark
        return frame
    if mark and mark.lastgroup == "purpose":
        return None
    listed = row.kinds > 1
    after = spelled[hit.end:hit.end + 120].split(";")[0]
    if (listed or not hit.weak) and _cue("passive_not").search(after):
        return _Frame("sentence", True)
    if (listed or not hit.weak) and not strict and _cue("passive").search(after):
        return _Frame("sentence", False)
    if around and (around.rule == "lead_in" or listed or _opens_item(spelled, hit)):
        return around
    return _Frame("list", False) if row.kinds >= LIST else None


def _as_said(spelled: str, mark: re.Match[str], said: Sequence[re.Match[str]]) -> _Frame | None:
    """Collected, or denied; `None` where the words only tell the user what to do."""
    if _cue("told").search(left(spelled, mark.start(), 40)):
        return None
    if mark.lastgroup == "gives" and _cue("told_giver").search(left(spelled, mark.start(), 40)):
        return None
    negated = _negated(spelled, mark) or (mark.lastgroup == "example" and len(said) > 1 and _negated(spelled, said[-2]))
    if mark.lastgroup == "gives" and negated and not _cue("need_not").search(left(spelled, mark.start(), 40)):
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
        theirs = _cue("user_does").search(spelled, max(0, mark.start() - 40), mark.start())
        named = mark.group() != "cần" or _negated(spelled, mark)
        return named and not theirs and not strict and gap <= _CLOSE and ";" not in spelled[mark.end():hit.start]
    if mark.lastgroup == "example":
        return not strict and bool(_cue("data").search(spelled, max(0, mark.start() - 160), mark.start()))
    return not strict or mark.group().startswith("thu") or (mark.lastgroup == "collect" and _negated(spelled, mark))


def _negated(spelled: str, mark: re.Match[str]) -> bool:
    return bool(_cue("not").search(left(spelled, mark.start(), 40)))
