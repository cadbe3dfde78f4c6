"""Look up many pairs of small numbers at once: a sparse table compressed by row shifts.

Pairs of words are features, pairs of phrases are parts of duty triggers. A table with
a row for each left number and a column for each right number is nearly all empty. Its
rows are shifted until no two of their filled cells collide, and then stored as one
array (Tarjan & Yao 1979, doi:10.1145/359168.359175). A pair is found by one addition
and one read.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.text.arrays import Ints
from roleclf.text.hash_index import ABSENT

__all__ = ["PairIndex", "shift_rows"]

Numbers = npt.NDArray[np.int32]
# How many shifts are tested at once for a row.
_N_TESTED: Final = 4096


class PairIndex:
    """Map each of a fixed set of distinct pairs to a value.

    Parameters
    ----------
    shift : int32 array, shape (n_left,)
        As `shift_rows` returns it.
    left, right : int arrays, shape (n_pairs,)
    n_right : int
        Greater than every right number, those of pairs to be looked up included.
    value : int32 array, shape (n_pairs,), optional
        The value of each pair; its index by default.

    Examples
    --------
    >>> left, right = np.array([0, 0, 2]), np.array([5, 7, 5])
    >>> index = PairIndex(shift_rows(left, right, 3), left, right, 8)
    >>> index.find(np.array([2, 0, 1]), np.array([5, 7, 5])).tolist()
    [2, 1, -1]
    """

    def __init__(
        self,
        shift: Numbers,
        left: npt.NDArray[np.integer],
        right: npt.NDArray[np.integer],
        n_right: int,
        value: Numbers | None = None,
    ) -> None:
        cell = shift.take(left).astype(np.int64) + right
        end = int(cell.max(initial=-1)) + 1
        # Behind the last cell lies an empty row, for left numbers without pairs. It is
        # also the last shift, which a left number of `ABSENT` reads.
        shifts = np.append(np.where(shift == ABSENT, end, shift), end)
        self._shift = shifts.astype(np.int32)
        self._value = np.full(end + n_right + 1, ABSENT, np.int32)
        self._value[cell] = np.arange(len(left)) if value is None else value
        self._left = np.full(len(self._value), ABSENT, np.int32)
        self._left[cell] = left

    def find(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Numbers:
        """Return the value of each pair, or `ABSENT`.

        Parameters
        ----------
        left, right : int arrays of one shape
            `ABSENT` is allowed in both, and found in no pair.
        """
        cell = self._shift.take(left, mode="wrap")
        cell += right
        found = np.flatnonzero(self._left.take(cell, mode="wrap") == left)
        values = np.full(len(cell), ABSENT, np.int32)
        values[found] = self._value.take(cell[found])
        return values


def shift_rows(
    left: npt.NDArray[np.integer], right: npt.NDArray[np.integer], n_left: int
) -> Numbers:
    """Return by how much each row is shifted, `ABSENT` for an empty row.

    Rows are placed fullest first, each at the first shift where its cells are free.

    Parameters
    ----------
    left, right : int arrays, shape (n_pairs,)
        Row and column of each pair; the pairs are distinct.
    n_left : int
        Greater than every `left`.
    """
    order = np.lexsort((right, left))
    rows, first, count = np.unique(left[order], return_index=True, return_counts=True)
    columns_by_row = np.split(right[order].astype(np.int64), first[1:])
    shift = np.full(n_left, ABSENT, np.int32)
    taken = np.zeros(0, bool)
    free_from = 0
    for i in np.argsort(-count, kind="stable").tolist():
        columns = columns_by_row[i]
        shift[rows[i]], taken = _first_fit(taken, columns, free_from)
        taken[shift[rows[i]] + columns] = True
        while taken[free_from]:
            free_from += 1
    return shift


def _first_fit(
    taken: npt.NDArray[np.bool_], columns: Ints, free_from: int
) -> tuple[int, npt.NDArray[np.bool_]]:
    """Return the first shift that fits a row's columns, and `taken`, long enough."""
    at = max(free_from, int(columns[0]))
    while True:
        needed = at + _N_TESTED + int(columns[-1]) + 2
        if needed > len(taken):
            taken = np.append(taken, np.zeros(needed, bool))
        shifts = at + np.flatnonzero(~taken[at : at + _N_TESTED]) - columns[0]
        for column in columns[1:]:
            if not shifts.size:
                break
            shifts = shifts[~taken[shifts + column]]
        if shifts.size:
            return int(shifts[0]), taken
        at += _N_TESTED
