"""What the classifier says of units, from what it has learned: arrays alone, so that a run does without scikit-learn,
whose import takes a second. How it learns: `pipeline.classifier`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit, softmax

from pipeline.around import ClauseText, Floats, around, linear
from pipeline.features import Field, Vectoriser
from pipeline.labels import label_ids

FIELDS = (
    Field(("text",), (1, 3), (2, 6), 1.0),
    Field(("lead_in", "text"), (1, 3), None, 0.6),
    Field(("heading",), (1, 2), (2, 5), 0.7),
    Field(("lead_in",), (1, 2), None, 0.5),
    Field(("above",), (1, 2), None, 0.4),
    Field(("found",), (1, 1), None, 0.4),
    Field(("place",), (1, 1), None, 0.32),
)
"""What the classifier looks at."""

SECOND = ("bias_", "any_", "main_", "heading_", "thresholds_")
"""What is learned besides n-grams and their weights."""

Singles = npt.NDArray[np.float32]


class Chances(NamedTuple):
    """Probability of having each label at all, and of each being the main one; both of shape (units, labels)."""

    any: Floats
    main: Floats


class Predictor:
    """A fitted classifier: `vectoriser_`, `weights_` (n-grams, labels), `bias_` (labels,), `any_` and `heading_`
    (5 * labels + 1, labels), `main_` (labels + 1, labels), `thresholds_` (labels,), and `classes_`, the labels.
    """

    vectoriser_: Vectoriser
    weights_: Singles
    bias_: Floats
    any_: Floats
    main_: Floats
    heading_: Floats
    thresholds_: Floats
    classes_: npt.NDArray[np.str_]

    @classmethod
    def of(cls, learned: Mapping[str, Any]) -> Self:
        """The predictor that has learned this."""
        model = cls()
        model.classes_ = np.array(label_ids())
        model.vectoriser_ = Vectoriser(FIELDS)
        model.vectoriser_.hashes_, model.vectoriser_.idf_ = learned["hashes_"], learned["idf_"]
        model.weights_ = learned["weights_"].astype(np.float32)
        for name in SECOND:
            setattr(model, name, learned[name])
        return model

    def learned(self) -> dict[str, Any]:
        """All that was learned, as arrays and lists of arrays by name; weights in the half precision of `fit`."""
        return {
            "hashes_": self.vectoriser_.hashes_,
            "idf_": self.vectoriser_.idf_,
            "weights_": self.weights_.astype(np.float16),
            **{name: getattr(self, name) for name in SECOND},
        }

    def decision_function(self, units: Sequence[ClauseText]) -> Floats:
        """Margins, shape (units, labels)."""
        return self.vectoriser_.transform(units) @ self.weights_ + self.bias_  # type: ignore[no-any-return]

    def probabilities(self, units: Sequence[ClauseText]) -> Chances:
        """Probability of having each label at all, and of each being the main one; both of shape (units, labels)."""
        return self._chances(units, self.decision_function(units))

    def predict_proba(self, units: Sequence[ClauseText]) -> Floats:
        """Probability of each label being the main one, shape (units, labels); rows sum to 1."""
        return self.probabilities(units)[1]

    def predict(self, units: Sequence[ClauseText]) -> npt.NDArray[np.str_]:
        """The main label of each unit."""
        return self.classes_[self.predict_proba(units).argmax(axis=1)]  # type: ignore[no-any-return]

    def _chances(self, units: Sequence[ClauseText], margins: Floats) -> Chances:
        near, heading = around(units, margins), np.array([unit.is_heading for unit in units], dtype=bool)
        main = linear(margins, self.main_)
        main[heading] = linear(near[heading], self.heading_)
        return Chances(expit(linear(near, self.any_)), softmax(main, axis=1))
