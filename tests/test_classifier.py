"""The classifier as an estimator: repeatable, calibrated, and blind to the vendors that it is judged on."""

import pickle
from collections.abc import Sequence

import numpy as np
import pytest
from conftest import Trained, policy_of, write_gold
from sklearn.base import clone
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold, cross_val_predict

from pipeline import train
from pipeline.around import ClauseText, around
from pipeline.classifier import FIELDS, LEAST, RIDGE, ClauseClassifier, _ridge, indicator
from pipeline.errors import GoldError
from pipeline.features import Vectoriser
from pipeline.gold import GoldDocument, read_gold
from pipeline.labels import label_ids
from pipeline.segment import segment
from pipeline.train import Examples, examples, leave_one_vendor_out

FEW = 4
"""Vendors that a fit in a test learns from: under a second."""


@pytest.fixture(scope="module")
def few(annotated: list[GoldDocument]) -> Examples:
    return examples(annotated[:FEW])


@pytest.fixture(scope="module")
def fitted(few: Examples) -> ClauseClassifier:
    return ClauseClassifier().fit(*few)


def test_two_fits_give_the_same(few: Examples, fitted: ClauseClassifier, dozen: Examples) -> None:
    again = clone(fitted).fit(*few)
    assert np.array_equal(again.predict_proba(dozen.units), fitted.predict_proba(dozen.units))
    assert np.array_equal(again.unseen_.main, fitted.unseen_.main)


def test_order_of_a_batch_makes_no_difference(fitted: ClauseClassifier, dozen: Examples) -> None:
    mixed = np.random.default_rng(0).permutation(len(dozen.units))
    for known, again in zip(
        fitted.probabilities(dozen.units), fitted.probabilities([dozen.units[i] for i in mixed]), strict=True
    ):
        assert np.allclose(known[mixed], again, atol=1e-6)


def test_other_policies_of_a_batch_make_no_difference(fitted: ClauseClassifier, dozen: Examples) -> None:
    first = [unit for unit in dozen.units if unit.policy == dozen.units[0].policy]
    for alone, beside in zip(fitted.probabilities(first), fitted.probabilities(dozen.units), strict=True):
        assert np.allclose(alone, beside[: len(first)], atol=1e-6)


def test_margins_around_a_unit() -> None:
    def unit(rank: int, under: int = -1, policy: str = "a") -> ClauseText:
        return ClauseText(text="x", policy=policy, rank=rank, under=under)

    units = [unit(0), unit(1, 0), unit(3, 0), unit(2, 0), unit(1, policy="b"), ClauseText(text="of no policy")]
    margins = np.array([[1.0, -1], [2, 0], [4, 0], [8, 3], [16, 0], [32, 0]])
    near = around(units, margins).reshape(len(units), 5, 2)
    before, behind, above, below = (near[:, k].tolist() for k in range(1, 5))
    assert near[:, 0].tolist() == margins.tolist()
    assert before == [[0, 0], [1, -1], [8, 3], [2, 0], [0, 0], [0, 0]]
    assert behind == [[2, 0], [8, 3], [0, 0], [4, 0], [0, 0], [0, 0]]
    assert above == [[0, 0], [1, -1], [1, -1], [1, -1], [0, 0], [0, 0]]
    assert below == [[14 / 3, 1], *[[0, 0]] * 5]


def test_a_heading_is_told_by_what_stands_below_it(small: Trained) -> None:
    """A heading that says nothing is likelier of a topic where the sentences below it are."""
    texts = ["Thông tin được lưu trữ trong 24 tháng.", "Sau thời hạn lưu trữ 5 năm, hồ sơ được hủy."]
    place = "heading_ depth_0 tenth_4 heading_6"
    heading = ClauseText(text="Điều 5", place=place, policy="a", rank=0)
    below = [ClauseText(text=text, place="body_", policy="a", rank=i, under=0) for i, text in enumerate(texts, 1)]
    retention = label_ids().index("retention")
    alone = small[0].predict_proba([heading])[0, retention]
    assert small[0].predict_proba([heading, *below])[0, retention] > 1.3 * alone


@pytest.mark.parametrize("text", ["", "\n", "?", "họ tên", "xyz " * 500, "\u200b", "İ"])
def test_probabilities_of_any_text(small: Trained, text: str) -> None:
    units = [ClauseText(text=text), ClauseText(text=text, heading=text, above=text, lead_in=text, found=text)]
    has, main = small[0].probabilities(units)
    assert has.shape == main.shape == (2, len(label_ids()))
    for probabilities in (has, main):
        assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert main.sum(axis=1) == pytest.approx([1, 1])


def test_predict_is_the_likeliest_label(small: Trained, dozen: Examples) -> None:
    model, _ = small
    chances, predicted = model.predict_proba(dozen.units), model.predict(dozen.units)
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(dozen.units)))
    assert predicted.tolist() == [label_ids()[i] for i in chances.argmax(axis=1)]
    assert np.mean(predicted == [labels[0] for labels in dozen.labels]) > 0.9


def test_clone_has_the_settings_and_nothing_learned(fitted: ClauseClassifier) -> None:
    assert clone(ClauseClassifier(ridge=0.7)).get_params() == {"ridge": 0.7}
    assert not hasattr(clone(fitted), "weights_")


def test_pickled_before_and_after_fit(fitted: ClauseClassifier, few: Examples) -> None:
    assert pickle.loads(pickle.dumps(ClauseClassifier(ridge=3))).ridge == 3
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.predict_proba(few.units), fitted.predict_proba(few.units))


def test_cross_validation_of_scikit_learn(few: Examples) -> None:
    units, labels, vendors = few
    folds = GroupKFold(2)
    predicted = cross_val_predict(
        ClauseClassifier(), units, labels, groups=vendors, cv=folds, params={"groups": vendors}
    )
    train_on, test_on = next(folds.split(units, groups=vendors))
    alone = ClauseClassifier().fit(*([column[i] for i in train_on] for column in few))
    assert predicted[test_on].tolist() == alone.predict([units[i] for i in test_on]).tolist()


def test_margins_of_a_vendor_are_those_of_a_fit_without_it(few: Examples) -> None:
    units, labels, vendors = few
    matrix, has, groups = Vectoriser(FIELDS, LEAST).fit(units).transform(units), indicator(labels), np.array(vendors)
    _, margins = _ridge(matrix, has, groups, RIDGE)
    for vendor in set(vendors):
        own = groups == vendor
        dual, _ = _ridge(matrix[~own], has[~own], groups[~own], RIDGE)
        assert np.allclose(margins[own], (matrix[own] @ matrix[~own].T) @ dual + dual.sum(axis=0), atol=1e-3)


def test_dual_weights_solve_ridge_regression(few: Examples) -> None:
    units, labels, vendors = few
    matrix, has = Vectoriser(FIELDS, LEAST).fit(units).transform(units), indicator(labels)
    dual, _ = _ridge(matrix, has, np.array(vendors), 2.0)
    with_bias = np.hstack([matrix.toarray(), np.ones((len(units), 1))])
    reference = Ridge(alpha=2.0, fit_intercept=False).fit(with_bias, 2.0 * has - 1)
    assert np.allclose(with_bias.T @ dual, reference.coef_.T, atol=1e-4)


def test_a_label_that_never_occurs_is_never_given(fitted: ClauseClassifier, few: Examples, dozen: Examples) -> None:
    never = ~indicator(few.labels).any(axis=0)
    has, main = fitted.probabilities(dozen.units)
    assert (has[:, never] < fitted.thresholds_[never]).all()
    assert (main[:, never] < 0.01).all()


def test_a_label_that_every_unit_has(few: Examples) -> None:
    always = [tuple(dict.fromkeys((*names, "other"))) for names in few.labels]
    model = ClauseClassifier().fit(few.units, always, few.vendors)
    assert (model.probabilities(few.units)[0][:, label_ids().index("other")] > 0.9).all()


def test_indicator() -> None:
    has = indicator([("contact",), ("changes", "consent")])
    assert [[label_ids()[i] for i in np.flatnonzero(row)] for row in has] == [["contact"], ["consent", "changes"]]


def test_examples_are_what_segment_finds_without_furniture(tmp_path_factory: pytest.TempPathFactory) -> None:
    gold = read_gold(write_gold(tmp_path_factory.mktemp("gold") / "gold"))
    found = examples(gold)
    sentences = [s for d in gold for s in segment(policy_of(d.text, d.doc_id)) if s.kind != "furniture"]
    assert [unit.text for unit in found.units] == [s.text for s in sentences]
    assert found.labels[-1] == ("complaints", "contact")
    assert found.vendors == [s.doc_id.title() for s in sentences]
    assert "kind_email" in found.units[-1].found
    assert found.units[-1].heading == "3. Liên hệ"


def test_card_counts_what_it_was_trained_on(small: Trained, annotated: list[GoldDocument], dozen: Examples) -> None:
    card = small[1]
    assert card["data"]["documents"] == len(annotated)
    assert card["data"]["units"] == len(dozen.units) == len(dozen.labels) == len(dozen.vendors)
    assert sum(row["units"] for row in card["labels"].values()) == sum(map(len, dozen.labels))
    assert all(0.2 <= row["threshold"] <= 0.8 for row in card["labels"].values())


def test_one_vendor_is_too_few(annotated: list[GoldDocument]) -> None:
    with pytest.raises(GoldError, match="one vendor"):
        train.train(annotated[:1])


def test_leaving_out_needs_a_real_policy(annotated: list[GoldDocument]) -> None:
    with pytest.raises(GoldError, match="no real policy"):
        leave_one_vendor_out(annotated[:2])


def test_a_vendor_is_left_out_with_all_that_is_learned(
    annotated: list[GoldDocument], tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    gold = [*annotated[:2], *read_gold(write_gold(tmp_path / "gold"))]
    seen, really = [], train.train

    def watched(documents: Sequence[GoldDocument]) -> Trained:
        seen.append({d.vendor for d in documents})
        return really(documents)

    monkeypatch.setattr(train, "train", watched)
    result = leave_one_vendor_out(gold)
    assert seen == [{d.vendor for d in gold} - {"Hoa-Sen"}]
    assert set(result["left_out"]) == {"hoa-sen"}
    assert result["documents"] == 1
