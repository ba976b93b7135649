"""The clause categories of `labels.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

OTHER = "other"
"""The category of what belongs to no other, and of page furniture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A clause category; `not_` says what belongs elsewhere, `opp115` is empty where OPP-115 has no such category."""

    id: str
    vi: str
    en: str
    definition: str
    not_: str
    examples: tuple[str, ...]
    opp115: str


@cache
def labels() -> tuple[Label, ...]:
    """All categories in the order of the file, which is the order of every table.

    >>> [label.id for label in labels()][:3], len(labels())
    (['data_collected', 'purpose', 'retention'], 19)
    """
    data = tomllib.loads((files("pipeline") / "labels.toml").read_text(encoding="utf-8"))
    return tuple(
        Label(
            id=entry["id"],
            vi=entry["vi"],
            en=entry["en"],
            definition=entry["definition"],
            not_=entry["not"],
            examples=tuple(entry["examples"]),
            opp115=entry["opp115"],
        )
        for entry in data["label"]
    )


@cache
def label_ids() -> tuple[str, ...]:
    """The ids of all categories, in order."""
    return tuple(label.id for label in labels())
