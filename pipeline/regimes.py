"""The lists of what the law asks a policy to say, as `regimes.toml` defines them, and how each point is judged.

>>> from datetime import date
>>> [regime.id for regime in in_force(date(2026, 7, 1))]
['decree-248-2026', 'law-91-2025', 'further-points']
>>> [regime.id for regime in in_force(date(2026, 6, 30))]
['law-91-2025', 'decree-52-2013', 'further-points']
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.instruments import instruments
from pipeline.records import EVIDENCED, Requirement
from pipeline.sieve import Pattern, compiled


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
    """How an element is judged: alternatives of conditions that are all needed. `vi` and `en` say the same in words."""

    id: str
    vi: str
    en: str
    met: Alternatives
    partly: Alternatives


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """An article of an instrument. `certainty`: HIGH, HIGH* (to be confirmed by a lawyer), MED."""

    law: str
    article: str
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """How much an element weighs: only where `counted` is a missing one a gap."""

    id: str
    vi: str
    en: str
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A point of a list. The first of `citations` decides when it holds; practice has none and holds always.

    In force from `since` (`None` where our source gives no day) until the day before `until`.
    """

    id: str
    vi: str
    en: str
    tier: Tier
    citations: tuple[Citation, ...]
    since: date | None
    until: date | None
    rule: Rule

    @property
    def article(self) -> str:
        """The article of the first citation, empty for practice."""
        return self.citations[0].article if self.citations else ""

    @property
    def certainty(self) -> str:
        """The certainty of the first citation, empty for practice."""
        return self.citations[0].certainty if self.citations else ""

    def holds_on(self, day: date) -> bool:
        """Whether what it rests on is in force on `day`."""
        return not self.citations or instruments()[self.citations[0].law].holds_on(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """A list of the law, or of further points."""

    id: str
    vi: str
    en: str
    elements: tuple[Element, ...]


def in_force(day: date) -> tuple[Regime, ...]:
    """The regimes by which a policy is judged on `day`, with the elements that hold then."""
    lists = (replace(r, elements=tuple(e for e in r.elements if e.holds_on(day))) for r in regimes())
    return tuple(regime for regime in lists if any(e.citations for e in regime.elements))


@cache
def regimes() -> tuple[Regime, ...]:
    """All regimes, in the order of the file."""
    return tuple(
        Regime(
            id=r["id"],
            vi=r["vi"],
            en=r["en"],
            elements=tuple(_element(e, r.get("law", "")) for e in r["element"]),
        )
        for r in _data()["regime"]
    )


@cache
def elements() -> Mapping[tuple[str, str], Element]:
    """All elements by regime and id."""
    return {(r.id, e.id): e for r in regimes() for e in r.elements}


def is_gap(requirement: Requirement) -> bool:
    """Whether a policy lacks, in whole or part, what the law asks for; what cannot be judged is none."""
    counted = elements()[requirement.regime, requirement.element].tier.counted
    return counted and requirement.status in ("missing", "partly")


def _element(row: Mapping[str, Any], law: str) -> Element:
    law = row.get("law", law)
    own = [Citation(law=law, article=row["article"], certainty=row["certainty"])] if law else []
    return Element(
        id=row["id"],
        vi=row["vi"],
        en=row["en"],
        tier=Tier(id=row["tier"], **_data()["tier"][row["tier"]]),
        citations=(*own, *(Citation(**other) for other in row.get("also", ()))),
        since=instruments()[law].since if law else None,
        until=instruments()[law].until if law else None,
        rule=_rules()[row["rule"]],
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
        r["id"]: Rule(**{**r, "met": _alternatives(r["met"]), "partly": _alternatives(r["partly"])})
        for r in _data()["rule"]
    }


def _alternatives(rows: list[list[str]]) -> Alternatives:
    return tuple(tuple(_condition(written) for written in row) for row in rows)


def _condition(written: str) -> Condition:
    sign, _, near = written.partition(" near ")
    return Condition(sign=sign, near=near)


def _any(patterns: list[str] | None) -> Pattern | None:
    return compiled(*patterns) if patterns else None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("pipeline") / "regimes.toml").read_text(encoding="utf-8"))
