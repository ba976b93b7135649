"""Models on disk: `model.skops`, saved and loaded without running code, `card.json`, a README made from the card."""

import hashlib
import json
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile
from zlib import error as BadDeflate  # noqa: N812  # zlib gives its exception the name of a function

import numpy.typing as npt

from pipeline import fingerprint
from pipeline.classifier import ClauseClassifier
from pipeline.errors import ModelError, OutputError

MODEL_NAME = "clauses"
REMEDY = "Make it with: vnpolicy train"
TRUSTED = ["pipeline.classifier.ClauseClassifier", "pipeline.features.Vectoriser", "pipeline.features.Field"]
"""The types of our own that a model file may hold; all others in it are arrays and numbers."""

DAMAGED = (BadZipFile, BadDeflate, KeyError, ValueError, TypeError, AttributeError, ImportError, EOFError, OSError)
"""What skops raises on files that are cut off, overwritten in places, or hold something else."""


def save_model(model: ClauseClassifier, card: Mapping[str, Any], folder: Path) -> None:
    """Writes model, card and README to a temporary folder and moves them to their place once all are complete."""
    import skops.io

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".partial-", dir=folder) as name:
            partial = Path(name)
            saved = {"model": model, "fits": _code(), "vendors": card["data"]["vendor_names"]}
            skops.io.dump(saved, partial / "model.skops", compression=ZIP_DEFLATED, compresslevel=6)
            whole = {**card, "megabytes": round((partial / "model.skops").stat().st_size / 1e6, 1)}
            text = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
            (partial / "card.json").write_text(text, encoding="utf-8")
            (partial / "README.md").write_text(card_text(whole), encoding="utf-8")
            for made in sorted(partial.iterdir()):
                made.replace(folder / made.name)
    except OSError as error:
        raise OutputError(
            str(folder), f"cannot be written ({error.strerror or error})", "Name another folder"
        ) from error


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
    except (*DAMAGED, UntrustedTypesFoundException) as error:
        raise ModelError(str(path), f"the file is no model of this package ({type(error).__name__})", REMEDY) from error
    if fits != _code():
        raise ModelError(str(path), "the model was made by another version of this package", REMEDY)
    if not isinstance(model, ClauseClassifier) or not hasattr(model, "weights_"):
        raise ModelError(str(path), "the file holds no trained model", REMEDY)
    return Saved(model, vendors, _hash(model))


def learned(folder: Path, notes: MutableMapping[str, str]) -> str:
    """The hash of what the model of a folder has learned; the model is loaded only where `notes` do not say it yet."""
    path = folder / "model.skops"
    if not path.is_file():
        raise ModelError(str(path), "there is no model", REMEDY)
    with path.open("rb") as handle:
        key = f"model {hashlib.file_digest(handle, 'sha256').hexdigest()} {_code()}"
    if key not in notes:
        notes[key] = load_model(folder).sha256
    return notes[key]


def _code() -> str:
    return fingerprint.of_files(*fingerprint.MODEL_FILES)


def _hash(model: ClauseClassifier) -> str:
    arrays: list[npt.NDArray[Any]] = [
        model.weights_,
        model.bias_,
        model.any_,
        model.main_,
        model.thresholds_,
        *model.vectoriser_.hashes_,
    ]
    return hashlib.sha256(b"".join(a.tobytes() for a in arrays)).hexdigest()


def model_folder() -> Path:
    """Where the model lies that is used when none is named: inside the package of a wheel, or in the checkout."""
    inside = Path(__file__).parent / "models" / MODEL_NAME
    return inside if inside.is_dir() else Path(__file__).parent.parent / "models" / MODEL_NAME


def card_text(card: Mapping[str, Any]) -> str:
    """The card as Markdown, so that it cannot disagree with the facts."""
    data, scores = card["data"], card["cross_validation"]
    lines = [
        f"# Model card: {card['name']}",
        "",
        "Assigns clause categories to the sentences of Vietnamese privacy policies. Made by `vnpolicy train`; "
        "this page is generated from `card.json`. What was tried, with figures: [search.md](search.md).",
        "",
        f"- Trained on {data['units']} units of {data['documents']} policies ({data['real']} real, "
        f"{data['authored']} authored) of {data['vendors']} vendors; hash of the data `{data['sha256'][:12]}`.",
        f"- {card['model']}; {card['megabytes']} MB.",
        "- " + ", ".join(f"{name} {version}" for name, version in card["versions"].items()) + ".",
        "",
        "Scores on all units, headings included, of vendors not trained on "
        f"({scores['folds']}-fold cross-validation by vendor over the training data, "
        "mostly authored policies, so easier than real ones):",
        "",
        f"macro-F1 {scores['macro_f1']:.3f}, micro-F1 {scores['micro_f1']:.3f}, "
        f"main label {scores['main_accuracy']:.3f}.",
        "",
        "| category | units | F1 | threshold |",
        "| --- | --- | --- | --- |",
        *(
            f"| {label} | {row['units']} | {row['f1']:.2f} | {row['threshold']:.2f} |"
            for label, row in card["labels"].items()
        ),
    ]
    return "\n".join(lines) + "\n"
