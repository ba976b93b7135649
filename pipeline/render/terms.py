"""Words for people that are no data, in both languages, as `terms.toml` has them.

>>> terms()["finding"]["stated"]["en"], len(cautions())
('stated', 3)
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

Words = Mapping[str, str]
"""At least `vi` and `en`; a `doubt` has a `brief` name, too."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("pipeline") / "render" / "terms.toml").read_text(encoding="utf-8"))


def terms() -> Mapping[str, Mapping[str, Words]]:
    """By group (`finding`, `requirement`, `entity`, `doubt`, `certainty`) and id."""
    return {group: words for group, words in _data().items() if group != "caution"}


def doubts(flags: Iterable[str]) -> Sequence[Words]:
    """What readers are told of a policy with these flags."""
    return tuple(words for flag, words in terms()["doubt"].items() if flag in set(flags))


def cautions() -> Sequence[Words]:
    """What must stand wherever completeness is shown."""
    return tuple(_data()["caution"])
