"""Gold + predicted -> scores, as figures of the whole chain: segmentation, clause categories, entities, agreement of annotators.

A gold unit takes the labels of the predicted sentences that share at least half of the shorter of the two. Scores of clause
categories are over sentences and items (kind `s`); `other` counts in micro-F1 but not in macro-F1, nor do categories with fewer
than `FEW` gold units.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.artefact import load_model, model_folder
from pipeline.classifier import ClauseClassifier
from pipeline.classify import classify
from pipeline.entities import extract
from pipeline.errors import GoldError
from pipeline.gold import GoldDocument, Unit
from pipeline.labels import OTHER, label_ids
from pipeline.records import Clause, Entity, Sentence
from pipeline.segment import segment

FEW = 5
"""Gold units below which the F1 of a category is chance and stays out of the mean."""

Tally = dict[str, Counter[str]]


def on_gold(gold: Sequence[GoldDocument], folder: Path | None = None) -> dict[str, Any]:
    """Scores of the saved model on gold documents. Says so where it was trained on one of their vendors."""
    saved = load_model(folder or model_folder())
    known = sorted(saved.vendors & {d.vendor for d in gold})
    result = scores([(document, saved.model) for document in gold])
    return {**({"warning": f"the model was trained on {len(known)} of these vendors: these scores are too good"} if known else {}), **result}


def scores(pairs: Sequence[tuple[GoldDocument, ClauseClassifier]]) -> dict[str, Any]:
    """Scores of the whole chain over gold documents, each with the model that reads it."""
    tally: Tally = defaultdict(Counter)
    for document, model in pairs:
        policy = document.policy()
        sentences = segment(policy)
        entities = extract(policy, sentences)
        _count_segments(tally, document.units, sentences)
        _count_labels(tally, document.units, sentences, classify(sentences, entities, model))
        _count_entities(tally, document, entities)
    labels = {label: _prf(tally, f"label {label}") for label in label_ids()}
    counted = [label for label in label_ids() if label != OTHER and labels[label]["n"] >= FEW]
    for label in label_ids():
        tally["micro"] += tally[f"label {label}"]
    for kind in [name for name in tally if name.startswith("entity ")]:
        tally["entities"] += tally[kind]
    right = tally["main"]
    return {
        "documents": len(pairs), "units": sum(right[k] for k in ("s", "s missed")),
        "macro_f1": round(sum(labels[label]["f1"] for label in counted) / max(1, len(counted)), 4), "micro": _prf(tally, "micro"),
        "main_accuracy": _share(right, "s"), "heading_accuracy": _share(right, "h"),
        "segment_starts": _prf(tally, "starts"), "exact_units": _share(tally["exact"], "unit"),
        "entities": _prf(tally, "entities"), "entity_kinds": {k.removeprefix("entity "): _prf(tally, k) for k in sorted(tally) if k.startswith("entity ")},
        "labels": labels,
    }


def _count_segments(tally: Tally, units: Sequence[Unit], sentences: Sequence[Sentence]) -> None:
    kept = {s.start for s in sentences if s.kind != "furniture"}
    wanted, apart = {u.start for u in units if u.kind != "x"}, {u.start for u in units if u.kind == "x"}
    tally["starts"].update(tp=len(kept & wanted), fp=len(kept - wanted - apart), fn=len(wanted - kept))
    spans = {(s.start, s.end) for s in sentences}
    tally["exact"].update("unit" if (u.start, u.end) in spans else "unit missed" for u in units if u.kind != "x")


def _count_labels(tally: Tally, units: Sequence[Unit], sentences: Sequence[Sentence], clauses: Sequence[Clause]) -> None:
    given: dict[int, list[Clause]] = defaultdict(list)
    for clause in clauses:
        given[clause.sentence].append(clause)
    for unit in units:
        over = [(shared, s.index) for s in sentences if (shared := min(s.end, unit.end) - max(s.start, unit.start)) > 0
                and 2 * shared >= min(s.end - s.start, unit.end - unit.start)]
        main = next((c.label for c in given[max(over)[1]] if c.primary), None) if over else None
        if unit.kind != "x":
            tally["main"][unit.kind if main == unit.labels[0] else f"{unit.kind} missed"] += 1
        if unit.kind == "s":
            got = {c.label for _, index in over for c in given[index]}
            for label in got | set(unit.labels):
                outcome = "tp" if label in got and label in unit.labels else "fp" if label in got else "fn"
                tally[f"label {label}"][outcome] += 1


def _count_entities(tally: Tally, document: GoldDocument, entities: Sequence[Entity]) -> None:
    """Distinct values of a document by kind; values of page furniture are neither asked for nor wrong."""
    for kind in {e.kind for e in document.entities}:
        wanted = {_key(e.value) for e in document.entities if e.kind == kind and not e.optional}
        free = {_key(e.value) for e in document.entities if e.kind == kind and e.optional} - wanted
        got = {_key(e.value) for e in entities if e.kind == kind} - free
        tally[f"entity {kind}"].update(tp=len(got & wanted), fp=len(got - wanted), fn=len(wanted - got))


def _key(value: str) -> str:
    return " ".join(value.casefold().replace(",", " ").replace(".", " ").split())


def _prf(tally: Tally, name: str) -> dict[str, float]:
    tp, fp, fn = (tally[name][k] for k in ("tp", "fp", "fn"))
    return {"p": round(tp / max(1, tp + fp), 4), "r": round(tp / max(1, tp + fn), 4), "f1": round(2 * tp / max(1, 2 * tp + fp + fn), 4), "n": tp + fn}


def _share(counts: Mapping[str, int], name: str) -> float:
    return round(counts[name] / max(1, counts[name] + counts[f"{name} missed"]), 4)


def agreement(folder: Path) -> dict[str, Any]:
    """How far two annotators agree: `folder` holds one folder of label files each.

    Share of equal main labels, Cohen's kappa on them, share of equal label sets, and by category the F1 of one against the other.
    """
    names = sorted(p.name for p in folder.iterdir() if p.is_dir())
    if len(names) != 2:
        raise GoldError(str(folder), f"{len(names)} folders where two annotators are wanted", "Give each annotator a folder of label files")
    pairs = [pair for doc in sorted((folder / names[0]).glob("*.tsv")) for pair in _paired(doc, folder / names[1] / doc.name)]
    main = Counter((a[0], b[0]) for a, b in pairs)
    left, right = Counter(a[0] for a, _ in pairs), Counter(b[0] for _, b in pairs)
    equal = sum(n for (a, b), n in main.items() if a == b) / len(pairs)
    chance = sum(left[label] * right[label] for label in left) / len(pairs) ** 2
    by_label = {label: _prf({label: Counter("tp" if label in a and label in b else "fp" if label in a else "fn" for a, b in pairs
                                            if label in a or label in b)}, label) for label in label_ids()}
    return {"units": len(pairs), "equal_main_labels": round(equal, 4), "kappa_main_label": round((equal - chance) / (1 - chance), 4) if chance < 1 else 1.0,
            "equal_label_sets": round(sum(set(a) == set(b) for a, b in pairs) / len(pairs), 4),
            "by_label": {label: {"f1": row["f1"], "n": row["n"]} for label, row in by_label.items() if row["n"]}}


def _paired(one: Path, two: Path) -> list[tuple[list[str], list[str]]]:
    rows = [[line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()] for path in (one, two)]
    if [r[:3] for r in rows[0]] != [r[:3] for r in rows[1]]:
        raise GoldError(str(two), "not the units of the other annotator", "Let both label the same units")
    return [(a[4].split(","), b[4].split(",")) for a, b in zip(*rows, strict=True)]
