"""What stands out, as cards of the overview: a question, the vendors that answer it, and where to see them all.

A card whose question is about findings is there even where nobody answers it: that nobody contradicts himself is worth
knowing. A card about the field is there only where it has something to say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.attributes import attributes
from pipeline.records import Evidence, Finding, Standing, StandingKind, Term
from pipeline.render.compared import Compared
from pipeline.render.report.text import shortened, visible
from pipeline.render.standings import in_a_clause, subject
from pipeline.render.terms import Words
from pipeline.render.words import Language, in_words

MOST = 5
"""Entries on a card: what a glance takes in; the comparison has them all."""

LONGEST = 140
"""Characters that an entry says."""


LIMITS: Mapping[str, Mapping[Language, str]] = {
    "at_least": {"vi": "ít nhất ", "en": "at least "},
    "at_most": {"vi": "nhiều nhất ", "en": "at most "},
}


class Entry(NamedTuple):
    """A vendor on a card, where it leads, and what it says there."""

    vendor: str
    href: str
    words: Words | None = None


class Card(NamedTuple):
    """Something that stands out; how many `more`, and the address of them all, empty for none."""

    title: Words
    entries: Sequence[Entry]
    more: int
    all: str


class Cards:
    """Makes cards of what is compared; `hrefs` lead to the policies."""

    def __init__(self, seen: Compared, hrefs: Mapping[str, str]) -> None:
        self.seen, self.hrefs = seen, hrefs

    def all(self) -> list[Card]:
        """The cards of the overview, in order."""
        cards = [
            self._longest(),
            self._standing("open_ended", "Lưu trữ không có điểm kết thúc", "Keeps data without an end", _value),
            self._silent("retention", "Không nêu thời gian lưu trữ", "Says nothing of how long data are kept"),
            self._answered(
                "third_party_sharing", "unconditional", "Chia sẻ không kèm điều kiện", "Shares without a condition"
            ),
            self._silent("deletion", "Không nêu cách xóa dữ liệu", "Gives no way to have data deleted"),
            self._gaps(),
            self._expired(),
            self._conflicts(),
            self._cut(),
            self._standing("only_one", "Chỉ một nhà cung cấp nêu", "Only one vendor speaks of it", _subject),
            self._standing("only_value", "Giá trị không nơi nào khác có", "Values that no other vendor has", _both),
            self._boilerplate(),
            self._groups("template", "Cùng một khuôn mẫu", "From one template"),
            self._groups("shared", "Dùng chung số máy, địa chỉ", "Numbers and addresses shared"),
        ]
        return [card for card in cards if card]

    def _longest(self) -> Card:
        """Vendors by the longest term that the policy itself states."""
        longest = [
            max(own, key=lambda term: term.days or 0)
            for terms in self.seen.terms.values()
            if (own := [term for term in terms if term.days is not None and not term.site])
        ]
        longest.sort(key=lambda term: -(term.days or 0))
        entries = [self._entry(t.doc_id, _term(t), [t.evidence]) for t in longest[:MOST]]
        return _card("Lưu trữ lâu nhất", "Keeps data longest", entries, len(longest))

    def _standing(self, kind: StandingKind, vi: str, en: str, said: Callable[[Standing], Words]) -> Card | None:
        found = list(self._of_kind(kind))
        entries = [self._entry(s.doc_id, said(s), s.evidence) for s in found[:MOST]]
        return _card(vi, en, entries, len(found)) if found else None

    def _of_kind(self, kind: StandingKind) -> Iterable[Standing]:
        return (s for standings in self.seen.standings.values() for s in standings if s.kind == kind)

    def _silent(self, attribute: str, vi: str, en: str) -> Card:
        found = [d for d, cells in self.seen.cells.items() if cells[attribute].status == "not_found"]
        entries = [self._entry(doc_id) for doc_id in found[:MOST]]
        return _card(vi, en, entries, len(found), f"{attribute}~s:not_found")

    def _answered(self, attribute: str, value: str, vi: str, en: str) -> Card:
        """Those whose answer on an attribute has a value, with the whole answer: it may hold others beside it."""
        found = [cells for cells in self.seen.cells.values() if value in cells[attribute].answer]
        entries = [self._entry(c[attribute].doc_id, _answer(c[attribute]), c[attribute].evidence) for c in found[:MOST]]
        return _card(vi, en, entries, len(found), f"{attribute}~v:{in_words(value)}")

    def _gaps(self) -> Card | None:
        counted = {
            doc_id: [sum(r.status == status for r in self.seen.gaps(doc_id)) for status in ("missing", "partly")]
            for doc_id in self.seen.cells
        }
        worst = sorted((doc_id for doc_id, n in counted.items() if any(n)), key=lambda d: counted[d], reverse=True)
        entries = [
            self._entry(
                doc_id,
                {
                    "vi": "không thấy {}, một phần {}".format(*counted[doc_id]),
                    "en": "missing {}, in part {}".format(*counted[doc_id]),
                },
            )
            for doc_id in worst[:MOST]
        ]
        return _card("Thiếu nhiều nội dung theo luật nhất (sơ bộ)", "Most gaps under the law (preliminary)", entries, 0)

    def _expired(self) -> Card:
        found = {
            doc_id: [value for value in cells["cited_laws"].answer if "(expired " in value]
            for doc_id, cells in self.seen.cells.items()
        }
        citing = [doc_id for doc_id, laws in found.items() if laws]
        entries = [
            self._entry(doc_id, _values(found[doc_id]), self.seen.cells[doc_id]["cited_laws"].evidence)
            for doc_id in citing[:MOST]
        ]
        return _card("Dẫn văn bản đã hết hiệu lực", "Cites law that has expired", entries, len(citing))

    def _conflicts(self) -> Card:
        found = [
            self._entry(finding.doc_id, {"vi": attribute.vi, "en": attribute.en}, finding.evidence)
            for cells in self.seen.cells.values()
            for attribute in attributes()
            if (finding := cells[attribute.id]).status == "conflict"
        ]
        return _card("Các câu mâu thuẫn nhau", "Sentences contradict each other", found[:MOST], len(found))

    def _cut(self) -> Card:
        found = [a.policy.doc_id for a in self.seen.analyses if "cut_off" in a.policy.flags]
        return _card("Văn bản bị cắt", "Text breaks off", [self._entry(d) for d in found[:MOST]], len(found))

    def _boilerplate(self) -> Card | None:
        found = sorted(self._of_kind("boilerplate"), key=lambda s: -float(s.value))
        entries = [self._entry(s.doc_id, _share(s), s.evidence) for s in found[:MOST] if s.count]
        return _card("Nhiều câu giống chính sách khác nhất", "Most boilerplate", entries, 0) if entries else None

    def _groups(self, kind: StandingKind, vi: str, en: str) -> Card | None:
        """Groups, the largest first, each under the first of its vendors."""
        groups: dict[tuple[str, str], Standing] = {}
        for standing in self._of_kind(kind):
            groups.setdefault((standing.subject, standing.value), standing)
        found = sorted(groups.values(), key=lambda s: -s.count)
        entries = [self._entry(s.doc_id, self._clause(s), s.evidence) for s in found[:MOST]]
        return _card(vi, en, entries, len(found)) if found else None

    def _clause(self, standing: Standing) -> Words:
        return _words(lambda language: in_a_clause(standing, self.seen.vendors, language))

    def _entry(self, doc_id: str, words: Words | None = None, evidence: Sequence[Evidence] = ()) -> Entry:
        href = self.hrefs[doc_id] + (f"&s={evidence[0].sentence}" if evidence else "")
        return Entry(visible(self.seen.vendors[doc_id]), href, words)


def _card(vi: str, en: str, entries: Sequence[Entry], number: int, filtered: str = "") -> Card:
    where = f"#view=table&f={filtered}" if filtered else ""
    return Card({"vi": vi, "en": en}, entries, max(0, number - len(entries)), where)


def _words(said: Callable[[Language], str]) -> Words:
    return {"vi": shortened(visible(said("vi")), LONGEST), "en": shortened(visible(said("en")), LONGEST)}


def _values(values: Iterable[str]) -> Words:
    return _words(lambda language: "; ".join(in_words(value, language) for value in values))


def _answer(finding: Finding) -> Words | None:
    return _values(finding.answer) if finding.answer else None


def _term(term: Term) -> Words:
    """The term, the limit that it is, and the data to which it applies in the policy's words."""
    limit = LIMITS.get(term.bound, {"vi": "", "en": ""})
    applies = f" ({term.applies_to})" if term.applies_to else ""
    return _words(lambda language: limit[language] + in_words(term.value, language) + applies)


def _share(standing: Standing) -> Words:
    share = f"{float(standing.value):.0%} ({standing.count}/{standing.of} "
    return {"vi": f"{share}câu)", "en": f"{share}sentences)"}


def _value(standing: Standing) -> Words:
    return _values([standing.value])


def _subject(standing: Standing) -> Words:
    return _words(lambda language: subject(standing.subject, language))


def _both(standing: Standing) -> Words:
    return _words(lambda language: f"{in_words(standing.value, language)} ({subject(standing.subject, language)})")
