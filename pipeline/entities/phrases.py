"""Vocabularies of concepts and the places of their phrases in a text.

A vocabulary is a file `pipeline/vocabulary/NAME.toml`: `source`, `[[concept]]` tables (`id`, `vi`, `en`, `group`,
optional `sensitive`, `phrases`, and `weak`: phrases that mean the concept only in a list of its kind) and `other`,
phrases that contain one of these and mean something else. Phrases are found whatever the case, tone placement (xoá,
xóa) or spelling of i and y (kĩ, kỹ), at word boundaries, the longest from the left; a phrase may mean two concepts
("xem, sửa"); "…" in a phrase stands for at most `GAP` characters of the same clause.

>>> [(hit.concept.id, hit.weak) for hit in find("data_types", spell("Họ tên, địa chỉ email và địa chỉ"))]
[('full_name', False), ('email', False), ('postal_address', True)]
>>> [hit.concept.id for hit in find("measures", spell("Mã hoá mật khẩu theo một chiều"))]
['password_hashing']
>>> [hit.concept.id for hit in find("data_types", spell("địa chỉ website, bưu điện"))]
[]
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline.automaton import automaton
from pipeline.entities.cues import spell, table

VOCABULARIES = ("data_types", "recipients", "rights", "measures")
"""Those whose phrases are searched for together."""

GAP = 100
"""Characters that "…" may stand for: about twenty words, what fits between verb and object of one clause."""

_CLAUSE_END = re.compile(r"[.;:!?…](?=\s|$)|\n")


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


_Place = tuple[int, int, _Entry]
"""Start, end, and what is said there."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    concepts: dict[str, Concept]
    phrases: dict[str, list[_Entry]]


def find(vocabulary: str, spelled: str) -> tuple[Hit, ...]:
    """The phrases of a vocabulary in a text from `spell`, in order; no two overlap unless one of them has a gap."""
    whole = _places(spelled).get(vocabulary)
    if not whole:
        return ()
    whole.sort(key=_leftmost_longest)
    plain = list(_longest(whole))
    gapped = [hit for hit in _with_gaps(spelled, whole) if not _overlaps(hit, plain)]
    return tuple(sorted(plain + gapped)) if gapped else tuple(plain)


@lru_cache(maxsize=16)
def _places(spelled: str) -> dict[str, list[_Place]]:
    """The places of the phrases of all vocabularies, by vocabulary: one look for the kinds that search a sentence."""
    found: dict[str, list[_Place]] = {}
    for end, meanings in _automaton().iter(spelled):
        if _ends_word(spelled, end + 1):
            for vocabulary, entry in meanings:
                if _begins_word(spelled, end + 1 - entry.length):
                    found.setdefault(vocabulary, []).append((end + 1 - entry.length, end + 1, entry))
    return found


def _leftmost_longest(place: _Place) -> tuple[int, int]:
    return place[0], -place[1]


def concepts(vocabulary: str) -> dict[str, Concept]:
    """The concepts of a vocabulary by id."""
    return _load(vocabulary).concepts


def openings(vocabulary: str) -> Iterator[str]:
    """The phrases of a vocabulary that mean a concept, of those with a gap the first half, as `spell` writes them."""
    for phrase, entries in _load(vocabulary).phrases.items():
        yield from (entry.head or phrase for entry in entries if entry.concept)


def canonical(vocabulary: str, surface: str) -> str:
    """Id of the concept that `surface` as a whole is a phrase of; `ValueError` where it is none."""
    stripped = surface.strip()
    for hit in find(vocabulary, spell(stripped)):
        if (hit.start, hit.end) == (0, len(stripped)):
            return hit.concept.id
    raise ValueError(f"{surface!r}: no phrase of vocabulary {vocabulary}")


def _begins_word(text: str, start: int) -> bool:
    """Whether a word begins there; a number may touch it ("2giới tính", a marker without space)."""
    before = text[start - 1] if start else " "
    return not (before.isalpha() or (before.isdigit() and text[start].isdigit()))


def _ends_word(text: str, end: int) -> bool:
    return end == len(text) or not text[end].isalnum()


def _overlaps(hit: Hit, plain: list[Hit]) -> bool:
    """Whether one of `plain`, in order and apart from each other, says the same at the same place."""
    at = bisect_left(plain, hit.start, key=lambda other: other.end)
    while at < len(plain) and plain[at].start < hit.end:
        if plain[at].concept == hit.concept:
            return True
        at += 1
    return False


def _longest(places: list[_Place]) -> Iterator[Hit]:
    """The longest from the left; one phrase may mean two concepts ("xem, sửa")."""
    reached = last = 0
    for start, end, entry in places:
        if (start >= reached or (start, end) == (last, reached)) and not entry.head and not entry.opens:
            last, reached = start, end
            if entry.concept is not None:
                yield Hit(start, end, entry.concept, entry.weak)


def _with_gaps(text: str, places: list[_Place]) -> Iterator[Hit]:
    heads: dict[str, tuple[int, int]] = {}
    closed: dict[tuple[str, str], int] = {}
    void = 0
    for start, end, entry in places:
        if start < void:  # within a phrase that means something else
            continue
        if entry.opens:
            heads[text[start:end]] = start, end
        elif entry.concept is None:
            void = end
        elif entry.head in heads:
            head_start, head_end = heads[entry.head]
            pair = entry.head, entry.concept.id
            if not head_end <= start <= head_end + GAP or closed.get(pair) == head_start:
                continue
            if not _CLAUSE_END.search(text, head_end, start):
                closed[pair] = head_start
                yield Hit(head_start, end, entry.concept, entry.weak)


@cache
def _load(vocabulary: str) -> _Vocabulary:
    file = table(vocabulary)
    known = {row["id"]: Concept(row["id"], row["vi"], row["en"], row["group"], row.get("sensitive", False))
             for row in file["concept"]}
    entries: dict[str, list[_Entry]] = {}
    for phrase, concept, weak in _phrases(file, known):
        head, _, tail = (part.strip() for part in spell(phrase).partition("…"))
        words, opening = (tail, head) if tail else (head, "")
        entry = _Entry(len(words), concept, weak, head=opening, opens=False)
        if entry not in entries.setdefault(words, []):  # "kỳ" and "kì" are one
            entries[words].append(entry)
        if opening and not any(entry.opens for entry in entries.get(opening, ())):
            entries.setdefault(opening, []).append(_Entry(len(opening), None, False, head="", opens=True))
    return _Vocabulary(known, entries)


@cache
def _automaton() -> Any:
    meanings: dict[str, list[tuple[str, _Entry]]] = {}
    for vocabulary in VOCABULARIES:
        for phrase, entries in _load(vocabulary).phrases.items():
            meanings.setdefault(phrase, []).extend((vocabulary, entry) for entry in entries)
    return automaton(meanings)


def _phrases(file: dict[str, Any], known: dict[str, Concept]) -> Iterator[tuple[str, Concept | None, bool]]:
    for row in file["concept"]:
        for phrase in row.get("phrases", ()):
            yield phrase, known[row["id"]], False
        for phrase in row.get("weak", ()):
            yield phrase, known[row["id"]], True
    for phrase in file.get("other", ()):
        yield phrase, None, False
