"""Score the roles with linear experts, one for each kind of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.model.feature_rows import Evidence, FeatureRows

__all__ = [
    "FIELD_BY_EXPERT",
    "LEARNED_EXPERTS",
    "Expert",
    "field_scores",
    "rule_expert",
]

# The experts whose weights are learned, and kept in the model folder. Experts are named
# as the attributes of `Evidence` and `FeatureSpaces`.
LEARNED_EXPERTS: Final = ("text", "duties", "title")
# The field of a posting that each expert reads; `rule` is what the title rule says.
FIELD_BY_EXPERT: Final = {
    "text": "text",
    "duties": "text",
    "title": "title",
    "rule": "rule",
}


class Expert(NamedTuple):
    """A linear model of one kind of evidence: the weight of its features for each role.

    `weights` has shape (n_features, n_roles), `intercept` (n_roles,); scores are
    log-odds up to a constant.
    """

    weights: npt.NDArray[np.float32]
    intercept: npt.NDArray[np.float64]

    def scores(self, rows: FeatureRows) -> npt.NDArray[np.float64]:
        """Return centred scores, shape (n_texts, n_roles)."""
        scores = rows.dot(self.weights) + self.intercept
        return scores - scores.mean(axis=1, keepdims=True)


def rule_expert(n_roles: int) -> Expert:
    """Return the expert that gives the role which the title rule names one point.

    How much that is worth beside the other scores, the heads learn.
    """
    return Expert(np.eye(n_roles, dtype=np.float32), np.zeros(n_roles))


def field_scores(
    experts: Mapping[str, Expert], evidence: Evidence
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the scores by field: the sum of those of the experts that read it.

    Returns
    -------
    dict of str to float64 array, shape (n_postings, n_roles)
    """
    scores: dict[str, npt.NDArray[np.float64]] = {}
    for name, field in FIELD_BY_EXPERT.items():
        added = experts[name].scores(getattr(evidence, name))
        scores[field] = scores.get(field, 0.0) + added
    return scores
