"""Text spelled in one way, and the words by which rules read it: the cues of `vocabulary/FILE.toml`."""

import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from pipeline.nlp import fold

TURNS = re.compile(
    r"(?:[,;]|\b(?:mà|nhưng|song|và))(?: chúng tôi| công ty)? chỉ\b(?! (?:trừ|khi|nếu|vì|để|nhằm)\b)"
    r"|\b(?:nhưng|song|tuy nhiên)\b,?(?: (?!không|chưa|chẳng)\w+){0,2}? (?:có|vẫn|sẽ|phải)\b(?! (?:không|chưa)\b)")
"""Where a sentence that has denied something goes on with what holds ("không bán, chỉ giao cho"); spelled text."""

_I_FOR_Y = re.compile(r"[yýỳỷỹỵ](?!\w)(?:(?<=[hklmst].)|(?<=qu.))")  # the letter first: looked for fastest
_I = dict(zip("yýỳỷỹỵ", "iíìỉĩị", strict=True))
_CUE = re.compile(r"\{([a-z_]+)\}")


@lru_cache(maxsize=4096)
def spell(text: str) -> str:
    """`nlp.fold` and one spelling of i and y, as many characters as `text`.

    >>> spell("KỸ THUẬT, kĩ thuật, quý khách, y tế, yêu cầu")
    'kĩ thuật, kĩ thuật, quí khách, y tế, yêu cầu'
    """
    return _I_FOR_Y.sub(lambda m: _I[m.group()], fold(text))


def pattern(regex: str) -> re.Pattern[str]:
    """`regex`, written in everyday spelling, compiled for text from `spell`."""
    return re.compile(_I_FOR_Y.sub(lambda m: _I[m.group()], regex))


def cues(file: str) -> Callable[[str], re.Pattern[str]]:
    """The cues of `vocabulary/FILE.toml` by name, each compiled when first asked for.

    A cue is a table: `any`, regular expressions in everyday spelling; `frame`, what must stand around `{any}` of them.
    `{name}` in either is the cue `name`, `{user}` any word of `users.toml`.

    >>> cue = cues("measure_cues")
    >>> cue("not_done").search(spell("Dữ liệu không được ")) is not None
    True
    """
    @cache
    def cue(name: str) -> re.Pattern[str]:
        return pattern(_regex(table(file), name))

    return cue


def _regex(file: dict[str, Any], name: str) -> str:
    """The regular expression of the cue `name`, with the cues that it names in their places."""
    row = _users() if name == "user" else file[name]
    framed: str = row.get("frame", "{any}").replace("{any}", "|".join(row.get("any", ())))
    return _CUE.sub(lambda m: f"(?:{_regex(file, m.group(1))})", framed)


@cache
def _users() -> dict[str, Any]:
    """The words for the user as a cue, the longest first: "khách" is also the beginning of "khách hàng"."""
    return {"frame": r"\b(?:{any})", "any": sorted(map(re.escape, table("users")["names"]), key=len, reverse=True)}


@cache
def table(file: str) -> dict[str, Any]:
    """The content of `vocabulary/FILE.toml`."""
    return tomllib.loads((resources.files("pipeline") / "vocabulary" / f"{file}.toml").read_text(encoding="utf-8"))


def alternation(phrases: Iterable[str]) -> str:
    """Regular expression for any of the phrases, the longest first, with up to three spaces between their words."""
    return "|".join(re.escape(p).replace(r"\ ", r"[ ]{1,3}") for p in sorted(phrases, key=len, reverse=True))


def left(text: str, position: int, reach: int) -> str:
    """At most `reach` characters of `text` before `position`."""
    return text[max(0, position - reach):position]
