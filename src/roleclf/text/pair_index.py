"""Find many pairs of small numbers among many others at once: rows laid in one another.

Step 3 of the line, beside `lookup`: pairs of words are features, pairs of phrases are
steps of duties. Of a table with a row for each left number and a column for each right
one, nearly all cells are empty; its rows are shifted until none hides another's cells,
and then kept as one (Tarjan & Yao 1979, doi:10.1145/359168.359175). A pair is found by
adding two numbers and looking once.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.text.hash_index import ABSENT

__all__ = ["PairIndex", "shift_rows"]

Numbers = npt.NDArray[np.int32]
# Free cells that are tried at once for the first of a row.
_TRIED: Final = 4096


class PairIndex:
    """The value of each of a fixed set of distinct pairs.

    Parameters
    ----------
    shift : int32 array, shape (n_left,)
        As `shift_rows` returns it.
    left, right : int arrays, shape (n_pairs,)
    n_right : int
        Every right number, also of a pair to be found, is below.
    value : int32 array, shape (n_pairs,), optional
        What is found for each pair; its place by default.

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
        # Behind the last cell lies a row of none: that of rows without any, and of
        # left numbers that are not known. `ABSENT` reads the last place everywhere.
        own = np.append(np.where(shift == ABSENT, end, shift), end)
        self._shift = own.astype(np.int32)
        self._value = np.full(end + n_right + 1, ABSENT, np.int32)
        self._value[cell] = np.arange(len(left)) if value is None else value
        self._left = np.full(len(self._value), ABSENT, np.int32)
        self._left[cell] = left

    def find(self, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> Numbers:
        """Return the value of each pair, or `ABSENT`, as either of its numbers may be.

        Parameters
        ----------
        left, right : int arrays of one shape
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
    """Return by how much each row is shifted, `ABSENT` for one without a cell.

    The fullest row first, each to the first place where all its cells are free.

    Parameters
    ----------
    left, right : int arrays, shape (n_pairs,)
        Row and column of each pair; the pairs are distinct.
    n_left : int
        Every `left` is below.
    """
    order = np.lexsort((right, left))
    rows, first, count = np.unique(left[order], return_index=True, return_counts=True)
    columns = np.split(right[order].astype(np.int64), first[1:])
    shift = np.full(n_left, ABSENT, np.int32)
    taken = np.zeros(0, bool)
    free_from = 0
    for i in np.argsort(-count, kind="stable").tolist():
        own = columns[i]
        shift[rows[i]], taken = _fitted(taken, own, free_from)
        taken[shift[rows[i]] + own] = True
        while taken[free_from]:
            free_from += 1
    return shift


def _fitted(
    taken: npt.NDArray[np.bool_], columns: npt.NDArray[np.int64], free_from: int
) -> tuple[int, npt.NDArray[np.bool_]]:
    """Return the first shift that fits a row's columns, and `taken`, long enough."""
    at = max(free_from, int(columns[0]))
    while True:
        needed = at + _TRIED + int(columns[-1]) + 2
        if needed > len(taken):
            taken = np.append(taken, np.zeros(needed, bool))
        shifts = at + np.flatnonzero(~taken[at : at + _TRIED]) - columns[0]
        for column in columns[1:]:
            if not shifts.size:
                break
            shifts = shifts[~taken[shifts + column]]
        if shifts.size:
            return int(shifts[0]), taken
        at += _TRIED
