"""Lay out the tables of duties for the compiled loop that reads them.

Values that the loop reads together stand together in memory. The loop trusts them, so
everything that points into another array is checked here.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.duties.tables import DutyTables
from roleclf.matching import (
    PhraseAutomaton,
    PhraseTable,
    TokenStemmer,
    check_bounds,
    check_lengths,
    check_range,
)
from roleclf.text import ABSENT, PairIndex

__all__ = ["DutyLoopTables"]

_PAIR: Final = 2
_STEP_BITS: Final = 7

Numbers = npt.NDArray[np.int32]


class DutyLoopTables(NamedTuple):
    """The tables of `DutyPatterns`, as the compiled loop reads them.

    Each array has at least one row. A bit "last" ends a run of rows.

    Attributes
    ----------
    roots : int32 array, shape (2 + n_forms,)
        `TokenStemmer.root_of_form`, with `ABSENT` before the first as well.
    hashes : uint64 array, shape (1 + n_roots,)
        Of the roots.
    automaton : PhraseAutomaton
        Finds the phrases of parts.
    parts : int32 array, shape (1 + n_phrases, 4)
        Of each phrase: its number, its number in `LinkTable.end`, its shift in
        `LinkTable.shift`, and its first row in `lone`; `ABSENT` for none.
    left, value : int32 arrays
        Cells of the `PairIndex` of links.
    bounds : int32 array
        `LinkTable.bounds`.
    steps : int32 array
        Rows of `LinkTable`, those with step 0 first in each pair: trigger, step
        (`_STEP_BITS` bits), and whether the step completes the trigger (1 bit).
    lone : int32 array
        Rows of `SinglePartTable`: trigger, and whether it is the phrase's last (1 bit).
    duty_bits : int32 array, shape (1 + n_triggers,)
        Of each trigger: its duty, and whether it is firm (1 bit).
    """

    roots: Numbers
    hashes: npt.NDArray[np.uint64]
    automaton: PhraseAutomaton
    parts: Numbers
    left: Numbers
    value: Numbers
    bounds: Numbers
    steps: Numbers
    lone: Numbers
    duty_bits: Numbers

    @classmethod
    def of(
        cls,
        tables: DutyTables,
        stemmer: TokenStemmer,
        phrases: PhraseTable,
        links: PairIndex,
    ) -> DutyLoopTables:
        """Lay out these tables.

        Raises
        ------
        IndexError
            If an array points beyond another, as in a broken model.
        """
        triggers = tables.triggers
        _check_tables(tables, len(links._left))
        return cls(
            roots=np.append(np.int32(ABSENT), stemmer.root_of_form),
            hashes=np.append(stemmer.roots.hashes, np.uint64(0)),
            automaton=phrases.automaton,
            parts=_parts(tables),
            left=links._left,
            value=links._value,
            bounds=tables.links.bounds,
            steps=_steps(tables),
            lone=_lone(tables),
            duty_bits=_never_empty(
                triggers.duty.astype(np.int32) << 1 | triggers.is_firm
            ),
        )


def _check_tables(tables: DutyTables, n_cells: int) -> None:
    """Refuse tables that do not fit each other, or a `PairIndex` of `n_cells`."""
    links, triggers, states = tables.links, tables.triggers, tables.states
    n_triggers, n_phrases = len(triggers.duty), len(states.place)
    check_lengths(n_triggers, *triggers)
    check_lengths(len(tables.lone.phrase), *tables.lone)
    check_lengths(len(links.trigger), links.trigger, links.step)
    check_range(triggers.duty, 0, len(tables.ids))
    check_range(triggers.is_firm, 0, 2)
    check_range(tables.lone.trigger, 0, n_triggers)
    check_range(states.place, 0, n_phrases)
    check_range(links.trigger, 0, n_triggers)
    check_range(links.step, 0, 1 << _STEP_BITS)
    check_range(links.shift, ABSENT, n_cells - len(links.end))
    check_bounds(links.bounds, len(links.left), len(links.trigger))


def _parts(tables: DutyTables) -> Numbers:
    links, place, lone = tables.links, tables.states.place, tables.lone.phrase
    end_number, first_lone = np.full((2, len(place)), ABSENT, np.int32)
    end_number[links.end] = np.arange(len(links.end))
    # Backwards, so that a phrase's first row is what remains.
    first_lone[lone[::-1]] = np.arange(len(lone))[::-1]
    rows = np.full((len(place) + 1, 4), ABSENT, np.int32)
    rows[:-1, 0] = place
    for column, values in enumerate((end_number, links.shift, first_lone), start=1):
        rows[:-1, column] = values[place]
    return rows


def _steps(tables: DutyTables) -> Numbers:
    links, length = tables.links, tables.triggers.length
    completes = length[links.trigger] == links.step + _PAIR
    steps = (links.trigger.astype(np.int32) << _STEP_BITS | links.step) << 1 | completes
    pair = np.repeat(np.arange(len(links.left)), np.diff(links.bounds))
    order = np.argsort(2 * pair + (links.step > 0), kind="stable")
    return _never_empty(steps[order])


def _lone(tables: DutyTables) -> Numbers:
    is_last = np.diff(tables.lone.phrase, append=ABSENT) != 0
    return _never_empty(tables.lone.trigger.astype(np.int32) << 1 | is_last)


def _never_empty(rows: npt.NDArray[Any]) -> Numbers:
    """Return `rows` with one more, so that a loop may take the first one's address."""
    return np.append(rows, 0).astype(np.int32)
