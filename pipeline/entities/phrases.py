"""Vocabularies of concepts and the places of their phrases in a text.

A vocabulary is a file `pipeline/vocabulary/NAME.toml`: `source`, `[[concept]]` tables (`id`, `vi`, `en`, `group`,
optional `sensitive`, `phrases`, and `weak`: phrases that mean the concept only in a list of its kind) and `other`,
phrases that contain one of these and mean something else. Phrases are found whatever the case, tone placement (xoá,
xóa) or spelling of i and y (kĩ, kỹ), at word boundaries, the longest from the left; "…" in a phrase stands for at
most `GAP` characters of the same clause.

>>> [(hit.concept.id, hit.weak) for hit in find("data_types", spell("Họ tên, địa chỉ email và địa chỉ"))]
[('full_name', False), ('email', False), ('postal_address', True)]
>>> [hit.concept.id for hit in find("measures", spell("Mã hoá mật khẩu theo một chiều"))]
['password_hashing']
>>> [hit.concept.id for hit in find("data_types", spell("địa chỉ website, bưu điện"))]
[]
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, NamedTuple

from pipeline.nlp import fold

GAP = 100
"""Characters that "…" may stand for: about twenty words, what fits between verb and object of one clause."""

USERS = (
    "khách hàng", "quý khách", "qúy khách", "quí khách", "người dùng", "người sử dụng", "người tiêu dùng", "người mua",
    "người bán", "người chơi", "người bệnh", "bệnh nhân", "người lao động", "người học", "người truy cập", "người đọc",
    "người được bảo hiểm", "người vay", "người giám hộ", "người đặt lịch", "người thuê", "người ủng hộ", "khách thuê",
    "hành khách", "du khách", "khách", "chủ thể dữ liệu", "chủ thể", "chủ tài khoản", "chủ xe", "bạn", "anh chị",
    "anh/chị", "anh, chị", "ông/bà", "ông bà", "thành viên", "hội viên", "học viên", "học sinh", "sinh viên",
    "phụ huynh", "cha mẹ", "bố mẹ", "ba mẹ", "ứng viên", "độc giả", "nhà đầu tư", "nhà tài trợ", "tài xế",
    "đối tác lái xe", "cư dân", "thuê bao", "đơn vị sử dụng",
)
"""What policies call the person whose data it is; a right or duty is the user's only where one of these has it."""

USER = r"\b(?:" + "|".join(sorted(map(re.escape, USERS), key=len, reverse=True)) + ")"
"""Regular expression for any of `USERS`, the longest first."""

_CLAUSE_END = re.compile(r"[.;:!?…](?=\s|$)|\n")
_I_FOR_Y = re.compile(r"(?<=[hklmst])[yýỳỷỹỵ](?!\w)|(?<=qu)[yýỳỷỹỵ](?!\w)")
_I = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")


class Concept(NamedTuple):
    """One thing that policies speak of; `sensitive` as Decree 356/2025 art. 4(1) counts it."""

    id: str
    vi: str
    en: str
    group: str
    sensitive: bool


class Hit(NamedTuple):
    """A phrase of `concept` at characters `start` to `end`; `weak` where it alone does not prove the concept."""

    start: int
    end: int
    concept: Concept
    weak: bool


class _Entry(NamedTuple):
    length: int
    concept: Concept | None
    """`None` for a phrase that means something else."""
    weak: bool
    head: str
    """Words that must stand before it within `GAP`: of the second half of a phrase with "…", empty otherwise."""
    opens: bool
    """Whether it is a first half itself."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    concepts: dict[str, Concept]
    automaton: Any


@lru_cache(maxsize=4096)
def spell(text: str) -> str:
    """`nlp.fold` and one spelling of i and y, as many characters as `text`.

    >>> spell("KỸ THUẬT, kĩ thuật, quý khách, y tế, yêu cầu")
    'kĩ thuật, kĩ thuật, quí khách, y tế, yêu cầu'
    """
    return _I_FOR_Y.sub(lambda m: m.group().translate(_I), fold(text))


def pattern(regex: str) -> re.Pattern[str]:
    """`regex`, written in everyday spelling, compiled for text from `spell`."""
    return re.compile(_I_FOR_Y.sub(lambda m: m.group().translate(_I), regex))


def find(vocabulary: str, spelled: str) -> tuple[Hit, ...]:
    """The phrases of a vocabulary in a text from `spell`, in order; no two overlap unless one of them has a gap."""
    found = [(end + 1 - entry.length, end + 1, entry)
             for end, entries in _load(vocabulary).automaton.iter(spelled) for entry in entries]
    if not found:
        return ()
    whole = [place for place in found if _at_boundaries(spelled, place[0], place[1])]
    whole.sort(key=_leftmost_longest)
    plain = list(_longest(whole))
    gapped = [hit for hit in _with_gaps(spelled, whole) if not _overlaps(hit, plain)]
    return tuple(sorted(plain + gapped)) if gapped else tuple(plain)


def _leftmost_longest(place: tuple[int, int, _Entry]) -> tuple[int, int]:
    return place[0], -place[1]


def concepts(vocabulary: str) -> dict[str, Concept]:
    """The concepts of a vocabulary by id."""
    return _load(vocabulary).concepts


def canonical(vocabulary: str, surface: str) -> str:
    """Id of the concept that `surface` as a whole is a phrase of; `ValueError` where it is none."""
    stripped = surface.strip()
    for hit in find(vocabulary, spell(stripped)):
        if (hit.start, hit.end) == (0, len(stripped)):
            return hit.concept.id
    raise ValueError(f"{surface!r}: no phrase of vocabulary {vocabulary}")


def _at_boundaries(text: str, start: int, end: int) -> bool:
    """Whether words begin and end there; a number may touch the first word ("2giới tính", a marker without space)."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalpha() or (before.isdigit() and text[start].isdigit()) or after.isalnum())


def _overlaps(hit: Hit, plain: list[Hit]) -> bool:
    """Whether one of `plain`, in order and apart from each other, says the same at the same place."""
    at = bisect_left(plain, hit.start, key=lambda other: other.end)
    while at < len(plain) and plain[at].start < hit.end:
        if plain[at].concept == hit.concept:
            return True
        at += 1
    return False


def _longest(places: list[tuple[int, int, _Entry]]) -> Iterator[Hit]:
    reached = 0
    for start, end, entry in places:
        if start >= reached and not entry.head and not entry.opens:
            reached = end
            if entry.concept is not None:
                yield Hit(start, end, entry.concept, entry.weak)


def _with_gaps(text: str, places: list[tuple[int, int, _Entry]]) -> Iterator[Hit]:
    heads: dict[str, tuple[int, int]] = {}
    closed: dict[tuple[str, str], int] = {}
    for start, end, entry in places:
        if entry.opens:
            heads[text[start:end]] = start, end
        elif entry.head in heads and entry.concept is not None:
            head_start, head_end = heads[entry.head]
            pair = entry.head, entry.concept.id
            if not head_end <= start <= head_end + GAP or closed.get(pair) == head_start:
                continue
            if not _CLAUSE_END.search(text, head_end, start):
                closed[pair] = head_start
                yield Hit(head_start, end, entry.concept, entry.weak)


@cache
def _load(vocabulary: str) -> _Vocabulary:
    import ahocorasick  # type: ignore[import-not-found]

    file = resources.files("pipeline") / "vocabulary" / f"{vocabulary}.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    known = {row["id"]: Concept(row["id"], row["vi"], row["en"], row["group"], row.get("sensitive", False))
             for row in table["concept"]}
    entries: dict[str, list[_Entry]] = {}
    for phrase, concept, weak in _phrases(table, known):
        head, _, tail = (part.strip() for part in spell(phrase).partition("…"))
        words, opening = (tail, head) if tail else (head, "")
        entries.setdefault(words, []).append(_Entry(len(words), concept, weak, head=opening, opens=False))
        if opening and not any(entry.opens for entry in entries.get(opening, ())):
            entries.setdefault(opening, []).append(_Entry(len(opening), None, False, head="", opens=True))
    automaton = ahocorasick.Automaton()
    for phrase, meanings in entries.items():
        automaton.add_word(phrase, tuple(meanings))
    automaton.make_automaton()
    return _Vocabulary(known, automaton)


def _phrases(table: dict[str, Any], known: dict[str, Concept]) -> Iterator[tuple[str, Concept | None, bool]]:
    for row in table["concept"]:
        for phrase in row.get("phrases", ()):
            yield phrase, known[row["id"]], False
        for phrase in row.get("weak", ()):
            yield phrase, known[row["id"]], True
    for phrase in table.get("other", ()):
        yield phrase, None, False
