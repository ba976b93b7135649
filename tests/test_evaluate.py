"""Scores worked out by hand, on documents small enough for that, and the agreement of two annotators."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Oracle, Trained, write_gold

from pipeline.artefact import save_model
from pipeline.errors import GoldError, ModelError
from pipeline.evaluate import agreement, on_gold, scores
from pipeline.gold import GoldDocument, read_gold


def gold_of(folder: Path, lines: Sequence[tuple[str, str, str]], entities: Sequence[str] = ()) -> list[GoldDocument]:
    return read_gold(write_gold(folder / "gold", {"a": lines}, {"a": entities}))


COLLECTED = [f"Chúng tôi thu thập họ tên của khách thứ {i}." for i in range(6)]
KEPT = [f"Dữ liệu của khách thứ {i} được lưu trữ." for i in range(5)]
SHARED = [f"Khách thứ {i} được cửa hàng gọi lại." for i in range(4)]
LINES = [
    ("Chính sách của Mây Trắng", "h", "other"),
    ("1. Thu thập", "h", "data_collected"),
    *((text, "s", "data_collected") for text in COLLECTED),
    ("2. Lưu trữ", "h", "retention"),
    *((text, "s", "retention,security") for text in KEPT),
    ("3. Liên hệ", "h", "contact"),
    *((text, "s", "contact") for text in SHARED),
    ("Cảm ơn quý khách.", "s", "other"),
]
SAID = {
    "1. Thu thập": "purpose",  # wrong: 3 of 4 headings are right
    "2. Lưu trữ": "retention",
    "3. Liên hệ": "contact",
    **dict.fromkeys(COLLECTED[:4], "data_collected"),
    COLLECTED[4]: "purpose",
    COLLECTED[5]: "purpose,data_collected",
    **dict.fromkeys(KEPT[:3], "retention,security"),
    KEPT[3]: "retention",
    KEPT[4]: "security,retention",
    **dict.fromkeys(SHARED, "contact"),
}


def test_clause_categories_by_hand(tmp_path: Path) -> None:
    result = scores([(document, Oracle(SAID)) for document in gold_of(tmp_path, LINES)])
    assert result["labels"]["data_collected"] == {"p": 1.0, "r": 0.8333, "f1": 0.9091, "n": 6}  # 5 of 6
    assert result["labels"]["retention"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "n": 5}
    assert result["labels"]["security"] == {"p": 1.0, "r": 0.8, "f1": 0.8889, "n": 5}  # 4 of 5
    assert result["labels"]["contact"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "n": 4}
    assert result["labels"]["purpose"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "n": 0}  # given twice, never right
    assert result["macro_f1"] == pytest.approx((10 / 11 + 1 + 8 / 9) / 3, abs=1e-4)  # contact has 4 units, other is out
    # right: 5 + 5 + 4 + 4 + 1 (other); given besides: 2; missed: 1 + 1
    assert result["micro"] == {"p": round(19 / 21, 4), "r": round(19 / 21, 4), "f1": round(38 / 42, 4), "n": 21}
    assert result["units"] == 16
    assert result["main_accuracy"] == round(13 / 16, 4)
    assert result["heading_accuracy"] == 0.75
    assert result["documents"] == 1


def test_a_perfect_reader_has_full_marks(tmp_path: Path) -> None:
    gold = gold_of(tmp_path, LINES)
    result = scores([(document, Oracle({text: labels for text, _, labels in LINES})) for document in gold])
    assert [result[name] for name in ("macro_f1", "main_accuracy", "heading_accuracy", "exact_units")] == [1, 1, 1, 1]
    assert [result[name]["f1"] for name in ("micro", "segment_starts")] == [1, 1]


def test_other_counts_in_micro_but_not_in_macro(tmp_path: Path) -> None:
    thanks = [f"Cảm ơn khách thứ {i}." for i in range(5)]
    lines = [*((text, "s", "contact") for text in [*SHARED, KEPT[0]]), *((text, "s", "other") for text in thanks)]
    (gold,) = gold_of(tmp_path, lines)
    result = scores([(gold, Oracle(dict.fromkeys([text for text, _, _ in lines], "contact")))])
    assert result["labels"]["other"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "n": 5}
    assert result["macro_f1"] == result["labels"]["contact"]["f1"] == 0.6667
    assert result["micro"] == {"p": 0.5, "r": 0.5, "f1": 0.5, "n": 10}


def test_furniture_taken_for_policy_is_no_wrong_start(tmp_path: Path) -> None:
    (gold,) = gold_of(tmp_path, [(KEPT[0], "s", "retention"), (KEPT[1], "x", "other"), (KEPT[2], "s", "retention")])
    assert scores([(gold, Oracle({}))])["segment_starts"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "n": 2}


def test_segmentation_by_hand(tmp_path: Path) -> None:
    gold = gold_of(
        tmp_path,
        [
            ("Trang chủ | Giỏ hàng | Đăng nhập", "x", "other"),
            ("Chính sách của Mây Trắng", "h", "other"),
            (
                "Chúng tôi thu thập họ tên. Dữ liệu được giữ trong hai năm.",
                "s",
                "retention,data_collected",
            ),  # cut in two: 1 too many
            ("Chúng tôi lưu trữ", "s", "retention"),
            ("Dữ liệu được xóa sau đó.", "s", "retention"),
        ],
    )
    result = scores(
        [
            (
                gold[0],
                Oracle(
                    {
                        "Chúng tôi thu thập họ tên.": "data_collected",
                        "Dữ liệu được giữ trong hai năm.": "retention",
                        "Chúng tôi lưu trữ": "retention",
                    }
                ),
            )
        ]
    )
    assert result["segment_starts"] == {"p": 0.8, "r": 1.0, "f1": 0.8889, "n": 4}
    assert result["exact_units"] == 0.75
    # both halves belong to the unit that was cut, so its labels are the labels of both
    assert result["labels"]["data_collected"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "n": 1}
    # the longer half says what the main label is; the last unit is called other
    assert result["main_accuracy"] == 0.6667


def test_entities_by_hand(tmp_path: Path) -> None:
    gold = gold_of(
        tmp_path,
        [
            ("Liên hệ với Mây Trắng", "h", "contact"),
            ("Thư điện tử: hoi@maytrang.example hoặc dap@maytrang.example.", "s", "contact"),
            ("Tổng đài: 1900 6789.", "s", "contact"),
            ("Dữ liệu được lưu trữ trong 24 tháng.", "s", "retention"),
        ],
        [
            "email\tHOI@maytrang.example\t1\trequired\tx",  # right: case makes no difference
            "email\tai@maytrang.example\t1\trequired\tx",  # missed
            "email\tdap@maytrang.example\t1\toptional\tx",  # found, but neither asked for nor wrong
            "email\tkho@maytrang.example\t1\toptional\tx",  # not found: not missed either
            "retention\tP24M\t3\trequired\tx",
            "retention\tP24M\t3\trequired\ty",
        ],
    )  # a second place, not a second value
    result = scores([(gold[0], Oracle({}))])
    assert result["entity_kinds"]["email"] == {"p": 1.0, "r": 0.5, "f1": 0.6667, "n": 2}
    assert result["entity_kinds"]["retention"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "n": 1}
    assert result["entity_kinds"]["phone"] == {"p": 0.0, "r": 0.0, "f1": 0.0, "n": 0}  # the number is not in the gold
    assert result["entities"] == {"p": 0.6667, "r": 0.6667, "f1": 0.6667, "n": 3}  # 2 right, 1 invented, 1 missed


def test_required_in_one_place_and_optional_in_another_is_required(tmp_path: Path) -> None:
    gold = gold_of(
        tmp_path,
        [("Thư: hoi@maytrang.example.", "s", "contact")],
        [f"email\thoi@maytrang.example\t0\t{need}\tx" for need in ("required", "optional")],
    )
    assert scores([(gold[0], Oracle({}))])["entity_kinds"]["email"] == {"p": 1.0, "r": 1.0, "f1": 1.0, "n": 1}


def test_documents_are_added_up(tmp_path: Path) -> None:
    (gold,) = gold_of(tmp_path, LINES)
    once, twice = (scores([(gold, Oracle(SAID))] * times) for times in (1, 2))
    assert twice["micro"] == {**once["micro"], "n": 2 * once["micro"]["n"]}
    assert twice["units"] == 2 * once["units"]


def test_saved_model_says_where_it_knows_the_vendor(
    small: Trained, annotated: list[GoldDocument], tmp_path: Path
) -> None:
    save_model(*small, tmp_path / "clauses")
    assert "1 of these vendors" in on_gold(annotated[:1], tmp_path / "clauses")["warning"]
    assert "warning" not in on_gold(gold_of(tmp_path, LINES), tmp_path / "clauses")
    with pytest.raises(ModelError):
        on_gold(annotated[:1], tmp_path / "none")


def annotators(folder: Path, one: Sequence[str], two: Sequence[str]) -> Path:
    for name, labels in (("one", one), ("two", two)):
        (folder / name).mkdir()
        rows = [f"{i}\t{i}\t{i + 1}\ts\t{names}\n" for i, names in enumerate(labels)]
        (folder / name / "a.tsv").write_text("".join(rows), encoding="utf-8")
    return folder


def test_agreement_by_hand(tmp_path: Path) -> None:
    result = agreement(
        annotators(
            tmp_path,
            ["contact", "contact", "retention", "retention,security", "security", "changes,consent"],
            ["contact", "retention", "retention", "retention", "security", "consent,changes"],
        )
    )
    assert result["units"] == 6
    assert result["equal_main_labels"] == round(4 / 6, 4)
    # by chance: contact 2 * 1, retention 2 * 3, security 1 * 1, of 36
    assert result["kappa_main_label"] == pytest.approx((4 / 6 - 9 / 36) / (1 - 9 / 36), abs=1e-4)
    assert result["equal_label_sets"] == round(4 / 6, 4)
    assert result["by_label"] == {
        "retention": {"f1": 0.8, "n": 3},
        "contact": {"f1": 0.6667, "n": 2},
        "security": {"f1": 0.6667, "n": 2},
        "consent": {"f1": 1.0, "n": 1},
        "changes": {"f1": 1.0, "n": 1},
    }


@pytest.mark.parametrize(("labels", "kappa"), [(["contact", "changes"], 1.0), (["contact", "contact"], 1.0)])
def test_equal_annotators(tmp_path: Path, labels: list[str], kappa: float) -> None:
    result = agreement(annotators(tmp_path, labels, labels))
    assert (result["equal_main_labels"], result["kappa_main_label"], result["equal_label_sets"]) == (1, kappa, 1)


def test_annotators_who_never_agree_are_worse_than_chance(tmp_path: Path) -> None:
    assert agreement(annotators(tmp_path, ["contact", "changes"], ["changes", "contact"]))["kappa_main_label"] == -1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda two: (two / "a.tsv").write_text("0\t0\t9\ts\tcontact\n", encoding="utf-8"),
        lambda two: (two / "a.tsv").write_text("0\t0\t1\ts\n", encoding="utf-8"),
        lambda two: (two / "a.tsv").unlink(),
        lambda two: (two / "b.tsv").write_text("0\t0\t1\ts\tcontact\n", encoding="utf-8"),
    ],
    ids=["other units", "too few columns", "a document missing", "a document more"],
)
def test_annotators_of_different_things(tmp_path: Path, spoil: object) -> None:
    folder = annotators(tmp_path, ["contact"], ["contact"])
    spoil(folder / "two")
    with pytest.raises(GoldError, match=r"\.tsv"):
        agreement(folder)


@pytest.mark.parametrize("names", [[], ["one"], ["one", "two"], ["one", "two", "three"]])
def test_two_annotators_with_labels_are_wanted(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).mkdir()
    with pytest.raises(GoldError, match="Give each annotator a folder"):
        agreement(tmp_path)


def test_folder_of_annotators_is_missing(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="Give each annotator a folder"):
        agreement(tmp_path / "none")


def test_intervals_are_over_vendors(tmp_path: Path) -> None:
    (one,) = gold_of(tmp_path, LINES)
    alone = scores([(one, Oracle(SAID))])
    assert alone["intervals"]["macro_f1"] is None
    other = replace(one, doc_id="b", vendor="Other")
    both = scores([(one, Oracle(SAID)), (other, Oracle({text: labels for text, _, labels in LINES}))])
    low, high = both["intervals"]["main_accuracy"]
    assert (low, high) == (alone["main_accuracy"], 1.0)
    assert both["intervals"]["labels"]["security"] == [0.8889, 1.0]
    assert "purpose" not in both["intervals"]["labels"]  # no gold unit
