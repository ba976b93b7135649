"""Scores with intervals, and shares corrected for known errors: by hand, and against draws whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import GoldError
from pipeline.intervals import DRAWS, Outcomes, drawn, outcomes, summary
from pipeline.labels import label_ids
from pipeline.prevalence import errors, main_label_shares, prevalence

LABELS = len(label_ids())


def of(units: list[tuple[str, str, str]]) -> Outcomes:
    """Outcomes of units given as vendor, gold label, given label."""
    number = label_ids().index
    gold, said = (np.array([number(unit[i]) for unit in units]) for i in (1, 2))
    has, given_ = np.eye(LABELS, dtype=bool)[gold], np.eye(LABELS, dtype=bool)[said]
    return outcomes(given_, has, said, gold, np.array([unit[0] for unit in units]))


RIGHT = ("purpose", "purpose")
WRONG = ("purpose", "security")


def test_scores_by_hand() -> None:
    found = summary(of([("a", *RIGHT)] * 6 + [("b", *RIGHT)] * 2 + [("b", *WRONG)] * 2))
    assert found["main_accuracy"] == 0.8
    assert found["labels"]["purpose"]["f1"] == pytest.approx(16 / 18, abs=1e-4)
    assert found["labels"]["purpose"]["units"] == 10
    assert found["macro_f1"] == found["labels"]["purpose"]["f1"]  # security has no gold unit
    assert found["micro_f1"] == 0.8
    assert found["labels"]["purpose"]["interval"] == [round(4 / 6, 4), 1.0]  # b alone, a alone
    assert found["intervals"]["main_accuracy"] == [0.5, 1.0]


def test_one_vendor_has_no_interval() -> None:
    found = summary(of([("a", *RIGHT)] * 6 + [("a", *WRONG)]))
    assert found["intervals"]["macro_f1"] is None
    assert found["labels"]["purpose"]["interval"] is None


def test_a_label_in_few_vendors_is_in_the_mean_of_the_draws_that_have_it() -> None:
    found = summary(of([("a", *RIGHT)] * 6 + [("b", "children", "children")] * 6))
    assert found["labels"]["children"]["interval"] == [1.0, 1.0]
    assert found["intervals"]["macro_f1"] == [1.0, 1.0]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.just("purpose"), st.sampled_from(["purpose", "security"]))))
def test_the_score_lies_in_its_interval(units: list[tuple[str, str, str]]) -> None:
    found = summary(of(units)) if units else None
    if found and found["intervals"]["main_accuracy"]:
        low, high = found["intervals"]["main_accuracy"]
        assert 0 <= low <= found["main_accuracy"] + 1e-4
        assert found["main_accuracy"] - 1e-4 <= high <= 1


def test_draws_keep_the_number_of_vendors_and_repeat_with_the_seed() -> None:
    assert (drawn(7).sum(axis=1) == 7).all()
    assert drawn(7).shape == (DRAWS, 7)
    assert np.array_equal(drawn(7, seed=3), drawn(7, seed=3))
    assert not np.array_equal(drawn(7, seed=3), drawn(7, seed=4))


def test_noise_is_the_standard_error_of_a_mean_over_vendors() -> None:
    """Vendors of one unit each: the standard error of a share is known."""
    found = summary(of([(f"v{i}", *(RIGHT if i % 4 else WRONG)) for i in range(400)]))
    assert found["noise"]["main_accuracy"] == pytest.approx((0.75 * 0.25 / 400) ** 0.5, rel=0.05)


def reading(rng: np.random.Generator, true: np.ndarray, sensitivity: float, specificity: float) -> np.ndarray:
    luck = rng.random(len(true))
    return np.where(true == 1, luck < sensitivity, luck >= specificity).astype(int)


@pytest.mark.parametrize(("share", "sensitivity", "specificity"), [(0.3, 0.8, 0.95), (0.1, 0.7, 0.9), (0.6, 0.9, 0.99)])
def test_the_interval_holds_the_true_share_as_often_as_it_says(
    share: float, sensitivity: float, specificity: float
) -> None:
    rng = np.random.default_rng(5)
    hits, raw, corrected = 0, [], []
    for _ in range(60):
        gold, corpus = ((rng.random(n) < share).astype(int) for n in (150, 300))
        known = errors(reading(rng, gold, sensitivity, specificity), gold, np.arange(150))
        found = prevalence(reading(rng, corpus, sensitivity, specificity), np.arange(300), known, draws=200)
        hits += found.interval[0] <= share <= found.interval[1]
        raw.append(found.said)
        corrected.append(found.corrected)
    assert hits >= 52  # 57 are expected; fewer than 52 come about once in a hundred
    assert abs(np.mean(corrected) - share) < 0.02 < abs(np.mean(raw) - share)


def test_sentences_of_one_vendor_are_drawn_together() -> None:
    """The same sentences of few vendors say less than of many: the interval is wider."""
    rng = np.random.default_rng(1)
    gold = np.array([1, 0] * 100)
    known = errors(reading(rng, gold, 0.9, 0.95), gold, np.arange(200) // 2)
    said = np.repeat([1, 0, 0, 0, 1, 0, 0, 0, 0, 1], 20)
    wide = prevalence(said, np.arange(200) // 20, known).interval
    narrow = prevalence(said, np.arange(200), known).interval
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])


def test_policies_from_one_template_share_a_vote() -> None:
    known = errors(np.array([1] * 20 + [0] * 20), np.array([1] * 20 + [0] * 20), np.arange(40))
    said = np.array([1] * 30 + [0] * 10)
    templates = np.array([0] * 30 + list(range(1, 11)))
    weights = np.array([1 / 30] * 30 + [1] * 10)
    assert prevalence(said, templates, known).said == 0.75
    assert prevalence(said, templates, known, weights=weights).said == pytest.approx(1 / 11)


@given(st.lists(st.integers(0, 1), min_size=4, max_size=40))
def test_a_faultless_machine_is_believed(said: list[int]) -> None:
    gold = np.array([1, 0] * 10)
    found = prevalence(np.array(said), np.arange(len(said)), errors(gold, gold, np.arange(20)))
    assert found.corrected == pytest.approx(np.mean(said))
    assert found.sensitivity == found.specificity == 1


@pytest.mark.parametrize(
    ("predicted", "true", "cause"),
    [
        ([0, 0, 0], [0, 0, 0], "no unit with the label"),
        ([1, 1, 1], [1, 1, 1], "or none without"),
        ([1, 0, 1, 0], [1, 1, 0, 0], "no better than chance"),
        ([0, 0, 1, 1], [1, 1, 0, 0], "no better than chance"),
    ],
)
def test_errors_that_explain_any_share_are_refused(predicted: list[int], true: list[int], cause: str) -> None:
    known = errors(np.array(predicted), np.array(true), np.arange(len(true)))
    with pytest.raises(GoldError, match=cause):
        prevalence(np.array([1, 0, 0]), np.arange(3), known)


def test_main_labels_put_right_sum_to_one_and_are_not_negative() -> None:
    rng = np.random.default_rng(2)
    given_ = np.array([[0.8, 0.1, 0.1], [0.3, 0.7, 0.0], [0.05, 0.05, 0.9]])
    shares = np.array([0.2, 0.7, 0.1])
    said = rng.multinomial(20000, shares @ given_)
    found = main_label_shares(said, given_ * 1000)
    assert found == pytest.approx(shares, abs=0.02)
    assert main_label_shares(np.array([100, 0, 0]), given_ * 1000).min() >= 0
