"""Words for people that are no data, in both languages, as `terms.toml` has them.

>>> terms()["finding"]["stated"]["en"], len(cautions())
('stated', 3)
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

Words = Mapping[str, str]
"""At least `vi` and `en`."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("pipeline") / "render" / "terms.toml").read_text(encoding="utf-8"))


def terms() -> Mapping[str, Mapping[str, Words]]:
    """By group (`finding`, `requirement`, `entity`, `certainty`) and id."""
    return {group: words for group, words in _data().items() if group != "caution"}


def cautions() -> Sequence[Words]:
    """What must stand wherever completeness is shown."""
    return tuple(_data()["caution"])
