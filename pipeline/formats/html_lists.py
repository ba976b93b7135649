"""Markers of list items as a browser shows them: the numbers of an ordered list, its letters and Roman numerals."""

import re
from dataclasses import dataclass
from typing import Any

from pipeline.formats.dom import Attributes

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
_TYPES = {
    **{letter: letter for letter in ("a", "A", "i", "I", "1", "none")},
    **{"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A"},
    **{"lower-roman": "i", "upper-roman": "I", "disc": "-", "circle": "-", "square": "-"},
}
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(slots=True)
class Numbering:
    """How an ordered list counts: the number that comes next, and how it is written."""

    number: int
    step: int
    style: str

    def marker(self, said: Attributes) -> str:
        """The marker of the next item, which may say its own number."""
        number = whole(said.get("value", ""), self.number)
        self.number = number + self.step
        bullet = self.style in ("none", "-") or said.get("data-list") == "bullet"  # Quill has one kind of list for both
        return "- " if bullet else f"{numeral(number, self.style)}. "


def numbering(list_: Any, said: Attributes) -> Numbering:
    """How a list counts from its first item on."""
    style = _style(said) if list_.tag == "ol" else "-"
    if "reversed" in said:
        return Numbering(whole(said.get("start", ""), _items(list_)), -1, style)
    return Numbering(whole(said.get("start", ""), 1), 1, style)


def whole(text: str, otherwise: int) -> int:
    """The whole number that an attribute says, `otherwise` where it says none."""
    try:
        return int(text)
    except ValueError:
        return otherwise


def numeral(number: int, style: str) -> str:
    """The number as a list counts it.

    >>> numeral(3, "1"), numeral(3, "a"), numeral(28, "A"), numeral(14, "i"), numeral(4, "I"), numeral(0, "a")
    ('3', 'c', 'AB', 'xiv', 'IV', '0')
    """
    if style in ("1", "") or not 0 < number < 400:
        return str(number)
    letters = _alphabetic(number) if style in ("a", "A") else _roman(number)
    return letters.upper() if style.isupper() else letters


def _alphabetic(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(ord("a") + digit) + letters
    return letters


def _roman(number: int) -> str:
    letters = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        letters += sign * count
    return letters


def _style(said: Attributes) -> str:
    if found := _STYLE.search(said.get("style", "")):
        return _TYPES.get(found[1].lower(), "1")
    if "list-none" in said.get("class", "").split():
        return "none"
    return _TYPES.get(said.get("type", ""), "1")


def _items(list_: Any) -> int:
    count, child = 0, list_.first_child
    while child is not None:
        count += child.tag == "li"
        child = child.next
    return count
