"""Sharing with third parties: `never`, `with_consent`, `by_law`, `unconditional`, from the sentences that say so.

A "không" alone is not `never`: what counts is the condition or exception behind it, in the sentence or right after it,
and whether it reaches every recipient and purpose. An exception that names recipients is sharing. Own staff is no third
party; figures that name nobody are no personal data; what users hand over, what recipients must do and what is
prevented ("chống tiết lộ") is no sharing by the company. An absolute "never" beside any real sharing is a conflict,
shown with both sides; a promise not to sell is none, and answers `never` only where nothing else is said.

>>> [sorted(conditions(t)) for t in (
...     "không tiết lộ cho bên thứ ba khi chưa có sự đồng ý của khách hàng, trừ trường hợp pháp luật quy định",
...     "chúng tôi không bán, chia sẻ thông tin với bất kỳ bên thứ ba nào.",
...     "chúng tôi chia sẻ thông tin với đối tác vận chuyển để giao hàng.",
...     "không chia sẻ thông tin với bên nào ngoại trừ đơn vị vận chuyển.",
...     "chúng tôi không cung cấp thông tin cho bên thứ ba vì mục đích quảng cáo.")]
[['by_law', 'with_consent'], ['never'], ['unconditional'], ['unconditional'], []]
"""

from pipeline.attributes import Attribute
from pipeline.findings.cues import cues
from pipeline.findings.statements import READ, Said, Statement, finding
from pipeline.records import Analysis, Finding

NEVER, WITH_CONSENT, BY_LAW, UNCONDITIONAL = "never", "with_consent", "by_law", "unconditional"
ORDER = (NEVER, WITH_CONSENT, BY_LAW, UNCONDITIONAL)

QUOTED = 2
"""Sentences quoted for one condition."""

PARTNERS = frozenset({"cookies", "linked_services", "marketing", "data_collected"})
"""Main categories under which a partner that collects data itself is told of."""

TOLD_ELSEWHERE = PARTNERS | {"purpose", "cross_border", "security", "retention", "other"}
"""Main categories under which policies tell of sharing too; agreeing to it, duties and liability are not sharing."""

INSIDE = frozenset({"staff", "other_users", "the_public"})
"""Recipient concepts that are no third party, or none that the company gives data to."""

NAMED_UNDER = frozenset({"disclosure", "cross_border"})
"""Main categories under which to name a third party is to say that it receives data."""

NO_SHARING = ("recipients_duty", "told", "users_refusal", "topic")
"""Cues of statements that speak of sharing and are none: duties of recipients and users, that one is told, a topic."""

_cue = cues("sharing")


def conditions(text: str, following: str = "") -> frozenset[str]:
    """The conditions that one folded statement on giving data names; `following` is the statement after it."""
    text = _companys(text)
    found = {value for value, cue in ((WITH_CONSENT, "with_consent"), (BY_LAW, "by_law")) if _cue(cue).search(text)}
    if _refuses(text):
        return _exceptions(text, following[:READ], found)
    private = _cue("private").search(text) and _cue("authority").search(text) and WITH_CONSENT not in found
    if not found or private or _cue("own_interest").search(text):
        found.add(UNCONDITIONAL)
    return frozenset(found)


def _refuses(text: str) -> bool:
    """Whether giving is denied; a recipient that gets one thing "chứ không" another does get it."""
    denied = _cue("refused").search(text) or _cue("refused_after").search(text)
    return bool(denied and not _cue("only_a_part").search(text))


def _companys(text: str) -> str:
    """The text without what users hand over, what is prevented, and words that only look like a duty by law."""
    for cue in ("users_giving", "harm", "paperwork", "not_the_law"):
        text = _cue(cue).sub(" ", text[: 2 * READ])
    return text


def _exceptions(text: str, following: str, found: set[str]) -> frozenset[str]:
    """The conditions under which what a statement refuses is done all the same; `never` where there are none."""
    exception = _cue("except").search(text)
    behind = text[exception.end() :] if exception else ""
    if not exception and WITH_CONSENT not in found:
        found.clear()  # "Theo quy định của pháp luật, chúng tôi không tiết lộ ..." is no exception by law
    if _cue("private").search(behind):
        found.add(UNCONDITIONAL)
    if found:
        return frozenset(found)
    if _cue("elsewhere").search(text) or _cue("limited").search(text) or _taken_back(following):
        return frozenset()
    if exception:
        return frozenset({UNCONDITIONAL})
    return frozenset({NEVER}) if _reaches_all(text) else frozenset()


def _taken_back(following: str) -> bool:
    """Whether the next statement names exceptions ("Tuy nhiên, ... có thể được tiếp cận")."""
    goes_on = any(_cue(cue).search(following) for cue in ("giving", "see", "by_law"))
    return goes_on and bool(_cue("opens_with_except").search(following))


def _reaches_all(text: str) -> bool:
    """Whether a refusal speaks of anybody, or of nobody in particular, and not only of one kind of recipient."""
    return bool(_cue("anyone").search(text) or (_cue("give").search(text) and not _cue("to_somebody").search(text)))


def sale_only(text: str) -> bool:
    """Whether a folded statement refuses no more than to sell, rent or exchange data."""
    return not _cue("refused_handing_over").search(_companys(text))


def sharing(attribute: Attribute, said: Said, analysis: Analysis) -> Finding:
    """The set of conditions, each with its sentences in evidence."""
    found: dict[str, list[Statement]] = {}
    for statement in said:
        if is_about_sharing(attribute, statement):
            for value in conditions(statement.whole, statement.following):
                found.setdefault(value, []).append(statement)
    plain = [s for s in found.get(NEVER, ()) if not sale_only(s.whole)]
    if len(found) > 1 and NEVER in found:
        found[NEVER] = plain
    answer = tuple(value for value in ORDER if found.get(value))
    if not answer:
        return finding(attribute, analysis)
    chosen = {s.sentence.index: s for value in answer for s in found[value][:QUOTED]}
    return finding(
        attribute,
        analysis,
        "conflict" if NEVER in answer and len(answer) > 1 else "stated",
        answer=answer,
        evidence=tuple(chosen[i].evidence() for i in sorted(chosen)),
        confidence=max(s.score(attribute.labels) or s.main.score for s in chosen.values()),
    )


def is_about_sharing(attribute: Attribute, statement: Statement) -> bool:
    """A statement that data go, or do not go, to others than the company's own staff; a mere lead-in is none."""
    told = bool(statement.score(attribute.labels))
    if not told and statement.main.label not in TOLD_ELSEWHERE:
        return False
    text = _companys(statement.whole)
    if not told and not _tells(_companys(statement.own), text):
        return False
    if statement.announces or statement.own.endswith("?") or any(_cue(cue).search(statement.own) for cue in NO_SHARING):
        return False
    refused = _refuses(text)
    if refused and statement.main.label == "cross_border":
        return False  # what stays in the country may be shared there
    if not refused and _cue("statistics").search(statement.own):
        return False
    if refused and _is_given_by(statement.whole.removesuffix(statement.own)):
        return False  # an item that withholds one thing in a list of what is given
    if told:
        return _told_as_disclosure(statement, text, refused)
    return _told_besides(statement, _companys(statement.own), text)


def _is_given_by(lead_in: str) -> bool:
    return bool(_cue("giving").search(lead_in) and not _refuses(lead_in))


def _told_as_disclosure(statement: Statement, text: str, refused: bool) -> bool:
    named = [e for e in statement.entities if e.kind == "recipient" and "negated" not in e.detail]
    third = any(e.value not in INSIDE for e in named)
    by_law = _cue("by_law").search(text)
    others = third or bool(_cue("others").search(text))
    if _cue("staff").search(text) and not others and not by_law:
        return False
    if statement.main.label in NAMED_UNDER and (third or _cue("private").search(text)):
        return True
    received = _cue("see").search(text) or _cue("joint").search(text)
    return bool(_cue("giving").search(text) or by_law or (received and (others or refused)))


def _tells(text: str, whole: str) -> bool:
    """Whether there is a word without which `_told_besides` has nothing: most sentences are dismissed by that alone."""
    return bool(
        _cue("given_to").search(text)
        or _cue("refused_handing_over").search(text)
        or _cue("processed_and_given").search(text)
        or _cue("partner_collects").search(whole)
    )


def _told_besides(statement: Statement, text: str, whole: str) -> bool:
    """Under another heading only what is plain: given to others, refused to all, collected by partners."""
    if _cue("describes").search(text):
        return False
    if _refuses(text):
        refused = _cue("refused_handing_over").search(text)
        return bool(refused and _cue("data").search(text) and _cue("all_or_anyone").search(text[refused.start() :]))
    if _cue("given_to").search(text) and _cue("data").search(text):
        return True
    if statement.main.label == "purpose":
        return bool(_cue("processed_and_given").search(text))
    collects = _cue("partner_collects").search(whole) and not _cue("partner_refused").search(whole)
    return statement.main.label in PARTNERS and bool(collects) and not _cue("elsewhere_on_the_web").search(whole)
