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
from itertools import islice

from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import alternation, cues, spell, table
from pipeline.records import Entity, Sentence

KIND = "organization"

_cue = cues("company_roles")
_FORMS = table("legal_forms")
_FORM_OF = {spell(name): form["id"] for form in _FORMS["form"] for name in form["names"]}
_SUFFIX_OF = {name: form["id"] for form in _FORMS["suffix"] for name in form["names"]}
_CERTAIN = {form["id"] for form in _FORMS["form"] if form["certain"]}
_ABBREVIATED = frozenset(_FORMS["abbreviated"]["words"])


def _written(suffix: str) -> str:
    """Regular expression for a form after the name, which begins with a capital; "AB" is written in capitals."""
    rest = re.escape(suffix[1:]).replace(r"\ ", "[ ]{1,3}")
    return suffix.upper() if len(suffix) < 3 else f"{suffix[0].upper()}(?i:{rest})"


_HEAD = re.compile(rf"(?<![\w/])(?:{alternation(_FORM_OF)})(?=[ ]+[\"“]?[\w]|[ ]*$)")
_SUFFIX = re.compile(rf"(?:{'|'.join(map(_written, sorted(_SUFFIX_OF, key=len, reverse=True)))})(?!\w)\.?")
_LINE_OF_BUSINESS = re.compile(rf"(?:{alternation(map(spell, _FORMS['lines_of_business']['words']))})(?![\w-])")
_NO_NAME = re.compile(rf"(?:{alternation(map(spell, _FORMS['no_names']['names']))})(?!\w)")
_TOKEN = re.compile(r"[^\s,;:()\[\]{}<>|\"“”•]+")
_GAP = re.compile(r"[ \xa0]{1,3}[\"“]?")
_BREAK = re.compile(r"[ ]*\n[ ]*(?=[^\W\d_])")
_CLOSES = re.compile(r"[\s\"”.]*(?:$|[,;:()|\n\"”]|[-–] )")
_CAPITAL = re.compile(r" [\"“]?(\w)")
_BULLET = re.compile(r"\s*[-–•+*]")

_TWO_COUNTRIES = re.compile(r"(?<!\w)việt [-–] (?:nhật|hàn|đức|pháp|mỹ|úc|nga|anh|sin|thái|đài|tru|ý|ấn)[^\s]*\Z")
"""What a dash joins in the name of a joint venture."""

_NAME_LIMIT = 160  # characters; the longest registered names have about 120
_SIDE = 200  # characters before and after a name that can say something about its part
_NEAR = 80  # characters: a partner named earlier in the sentence does not make its subject one
_MOST = 200  # names in a sentence; a longer row is a register of companies
_OPENING, _CLOSING = 6, 8  # sentences of an introduction and of a contact section
_BEFORE, _AFTER = ("operator", "defined", "contact", "owner"), ("defined", "operator", "contact", "subject")
_TELLING = frozenset({"operator", "defined", "contact"})
"""Roles that say who the company is. Partners, too, "use" data and have "services"."""


def triggers() -> Iterable[str]:
    return (*_FORM_OF, *_SUFFIX_OF, *table("company_roles")["developer"]["anchors"])


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008 - frozen
    """Names of the collecting party in `text`, in order, without overlaps; one may end in `context.rest`."""
    spelled, reach = spell(text), 0
    found = {*_before_names(text, spelled, context.rest), *_after_names(text, spelled), *_persons(text, spelled)}
    for start, end, form, rule in sorted(found, key=lambda name: (name[0], -name[1])):
        if start < reach:
            continue
        reach = end
        role = "operator" if rule == "person" else _role(spelled, start, end, form, context)
        if role is None or (rule == "form_after_name" and _is_listed(spelled, end, role)):
            continue
        name = text[start:end] + context.rest[:max(0, end - len(text))]
        telling = role in _TELLING if name.islower() else role != "mention" or _explains_a_brand(spelled, start, end)
        if telling or (form in _CERTAIN and not name.islower()):
            yield Match(start=start, end=end, value=_normal(name), rule=rule, detail={"form": form, "role": role})


def canonical(surface: str) -> str:
    """The name in upper case with single spaces.

    >>> canonical("KiotViet")
    Traceback (most recent call last):
    ValueError: no legal name: 'KiotViet'
    """
    plain = " ".join(surface.split())
    if not (_HEAD.match(spell(plain)) or _SUFFIX.search(plain)):
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
    if own in _CERTAIN:
        return own == form and longer and _after_form(entity.value) == _after_form(value)
    if entity.value == value or not (form in _CERTAIN or (form == own and longer)):
        return False
    return re.search(rf"(?<!\w){re.escape(_core(entity.value))}(?!\w)", spell(value)) is not None


def _after_form(value: str) -> str:
    spelled = spell(value)
    head = _HEAD.match(spelled)
    return spelled[head.end():].strip() if head else spelled


def _core(value: str) -> str:
    """The name without form and lines of business: "tâm lành" of "PHÒNG KHÁM ĐA KHOA TÂM LÀNH"."""
    name, position = _after_form(value), 0
    while line := _LINE_OF_BUSINESS.match(name, position):
        position = line.end() + 1
    return name[position:].strip() or spell(value)


def _before_names(text: str, spelled: str, rest: str) -> Iterator[tuple[int, int, str, str]]:
    heads = list(islice(_HEAD.finditer(spelled), _MOST))
    whole, spelled = text + rest, spelled + (spell(rest) if heads else "")
    for head in heads:
        form = _FORM_OF[re.sub(r" +", " ", head.group())]
        end = _name_end(whole, spelled, head.start(), head.end(), form)
        if end > head.end() and not _NO_NAME.match(spelled, head.start()):
            yield head.start(), end, form, "form_before_name"


def _name_end(text: str, spelled: str, start: int, position: int, form: str) -> int:
    """Where the name whose form is `text[start:position]` ends; `position` where no name follows."""
    limit, head_end, good = start + _NAME_LIMIT, position, position
    capitals = text[start:position].isupper() and " " in text[start:position]  # "DNTN", "CTCP" are capitals in any text
    small = text[start:limit].islower()  # where nothing has capitals, names have none either
    distinctive, lowered, named = False, False, form in _CERTAIN and text[start].isupper()
    while (begin := _next_word(text, spelled, position, runs_on=named and not distinctive)) >= 0:
        token = _TOKEN.match(text, begin, limit)
        if token is None:
            break
        word, line = token.group(), _LINE_OF_BUSINESS.match(spelled, begin)
        upper = word[0].isupper() or word[0].isdigit() or (small and not _cue("function").match(spelled, begin))
        if line and not distinctive:
            position = line.end()
            good = position if upper or _CLOSES.match(text, position) else good
        elif _cue("stop_in_capitals" if capitals and word.isupper() else "stop").match(spelled, begin):
            break
        elif word in {"-", "–", "&", "+"} or spell(word) == "và":
            if begin == head_end + 1 or not _joins(text, spelled, token, distinctive):
                break
            position = token.end()
        elif upper:
            if capitals and distinctive and len(word) > 1 and not word.isupper():
                break
            bare = word if spell(word) in _ABBREVIATED else word.rstrip(".")
            good = position = begin + len(bare)
            distinctive, lowered = True, False
            if bare != word:
                break
        else:
            position = begin + len(word.rstrip("."))
            capital = _CAPITAL.match(text, position)
            goes_on = (capital and capital.group(1).isupper()) or (distinctive and _CLOSES.match(text, position))
            if lowered or good == head_end or not goes_on or _cue("function").match(spelled, begin):
                break
            good, lowered = position, True
    if not distinctive and form not in _CERTAIN:
        return head_end
    tail = _cue("tail").match(spelled, good) if good > head_end else None
    opened = '"' in text[head_end:good] or "“" in text[head_end:good]
    return tail.end() if tail and (opened or "(" in tail.group()) else good


def _next_word(text: str, spelled: str, position: int, *, runs_on: bool) -> int:
    """Where the next word of a name may begin, -1 where none may. `runs_on`: before the distinctive part, when a comma
    or a line break may stand between lines of business."""
    gap = _GAP.match(text, position)
    if gap or not runs_on:
        return gap.end() if gap else -1
    if text.startswith(", ", position):
        line = _LINE_OF_BUSINESS.match(spelled, position + 2)
        return position + 2 if line and not _HEAD.match(spelled, position + 2) else -1
    line_break = _BREAK.match(text, position)
    return line_break.end() if line_break and text[line_break.end()].isupper() else -1


def _joins(text: str, spelled: str, token: re.Match[str], distinctive: bool) -> bool:
    """Whether "và", "&" or a dash joins two parts of one name: lines of business, or capitalised words by "&"."""
    begin = _next_word(text, spelled, token.end(), runs_on=True)
    follows = _TOKEN.match(text, begin) if begin >= 0 else None
    if follows is None or _HEAD.match(spelled, begin):
        return False
    if token.group() in "-–" and _TWO_COUNTRIES.search(spelled, 0, begin + 4):
        return True
    if _LINE_OF_BUSINESS.match(spelled, begin):
        return not distinctive or follows[0][0].isupper()
    return (not distinctive or token.group() in "&+") and token.group() not in "-–" and follows[0][0].isupper()


def _after_names(text: str, spelled: str) -> Iterator[tuple[int, int, str, str]]:
    for suffix in islice(_SUFFIX.finditer(text), _MOST):
        begin = suffix.start()
        start = _name_start(text, spelled, begin) if text[begin - 1:begin] in (" ", ",") else begin
        if start < begin:
            written = re.sub(r" +", " ", suffix.group().lower())
            full_stop = written.endswith(".") and written.split()[-1] not in _ABBREVIATED
            yield start, suffix.end() - full_stop, _SUFFIX_OF[written.rstrip(".")], "form_after_name"


def _name_start(text: str, spelled: str, position: int) -> int:
    """Where the capitalised words that end at `position` begin; no line of business alone, no label."""
    low = max(0, position - _NAME_LIMIT // 2)
    start = position
    for token in reversed(list(_TOKEN.finditer(text, low, position))):
        between = text[token.end():start].strip(" ")
        if between not in ("", ",") or (between == "," and start != position) or token.start() == low > 0:
            break
        if not (token.group()[0].isupper() or token.group() == "&"):
            break
        if _cue("stop").match(spelled, token.start()) or (token.group().endswith(".") and len(token.group()) > 3):
            break
        start = token.start()
    return start


def _persons(text: str, spelled: str) -> Iterator[tuple[int, int, str, str]]:
    """Names of people who say that they make the app: "tôi, Nguyễn Văn A, lập trình viên tự do"."""
    anchored = any(word in spelled for word in table("company_roles")["developer"]["anchors"])
    for person in _cue("person").finditer(spelled) if anchored else ():
        start, end = person.span(person.lastgroup or 0)
        words = text[start:end].split()
        if 1 < len(words) < 6 and all(word[0].isupper() for word in words):
            yield start, end, "person", "person"


def _role(spelled: str, start: int, end: int, form: str, context: Context) -> str | None:
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


def _is_listed(spelled: str, end: int, role: str) -> bool:
    """Whether a name like "X LLC" is a list item, or has no more than a brand in brackets: so partners are listed."""
    if role == "contact":
        return _BULLET.match(spelled) is not None
    return role == "defined" and _cue("bare_brand").match(spelled, end) is not None


def _explains_a_brand(spelled: str, start: int, end: int) -> bool:
    """Whether the name stands in brackets behind the brand that the sentence begins with."""
    return start < _NEAR and spelled.startswith(")", end) and _cue("brand").fullmatch(spelled, 0, start) is not None
