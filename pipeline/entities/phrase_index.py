"""Many phrases of tokens, as `patterns` writes them, and the places where a text from `duration.spell` says them.

Most texts hold the words of no phrase, so one automaton tells first of which phrases a text has all that always stands
together. They are then tried word by word, since two hundred regular expressions of long lists of words take half a
second to compile.

>>> classes = {"who": ["khách hàng", "bạn"]}
>>> events = index([("asked", "khi ...1 {who} yêu_cầu xóa?"), ("over", "khi hết hạn|hợp_đồng")], classes)
>>> list(occurring(events, "xóa (khi chính  bạn, yêu cầu) hoặc khi hết hạn."))
[('asked', 5, 28), ('over', 35, 46)]
>>> list(occurring(events, "khi hết hạng thẻ, khi khách hàng yêu cầu xóamọi"))
[('asked', 18, 40)]
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.automaton import automaton
from pipeline.entities import patterns
from pipeline.entities.duration import spell
from pipeline.entities.triggers import plain

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"[^;:]*[^;:.,]")
"""A word that a gap may stand for: it ends no clause."""

Choices = Mapping[str, Sequence[tuple[str, ...]]]
"""The words that a token stands for, by the first of them, the longest first."""


class _Token(NamedTuple):
    choices: Choices
    optional: bool = False
    gap: int = 0
    """Up to how many words of any kind; 0 for a token of choices."""


class Index(NamedTuple):
    """Many phrases with a key each, found by their words."""

    keys: tuple[str, ...]
    phrases: tuple[tuple[_Token, ...], ...]
    needs: tuple[int, ...]
    """For each phrase the sets of strings, as bits, of each of which a text with it has one."""
    automaton: Any
    """Finds the strings; their values are the sets that they are in."""


_At = tuple[int, int]
"""A place in a `_Text`: number of a part, character in it."""


class _Text(NamedTuple):
    """The parts between white space, where they start, and where each word begins."""

    chunks: Sequence[str]
    starts: Sequence[int]
    begins: Mapping[str, Sequence[_At]]
    words: Mapping[_At, str]


def index(phrases: Sequence[tuple[str, str]], classes: patterns.Classes) -> Index:
    """The index of pairs of key and phrase."""
    sets: dict[frozenset[str], int] = {}
    needs = tuple(tuple({sets.setdefault(frozenset(run), 1 << len(sets)) for run in patterns.runs(phrase, classes)})
                  for _, phrase in phrases)
    strings: dict[str, int] = {}
    for some, bit in sets.items():
        for string in some:
            strings[string] = strings.get(string, 0) | bit
    read: dict[str, _Token] = {}  # most tokens stand in many phrases
    tokens = tuple(tuple(read.setdefault(token, _token(token, classes)) for token in spell(phrase).split())
                   for _, phrase in phrases)
    return Index(tuple(key for key, _ in phrases), tokens, tuple(map(sum, needs)), automaton(strings))


def possible(index: Index, text: str) -> list[int]:
    """The numbers of the phrases that a text may hold: it has a string of each of their runs."""
    present = 0
    for _, bits in index.automaton.iter(plain(text)):
        present |= bits
    return [number for number, needed in enumerate(index.needs) if present & needed == needed] if present else []


def occurring(index: Index, text: str) -> Iterator[tuple[str, int, int]]:
    """Key, start and end of every place of every phrase in `text`; places may overlap."""
    if numbers := possible(index, text):
        parts = _parts(text)
        for number in numbers:
            for start, end in _places(parts, index.phrases[number]):
                yield index.keys[number], start, end


def _token(token: str, classes: patterns.Classes) -> _Token:
    if token.startswith("..."):
        return _Token({}, gap=int(token[3:]))
    choices: dict[str, list[tuple[str, ...]]] = {}
    split = [choice.split() for choice in patterns.stands_for(token.removesuffix("?"), classes)]
    for choice in sorted(split, key=lambda words: len(r"\s+".join(words)), reverse=True):
        choices.setdefault(_WORD.findall(choice[0])[0], []).append(tuple(choice))
    return _Token(choices, optional=token.endswith("?"))


def _parts(text: str) -> _Text:
    chunks, starts, end = text.split(), [], 0
    words: dict[_At, str] = {}
    begins: dict[str, list[_At]] = {}
    for number, chunk in enumerate(chunks):
        starts.append(text.index(chunk, end))
        end = starts[-1] + len(chunk)
        found = [(chunk, 0)] if chunk.isalnum() else [(word.group(), word.start()) for word in _WORD.finditer(chunk)]
        for word, offset in found:
            words[number, offset] = word
            begins.setdefault(word, []).append((number, offset))
    return _Text(chunks, starts, begins, words)


def _places(text: _Text, phrase: Sequence[_Token]) -> Iterator[tuple[int, int]]:
    reached, opening = (0, 0), phrase[0].choices
    for begin in sorted(at for word in opening.keys() & text.begins.keys() for at in text.begins[word]):
        if begin < reached:
            continue
        for at in _said(text, opening, begin):
            if (end := _rest(text, phrase, 1, at)) is not None:
                yield text.starts[begin[0]] + begin[1], text.starts[end[0]] + end[1]
                reached = end
                break


def _rest(text: _Text, phrase: Sequence[_Token], next_token: int, at: _At) -> _At | None:
    """Where the phrase ends whose tokens from `next_token` on follow behind `at`; `None` where they do not."""
    if next_token == len(phrase):
        return at
    token = phrase[next_token]
    if token.gap:
        for _ in range(token.gap + 1):
            if (end := _rest(text, phrase, next_token + 1, at)) is not None:
                return end
            following = _next(text, at)
            part = text.chunks[following].removesuffix(",") if following else ""
            if following is None or not _GAP.fullmatch(part):
                return None
            at = following, len(part)
        return None
    if (following := _next(text, at)) is not None:
        quoted = text.chunks[following][0] in '"“'
        for said in _said(text, token.choices, (following, int(quoted))):
            if (end := _rest(text, phrase, next_token + 1, said)) is not None:
                return end
    return _rest(text, phrase, next_token + 1, at) if token.optional else None


def _next(text: _Text, at: _At) -> int | None:
    """The part behind `at`, where nothing but a comma parts it from what is there."""
    number, offset = at
    return number + 1 if number + 1 < len(text.chunks) and text.chunks[number][offset:] in ("", ",") else None


def _said(text: _Text, choices: Choices, at: _At) -> Iterator[_At]:
    """Where each of the choices that stand at `at` ends, the longest first."""
    number, offset = at
    for choice in choices.get(text.words.get(at, ""), ()):
        *others, last = choice
        final = number + len(others)
        if final >= len(text.chunks) or not all(
                text.chunks[number + i][offset * (not i):] == word for i, word in enumerate(others)):
            continue
        begin = 0 if others else offset
        end = begin + len(last)
        chunk = text.chunks[final]
        if chunk.startswith(last, begin) and not (chunk[end:end + 1].isalnum() or chunk[end:end + 1] == "_"):
            yield final, end
