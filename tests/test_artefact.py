"""Models on disk: what is saved comes back, what is damaged is refused with the command that makes it anew."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from conftest import Trained

from pipeline import card as model_card
from pipeline.artefact import Saved, code, load_model, save_model
from pipeline.errors import ModelError, OutputError
from pipeline.predictor import Predictor
from pipeline.train import Examples


@pytest.fixture(scope="module")
def saved(small: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "a" / "clauses"
    save_model(*small, folder)
    return folder


@pytest.fixture
def spoilt(saved: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(saved, tmp_path / "clauses")
    return tmp_path / "clauses"


def test_what_was_saved_comes_back(saved: Path, small: Trained, dozen: Examples) -> None:
    model, card = small
    loaded = load_model(saved)
    for one, two in zip(model.probabilities(dozen.units), loaded.model.probabilities(dozen.units), strict=True):
        assert np.array_equal(one, two)
    assert np.array_equal(model.thresholds_, loaded.model.thresholds_)
    assert np.array_equal(model.predict(dozen.units), loaded.model.predict(dozen.units))
    assert loaded.vendors == set(card["data"]["vendor_names"])


def test_what_is_read_is_what_skops_reads_and_holds_no_type_of_our_own(saved: Path) -> None:
    by_skops, learned = skops.io.load(saved / "model.skops", trusted=[])["learned"], load_model(saved).model.learned()
    assert list(by_skops) == list(learned)
    for one, two in zip(by_skops.values(), learned.values(), strict=True):
        parts = (one, two) if isinstance(one, list) else ([one], [two])
        assert all(np.array_equal(*pair) for pair in zip(*parts, strict=True))


def test_folder_holds_model_and_card_and_nothing_else(saved: Path, small: Trained) -> None:
    assert sorted(p.name for p in saved.iterdir()) == ["README.md", "card.json", "model.skops"]
    card = json.loads((saved / "card.json").read_text(encoding="utf-8"))
    made = {"fits": code(), "megabytes": round((saved / "model.skops").stat().st_size / 1e6, 1)}
    assert card == {**small[1], **made}
    assert (saved / "README.md").read_text(encoding="utf-8") == model_card.text(card)


def test_card_as_text_has_the_facts(saved: Path, small: Trained) -> None:
    text = (saved / "README.md").read_text(encoding="utf-8")
    data, scores = small[1]["data"], small[1]["cross_validation"]
    for fact in [
        f"{data['units']} units of {data['documents']} policies",
        data["sha256"][:12],
        f"macro-F1 {scores['macro_f1']:.3f}",
        f"scikit-learn {small[1]['versions']['scikit-learn']}",
    ]:
        assert fact in text
    assert sum(line.startswith("| ") for line in text.splitlines()) == len(small[1]["labels"]) + 2


def test_hash_says_what_was_learned(saved: Path, spoilt: Path, small: Trained) -> None:
    assert load_model(saved).sha256 == load_model(spoilt).sha256
    for name in ("bias_", "idf_"):
        learned = small[0].learned()
        learned[name] = [part + 1 for part in learned[name]] if name == "idf_" else learned[name] + 1
        save_model(Predictor.of(learned), small[1], spoilt)
        assert load_model(spoilt).sha256 != load_model(saved).sha256


class Foreign:
    """A type that no model holds."""

    def __init__(self) -> None:
        self.x = 1


def rezip(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    with zipfile.ZipFile(path) as old:
        parts = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, raw in parts.items():
            new.writestr(name, raw)


def pickled() -> bytes:
    """An array of objects as numpy writes it: loading it would run code."""
    made = io.BytesIO()
    np.save(made, np.array([Foreign()], dtype=object), allow_pickle=True)
    return made.getvalue()


def overwrite(at: float) -> Callable[[Path], object]:
    def spoil(path: Path) -> None:
        raw = bytearray(path.read_bytes())
        place = int(at * len(raw))
        raw[place : place + 64] = b"\xff" * 64
        path.write_bytes(raw)

    return spoil


def overwrite_compressed(path: Path) -> None:
    """Puts a block type that deflate does not have where the data of the first part begin."""
    with zipfile.ZipFile(path) as file:
        first = file.infolist()[0]
    raw = bytearray(path.read_bytes())
    start = (
        first.header_offset + 30 + len(first.filename) + int.from_bytes(raw[first.header_offset + 28 :][:2], "little")
    )
    raw[start] = 0xFF
    path.write_bytes(raw)


SPOIL: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("mô hình", encoding="utf-8"),
    "cut off after a byte": lambda path: path.write_bytes(path.read_bytes()[:1]),
    "cut off in the middle": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "cut off at the end": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    **{f"overwritten at {at}": overwrite(at) for at in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95)},
    "compressed data overwritten": overwrite_compressed,
    "other zip": lambda path: zipfile.ZipFile(path, "w").close(),
    "other schema": lambda path: rezip(path, lambda name, raw: b"[]" if name == "schema.json" else raw),
    "other type": lambda path: rezip(path, lambda _, raw: raw.replace(b'"NdArrayNode"', b'"Gone"')),
    "array as a pickle": lambda path: rezip(path, lambda name, raw: pickled() if name.endswith(".npy") else raw),
    "list": lambda path: skops.io.dump([1, 2], path),
    "other keys": lambda path: skops.io.dump({"a": 1}, path),
    "no model in it": lambda path: dump_as(path, learned="none"),
    "nothing learned": lambda path: dump_as(path, learned={}),
    "foreign type": lambda path: dump_as(path, learned=Foreign()),
    "other version of the package": lambda path: dump_as(path, fits="0" * 12),
}


def dump_as(path: Path, **changed: object) -> None:
    """The saved model with some of its parts changed."""
    skops.io.dump({**skops.io.load(path, trusted=[]), **changed}, path)


@pytest.mark.parametrize("spoil", SPOIL.values(), ids=SPOIL)
def test_spoilt_model_is_refused_with_the_command_that_makes_it(spoilt: Path, spoil: Callable[[Path], object]) -> None:
    path = spoilt / "model.skops"
    spoil(path)
    with pytest.raises(ModelError) as caught:
        load_model(spoilt)
    assert caught.value.subject == str(path)
    assert caught.value.remedy.endswith("vnpolicy train")
    assert "\n" not in str(caught.value)


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="vnpolicy train"):
        load_model(tmp_path / "none")


FAILING: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "card without vendors": lambda card: {**card, "data": {}},
    "card that is no JSON": lambda card: {**card, "note": object()},
    "card without scores": lambda card: {**card, "cross_validation": {}},
}


@pytest.mark.parametrize("change", FAILING.values(), ids=FAILING)
def test_saving_that_fails_leaves_all_as_it_was(
    spoilt: Path, small: Trained, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    before = {path.name: path.read_bytes() for path in spoilt.iterdir()}
    with pytest.raises((KeyError, TypeError)):
        save_model(small[0], change(small[1]), spoilt)
    assert {path.name: path.read_bytes() for path in spoilt.iterdir()} == before


def test_folder_that_cannot_be_made(tmp_path: Path, small: Trained) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written") as caught:
        save_model(*small, tmp_path / "file" / "clauses")
    assert caught.value.subject == str(tmp_path / "file" / "clauses")


def test_the_model_of_the_project_fits_the_package(trained: Saved) -> None:
    assert trained.vendors
    assert trained.model.thresholds_.shape == trained.model.classes_.shape
