"""What the report's scripts read: vendors, their cells and quotes, small enough for five hundred vendors.

Strings stand once in `strings` and are said by number. A cell is `[status, values, quotes, order]`, an element
`[status, quotes]`: numbers into `statuses`, `values` (Vietnamese and English) and the vendor's own `quotes`, each of
which is `[sentence, string]`. `order` is there where a cell is sorted by another thing than its words; behind it stands
the state of its review, where people reviewed it.
"""

import re
from collections.abc import Sequence
from typing import Any

from pipeline.attributes import Attribute, attributes
from pipeline.periods import days
from pipeline.records import SITE, Evidence, Finding, Policy, Requirement
from pipeline.regimes import Regime
from pipeline.render.compared import Compared
from pipeline.render.report.text import shortened, visible, web_address
from pipeline.render.terms import terms
from pipeline.render.words import in_words

QUOTES = "quotes"
"""The rule of attributes that are answered by their quotes."""

_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")


class Numbers:
    """Gives each thing the number under which it stands in `all`."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._number: dict[Any, int] = {}

    def __call__(self, thing: Any) -> int:
        if thing not in self._number:
            self._number[thing] = len(self.all)
            self.all.append(thing)
        return self._number[thing]


class Overview:
    """Collects vendors; `data` gives it all. Quotes longer than `longest` are cut, none for `None`."""

    def __init__(self, regimes: Sequence[Regime], longest: int | None) -> None:
        self.regimes, self.longest = regimes, longest
        self.strings, self.values = Numbers(), Numbers()
        self.statuses = {group: list(terms()[group]) for group in ("finding", "requirement")}
        self.vendors: list[dict[str, Any]] = []
        self.own: list[str] = []

    def add(self, key: str, href: str, policy: Policy, seen: Compared) -> None:
        """Adds a vendor; `href` leads to its policy, and to a sentence with `&s=` behind it."""
        findings, points = seen.cells[policy.doc_id], seen.points[policy.doc_id]
        quotes = Numbers()
        self.own += [name for name in policy.meta if name != "url" and name not in self.own]
        self.vendors.append(
            {
                "key": key,
                "name": visible(policy.vendor),
                "href": href,
                "url": web_address(policy.meta.get("url", "")),
                "retrieved": policy.retrieved_at or "",
                "cut": "cut_off" in policy.flags,
                "own": {name: visible(text) for name, text in policy.meta.items() if name != "url"},
                "cells": [self._cell(a, findings[a.id], quotes) for a in attributes()],
                "elements": [self._element(points[r.id, e.id], quotes) for r in self.regimes for e in r.elements],
                "quotes": quotes.all,
            }
        )

    def _cell(self, attribute: Attribute, finding: Finding, quotes: Numbers) -> list[Any]:
        corrected = finding.review is not None and finding.review.state == "corrected"
        answer = () if attribute.rule == QUOTES and not corrected else finding.answer
        values = [self.values(_words(value, self.longest)) for value in answer]
        cell = [self.statuses["finding"].index(finding.status), values, self._quotes(finding.evidence, quotes)]
        key, state = order(answer), finding.review and finding.review.state
        if state:
            return [*cell, key, state]
        return cell if key is None else [*cell, key]

    def _element(self, found: Requirement, quotes: Numbers) -> list[Any]:
        return [self.statuses["requirement"].index(found.status), self._quotes(found.evidence, quotes)]

    def _quotes(self, evidence: Sequence[Evidence], quotes: Numbers) -> list[int]:
        said = [(e.sentence, self.strings(_quote(e, self.longest))) for e in evidence]
        return list(dict.fromkeys(quotes(quote) for quote in said))

    def data(self) -> dict[str, Any]:
        """All that the scripts read, to be written as JSON."""
        return {
            "terms": {group: terms()[group] for group in ("finding", "requirement", "review")},
            "statuses": self.statuses,
            "attributes": [{"id": a.id, "vi": a.vi, "en": a.en, "quotes": a.rule == QUOTES} for a in attributes()],
            "elements": [
                {"regime": r.id, "id": e.id, "vi": e.vi, "en": e.en, "article": e.article, "counted": e.tier.counted}
                for r in self.regimes
                for e in r.elements
            ],
            "own": self.own,
            "strings": self.strings.all,
            "values": self.values.all,
            "vendors": self.vendors,
        }


def _words(value: str, longest: int | None) -> tuple[str, ...]:
    """Vietnamese and English, once where they are the same."""
    return tuple(dict.fromkeys(shortened(visible(in_words(value, language)), longest) for language in ("vi", "en")))


def _quote(evidence: Evidence, longest: int | None) -> str:
    return shortened(visible(" ".join(evidence.quote.split())), longest)


def order(answer: Sequence[str]) -> str | float | None:
    """Days of the longest duration, or the latest date; `None` where the answer holds neither.

    >>> order(["P12M", "site:P1Y6M"]), order(["2019-09", "2021-03-01"]), order(["until_request"])
    (547.88, '2021-03-01', None)
    """
    lengths = [length for value in answer if (length := days(value.removeprefix(SITE))) is not None]
    if lengths:
        return round(max(lengths), 2)
    return max((value for value in answer if _DATE.fullmatch(value)), default=None)
