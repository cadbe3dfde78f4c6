"""Look up many 64-bit hashes at once: a fixed hash table in numpy.

Words and phrases are found with it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.text.arrays import Hashes

__all__ = ["ABSENT", "HashIndex"]

ABSENT: Final = -1
_SLOTS_PER_KEY: Final = 4
_OCCUPIED: Final = 0x80


class HashIndex:
    """Map each of a fixed set of distinct hashes to its index; costly to build.

    Open addressing with linear probing (Knuth, TAOCP vol. 3, 6.4). The table has four
    slots per key, so nearly every look-up ends at its first probe.

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

    def __init__(self, keys: Hashes) -> None:
        bits = max(4, int(_SLOTS_PER_KEY * len(keys)).bit_length())
        self._keys = keys
        self._shift = np.uint64(64 - bits)
        # Sorted by slot, each key takes its own slot or, where that is taken, the one
        # behind the key before: the same as inserting them one by one.
        slots = (keys >> self._shift).astype(np.int64)
        order = np.argsort(slots, kind="stable")
        rank = np.arange(len(keys))
        places = rank + np.maximum.accumulate(slots[order] - rank)
        self._n_probes = int((places - slots[order]).max(initial=0)) + 1
        self._table = np.full((1 << bits) + self._n_probes, ABSENT, np.int32)
        self._table[places] = order
        # The low byte of each key in its slot, 0 in an empty slot. The loop rules out
        # most absent hashes by it alone, in a table small enough for the cache.
        self._hint = np.zeros(len(self._table), np.uint8)
        self._hint[places] = keys[order] | np.uint64(_OCCUPIED)

    @compiled
    def find(self, hashes: Hashes) -> npt.NDArray[np.int32]:
        """Return the index of each hash among the keys, or `ABSENT`."""
        if len(self._keys) == 0:
            return np.full(len(hashes), ABSENT, np.int32)
        slots = (hashes >> self._shift).astype(np.int64)
        places = self._table.take(slots)
        # An empty slot is -1 and so compares with the last key; the check for `ABSENT`
        # keeps it from counting as a collision.
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
