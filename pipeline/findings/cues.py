"""The cues of a vocabulary file as patterns: what words mean stands in TOML, the rules of the comparison only name it.

A cue is a table of `pipeline/vocabulary/NAME.toml`: `any`, regular expressions over folded text; `frame`, what
must stand around `{any}` of them (else a word boundary before it). `{name}` in either is the cue `name`, `{user}` any
word of `users.toml`.

>>> cue = cues("sharing")
>>> cue("refused").search("chúng tôi không thu thập, lưu trữ hay chia sẻ thông tin").group()
'không thu thập, lưu trữ hay chia sẻ'
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.sieve import Pattern, compiled

_REFERENCE = re.compile(r"\{([a-z_]+)\}")


def cues(file: str) -> Callable[[str], Pattern]:
    """The cues of `vocabulary/FILE.toml` by name, all compiled when the first is asked for."""
    return lambda name: _compiled(file)[name]


@cache
def _compiled(file: str) -> dict[str, Pattern]:
    table = _table(file)
    return {name: compiled(_regex(table, name)) for name, row in table.items() if isinstance(row, dict)}


def _regex(table: dict[str, Any], name: str) -> str:
    """The regular expression of the cue `name`, with the cues that it names in their places."""
    row = _users() if name == "user" else table[name]
    framed: str = row.get("frame", r"\b(?:{any})").replace("{any}", "(?:" + "|".join(row["any"]) + ")")
    return _REFERENCE.sub(lambda m: f"(?:{_regex(table, m.group(1))})", framed)


@cache
def _users() -> dict[str, Any]:
    """The words for the user, the longest first: "khách" is also the beginning of "khách hàng"."""
    return {"any": sorted(map(re.escape, _table("users")["names"]), key=len, reverse=True), "frame": r"\b{any}"}


@cache
def _table(file: str) -> dict[str, Any]:
    return tomllib.loads((files("pipeline") / "vocabulary" / f"{file}.toml").read_text(encoding="utf-8"))
