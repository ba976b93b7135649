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

`needed` says which words a text must have that holds a phrase.

>>> [sorted(words) for words in needed("khi ...1 {who} yêu_cầu|đề_nghị xóa?", classes)]
[['khi'], ['bạn', 'khách'], ['nghị', 'yêu']]
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from pipeline.entities.duration import spell

OTHER = "other_words"
"""Key of the phrases that mean something else."""

Classes = Mapping[str, Sequence[str]]

_WORD = re.compile(r"\w+")


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


def needed(phrase: str, classes: Classes | None = None) -> tuple[frozenset[str], ...]:
    """For each token that may not be absent: words of which a text must have one."""
    return tuple(frozenset(max(_WORD.findall(choice), key=len) for choice in stands_for(token, classes or {}))
                 for token in _tokens(phrase))


def rarest(need: Sequence[frozenset[str]]) -> frozenset[str]:
    """Of what a phrase needs the words of the token with the fewest, of several the last: first tokens ("khi", "đến")
    are the commonest."""
    return min(reversed(need), key=len)


def anchor(phrase: str, classes: Classes | None = None) -> Sequence[str]:
    """What one token of the phrase stands for, of which a text with the phrase has one: the token with the fewest
    choices, of several the one whose shortest is longest.

    >>> anchor("bị|được|tự gỡ"), anchor("xóa bỏ?"), anchor("lưu ...2 dữ_liệu")
    (['gỡ'], ['xóa'], ['dữ liệu'])
    """
    choices = [stands_for(token, classes or {}) for token in _tokens(phrase)]
    return min(choices, key=lambda words: (len(words), -min(map(len, words))))


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


def _tokens(phrase: str) -> list[str]:
    """The tokens that may not be absent."""
    return [token for token in spell(phrase).split() if not token.startswith("...") and not token.endswith("?")]
