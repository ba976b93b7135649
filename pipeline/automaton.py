"""Many strings looked for in one pass over a text."""

from collections.abc import Mapping
from typing import Any


def automaton(strings: Mapping[str, object]) -> Any:
    """An Aho-Corasick automaton: its `iter(text)` gives the last character and the value of each place of a string.

    >>> list(automaton({"lưu": 1, "lưu trữ": 2}).iter("được lưu trữ"))
    [(7, 1), (11, 2)]
    """
    import ahocorasick  # at first use: `vnpolicy --help` needs none

    made = ahocorasick.Automaton()
    for string, value in strings.items():
        made.add_word(string, value)
    made.make_automaton()
    return made
