"""The legal name of the company, school, clinic, fund, household business or studio that collects the data.

A name is a legal form and what belongs to it: form, lines of business, distinctive part. It ends at punctuation, at a
label ("MST", "Địa chỉ"), at a verb or function word, at the end of the capitals; it goes on over a line break where
the line ends before the distinctive part. The value is the name in upper case.

>>> [m.value for m in find("Website này do Công ty TNHH Thương mại và Dịch vụ Mây Xanh, MST 0101234567, vận hành.")]
['CÔNG TY TNHH THƯƠNG MẠI VÀ DỊCH VỤ MÂY XANH']
>>> [m.value for m in find("CÔNG TY TNHH THƯƠNG MẠI VÀ", Context(rest="\\nDỊCH VỤ MÂY XANH\\nMST: 0101234567"))]
['CÔNG TY TNHH THƯƠNG MẠI VÀ DỊCH VỤ MÂY XANH']
>>> [m.value for m in find("Trò chơi do chúng tôi làm, phát hành bởi Cá Chép Studio.")]
['CÁ CHÉP STUDIO']
>>> list(find("Chúng tôi chia sẻ địa chỉ với đối tác giao hàng là Công ty CP Nhanh Nhanh."))
[]
>>> canonical("Công ty  TNHH Mây Xanh")
'CÔNG TY TNHH MÂY XANH'

Third parties are none: names after "đối tác", "bên thứ ba", "công ty mẹ", under a lead-in or heading about recipients.
Forms that are third parties as often (banks, schools, studios, bare "Công ty") need a sign that they are the company,
and so do names in lower case. A bare brand is none; a person is one who says to be the app's developer.

`detail`: `form`, an id of `vocabulary/legal_forms.toml`; `role`, what its surroundings say:
`operator` (runs, owns or publishes the service), `defined` ("sau đây gọi là", "chúng tôi", an alias in quotes),
`contact` (a line of its own, after a label, before an address or tax code), `subject` (does what the policy promises),
`owner` (of the website, the policy, the customers), `mention` (none of these).

`settle` keeps the names that are somewhere `operator`, `defined` or `contact`, with all their places; a name that is
only `subject` or `owner` where there is no such name, or if it comes twice or in the introduction; where there are
mentions only, those that come twice, at the beginning or at the end. Short forms of a fuller name fall, and the names
of a school or clinic that are the company's own ("Phòng khám Mây Xanh" beside "Công ty CP Mây Xanh"). Names with a form
after them ("X LLC") are mostly those of partners: without a telling role they count in the introduction only.

Rules: `form_before_name`, `form_after_name`, `person`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pipeline.entities.company_names import (
    CERTAIN,
    FORM_OF,
    HEAD,
    LINE_OF_BUSINESS,
    SUFFIX,
    SUFFIX_OF,
    after_names,
    before_names,
    persons,
)
from pipeline.entities.company_role import explains_a_brand, is_listed, role_of
from pipeline.entities.cues import spell, table
from pipeline.entities.match import Context, Match
from pipeline.entities.triggers import Trigger
from pipeline.records import Entity, Sentence

KIND = "organization"
_OPENING, _CLOSING = 6, 8  # sentences of an introduction and of a contact section
_TELLING = frozenset({"operator", "defined", "contact"})
"""Roles that say who the company is. Partners, too, "use" data and have "services"."""


def triggers() -> Iterable[Trigger]:
    return (Trigger((*FORM_OF, *SUFFIX_OF, *table("company_roles")["developer"]["anchors"])),)


def find(text: str, context: Context = Context()) -> Iterator[Match]:
    """Names of the collecting party in `text`, in order, without overlaps; one may end in `context.rest`."""
    spelled, reach = spell(text), 0
    found = {*before_names(text, spelled, context.rest), *after_names(text, spelled), *persons(text, spelled)}
    for start, end, form, rule in sorted(found, key=lambda name: (name[0], -name[1])):
        if start < reach:
            continue
        reach = end
        role = "operator" if rule == "person" else role_of(spelled, start, end, form, context)
        if role is None or (rule == "form_after_name" and is_listed(spelled, end, role)):
            continue
        name = text[start:end] + context.rest[:max(0, end - len(text))]
        telling = role in _TELLING if name.islower() else role != "mention" or explains_a_brand(spelled, start, end)
        if telling or (form in CERTAIN and not name.islower()):
            yield Match(start=start, end=end, value=_normal(name), rule=rule, detail={"form": form, "role": role})


def canonical(surface: str) -> str:
    """The name in upper case with single spaces.

    >>> canonical("KiotViet")
    Traceback (most recent call last):
    ValueError: no legal name: 'KiotViet'
    """
    plain = " ".join(surface.split())
    if not (HEAD.match(spell(plain)) or SUFFIX.search(plain)):
        raise ValueError(f"no legal name: {surface!r}")
    return _normal(surface)


def _normal(surface: str) -> str:
    return " ".join(surface.split()).upper()


def settle(entities: Sequence[Entity], sentences: Sequence[Sentence]) -> list[Entity]:
    """Those that the whole document bears out; see the module's docstring.

    >>> place = dict(doc_id="d", sentence=0, kind=KIND, start=0, end=1, text="C", rule="form_before_name")
    >>> own = Entity(**place, value="CTCP SAO", detail={"form": "joint_stock_company", "role": "operator"})
    >>> partner = Entity(**place, value="CTCP MÂY", detail={"form": "joint_stock_company", "role": "mention"})
    >>> [e.value for e in settle([own, partner], [])], [e.value for e in settle([partner, partner], [])]
    (['CTCP SAO'], ['CTCP MÂY', 'CTCP MÂY'])
    """
    times = Counter(entity.value for entity in entities)
    said = [sentence.index for sentence in sentences if sentence.kind != "furniture"]
    opening = range(said[:_OPENING][-1] + 1) if said else range(0)
    closing = set(said[-_CLOSING:])
    known = {e.value for e in entities if e.detail["role"] in _TELLING}
    native = [e for e in entities if e.rule == "form_before_name"]
    known |= {e.value for e in native
              if e.detail["role"] != "mention" and (not known or times[e.value] > 1 or e.sentence in opening)}
    known = known or {e.value for e in native if times[e.value] > 1 or e.sentence in opening or e.sentence in closing}
    known = known or {e.value for e in entities if e.sentence in opening}
    kept = [entity for entity in entities if entity.value in known]
    full = {(e.value, e.detail["form"]) for e in kept}
    return [e for e in kept if not any(_is_short_for(e, *name) for name in full)]


def _is_short_for(entity: Entity, value: str, form: str) -> bool:
    """Whether "Công ty Mây Xanh", "Phòng khám Mây Xanh", "Mây Xanh Studio" names again a company named in full, or
    "CTCP Mây Xanh" one whose form is written out."""
    own, longer = entity.detail["form"], len(value) > len(entity.value)
    if own in CERTAIN:
        return own == form and longer and _after_form(entity.value) == _after_form(value)
    if entity.value == value or not (form in CERTAIN or (form == own and longer)):
        return False
    return re.search(rf"(?<!\w){re.escape(_core(entity.value))}(?!\w)", spell(value)) is not None


def _after_form(value: str) -> str:
    spelled = spell(value)
    head = HEAD.match(spelled)
    return spelled[head.end():].strip() if head else spelled


def _core(value: str) -> str:
    """The name without form and lines of business: "tâm lành" of "PHÒNG KHÁM ĐA KHOA TÂM LÀNH"."""
    name, position = _after_form(value), 0
    while line := LINE_OF_BUSINESS.match(name, position):
        position = line.end() + 1
    return name[position:].strip() or spell(value)
