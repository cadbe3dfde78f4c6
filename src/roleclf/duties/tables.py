"""What triggers are compiled to: arrays, in groups, fit for a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching import Forms, States

__all__ = ["DutyTables", "Links", "Lone", "Triggers"]


class Triggers(NamedTuple):
    """Every trigger, in the order of its duty; arrays of shape (n_triggers,).

    `duty` is the place of its duty among the ids, `length` counts its parts, and
    `is_firm` is false for a hint.
    """

    duty: npt.NDArray[np.int64]
    length: npt.NDArray[np.int64]
    is_firm: npt.NDArray[np.bool_]


class Links(NamedTuple):
    """Which steps of triggers each pair of phrases behind each other is.

    Rows `bounds[i]:bounds[i + 1]` of `trigger` and `step` belong to the phrases
    `left[i]` and `end[right[i]]`; `shift`, of shape (n_phrases,), is for `pairs`.
    """

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    shift: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int32]
    trigger: npt.NDArray[np.int32]
    step: npt.NDArray[np.int8]


class Lone(NamedTuple):
    """Phrases that are a whole trigger each, in the order of the phrases."""

    phrase: npt.NDArray[np.int32]
    trigger: npt.NDArray[np.int32]


class DutyTables(NamedTuple):
    """Compiled triggers.

    Attributes
    ----------
    ids : tuple of str
        Concept ids of the duties.
    forms : Forms
        The words of all triggers.
    states : States
        The parts of all triggers.
    triggers : Triggers
    links : Links
        The steps from one part of a trigger to the next.
    lone : Lone
        The triggers of one part.
    """

    ids: tuple[str, ...]
    forms: Forms
    states: States
    triggers: Triggers
    links: Links
    lone: Lone

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all arrays, named after their place here."""
        return {
            f"{group}.{name}": array
            for group in _GROUPS
            for name, array in getattr(self, group)._asdict().items()
        }

    @classmethod
    def of(
        cls, ids: tuple[str, ...], arrays: Mapping[str, npt.NDArray[Any]]
    ) -> DutyTables:
        """Return the tables that `arrays` returned so.

        Raises
        ------
        KeyError
            If one is missing.
        """
        groups = {
            group: kind(*(arrays[f"{group}.{name}"] for name in kind._fields))
            for group, kind in _GROUPS.items()
        }
        return cls(ids, **groups)


_GROUPS: Final[Mapping[str, Any]] = {
    "forms": Forms,
    "states": States,
    "triggers": Triggers,
    "links": Links,
    "lone": Lone,
}
