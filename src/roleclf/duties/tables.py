"""The arrays that triggers of duties are compiled to, in groups fit for a file.

A trigger is a sequence of parts with a few words between them, such as
"(monitor|track) .. (data pipelines|jobs)"; a part is any of several phrases. The
phrases of all triggers are numbered together. Names of groups and fields are keys in
model files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching import InflectedForms, PhraseStates

__all__ = ["DutyTables", "LinkTable", "SinglePartTable", "TriggerTable"]


class TriggerTable(NamedTuple):
    """Every trigger, sorted by duty; arrays of shape (n_triggers,).

    `duty` is the index of its duty among the ids, `length` the number of its parts, and
    `is_firm` is false for a hint.
    """

    duty: npt.NDArray[np.int64]
    length: npt.NDArray[np.int64]
    is_firm: npt.NDArray[np.bool_]


class LinkTable(NamedTuple):
    """The pairs of phrases that lead from one part of a trigger to the next.

    Pair i is phrase `left[i]` before phrase `end[right[i]]`. Rows
    `bounds[i]:bounds[i + 1]` of `trigger` and `step` say which triggers it advances,
    and from which part on (0: from the first). `end` numbers the phrases that may come
    second. `shift`, of shape (n_phrases,), is for `PairIndex`.
    """

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    shift: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int32]
    trigger: npt.NDArray[np.int32]
    step: npt.NDArray[np.int8]


class SinglePartTable(NamedTuple):
    """The triggers of one part: each phrase that is one, and which; by phrase."""

    phrase: npt.NDArray[np.int32]
    trigger: npt.NDArray[np.int32]


class DutyTables(NamedTuple):
    """Compiled triggers.

    Attributes
    ----------
    ids : tuple of str
        Concept ids of the duties.
    forms : InflectedForms
        The words of all triggers.
    states : PhraseStates
        The phrases of all triggers.
    triggers : TriggerTable
    links : LinkTable
    lone : SinglePartTable
    """

    ids: tuple[str, ...]
    forms: InflectedForms
    states: PhraseStates
    triggers: TriggerTable
    links: LinkTable
    lone: SinglePartTable

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all arrays by "group.field"."""
        return {
            f"{group}.{name}": array
            for group in _GROUPS
            for name, array in getattr(self, group)._asdict().items()
        }

    @classmethod
    def of(
        cls, ids: tuple[str, ...], arrays: Mapping[str, npt.NDArray[Any]]
    ) -> DutyTables:
        """Return the tables that gave `arrays`.

        Raises
        ------
        KeyError
            If an array is missing.
        """
        groups = {
            group: kind(*(arrays[f"{group}.{name}"] for name in kind._fields))
            for group, kind in _GROUPS.items()
        }
        return cls(ids, **groups)


_GROUPS: Final[Mapping[str, Any]] = {
    "forms": InflectedForms,
    "states": PhraseStates,
    "triggers": TriggerTable,
    "links": LinkTable,
    "lone": SinglePartTable,
}
