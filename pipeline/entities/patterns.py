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

Most sentences hold none of the words of most phrases: `needed` says which a text must have, and an `Index` of many
phrases tries only those whose words a text has.

>>> [sorted(words) for words in needed("khi ...1 {who} yêu_cầu|đề_nghị xóa?", classes)]
[['khi'], ['bạn', 'khách'], ['nghị', 'yêu']]
>>> events = index([("asked", "khi ...1 {who} yêu_cầu"), ("over", "khi hết hạn|hợp_đồng")], classes)
>>> list(occurring(events, text := "xóa khi bạn yêu cầu hoặc khi hết hạn", words(text)))
[('asked', 4, 19), ('over', 25, 36)]
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from pipeline.entities.duration import spell

OTHER = "other_words"
"""Key of the phrases that mean something else."""

Classes = Mapping[str, Sequence[str]]

_WORD = re.compile(r"\w+")


class Index(NamedTuple):
    """Many phrases with a key each, found by their words."""

    keys: tuple[str, ...]
    regexes: tuple[str, ...]
    needs: tuple[tuple[frozenset[str], ...], ...]
    by_word: Mapping[str, Sequence[int]]
    """Which phrases have this word among those that stand for the token with the fewest of them."""


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
    return tuple(frozenset(max(_WORD.findall(choice), key=len) for choice in _choices(token, classes or {}))
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
    choices = [_choices(token, classes or {}) for token in _tokens(phrase)]
    return min(choices, key=lambda words: (len(words), -min(map(len, words))))


def index(phrases: Sequence[tuple[str, str]], classes: Classes | None = None) -> Index:
    """The index of pairs of key and phrase; nothing is compiled before its words occur."""
    needs = tuple(needed(phrase, classes) for _, phrase in phrases)
    by_word: dict[str, list[int]] = {}
    for number, need in enumerate(needs):
        for word in rarest(need):
            by_word.setdefault(word, []).append(number)
    return Index(tuple(key for key, _ in phrases), tuple(regex([phrase], classes) for _, phrase in phrases),
                 needs, by_word)


def occurring(index: Index, text: str, present: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """Key, start and end of every place of every phrase in `text`, whose words are `present`; places may overlap."""
    for number in sorted(possible(index, present)):
        for match in _compiled(index.regexes[number]).finditer(text):
            yield index.keys[number], match.start(), match.end()


def possible(index: Index, present: frozenset[str]) -> Iterator[int]:
    """The numbers of the phrases that a text whose words are `present` may hold."""
    numbers = {number for word in present & index.by_word.keys() for number in index.by_word[word]}
    return (number for number in numbers if not any(map(present.isdisjoint, index.needs[number])))


def longest(places: Sequence[tuple[str, int, int]], length: int) -> list[tuple[str, int, int]]:
    """Of places in a text of that length that overlap only the longest, in order."""
    taken, chosen = bytearray(length), []
    for key, start, end in sorted(places, key=lambda place: (place[1] - place[2], place[1])):
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            chosen.append((key, start, end))
    return sorted(chosen, key=lambda place: place[1])


def words(text: str) -> frozenset[str]:
    """The words of a text from `spell`, to be compared with what `needed` says."""
    return frozenset(_WORD.findall(text))


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)


def _framed(phrases: Sequence[str], body: str, classes: Classes | None) -> str:
    """The expression for whole words of `body`, which is to match the phrases from their second letter on.

    The first letters stand before it as a set, since a search for a set is several times faster than for a condition.
    """
    firsts = {choice[0] for phrase in phrases for choice in _choices(spell(phrase).split()[0], classes or {})}
    return rf"[{''.join(map(re.escape, sorted(firsts)))}](?<!\w.)(?:{body})(?!\w)"


def _any(phrases: Sequence[str], classes: Classes | None) -> str:
    """Any of the phrases from their second letter on; told apart by their first, so that few are tried at a place."""
    by_first: dict[str, list[str]] = {}
    for phrase in phrases:
        first, *others = spell(phrase).split()
        behind = "".join(_token(token, classes or {}) for token in others)
        choices = _choices(first, classes or {})
        for letter in dict.fromkeys(choice[0] for choice in choices):
            words = _words([choice for choice in choices if choice[0] == letter], cut=1)
            by_first.setdefault(letter, []).append(words + behind)
    return "|".join(f"(?<={re.escape(letter)})(?:{'|'.join(regexes)})" for letter, regexes in by_first.items())


def _token(token: str, classes: Classes) -> str:
    if token.startswith("..."):
        return rf"(?:,?\s+[^\s;:]*[^\s;:.,]){{0,{token[3:]}}}?"
    word = r",?\s+[\"“]?" + _words(_choices(token.removesuffix("?"), classes))
    return f"(?:{word})?" if token.endswith("?") else word


def _words(choices: Sequence[str], cut: int = 0) -> str:
    """Any of the choices as whole words, the longest first, each without its first `cut` letters."""
    regexes = sorted((r"\s+".join(map(re.escape, choice.split()))[cut:] for choice in choices), key=len, reverse=True)
    return rf"(?:{'|'.join(regexes)})(?!\w)"


def _tokens(phrase: str) -> list[str]:
    """The tokens that may not be absent."""
    return [token for token in spell(phrase).split() if not token.startswith("...") and not token.endswith("?")]


def _choices(token: str, classes: Classes) -> list[str]:
    """The words that a token stands for."""
    choices: list[str] = []
    for choice in token.split("|"):
        choices += map(spell, classes[choice[1:-1]]) if choice.startswith("{") else [choice.replace("_", " ")]
    return choices
