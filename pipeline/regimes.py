"""The lists of what the law asks a policy to say, as `regimes.toml` defines them, and how each point is judged.

>>> from datetime import date
>>> [regime.id for regime in in_force(date(2026, 7, 1))]
['decree-248-2026', 'law-91-2025']
>>> [regime.id for regime in in_force(date(2026, 6, 30))]
['law-91-2025', 'decree-52-2013']
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.attributes import Pattern
from pipeline.records import EVIDENCED


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something a policy can show: an answer of the comparison (`finding`), else sentences."""

    finding: str
    doubt: str
    statuses: frozenset[str]
    only: frozenset[str]
    besides: frozenset[str]
    labels: frozenset[str]
    kinds: frozenset[str]
    says: Pattern | None
    unless: Pattern | None
    reach: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A sign, and the sign around whose sentences it must stand ("" for anywhere)."""

    sign: str
    near: str


Alternatives = tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How an element is judged: alternatives of conditions that are all needed. `words` says the same."""

    id: str
    words: str
    met: Alternatives
    partly: Alternatives


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A point of a list. `certainty` is how sure the citation is: HIGH, HIGH* (to be confirmed by a lawyer), MED."""

    id: str
    vi: str
    en: str
    tier: str
    article: str
    certainty: str
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A list of the law. In force from `since` (`None` where our source gives no day) until the day before `until`."""

    id: str
    vi: str
    en: str
    since: date | None
    until: date | None
    elements: tuple[Element, ...]

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def in_force(day: date) -> tuple[Regime, ...]:
    """The regimes by which a policy is judged on `day`."""
    return tuple(regime for regime in regimes() if regime.holds_on(day))


@cache
def regimes() -> tuple[Regime, ...]:
    """All regimes, in the order of the file."""
    rules = _rules()
    return tuple(
        Regime(
            id=r["id"],
            vi=r["vi"],
            en=r["en"],
            since=r.get("from"),
            until=r.get("until"),
            elements=tuple(Element(**{**e, "rule": rules[e["rule"]]}) for e in r["element"]),
        )
        for r in _data()["regime"]
    )


@cache
def signs() -> Mapping[str, Sign]:
    """All signs by name."""
    return {
        name: Sign(
            finding=s.get("finding", ""),
            doubt=s.get("doubt", s.get("finding", "")),
            statuses=frozenset(s.get("status", EVIDENCED)),
            only=frozenset(s.get("only", ())),
            besides=frozenset(s.get("except", ())),
            labels=frozenset(s.get("labels", ())),
            kinds=frozenset(s.get("kinds", ())),
            says=_any(s.get("says")),
            unless=_any(s.get("unless")),
            reach=tuple(s.get("reach", (0, 0))),
        )
        for name, s in _data()["sign"].items()
    }


@cache
def _rules() -> dict[str, Rule]:
    return {
        r["id"]: Rule(id=r["id"], words=r["words"], met=_alternatives(r["met"]), partly=_alternatives(r["partly"]))
        for r in _data()["rule"]
    }


def _alternatives(rows: list[list[str]]) -> Alternatives:
    return tuple(tuple(_condition(written) for written in row) for row in rows)


def _condition(written: str) -> Condition:
    sign, _, near = written.partition(" near ")
    return Condition(sign=sign, near=near)


def _any(patterns: list[str] | None) -> Pattern | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns)) if patterns else None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("pipeline") / "regimes.toml").read_text(encoding="utf-8"))
