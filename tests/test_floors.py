"""The gate: what forgetting, tampering and real losses look like to it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Trained

from pipeline import card as model_card
from pipeline.artefact import code, save_model
from pipeline.cli import main
from pipeline.errors import Regression
from pipeline.floors import check, pin
from pipeline.gold import GoldDocument, read_gold

Card = dict[str, Any]
Spoil = Callable[[Path], None]


@pytest.fixture
def folder(small: Trained, annotated: list[GoldDocument], tmp_path: Path) -> Path:
    """A model folder with floors that hold."""
    made = tmp_path / "models" / "clauses"
    save_model(*small, made)
    pin(annotated, made)
    return made


def recarded(folder: Path, change: Callable[[Card], None]) -> None:
    """Another training: card and page changed together."""
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    change(card)
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (folder / "README.md").write_text(model_card.text(card), encoding="utf-8")


def refloored(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder.parent / "floors.json"
    floors = json.loads(path.read_text(encoding="utf-8"))
    change(floors[folder.name])
    path.write_text(json.dumps(floors), encoding="utf-8")


def by_noise(name: str, times: float) -> Callable[[Card], None]:
    """Lowers a score of the card by so many times its noise."""

    def change(card: Card) -> None:
        row = card["labels"].get(name)
        if row:
            row["f1"] -= times * row["noise"]
        else:
            card["cross_validation"][name] -= times * card["cross_validation"]["noise"][name]

    return change


def test_pinned_floors_hold(folder: Path, annotated: list[GoldDocument]) -> None:
    assert check(annotated, folder) == []
    floors = json.loads((folder.parent / "floors.json").read_text(encoding="utf-8"))["clauses"]
    assert floors["data"]["units"] == json.loads((folder / "card.json").read_text(encoding="utf-8"))["data"]["units"]
    assert len(floors["scores"]) == 3 + 19


@pytest.mark.parametrize("name", ["macro_f1", "micro_f1", "main_accuracy", "retention", "children"])
def test_a_score_may_fall_by_its_noise_and_no_further(folder: Path, annotated: list[GoldDocument], name: str) -> None:
    recarded(folder, by_noise(name, 0.9))
    assert check(annotated, folder) == []
    recarded(folder, by_noise(name, 0.3))
    (said,) = check(annotated, folder)
    assert name in said
    assert "fell to" in said


def test_small_losses_do_not_add_up(folder: Path, annotated: list[GoldDocument]) -> None:
    before = json.loads((folder.parent / "floors.json").read_text(encoding="utf-8"))["clauses"]["scores"]
    recarded(folder, by_noise("macro_f1", 0.8))
    pin(annotated, folder)
    assert json.loads((folder.parent / "floors.json").read_text(encoding="utf-8"))["clauses"]["scores"] == before
    recarded(folder, by_noise("macro_f1", 0.8))
    assert "macro_f1 fell" in check(annotated, folder)[0]


def test_lowering_wants_the_flag(folder: Path, annotated: list[GoldDocument]) -> None:
    recarded(folder, by_noise("retention", 3))
    with pytest.raises(Regression, match=r"f1 retention fell.*--allow-regression"):
        pin(annotated, folder)
    assert check(annotated, folder)
    pin(annotated, folder, allow_regression=True)
    assert check(annotated, folder) == []


def test_a_better_model_raises_the_floors(folder: Path, annotated: list[GoldDocument]) -> None:
    recarded(folder, by_noise("retention", -3))
    assert check(annotated, folder) == []
    pin(annotated, folder)
    recarded(folder, by_noise("retention", 3))
    assert "f1 retention fell" in check(annotated, folder)[0]


def without_a_label(card: Card) -> None:
    del card["labels"]["children"]


def with_one_more(card: Card) -> None:
    card["labels"]["lottery"] = card["labels"]["children"]


def of_other_code(card: Card) -> None:
    card["fits"] = "0" * 12


def lower(floors: dict[str, Any]) -> None:
    floors["scores"]["macro_f1"]["score"] = 0.1


def noisier(floors: dict[str, Any]) -> None:
    floors["scores"]["macro_f1"]["noise"] = 0.9


def unpinned(floors: dict[str, Any]) -> None:
    del floors["scores"]["f1 children"]


def better_by_hand(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    card["labels"]["retention"]["f1"] = 0.99
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: recarded(folder, without_a_label), "f1 children is gone"),
        (lambda folder: recarded(folder, with_one_more), "f1 lottery has no floor"),
        (lambda folder: recarded(folder, of_other_code), "made by other code"),
        (lambda folder: refloored(folder, lower), "edited by hand"),
        (lambda folder: refloored(folder, noisier), "edited by hand"),
        (lambda folder: refloored(folder, unpinned), "edited by hand"),
        (better_by_hand, "README.md is not the page of this card"),
        (lambda folder: (folder / "README.md").unlink(), "README.md is not the page of this card"),
        (lambda folder: (folder.parent / "floors.json").unlink(), "no floors for clauses"),
    ],
)
def test_forgetting_and_tampering(folder: Path, annotated: list[GoldDocument], spoil: Spoil, said: str) -> None:
    spoil(folder)
    assert any(said in line for line in check(annotated, folder))


@pytest.mark.parametrize(
    ("name", "text"), [("floors.json", "{"), ("clauses/card.json", "["), ("clauses/card.json", "{}")]
)
def test_files_that_are_none(folder: Path, annotated: list[GoldDocument], name: str, text: str) -> None:
    (folder.parent / name).write_text(text, encoding="utf-8")
    with pytest.raises(Regression, match=Path(name).name):
        check(annotated, folder)


def test_changed_data_want_a_new_card_and_new_floors(
    folder: Path, annotated: list[GoldDocument], small: Trained, gold_folder: Path
) -> None:
    more = [*annotated, *read_gold(gold_folder)]
    (said,) = check(more, folder)
    assert "made from other data" in said
    with pytest.raises(Regression, match="nothing is pinned: the card was made from other data"):
        pin(more, folder, allow_regression=True)


def test_less_data_are_a_regression(folder: Path, annotated: list[GoldDocument], small: Trained) -> None:
    refloored(folder, lambda floors: floors["data"].update(units=floors["data"]["units"] + 1))
    with pytest.raises(Regression, match=r"units, .* are pinned"):
        pin(annotated, folder)


def test_the_command_says_all_that_is_amiss(
    folder: Path, gold_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recarded(folder, of_other_code)
    arguments = ["evaluate", "--gold", str(gold_folder), "--model", str(folder)]
    assert main([*arguments, "--check"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all(line.startswith(f"vnpolicy: {folder}: the card was made") for line in said)
    assert main([*arguments, "--pin"]) == 2
    assert "nothing is pinned" in capsys.readouterr().err


def test_the_floors_of_another_model_are_kept(folder: Path, annotated: list[GoldDocument], small: Trained) -> None:
    other = folder.parent / "other"
    save_model(*small, other)
    pin(annotated, other)
    assert set(json.loads((folder.parent / "floors.json").read_text(encoding="utf-8"))) == {"clauses", "other"}
    assert check(annotated, folder) == check(annotated, other) == []
    assert json.loads((folder / "card.json").read_text(encoding="utf-8"))["fits"] == code()
