"""List the features with the largest weights for and against each role."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from roleclf.model import LEARNED_EXPERTS, RoleModel

__all__ = ["strongest_features"]

_MAX_FEATURES: Final = 15

Weights = list[tuple[str, float]]


def strongest_features(model: RoleModel) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the strongest features of each role, by expert, `for` it and `against`.

    A weight is what one unit of a feature adds to the role's log-odds against the
    average role, before the head combines the experts.
    """
    return {
        role: {expert: _strongest(model, expert, n) for expert in LEARNED_EXPERTS}
        for n, role in enumerate(model.roles)
    }


def _strongest(model: RoleModel, expert: str, role: int) -> dict[str, Weights]:
    weights = model.experts[expert].weights.astype(np.float64)
    of_role = weights[:, role] - weights.mean(axis=1)
    names = getattr(model.spaces, expert).names
    order = np.argsort(-of_role, kind="stable")
    sides = {
        "for": (1, order[:_MAX_FEATURES]),
        "against": (-1, order[::-1][:_MAX_FEATURES]),
    }
    return {
        side: [
            (names[i], round(float(of_role[i]), 3))
            for i in places.tolist()
            if of_role[i] * sign > 0
        ]
        for side, (sign, places) in sides.items()
    }
