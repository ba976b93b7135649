"""Which kinds a sentence is to be searched for: one look at a policy for words without which it holds none of a kind.

Most sentences hold no entity, and most kinds are given away by a few characters: a digit, an `@`, a phrase of their
vocabulary. A kind's `triggers()` say of which strings every sentence that holds one of its entities has at least one,
whatever the case and the white space; a `Trigger` may ask for a second one, in the sentence or near it.

>>> from pipeline.entities import email, legal_ref
>>> kinds = (email, legal_ref)
>>> [[kind.KIND for kind in due(kinds, text)] for text in ("Gửi tới A@b.vn", "LUẬT giá", "Khách")]
[['email'], ['legal_ref'], []]
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Any, Literal, NamedTuple

from pipeline.entities.match import Context
from pipeline.entities.phrases import spell
from pipeline.nlp import fold
from pipeline.records import Sentence

DIGITS = tuple("0123456789")
NUMBERS = tuple(first + space + second for first in DIGITS for space in ("", " ") for second in DIGITS)
"""What every number of two digits and more has."""

Kinds = tuple[ModuleType, ...]
Place = Literal["here", "before", "behind"]
"""The sentence; the one before it and the lead-in; the rest behind it."""

CHOSEN = 20_000
"""Answers that are kept: most sentences have marks that another had before."""

_END = "\0"
"""Between two texts that are looked at together."""


class Trigger(NamedTuple):
    """A sentence of the kind has one of `strings`, if there are any, and at `where` one of `also`, if there are any."""

    strings: Iterable[str]
    also: Iterable[str] = ()
    where: Place = "here"
    announced: Callable[[tuple[str, ...], str], bool] | None = None
    """Given the last two headings and the lead-in: whether they say that such entities stand below."""


def plain(text: str) -> str:
    """`text` with one space for white space, commas and opening quotes: what may part the words of a phrase.

    >>> plain('anh,  chị và “khách"')
    'anh chị và khách'
    """
    return " ".join(text.replace(",", " ").replace('"', " ").replace("“", " ").split())


class Marks(NamedTuple):
    """Sets of strings as bits: of which of them a sentence has one, and what stands around it; who is `announced`."""

    here: int
    before: int
    behind: int
    announced: int


class _Signs(NamedTuple):
    automaton: Any
    alternatives: tuple[tuple[int, int, int, int], ...]
    """Number of a kind, bits that it needs in the sentence, bits that it needs at a place (0: none), that place."""
    announcers: tuple[tuple[Callable[[tuple[str, ...], str], bool], int], ...]
    before: int
    """Which bits are asked for before a sentence."""
    behind: int
    chosen: dict[Marks, Kinds]
    """The kinds to search for, as far as they have been told before."""


def due(kinds: Kinds, text: str, context: Context = Context()) -> Kinds:
    """The kinds to search a sentence for, given what stands around it."""
    signs = _signs(kinds)
    here, *others, behind = _marks(signs, [text, context.lead_in, context.before, context.rest])
    announced = _announced(signs, context.path[-2:], context.lead_in)
    return _chosen(kinds, signs, Marks(here, _any(others), here | behind, announced))


def due_in(kinds: Kinds, sentences: Sequence[Sentence], reach: int) -> Iterator[Kinds]:
    """The kinds to search each sentence for; what stands behind it is what begins within `reach` characters."""
    signs = _signs(kinds)
    marks = _marks(signs, [sentence.text for sentence in sentences])
    told: dict[tuple[tuple[str, ...], int | None], int] = {}
    following, last = 0, len(sentences)
    for i, sentence in enumerate(sentences):
        lead_in = sentence.lead_in
        before = (0 if lead_in is None else marks[lead_in]) | (marks[i - 1] if i else 0)
        behind, following = marks[i], max(following, i + 1)
        while following < last and sentences[following].start < sentence.end + reach:
            following += 1
        for bits in marks[i + 1:following]:
            behind |= bits
        above = sentence.path[-2:], lead_in
        if above not in told:
            told[above] = _announced(signs, above[0], "" if lead_in is None else sentences[lead_in].text)
        yield _chosen(kinds, signs, Marks(marks[i], before & signs.before, behind & signs.behind, told[above]))


def _announced(signs: _Signs, path: tuple[str, ...], lead_in: str) -> int:
    return _any(bit for announces, bit in signs.announcers if announces(path, lead_in))


def _any(marks: Iterable[int]) -> int:
    together = 0
    for bits in marks:
        together |= bits
    return together


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
    import ahocorasick

    strings: dict[str, int] = {}
    sets: dict[frozenset[str], int] = {}
    alternatives: list[tuple[int, int, int, int]] = []
    announcers: list[tuple[Callable[[tuple[str, ...], str], bool], int]] = []
    masks = {"here": 0, "before": 0, "behind": 0}

    def bit(given: Iterable[str]) -> int:
        spelled = {plain(f"|{way(string)}|")[1:-1] for string in given for way in (fold, spell)}  # its own spaces stay
        wanted = frozenset(_shortest(spelled))
        return sets.setdefault(wanted, 1 << len(sets)) if wanted else 0

    for number, kind in enumerate(kinds):
        for trigger in kind.triggers():
            needed, also, place = bit(trigger.strings), bit(trigger.also), Marks._fields.index(trigger.where)
            masks[trigger.where] |= also
            if trigger.announced:
                also, place = 1 << len(announcers), Marks._fields.index("announced")
                announcers.append((trigger.announced, also))
            alternatives.append((number, needed, also, place))
    for wanted, place in sets.items():
        for string in wanted:
            strings[string] = strings.get(string, 0) | place
    automaton = ahocorasick.Automaton()
    for string, places in strings.items():
        automaton.add_word(string, places)
    automaton.add_word(_END, 0)
    automaton.make_automaton()
    return _Signs(automaton, tuple(alternatives), tuple(announcers), masks["before"], masks["behind"], {})


def _shortest(strings: set[str]) -> list[str]:
    """Those that hold none of the others: each of the rest is found with one of them."""
    return [string for string in strings
            if not any(string[start:end] in strings for start in range(len(string))
                       for end in range(start + 1, len(string) + 1) if end - start < len(string))]
