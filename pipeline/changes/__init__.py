"""Two versions of one policy -> Changes: value by value, and clause by clause.

Sentences are aligned (`align`) by those of their words that say something (`wording`); then the answers that differ are
read off the sentences that differ (`values`). Both versions must be analysed by the same pipeline, so that no change of
the pipeline is taken for one of the vendor's; what an upgrade of the pipeline changed is another question (`upgrade`).
"""

from collections.abc import Iterable, Sequence

from pipeline.changes.align import How, Pair, align
from pipeline.changes.values import Difference, Sentences, Touched, differences
from pipeline.changes.wording import Line, cosmetic, lines
from pipeline.errors import OtherPipeline
from pipeline.findings import compare
from pipeline.findings.statements import is_cut_off
from pipeline.labels import OTHER
from pipeline.records import Analysis, Change, ChangeKind, Evidence, Finding

__all__ = ["changes"]

BEHIND_THE_BREAK = "behind the break"
"""How a sentence was added or removed that stands where the other version's text breaks off."""


def changes(
    old: Analysis, new: Analysis, findings: tuple[Iterable[Finding], Iterable[Finding]] | None = None
) -> tuple[Change, ...]:
    """What the new version says otherwise: values in the order of the columns, then clauses in the order of the text.

    `findings` are those of the two versions, made here where they are not given. Raises `OtherPipeline` where the two
    were analysed by different pipelines.
    """
    if old.fingerprints != new.fingerprints:
        raise OtherPipeline(
            new.policy.source, "its two versions were analysed by different pipelines", "Analyse both again"
        )
    olds, news = lines(old), lines(new)
    pairs = align(olds, news)
    unseen = _behind_break(old, olds, new, news, pairs)
    clauses: list[Change] = []
    touched: list[tuple[Sentences, Sentences]] = []
    same: list[tuple[Sentences, Sentences]] = []
    for pair in pairs:
        was, now = [olds[i] for i in pair.old], [news[j] for j in pair.new]
        kind, how = _kind(pair.how, was, now)
        differs = kind not in (None, "moved", "cosmetic")
        (touched if differs else same).append((_indices(was), _indices(now)))
        if kind:
            clauses.append(_clause(old, new, kind, BEHIND_THE_BREAK if pair in unseen else how, was, now))
    touched += _introduced_anew(same, touched, old, new)
    answers = findings or (compare(old), compare(new))
    return (*(_value(old, new, d) for d in differences(old, new, answers, touched)), *clauses)


def _kind(how: How, was: Sequence[Line], now: Sequence[Line]) -> tuple[ChangeKind | None, str]:
    """Kind of change, and how, of lines that were aligned; `None` where the text is the same."""
    before, after = ([line.sentence.text for line in some] for some in (was, now))
    if how == "equal" and before == after:
        return None, ""
    asides = {line.aside for line in (*was, *now)}
    if "" not in asides:
        return "cosmetic", min(asides)
    if how == "moved" or how == "added" or how == "removed":
        return how, ""
    if how == "equal":
        return "cosmetic", cosmetic(before[0], after[0])
    if " ".join(line.key for line in was) == " ".join(line.key for line in now):
        return "cosmetic", "sentence breaks"
    return "changed", how


def _behind_break(
    old: Analysis, olds: Sequence[Line], new: Analysis, news: Sequence[Line], pairs: Sequence[Pair]
) -> set[Pair]:
    """What one version has behind the last sentence of the other, where the text of the other breaks off."""
    both = [p for p in pairs if p.old and p.new and not olds[p.old[0]].aside]
    last_old, last_new = max((p.old[-1] for p in both), default=-1), max((p.new[-1] for p in both), default=-1)
    return {
        p
        for p in pairs
        if (p.how == "removed" and is_cut_off(new) and p.old[0] > last_old and not olds[p.old[0]].aside)
        or (p.how == "added" and is_cut_off(old) and p.new[0] > last_new and not news[p.new[0]].aside)
    }


def _introduced_anew(same: Touched, touched: Touched, old: Analysis, new: Analysis) -> Touched:
    """Items that stayed as they were below a lead-in that did not: they may say something else now."""
    olds, news = {i for some, _ in touched for i in some}, {i for _, some in touched for i in some}
    return [
        (was, now)
        for was, now in same
        if any(old.sentences[i].lead_in in olds for i in was) or any(new.sentences[i].lead_in in news for i in now)
    ]


def _value(old: Analysis, new: Analysis, d: Difference) -> Change:
    return Change(
        vendor=new.policy.vendor,
        level="value",
        subject=d.subject,
        kind=d.kind,
        old=d.old,
        new=d.new,
        old_evidence=_evidence(old, d.old_sentences),
        new_evidence=_evidence(new, d.new_sentences),
        old_version=old.policy.version,
        new_version=new.policy.version,
    )


def _clause(
    old: Analysis, new: Analysis, kind: ChangeKind, how: str, was: Sequence[Line], now: Sequence[Line]
) -> Change:
    before, after = _indices(was), _indices(now)
    return Change(
        vendor=new.policy.vendor,
        level="clause",
        subject=_category(new, after[0]) if after else _category(old, before[0]),
        kind=kind,
        how=how,
        old=" ".join(line.sentence.text for line in was) or None,
        new=" ".join(line.sentence.text for line in now) or None,
        old_evidence=_evidence(old, before),
        new_evidence=_evidence(new, after),
        old_version=old.policy.version,
        new_version=new.policy.version,
    )


def _indices(some: Sequence[Line]) -> tuple[int, ...]:
    return tuple(line.sentence.index for line in some)


def _category(analysis: Analysis, sentence: int) -> str:
    """Main category of a sentence."""
    return next((c.label for c in analysis.clauses if c.sentence == sentence and c.primary), OTHER)


def _evidence(analysis: Analysis, sentences: Iterable[int]) -> tuple[Evidence, ...]:
    return tuple(analysis.sentences[i].evidence() for i in sentences)
