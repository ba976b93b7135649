"""The headings above each line, and the sentence that introduces the list in which it stands.

A list begins after a sentence that ends in a colon and ends where its markers end, at a heading, or at an item that is
a sentence about the whole list ("- Trong mọi trường hợp, chúng tôi sẽ thông báo ..."). Lists lie inside lists.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.nlp import fold
from pipeline.records import SentenceKind
from pipeline.segment.cues import cues, is_lead_in
from pipeline.segment.furniture import is_title
from pipeline.segment.lines import Line

FRAGMENT = 25
"""Syllables in the longest line that is read as an item of a list without markers when nothing else shows it."""

DEPTH = 8
"""Lists that can be open at a time, one inside the other."""


class Placed(NamedTuple):
    """What a line is, the headings above it, and the index of its lead-in, `None` outside of lists."""

    kind: SentenceKind
    path: tuple[str, ...]
    lead_in: int | None


@dataclass(slots=True)
class _List:
    lead_in: int | None
    opened_by: str | None
    """Marker style of the line that introduces the list."""
    style: str | None = None
    """Marker style of its items; `""` for a list without markers, `None` before the first item."""
    blank: int = 0
    """Empty lines above its first item."""
    last: str = ""
    first_word: str = ""
    closed: bool = False


@dataclass(slots=True)
class Outline:
    """Reads the lines of one policy in order."""

    headings: list[tuple[str, str]] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    previous: Line | None = None
    previous_first: int = 0

    def place(self, line: Line, kind: SentenceKind, first: int, count: int) -> Placed:
        """Kind, headings above and lead-in of `line`, whose first of `count` sentences gets the index `first`."""
        if kind == "furniture":
            return Placed(kind, (), None)
        if kind == "heading":
            placed = Placed(kind, self._above(line), None)
            self._enter(line, first)
        else:
            item = self._item_of(line)
            path = tuple(text for _, text in self.headings)
            placed = Placed("item" if item or line.marker else "body", path, item.lead_in if item else None)
            if line.text.endswith(":"):
                self.lists.append(_List(first + count - 1, line.marker.style if line.marker else None))
                del self.lists[:-DEPTH]
        self.previous, self.previous_first = line, first
        return placed

    def _above(self, line: Line) -> tuple[str, ...]:
        depth = self._depth(line)
        return tuple(text for _, text in self.headings[:depth])

    def _depth(self, line: Line) -> int:
        key = self._key(line)
        return next((d for d, (other, _) in enumerate(self.headings) if other == key), len(self.headings))

    def _key(self, line: Line) -> str:
        """What headings of one level have in common. The first heading, where it has no number, is the title of all."""
        if line.marker is not None:
            return line.marker.style
        if line.is_number_alone:
            return "number alone"
        if not self.headings and is_title(line):
            return "title"
        return "CAPITALS" if line.text.isupper() else "plain"

    def _enter(self, line: Line, first: int) -> None:
        self.lists.clear()
        above = self.previous
        if above is not None and above.is_number_alone and self.headings and self.headings[-1][0] == "number alone":
            self.headings[-1] = ("number alone", f"{above.text} {line.text}")
            return
        depth = self._depth(line)
        key = self._key(line)
        del self.headings[depth:]
        self.headings.append((key, line.text))
        if is_lead_in(line.text):
            self.lists.append(_List(first, key))

    def _item_of(self, line: Line) -> _List | None:
        """The list whose item the line is, with the lists inside it closed; `None` where it stands in none."""
        found = self._marked(line, line.marker.style) if line.marker else self._unmarked(line)
        if found is None:
            if line.marker is None:
                self.lists.clear()
            return None
        if line.marker and found.style is not None and cues().outside.match(fold(line.body)):
            found.closed = True
        found.last = line.text
        return None if found.closed else found

    def _marked(self, line: Line, style: str) -> _List | None:
        while self.lists:
            top = self.lists[-1]
            if top.style is None and top.opened_by != style:
                top.style = style
                return top
            if top.style == style or (top.style == "" and top.opened_by != style):
                return top
            if top.opened_by == style or any(other.style == style for other in self.lists[:-1]):
                self.lists.pop()
            elif top.style is not None and self.previous is not None and self.previous.marker is not None:
                inner = _List(self.previous_first, self.previous.marker.style, style)
                self.lists.append(inner)
                return inner
            else:
                return None
        return None

    def _unmarked(self, line: Line) -> _List | None:
        """Items without markers: alike in their first word, or fragments, or after an item that ends in `;`."""
        if not self.lists:
            return None
        top = self.lists[-1]
        word = fold(line.text).split()[0]
        fragment = len(line.text.split()) <= FRAGMENT and not line.text.endswith(".")
        if top.style is None:
            top.style, top.first_word, top.blank = "", word, line.blank
            return top
        goes_on = top.last.endswith((";", ",")) and line.blank <= top.blank
        alike = word == top.first_word or (fragment and not top.last.endswith("."))
        return top if goes_on or (top.style == "" and alike) else None
