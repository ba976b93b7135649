"""Phrases of a vocabulary, written as rows of tokens, as regular expressions over text from `duration.spell`.

A token is `word`, `a|b` (one of them, `_` for a space), `{class}` (one of the words of that class), any of these with
`?` (may be absent), or `...3` (up to three words of any kind). The first token may not be absent. Tokens are whole
words; white space of any width and a comma may stand between them.

>>> import re
>>> classes = {"who": ["khách hàng", "bạn"]}
>>> re.search(regex(["khi ...1 {who} yêu_cầu|đề_nghị xóa?"], classes), "xóa khi mà  khách hàng, đề nghị").group()
'khi mà  khách hàng, đề nghị'

A table of phrases becomes one expression with a group a key; at one place the earlier key is tried first. The key
`other_words` is for phrases that contain one of the others and mean something else.

>>> cues = grouped({"other_words": ["lưu ý", "sao lưu"], "keep": ["lưu trữ?"]})
>>> [(m.group(), m.lastgroup) for m in found(cues, "lưu ý: bản sao lưu cũng lưu trữ ở đây")]
[('lưu trữ', 'keep')]

`runs` and `anchor` say which strings a text must have that holds a phrase.
"""

import itertools
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from pipeline.entities.duration import spell
from pipeline.entities.triggers import plain

OTHER = "other_words"
"""Key of the phrases that mean something else."""

CHOICES = 400
"""Strings of one run at most."""

Classes = Mapping[str, Sequence[str]]


def vocabulary(name: str) -> dict[str, Any]:
    """The tables of `vocabulary/NAME.toml`."""
    return tomllib.loads((resources.files("pipeline") / "vocabulary" / f"{name}.toml").read_text(encoding="utf-8"))


def regex(phrases: Sequence[str], classes: Classes | None = None) -> str:
    """A regular expression that matches any of the phrases, the earlier ones first."""
    return _framed(phrases, _any(phrases, classes), classes)


def grouped(table: Mapping[str, Sequence[str]], classes: Classes | None = None) -> re.Pattern[str]:
    """One regular expression for the phrases of all keys; the group that matched is the key."""
    groups = "|".join(f"(?P<{key}>{_any(phrases, classes)})" for key, phrases in table.items())
    return re.compile(_framed([phrase for phrases in table.values() for phrase in phrases], groups, classes))


def found(pattern: re.Pattern[str], text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
    """The matches of a pattern from `grouped` that mean what they say."""
    for match in pattern.finditer(text, start, len(text) if end is None else end):
        if match.lastgroup != OTHER:
            yield match


def runs(phrase: str, classes: Classes | None = None) -> list[list[str]]:
    """For each run of tokens that always follow each other: strings, as `triggers.plain` writes text, of which every
    text with the phrase has one; of a run of many choices those of its most telling part.

    >>> runs("xóa|hủy tài_khoản bỏ? ...2 {who}", {"who": ["bạn", "khách"]})
    [['xóa tài khoản', 'hủy tài khoản'], ['bạn', 'khách']]
    """
    found: list[list[list[str]]] = [[]]
    for token in spell(phrase).split():
        if token.startswith("...") or token.endswith("?"):
            found.append([])
        else:
            found[-1].append(stands_for(token, classes or {}))
    return [max(_said_together(run), key=_worth) for run in found if run]


def anchor(phrase: str, classes: Classes | None = None) -> Sequence[str]:
    """Of the `runs` of a phrase the most telling.

    >>> anchor("bị|được|tự gỡ"), anchor("xóa bỏ?"), anchor("lưu ...2 dữ_liệu")
    (['bị gỡ', 'được gỡ', 'tự gỡ'], ['xóa'], ['dữ liệu'])
    """
    return max(runs(phrase, classes), key=_worth)


def _said_together(tokens: Sequence[list[str]]) -> Iterator[list[str]]:
    """What tokens that follow each other stand for, and each part of them, where that is not too much."""
    for start in range(len(tokens)):
        for end in range(start + 1, len(tokens) + 1):
            part = tokens[start:end]
            if len(part) == 1 or math.prod(map(len, part)) <= CHOICES:
                yield [plain(" ".join(words)) for words in itertools.product(*part)]


def _worth(strings: Sequence[str]) -> tuple[int, int]:
    """Long strings tell the most, of as long ones the fewest."""
    return min(map(len, strings)), -len(strings)


def stands_for(token: str, classes: Classes) -> list[str]:
    """The words that a token stands for."""
    words: list[str] = []
    for choice in token.split("|"):
        words += map(spell, classes[choice[1:-1]]) if choice.startswith("{") else [choice.replace("_", " ")]
    return words


def longest(places: Sequence[tuple[str, int, int]], length: int) -> list[tuple[str, int, int]]:
    """Of places in a text of that length that overlap only the longest, in order."""
    taken, chosen = bytearray(length), []
    for key, start, end in sorted(places, key=lambda place: (place[1] - place[2], place[1])):
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            chosen.append((key, start, end))
    return sorted(chosen, key=lambda place: place[1])


def _framed(phrases: Sequence[str], body: str, classes: Classes | None) -> str:
    """The expression for whole words of `body`, which is to match the phrases from their second letter on.

    The first letters stand before it as a set, since a search for a set is several times faster than for a condition.
    """
    firsts = {choice[0] for phrase in phrases for choice in stands_for(spell(phrase).split()[0], classes or {})}
    return rf"[{''.join(map(re.escape, sorted(firsts)))}](?<!\w.)(?:{body})(?!\w)"


def _any(phrases: Sequence[str], classes: Classes | None) -> str:
    """Any of the phrases from their second letter on; told apart by their first, so that few are tried at a place."""
    by_first: dict[str, list[str]] = {}
    for phrase in phrases:
        first, *others = spell(phrase).split()
        behind = "".join(_token(token, classes or {}) for token in others)
        choices = stands_for(first, classes or {})
        for letter in dict.fromkeys(choice[0] for choice in choices):
            words = _words([choice for choice in choices if choice[0] == letter], cut=1)
            by_first.setdefault(letter, []).append(words + behind)
    return "|".join(f"(?<={re.escape(letter)})(?:{'|'.join(regexes)})" for letter, regexes in by_first.items())


def _token(token: str, classes: Classes) -> str:
    if token.startswith("..."):
        return rf"(?:,?\s+[^\s;:]*[^\s;:.,]){{0,{token[3:]}}}?"
    word = r",?\s+[\"“]?" + _words(stands_for(token.removesuffix("?"), classes))
    return f"(?:{word})?" if token.endswith("?") else word


def _words(choices: Sequence[str], cut: int = 0) -> str:
    """Any of the choices as whole words, the longest first, each without its first `cut` letters."""
    regexes = sorted((r"\s+".join(map(re.escape, choice.split()))[cut:] for choice in choices), key=len, reverse=True)
    return rf"(?:{'|'.join(regexes)})(?!\w)"

