"""What stands out in the field, as cards of the overview."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pipeline.attributes import attributes
from pipeline.records import Analysis, Finding
from pipeline.render.report.overview import order
from pipeline.render.report.text import visible
from pipeline.render.terms import Words
from pipeline.render.words import in_words

MOST = 5
"""Vendors on a card: what a glance takes in; the comparison has them all."""


class Entry(NamedTuple):
    """A vendor on a card, where it leads, and what it says there."""

    vendor: str
    href: str
    words: Words | None = None


class Card(NamedTuple):
    """Something that stands out; `more` vendors beyond the entries."""

    title: Words
    entries: Sequence[Entry]
    more: int


Found = Sequence[tuple[Analysis, str, Mapping[str, Finding]]]
"""Each policy with the address of its page and its findings by attribute."""


def cards(found: Found) -> list[Card]:
    """The cards of the overview, in order."""
    by_retention = [one for one in found if isinstance(order(one[2]["retention"].answer), float)]
    by_retention.sort(key=lambda one: -float(order(one[2]["retention"].answer) or 0))
    return [
        _card("Lưu trữ lâu nhất", "Keeps data longest", by_retention, "retention"),
        _card(
            "Chia sẻ không kèm điều kiện",
            "Shares without a condition",
            _those(found, "third_party_sharing", lambda f: "unconditional" in f.answer),
            "third_party_sharing",
        ),
        _silent(found, "deletion", "Không nêu cách xóa dữ liệu", "Says nothing of deletion"),
        _silent(found, "retention", "Không nêu thời gian lưu trữ", "Says nothing of how long data are kept"),
        _conflicts(found),
        _card(
            "Văn bản bị cắt",
            "Text breaks off",
            [one for one in found if "cut_off" in one[0].policy.flags],
        ),
    ]


def _those(found: Found, attribute: str, holds: Callable[[Finding], bool]) -> Found:
    return [one for one in found if holds(one[2][attribute])]


def _silent(found: Found, attribute: str, vi: str, en: str) -> Card:
    return _card(vi, en, _those(found, attribute, lambda f: f.status == "not_found"))


def _card(vi: str, en: str, found: Found, attribute: str = "") -> Card:
    entries = [_entry(one, one[2][attribute] if attribute else None) for one in found[:MOST]]
    return Card({"vi": vi, "en": en}, entries, max(0, len(found) - MOST))


def _entry(one: tuple[Analysis, str, Mapping[str, Finding]], finding: Finding | None) -> Entry:
    analysis, href, _ = one
    vendor = visible(analysis.policy.vendor)
    if finding is None:
        return Entry(vendor, href)
    words = {
        "vi": visible("; ".join(in_words(value) for value in finding.answer)),
        "en": visible("; ".join(in_words(value, "en") for value in finding.answer)),
    }
    return Entry(vendor, f"{href}&s={finding.evidence[0].sentence}", words)


def _conflicts(found: Found) -> Card:
    entries = [
        Entry(visible(a.policy.vendor), f"{href}&s={finding.evidence[0].sentence}", {"vi": one.vi, "en": one.en})
        for a, href, findings in found
        for one in attributes()
        if (finding := findings[one.id]).status == "conflict"
    ]
    title = {"vi": "Các câu mâu thuẫn nhau", "en": "Sentences contradict each other"}
    return Card(title, entries[:MOST], max(0, len(entries) - MOST))
