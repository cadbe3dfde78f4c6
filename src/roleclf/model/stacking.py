"""Combine the scores of text and title into calibrated probabilities.

Stacked generalisation (Wolpert 1992, doi:10.1016/S0893-6080(05)80023-1): a head is a
logistic regression on the experts' scores. There is one for postings with text and
title, one for text alone and one for title alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["FIELDS_BY_HEAD", "Prediction", "StackingHead", "softmax", "stack"]

# The fields whose scores each head combines, in this order.
FIELDS_BY_HEAD: Final = {
    "both": ("text", "title", "rule"),
    "text": ("text",),
    "title": ("title", "rule"),
}


Scores = npt.NDArray[np.float64]


class StackingHead(NamedTuple):
    """A logistic regression on the scores of the fields that a posting has.

    `weights` has shape (n_scores, n_roles), `intercept` (n_roles,): there are n_roles
    scores for each field, in the order of `FIELDS_BY_HEAD`; a head may leave out the
    last fields. `temperature` divides the logits (Guo et al. 2017, arXiv:1706.04599).
    """

    weights: npt.NDArray[np.float64]
    intercept: npt.NDArray[np.float64]
    temperature: float

    def probabilities(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return probabilities, shape (n_texts, n_roles)."""
        return softmax((scores @ self.weights + self.intercept) / self.temperature)

    def trust_by_field(self, fields: Sequence[str]) -> dict[str, Scores]:
        """Return the weights of each field's scores, shape (n_roles, n_roles).

        Parameters
        ----------
        fields : sequence of str
            Of this head, from `FIELDS_BY_HEAD`.
        """
        n_roles = len(self.intercept)
        trust = self.weights.reshape(-1, n_roles, n_roles)
        return dict(zip(fields, trust, strict=False))

    def with_prior_shift(self, log_ratio: npt.NDArray[np.float64]) -> StackingHead:
        """Return the head for another prior.

        Parameters
        ----------
        log_ratio : array, shape (n_roles,)
            Logarithm of each role's new prior over its old one.
        """
        shift = self.temperature * log_ratio
        return self._replace(intercept=self.intercept + shift)

    def to_dict(self) -> dict[str, Any]:
        """Return the head as model.json keeps it."""
        return {
            "trust": self.weights.tolist(),
            "intercept": self.intercept.tolist(),
            "temperature": self.temperature,
        }

    @classmethod
    def from_dict(cls, entry: Mapping[str, Any]) -> StackingHead:
        """Return the head that `to_dict` made `entry` of."""
        weights, intercept = np.array(entry["trust"]), np.array(entry["intercept"])
        return cls(weights, intercept, entry["temperature"])


class Prediction(NamedTuple):
    """Probabilities of a batch, each array of shape (n_postings, n_roles).

    `proba` is given all evidence, `title_proba` the title alone, `text_proba` the text
    alone. A row is NaN where there is no evidence. `encoder_proba` is what an encoder
    alone says, NaN of postings that it did not read; None if there is no encoder.
    """

    proba: npt.NDArray[np.float64]
    title_proba: npt.NDArray[np.float64]
    text_proba: npt.NDArray[np.float64]
    encoder_proba: npt.NDArray[np.float64] | None = None


def stack(
    heads: Mapping[str, StackingHead],
    scores: Mapping[str, npt.NDArray[np.float64]],
    has_text: npt.NDArray[np.bool_],
    has_title: npt.NDArray[np.bool_],
) -> Prediction:
    """Return the probabilities of each posting, by the head of the fields it has.

    Parameters
    ----------
    heads : mapping of `FIELDS_BY_HEAD` to StackingHead
    scores : mapping of "text", "title" and "rule" to array, shape (n_postings, n_roles)
    has_text, has_title : bool arrays, shape (n_postings,)
        Whether the field has any feature.
    """
    proba = {name: _probabilities(name, head, scores) for name, head in heads.items()}
    text = _where(has_text, proba["text"], np.nan)
    title = _where(has_title, proba["title"], np.nan)
    both = _where(has_text, _where(has_title, proba["both"], text), title)
    return Prediction(both, title, text)


def _probabilities(
    name: str, head: StackingHead, scores: Mapping[str, Scores]
) -> Scores:
    trust = head.trust_by_field(FIELDS_BY_HEAD[name])
    return head.probabilities(np.hstack([scores[field] for field in trust]))


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the probabilities of logits, row by row, of the same shape."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _where(
    rows: npt.NDArray[np.bool_],
    chosen: npt.NDArray[np.float64],
    other: npt.NDArray[np.float64] | float,
) -> npt.NDArray[np.float64]:
    """Return the rows of `chosen` where `rows` is true, else those of `other`."""
    return np.where(rows[:, None], chosen, other)
