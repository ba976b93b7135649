"""Models on disk: `model.skops`, saved and loaded without running code, `card.json`, and a README made from the card."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline import fingerprint
from pipeline.classifier import ClauseClassifier
from pipeline.errors import ModelError

REMEDY = "Make it with: vnpolicy train"
TRUSTED = ["pipeline.classifier.ClauseClassifier", "pipeline.features.Vectoriser", "pipeline.features.Field"]
"""The types of our own that a model file may hold; all others in it are arrays and numbers."""


def save_model(model: ClauseClassifier, card: Mapping[str, Any], folder: Path) -> None:
    """Writes model, card and README, each under a temporary name that is then renamed."""
    import skops.io

    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / "model.skops.partial"
    skops.io.dump(model, partial, compression=8, compresslevel=6)
    partial.replace(folder / "model.skops")
    whole = {**card, "fits": fingerprint.of_files(*fingerprint.MODEL_FILES), "sha256": _hash(folder / "model.skops"),
             "megabytes": round((folder / "model.skops").stat().st_size / 1e6, 2)}
    _write(folder / "card.json", json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    _write(folder / "README.md", card_text(whole))


def load_model(folder: Path) -> tuple[ClauseClassifier, dict[str, Any]]:
    """The model and its card. Raises `ModelError` where one is missing, damaged or made by other code than this."""
    import skops.io

    for name in ("model.skops", "card.json"):
        if not (folder / name).is_file():
            raise ModelError(str(folder / name), "there is no model", REMEDY)
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
        fits, digest = card["fits"], card["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(str(folder / "card.json"), "the card cannot be read", REMEDY) from error
    if fits != fingerprint.of_files(*fingerprint.MODEL_FILES):
        raise ModelError(str(folder), "the model was made by another version of this package", REMEDY)
    if digest != _hash(folder / "model.skops"):
        raise ModelError(str(folder / "model.skops"), "the file is not the one that its card describes", REMEDY)
    return skops.io.load(folder / "model.skops", trusted=TRUSTED), card


def card_text(card: Mapping[str, Any]) -> str:
    """The card as Markdown, so that it cannot disagree with the facts."""
    data, scores = card["data"], card["cross_validation"]
    lines = [
        f"# Model card: {card['name']}", "",
        "Assigns clause categories to the sentences of Vietnamese privacy policies. Made by `vnpolicy train`; this page is generated from `card.json`.", "",
        f"- Trained on {data['units']} units of {data['documents']} policies ({data['real']} real, {data['authored']} authored) of {data['vendors']} vendors; "
        f"hash of the data `{data['sha256'][:12]}`.",
        f"- {card['model']}, seed {card['seed']}; {card['megabytes']} MB.",
        "- " + ", ".join(f"{name} {version}" for name, version in card["versions"].items()) + ".", "",
        f"Scores on sentences and items of vendors not trained on ({scores['folds']}-fold cross-validation by vendor over the training data, "
        "mostly authored policies, so easier than real ones):", "",
        f"macro-F1 {scores['macro_f1']:.3f}, micro-F1 {scores['micro_f1']:.3f}, main label {scores['main_accuracy']:.3f}.", "",
        "| category | units | F1 | threshold |", "| --- | --- | --- | --- |",
        *(f"| {label} | {row['units']} | {row['f1']:.2f} | {row['threshold']:.2f} |" for label, row in card["labels"].items()),
    ]
    return "\n".join(lines) + "\n"


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
