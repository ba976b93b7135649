"""Which letters a match of a regular expression begins with, and a search that tries it at these letters alone.

Python's engine tries an expression that begins with a condition (`\\b`, a look behind) or with nested alternatives at
every character; the search for one letter of a set is ten times faster.

>>> sorted(first_letters(r"\\b(?:xóa|(?:các )?quyền|(?<!mong )muốn)\\b"))
['c', 'm', 'q', 'x']

Where an expression may begin with anything, or with what this module does not read (classes, flags), there is no set:

>>> first_letters(r"\\w+ ở") is None, first_letters("(?:nếu )?.") is None, first_letters("^a") is None
(True, True, True)
"""

import re
from collections.abc import Iterator
from sys import maxsize

_ITEM = re.compile(
    r"(?P<nothing>\\b|\(\?<?[=!])|(?P<group>\(\?:|\(\?P<\w+>)|(?P<letter>\\[^\w\s]|[^\\\[\](){}.*+?^$|])")
_MAY_BE_ABSENT = re.compile(r"[?*]|\{0?,")


class Sought:
    """A regular expression that is looked for as `re.Pattern` looks for it, and sooner found."""

    __slots__ = ("_begins", "_pattern")

    def __init__(self, regex: str) -> None:
        self._pattern = re.compile(regex)
        letters = first_letters(regex)
        self._begins = re.compile(rf"[{''.join(map(re.escape, sorted(letters)))}](?<=(?={regex}).)") if letters else None

    def search(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        if self._begins is None:
            return self._pattern.search(text, start, end)
        found = self._begins.search(text, start, end)
        return self._pattern.match(text, found.start(), end) if found else None

    def finditer(self, text: str, start: int = 0, end: int = maxsize) -> Iterator[re.Match[str]]:
        while found := self.search(text, start, end):
            yield found
            start = found.end()

    def match(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        return self._pattern.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        return self._pattern.fullmatch(text, start, end)

    def sub(self, replacement: str, text: str) -> str:
        return self._pattern.sub(replacement, text)


def first_letters(regex: str) -> frozenset[str] | None:
    """The letters that a match begins with; `None` where these cannot be told or a match may be empty."""
    letters = _letters(regex)
    return None if letters is None or "" in letters else letters


def _letters(regex: str) -> frozenset[str] | None:
    """The letters, and the empty string where all of `regex` may be absent."""
    found: set[str] = set()
    for alternative in _alternatives(regex):
        letters = _of_one(alternative)
        if letters is None:
            return None
        found |= letters
    return frozenset(found)


def _of_one(regex: str) -> frozenset[str] | None:
    found: set[str] = set()
    at = 0
    while at < len(regex):
        item = _ITEM.match(regex, at)
        if item is None:
            return None
        at = item.end() if item["letter"] or item.group() == r"\b" else _closing(regex, at) + 1
        absent = _MAY_BE_ABSENT.match(regex, at) is not None
        if item["nothing"]:
            if absent:
                return None
            continue
        letters = frozenset({item["letter"][-1]}) if item["letter"] else _letters(regex[item.end():at - 1])
        if letters is None or absent and regex[at] not in "?":
            return None
        found |= letters - {""}
        if not absent and "" not in letters:
            return frozenset(found)
        at += absent + regex.startswith("??", at)
    return frozenset({*found, ""})


def _alternatives(regex: str) -> Iterator[str]:
    begin = depth = 0
    for at, sign in _signs(regex):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and depth == 0:
            yield regex[begin:at]
            begin = at + 1
    yield regex[begin:]


def _closing(regex: str, opening: int) -> int:
    depth = 0
    for at, sign in _signs(regex[opening:]):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return opening + at
    raise ValueError(f"a bracket is not closed: {regex!r}")


def _signs(regex: str) -> Iterator[tuple[int, str]]:
    """Brackets and bars with their places, those that are escaped or stand in a class left out."""
    return ((m.start(), m.group()) for m in re.finditer(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", regex)
            if len(m.group()) == 1)
