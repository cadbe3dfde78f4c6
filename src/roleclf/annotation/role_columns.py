"""Decide the roles of a batch by its probabilities: best, second, by title, by text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.annotation.batch_result import BatchResult
from roleclf.model import RoleModel

__all__ = ["ROLE_COLUMNS", "RoleColumns"]

_OTHER: Final = "other"
# Probabilities: from which on the text says its best role; below which the role that
# the title names may be a mismatch; from which on a role is the second one. Chosen out
# of fold, see models/roleclf-en/EXPERIMENTS.md.
_MIN_DUTIES_ROLE: Final = 0.4
_MAX_MISMATCH: Final = 0.45
_MIN_SECOND_ROLE: Final = 0.2


class RoleColumns:
    """The roles of each posting of a batch, and how sure they are, by column.

    Attributes
    ----------
    role_places : list of int or None, length n_postings
        The place of each posting's role in `model.roles`; None where neither title nor
        text has a feature that the model knows.
    """

    def __init__(self, model: RoleModel, result: BatchResult) -> None:
        self._model = model
        self._result = result
        proba = result.prediction.proba
        self._best = np.nan_to_num(proba).argmax(axis=1)
        self._confidence = np.nan_to_num(proba.max(axis=1, initial=0.0))
        self.role_places: list[int | None] = [
            None if unknown else role
            for role, unknown in zip(
                self._best.tolist(), np.isnan(proba[:, 0]).tolist(), strict=True
            )
        ]

    def roles(self) -> list[str | None]:
        """Return the likeliest role."""
        roles = self._model.roles
        return [None if place is None else roles[place] for place in self.role_places]

    def confidences(self) -> list[float]:
        """Return the probability of the likeliest role, 0 where there is none."""
        return list(self._confidence.tolist())

    def sure(self) -> list[bool]:
        """Whether the confidence reaches the model's threshold and nothing is wrong."""
        reached = (self._confidence >= self._model.threshold).tolist()
        pairs = zip(reached, self.problems(), strict=True)
        return [is_reached and problem is None for is_reached, problem in pairs]

    def problems(self) -> list[str | None]:
        """Return the problem; a posting without any known feature is unreadable."""
        return [
            problem or ("unreadable" if place is None else None)
            for problem, place in zip(
                self._result.problems, self.role_places, strict=True
            )
        ]

    def second_roles(self) -> list[str | None]:
        """Return the next role, where the posting is a blend of two."""
        return [second and second[0] for second in self._seconds]

    def second_confidences(self) -> list[float | None]:
        """Return the probability of the second role."""
        return [second and second[1] for second in self._seconds]

    def title_roles(self) -> list[str | None]:
        """Return the role that the title names."""
        return self._title_roles

    def duties_roles(self) -> list[str | None]:
        """Return the role that the text alone says."""
        roles = self._model.roles
        proba = np.nan_to_num(self._result.prediction.text_proba)
        return [
            roles[best] if p >= _MIN_DUTIES_ROLE else None
            for best, p in _best_columns(proba)
        ]

    def encoder_roles(self) -> list[str | None]:
        """Return the role that the encoder alone says, None where it did not read."""
        proba = self._result.prediction.encoder_proba
        if proba is None:
            return [None] * len(self.role_places)
        roles = self._model.roles
        return [
            None if is_unread else roles[best]
            for (best, _), is_unread in zip(
                _best_columns(np.nan_to_num(proba)),
                np.isnan(proba[:, 0]).tolist(),
                strict=True,
            )
        ]

    def mismatches(self) -> list[bool]:
        """Whether title and text clearly say different roles."""
        roles, proba = self._model.roles, self._result.prediction.proba
        pairs = zip(self._title_roles, self.duties_roles(), strict=True)
        return [
            title is not None
            and duties not in (None, title)
            and bool(proba[place, roles.index(title)] < _MAX_MISMATCH)
            for place, (title, duties) in enumerate(pairs)
        ]

    @cached_property
    def _seconds(self) -> list[tuple[str, float] | None]:
        roles = self._model.roles
        proba = np.nan_to_num(self._result.prediction.proba)
        proba[np.arange(len(proba)), self._best] = 0.0
        proba[:, [role == _OTHER for role in roles]] = 0.0
        return [
            (roles[best], p) if p >= _MIN_SECOND_ROLE else None
            for best, p in _best_columns(proba)
        ]

    @cached_property
    def _title_roles(self) -> list[str | None]:
        rule = self._result.model_input.evidence.rule
        roles: list[str | None] = [None] * len(rule.is_filled)
        named = np.flatnonzero(rule.is_filled).tolist()
        for place, role in zip(named, rule.feature.tolist(), strict=True):
            roles[place] = self._model.roles[role]
        return roles


def _best_columns(proba: npt.NDArray[np.float64]) -> Iterator[tuple[int, float]]:
    """Yield the column of each row's largest value, and that value."""
    best = proba.argmax(axis=1)
    largest = proba[np.arange(len(proba)), best]
    return zip(best.tolist(), largest.tolist(), strict=True)


ROLE_COLUMNS: Final[Mapping[str, Callable[[RoleColumns], list[Any]]]] = {
    "role": RoleColumns.roles,
    "confidence": RoleColumns.confidences,
    "sure": RoleColumns.sure,
    "second_role": RoleColumns.second_roles,
    "second_confidence": RoleColumns.second_confidences,
    "title_role": RoleColumns.title_roles,
    "duties_role": RoleColumns.duties_roles,
    "problem": RoleColumns.problems,
    "mismatch": RoleColumns.mismatches,
    "encoder_role": RoleColumns.encoder_roles,
}
