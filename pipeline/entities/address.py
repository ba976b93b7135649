"""A postal address of the company that collects the data.

An address is a run of parts (number, street, floor, building, quarter, ward, district, province, country), separated by
commas or spaced dashes, that may run on over the next lines. It stands after a label, after "có trụ sở tại", or alone
where it begins with a part finer than a commune and names a commune or more. The value is the text with single spaces,
without the label and the full stop.

>>> [m.value for m in find("Trụ sở chính: Tầng 6, Số 1B Yết Kiêu, P. Trần Hưng Đạo, Q. Hoàn Kiếm, Hà Nội. ĐT: 024")]
['Tầng 6, Số 1B Yết Kiêu, P. Trần Hưng Đạo, Q. Hoàn Kiếm, Hà Nội']
>>> match, = find("Mây Xanh có trụ sở tại 12/3 Lê Lợi, phường Bến Thành, TP.HCM là đơn vị chủ quản.")
>>> match.value, match.detail["label"], match.detail["province"]
('12/3 Lê Lợi, phường Bến Thành, TP.HCM', 'head_office', 'Hồ Chí Minh')
>>> list(find("Chúng tôi thu thập họ tên, địa chỉ email, địa chỉ: số nhà, phường/xã, tỉnh/thành phố."))
[]
>>> canonical("Số 5  Lê Lợi,\\nHuế.")
'Số 5 Lê Lợi, Huế'

No addresses: e-mail, IP and delivery addresses, lists of data types, a bare city, places of courts and authorities.

`detail`: `label`, what announces it: `head_office`, `office`, `branch`, `contact` ("Địa chỉ", "Địa chỉ liên hệ"),
`none`; `province`, as `vocabulary/provinces.toml` names it (before or after the merger of 2025, as written), absent
where none is written.

Rules: `labelled`, `in_sentence`, `unlabelled`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.entities.match import Context, Match
from pipeline.entities.phrases import cues, left, pattern, spell, table
from pipeline.entities.triggers import DIGITS
from pipeline.records import Entity, Sentence

KIND = "address"

_cue = cues("address_parts")
_PARTS, _PLACES = table("address_parts"), table("provinces")


def _phrases(name: str) -> dict[str, str]:
    """Phrase -> id of its list, for all lists of the table `name`."""
    lists = {key: phrases for key, phrases in _PARTS[name].items() if isinstance(phrases, list)}
    return {spell(phrase): key for key, phrases in lists.items() for phrase in phrases}


def _any(phrases: Iterable[str]) -> str:
    """Alternation, the longest first; a phrase of one letter asks for a full stop or a digit behind it."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(p).replace(r"\ ", r"[ ]{1,3}") + (r"(?=[.\d])" if len(p) == 1 else "") for p in ordered)


def _provinces() -> dict[str, str]:
    """Spelled way of writing -> name of the province."""
    names = [*_PLACES["before_2025"]["names"], *_PLACES["after_2025"]["unchanged"]]
    written = {alias: name for name, aliases in _PLACES["written"].items() if name != "source" for alias in aliases}
    return {spell(alias): name for alias, name in written.items()} | {spell(name): name for name in names}


_FINE, _UNIT, _PROVINCES = _phrases("fine"), _phrases("unit"), _provinces()
_KIND_OF = _FINE | _UNIT
_LABELS = _phrases("label")
_IN_SENTENCE = ("head_office", "office", "contact")
_STOP_WORDS = frozenset(map(spell, _PARTS["stop_words"]["words"]))
_COUNTRIES = _any(map(spell, _PARTS["inside"]["country"]))

_PART = re.compile(rf"(?<![\w.])(?P<word>{_any(_KIND_OF)})(?![^\W\d])[.: ]{{0,3}}(?=(?P<next>\S))")
_NUMBER = re.compile(
    r"(?:[^\W\d]{1,2}[.-]?)?\d{1,5}[a-z]{0,2}(?:(?:[+./-]| [-–] (?=\d))[a-z]{0,2}\d{0,4}[a-z]{0,2}){0,4} (?=[^\W\d])")
_HOUSE = re.compile(r"(?:số )?(?:[^\W\d]{0,2}\d[\w/.-]*) ")
_PROVINCE = pattern(rf"(?<!\w)(?P<name>{_any(_PROVINCES)})(?: city| province)?(?: \d{{5,6}})?\.?$")
_COUNTRY = re.compile(rf"(?:{_COUNTRIES})[.\s]*$")
_INSIDE = re.compile(rf"(?:{_any(map(spell, _PARTS['inside']['words']))})(?!\w)")
_STOP_LABEL = re.compile(rf"(?:{_any(_LABELS)})(?: \d{{1,2}})? ?:")
_REACH = re.compile(r"[\w.+-]{1,64}@|https?:|www\.|\+84|\(?0\d{2,3}\)?[ .-]?\d{3,4}[ .-]?\d{2}|1[89]00\b")
_WORD = re.compile(r"[ \xa0]{0,9}(?P<token>[^\s,;|•()]+)")
_SEPARATOR = re.compile(r"\s*,\s*\n?\s*|[ ]+[-–—/][ ]*|[-–—][ ]+|[ ]*\n\s*|[ ]*(?=[;|•()])|$")

_LABEL = re.compile(
    rf"(?<![\w/])(?P<label>{_any(_LABELS)})(?: (?:[^:\n,;.()]|\.(?=\w)){{1,35}})?(?: ?\([^()\n]{{1,40}}\))?"
    r"[ *_]{0,3}[:：][ *_]{0,3}")
_OPENING = re.compile(r"^(?:[\W_]|[\divx]{1,3}[.)] )*")
_BEGINS = re.compile(rf"(?:{_any(_FINE)})[. ]{{0,2}}\w|\w{{0,2}}\d")
_FREE = re.compile(rf"(?:[,;:(|][ *_]{{0,3}}|[–-] |(?<!\w)(?:tại|ở|về|đến|tới|là) )(?={_BEGINS.pattern})")
_DIGIT = re.compile(r"\d")
_ANNOUNCED = pattern(
    rf"^[\W\d]*(?P<label>{_any(_LABELS)})(?: của (?:chúng tôi|công ty|đơn vị)[^.:]{{0,60}})?\s*:?\W*$")

_LIMIT = 300  # characters of an address; the longest have about 200
_PART_LIMIT = 120  # characters between two separators
_NAME_LIMIT = 40  # characters of a part that no word marks: the name of a street, a quarter, a district
_LOOKAHEAD = 40  # characters in the longest phrase that ends an address before it
_LOWER = 5  # words in lower case on end after a label
_LEFT = 90  # characters before an address that can say whose it is
_ANNOUNCEMENT = 120  # characters of a line that has nothing but the label of the address below it


@dataclass(slots=True)
class _Reading:
    """What has been read of an address so far: its end, its parts, the kinds of part, the province.

    `seen` is where reading stopped: what stands behind that decides nothing.
    """

    end: int
    seen: int = 0
    parts: int = 0
    kinds: set[str] = field(default_factory=set)
    province: str = ""

    @property
    def fine(self) -> int:
        return len(self.kinds & set(_FINE.values()))

    @property
    def coarse(self) -> int:
        return len(self.kinds & set(_UNIT.values())) + bool(self.province)


@dataclass(frozen=True, slots=True)
class _Part:
    """One part: its end, its kinds by the words in it, the province it ends with, whether it reads as a proper name."""

    end: int
    length: int
    kinds: set[str]
    province: str
    proper: bool

    @property
    def told(self) -> bool:
        return bool(self.kinds or self.province)


def triggers() -> Iterable[str]:
    return (*DIGITS, ":", "：", *_PARTS["in_sentence"]["anchors"])


def triggers_above() -> Iterable[str]:
    return _LABELS


def find(text: str, context: Context = Context()) -> Iterator[Match]:  # noqa: B008 - frozen
    """Addresses in `text`, in order, without overlaps; one that runs on may end in `context.rest`."""
    spelled, whole, reach, poor = spell(text), text, 0, 0
    for start, label, rule in sorted(_candidates(spelled, context)):
        if start < reach or start >= len(text):
            continue
        if rule == "unlabelled" and (start < poor or not (
                _PART.match(spelled, start) or _is_numbered(text, spelled, start, len(text), lenient=False))):
            continue
        reading = _read(whole, spelled, start, lenient=rule == "labelled")
        runs_on = reading.seen + _LOOKAHEAD >= len(text) and (reading.parts or rule == "labelled")
        if whole is text and context.rest and runs_on:
            whole, spelled = text + context.rest, spelled + spell(context.rest)
            reading = _read(whole, spelled, start, lenient=rule == "labelled")
        if not _is_enough(reading, rule):
            poor = max(poor, reading.end)  # what begins later in it says even less
        elif not _is_foreign(spelled, start, context):
            reach = reading.end
            detail = {"label": label} | ({"province": reading.province} if reading.province else {})
            value = " ".join(whole[start:reading.end].split())
            yield Match(start=start, end=reading.end, value=value, rule=rule, detail=detail)


def canonical(surface: str) -> str:
    """The address with single spaces, without what ends a sentence.

    >>> canonical("email@vidu.vn")
    Traceback (most recent call last):
    ValueError: no address: 'email@vidu.vn'
    """
    value = " ".join(surface.split()).rstrip(" .,;-–")
    if "@" in value or not _is_enough(_read(value, spell(value), 0, lenient=True), "labelled"):
        raise ValueError(f"no address: {surface!r}")
    return value


def settle(entities: Sequence[Entity], sentences: Sequence[Sentence]) -> list[Entity]:
    """All but those that lie inside another: the second line of an address that runs on."""
    spans = [(e.start, e.end) for e in entities]
    return [e for e in entities
            if not any(start <= e.start and e.end <= end and end - start > e.end - e.start for start, end in spans)]


def _candidates(spelled: str, context: Context) -> set[tuple[int, str, str]]:
    """(start, label, rule) of what may be an address; the rules in order of trust where they meet."""
    opening = _OPENING.match(spelled)
    start = opening.end() if opening else 0
    found: dict[int, tuple[str, str]] = {}
    if ":" in spelled or "：" in spelled:
        found |= {m.end(): (_label(m), "labelled") for m in _LABEL.finditer(spelled)}
    for above in (context.before, context.lead_in):
        announced = _ANNOUNCED.match(spell(above)) if 0 < len(above) < _ANNOUNCEMENT else None
        if announced:
            found.setdefault(start, (_label(announced), "labelled"))
    if any(anchor in spelled for anchor in _PARTS["in_sentence"]["anchors"]):
        for label in _IN_SENTENCE:
            for m in _cue(label).finditer(spelled):
                found.setdefault(m.end(), (label, "in_sentence"))
    if _DIGIT.search(spelled):  # without a number nothing tells a free-standing address from a list of places
        starts = [m.end() for m in _FREE.finditer(spelled)] + [start] * bool(_BEGINS.match(spelled, start))
        for position in starts:
            found.setdefault(position, ("none", "unlabelled"))
    return {(position, *how) for position, how in found.items()}


def _label(labelled: re.Match[str]) -> str:
    return _LABELS[re.sub(" +", " ", labelled["label"])]


def _is_enough(reading: _Reading, rule: str) -> bool:
    """Whether what was read is an address and no bare place: the less announces it, the more it must say."""
    if rule == "labelled":
        return reading.fine + reading.coarse > 0 and (reading.parts > 1 or reading.fine + reading.coarse > 1)
    if rule == "in_sentence":
        return reading.fine + reading.coarse > 1 and (reading.fine > 0 or reading.parts > 1)
    return reading.fine > 0 and (reading.coarse > 0 or ("country" in reading.kinds and reading.parts > 2))


def _is_foreign(spelled: str, start: int, context: Context) -> bool:
    """Whether what stands before the address says that it is an authority's, a court's, a customer's or an example."""
    near = left(spelled, start, _LEFT)
    if start < _LEFT // 2 and len(context.before) < _LEFT:
        near = f"{spell(context.before)} {near}"
    return bool(_cue("foreign").search(near)) and not _cue("issued").search(near)


def _read(whole: str, spelled: str, start: int, *, lenient: bool) -> _Reading:
    """Read parts from `start` on, as long as they are parts of an address. `lenient`: names may be in lower case."""
    reading, position, limit = _Reading(end=start), start, min(start + _LIMIT, len(whole))
    new_line, waiting = "", 0  # `waiting`: names that no word marks, which only count if a marked part follows
    while position < limit:
        part = _part(whole, spelled, position, min(limit, position + _PART_LIMIT), lenient=lenient and not new_line)
        reading.seen = part.end if part else position
        if part is None or not _continues(reading, part, new_line=new_line, lenient=lenient):
            break
        end = part.end
        if aside := _cue("aside").match(spelled, end):
            end = aside.end()
        waiting += 1
        if part.told or (part.proper and lenient and not new_line):
            reading.end, reading.parts, waiting = end, reading.parts + waiting, 0
            reading.kinds |= part.kinds
            reading.province = part.province or reading.province
        separator = _SEPARATOR.match(whole, end)
        if separator is None or not separator.group() or part.kinds == {"country"} or whole[end - 1] == ".":
            break
        new_line = separator.group() if new_line or "\n" in separator.group() else ""
        position = separator.end()
    while reading.end > start and whole[reading.end - 1] in " .,-–\n":
        reading.end -= 1
    return reading


def _continues(reading: _Reading, part: "_Part", *, new_line: str, lenient: bool) -> bool:
    """Whether `part` belongs to what has been read: after a province only a country or a larger place does, and on the
    next line, where no comma ended the last, only what says by a word that it is part of an address."""
    if reading.province:
        return bool(part.province) or part.kinds == {"country"}
    if new_line and "," not in new_line:
        return bool(part.kinds - {"number"} or part.province)
    return part.told or (part.length < _NAME_LIMIT and (reading.parts > 0 or lenient))


def _part(whole: str, spelled: str, start: int, limit: int, *, lenient: bool) -> "_Part | None":
    """The part at `start`, up to its separator, a label, or the prose that goes on; `None` where there is none."""
    kinds = {"number"} if _is_numbered(whole, spelled, start, limit, lenient=lenient) else set()
    position, end, lower, proper = start, start, 0, True
    while word := _WORD.match(whole, position, limit):
        token, position = word["token"], word.start("token")
        if token.endswith(":"):
            return None
        if token in "-–—/" or _REACH.match(spelled, position) or _STOP_LABEL.match(spelled, position) or (
                _cue("stop").match(spelled, position)):
            break
        if (marked := _marked(whole, spelled, position, limit, lenient=lenient)) is not None:
            end, kind = marked
            kinds |= {kind} - {""}
        elif token[0].isupper() or token[0].isdigit() or token[0] in "#\"“'’”":
            end, lower = word.end(), 0
        elif inside := _INSIDE.match(spelled, position):
            end = inside.end()
        elif token[0].isalpha() and spell(token) not in _STOP_WORDS and lower < (_LOWER if lenient else 1):
            end, lower, proper = word.end(), lower + 1, False
        else:
            break
        if end == word.end() and token.endswith(".") and not _cue("abbreviated").match(spell(token)):
            break
        position = end
    if end == start:
        return None
    if _COUNTRY.fullmatch(spelled[start:end].strip(" .")):
        kinds = {"country"}
    street = _HOUSE.match(spelled, start, end)  # "Số 3 Hòa Bình" is a street that bears the name of a province
    province = _province(spelled[start:end])
    if province and street and _province(spelled[street.end():end]) and _PROVINCE.match(spelled[street.end():end]):
        province = ""
    return _Part(end=end, length=end - start, kinds=kinds, province=province, proper=proper or lower == 1)


def _is_numbered(whole: str, spelled: str, start: int, limit: int, *, lenient: bool) -> bool:
    """Whether the number of a house begins at `start`: a name or a word that begins a part follows it."""
    number = _NUMBER.match(spelled, start, limit)
    return number is not None and bool(
        lenient or whole[number.end()].isupper() or _PART.match(spelled, number.end()))


def _marked(whole: str, spelled: str, position: int, limit: int, *, lenient: bool) -> tuple[int, str] | None:
    """Where the word at `position` that begins a part ends, and the kind of part, empty where no name follows."""
    named = _PART.match(spelled, position, limit)
    if named is None:
        return None
    kind, after = _KIND_OF[re.sub(" +", " ", named["word"])], named.end()
    follows = whole[after].isupper() or whole[after].isdigit()
    if kind == "number":  # "số" is also the word for digital
        follows = any(c.isdigit() for c in whole[after:after + 3])
    next_part = _PART.match(spelled, after, limit) is not None
    if not (follows or lenient or next_part):
        return None
    end = named.end("word")
    named_in_lower_case = lenient and kind != "number" and not next_part and whole[after].isalpha()
    return end + (spelled[end] == "."), kind if follows or named_in_lower_case else ""


def _province(part: str) -> str:
    """The province that the spelled `part` ends with, unless the name is a street's or a ward's."""
    found = _PROVINCE.search(part)
    if found is None:
        return ""
    before = list(_PART.finditer(part))
    owner = before[-1] if before else None
    if owner and owner.end() == found.start("name") and _KIND_OF[re.sub(" +", " ", owner["word"])] != "city":
        return ""
    return _PROVINCES[re.sub(" +", " ", found["name"])]
