"""Consent: `by_use` (using counts as agreeing), `explicit` (an act such as ticking), `required` (manner unstated).

Consent to one disclosure is not consent to the processing, agreeing to a changed policy is not consent either, nor is
what a child's parent, or a person whose data the user enters, must agree to. Silence that does not count is no manner.
Pressing a button that orders or signs up is use; pressing "Tôi đồng ý", ticking a box or signing is an act of its own.
A policy that names the act does not leave the manner unstated: `required` stands aside.

>>> [manner(t) for t in ("bằng việc đăng ký tài khoản, bạn đồng ý với chính sách này.",
...     "quý khách đánh dấu vào ô đồng ý trước khi gửi.",
...     "chúng tôi chỉ thu thập dữ liệu khi khách hàng đã đồng ý.")]
['by_use', 'explicit', 'required']
"""

from pipeline.attributes import Attribute
from pipeline.findings.cues import cues
from pipeline.findings.statements import READ, Said, Statement, finding
from pipeline.records import Analysis, Finding

BY_USE, EXPLICIT, REQUIRED = "by_use", "explicit", "required"
ORDER = (BY_USE, EXPLICIT, REQUIRED)

QUOTED = 2
"""Sentences quoted for one manner."""

ASKED_FOR = frozenset({"purpose", "data_collected"})
"""Main categories under which a company says that it asks before it does more."""

NOT_ON_IT = frozenset({"changes", "disclosure", "cross_border", "children"})
"""Main categories under which an agreement is one to something else, or somebody else's."""

_cue = cues("consent")


def manner(text: str) -> str | None:
    """How consent is given in one folded statement; `None` where it does not say."""
    text = _cue("silence").sub(" ", text[: 2 * READ])
    if _cue("someone_elses").search(text):
        return None
    if _cue("explicit").search(text) or _cue("form").search(text):
        return EXPLICIT
    if _cue("by_use").search(text):
        return BY_USE
    return REQUIRED if _cue("required").search(_cue("needless").sub(" ", text)) else None


def consent(attribute: Attribute, said: Said, analysis: Analysis) -> Finding:
    """The set of manners, each with its sentences in evidence."""
    found: dict[str, list[Statement]] = {}
    for statement in said:
        value = manner(statement.whole) if is_about_consent(attribute, statement) else None
        if value is not None:
            found.setdefault(value, []).append(statement)
    if EXPLICIT in found:
        found.pop(REQUIRED, None)
    if not found:
        return finding(attribute, analysis)
    chosen = sorted((s for stated in found.values() for s in stated[:QUOTED]), key=lambda s: s.sentence.index)
    return finding(
        attribute,
        analysis,
        "stated",
        answer=tuple(value for value in ORDER if value in found),
        evidence=tuple(s.evidence() for s in chosen),
        confidence=max(s.score(attribute.labels) or s.main.score for s in chosen),
    )


def is_about_consent(attribute: Attribute, statement: Statement) -> bool:
    """A statement on how the user agrees to the processing."""
    own = statement.own
    if not statement.score(attribute.labels):
        asks = statement.main.label in ASKED_FOR and _cue("asks").search(own)
        return bool(asks and not _cue("disclosure").search(own))
    if statement.main.label in NOT_ON_IT or _cue("withdrawn").search(own):
        return False
    if statement.main.label not in attribute.labels and _cue("parents").search(own):
        return False
    by_use = bool(_cue("by_use").search(own))
    if by_use and _cue("changed").search(own) and _cue("continued").search(own):
        return False
    return by_use or not (_cue("disclosure").search(own) and _cue("required").search(own))
