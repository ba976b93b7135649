"""Sentences whose category a person should decide: chosen out of the tables of a run, and the answers checked.

A sentence is in doubt as far as its main label is not certain (one minus its calibrated score); `choose` takes the
doubtful ones that differ most from each other. Page furniture and versions left out of the comparison are not asked.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from pipeline.choose import choose
from pipeline.errors import ReviewError
from pipeline.gold import MOST_LABELS
from pipeline.labels import labels
from pipeline.review import Reviewed, Source, file_name, unit_id

Row = Mapping[str, Any]
Said = Sequence[tuple[int, int, str, Sequence[tuple[str, float]]]]
"""Units with what the model says: start, end, kind, labels with scores, main first."""

KINDS = {"heading": "h", "body": "s", "item": "s", "furniture": "x"}
CHOICES = tuple(f"label_{number}" for number in range(1, MOST_LABELS + 1))
"""Columns of a form in which reviewers choose labels, the main one first."""


class Question(NamedTuple):
    """A sentence to be labelled, and what it takes to decide; `said` has the model's labels with scores, main first."""

    id: str
    document: str
    doc_id: str
    vendor: str
    sentence: int
    start: int
    end: int
    kind: str
    text: str
    path: str
    lead_in: str
    before: str
    after: str
    said: tuple[tuple[str, float], ...]


def questions(tables: Mapping[str, Sequence[Row]], many: int) -> list[Question]:
    """At most `many` sentences out of the tables `policies`, `sentences` and `clauses`, the most telling first."""
    policies = {p["doc_id"]: p for p in tables["policies"] if p["compared"]}
    sentences: dict[str, list[Row]] = defaultdict(list)
    for row in tables["sentences"]:
        if row["doc_id"] in policies:
            sentences[row["doc_id"]].append(row)
    said: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for clause in tables["clauses"]:
        said[clause["doc_id"], clause["sentence"]].append(clause)
    asked = [row for rows in sentences.values() for row in rows if row["kind"] != "furniture"]
    doubts = np.array([1 - _main(said[row["doc_id"], row["index"]])["score"] for row in asked])
    return [
        _question(row, policies[row["doc_id"]], sentences[row["doc_id"]], said[row["doc_id"], row["index"]])
        for row in (asked[i] for i in choose([row["text"] for row in asked], doubts, many))
    ]


def said_of(tables: Mapping[str, Sequence[Row]], document: str) -> Said:
    """What the run says of every sentence of a document."""
    (policy,) = (p for p in tables["policies"] if file_name(p["doc_id"], p["version"]) == document)
    said: dict[int, list[Row]] = defaultdict(list)
    for clause in tables["clauses"]:
        if clause["doc_id"] == policy["doc_id"]:
            said[clause["sentence"]].append(clause)
    return [
        (row["start"], row["end"], KINDS[row["kind"]], _ranked(said[row["index"]]))
        for row in tables["sentences"]
        if row["doc_id"] == policy["doc_id"]
    ]


def _ranked(clauses: Sequence[Row]) -> tuple[tuple[str, float], ...]:
    return tuple((c["label"], c["score"]) for c in sorted(clauses, key=lambda c: not c["primary"]))


def _main(clauses: Sequence[Row]) -> Row:
    return next(clause for clause in clauses if clause["primary"])


def _question(row: Row, policy: Row, around: Sequence[Row], clauses: Sequence[Row]) -> Question:
    def text(index: int | None) -> str:
        return around[index]["text"] if index is not None and 0 <= index < len(around) else ""

    document = file_name(row["doc_id"], policy["version"])
    return Question(
        id=unit_id(document, row["start"], row["end"], row["text"]),
        document=document,
        doc_id=row["doc_id"],
        vendor=policy["vendor"],
        sentence=row["index"],
        start=row["start"],
        end=row["end"],
        kind=KINDS[row["kind"]],
        text=row["text"],
        path=row["path"],
        lead_in=text(row["lead_in"]),
        before=text(row["index"] - 1),
        after=text(row["index"] + 1),
        said=_ranked(clauses),
    )


class Place(NamedTuple):
    """Where an asked unit stands."""

    document: str
    start: int
    end: int
    kind: str


def answers(
    rows: Sequence[tuple[str, Mapping[str, str]]],
    asked: Mapping[str, Place],
    sources: Mapping[str, Source],
    reviewer: str = "",
) -> tuple[list[Reviewed], list[str]]:
    """What reviewers said, and each refused row with its reason; rows without a label are passed over.

    `rows` are names of rows with their cells by column; `asked` says what each id stands for. `reviewer` is who filled
    in rows that name nobody.
    """
    taken: list[Reviewed] = []
    refused: list[str] = []
    seen: set[str] = set()
    for where, row in rows:
        if not any(row.get(column, "") for column in CHOICES):
            continue
        try:
            taken.append(_answer(where, row, asked, sources, reviewer, seen))
        except ReviewError as error:
            refused.append(str(error))
    return taken, refused


def _answer(
    where: str,
    row: Mapping[str, str],
    asked: Mapping[str, Place],
    sources: Mapping[str, Source],
    who: str,
    seen: set[str],
) -> Reviewed:
    place = asked.get(row.get("id", ""))
    if place is None:
        raise ReviewError(where, f"no sentence has the id {row.get('id', '')!r}", "Copy the id from a fresh export")
    text = sources[place.document].text[place.start : place.end]
    if (
        row.get("text", "").split() != text.split()
        or unit_id(place.document, place.start, place.end, text) != row["id"]
    ):
        raise ReviewError(where, "sentence or id was altered", "Leave these columns as they were exported")
    if row["id"] in seen:
        raise ReviewError(where, f"the sentence {row['id']} stands in the file twice", "Keep one row of it")
    seen.add(row["id"])
    chosen = tuple(_labels(where, row))
    reviewer = row.get("reviewer", "") or who
    if not reviewer:
        raise ReviewError(where, "nobody stands as reviewer", "Fill in the column, or add --reviewer NAME")
    return Reviewed(
        document=place.document,
        start=place.start,
        end=place.end,
        kind=place.kind,
        labels=chosen,
        reviewer=reviewer,
        comment=row.get("comment", ""),
        where=where,
    )


def _labels(where: str, row: Mapping[str, str]) -> Iterator[str]:
    given = [row.get(column, "") for column in CHOICES]
    if not given[0]:
        raise ReviewError(where, "a second label without a main one", "Fill in the first label")
    seen = set()
    for name in filter(None, given):
        label = named(name)
        if label is None:
            raise ReviewError(where, f"unknown label {name!r}", "Choose one from the list of the cell")
        if label in seen:
            raise ReviewError(where, f"label {name!r} twice", "Choose different ones")
        seen.add(label)
        yield label


def named(written: str) -> str | None:
    """The category that a reviewer means: its id, its Vietnamese name, or what the lists have; `None` for no category.

    >>> named("retention"), named("lưu trữ"), named("Lưu trữ (Retention)"), named("storage")
    ('retention', 'retention', 'retention', None)
    """
    known = {name.casefold(): label.id for label in labels() for name in (label.id, label.vi, choice(label.id))}
    return known.get(written.casefold())


def choice(label: str) -> str:
    """A label as it stands in the lists of a form.

    >>> choice("retention")
    'Lưu trữ (retention)'
    """
    return f"{next(entry.vi for entry in labels() if entry.id == label)} ({label})"
