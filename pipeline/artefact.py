"""Models on disk: `model.skops`, saved and loaded without running code, `card.json`, and a README made from the card."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile

import numpy.typing as npt

from pipeline import fingerprint
from pipeline.classifier import ClauseClassifier
from pipeline.errors import ModelError

MODEL_NAME = "clauses"
REMEDY = "Make it with: vnpolicy train"
TRUSTED = ["pipeline.classifier.ClauseClassifier", "pipeline.features.Vectoriser", "pipeline.features.Field"]
"""The types of our own that a model file may hold; all others in it are arrays and numbers."""


def save_model(model: ClauseClassifier, card: Mapping[str, Any], folder: Path) -> None:
    """Writes model, card and README, each under a temporary name that is then renamed."""
    import skops.io

    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / "model.skops.partial"
    skops.io.dump({"model": model, "fits": _code(), "vendors": card["data"]["vendor_names"]}, partial, compression=ZIP_DEFLATED, compresslevel=6)
    partial.replace(folder / "model.skops")
    whole = {**card, "megabytes": round((folder / "model.skops").stat().st_size / 1e6, 1)}
    _write(folder / "card.json", json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    _write(folder / "README.md", card_text(whole))


class Saved(NamedTuple):
    """A loaded model, the vendors it was trained on, and a hash of what it has learned."""

    model: ClauseClassifier
    vendors: frozenset[str]
    sha256: str


def load_model(folder: Path) -> Saved:
    """The model of a folder. Raises `ModelError` where it is missing, damaged or made by other code than this."""
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    path = folder / "model.skops"
    if not path.is_file():
        raise ModelError(str(path), "there is no model", REMEDY)
    try:
        saved = skops.io.load(path, trusted=TRUSTED)
        model, fits, vendors = saved["model"], saved["fits"], frozenset(saved["vendors"])
    except (BadZipFile, UntrustedTypesFoundException, KeyError, ValueError, TypeError, EOFError, OSError) as error:
        raise ModelError(str(path), f"the file is no model of this package ({type(error).__name__})", REMEDY) from error
    if fits != _code():
        raise ModelError(str(path), "the model was made by another version of this package", REMEDY)
    return Saved(model, vendors, _hash(model))


def _code() -> str:
    return fingerprint.of_files(*fingerprint.MODEL_FILES)


def _hash(model: ClauseClassifier) -> str:
    arrays: list[npt.NDArray[Any]] = [model.weights_, model.bias_, model.any_, model.main_, model.thresholds_, *model.vectoriser_.hashes_]
    return hashlib.sha256(b"".join(a.tobytes() for a in arrays)).hexdigest()


def model_folder() -> Path:
    """Where the model lies that is used when none is named: inside the package of a wheel, or in the checkout."""
    inside = Path(__file__).parent / "models" / MODEL_NAME
    return inside if inside.is_dir() else Path(__file__).parent.parent / "models" / MODEL_NAME


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


def _write(path: Path, text: str) -> None:
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
