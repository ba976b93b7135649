"""Which kinds a sentence is to be searched for: one look at it for the words without which it holds none of a kind.

Most sentences hold no entity, and most kinds are given away by a few characters: a digit, an `@`, a phrase of their
vocabulary. A kind's `triggers()` are strings of which every sentence that holds one of its entities has at least one,
whatever the case and the white space; `triggers_above()` those that may stand in a heading or the lead-in instead,
`triggers_before()` those that may stand in the sentence before or the lead-in.

>>> from pipeline.entities import email, legal_ref
>>> kinds = (email, legal_ref)
>>> [[kind.KIND for kind in due(kinds, text)] for text in ("Gửi tới A@b.vn", "LUẬT giá", "Khách")]
[['email'], ['legal_ref'], []]
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from types import ModuleType
from typing import Any

from pipeline.entities.phrases import spell

DIGITS = tuple("0123456789")
NUMBERS = tuple(first + space + second for first in DIGITS for space in ("", " ") for second in DIGITS)
"""What every number of two digits and more has."""

Kinds = tuple[ModuleType, ...]


def due(kinds: Kinds, text: str, above: Iterable[str] = (), before: Iterable[str] = ()) -> Kinds:
    """The kinds to search a sentence for, given its text, those of headings and lead-in, of lead-in and neighbour."""
    found = _found(kinds, text)
    for other in above:
        found |= _found(kinds, other) >> len(kinds)
    for other in before:
        found |= _found(kinds, other) >> 2 * len(kinds)
    return _chosen(kinds, found & (1 << len(kinds)) - 1)


@lru_cache(maxsize=4096)
def _found(kinds: Kinds, text: str) -> int:
    """The triggers in a text: a bit for each kind, then one for each whose triggers stand above, then before."""
    found = 0
    for _, bits in _automaton(kinds).iter(" ".join(spell(text).split())):
        found |= bits
    return found


@lru_cache(maxsize=4096)
def _chosen(kinds: Kinds, found: int) -> Kinds:
    return tuple(kind for number, kind in enumerate(kinds) if found >> number & 1)


@cache
def _automaton(kinds: Kinds) -> Any:
    import ahocorasick

    bits: dict[str, int] = {}
    strings: list[Iterable[str]] = [
        getattr(kind, name, tuple)()
        for name in ("triggers", "triggers_above", "triggers_before")
        for kind in kinds
    ]
    for place, triggers in enumerate(strings):
        for trigger in _shortest(set(map(spell, triggers))):
            bits[trigger] = bits.get(trigger, 0) | 1 << place
    automaton = ahocorasick.Automaton()
    for trigger, places in bits.items():
        automaton.add_word(trigger, places)
    automaton.make_automaton()
    return automaton


def _shortest(strings: set[str]) -> list[str]:
    """Those that hold none of the others: each of the rest is found with one of them."""
    return [string for string in strings
            if not any(string[start:end] in strings for start in range(len(string))
                       for end in range(start + 1, len(string) + 1) if end - start < len(string))]
