"""Find many 64-bit hashes among many others at once: a frozen hash table in numpy.

Step 3 of the line, beside `tokens`: features and phrases both look words up here.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled

__all__ = ["ABSENT", "HashIndex", "distinct", "expand_ranges"]

ABSENT: Final = -1
_SLOTS_PER_KEY: Final = 4
_IS_TAKEN: Final = 0x80


class HashIndex:
    """The place of each of a fixed set of distinct hashes; costly to build, then fixed.

    Open addressing with linear probing (Knuth, TAOCP vol. 3, 6.4), the table four
    times the number of keys, so nearly every look-up ends at its first probe.

    Parameters
    ----------
    keys : uint64 array, shape (n_keys,)
        Distinct.

    Examples
    --------
    >>> index = HashIndex(np.array([7 << 40, 9 << 50], dtype=np.uint64))
    >>> index.find(np.array([9 << 50, 1], dtype=np.uint64)).tolist()
    [1, -1]
    """

    def __init__(self, keys: npt.NDArray[np.uint64]) -> None:
        bits = max(4, int(_SLOTS_PER_KEY * len(keys)).bit_length())
        self._keys = keys
        self._shift = np.uint64(64 - bits)
        # In the order of their slots each key stands in its own or, where that is
        # taken, behind the one before: what probing one by one would come to.
        slots = (keys >> self._shift).astype(np.int64)
        order = np.argsort(slots, kind="stable")
        rank = np.arange(len(keys))
        places = rank + np.maximum.accumulate(slots[order] - rank)
        self._n_probes = int((places - slots[order]).max(initial=0)) + 1
        self._table = np.full((1 << bits) + self._n_probes, ABSENT, np.int32)
        self._table[places] = order
        # A byte of each key in its slot, none in an empty one: most of what is not
        # among the keys is told by it, in a table that the processor keeps at hand.
        self._hint = np.zeros(len(self._table), np.uint8)
        self._hint[places] = keys[order] | np.uint64(_IS_TAKEN)

    @compiled
    def find(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
        """Return the place of each hash among the keys, or `ABSENT`."""
        if len(self._keys) == 0:
            return np.full(len(hashes), ABSENT, np.int32)
        slots = (hashes >> self._shift).astype(np.int64)
        places = self._table.take(slots)
        # An empty slot reads the last key here, which then differs or is replaced.
        wrong = np.flatnonzero((places != ABSENT) & (self._keys.take(places) != hashes))
        for probe in range(1, self._n_probes):
            if wrong.size == 0:
                return places
            found = self._table.take(slots[wrong] + probe)
            places[wrong] = found
            differs = (found != ABSENT) & (self._keys.take(found) != hashes[wrong])
            wrong = wrong[differs]
        places[wrong] = ABSENT
        return places


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the distinct values, rising.

    `np.unique` does, but loads `numpy.ma` for it, for which a first answer waits.
    """
    values = np.sort(values)
    new = np.ones(len(values), bool)
    new[1:] = values[1:] != values[:-1]
    return values[new]


@compiled
def expand_ranges(
    begin: npt.NDArray[np.integer], end: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return every number of the ranges `begin[i]:end[i]`, and its i."""
    counts = end - begin
    if (counts == 1).all():
        return begin.astype(np.int64), np.arange(len(counts))
    row = np.repeat(np.arange(len(counts)), counts)
    # Each number is its own place in the result, and as much more for its whole range.
    numbers = np.repeat(begin - (np.cumsum(counts) - counts), counts)
    numbers += np.arange(len(row))
    return numbers, row
