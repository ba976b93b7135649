"""The legal name of the company, school, clinic, fund, household business or studio that collects the data.

A name is a legal form and what belongs to it: form, lines of business, distinctive part. It ends at punctuation, at a
label ("MST", "Địa chỉ"), at a verb or function word, at the end of the capitals. The value is the name in upper case.

>>> [m.value for m in find("Website này do Công ty TNHH Thương mại và Dịch vụ Mây Xanh, MST 0101234567, vận hành.")]
['CÔNG TY TNHH THƯƠNG MẠI VÀ DỊCH VỤ MÂY XANH']
>>> [m.value for m in find("Trò chơi do chúng tôi làm, phát hành bởi Cá Chép Studio.")]
['CÁ CHÉP STUDIO']
>>> list(find("Chúng tôi chia sẻ địa chỉ với đối tác giao hàng là Công ty CP Nhanh Nhanh."))
[]
>>> canonical("Công ty  TNHH Mây Xanh")
'CÔNG TY TNHH MÂY XANH'

Third parties are none: names after "đối tác", "bên thứ ba", "công ty mẹ", under a lead-in or heading about recipients.
Forms that are third parties as often (banks, schools, studios, bare "Công ty") need a sign that they are the company.

`detail`: `form`, an id of `vocabulary/legal_forms.toml`; `role`, what its surroundings say:
`operator` (runs, owns or publishes the service), `defined` ("sau đây gọi là", "chúng tôi"), `contact` (a line of its
own, after a label, before an address or tax code), `subject` (does what the policy promises), `owner` (of the website,
the policy, the customers), `mention` (none of these).

`settle` keeps the names that are somewhere `operator`, `defined` or `contact`, with all their places; a name that is
only `subject` or `owner` where there is no such name, or if it comes twice or in the introduction; where there are
mentions only, those that come twice, at the beginning or at the end. Short forms of a fuller name fall, and the names
of a school or clinic that are the company's own ("Phòng khám Mây Xanh" beside "Công ty CP Mây Xanh"). Names with a form
after them ("X LLC") are mostly those of partners: without a telling role they count in the introduction only.

Rules: `form_before_name`, `form_after_name`.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.entities.match import Context, Match
from pipeline.nlp import fold
from pipeline.records import Entity, Sentence

KIND = "organization"

_VOCABULARY = Path(__file__).parent.parent / "vocabulary"
_FORMS = tomllib.loads((_VOCABULARY / "legal_forms.toml").read_text(encoding="utf-8"))
_ROLES = tomllib.loads((_VOCABULARY / "company_roles.toml").read_text(encoding="utf-8"))
_FORM_OF = {name: form["id"] for form in _FORMS["form"] for name in form["names"]}
_SUFFIX_OF = {name: form["id"] for form in _FORMS["suffix"] for name in form["names"]}
_CERTAIN = {form["id"] for form in _FORMS["form"] if form["certain"]}


def _words(phrases: Iterable[str]) -> str:
    """Alternation of phrases, the longest first, with any spaces between their words."""
    return "|".join(re.escape(p).replace(r"\ ", r"[ ]{1,3}") for p in sorted(phrases, key=len, reverse=True))


def _patterns(sources: Iterable[str], template: str) -> re.Pattern[str]:
    return re.compile(template.format("|".join(sources)))


_HEAD = re.compile(rf"(?<![\w/])(?:{_words(_FORM_OF)})(?=[ ]+[\"“]?[\w])")
_SUFFIX = re.compile(rf"(?<=[\w)],|[\w).] )[ ]?(?P<form>{_words(_SUFFIX_OF)})(?!\w)\.?")
_LINE_OF_BUSINESS = re.compile(rf"(?:{_words(_FORMS['lines_of_business']['words'])})(?![\w-])")
_STOP = re.compile(rf"(?:{'|'.join(_ROLES['stop']['phrases'])})(?!\w)")
_STOP_IN_CAPITALS = re.compile(rf"(?:{_words(_ROLES['stop']['capitals'])})(?!\w)")
_FUNCTION_WORDS = frozenset(_ROLES["stop"]["function"])
_TOKEN = re.compile(r"[^\s,;:()\[\]{}<>|\"“”•]+")
_NO_NAME = re.compile(rf"(?:{_words(_FORMS['no_names']['names'])})(?!\w)")
_GAP = re.compile(r"[ \xa0]{1,3}[\"“]?")
_TAIL = re.compile(r"[\"”]|[ ]?\((?:việt nam|viet nam|vietnam|vn|singapore|hong kong|thailand|asia)\)")
_LISTED = re.compile(r",[ ](?=\w)")
_ABBREVIATED = frozenset({"co.", "corp.", "inc.", "ltd.", "j.s.c.", "tp.", "st.", "dr."})

_NAME_LIMIT = 160  # characters; the longest registered names have about 120
_SIDE = 200  # characters before and after a name that can say something about its part

_BEFORE = [(role, _patterns(_ROLES["before"][role], r"(?:^|[^\w])(?:{})[\s\"“]*$"))
           for role in ("operator", "defined", "contact", "owner")]
_TITLE = _patterns(_ROLES["before"]["title"], r"^[\W\d]*(?:{})[\s\"“]*$")
_AFTER = [(role, _patterns(_ROLES["after"][role], r"(?:{})")) for role in ("defined", "operator", "contact", "subject")]
_THIRD = _ROLES["third_party"]
_THIRD_LEFT = _patterns(_THIRD["left"], r"(?<!\w)(?:{})(?!\w)")
_THIRD_OWN = _patterns(_THIRD["own"], r"(?<!\w)(?:{})(?: [^\s.,;:]+){{0,5}} của\s*$")
_THIRD_RIGHT = _patterns(_THIRD["right"], r"(?:{})")
_THIRD_HEADING = _patterns(_THIRD["heading"], r"(?<!\w)(?:{})(?!\w)")
_RECIPIENT = _patterns(_THIRD["recipient"], r"(?<!\w)(?:{})\s*$")
_CUSTOMER = _patterns(_THIRD["customer"], r"(?<!\w)(?:{})(?!\w)")
_LABEL = re.compile(r"^[^\w©]*(?:[\divx]{1,4}[.)]\s*)*(?:[\w /]{1,40}:)?[\W]*$")


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008 - frozen
    """Names of the collecting party in `text`, in order, without overlaps."""
    folded = fold(text)
    reach = 0
    for start, end, form, rule in sorted({*_before_names(text, folded), *_after_names(text, folded)}):
        if start < reach:
            continue
        reach = end
        role = _role(folded, start, end, form, context)
        if rule == "form_after_name" and _is_listed(folded, end, role):
            continue
        if role and (form in _CERTAIN or role != "mention" or _explains_a_brand(folded, start, end)):
            detail = {"form": form, "role": role}
            yield Match(start=start, end=end, value=_normal(text[start:end]), rule=rule, detail=detail)


def canonical(surface: str) -> str:
    """The name in upper case with single spaces.

    >>> canonical("KiotViet")
    Traceback (most recent call last):
    ValueError: no legal name: 'KiotViet'
    """
    folded = fold(" ".join(surface.split()))
    if not (_HEAD.match(folded) or _SUFFIX.search(folded)):
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


_TELLING = frozenset({"operator", "defined", "contact"})
"""Roles that say who the company is. Partners, too, "use" data and have "services"."""

_OPENING, _CLOSING = 6, 8  # sentences of an introduction and of a contact section


def _core(value: str) -> str:
    """The name without its form and the lines of business after that: "tâm lành" of "PHÒNG KHÁM ĐA KHOA TÂM LÀNH"."""
    folded = fold(value)
    head = _HEAD.match(folded)
    position = head.end() if head else 0
    while line := _LINE_OF_BUSINESS.match(folded, position + 1):
        position = line.end()
    return folded[position:].strip() or folded


def _is_short_for(entity: Entity, value: str, form: str) -> bool:
    """Whether "Công ty Mây Xanh", "Phòng khám Mây Xanh", "Mây Xanh Studio" names again a company named in full."""
    own = entity.detail["form"]
    fuller = form in _CERTAIN or (form == own and len(value) > len(entity.value))
    if own in _CERTAIN or entity.value == value or not fuller:
        return False
    core = _core(entity.value)
    return re.search(rf"(?<!\w){re.escape(core)}(?!\w)", fold(value)) is not None


def _before_names(text: str, folded: str) -> Iterator[tuple[int, int, str, str]]:
    for head in _HEAD.finditer(folded):
        form = _FORM_OF[re.sub(r" +", " ", head.group())]
        end = _name_end(text, folded, head.start(), head.end(), form)
        if end > head.end() and not _NO_NAME.match(folded, head.start()):
            yield head.start(), end, form, "form_before_name"


def _name_end(text: str, folded: str, start: int, position: int, form: str) -> int:
    """Where the name whose form is `text[start:position]` ends; `position` where no name follows."""
    limit, head_end, good = start + _NAME_LIMIT, position, position
    capitals = text[start:position].isupper() and " " in text[start:position]  # "DNTN", "CTCP" are capitals in any text
    distinctive = lowered = False
    while gap := _GAP.match(text, position):
        position = gap.end()
        token = _TOKEN.match(text, position, limit)
        if token is None:
            break
        word, line = token.group(), _LINE_OF_BUSINESS.match(folded, position)
        upper = word[0].isupper() or word[0].isdigit()
        if line and not distinctive:
            position = line.end()
            good = position if upper or _closes(text, position) else good
        elif _ends_name(folded, position, capitals=capitals and word.isupper()):
            break
        elif word in {"-", "–", "&", "+"} or fold(word) == "và":
            bridge = re.compile(r"[ ]+").match(text, token.end())
            follows = bridge and (not distinctive or word in "&+") and _TOKEN.match(text, bridge.end())
            if not follows or token.start() == head_end + 1:
                break
            if not _LINE_OF_BUSINESS.match(folded, follows.start()) and (word in "-–" or not follows[0][0].isupper()):
                break
            position = token.end()
        elif upper:
            if capitals and distinctive and len(word) > 1 and not word.isupper():
                break
            bare = word if fold(word) in _ABBREVIATED else word.rstrip(".")
            position, distinctive, lowered = token.start() + len(bare), True, False
            good = position
            if bare != word:
                break
        else:
            if lowered or fold(word) in _FUNCTION_WORDS or good == head_end:
                break
            position = token.start() + len(word.rstrip("."))
            if not (_capital_follows(text, position) or (distinctive and _closes(text, position))):
                break
            good, lowered = position, True
        comma = None if distinctive else _LISTED.match(text, position)
        if comma and _LINE_OF_BUSINESS.match(folded, comma.end()) and not _HEAD.match(folded, comma.end()):
            position = comma.end() - 1
    if not distinctive and form not in _CERTAIN:
        return head_end
    tail = _TAIL.match(folded, good) if good > head_end else None
    opened = '"' in text[head_end:good] or "“" in text[head_end:good]
    return tail.end() if tail and (opened or "(" in tail.group()) else good


def _ends_name(folded: str, position: int, *, capitals: bool) -> bool:
    """Whether a label or a verb begins at `position`; in a line of capitals, function words end a name too."""
    return bool(_STOP.match(folded, position) or (capitals and _STOP_IN_CAPITALS.match(folded, position)))


def _closes(text: str, position: int) -> bool:
    """Whether a phrase is over at `position`: end, punctuation, a spaced dash."""
    return re.compile(r"[\s\"”.]*(?:$|[,;:()|\n\"”]|[-–] )").match(text, position) is not None


def _capital_follows(text: str, position: int) -> bool:
    follows = re.compile(r" [\"“]?(\w)").match(text, position)
    return follows is not None and follows.group(1).isupper()


def _after_names(text: str, folded: str) -> Iterator[tuple[int, int, str, str]]:
    for suffix in _SUFFIX.finditer(folded):
        begin = suffix.start("form")
        if text[begin].isupper():
            start = _name_start(text, folded, begin)
            if start < begin:
                form = _SUFFIX_OF[re.sub(r" +", " ", suffix["form"])]
                end = suffix.end() if text[suffix.end() - 1] != "." or form != "studio" else suffix.end() - 1
                yield start, end, form, "form_after_name"


def _name_start(text: str, folded: str, position: int) -> int:
    """Where the capitalised words that end at `position` begin; no line of business alone, no label."""
    low = max(0, position - _NAME_LIMIT // 2)
    start = position
    for token in reversed(list(_TOKEN.finditer(text, low, position))):
        between = text[token.end():start].strip(" ")
        if between not in ("", ",") or (between == "," and start != position) or token.start() == low > 0:
            break
        if not (token.group()[0].isupper() or token.group() == "&"):
            break
        if _STOP.match(folded, token.start()) or (token.group().endswith(".") and len(token.group()) > 3):
            break
        start = token.start()
    return start


def _role(folded: str, start: int, end: int, form: str, context: Context) -> str | None:
    """The part that the surroundings give to the name at `start:end`; `None` for a third party."""
    left, right = re.split(r";|\. ", folded[max(0, start - _SIDE):start])[-1], folded[end:end + _SIDE]
    if _THIRD_RIGHT.match(right):
        return None
    after = next((role for role, pattern in _AFTER if pattern.match(right)), "")
    if after == "defined" and "chúng tôi" in right[:60]:
        return after
    before = "" if form == "group" else next((role for role, pattern in _BEFORE if pattern.search(left)), "")
    third = _THIRD_LEFT.search(left) is not None and not _THIRD_OWN.search(left)
    for role in (after, before):
        if role in {"defined", "operator"}:
            return None if third and _THIRD_LEFT.search(left[-_NEAR:]) else role
    if third or _is_recipient(left) or (context.lead_in and _THIRD_HEADING.search(fold(context.lead_in[-_SIDE:]))):
        return None
    return _quiet_role(left, right, after, before, context)


_NEAR = 80  # characters: a partner named earlier in the sentence does not make its subject one


def _quiet_role(left: str, right: str, after: str, before: str, context: Context) -> str | None:
    """The part of a name that nothing says to run or own the service, and nothing to be a third party."""
    listed = fold(f"{context.lead_in[-_SIDE:]} {context.path[-1][:_SIDE] if context.path else ''}")
    opens = _LABEL.match(left) is not None
    if opens and not right.strip(" .,;:|*_"):
        return None if _THIRD_HEADING.search(listed) else "mention" if _MIXED.search(listed) else "contact"
    if opens and re.match(r"\s*\([^()]{2,40}\)", right):
        return "defined"
    if "contact" in (after, before):
        return "contact"
    if after == "subject" and _starts(left):
        return "subject"
    if before == "owner" or (_TITLE.match(left) and (context.kind == "heading" or not context.path)):
        return "owner"
    return "mention"


_MIXED = _patterns(_THIRD["mixed"], r"(?<!\w)(?:{})(?!\w)")
_START = re.compile(r"(?:^[\W\d]*|(?<!\w)(?:rằng|cho|để|khi|mà|nếu|và|thì|phép|việc|theo đó)\s+|[,:–-]\s+)$")


def _starts(left: str) -> bool:
    """Whether a clause starts after `left`, so that the name is its subject."""
    return _START.search(left) is not None


_BULLET = re.compile(r"\s*[-–•+*]")
_BARE_BRAND = re.compile(r" ?\((?!sau|gọi|dưới|[\"“]|hereinafter)")
_BRAND = re.compile(r"\W*[\w.&-]+(?: [\w.&-]+){0,3} ?\(")


def _is_listed(folded: str, end: int, role: str | None) -> bool:
    """Whether a name like "X LLC" is a list item, or has no more than a brand in brackets: so partners are listed."""
    if role == "contact":
        return _BULLET.match(folded) is not None
    return role == "defined" and _BARE_BRAND.match(folded, end) is not None


def _explains_a_brand(folded: str, start: int, end: int) -> bool:
    """Whether the name stands in brackets behind the brand that the sentence begins with."""
    return start < _NEAR and folded.startswith(")", end) and _BRAND.fullmatch(folded, 0, start) is not None


def _is_recipient(left: str) -> bool:
    """Whether the company gives something to the name; what customers give to it makes it no third party."""
    given = _RECIPIENT.search(left)
    return given is not None and not _CUSTOMER.search(left[:given.start()])
