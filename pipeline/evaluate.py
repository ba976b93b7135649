"""Gold + predicted -> scores of the whole chain: segmentation, clause categories, entities; agreement of annotators.

A gold unit takes the labels of the predicted sentences that share at least half of the shorter of the two. Scores of
clause categories are over sentences and items (kind `s`); `other` counts in micro-F1 but not in macro-F1, nor do
categories with fewer than `intervals.FEW` gold units; `intervals` come from a bootstrap over vendors. Entities count
as distinct values of a document. A document of which only some sentences are labelled is scored on their labels alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.artefact import load_model, model_folder
from pipeline.classify import classify
from pipeline.entities import extract
from pipeline.errors import GoldError
from pipeline.gold import ENTITY_KINDS, GoldDocument, Unit, rows
from pipeline.intervals import Outcomes, summary
from pipeline.labels import label_ids
from pipeline.predictor import Predictor
from pipeline.records import Clause, Entity, Sentence
from pipeline.segment import segment

Tally = dict[str, Counter[str]]


def on_gold(gold: Sequence[GoldDocument], folder: Path | None = None) -> dict[str, Any]:
    """Scores of the saved model on gold documents. Says so where it was trained on one of their vendors."""
    saved = load_model(folder or model_folder())
    known = sorted(saved.vendors & {d.vendor for d in gold})
    result = scores([(document, saved.model) for document in gold])
    warning = f"the model was trained on {len(known)} of these vendors: these scores are too good"
    return {**({"warning": warning} if known else {}), **result}


def scores(pairs: Sequence[tuple[GoldDocument, Predictor]]) -> dict[str, Any]:
    """Scores of the whole chain over gold documents, each with the model that reads it."""
    tallies: dict[str, Tally] = defaultdict(lambda: defaultdict(Counter))
    for document, model in pairs:
        tally = tallies[document.vendor]
        policy = document.policy()
        sentences = segment(policy)
        entities = extract(policy, sentences)
        _count_labels(tally, document.units, sentences, classify(sentences, entities, model))
        if not document.partly:
            _count_segments(tally, document.units, sentences)
            _count_entities(tally, document, entities)
    tally = _total(tallies.values())
    judged, right = summary(label_outcomes(tallies.values())), tally["main"]
    return {
        "documents": len(pairs),
        "units": sum(right[k] for k in ("s", "s missed")),
        "macro_f1": judged["macro_f1"],
        "micro": _prf(tally, "micro"),
        "main_accuracy": _share(right, "s"),
        "heading_accuracy": _share(right, "h"),
        "segment_starts": _prf(tally, "starts"),
        "exact_units": _share(tally["exact"], "unit"),
        "entities": _prf(tally, "entities"),
        "entity_kinds": {kind: _prf(tally, f"entity {kind}") for kind in sorted(ENTITY_KINDS)},
        "labels": {label: _prf(tally, f"label {label}") for label in label_ids()},
        "intervals": {
            **judged["intervals"],
            "labels": {label: row["interval"] for label, row in judged["labels"].items() if row["units"]},
        },
    }


def _total(tallies: Iterable[Tally]) -> Tally:
    total: Tally = defaultdict(Counter)
    for tally in tallies:
        for name, counts in tally.items():
            total[name] += counts
            if name.startswith(("label ", "entity ")):
                total["micro" if name.startswith("label ") else "entities"] += counts
    return total


def label_outcomes(tallies: Iterable[Tally]) -> Outcomes:
    """The counts of labels and main labels of sentences and items, a row a tally."""
    rows = list(tallies)

    def of_labels(outcome: str) -> npt.NDArray[np.int64]:
        return np.array([[tally[f"label {label}"][outcome] for label in label_ids()] for tally in rows])

    return Outcomes(
        right=of_labels("tp"),
        wrong=of_labels("fp"),
        missed=of_labels("fn"),
        main=np.array([tally["main"]["s"] for tally in rows]),
        units=np.array([tally["main"]["s"] + tally["main"]["s missed"] for tally in rows]),
    )


def _count_segments(tally: Tally, units: Sequence[Unit], sentences: Sequence[Sentence]) -> None:
    kept = {s.start for s in sentences if s.kind != "furniture"}
    wanted, apart = {u.start for u in units if u.kind != "x"}, {u.start for u in units if u.kind == "x"}
    tally["starts"].update(tp=len(kept & wanted), fp=len(kept - wanted - apart), fn=len(wanted - kept))
    spans = {(s.start, s.end) for s in sentences}
    tally["exact"].update("unit" if (u.start, u.end) in spans else "unit missed" for u in units if u.kind != "x")


def _count_labels(
    tally: Tally, units: Sequence[Unit], sentences: Sequence[Sentence], clauses: Sequence[Clause]
) -> None:
    given: dict[int, list[Clause]] = defaultdict(list)
    for clause in clauses:
        given[clause.sentence].append(clause)
    for unit in units:
        over = [
            (shared, s.index)
            for s in sentences
            if (shared := min(s.end, unit.end) - max(s.start, unit.start)) > 0
            and 2 * shared >= min(s.end - s.start, unit.end - unit.start)
        ]
        main = next((c.label for c in given[max(over)[1]] if c.primary), None) if over else None
        if unit.kind != "x":
            tally["main"][unit.kind if main == unit.labels[0] else f"{unit.kind} missed"] += 1
        if unit.kind == "s":
            got = {c.label for _, index in over for c in given[index]}
            for label in got | set(unit.labels):
                outcome = "tp" if label in got and label in unit.labels else "fp" if label in got else "fn"
                tally[f"label {label}"][outcome] += 1


def _count_entities(tally: Tally, document: GoldDocument, entities: Sequence[Entity]) -> None:
    """Distinct values of a document by kind; values of page furniture are neither asked for nor wrong.

    A value of a kind that the document has none of is invented, so all kinds count in each document.
    """
    for kind in ENTITY_KINDS:
        wanted = {_key(e.value) for e in document.entities if e.kind == kind and not e.optional}
        free = {_key(e.value) for e in document.entities if e.kind == kind and e.optional} - wanted
        got = {_key(e.value) for e in entities if e.kind == kind} - free
        tally[f"entity {kind}"].update(tp=len(got & wanted), fp=len(got - wanted), fn=len(wanted - got))


def _key(value: str) -> str:
    return " ".join(value.casefold().replace(",", " ").replace(".", " ").split())


def _prf(tally: Tally, name: str) -> dict[str, float]:
    tp, fp, fn = (tally[name][k] for k in ("tp", "fp", "fn"))
    p, r, f1 = tp / max(1, tp + fp), tp / max(1, tp + fn), 2 * tp / max(1, 2 * tp + fp + fn)
    return {"p": round(p, 4), "r": round(r, 4), "f1": round(f1, 4), "n": tp + fn}


def _share(counts: Mapping[str, int], name: str) -> float:
    return round(counts[name] / max(1, counts[name] + counts[f"{name} missed"]), 4)


def agreement(folder: Path) -> dict[str, Any]:
    """How far two annotators agree: `folder` holds one folder of label files each.

    Share of equal main labels, Cohen's kappa on them, share of equal label sets, and by category the F1 of one against
    the other.
    """
    names = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    if len(names) != 2:
        raise GoldError(str(folder), f"{len(names)} folders, not two", "Give each annotator a folder of label files")
    one, two = (folder / name for name in names)
    documents = sorted({p.name for p in [*one.glob("*.tsv"), *two.glob("*.tsv")]})
    pairs = [pair for document in documents for pair in _paired(one / document, two / document)]
    if not pairs:
        raise GoldError(str(folder), "no labels there", "Give each annotator a folder of label files")
    left, right = Counter(a[0] for a, _ in pairs), Counter(b[0] for _, b in pairs)
    equal = sum(a[0] == b[0] for a, b in pairs) / len(pairs)
    chance = sum(left[label] * right[label] for label in left) / len(pairs) ** 2
    tally: Tally = defaultdict(Counter)
    for a, b in pairs:
        for label in {*a, *b}:
            tally[label]["tp" if label in a and label in b else "fp" if label in a else "fn"] += 1
    return {
        "units": len(pairs),
        "equal_main_labels": round(equal, 4),
        "kappa_main_label": round((equal - chance) / (1 - chance), 4) if chance < 1 else 1.0,
        "equal_label_sets": round(sum(set(a) == set(b) for a, b in pairs) / len(pairs), 4),
        "by_label": {
            label: {"f1": _prf(tally, label)["f1"], "n": sum(tally[label].values())}
            for label in label_ids()
            if label in tally
        },
    }


def _paired(one: Path, two: Path) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    first, second = ([[*cells[:3], cells[4]] for _, cells in rows(path, 5)] for path in (one, two))
    if [row[:3] for row in first] != [row[:3] for row in second]:
        raise GoldError(str(two), "not the units of the other annotator", "Let both label the same units")
    return [(tuple(a[3].split(",")), tuple(b[3].split(","))) for a, b in zip(first, second, strict=True)]
