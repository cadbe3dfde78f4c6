"""What triggers are compiled to, laid out for the loop that reads it.

As in `walks`, what is read at once stands together, and all that points into another
array is checked here, once.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.duties.tables import DutyTables
from roleclf.matching import (
    FILLER,
    KEPT,
    PhraseTable,
    Walk,
    WordForms,
    check_bounds,
    check_lengths,
    check_places,
)
from roleclf.text import ABSENT, PairIndex

__all__ = ["Packed"]

_PAIR: Final = 2
_STEP_BITS: Final = 7
_FILLER: Final = -2

Numbers = npt.NDArray[np.int32]


class Packed(NamedTuple):
    """The tables of `DutyPatterns`; each array has at least one row.

    Attributes
    ----------
    forms : int32 array, shape (1 + n_forms,)
        The number of the root of each form, behind one for what is no form: `ABSENT`.
        Fillers have a number of their own.
    hashes : uint64 array, shape (n_roots,)
    walk : Walk
        Through the parts.
    parts : int32 array, shape (n_parts, 4)
        Its number in the list, that among the parts which may be second, the shift of
        its row of steps, its first row in `lone`; `ABSENT` for none.
    left, value : int32 arrays
        Of `pairs.PairIndex`.
    bounds : int32 array
        As in `Links`.
    steps : int32 array
        The rows of `Links`, of each pair the first steps of triggers first: trigger,
        step, and whether that is its last.
    lone : int32 array
        The triggers of one part, and whether each is the last of its part.
    said : int32 array, shape (n_triggers,)
        The duty, and whether it is stated firmly.
    """

    forms: Numbers
    hashes: npt.NDArray[np.uint64]
    walk: Walk
    parts: Numbers
    left: Numbers
    value: Numbers
    bounds: Numbers
    steps: Numbers
    lone: Numbers
    said: Numbers

    @classmethod
    def of(
        cls, tables: DutyTables, forms: WordForms, table: PhraseTable, steps: PairIndex
    ) -> Packed:
        """Return the tables that these have, laid out.

        Raises
        ------
        IndexError
            If one points to where another has nothing, as in a broken model.
        """
        links, triggers = tables.links, tables.triggers
        _check_tables(tables, len(steps._left))
        return cls(
            forms=_forms(forms),
            hashes=np.append(forms.roots.hashes, np.uint64(0)),
            walk=table.walk,
            parts=_parts(tables),
            left=steps._left,
            value=steps._value,
            bounds=links.bounds,
            steps=_steps(tables),
            lone=_lone(tables),
            said=_with_one_more(triggers.duty.astype(np.int32) << 1 | triggers.is_firm),
        )


def _check_tables(tables: DutyTables, n_cells: int) -> None:
    links, triggers, states = tables.links, tables.triggers, tables.states
    n_triggers, n_phrases = len(triggers.duty), len(states.place)
    check_lengths(n_triggers, triggers.duty, triggers.length, triggers.is_firm)
    check_lengths(len(tables.lone.phrase), *tables.lone)
    check_lengths(len(links.trigger), links.trigger, links.step)
    check_lengths(len(tables.forms.form), *tables.forms)
    check_places(triggers.duty, 0, len(tables.ids))
    check_places(triggers.is_firm, 0, 2)
    check_places(tables.lone.trigger, 0, n_triggers)
    check_places(states.place, 0, n_phrases)
    check_places(links.trigger, 0, n_triggers)
    check_places(links.step, 0, 1 << _STEP_BITS)
    check_places(links.shift, ABSENT, n_cells - len(links.end))
    check_bounds(links.bounds, len(links.left), len(links.trigger))


def _forms(forms: WordForms) -> Numbers:
    use = forms._use[:-1]
    number = np.where(
        use == KEPT, forms._root, np.where(use == FILLER, _FILLER, ABSENT)
    )
    return np.concatenate(([ABSENT], number, [ABSENT])).astype(np.int32)


def _parts(tables: DutyTables) -> Numbers:
    links, place, lone = tables.links, tables.states.place, tables.lone.phrase
    number, first_lone = np.full((2, len(place)), ABSENT, np.int32)
    number[links.end] = np.arange(len(links.end))
    # Of several triggers the first is written last.
    first_lone[lone[::-1]] = np.arange(len(lone))[::-1]
    rows = np.full((len(place) + 1, 4), ABSENT, np.int32)
    rows[:-1, 0] = place
    for column, own in enumerate((number, links.shift, first_lone), start=1):
        rows[:-1, column] = own[place]
    return rows


def _steps(tables: DutyTables) -> Numbers:
    links, length = tables.links, tables.triggers.length
    is_last = length[links.trigger] == links.step + _PAIR
    steps = (links.trigger.astype(np.int32) << _STEP_BITS | links.step) << 1 | is_last
    pair = np.repeat(np.arange(len(links.left)), np.diff(links.bounds))
    order = np.argsort(2 * pair + (links.step > 0), kind="stable")
    return _with_one_more(steps[order])


def _lone(tables: DutyTables) -> Numbers:
    is_last = np.diff(tables.lone.phrase, append=ABSENT) != 0
    return _with_one_more(tables.lone.trigger.astype(np.int32) << 1 | is_last)


def _with_one_more(rows: npt.NDArray[Any]) -> Numbers:
    """Return rows that are never none."""
    return np.append(rows, 0).astype(np.int32)
