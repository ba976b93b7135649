"""One policy as its page shows it: a row a sentence, entities marked, and what the comparison says of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.attributes import Attribute, attributes
from pipeline.batch import Diff
from pipeline.labels import Label, labels
from pipeline.records import Analysis, Clause, Entity, Evidence, Finding, Requirement, Sentence, Standing
from pipeline.regimes import Element, Regime
from pipeline.render.compared import Compared
from pipeline.render.diff import Entry, of_level, put_aside, sorts
from pipeline.render.report.text import shortened, visible, web_address
from pipeline.render.standings import in_a_clause
from pipeline.render.terms import Words, doubts, terms
from pipeline.render.words import in_words

QUOTED = 160
"""Characters of a quote among the answers above the text; the text itself is whole."""


class Piece(NamedTuple):
    """A stretch of a sentence; `about` says what it is in both languages, `None` where it is no entity."""

    text: str
    kind: str = ""
    about: Words | None = None


class Row(NamedTuple):
    """A sentence. `new`: a paragraph begins. `turn`: its category is another than that of the sentence before."""

    number: int
    kind: str
    label: Label
    further: Sequence[Label]
    unsure: bool
    new: bool
    turn: bool
    pieces: Sequence[Piece]


class Answer(NamedTuple):
    """What the policy says on an attribute; `values` in both languages, `sentences` where it says so.

    `review` is the state of its review, empty where nobody reviewed it.
    """

    attribute: Attribute
    status: str
    values: Sequence[Words]
    sentences: Sequence[int]
    review: str


class Judged(NamedTuple):
    """An element of a list of the law, how the policy meets it, and the sentences that show it."""

    element: Element
    status: str
    sentences: Sequence[int]


class Changed(NamedTuple):
    """What changed from the version `old` to `new`: answers, then sentences, each word by word.

    `cosmetic` counts the edits that change nothing, by sort; `aside` says why the new version is put aside, if it is.
    """

    old: str
    new: str
    answers: Sequence[Entry]
    sentences: Sequence[Entry]
    cosmetic: str
    aside: str


class Page(NamedTuple):
    """A policy's page; `url` is empty where no browser may follow it, `source` is what `sources.csv` has.

    `changed` is `None` where no version before is known. `standings`: what is particular about it in the field, in
    words, and the sentences that say so.
    """

    key: str
    vendor: str
    doc_id: str
    version: str
    url: str
    source: str
    retrieved: str
    doubts: Sequence[Words]
    judged: Sequence[tuple[Regime, Sequence[Judged]]]
    standings: Sequence[tuple[Words, Sequence[int]]]
    answers: Sequence[Answer]
    changed: Changed | None
    legend: Sequence[tuple[Label, int]]
    rows: Sequence[Row]


def page(key: str, analysis: Analysis, seen: Compared, diff: Diff | None = None) -> Page:
    """The page of one policy from what was found in it."""
    policy = analysis.policy
    rows, findings, points = tuple(_rows(analysis)), seen.cells[policy.doc_id], seen.points[policy.doc_id]
    return Page(
        key=key,
        vendor=visible(policy.vendor),
        doc_id=visible(policy.doc_id),
        version=policy.version,
        url=web_address(policy.meta.get("url", "")),
        source=visible(policy.meta.get("url", "") or policy.source),
        retrieved=policy.retrieved_at or "",
        doubts=doubts(policy.flags),
        judged=[(r, [_judged(e, points[r.id, e.id]) for e in r.elements]) for r in seen.regimes],
        standings=[_standing(standing, seen) for standing in seen.standings[policy.doc_id]],
        answers=[_answer(attribute, findings[attribute.id]) for attribute in attributes()],
        changed=changed(diff) if diff else None,
        legend=[(label, n) for label in labels() if (n := sum(row.label is label for row in rows))],
        rows=rows,
    )


def _judged(element: Element, found: Requirement) -> Judged:
    return Judged(element, found.status, _sentences(found.evidence))


def _standing(standing: Standing, seen: Compared) -> tuple[Words, Sequence[int]]:
    words = {
        "vi": visible(in_a_clause(standing, seen.vendors)),
        "en": visible(in_a_clause(standing, seen.vendors, "en")),
    }
    return words, _sentences(standing.evidence)


def _answer(attribute: Attribute, finding: Finding) -> Answer:
    values = [shortened(visible(value), QUOTED) for value in finding.answer]
    words = [{"vi": in_words(value), "en": in_words(value, "en")} for value in values]
    state = finding.review.state if finding.review else ""
    return Answer(attribute, finding.status, words, _sentences(finding.evidence), state)


def changed(diff: Diff) -> Changed:
    """What changed between two versions, fit for a page."""
    answers, sentences = (
        [entry._replace(pieces=tuple(p._replace(text=visible(p.text)) for p in entry.pieces)) for entry in found]
        for found in (of_level(diff.changes, "value"), of_level(diff.changes, "clause"))
    )
    aside = put_aside(diff.quarantine) if diff.quarantine else ""
    return Changed(visible(str(diff.old)), visible(str(diff.new)), answers, sentences, sorts(diff.changes), aside)


def _sentences(evidence: Iterable[Evidence]) -> list[int]:
    return list(dict.fromkeys(e.sentence for e in evidence))


def _rows(analysis: Analysis) -> Iterator[Row]:
    named = {label.id: label for label in labels()}
    clauses: dict[int, list[Clause]] = {}
    for clause in analysis.clauses:
        clauses.setdefault(clause.sentence, []).append(clause)
    entities: dict[int, list[Entity]] = {}
    for entity in analysis.entities:
        entities.setdefault(entity.sentence, []).append(entity)
    before, end = "", 0
    for sentence in analysis.sentences:
        main = next(c for c in clauses[sentence.index] if c.primary)
        yield Row(
            number=sentence.index,
            kind=sentence.kind,
            label=named[main.label],
            further=[named[c.label] for c in clauses[sentence.index] if not c.primary],
            unsure=main.unsure,
            new="\n" in analysis.policy.text[end : sentence.start],
            turn=main.label != before,
            pieces=tuple(_pieces(sentence, entities.get(sentence.index, ()))),
        )
        before, end = main.label, sentence.end


def _pieces(sentence: Sentence, entities: Iterable[Entity]) -> Iterator[Piece]:
    """The sentence in stretches; of entities that overlap the first and longest is marked, up to the sentence's end."""
    at = 0
    for entity in sorted(entities, key=lambda e: (e.start, -e.end)):
        start, end = entity.start - sentence.start, min(entity.end, sentence.end) - sentence.start
        if start < at:
            continue
        if start > at:
            yield Piece(visible(sentence.text[at:start]))
        yield Piece(visible(sentence.text[start:end]), entity.kind, _about(entity))
        at = end
    if at < len(sentence.text):
        yield Piece(visible(sentence.text[at:]))


def _about(entity: Entity) -> Words:
    kind = terms()["entity"].get(entity.kind, {"vi": entity.kind, "en": entity.kind})
    return {
        "vi": f"{kind['vi']}: {visible(in_words(entity.value))}",
        "en": f"{kind['en']}: {visible(in_words(entity.value, 'en'))}",
    }
