"""The part that a sentence gives to a company that it names: operator, contact, subject, owner; or a third party."""

import re

from pipeline.entities.cues import cues, spell
from pipeline.entities.match import Context

_cue = cues("company_roles")
_BULLET = re.compile(r"\s*[-–•+*]")
_SIDE = 200  # characters before and after a name that can say something about its part
_NEAR = 80  # characters: a partner named earlier in the sentence does not make its subject one
_BEFORE, _AFTER = ("operator", "defined", "contact", "owner"), ("defined", "operator", "contact", "subject")


def role_of(spelled: str, start: int, end: int, form: str, context: Context) -> str | None:
    """The part that the surroundings give to the name at `start:end`; `None` for a third party."""
    left, right = re.split(r";|\. ", spelled[max(0, start - _SIDE):start])[-1], spelled[end:end + _SIDE]
    if _cue("third_after").match(right):
        return None
    after = next((role for role in _AFTER if _cue(f"{role}_after").match(right)), "")
    before = "" if form == "group" else next((role for role in _BEFORE if _cue(f"{role}_before").search(left)), "")
    if after == "defined" and "chúng tôi" in right[:60]:
        return after
    third = _cue("third_before").search(left) and not _cue("third_own").search(left)
    for role in (after, before):
        if role in {"defined", "operator"}:
            return None if third and _cue("third_before").search(left[-_NEAR:]) else role
    given = _cue("recipient_before").search(left)
    if given and _cue("customer").search(left[:given.start()]):  # what customers give to it makes it no third party
        given = None
    if third or given or _cue("third_heading").search(spell(context.lead_in[-_SIDE:])):
        return None
    above = spell(f"{context.lead_in[-_SIDE:]} {context.path[-1][:_SIDE] if context.path else ''}")
    opens = _cue("label").match(left) is not None
    if opens and not right.strip(" .,;:|*_"):
        return None if _cue("third_heading").search(above) else "mention" if _cue("mixed").search(above) else "contact"
    if opens and _cue("alias").match(right):
        return "defined"
    if "contact" in (after, before):
        return "contact"
    if after == "subject" and _cue("clause_begins").search(left):
        return "subject"
    title = _cue("title_before").match(left) and (context.kind == "heading" or not context.path)
    return "owner" if title or before == "owner" else "mention"


def is_listed(spelled: str, end: int, role: str) -> bool:
    """Whether a name like "X LLC" is a list item, or has no more than a brand in brackets: so partners are listed."""
    if role == "contact":
        return _BULLET.match(spelled) is not None
    return role == "defined" and _cue("bare_brand").match(spelled, end) is not None


def explains_a_brand(spelled: str, start: int, end: int) -> bool:
    """Whether the name stands in brackets behind the brand that the sentence begins with."""
    return start < _NEAR and spelled.startswith(")", end) and _cue("brand").fullmatch(spelled, 0, start) is not None
