"""Group near-duplicates in a stream of postings by their MinHash signatures.

A text is compared with the first text of each group only, so that no group drifts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.text.arrays import Ints, distinct, expand_ranges
from roleclf.text.minhash import (
    N_BANDS,
    N_PLACES,
    BandKeys,
    Signatures,
    band_keys,
)

__all__ = ["MIN_SIMILARITY", "DuplicateGroups"]

# Two texts are near-duplicates if they share this much of their shingles. Below it,
# postings of one employer are often different jobs; see benchmarks/duplicates.py.
MIN_SIMILARITY: Final = 0.8
_MIN_AGREEING: Final = round(MIN_SIMILARITY * N_PLACES)
# Groups filed under one key: boilerplate that many texts share must not make it slow.
_MAX_GROUPS_PER_KEY: Final = 64


class DuplicateGroups:
    """The groups of all rows so far; takes some 300 bytes per group.

    The id of a group is the number of its first row, counted from 1. The same rows
    get the same ids, however they are cut into batches.
    """

    def __init__(self) -> None:
        self._n_rows = 0
        self._n_groups = 0
        self._ids = np.zeros(1, np.int64)
        self._signatures = np.zeros((1, N_PLACES), np.uint8)
        self._index = _GroupIndex()

    def assign(self, signatures: Signatures) -> list[int]:
        """Return the group of each of the next rows; a row that fits none opens one.

        Parameters
        ----------
        signatures : uint8 array, shape (n_rows, 128)
            As from `sign_texts`; a row of zeros is a group of its own.
        """
        keys = band_keys(signatures)
        n_filed, row, group = self._index.find(keys)
        best, n_best = self._best(signatures, row, group)
        ids: list[int] = (self._n_rows + 1 + np.arange(len(signatures))).tolist()
        opened = _OpenedGroups(keys, n_filed)
        for i in np.flatnonzero(signatures.any(axis=1)).tolist():
            rival, n_agreeing = opened.nearest(i, signatures)
            if max(n_agreeing, n_best[i]) < _MIN_AGREEING:
                opened.add(i)
            else:
                ids[i] = ids[rival] if n_agreeing > n_best[i] else int(best[i])
        self._n_rows += len(signatures)
        self._keep(signatures, ids, opened)
        return ids

    def _best(
        self, signatures: Signatures, row: Ints, group: Ints
    ) -> tuple[Ints, Ints]:
        """Return for each row the most similar group, and in how many places it agrees.

        Groups of this batch are not considered.
        """
        n_agreeing = (signatures[row] == self._signatures[group]).sum(axis=1)
        # The best is written last, and of equals the earliest.
        order = np.lexsort((-group, n_agreeing))
        best, n_best = np.zeros((2, len(signatures)), np.int64)
        best[row[order]] = self._ids[group[order]]
        n_best[row[order]] = n_agreeing[order]
        return best, n_best

    def _keep(
        self, signatures: Signatures, ids: list[int], opened: _OpenedGroups
    ) -> None:
        first = self._n_groups
        self._n_groups += len(opened.rows)
        self._ids = _with_room(self._ids, self._n_groups)
        self._signatures = _with_room(self._signatures, self._n_groups)
        self._ids[first : self._n_groups] = np.array(ids, np.int64)[opened.rows]
        self._signatures[first : self._n_groups] = signatures[opened.rows]
        self._index.add(*opened.filed(first))


class _OpenedGroups:
    """The groups that one batch opens: the rows that open them, and their keys.

    Parameters
    ----------
    keys : uint32 array, shape (n_rows, N_BANDS)
        Of the batch.
    n_filed : int64 array, shape (n_rows, N_BANDS)
        How many earlier groups each key has.
    """

    def __init__(self, keys: BandKeys, n_filed: Ints) -> None:
        self.rows: list[int] = []
        self._keys = keys.tolist()
        self._n_filed = n_filed.tolist()
        self._rows_by_key: dict[int, list[int]] = {}

    def nearest(self, row: int, signatures: Signatures) -> tuple[int, int]:
        """Return the opening row most similar to `row`, and in how many places."""
        by_key = self._rows_by_key
        rivals = sorted({r for key in self._keys[row] for r in by_key.get(key, ())})
        if not rivals:
            return 0, 0
        n_agreeing = (signatures[rivals] == signatures[row]).sum(axis=1)
        nearest = int(n_agreeing.argmax())
        return rivals[nearest], int(n_agreeing[nearest])

    def add(self, row: int) -> None:
        """Open a group with `row`."""
        self.rows.append(row)
        for key, n_filed in zip(self._keys[row], self._n_filed[row], strict=True):
            rows = self._rows_by_key.setdefault(key, [])
            if n_filed + len(rows) < _MAX_GROUPS_PER_KEY:
                rows.append(row)

    def filed(self, first: int) -> tuple[BandKeys, Ints]:
        """Return pairs of key and group, as two arrays; groups count from `first`."""
        group_by_row = {row: first + i for i, row in enumerate(self.rows)}
        filed = [
            (key, group_by_row[row])
            for key, rows in self._rows_by_key.items()
            for row in rows
        ]
        keys, groups = np.array(filed, np.int64).reshape(-1, 2).T
        return keys.astype(np.uint32), groups


class _GroupIndex:
    """Groups by key, as sorted runs of arrays that are merged as they grow."""

    def __init__(self) -> None:
        # Dicts, and with them the LSH of datasketch, take ten times the memory.
        self._runs = [(np.zeros(0, np.uint32), np.zeros(0, np.uint32))]

    def find(self, keys: BandKeys) -> tuple[Ints, Ints, Ints]:
        """Return how many groups each key has, and pairs of row and group.

        The pairs, as two arrays, are all that share a key, each once.
        """
        flat = keys.reshape(-1)
        n_filed, pairs = np.zeros(len(flat), np.int64), []
        for run_keys, run_groups in self._runs:
            start = np.searchsorted(run_keys, flat, "left")
            end = np.searchsorted(run_keys, flat, "right")
            n_filed += end - start
            at, place = expand_ranges(start, end)
            pairs.append(place // N_BANDS << 32 | run_groups[at])
        found = distinct(np.concatenate(pairs))
        return n_filed.reshape(keys.shape), found >> 32, found & 0xFFFFFFFF

    def add(self, keys: BandKeys, groups: Ints) -> None:
        """File groups under keys."""
        self._runs.append(_sorted(keys, groups.astype(np.uint32)))
        # Each run is at least twice as long as the next, so that they stay few.
        while (runs := self._runs)[1:] and len(runs[-2][0]) < 2 * len(runs[-1][0]):
            pair = zip(runs.pop(-2), runs.pop(), strict=True)
            runs.append(_sorted(*map(np.concatenate, pair)))


def _sorted(
    keys: BandKeys, groups: npt.NDArray[np.uint32]
) -> tuple[BandKeys, npt.NDArray[np.uint32]]:
    order = np.argsort(keys, kind="stable")
    return keys[order], groups[order]


def _with_room(array: npt.NDArray[Any], n: int) -> npt.NDArray[Any]:
    """Return `array` with room for `n` rows."""
    if n <= len(array):
        return array
    wider = np.zeros((max(n, 2 * len(array)), *array.shape[1:]), array.dtype)
    wider[: len(array)] = array
    return wider
