"""Many regular expressions over the same texts: each is asked only where a text has words that it cannot do without.

Most rules of the comparison match one sentence in a hundred, and looking for that one costs as much as all else. So
each expression names literals of which every match has one, one automaton finds the literals of all expressions in one
pass over a text, and an expression without any of its own is not asked.

>>> sorted(literals(r"\\b(?:hủy|xóa) (?:bỏ )?tài khoản|thu hồi .{0,40}đồng ý"))
['thu hồi ', 'tài khoản']
>>> pattern = compiled(r"\\b(?:hủy|xóa) tài khoản")
>>> [bool(pattern.search(text)) for text in ("bạn được xóa tài khoản", "tài khoản của bạn", "bạn được xóa ảnh")]
[True, False, False]
"""

import re
from functools import lru_cache
from re import _constants as syntax  # type: ignore[attr-defined]  # nothing public says what an expression consists of
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LITERALS = 40
"""Literals of one expression at the most: with more of them it is asked nearly everywhere."""

SHORTEST = 2
"""Characters of the shortest literal that tells texts apart."""


class Pattern:
    """An expression that answers as a compiled one does."""

    __slots__ = ("_bit", "_regex")

    def __init__(self, regex: re.Pattern[str], bit: int) -> None:
        self._regex, self._bit = regex, bit

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text."""
        return self._regex.search(text) if self._may_match(text) else None

    def sub(self, instead: str, text: str) -> str:
        """The text with `instead` for each match."""
        return self._regex.sub(instead, text) if self._may_match(text) else text

    def _may_match(self, text: str) -> bool:
        return not self._bit or bool(_present(text) & self._bit)


class _Sieve:
    """The literals of all expressions so far, each with the bits of those that name it."""

    def __init__(self) -> None:
        self.bits: dict[str, int] = {}
        self.count = 0
        self.automaton: Any = None

    def add(self, wanted: frozenset[str]) -> int:
        """A bit for an expression with these literals; 0 where there are none by which to tell."""
        if not wanted:
            return 0
        bit, self.count, self.automaton = 1 << self.count, self.count + 1, None
        for literal in wanted:
            self.bits[literal] = self.bits.get(literal, 0) | bit
        _present.cache_clear()
        return bit

    def found(self, text: str) -> int:
        """The bits of the expressions of which the text has a literal."""
        if self.automaton is None:
            import ahocorasick

            self.automaton = ahocorasick.Automaton()
            for literal, bits in self.bits.items():
                self.automaton.add_word(literal, bits)
            self.automaton.make_automaton()
        found = 0
        for _, bits in self.automaton.iter(text):
            found |= bits
        return found


_SIEVE = _Sieve()


@lru_cache(maxsize=8192)
def _present(text: str) -> int:
    return _SIEVE.found(text)


def compiled(expression: str) -> Pattern:
    """The expression, for texts that are searched for many others too."""
    return Pattern(re.compile(expression), _SIEVE.add(literals(expression)))


def literals(expression: str) -> frozenset[str]:
    """Strings of which every match of the expression has at least one; empty where there are no such strings."""
    parsed = parser.parse(expression)
    if parsed.state.flags & re.IGNORECASE:
        return frozenset()
    return _of(parsed) or frozenset()


def _of(items: Any) -> frozenset[str] | None:
    """The best choice among the items, which all must match: the longest literals, of the fewest."""
    found: list[frozenset[str]] = []
    run = ""
    for code, value in [*items, (None, None)]:
        if code is syntax.LITERAL:
            run += chr(value)
            continue
        if len(run) >= SHORTEST:
            found.append(frozenset({run}))
        run = ""
        if (inner := _inside(code, value)) is not None:
            found.append(inner)
    return max(found, key=lambda some: (min(map(len, some)), -len(some)), default=None)


def _inside(code: Any, value: Any) -> frozenset[str] | None:
    """The literals of one item that is no literal itself."""
    if code is syntax.SUBPATTERN and not value[1]:  # a group without flags of its own
        return _of(value[3])
    if code is syntax.BRANCH:
        choices = [_of(branch) for branch in value[1]]
        united = frozenset().union(*(choice for choice in choices if choice))
        return united if all(choices) and len(united) <= LITERALS else None
    if code in (syntax.MAX_REPEAT, syntax.MIN_REPEAT, syntax.POSSESSIVE_REPEAT) and value[0] > 0:
        return _of(value[2])
    return None
