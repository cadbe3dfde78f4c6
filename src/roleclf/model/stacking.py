"""Heads: from the experts' scores to probabilities, for one mix of roles or another.

Step 7 of the line, inside MODEL.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Head", "softmax"]


class Head(NamedTuple):
    """How the experts' scores become probabilities, for one mix of present fields.

    `trust` has shape (n_scores, n_roles): n_scores is n_roles for each expert that
    speaks, the text's first. `temperature` divides the logits (Guo et al. 2017,
    arXiv:1706.04599).
    """

    trust: npt.NDArray[np.float64]
    intercept: npt.NDArray[np.float64]
    temperature: float

    def probabilities(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return probabilities, shape (n_texts, n_roles)."""
        return softmax((scores @ self.trust + self.intercept) / self.temperature)

    def tilted(self, log_odds: npt.NDArray[np.float64]) -> Head:
        """Return the head that adds `log_odds`, shape (n_roles,), to each role's."""
        return self._replace(intercept=self.intercept + self.temperature * log_odds)


def softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the probabilities of logits, row by row, of the same shape."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))
