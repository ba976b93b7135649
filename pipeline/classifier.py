"""The trained classifier: which clause categories a unit has, which of them is the main one, and how likely.

Two stages, both linear. Ridge regression over TF-IDF of hashed n-grams gives a margin for each category. Logistic
regressions over the margins of a unit and of those around it (before, behind, the heading above, what stands below a
heading) give the probability that it has a category at all; a multinomial one that a category is the main one, for
sentences from their own margins alone. The second stage is learned from margins on vendors that the first has not seen:
ridge regression has a closed form for them, so that one inverse gives the margins of every vendor by a model without
it. What was tried besides, with figures: models/clauses/search.md.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin

from pipeline.around import ClauseText, Floats, around, refined
from pipeline.features import Vectoriser
from pipeline.labels import label_ids
from pipeline.predictor import FIELDS, Predictor, Singles

RIDGE = 0.5
"""Weight of the penalty, chosen on vendors left out; 0.3 and 1 do as well."""

COMMON = 0.05
"""Share of the units from which an n-gram is common: products of common ones are made as dense matrices, of others as
sparse ones, each where it is the faster."""

ROWS = 2048
"""Rows of the matrix of products made at a time, to bound memory."""

LEAST = 3
"""Training units in which an n-gram must occur: two make the model half as large again and no better."""

FAINT = 0.005
"""Weights below it are dropped: that changes the main label of fewer than 3 sentences in 1,000, and the file is a
fifth smaller."""

CALIBRATION_COST = 1.0

THRESHOLD = 0.5
"""Probability from which a category is given besides the main one. One for all: thresholds a category, the best for F1
on unseen vendors, were chance and worse on policies of other kinds."""


class ClauseClassifier(ClassifierMixin, Predictor, BaseEstimator):  # type: ignore[misc]
    """A scikit-learn estimator over `ClauseText`s and label sets (main label first): learns what a `Predictor` says.

    `cross_val_predict` wants the vendors twice, to split by and to fit with: `groups=v, params={"groups": v}`. It
    predicts main labels only; for probabilities it would recode the label sets as numbers before `fit` sees them.

    After `fit` it has all that a `Predictor` has, and, until it is saved, `unseen_`: the probabilities of the training
    units, each from margins of a model that has not seen its vendor (only which n-grams are rare was counted with it).
    """

    def __init__(self, ridge: float = RIDGE) -> None:
        self.ridge = ridge

    def fit(
        self, units: Sequence[ClauseText], y: Sequence[tuple[str, ...]], groups: Sequence[str]
    ) -> "ClauseClassifier":
        """Learns from units, their labels and their vendors (`groups`, two at least), all of one length.

        Time goes by the cube of the number of units, memory by its square: for 12,600 a minute of two cores and 2 GB.
        """
        self.classes_ = np.array(label_ids())
        has, main = indicator(y), np.array([label_ids().index(labels[0]) for labels in y])
        self.vectoriser_ = Vectoriser(FIELDS, LEAST).fit(units)
        matrix = self.vectoriser_.transform(units)
        dual, margins = _ridge(matrix, has, np.array(groups), self.ridge)
        near = around(units, margins)
        self.main_ = _multinomial(margins, main)
        self.any_ = refined(near, has, _curves(margins, has), exclusive=False)
        self.heading_ = refined(near, np.eye(len(label_ids()))[main], self.main_, exclusive=True)
        self.thresholds_ = np.full(len(label_ids()), THRESHOLD)
        self.unseen_ = self._chances(units, margins)
        weights, self.bias_ = matrix.T @ dual, dual.sum(axis=0).astype(np.float64)
        self.weights_ = np.where(np.abs(weights) < FAINT, 0, weights).astype(np.float16).astype(np.float32)
        return self


def indicator(y: Sequence[tuple[str, ...]]) -> npt.NDArray[np.bool_]:
    """Which labels each unit has, shape (units, labels)."""
    has = np.zeros((len(y), len(label_ids())), dtype=bool)
    for i, labels in enumerate(y):
        has[i, [label_ids().index(label) for label in labels]] = True
    return has


def _ridge(
    matrix: sparse.csr_matrix, has: npt.NDArray[np.bool_], groups: npt.NDArray[np.str_], ridge: float
) -> tuple[Singles, Floats]:
    """Dual weights of ridge regression on -1 and 1, and the margins of each unit by a model without its vendor.

    Both of shape (units, labels). With G the inverse of the penalised products of all units and d the dual weights, the
    units of a vendor left out have the margins y - inverse(G[vendor, vendor]) d[vendor]: exact, without another fit
    (leave-one-out of ridge regression by blocks).
    """
    signs = np.where(has, np.float32(1), np.float32(-1))
    inverse = _inverse(_products(matrix), ridge)
    dual = inverse @ signs
    margins = np.zeros(has.shape)
    for group in np.unique(groups):
        own = np.flatnonzero(groups == group)
        margins[own] = signs[own] - np.linalg.solve(inverse[np.ix_(own, own)].astype(np.float64), dual[own])
    return dual, margins


def _products(matrix: sparse.csr_matrix) -> Singles:
    """Inner products of all pairs of units, plus 1 for the bias, shape (units, units)."""
    often = np.asarray((matrix != 0).sum(axis=0)).ravel() > COMMON * matrix.shape[0]
    common, rare = matrix[:, often].toarray(), matrix[:, ~often]
    across = rare.T.tocsr()
    result = common @ common.T + np.float32(1)
    for start in range(0, len(result), ROWS):
        result[start : start + ROWS] += (rare[start : start + ROWS] @ across).toarray()
    return result  # type: ignore[no-any-return]


def _inverse(products: Singles, ridge: float) -> Singles:
    """Inverse of the products with the penalty on their diagonal, by Cholesky's decomposition, in their own memory."""
    from scipy.linalg import lapack

    np.einsum("ii->i", products)[:] += np.float32(ridge)
    lower, _ = lapack.spotrf(products.T, lower=1, overwrite_a=1)  # transposed: what Fortran would else copy
    inverse, _ = lapack.spotri(lower, lower=1, overwrite_c=1)
    for start in range(0, len(inverse), ROWS):  # the upper half mirrors the lower one
        stop = start + ROWS
        inverse[start:stop, stop:] = inverse[stop:, start:stop].T
        block = np.tril(inverse[start:stop, start:stop])
        inverse[start:stop, start:stop] = block + np.tril(block, -1).T
    return inverse  # type: ignore[no-any-return]


def _curves(margins: Floats, has: npt.NDArray[np.bool_]) -> Floats:
    """A logistic curve a label as weights (labels, labels), slopes on the diagonal, and a last row of offsets; flat for
    a label that is always the same."""
    from sklearn.linear_model import LogisticRegression

    curves = np.vstack([np.zeros((has.shape[1], has.shape[1])), np.where(has.all(axis=0), 10.0, -10.0)])
    for i in range(has.shape[1]):
        if has[:, i].any() and not has[:, i].all():
            fitted = LogisticRegression(C=CALIBRATION_COST).fit(margins[:, [i]], has[:, i])
            curves[[i, -1], i] = fitted.coef_[0, 0], fitted.intercept_[0]
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
