"""Array types that the rooms share, and two array operations that numpy lacks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled

__all__ = ["Bytes", "CodePoints", "Hashes", "Ints", "distinct", "expand_ranges"]

Bytes = npt.NDArray[np.uint8]
CodePoints = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the distinct values, ascending.

    Like `np.unique`, which would import `numpy.ma` and so delay the first answer.
    """
    values = np.sort(values)
    is_new = np.ones(len(values), bool)
    is_new[1:] = values[1:] != values[:-1]
    return values[is_new]


@compiled
def expand_ranges(
    begin: npt.NDArray[np.integer], end: npt.NDArray[np.integer]
) -> tuple[Ints, Ints]:
    """Return every number of the ranges `begin[i]:end[i]`, and the i of each.

    Examples
    --------
    >>> numbers, i = expand_ranges(np.array([3, 7]), np.array([5, 8]))
    >>> numbers.tolist(), i.tolist()
    ([3, 4, 7], [0, 0, 1])
    """
    counts = end - begin
    if (counts == 1).all():
        return begin.astype(np.int64), np.arange(len(counts))
    row = np.repeat(np.arange(len(counts)), counts)
    # A number is its index in the result plus one offset per range.
    numbers = np.repeat(begin - (np.cumsum(counts) - counts), counts)
    numbers += np.arange(len(row))
    return numbers, row
