"""The attributes of the comparison, as `attributes.toml` defines them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.sieve import Pattern, compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One column of the comparison. `rule` says how it is answered; the patterns are `None` where the file has none."""

    id: str
    vi: str
    en: str
    rule: str
    kind: str
    labels: frozenset[str]
    only: frozenset[str]
    besides: frozenset[str]
    says: Pattern | None
    proves: Pattern | None
    unless: Pattern | None


@cache
def attributes() -> tuple[Attribute, ...]:
    """All attributes, in the order of the columns."""
    data = tomllib.loads((files("pipeline") / "attributes.toml").read_text(encoding="utf-8"))
    return tuple(
        Attribute(
            id=a["id"],
            vi=a["vi"],
            en=a["en"],
            rule=a["from"],
            kind=a.get("kind", ""),
            labels=frozenset(a["labels"]),
            only=frozenset(a.get("only", ())),
            besides=frozenset(a.get("except", ())),
            says=_any(a.get("says")),
            proves=_any(a.get("proves")),
            unless=_any(a.get("unless")),
        )
        for a in data["attribute"]
    )


def _any(patterns: list[str] | None) -> Pattern | None:
    return compiled(*patterns) if patterns else None
