"""Models on disk: `model.skops`, saved and loaded without running code, `card.json`, a README made from the card."""

import hashlib
import io
import json
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile
from zlib import error as BadDeflate  # noqa: N812  # zlib gives its exception the name of a function

import numpy as np

from pipeline import fingerprint
from pipeline.errors import ModelError, OutputError

if TYPE_CHECKING:
    from pipeline.predictor import Predictor

MODEL_NAME = "clauses"
REMEDY = "Make it with: vnpolicy train"
DAMAGED = (BadZipFile, BadDeflate, KeyError, ValueError, TypeError, AttributeError, RuntimeError, EOFError, OSError)
"""What is raised on files that are cut off, overwritten in places, or hold something else."""


def save_model(model: "Predictor", card: Mapping[str, Any], folder: Path) -> None:
    """Writes model, card and README to a temporary folder and moves them to their place once all are complete."""
    import skops.io

    from pipeline.card import text as text_of_card

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".partial-", dir=folder) as name:
            partial = Path(name)
            saved = {"learned": model.learned(), "fits": code(), "vendors": card["data"]["vendor_names"]}
            skops.io.dump(saved, partial / "model.skops", compression=ZIP_DEFLATED, compresslevel=6)
            whole = {**card, "fits": code(), "megabytes": round((partial / "model.skops").stat().st_size / 1e6, 1)}
            facts = json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
            beside = _beside(folder, facts)
            (partial / "card.json").write_text(facts, encoding="utf-8")
            (partial / "README.md").write_text(text_of_card(whole, beside), encoding="utf-8")
            for made in sorted(partial.iterdir()):
                made.replace(folder / made.name)
    except OSError as error:
        raise OutputError(
            str(folder), f"cannot be written ({error.strerror or error})", "Name another folder"
        ) from error


def _beside(folder: Path, facts: str) -> list[str]:
    """What the page of the card leads to: pages by hand, and the pictures where they are of the same facts."""
    from pipeline.card import PICTURES, SEARCH

    path = folder / "card.json"
    same = path.is_file() and path.read_text(encoding="utf-8") == facts
    return [name for name in (*(PICTURES if same else ()), SEARCH) if (folder / name).is_file()]


class Saved(NamedTuple):
    """A loaded model, the vendors it was trained on, and a hash of what it has learned."""

    model: "Predictor"
    vendors: frozenset[str]
    sha256: str


def load_model(folder: Path) -> Saved:
    """The model of a folder. Raises `ModelError` where it is missing, damaged or made by other code than this."""
    from pipeline.predictor import Predictor

    path = folder / "model.skops"
    if not path.is_file():
        raise ModelError(str(path), "there is no model", REMEDY)
    try:
        with ZipFile(path) as file:
            saved = _value(json.loads(file.read("schema.json")), file)
        learned, fits, vendors = saved["learned"], saved["fits"], frozenset(saved["vendors"])
        sha256 = _hash(learned)
        model = Predictor.of(learned)
    except DAMAGED as error:
        raise ModelError(str(path), f"the file is no model of this package ({type(error).__name__})", REMEDY) from error
    if fits != code():
        raise ModelError(str(path), "the model was made by another version of this package", REMEDY)
    return Saved(model, vendors, sha256)


def _value(node: Mapping[str, Any], file: ZipFile) -> Any:
    """What a node of skops's schema stands for: a number, a name, an array, or a list or a dict of them.

    That is all a model file holds. It is read without skops, whose import loads all of scikit-learn: two seconds, which
    every run over a few documents would feel. Raises `ValueError` for any other type.
    """
    match node["__loader__"]:
        case "JsonNode":
            return json.loads(node["content"])
        case "NdArrayNode":
            return np.load(io.BytesIO(file.read(node["file"])), allow_pickle=False)
        case "ListNode":
            return [_value(part, file) for part in node["content"]]
        case "DictNode":
            return {key: _value(part, file) for key, part in node["content"].items()}
    raise ValueError(f"a {node['__loader__']} in a model")


def learned(folder: Path, notes: MutableMapping[str, str]) -> str:
    """The hash of what the model of a folder has learned; the model is loaded only where `notes` do not say it yet."""
    path = folder / "model.skops"
    if not path.is_file():
        raise ModelError(str(path), "there is no model", REMEDY)
    with path.open("rb") as handle:
        key = f"model {hashlib.file_digest(handle, 'sha256').hexdigest()} {code()}"
    if key not in notes:
        notes[key] = load_model(folder).sha256
    return notes[key]


def code() -> str:
    """Hash of the code that gives a saved model its meaning."""
    return fingerprint.of_files(*fingerprint.MODEL_FILES)


def _hash(learned: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for part in learned.values():
        for array in part if isinstance(part, list) else [part]:
            digest.update(array.tobytes())
    return digest.hexdigest()


def model_folder() -> Path:
    """Where the model lies that is used when none is named: inside the package of a wheel, or in the checkout."""
    inside = Path(__file__).parent / "models" / MODEL_NAME
    return inside if inside.is_dir() else Path(__file__).parent.parent / "models" / MODEL_NAME
