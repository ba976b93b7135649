"""Learning curve, simulated review and the pictures of a card: on few vendors, and never on one that was trained on."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Trained, write_gold

from pipeline import card as model_card
from pipeline import learning
from pipeline.artefact import save_model
from pipeline.classifier import ClauseClassifier
from pipeline.cli import main
from pipeline.errors import ModelError
from pipeline.gold import GoldDocument, read_gold
from pipeline.pictures import draw

Curve = Callable[..., Iterator[dict[str, Any]]]


@pytest.fixture
def gold(annotated: list[GoldDocument], tmp_path: Path) -> list[GoldDocument]:
    """Twelve authored policies and a real one."""
    real = [d for d in read_gold(write_gold(tmp_path / "gold")) if d.origin == "real"]
    return [*annotated, *real]


@pytest.fixture
def small_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"SIZES": (4,), "HELD_OUT": 4, "BASE": 4, "POOL": 4, "ASIDE": 3, "AMOUNTS": (0, 15)}.items():
        monkeypatch.setattr(learning, name, value)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[set[str], set[str]]]:
    """Vendors of each fit, and those of the scores that follow it."""
    seen: list[tuple[set[str], set[str]]] = []
    fit, scores = ClauseClassifier.fit, learning._scores

    def watched_fit(self: ClauseClassifier, units: Any, y: Any, groups: Any) -> ClauseClassifier:
        seen.append((set(groups), set()))
        return fit(self, units, y, groups)

    def watched_scores(model: ClauseClassifier, test: Any) -> dict[str, Any]:
        seen[-1][1].update(test.vendors)
        return scores(model, test)

    monkeypatch.setattr(ClauseClassifier, "fit", watched_fit)
    monkeypatch.setattr(learning, "_scores", watched_scores)
    return seen


@pytest.mark.usefixtures("small_sizes")
def test_learning_curve(gold: list[GoldDocument], watched: list[tuple[set[str], set[str]]]) -> None:
    first, second = points = list(learning.learning_curve(gold, orders=1))
    assert [p["vendors"] for p in points] == [4, 8]
    assert first["units"] < second["units"]
    assert watched[0][0] < watched[1][0]  # nested
    for trained, scored in watched:
        assert not trained & scored
        assert len(scored) == 4 + 1  # held out, and the real one
    assert second["authored"]["macro_f1"] > 0.3
    assert second["authored"]["intervals"]["macro_f1"]
    assert second["real"]["intervals"]["macro_f1"] is None  # one real vendor
    assert list(learning.learning_curve(gold, points, orders=1)) == []
    assert [p["vendors"] for p in learning.learning_curve(gold, [first], orders=1)] == [8]


@pytest.mark.usefixtures("small_sizes")
def test_review_curve(gold: list[GoldDocument], watched: list[tuple[set[str], set[str]]]) -> None:
    points = list(learning.review_curve(gold, orders=1))
    assert [(p["way"], p["reviewed"]) for p in points] == [(w, n) for w in ("chosen", "random") for n in (0, 15)]
    assert points[0]["macro_f1"] == points[2]["macro_f1"]  # nothing reviewed yet
    for trained, scored in watched:
        assert not trained & scored
        assert len(scored) == 3
    assert len(watched[0][0]) == 4
    assert len(watched[1][0]) > 4
    assert list(learning.review_curve(gold, points, orders=1)) == []
    assert [p["reviewed"] for p in learning.review_curve(gold, points[:-1], orders=1)] == [15]


def scored(value: float) -> dict[str, Any]:
    span = [round(value - 0.05, 4), round(value + 0.05, 4)]
    names = ("macro_f1", "micro_f1", "main_accuracy")
    return {**dict.fromkeys(names, value), "intervals": dict.fromkeys(names, span)}


@pytest.fixture
def folder(small: Trained, tmp_path: Path) -> Path:
    made = tmp_path / "clauses"
    save_model(*small, made)
    curve = [
        {"order": 0, "vendors": n, "units": 80 * n, "authored": scored(0.6 + n / 100), "real": scored(0.5 + n / 100)}
        for n in (4, 8, 16)
    ]
    reviews = [
        {"order": 0, "way": way, "reviewed": n, "base": 300, **scored(0.6 + n * gain)}
        for way, gain in (("chosen", 0.001), ("random", 0.0005))
        for n in (0, 50, 100)
    ]
    for name, points in (("learning", curve), ("review", reviews)):
        (made / f"{name}.json").write_text(json.dumps({"points": points}), encoding="utf-8")
    return made


def test_pictures_are_small_repeat_and_stand_on_the_page(folder: Path) -> None:
    assert {path.name for path in draw(folder)} == {*model_card.PICTURES, "README.md"}
    before = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    assert all(content.startswith(b"\x89PNG") and len(content) < 150_000 for content in before.values())
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"]({name})" in page for name in model_card.PICTURES)
    draw(folder)
    assert {path.name: path.read_bytes() for path in folder.glob("*.png")} == before


def test_pictures_without_their_facts_are_not_on_the_page(folder: Path) -> None:
    (folder / "learning.json").unlink()
    assert main(["evaluate", "--model", str(folder), "--card"]) == 0
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert "learning.png" not in page
    assert "review.png" in page


def test_training_the_same_again_keeps_the_pictures_and_another_drops_them(folder: Path, small: Trained) -> None:
    draw(folder)
    page = (folder / "README.md").read_text(encoding="utf-8")
    save_model(*small, folder)
    assert (folder / "README.md").read_text(encoding="utf-8") == page
    model, card = small
    save_model(model, {**card, "coverage": []}, folder)
    assert ".png" not in (folder / "README.md").read_text(encoding="utf-8")


def test_no_card_and_no_matplotlib(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelError, match="vnpolicy train"):
        draw(tmp_path / "nowhere")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ModelError, match="pip install"):
        draw(folder)


def test_the_command_goes_on_where_it_was_stopped(
    gold_folder: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def curve(gold: object, known: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        yield from ({"order": 0, "way": "chosen", "reviewed": n} for n in range(len(known), 3))

    monkeypatch.setattr(learning, "review_curve", curve)
    monkeypatch.setattr(learning, "learning_curve", lambda gold, known: iter(()))
    command = ["evaluate", "--curves", "--gold", str(gold_folder), "--model", str(folder)]
    assert main(command) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3  # the points of other data are not gone on from
    made = json.loads((folder / "review.json").read_text(encoding="utf-8"))
    (folder / "review.json").write_text(json.dumps({**made, "points": made["points"][:1]}), encoding="utf-8")
    assert main(command) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert [p["reviewed"] for p in json.loads((folder / "review.json").read_text(encoding="utf-8"))["points"]] == [
        0,
        1,
        2,
    ]
