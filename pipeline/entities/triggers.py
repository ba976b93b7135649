"""Which kinds a sentence is to be searched for: one look at a policy for words without which it holds none of a kind.

Most sentences hold no entity, and most kinds are given away by a few characters: a digit, an `@`, a phrase of their
vocabulary. A kind's `triggers()` say of which strings every sentence that holds one of its entities has at least one,
whatever the case and the white space; a `Trigger` may ask for a second one, or for what stands above the sentence.

>>> from pipeline.entities import email, legal_ref
>>> kinds = (email, legal_ref)
>>> [[kind.KIND for kind in due(kinds, text)] for text in ("Gửi tới A@b.vn", "LUẬT giá", "Khách")]
[['email'], ['legal_ref'], []]
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from pipeline.automaton import automaton
from pipeline.entities.cues import spell
from pipeline.entities.match import Context
from pipeline.nlp import fold
from pipeline.records import Sentence

DIGITS = tuple("0123456789")
NUMBERS = tuple(first + space + second for first in DIGITS for space in ("", " ") for second in DIGITS)
"""What every number of two digits and more has."""

Kinds = tuple[ModuleType, ...]

CHOSEN = 20_000
"""Answers that are kept: most sentences have marks that another had before."""

_END = "\0"
"""Between two texts that are looked at together."""


class Above(NamedTuple):
    """What may say of what stands below it that it is of a kind."""

    path: tuple[str, ...]
    lead_in: str
    before: str
    """The sentence before."""


Announces = Callable[[Above], bool]


class Trigger(NamedTuple):
    """A sentence of the kind has one of `strings`, if there are any; besides ..."""

    strings: Iterable[str]
    also: Iterable[str] = ()
    """It has one of these, if there are any."""
    within_reach: bool = False
    """They may stand in what begins behind it, too."""
    announced: Announces | None = None
    """What stands above says so."""


def plain(text: str) -> str:
    """`text` with one space for white space, commas and opening quotes: what may part the words of a phrase.

    >>> plain('anh,  chị và “khách"')
    'anh chị và khách'
    """
    return " ".join(text.replace(",", " ").replace('"', " ").replace("“", " ").split())


class Marks(NamedTuple):
    """Sets of strings as bits, of which a sentence has one, or it and what is within reach; by whom it is announced."""

    here: int
    within_reach: int
    announced: int


class _Signs(NamedTuple):
    automaton: Any
    alternatives: tuple[tuple[int, int, int, int], ...]
    """Number of a kind, bits that it needs in the sentence, bits that it needs in a field of `Marks` (0: none), it."""
    announcers: tuple[tuple[Announces, int], ...]
    within_reach: int
    """Which bits are asked for behind a sentence, too."""
    chosen: dict[Marks, Kinds]
    """The kinds to search for, as far as they have been told before."""


def due(kinds: Kinds, text: str, context: Context = Context()) -> Kinds:
    """The kinds to search a sentence for, given what stands around it."""
    signs = _signs(kinds)
    here, behind = _marks(signs, [text, context.rest])
    above = Above(context.path, context.lead_in, context.before)
    return _chosen(kinds, signs, Marks(here, here | behind, _announced(signs, above)))


def due_in(kinds: Kinds, sentences: Sequence[Sentence], reach: int) -> Iterator[Kinds]:
    """The kinds to search each sentence for; what is within reach of it begins within `reach` characters behind."""
    signs = _signs(kinds)
    marks = _marks(signs, [sentence.text for sentence in sentences])
    following, last = 0, len(sentences)
    for i, sentence in enumerate(sentences):
        within_reach, following = marks[i], max(following, i + 1)
        while following < last and sentences[following].start < sentence.end + reach:
            following += 1
        for bits in marks[i + 1:following]:
            within_reach |= bits
        lead_in = "" if sentence.lead_in is None else sentences[sentence.lead_in].text
        above = Above(sentence.path, lead_in, sentences[i - 1].text if i else "")
        yield _chosen(kinds, signs, Marks(marks[i], within_reach & signs.within_reach, _announced(signs, above)))


def _announced(signs: _Signs, above: Above) -> int:
    return sum(bit for announces, bit in signs.announcers if announces(above))


def _marks(signs: _Signs, texts: Iterable[str]) -> list[int]:
    """For each text the sets of which it has a string."""
    together = f"{_END} ".join(["", *(spell(text).replace(_END, " ") for text in texts)])
    marks, bits = [], 0
    for _, found in signs.automaton.iter(plain(together) + _END):
        if found:
            bits |= found
        else:
            marks.append(bits)
            bits = 0
    return marks[1:]


def _chosen(kinds: Kinds, signs: _Signs, marks: Marks) -> Kinds:
    if (chosen := signs.chosen.get(marks)) is None:
        due = {number for number, needed, also, place in signs.alternatives
               if (not needed or marks.here & needed) and (not also or marks[place] & also)}
        chosen = tuple(kinds[number] for number in sorted(due))
        if len(signs.chosen) < CHOSEN:
            signs.chosen[marks] = chosen
    return chosen


@cache
def _signs(kinds: Kinds) -> _Signs:
    strings: dict[str, int] = {}
    sets: dict[frozenset[str], int] = {}
    alternatives: list[tuple[int, int, int, int]] = []
    announcers: dict[Announces, int] = {}
    within_reach = 0

    def bit(given: Iterable[str]) -> int:
        spelled = {plain(f"|{way(string)}|")[1:-1] for string in given for way in (fold, spell)}  # its own spaces stay
        wanted = frozenset(_shortest(spelled))
        return sets.setdefault(wanted, 1 << len(sets)) if wanted else 0

    for number, kind in enumerate(kinds):
        for trigger in kind.triggers():
            needed, also, place = bit(trigger.strings), bit(trigger.also), int(trigger.within_reach)
            if trigger.within_reach:
                within_reach |= also
            if trigger.announced:
                also = announcers.setdefault(trigger.announced, 1 << len(announcers))
                place = Marks._fields.index("announced")
            alternatives.append((number, needed, also, place))
    for wanted, place in sets.items():
        for string in wanted:
            strings[string] = strings.get(string, 0) | place
    return _Signs(automaton({**strings, _END: 0}), tuple(alternatives), tuple(announcers.items()), within_reach, {})


def _shortest(strings: set[str]) -> list[str]:
    """Those that hold none of the others: each of the rest is found with one of them."""
    return [string for string in strings
            if not any(string[start:end] in strings for start in range(len(string))
                       for end in range(start + 1, len(string) + 1) if end - start < len(string))]
