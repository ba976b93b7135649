"""What the policy says the user may do with the data: right or means (vocabulary `rights`).

A right counts where the user is who may ("khách hàng có quyền ...", "bạn có thể yêu cầu xóa ..."), where the means is
given ("liên hệ ... để chỉnh sửa"), in a list of rights, and where the company acts on the user's request ("trả lời các
yêu cầu xem, xóa ... thông tin"). The company's rights, what its staff may see, duties of the user, uses of a website
and functions of an app in a list of collected data are none. The value is the concept's id. `detail`: `means` = yes
where the sentence names a way (contact, settings, request form).

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
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.entities import phrases
from pipeline.entities.cues import cues, left, spell
from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import Hit
from pipeline.entities.triggers import Trigger

KIND = "right"
VOCABULARY = "rights"
_cue = cues("right_cues")

ITEM = 60
"""Characters at the start of an item of a list of rights in which an everyday verb ("xem", "sửa") is the right."""

_FIRST = 12
"""Characters before the first word of an instruction: "- Xóa tài khoản: vào Cài đặt"."""

_DENIABLE = frozenset({"object", "opt_out_marketing", "consent", "refuse_cookies", "human_review"})
"""Rights whose own words contain a "không"."""

_FUNCTIONS = frozenset({"access", "correct"})
"""Rights that are also what users do in an app: to see and update their profile."""

_RIGHT = "quyền"

ASKED = 110
"""Characters of a row of requests ("các yêu cầu xem, chỉnh sửa, xóa ... thông tin") before and after one of them."""

REACH = 260
"""Characters over which "khách hàng có quyền" carries on through a list of verbs."""


class _Sentence(NamedTuple):
    """What holds for a sentence as a whole."""

    text: str
    listed: bool
    means_heading: bool
    used: bool
    """Whether it says with what function of an app data are collected, and claims nothing."""


def triggers() -> Iterable[Trigger]:
    return (Trigger(phrases.openings(VOCABULARY)),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The rights of the user that the sentence states."""
    if context.kind in ("heading", "furniture"):
        return
    spelled = spell(text)
    hits = phrases.find(VOCABULARY, spelled)
    if not hits:
        return
    sentence = _sentence(spelled, context)
    for hit in hits:
        rule = _rule(sentence, hit)
        if rule and not _has("blocked", spelled):
            detail = {"means": "yes"} if _has("means", spelled) else {}
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
        listed=_is_list(heading, lead_in),
        means_heading=bool(_cue("means_heading").search(heading)),
        used=_is_collection(heading, lead_in) and not _cue("claims").search(spelled),
    )


@lru_cache(maxsize=1024)
def _is_collection(heading: str, lead_in: str) -> bool:
    """Whether what stands below is a list of collected data."""
    return not _is_list(heading, lead_in) and _cue("collected").search(lead_in or heading) is not None


@lru_cache(maxsize=1024)
def _is_list(heading: str, lead_in: str) -> bool:
    """Whether what stands below is a list of the user's rights."""
    if lead_in and not _cue("leads").search(lead_in):
        return False
    above = [text for text in (heading, lead_in) if text]
    return any(_cue("list").search(text) and not _cue("other_heading").search(text) for text in above)


def _rule(sentence: _Sentence, hit: Hit) -> str | None:
    """Why the hit is a right, `None` where it is none."""
    text, listed = sentence.text, sentence.listed
    if sentence.used and hit.concept.id in _FUNCTIONS:
        return None
    if hit.concept.id == "delete_account" and " về " in text[hit.start:hit.end]:
        return None  # "xóa một số thông tin về tài khoản"
    if hit.concept.id == "access" and _cue("own_people").search(left(text, hit.start, 40)):
        return None
    if hit.concept.id not in _DENIABLE and _cue("not").search(left(text, hit.start, 40)):
        return None
    if _cue("duty").search(left(text, hit.start, 110)):
        return None
    if hit.weak and _cue("requests").search(left(text, hit.start, ASKED)):
        theirs = not _cue("authority").search(text, hit.end, hit.end + ASKED)
        return "on_request" if theirs and _cue("data").search(text, hit.end, hit.end + ASKED) else None
    if hit.weak and not listed and not sentence.means_heading and not _cue("data").search(text, hit.end, hit.end + 45):
        return None
    named = text.startswith(_RIGHT, hit.start)
    limit = hit.start + (len(_RIGHT) if named else 0)
    holds, company = _last(_ends("holds", text), text, limit), _last(_ends("company", text), text, limit)
    if company > holds:
        return _on_request(sentence, hit)
    if holds >= 0 or (listed and (named or _cue("says_right").search(left(text, hit.start, 40)))):
        return "stated"
    if listed and (hit.start < ITEM or not hit.weak):
        return "listed"
    if named:
        return None
    return "means" if _has("means", text) and _leads_to(sentence, hit) else _on_request(sentence, hit)


def _on_request(sentence: _Sentence, hit: Hit) -> str | None:
    """What the company does when the user asks; complaints are no request for data."""
    asked = not hit.weak and hit.concept.group != "remedies" and _has("asked", sentence.text)
    return "on_request" if asked else None


@lru_cache(maxsize=64)
def _has(cue: str, spelled: str) -> bool:
    """Whether the cue is anywhere in the sentence; asked once for all its hits, and only where one needs it."""
    return _cue(cue).search(spelled) is not None


@lru_cache(maxsize=64)
def _ends(cue: str, spelled: str) -> Sequence[int]:
    """Where the words of a cue end that give somebody the say; asked as `_has` is."""
    return [match.end() for match in _cue(cue).finditer(spelled)]


def _leads_to(sentence: _Sentence, hit: Hit) -> bool:
    """Whether the way that the sentence names is a way to this right."""
    if sentence.means_heading:
        return True
    opens = hit.start < _FIRST
    return not hit.weak and (opens or _cue("to_do").search(left(sentence.text, hit.start, 60)) is not None)


def _last(ends: Sequence[int], text: str, limit: int) -> int:
    """The last of `ends` up to `limit`, within reach and in the same sentence; -1 where there is none."""
    at = bisect_right(ends, limit)
    end = ends[at - 1] if at else -1
    return end if end >= 0 and limit - end <= REACH and ". " not in text[end:limit] else -1
