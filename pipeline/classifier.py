"""The trained classifier: which clause categories a unit has, which of them is the main one, and how likely.

Three parts, all linear. One support vector machine a category over TF-IDF of hashed n-grams gives a margin. A logistic
curve a category turns its margin into the probability that the unit has this category at all. A multinomial logistic
regression over the margins of all categories gives the probability that a category is the main one. The second and
third part and the thresholds are learned from margins on vendors that the first part has not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin

from pipeline.features import Field, Vectoriser
from pipeline.labels import OTHER, label_ids

FIELDS = (
    Field(("text",), (1, 3), (2, 6), 1.0),
    Field(("lead_in", "text"), (1, 3), None, 0.6),
    Field(("heading",), (1, 2), (2, 5), 0.7),
    Field(("lead_in",), (1, 2), None, 0.5),
    Field(("above",), (1, 2), None, 0.4),
    Field(("found",), (1, 1), None, 0.4),
)
"""What the classifier looks at. Figures for each part: models/clauses/README.md."""

FOLDS = 5
"""Parts into which the vendors are split to get margins on vendors unseen: a fifth less training data costs little."""

COST = 0.3
"""`C` of the support vector machines, chosen on vendor-grouped cross-validation."""

TOLERANCE = 0.01
"""Of the support vector machines: a hundred times scikit-learn's own changes no prediction and halves the time."""

LEAST = 3
"""Training units in which an n-gram must occur: two make the model half as large again and no better."""

FAINT = 0.005
"""Weights below it are dropped: that changes the main label of fewer than 3 sentences in 1,000 and halves the file."""

CALIBRATION_COST = 1.0

_DRAWING = Lock()
"""liblinear draws from one generator for all threads: machines trained side by side would differ from run to run."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseText:
    """A unit as the classifier sees it. All are texts, empty where there is none; `found` names what extract found."""

    text: str
    heading: str = ""
    above: str = ""
    lead_in: str = ""
    found: str = ""


class ClauseClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A scikit-learn estimator over `ClauseText`s and label sets (main label first).

    `cross_val_predict` wants the vendors twice, to split by and to fit with: `groups=v, params={"groups": v}`. It
    predicts main labels only; for probabilities it would recode the label sets as numbers before `fit` sees them.

    After `fit`: `vectoriser_`, `weights_` (n-grams, labels), `bias_` (labels,), `any_` (2, labels), `main_`
    (labels + 1, labels), `thresholds_` (labels,), `unseen_` (cross-validated scores on vendors not trained on).
    """

    def __init__(self, cost: float = COST, folds: int = FOLDS, seed: int = 0) -> None:
        self.cost = cost
        self.folds = folds
        self.seed = seed

    def fit(
        self, units: Sequence[ClauseText], y: Sequence[tuple[str, ...]], groups: Sequence[str]
    ) -> "ClauseClassifier":
        """Learns from units, their labels and their vendors (`groups`, two at least), all of one length."""
        self.classes_ = np.array(label_ids())
        has, main = indicator(y), np.array([label_ids().index(labels[0]) for labels in y])
        margins = self._margins_on_unseen(units, has, np.array(groups))
        self.any_ = _curves(margins, has)
        self.main_ = _multinomial(margins, main)
        predicted = self._main(margins).argmax(axis=1)
        self.thresholds_ = _thresholds(self._any(margins), has, predicted)
        self.unseen_ = _scores(self._any(margins) >= self.thresholds_, predicted, has, main, self.folds)
        self.vectoriser_ = Vectoriser(FIELDS, LEAST).fit(units)
        weights, self.bias_ = _machines(self.vectoriser_.transform(units), has, self.cost, self.seed)
        self.weights_ = np.where(np.abs(weights) < FAINT, 0, weights).astype(np.float16).astype(np.float32)
        return self

    def _margins_on_unseen(
        self, units: Sequence[ClauseText], has: npt.NDArray[np.bool_], groups: npt.NDArray[np.str_]
    ) -> Floats:
        from joblib import Parallel, delayed
        from sklearn.model_selection import GroupKFold

        folds = GroupKFold(min(self.folds, len(set(groups))), shuffle=True, random_state=self.seed)
        parts = list(folds.split(has, groups=groups))
        found = Parallel(n_jobs=-1)(delayed(_fold)(units, has, *part, self.cost, self.seed) for part in parts)
        margins = np.zeros(has.shape)
        for (_, test), margin in zip(parts, found, strict=True):
            margins[test] = margin
        return margins

    def decision_function(self, units: Sequence[ClauseText]) -> Floats:
        """Margins, shape (units, labels)."""
        return self.vectoriser_.transform(units) @ self.weights_ + self.bias_  # type: ignore[no-any-return]

    def probabilities(self, units: Sequence[ClauseText]) -> tuple[Floats, Floats]:
        """Probability of having each label at all, and of each being the main one; both of shape (units, labels)."""
        margins = self.decision_function(units)
        return self._any(margins), self._main(margins)

    def predict_proba(self, units: Sequence[ClauseText]) -> Floats:
        """Probability of each label being the main one, shape (units, labels); rows sum to 1."""
        return self.probabilities(units)[1]

    def predict(self, units: Sequence[ClauseText]) -> npt.NDArray[np.str_]:
        """The main label of each unit."""
        return self.classes_[self.predict_proba(units).argmax(axis=1)]  # type: ignore[no-any-return]

    def _any(self, margins: Floats) -> Floats:
        return expit(margins * self.any_[0] + self.any_[1])  # type: ignore[no-any-return]

    def _main(self, margins: Floats) -> Floats:
        return softmax(margins @ self.main_[:-1] + self.main_[-1], axis=1)  # type: ignore[no-any-return]

    def __getstate__(self) -> dict[str, Any]:
        return _with_weights(super().__getstate__(), np.float16)  # half the file; exact, see `fit`

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(_with_weights(state, np.float32))


def _with_weights(state: dict[str, Any], dtype: type[np.floating[Any]]) -> dict[str, Any]:
    """The state of a classifier with its weights, if it has any yet, in another precision."""
    return {**state, "weights_": state["weights_"].astype(dtype)} if "weights_" in state else state


def indicator(y: Sequence[tuple[str, ...]]) -> npt.NDArray[np.bool_]:
    """Which labels each unit has, shape (units, labels)."""
    has = np.zeros((len(y), len(label_ids())), dtype=bool)
    for i, labels in enumerate(y):
        has[i, [label_ids().index(label) for label in labels]] = True
    return has


def _fold(
    units: Sequence[ClauseText],
    has: npt.NDArray[np.bool_],
    train: npt.NDArray[np.int64],
    test: npt.NDArray[np.int64],
    cost: float,
    seed: int,
) -> Floats:
    chosen = [units[i] for i in train]
    vectoriser = Vectoriser(FIELDS, LEAST).fit(chosen)
    weights, bias = _machines(vectoriser.transform(chosen), has[train], cost, seed)
    return vectoriser.transform([units[i] for i in test]) @ weights + bias  # type: ignore[no-any-return]


def _machines(
    matrix: sparse.csr_matrix, has: npt.NDArray[np.bool_], cost: float, seed: int
) -> tuple[npt.NDArray[np.float32], Floats]:
    """One balanced linear support vector machine a label: weights (n-grams, labels) and biases (labels,).

    A label that all units have, or none, is no question: its margin is 1 or -1 for any unit.
    """
    from sklearn.svm import LinearSVC

    weights = np.zeros((matrix.shape[1], has.shape[1]), dtype=np.float32)
    bias = np.where(has.all(axis=0), 1.0, -1.0)
    for i in range(has.shape[1]):
        if has[:, i].any() and not has[:, i].all():
            machine = LinearSVC(C=cost, class_weight="balanced", tol=TOLERANCE, random_state=seed)
            with _DRAWING:
                machine.fit(matrix, has[:, i])
            weights[:, i], bias[i] = machine.coef_[0], machine.intercept_[0]
    return weights, bias


def _curves(margins: Floats, has: npt.NDArray[np.bool_]) -> Floats:
    """Slope and offset of a logistic curve a label, shape (2, labels); flat for a label that is always the same."""
    from sklearn.linear_model import LogisticRegression

    curves = np.vstack([np.zeros(has.shape[1]), np.where(has.all(axis=0), 10.0, -10.0)])
    for i in range(has.shape[1]):
        if has[:, i].any() and not has[:, i].all():
            fitted = LogisticRegression(C=CALIBRATION_COST).fit(margins[:, [i]], has[:, i])
            curves[:, i] = fitted.coef_[0, 0], fitted.intercept_[0]
    return curves


def _multinomial(margins: Floats, main: npt.NDArray[np.int64]) -> Floats:
    """Weights (labels, labels) and a last row of offsets of a softmax over the margins; -10 for labels never seen."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=CALIBRATION_COST, max_iter=1000).fit(margins, main)
    result = np.zeros((margins.shape[1] + 1, margins.shape[1]))
    result[-1] = -10.0
    result[:-1, fitted.classes_] = fitted.coef_.T
    result[-1, fitted.classes_] = fitted.intercept_
    return result


def _scores(
    given: npt.NDArray[np.bool_],
    predicted: npt.NDArray[np.int64],
    has: npt.NDArray[np.bool_],
    main: npt.NDArray[np.int64],
    folds: int,
) -> dict[str, Any]:
    """How well labels were given to units of vendors not trained on; `f1` by label."""
    given[np.arange(len(main)), predicted] = True
    right, said = (given & has).sum(axis=0), given.sum(axis=0)
    f1 = 2 * right / np.maximum(1, said + has.sum(axis=0))
    counted = [i for i, label in enumerate(label_ids()) if label != OTHER and has[:, i].any()]
    micro = 2 * right.sum() / (said.sum() + has.sum())
    return {
        "folds": folds,
        "macro_f1": round(float(f1[counted].mean()), 4),
        "micro_f1": round(float(micro), 4),
        "main_accuracy": round(float((predicted == main).mean()), 4),
        "f1": {label: round(float(f1[i]), 4) for i, label in enumerate(label_ids())},
    }


def _thresholds(probability: Floats, has: npt.NDArray[np.bool_], main: npt.NDArray[np.int64]) -> Floats:
    """For each label the probability from which it is given besides the main one: the best for F1 on unseen vendors."""
    given = np.zeros_like(has)
    given[np.arange(len(main)), main] = True
    grid = np.arange(0.2, 0.81, 0.02)
    best = np.full(has.shape[1], 0.5)
    for i in range(has.shape[1]):
        said = given[:, [i]] | (probability[:, [i]] >= grid)
        right = (said & has[:, [i]]).sum(axis=0)
        best[i] = grid[np.argmax(2 * right / np.maximum(1, said.sum(axis=0) + has[:, i].sum()))]
    return best
