"""The quality gate: scores below which no change may bring the model, and the data that they were measured on.

`models/floors.json` holds for each model the hash and the counts of its training data and, for each score of its card,
the score and its noise (one standard error, from the bootstrap over vendors). `check` trains nothing: it compares data,
card and floors, and takes a second. `pin` writes the floors anew. A score that comes out lower by less than its noise
keeps the old floor, so that many small losses cannot add up; one that falls by more, fewer data or a label less need
`allow_regression`. `seal` is a hash over the floors: one edited by hand is noticed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline import card as model_card
from pipeline.artefact import code
from pipeline.errors import Regression
from pipeline.gold import GoldDocument, digest
from pipeline.replacing import replaced

OVERALL = ("macro_f1", "micro_f1", "main_accuracy")
COUNTS = ("documents", "vendors", "units")
PIN = "Pin anew with: vnpolicy evaluate --pin"
TRAIN = "Make model and card anew with: vnpolicy train"

Facts = Mapping[str, Any]


def check(gold: Sequence[GoldDocument], folder: Path) -> list[str]:
    """All that is amiss with the model in `folder`, each with its remedy; empty where its floors hold."""
    card, floors = _card(folder), _read(folder)
    amiss = list(_stale(card, gold, folder))
    if floors is None:
        return [*amiss, f"no floors for {folder.name} in {_path(folder)}. {PIN}"]
    if floors.get("seal") != _seal(floors):
        return [*amiss, f"{_path(folder)} was edited by hand. Take it back from version control"]
    if floors["data"] != _data(card):
        amiss.append(f"the data are not those of the floors ({_counts(floors['data'])}). {PIN}")
    unpinned = [f"{name} has no floor. {PIN}" for name, _ in _scores(card) if name not in floors["scores"]]
    return [*amiss, *_fallen(card, floors), *unpinned]


def pin(gold: Sequence[GoldDocument], folder: Path, *, allow_regression: bool = False) -> str:
    """Makes the scores of the card the floors; returns what it did. Raises `Regression` where one would be lowered."""
    card, old = _card(folder), _read(folder) or {"data": {}, "scores": {}}
    stale = list(_stale(card, gold, folder))
    if stale:
        raise Regression(str(folder), f"nothing is pinned: {'; '.join(stale)}", "")
    lower = [*_fallen(card, old), *_fewer(card["data"], old["data"])]
    if lower and not allow_regression:
        raise Regression(
            str(folder), f"nothing is pinned: {'; '.join(lower)}", "If that is meant, add --allow-regression"
        )
    floors: dict[str, Any] = {"data": _data(card), "scores": dict(_scores(card))}
    if not allow_regression:
        for name, before in old["scores"].items():
            if before["score"] > floors["scores"][name]["score"]:
                floors["scores"][name] = before
    floors["seal"] = _seal(floors)
    _write(folder, floors)
    return f"{_path(folder)}: {len(floors['scores'])} floors of {folder.name} pinned on {_counts(floors['data'])}"


def _fewer(now: Facts, pinned: Facts) -> list[str]:
    return [f"{now[name]} {name}, {pinned[name]} are pinned" for name in COUNTS if now[name] < pinned.get(name, 0)]


def _stale(card: Facts, gold: Sequence[GoldDocument], folder: Path) -> Iterator[str]:
    """Where the card does not belong to these data, to this code, or to the page made from it."""
    if card["data"]["sha256"] != digest(gold):
        yield f"the card was made from other data ({_counts(card['data'])}) than there are now. {TRAIN}"
    if card["fits"] != code():
        yield f"the card was made by other code than this. {TRAIN}"
    shown = [name for name in (*model_card.PICTURES, model_card.SEARCH) if (folder / name).is_file()]
    page = folder / "README.md"
    if not page.is_file() or page.read_text(encoding="utf-8") != model_card.text(card, shown):
        yield "README.md is not the page of this card. Draw it with: vnpolicy evaluate --card"


def _fallen(card: Facts, floors: Facts) -> Iterator[str]:
    now = dict(_scores(card))
    for name, floor in floors["scores"].items():
        pinned = f"pinned is {floor['score']:.4f} with a noise of {floor['noise']:.4f}"
        if name not in now:
            yield f"{name} is gone, {pinned}"
        elif now[name]["score"] < floor["score"] - floor["noise"]:
            yield f"{name} fell to {now[name]['score']:.4f}, {pinned}"


def _scores(card: Facts) -> Iterator[tuple[str, dict[str, float]]]:
    overall = card["cross_validation"]
    for name in OVERALL:
        yield name, {"score": overall[name], "noise": overall["noise"][name]}
    for label, row in card["labels"].items():
        yield f"f1 {label}", {"score": row["f1"], "noise": row["noise"]}


def _data(card: Facts) -> dict[str, Any]:
    return {name: card["data"][name] for name in ("sha256", *COUNTS)}


def _counts(data: Facts) -> str:
    return ", ".join(f"{data[name]} {name}" for name in COUNTS) + f", hash {data['sha256'][:12]}"


def _card(folder: Path) -> Facts:
    card = _json(folder / "card.json")
    if not isinstance(card, Mapping) or not {"data", "fits", "cross_validation", "labels"} <= set(card):
        raise Regression(str(folder / "card.json"), "there is no card of this version", TRAIN)
    return card


def _read(folder: Path) -> dict[str, Any] | None:
    whole = _json(_path(folder))
    found = whole.get(folder.name) if isinstance(whole, Mapping) else None
    return found if isinstance(found, dict) and {"data", "scores"} <= set(found) else None


def _write(folder: Path, floors: Facts) -> None:
    path = _path(folder)
    whole = _json(path)
    text = json.dumps({**(whole if isinstance(whole, Mapping) else {}), folder.name: floors}, indent=1) + "\n"
    with replaced(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return None
    except ValueError as error:
        raise Regression(str(path), f"no JSON ({error})", "Take it back from version control") from error


def _path(folder: Path) -> Path:
    return folder.parent / "floors.json"


def _seal(floors: Facts) -> str:
    whole = {name: value for name, value in floors.items() if name != "seal"}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:16]
