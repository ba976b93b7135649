"""Who may receive or see the data, or is said never to (vocabulary `recipients`).

A recipient counts where the sentence, its lead-in or its heading speaks of giving, sharing or access. Sources ("thu
thập từ đối tác"), the user's own sharing and dealings that hand over no data are none. The value is the concept's id;
a bare "bên thứ ba" is `third_party`; `weak` phrases ("cho ai") count only where they are denied. `detail`: `negated` =
yes where the policy says never; `condition` = `with_consent`, `by_law`, both joined by a comma, or `other` (another
exception or limit); neither where the policy shares without condition.

Rules: `shared` (given to), `accessed` (the recipient sees or gets it), `requested` (an authority asks), `listed` (item
of a list of recipients).

>>> from pipeline.entities.match import Context
>>> [(m.value, dict(m.detail)) for m in find("Chúng tôi không bán thông tin cá nhân cho bên thứ ba.")]
[('third_party', {'negated': 'yes'})]
>>> [(m.value, m.detail["condition"]) for m in find("Không chia sẻ dữ liệu cho bên thứ ba khi bạn chưa đồng ý")]
[('third_party', 'with_consent')]
>>> [m.value for m in find("- Đơn vị vận chuyển, ngân hàng", Context(lead_in="Chúng tôi chia sẻ dữ liệu cho:"))]
['delivery_partners', 'banks']
>>> list(find("Dữ liệu được thu thập từ đối tác và bên thứ ba"))
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

KIND = "recipient"
VOCABULARY = "recipients"
_cue = cues("recipient_cues")


REACH = 400
"""Characters between verb and recipient: policies name a dozen recipients in a row."""

BOUND = 170
"""Characters over which "người dùng có nghĩa vụ ..." carries on through a list of verbs."""

_SUBJECT = 60
"""Characters before the subject of a sentence; what stands later is its object."""

_TAKERS = ("bán", "cho thuê")
"""Verbs of giving that need no "cho" before who gets it."""

_MARKER = re.compile(r"\s*(?:[-–—•●▪*+►⭐·]|\(?\w{1,3}[.)/])")
"""What a list item begins with."""


class _Say(NamedTuple):
    rule: str
    negated: bool


class _Sentence(NamedTuple):
    """What holds for a sentence as a whole."""

    text: str
    gives: Sequence[re.Match[str]]
    listed: bool
    other_topic: bool
    """Whether the heading is about something else than recipients."""
    user_duty: bool
    lead_in: str


def triggers() -> Iterable[Trigger]:
    return (Trigger(phrases.openings(VOCABULARY)),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """The recipients that the sentence names."""
    if context.kind in ("heading", "furniture"):
        return
    spelled = spell(text)
    hits = phrases.find(VOCABULARY, spelled)
    if not hits or not _may_say(spelled, context):
        return
    sentence = _sentence(spelled, context, hits)
    said = [(hit, say) for hit in hits if (say := _say(sentence, hit))]
    if not said or _is_other_matter(spelled, context, hits):
        return
    for hit, say in said:
        if say.negated or not hit.weak:  # "cho ai" says something only where it is denied
            detail = _detail(sentence, hit, say)
            yield Match(start=hit.start, end=hit.end, value=hit.concept.id, rule=say.rule, detail=detail)


def _is_other_matter(spelled: str, context: Context, hits: Sequence[Hit]) -> bool:
    """Whether the sentence or its heading is about something else than who gets data."""
    if _cue("other_paper").search(spelled) or (context.path and _is_exempt(spell(context.path[-1]))):
        return True
    blocked = _cue("blocked").search(spelled) and not _cue("clear").search(spelled)
    return bool(blocked) and not any(_handles(spelled, hit) for hit in hits)


@lru_cache(maxsize=1024)
def _is_exempt(heading: str) -> bool:
    return _cue("exempt_heading").search(heading) is not None


def _may_say(spelled: str, context: Context) -> bool:
    """Whether it has the words of any rule: most sentences that name somebody have those of none."""
    lead_in = spell(context.lead_in)
    if _is_list(spell(context.path[-1]) if context.path else "", lead_in) or _cue("sees").search(spelled):
        return True
    gives = _cue("give").search(spelled)
    if gives and (_cue("to").search(spelled) or any(act in spelled for act in _TAKERS)):
        return True
    if "bởi" in spelled or _cue("used").search(lead_in) or ("do" in spelled and _cue("handles").search(spelled)):
        return True
    asked = gives or lead_in or _last_exception(spelled) >= 0
    return bool(asked and _cue("request").search(spelled))


def canonical(surface: str) -> str:
    """Id of the concept that `surface` names.

    >>> canonical("Đơn vị vận chuyển")
    'delivery_partners'
    """
    return phrases.canonical(VOCABULARY, surface)


def _sentence(spelled: str, context: Context, hits: Sequence[Hit]) -> _Sentence:
    named = {place for hit in hits for place in range(hit.start + 1, hit.end)}  # "đơn vị vận chuyển" has no verb
    verbs = [give for give in _cue("give").finditer(spelled) if give.start() not in named]
    heading, lead_in = spell(context.path[-1]) if context.path else "", spell(context.lead_in)
    return _Sentence(
        text=spelled,
        gives=[give for give in verbs if _gives_data(spelled, give)],
        listed=_is_list(heading, lead_in)
        and (bool(lead_in) or bool(_MARKER.match(spelled)) or not _cue("predicate").search(spelled)),
        other_topic=bool(_cue("other_heading").search(heading)),
        user_duty=bool(_cue("user_duty").search(heading)),
        lead_in=lead_in,
    )


@lru_cache(maxsize=1024)
def _is_list(heading: str, lead_in: str) -> bool:
    """Whether what stands below is a list of recipients."""
    if lead_in:
        return bool(_cue("list").search(lead_in)) and not _cue("purposes").search(lead_in)
    return bool(_cue("list").search(heading)) and not _cue("other_heading").search(heading)


def _gives_data(spelled: str, give: re.Match[str]) -> bool:
    """Whether data are what is given, by the company."""
    before = left(spelled, give.start(), 80)
    if _cue("user_gives").search(before) and not _cue("that_user").search(_cue("user_gives").sub("", before)):
        return False
    if _cue("advice").search(before):
        return False
    data = (_cue("clear").fullmatch(give.group())
            or _cue("object_after").match(spelled, give.end(), give.end() + 60)
            or _cue("object_before").search(before))
    return data is not None and not _cue("user_bound").search(left(spelled, give.start(), BOUND))


def _say(sentence: _Sentence, hit: Hit) -> _Say | None:
    """Why the hit is a recipient, and whether the policy denies it."""
    text = sentence.text
    before = left(text, hit.start, 40)
    if _cue("asked_by_user").search(before):
        return None
    authority = hit.concept.group == "authority" and not _cue("rules_of").search(before)
    requested = authority and _cue("request").search(text, max(0, hit.start - 70), hit.end + 70)
    introduced = sentence.lead_in and not sentence.other_topic
    if requested and (sentence.gives or sentence.listed or introduced or _last_exception(text) >= 0):
        return _Say("requested", False)
    if _handles(text, hit) or _works_along(sentence, before):
        return _Say("accessed", False)
    if _cue("condition").search(before) or (_cue("origin").search(before) and not _cue("by").search(before)):
        return None
    return _shared(sentence, hit) or _accessed(sentence, hit, before) or _in_list(sentence, hit)


def _handles(text: str, hit: Hit) -> bool:
    """Data are kept, handled or answered for by the hit: "việc bảo mật thông tin thẻ do đối tác chịu trách nhiệm"."""
    return bool(_cue("handled_by").search(left(text, hit.start, 100)) and _cue("handles").match(text, hit.end))


def _works_along(sentence: _Sentence, before: str) -> bool:
    """A use of data for which the company joins with the hit: what the list is of says that data are used."""
    return bool(_cue("joins").search(before) and _cue("used").search(sentence.lead_in))


def _shared(sentence: _Sentence, hit: Hit) -> _Say | None:
    """Something is given to the hit: verb of giving, preposition, hit."""
    text = sentence.text
    reached = bisect_right(sentence.gives, hit.start, key=re.Match.end)
    if not reached:
        return None
    give = sentence.gives[reached - 1]
    between = text[give.end():hit.start]
    if len(between) > REACH or _cue("breaks").search(between) or _from(between):
        return None
    if not _cue("to").search(text, give.end(), hit.end) and give.group() not in _TAKERS:
        return None
    acts = sentence.gives[max(0, reached - 4):reached]
    forbidden = _cue("forbidden").search(text, hit.end) is not None
    holds = _cue("allowed").search(between) or TURNS.search(between)
    negated = (forbidden or _negated(text, give, acts)) and not holds
    return None if negated and sentence.user_duty else _Say("shared", negated)


def _accessed(sentence: _Sentence, hit: Hit, before: str) -> _Say | None:
    """The hit gets, sees or handles data."""
    if _cue("by").search(before):
        return _Say("accessed", False)
    after = sentence.text[hit.end:hit.end + 100].split(";")[0]
    sees = _cue("sees").search(after)
    if sees is None or "chúng tôi" in after[:sees.start()]:
        return None
    if _cue("user_gives").search(before) or _cue("topic").search(before):
        return None
    if sentence.other_topic and not sentence.listed:
        return None
    subject = hit.start < _SUBJECT or sentence.listed or "chỉ" in before
    if subject and (sentence.listed or _cue("data").search(after)):
        return _Say("accessed", bool(_cue("not").search(after[:sees.start()])))
    return None


def _in_list(sentence: _Sentence, hit: Hit) -> _Say | None:
    if sentence.listed and not _from(left(sentence.text, hit.start, REACH)):
        none = hit.concept.group == "generic" and _cue("not_to").search(left(sentence.text, hit.start, 80))
        return _Say("listed", bool(none) or _refused(sentence.lead_in))
    return None


def _from(between: str) -> bool:
    """Whether the last preposition before the hit says that data come from there."""
    sources = [m.start() for m in _cue("from").finditer(between)]
    return bool(sources) and not _cue("to").search(between, sources[-1])


def _negated(spelled: str, give: re.Match[str], acts: Sequence[re.Match[str]]) -> bool:
    """Whether the act is denied; "không bán, chia sẻ hoặc cho thuê" denies all three."""
    near = [act for act in acts if give.start() - act.start() < 80
            and not TURNS.search(spelled, act.end(), give.start())]
    return any(_cue("not").search(left(spelled, act.start(), 70)) for act in near)


@lru_cache(maxsize=1024)
def _refused(lead_in: str) -> bool:
    """Whether the lead-in denies all that follows, without exception."""
    gives = _cue("give").finditer(lead_in)
    denied = any(_cue("not").search(left(lead_in, give.start(), 70)) for give in gives)
    return denied and not _cue("except").search(lead_in)


def _detail(sentence: _Sentence, hit: Hit, say: _Say) -> dict[str, str]:
    if say.rule == "requested":
        return {"condition": "by_law"}
    conditions = _conditions(sentence.text, authority=hit.concept.group in ("generic", "authority"))
    if say.negated:
        exception = _last_exception(sentence.text)
        if not conditions and exception >= hit.start:
            conditions = ("other",)
        if not conditions or exception < 0:
            return {"negated": "yes"}
    elif not conditions and sentence.lead_in and not _cue("allowed").search(sentence.lead_in):
        conditions = _conditions(sentence.lead_in, authority=True)
    return {"condition": ",".join(conditions)} if conditions else {}


@lru_cache(maxsize=64)
def _last_exception(spelled: str) -> int:
    """Where the last exception begins, -1 where there is none."""
    return max((m.start() for m in _cue("except").finditer(spelled)), default=-1)


@lru_cache(maxsize=1024)
def _conditions(text: str, *, authority: bool) -> tuple[str, ...]:
    """The conditions that `text` names. What it says of an authority's requests holds for an `authority` only."""
    law = _cue("law").search(text) and (authority or "cơ quan" not in text)
    return tuple(name for name, said in (("with_consent", _cue("consent").search(text)), ("by_law", law)) if said)
