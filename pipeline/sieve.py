"""Many regular expressions over the same texts: each is asked only where a text has words that it cannot do without.

Most rules of the comparison match one sentence in a hundred, and looking for that one costs as much as all else. So
each expression names sets of literals of each of which every match has one, one automaton finds the literals of all
expressions in one pass over a text, and an expression that misses one of its sets is not asked.

>>> [sorted(some) for some in literals(r"\\b(?:hủy|xóa) (?:bỏ )?tài khoản|thu hồi .{0,40}đồng ý")]
[['thu hồi ', 'tài khoản']]
>>> [sorted(some) for some in literals(r"\\b(?:hủy|xóa) (?:bỏ )?tài khoản")]
[['tài khoản'], ['hủy', 'xóa']]
>>> pattern = compiled(r"\\b(?:hủy|xóa) tài khoản")
>>> [bool(pattern.search(text)) for text in ("bạn được xóa tài khoản", "tài khoản của bạn", "bạn được xóa ảnh")]
[True, False, False]
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from re import _constants as syntax  # type: ignore[attr-defined]  # nothing public says what an expression consists of
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from pipeline.automaton import automaton

LITERALS = 100
"""Literals of one set at the most: with more of them it is met nearly everywhere."""

SHORTEST = 2
"""Characters of the shortest literal that tells texts apart; of signs that are no letters one is enough."""

ANY = 1
"""A bit that every text has, for expressions without literals."""


class Pattern:
    """An expression that answers as a compiled one does; with several, a match of the first that has one.

    `bits`: a text without any of them has no match.
    """

    __slots__ = ("_asked", "bits")

    def __init__(self, asked: Sequence[tuple[str, tuple[int, ...]]]) -> None:
        self._asked = tuple(asked)
        self.bits = 0
        for _, needed in self._asked:
            self.bits |= needed[0] if needed else ANY

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text."""
        present = _present(text)
        if present & self.bits:
            for expression, needed in self._asked:
                if _has(present, needed) and (found := _regex(expression).search(text)):
                    return found
        return None

    def sub(self, instead: str, text: str) -> str:
        """The text with `instead` for each match."""
        present = _present(text)
        if present & self.bits:
            for expression, needed in self._asked:
                if _has(present, needed):
                    text = _regex(expression).sub(instead, text)
        return text


@cache
def _regex(expression: str) -> re.Pattern[str]:
    """Made when it is first asked: a policy asks a few of hundreds, and to make one takes longer than to ask it."""
    return re.compile(expression)


def _has(present: int, needed: tuple[int, ...]) -> bool:
    for bits in needed:  # noqa: SIM110  # a generator takes longer than the search that it may save
        if not present & bits:
            return False
    return True


class Texts:
    """Texts that are asked for many expressions."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = list(texts)
        self._present: list[int] = []
        self._sets = 0

    def matching(self, pattern: Pattern) -> list[int]:
        """The places of those that have a match."""
        if self._sets != len(_SIEVE.sets):  # an expression was compiled since
            self._present, self._sets = [_present(text) for text in self._texts], len(_SIEVE.sets)
        bits, texts = pattern.bits, self._texts
        return [i for i, present in enumerate(self._present) if present & bits and pattern.search(texts[i])]


class _Sieve:
    """The literals of all expressions so far, each with the bits of the sets that it is in."""

    def __init__(self) -> None:
        self.sets: dict[frozenset[str], int] = {}
        self.bits: dict[str, int] = {}
        self.automaton: Any = None

    def bit(self, literals: frozenset[str]) -> int:
        """The bit of a set of literals."""
        if literals not in self.sets:
            self.sets[literals] = bit = 2 * ANY << len(self.sets)
            for literal in literals:
                self.bits[literal] = self.bits.get(literal, 0) | bit
            self.automaton = None
            _present.cache_clear()
        return self.sets[literals]

    def found(self, text: str) -> int:
        """The bits of the sets of which the text has a literal."""
        if self.automaton is None:
            self.automaton = automaton(self.bits)
        found = ANY
        for _, bits in self.automaton.iter(text):
            found |= bits
        return found


_SIEVE = _Sieve()


@lru_cache(maxsize=8192)
def _present(text: str) -> int:
    return _SIEVE.found(text)


def compiled(*expressions: str) -> Pattern:
    """The expressions, for texts that are searched for many others too."""
    return Pattern([(e, tuple(map(_SIEVE.bit, literals(e)))) for e in expressions])


def literals(expression: str) -> list[frozenset[str]]:
    """Sets of strings: every match of the expression has at least one string of each. The most telling set first."""
    parsed = parser.parse(expression)
    if parsed.state.flags & re.IGNORECASE:
        return []
    return sorted(dict.fromkeys(_sets(parsed)), key=_worth, reverse=True)


def _worth(literals: frozenset[str]) -> tuple[int, int]:
    """The longest literals, of the fewest, tell the most."""
    return min(map(len, literals)), -len(literals)


def _sets(items: Any) -> list[frozenset[str]]:
    """The sets of items that must all match."""
    found: list[frozenset[str]] = []
    run = ""
    for code, value in [*items, (None, None)]:
        if code is syntax.LITERAL:
            run += chr(value)
            continue
        found += [frozenset({run})] if run else []
        run = ""
        found += _inside(code, value)
    return [some for some in found if all(len(s) >= SHORTEST or not (s.isalnum() or s.isspace()) for s in some)]


def _inside(code: Any, value: Any) -> list[frozenset[str]]:
    """The sets of one item that is no literal itself."""
    if code is syntax.SUBPATTERN and not value[1]:  # a group without flags of its own
        return _sets(value[3])
    if code is syntax.IN and all(kind is syntax.LITERAL for kind, _ in value):
        return [frozenset(chr(letter) for _, letter in value)]
    if code is syntax.BRANCH:
        choices = [max(_sets(branch), key=_worth, default=frozenset()) for branch in value[1]]
        united = frozenset[str]().union(*choices)
        return [united] if all(choices) and len(united) <= LITERALS else []
    if code in (syntax.MAX_REPEAT, syntax.MIN_REPEAT, syntax.POSSESSIVE_REPEAT) and value[0] > 0:
        return _sets(value[2])
    return []
