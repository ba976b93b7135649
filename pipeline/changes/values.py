"""What the answers of the comparison say otherwise: "retention P12M -> P24M", "consent by_use -> explicit".

A difference counts only where a sentence that differs supports it: the words of the policy decide, not what a model
makes of unchanged ones in other surroundings. A value that another sentence still states is not removed, one that an
old sentence stated is not added. What a text that breaks off, or a doubtful category, cannot show is neither.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.attributes import Attribute, attributes
from pipeline.changes.wording import plain
from pipeline.findings.values import PERIODS, is_answer, shown
from pipeline.periods import in_months
from pipeline.records import EVIDENCED, Analysis, ChangeKind, Finding, Sentence

Sentences = tuple[int, ...]
Touched = Sequence[tuple[Sentences, Sentences]]
"""Sentences (indices) of the old and the new version that belong together and differ."""

ONE_BY_ONE = frozenset({"entities", "concepts", "measures"})
"""Rules whose answer is a list of values, each with its own places."""

USUAL = {"retention": "exact", "response_time": "at_most"}
"""Bounds of a period that go without saying."""

AS_A_WHOLE = frozenset({"sharing", "consent"})
"""Rules whose answer is a small set: `by_use` gives way to `explicit`."""

NOT_JUDGED = frozenset({"cut_off", "unreadable", "unsure"})
"""Statuses of a finding that do not say that the policy lacks it."""


class Difference(NamedTuple):
    """One answer that differs, with the sentences that state its two sides."""

    subject: str
    kind: ChangeKind
    old: str | None
    new: str | None
    old_sentences: Sentences
    new_sentences: Sentences


class _Value(NamedTuple):
    """`same` is equal for values that mean the same, `shown` is what a reader sees, `words` what the policy has."""

    same: str
    shown: str
    words: str


class _Stated(NamedTuple):
    """Values by sentence, all of them, and the words of the sentences."""

    by_sentence: Mapping[int, Sequence[_Value]]
    all: frozenset[str]
    sentences: Sequence[Sentence]

    def beyond(self, sentences: Sentences, other: "_Stated", others: Sentences) -> list[_Value]:
        """The distinct values that these sentences state and the other version's `others` do not, in order.

        Where a sentence was only split or merged, a value whose words are still there was not taken back: they stand
        in other company now.
        """
        known = {v.same for i in others for v in other.by_sentence.get(i, ())}
        here = {v.same: v for i in sentences for v in self.by_sentence.get(i, ()) if v.same not in known}
        if not others or len(sentences) == len(others):
            return list(here.values())
        there = plain(" ".join(other.sentences[i].text for i in others))
        return [v for v in here.values() if v.words not in there]


def differences(
    old: Analysis, new: Analysis, findings: tuple[Iterable[Finding], Iterable[Finding]], touched: Touched
) -> Iterator[Difference]:
    """The answers that differ, in the order of the columns."""
    before, after = ({f.attribute: f for f in some} for some in findings)
    for attribute in attributes():
        was, now = before[attribute.id], after[attribute.id]
        found: list[Difference] = []
        if attribute.rule in ONE_BY_ONE:
            found = list(_one_by_one(attribute, _stated(attribute, old), _stated(attribute, new), touched))
        elif attribute.rule in AS_A_WHOLE:
            found = list(_as_a_whole(attribute, was, now, touched))
        found = found or list(_said_at_all(attribute, was, now, touched))
        yield from (d for d in found if not _hidden(d, was, now))


def _hidden(difference: Difference, was: Finding, now: Finding) -> bool:
    """Whether what is missing on one side may stand there."""
    return {"removed": now.status, "added": was.status}.get(difference.kind) in NOT_JUDGED


def _stated(attribute: Attribute, analysis: Analysis) -> _Stated:
    found: dict[int, list[_Value]] = defaultdict(list)
    for e in analysis.entities:
        if is_answer(attribute, e) and e.detail.get("said_by") != "site":
            bound = e.detail.get("bound")
            mark = f" ({bound})" if bound and bound != USUAL.get(e.kind) else ""
            same = plain(e.value) if e.kind in ("address", "organization") else in_months(shown(e))
            found[e.sentence].append(_Value(same + mark, shown(e) + mark, plain(e.text)))
    return _Stated(found, frozenset(v.same for values in found.values() for v in values), analysis.sentences)


def _one_by_one(attribute: Attribute, old: _Stated, new: _Stated, touched: Touched) -> Iterator[Difference]:
    changed: dict[tuple[_Value, _Value], list[tuple[Sentences, Sentences]]] = defaultdict(list)
    gone: dict[_Value, list[Sentences]] = defaultdict(list)
    come: dict[_Value, list[Sentences]] = defaultdict(list)
    for olds, news in touched:
        lost, got = old.beyond(olds, new, news), new.beyond(news, old, olds)
        for pair in list(zip(lost, got, strict=False)) if attribute.rule == "entities" else []:
            if attribute.kind in PERIODS or pair[0].same not in new.all or pair[1].same not in old.all:
                changed[pair].append((olds, news))
                lost.remove(pair[0])
                got.remove(pair[1])
        for value in lost:
            gone[value] += [olds] if value.same not in new.all else []
        for value in got:
            come[value] += [news] if value.same not in old.all else []
    one_gone, one_come = ([v for v, places in some.items() if places] for some in (gone, come))
    if attribute.rule == "entities" and len(one_gone) == len(one_come) == 1:
        a, b = one_gone[0], one_come[0]
        changed[a, b].append((_all(gone.pop(a)), _all(come.pop(b))))
    for (a, b), both in changed.items():
        yield Difference(attribute.id, "changed", a.shown, b.shown, _all(o for o, _ in both), _all(n for _, n in both))
    for value, places in gone.items():
        if places:
            yield Difference(attribute.id, "removed", value.shown, None, _all(places), ())
    for value, places in come.items():
        if places:
            yield Difference(attribute.id, "added", None, value.shown, (), _all(places))


def _as_a_whole(attribute: Attribute, was: Finding, now: Finding, touched: Touched) -> Iterator[Difference]:
    lost = [a for a in was.answer if a not in now.answer]
    got = [a for a in now.answer if a not in was.answer]
    olds, news = _support(was, now, touched)
    if (olds or news) and (lost or got):
        kind: ChangeKind = "changed" if lost and got else "removed" if lost else "added"
        yield Difference(attribute.id, kind, ", ".join(lost) or None, ", ".join(got) or None, olds, news)


def _said_at_all(attribute: Attribute, was: Finding, now: Finding, touched: Touched) -> Iterator[Difference]:
    """An attribute on which only one of the versions says anything."""
    olds, news = _support(was, now, touched)
    if was.status in EVIDENCED and now.status not in EVIDENCED and olds:
        yield Difference(attribute.id, "removed", "; ".join(was.answer), None, olds, ())
    if now.status in EVIDENCED and was.status not in EVIDENCED and news:
        yield Difference(attribute.id, "added", None, "; ".join(now.answer), (), news)


def _support(was: Finding, now: Finding, touched: Touched) -> tuple[Sentences, Sentences]:
    """The sentences in evidence of the two findings that differ between the versions."""
    olds, news = {i for some, _ in touched for i in some}, {i for _, some in touched for i in some}
    return (
        tuple(e.sentence for e in was.evidence if e.sentence in olds),
        tuple(e.sentence for e in now.evidence if e.sentence in news),
    )


def _all(some: Iterable[Sentences]) -> Sentences:
    return tuple(dict.fromkeys(i for sentences in some for i in sentences))
