"""What a model is made of: experts, the spaces they see, what they say of a batch."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching import WordList
from roleclf.model.features import DutySpace, FeatureRows, FeatureSpace

__all__ = ["FIELD_BY_EXPERT", "HEADS", "Expert", "Prediction", "Spaces"]

# Each expert, and the field of a posting that it reads.
FIELD_BY_EXPERT: Final = {"text": "text", "duties": "text", "title": "title"}
HEADS: Final = ("both", "text", "title")


class Expert(NamedTuple):
    """A linear view of one kind of evidence: its features' weight for each role.

    `weights` has shape (n_features, n_roles), `intercept` (n_roles,); scores are
    log-odds up to a constant. The scores of experts that read one field add up.
    """

    weights: npt.NDArray[np.float32]
    intercept: npt.NDArray[np.float64]

    def scores(self, rows: FeatureRows) -> npt.NDArray[np.float64]:
        """Return centred scores, shape (n_texts, n_roles)."""
        scores = rows.dot(self.weights) + self.intercept
        return scores - scores.mean(axis=1, keepdims=True)


class Spaces(NamedTuple):
    """The features of each kind of evidence."""

    text: FeatureSpace
    duties: DutySpace
    title: FeatureSpace

    @property
    def words_of_texts(self) -> tuple[WordList, ...]:
        """The words that are looked up in every text."""
        return self.text.words, self.duties.patterns.words


class Prediction(NamedTuple):
    """What the model says of a batch; rows of NaN where a field says nothing.

    Each array has shape (n_postings, n_roles): `proba` by all that is there,
    `title` by the title alone, `duties` by the text alone.
    """

    proba: npt.NDArray[np.float64]
    title: npt.NDArray[np.float64]
    duties: npt.NDArray[np.float64]
