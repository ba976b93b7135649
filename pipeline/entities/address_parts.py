"""The parts of an address, read one after the other from where it begins: number, street, ward, province, country."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.entities.cues import cues, pattern, spell, table

_cue = cues("address_parts")
PARTS, _PLACES = table("address_parts"), table("provinces")


def place_strings() -> Iterator[str]:
    """Strings of which every text that names a province, a country or a unit of administration has one.

    An abbreviation ("P.", "Q1", "TP", "VN") has no letter before it.
    """
    for word in (*PROVINCES, *UNIT, *map(spell, PARTS["inside"]["country"])):
        ends = (".", *"0123456789") if len(word) == 1 else ("",)
        yield from (string for end in ends for string in standing(word + end))


def standing(word: str) -> Iterator[str]:
    """Strings of which every text has one where the word stands, for a short word with what may stand before it."""
    yield from (before + word for before in (_BEFORE if len(word) < 5 else ("",)))


def _phrases(name: str) -> dict[str, str]:
    """Phrase -> id of its list, for all lists of the table `name`."""
    lists = {key: phrases for key, phrases in PARTS[name].items() if isinstance(phrases, list)}
    return {spell(phrase): key for key, phrases in lists.items() for phrase in phrases}


def any_of(phrases: Iterable[str]) -> str:
    """Alternation, the longest first; a phrase of one letter asks for a full stop or a digit behind it."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(p).replace(r"\ ", r"[ ]{1,3}") + (r"(?=[.\d])" if len(p) == 1 else "") for p in ordered)


def _provinces() -> dict[str, str]:
    """Spelled way of writing -> name of the province."""
    names = [*_PLACES["before_2025"]["names"], *_PLACES["after_2025"]["unchanged"]]
    written = {alias: name for name, aliases in _PLACES["written"].items() if name != "source" for alias in aliases}
    return {spell(alias): name for alias, name in written.items()} | {spell(name): name for name in names}


FINE, UNIT, PROVINCES = _phrases("fine"), _phrases("unit"), _provinces()
_KIND_OF = FINE | UNIT
_BEFORE = " ,;:|/()[]-–—•*_\"“'"
LABELS = _phrases("label")
_STOP_WORDS = frozenset(map(spell, PARTS["stop_words"]["words"]))
_COUNTRIES = any_of(map(spell, PARTS["inside"]["country"]))
PART = re.compile(rf"(?<![\w.])(?P<word>{any_of(_KIND_OF)})(?![^\W\d])[.: ]{{0,3}}(?=(?P<next>\S))")
_NUMBER = re.compile(
    r"(?:[^\W\d]{1,2}[.-]?)?\d{1,5}[a-z]{0,2}(?:(?:[+./-]| [-–] (?=\d))[a-z]{0,2}\d{0,4}[a-z]{0,2}){0,4} (?=[^\W\d])")
_HOUSE = re.compile(r"(?:số )?(?:[^\W\d]{0,2}\d[\w/.-]*) ")
_PROVINCE = pattern(rf"(?<!\w)(?P<name>{any_of(PROVINCES)})(?: city| province)?(?: \d{{5,6}})?\.?$")
_COUNTRY = re.compile(rf"(?:{_COUNTRIES})[.\s]*$")
_INSIDE = re.compile(rf"(?:{any_of(map(spell, PARTS['inside']['words']))})(?!\w)")
_STOP_LABEL = re.compile(rf"(?:{any_of(LABELS)})(?: \d{{1,2}})? ?:")
_REACH = re.compile(r"[\w.+-]{1,64}@|https?:|www\.|\+84|\(?0\d{2,3}\)?[ .-]?\d{3,4}[ .-]?\d{2}|1[89]00\b")
_WORD = re.compile(r"[ \xa0]{0,9}(?P<token>[^\s,;|•()]+)")
_SEPARATOR = re.compile(r"\s*,\s*\n?\s*|[ ]+[-–—/][ ]*|[-–—][ ]+|[ ]*\n\s*|[ ]*(?=[;|•()])|$")
LIMIT = 300  # characters of an address; the longest have about 200
_PART_LIMIT = 120  # characters between two separators
_NAME_LIMIT = 40  # characters of a part that no word marks: the name of a street, a quarter, a district
_LOWER = 5  # words in lower case on end after a label


@dataclass(slots=True)
class Reading:
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
        """How many kinds of small parts there are: house, street, building."""
        return len(self.kinds & set(FINE.values()))

    @property
    def coarse(self) -> int:
        """How many kinds of administrative units there are, the province among them."""
        return len(self.kinds & set(UNIT.values())) + bool(self.province)


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


def read(whole: str, spelled: str, start: int, *, lenient: bool) -> Reading:
    """Read parts from `start` on, as long as they are parts of an address. `lenient`: names may be in lower case."""
    reading, position, limit = Reading(end=start), start, min(start + LIMIT, len(whole))
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


def _continues(reading: Reading, part: "_Part", *, new_line: str, lenient: bool) -> bool:
    """Whether `part` belongs to what has been read: after a province only a country or a larger place does, and on the
    next line, where no comma ended the last, only what says by a word that it is part of an address."""
    if reading.province:
        return bool(part.province) or part.kinds == {"country"}
    if new_line and "," not in new_line:
        return bool(part.kinds - {"number"} or part.province)
    return part.told or (part.length < _NAME_LIMIT and (reading.parts > 0 or lenient))


def _part(whole: str, spelled: str, start: int, limit: int, *, lenient: bool) -> "_Part | None":
    """The part at `start`, up to its separator, a label, or the prose that goes on; `None` where there is none."""
    kinds = {"number"} if begins_with_number(whole, spelled, start, limit, lenient=lenient) else set()
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


def begins_with_number(whole: str, spelled: str, start: int, limit: int, *, lenient: bool) -> bool:
    """Whether the number of a house begins at `start`: a name or a word that begins a part follows it."""
    number = _NUMBER.match(spelled, start, limit)
    return number is not None and bool(
        lenient or whole[number.end()].isupper() or PART.match(spelled, number.end()))


def _marked(whole: str, spelled: str, position: int, limit: int, *, lenient: bool) -> tuple[int, str] | None:
    """Where the word at `position` that begins a part ends, and the kind of part, empty where no name follows."""
    named = PART.match(spelled, position, limit)
    if named is None:
        return None
    kind, after = _KIND_OF[re.sub(" +", " ", named["word"])], named.end()
    follows = whole[after].isupper() or whole[after].isdigit()
    if kind == "number":  # "số" is also the word for digital
        follows = any(c.isdigit() for c in whole[after:after + 3])
    next_part = PART.match(spelled, after, limit) is not None
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
    before = list(PART.finditer(part))
    owner = before[-1] if before else None
    if owner and owner.end() == found.start("name") and _KIND_OF[re.sub(" +", " ", owner["word"])] != "city":
        return ""
    return PROVINCES[re.sub(" +", " ", found["name"])]
