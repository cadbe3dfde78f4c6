"""Group near-duplicates of a stream of postings: the same text, or almost.

A stage beside the line: tokens -> DUPLICATES. A text becomes a short signature of
its shingles, the runs of a few words in it; two signatures agree in about as many
places as the texts have shingles in common (MinHash, Broder 1997; from one
permutation as in Li et al. 2012, empty places filled as in Shrivastava 2017). A text
is compared with the first of each group only, so that no group drifts away.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.text.hash_index import distinct, expand_ranges
from roleclf.text.tokens import Hashes, Ints, Tokens, chain

__all__ = [
    "FEWEST_WORDS",
    "LEAST_SHARED",
    "SHINGLE_WORDS",
    "Groups",
    "Signatures",
    "sign_texts",
]

# One row a text, shape (n_texts, 128); zeros where a text is too thin for one.
Signatures = npt.NDArray[np.uint8]
_Keys = npt.NDArray[np.uint32]

# Two texts are near-duplicates if they share so many of all their shingles. Below it
# postings of one employer are often other jobs; see benchmarks/duplicates.py.
LEAST_SHARED: Final = 0.8
SHINGLE_WORDS: Final = 3
# A text of fewer words does not tell two postings apart: "Apply on our site".
FEWEST_WORDS: Final = 20
_N_PLACES: Final = 128
_PLACE_BITS: Final = np.uint64(7)
_LEAST_AGREED: Final = round(LEAST_SHARED * _N_PLACES)
# A text is filed under so many keys, four places each. Two texts that share 0.8 have
# one in common but for 1 pair in 2,700; of those that share 0.3, 1 pair in 9 has.
_N_KEYS: Final = 15
# Under one key only so many groups are filed: boilerplate must not make it slow.
_MOST_OF_KEY: Final = 64
_RANDOM: Final = np.random.default_rng(0)
_SALTS: Final = _RANDOM.integers(2**32, size=_N_KEYS, dtype=np.uint32)
# The places that lend their value to an empty one, in the order they are asked.
_LENDERS: Final = np.array([_RANDOM.permutation(_N_PLACES) for _ in range(_N_PLACES)])
_EMPTY: Final = np.uint64(2**64 - 1)


def sign_texts(tokens: Tokens) -> Signatures:
    """Return the signature of each text of a batch."""
    rich = np.diff(tokens.bounds) >= FEWEST_WORDS
    shingles, text = _shingles(tokens)
    place = (shingles % np.uint64(_N_PLACES)).astype(np.int64)
    lowest = np.full((len(tokens.texts), _N_PLACES), _EMPTY)
    values = shingles >> _PLACE_BITS
    np.minimum.at(lowest.reshape(-1), text * _N_PLACES + place, values)
    # A byte each is enough: two others look the same in one of 255 places.
    signatures = np.zeros(lowest.shape, np.uint8)
    signatures[rich] = _filled(lowest[rich]) % np.uint64(255) + np.uint64(1)
    return signatures


class Groups:
    """The groups of all rows so far; takes some 300 bytes for each group.

    The id of a group is the number of its first row, counted from 1. The same rows
    get the same ids, however they are cut into batches.
    """

    def __init__(self) -> None:
        self._n_rows = 0
        self._n_groups = 0
        self._ids = np.zeros(1, np.int64)
        self._signatures = np.zeros((1, _N_PLACES), np.uint8)
        self._files = _Files()

    def assign(self, signatures: Signatures) -> list[int]:
        """Return the group of each of the next rows; what fits in none opens one.

        Parameters
        ----------
        signatures : uint8 array, shape (n_rows, 128)
            As from `sign_texts`; a row of zeros is a group of its own.
        """
        keys = _keys(signatures)
        n_filed, row, group = self._files.find(keys)
        best, agreed = self._best(signatures, row, group)
        ids: list[int] = (self._n_rows + 1 + np.arange(len(signatures))).tolist()
        opened = _Opened(keys, n_filed)
        for i in np.flatnonzero(signatures.any(axis=1)).tolist():
            rival, n_agreed = opened.nearest(i, signatures)
            if max(n_agreed, agreed[i]) < _LEAST_AGREED:
                opened.add(i)
            else:
                ids[i] = ids[rival] if n_agreed > agreed[i] else int(best[i])
        self._n_rows += len(signatures)
        self._keep(signatures, ids, opened)
        return ids

    def _best(
        self, signatures: Signatures, row: Ints, group: Ints
    ) -> tuple[Ints, Ints]:
        """Return for each row the known group that agrees most, and in how much."""
        n_agreed = (signatures[row] == self._signatures[group]).sum(axis=1)
        # The earliest of those that agree most is written last.
        order = np.lexsort((-group, n_agreed))
        best, agreed = np.zeros((2, len(signatures)), np.int64)
        best[row[order]] = self._ids[group[order]]
        agreed[row[order]] = n_agreed[order]
        return best, agreed

    def _keep(self, signatures: Signatures, ids: list[int], opened: _Opened) -> None:
        first = self._n_groups
        self._n_groups += len(opened.rows)
        self._ids = _with_room(self._ids, self._n_groups)
        self._signatures = _with_room(self._signatures, self._n_groups)
        self._ids[first : self._n_groups] = np.array(ids, np.int64)[opened.rows]
        self._signatures[first : self._n_groups] = signatures[opened.rows]
        self._files.add(*opened.filed(first))


class _Opened:
    """The groups that one batch opens: places of their rows, and under which keys."""

    def __init__(self, keys: _Keys, n_filed: Ints) -> None:
        self.rows: list[int] = []
        self._keys = keys.tolist()
        self._n_filed = n_filed.tolist()
        self._rows_by_key: dict[int, list[int]] = {}

    def nearest(self, row: int, signatures: Signatures) -> tuple[int, int]:
        """Return the opened row that agrees most with `row`, and in how many places."""
        filed = self._rows_by_key
        rivals = sorted({r for key in self._keys[row] for r in filed.get(key, ())})
        if not rivals:
            return 0, 0
        n_agreed = (signatures[rivals] == signatures[row]).sum(axis=1)
        nearest = int(n_agreed.argmax())
        return rivals[nearest], int(n_agreed[nearest])

    def add(self, row: int) -> None:
        """Open a group with `row`."""
        self.rows.append(row)
        for key, n_filed in zip(self._keys[row], self._n_filed[row], strict=True):
            rows = self._rows_by_key.setdefault(key, [])
            if n_filed + len(rows) < _MOST_OF_KEY:
                rows.append(row)

    def filed(self, first: int) -> tuple[_Keys, Ints]:
        """Return keys and groups, one each; the groups are `first` and on."""
        group_by_row = {row: first + i for i, row in enumerate(self.rows)}
        filed = [
            (key, group_by_row[row])
            for key, rows in self._rows_by_key.items()
            for row in rows
        ]
        keys, groups = np.array(filed, np.int64).reshape(-1, 2).T
        return keys.astype(np.uint32), groups


class _Files:
    """Which groups are filed under which key: sorted arrays, merged as they grow."""

    def __init__(self) -> None:
        # Python's dicts, and with them datasketch's LSH, take ten times the memory.
        self._runs = [(np.zeros(0, np.uint32), np.zeros(0, np.uint32))]

    def find(self, keys: _Keys) -> tuple[Ints, Ints, Ints]:
        """Return how many groups are filed under each key, and pairs of row and group.

        The pairs, as two arrays, are all that have a key in common, each once.
        """
        flat = keys.reshape(-1)
        n_filed, pairs = np.zeros(len(flat), np.int64), []
        for run_keys, run_groups in self._runs:
            start = np.searchsorted(run_keys, flat, "left")
            end = np.searchsorted(run_keys, flat, "right")
            n_filed += end - start
            at, place = expand_ranges(start, end)
            pairs.append(place // _N_KEYS << 32 | run_groups[at])
        found = distinct(np.concatenate(pairs))
        return n_filed.reshape(keys.shape), found >> 32, found & 0xFFFFFFFF

    def add(self, keys: _Keys, groups: Ints) -> None:
        """File groups under keys."""
        self._runs.append(_sorted(keys, groups.astype(np.uint32)))
        # Each run is at least twice as long as the next, so that they stay few.
        while (runs := self._runs)[1:] and len(runs[-2][0]) < 2 * len(runs[-1][0]):
            pair = zip(runs.pop(-2), runs.pop(), strict=True)
            runs.append(_sorted(*map(np.concatenate, pair)))


def _sorted(
    keys: _Keys, groups: npt.NDArray[np.uint32]
) -> tuple[_Keys, npt.NDArray[np.uint32]]:
    order = np.argsort(keys, kind="stable")
    return keys[order], groups[order]


def _with_room(array: npt.NDArray[Any], n: int) -> npt.NDArray[Any]:
    """Return `array` with room for `n` rows."""
    if n <= len(array):
        return array
    wider = np.zeros((max(n, 2 * len(array)), *array.shape[1:]), array.dtype)
    wider[: len(array)] = array
    return wider


def _keys(signatures: Signatures) -> _Keys:
    """Return the keys of each text, shape (n_texts, 15)."""
    # Four bytes side by side are one number; the salts tell the keys of a text apart.
    fours = np.ascontiguousarray(signatures[:, : 4 * _N_KEYS]).view(np.uint32)
    return fours ^ _SALTS


def _shingles(tokens: Tokens) -> tuple[Hashes, Ints]:
    """Return the hash of each shingle, and the text it belongs to."""
    n_shingles = max(len(tokens.hash) - SHINGLE_WORDS + 1, 0)
    hashes = tokens.hash[:n_shingles]
    for i in range(1, SHINGLE_WORDS):
        hashes = chain(hashes, tokens.hash[i : i + n_shingles])
    text = tokens.text_of_word
    first, last = text[:n_shingles], text[SHINGLE_WORDS - 1 :]
    within = first == last[:n_shingles]
    return hashes[within], first[within]


def _filled(lowest: Hashes) -> Hashes:
    """Return the signatures with a value in each place, taken over where none was."""
    filled = lowest.copy()
    row, place = np.nonzero(lowest == _EMPTY)
    for lender in _LENDERS.T:
        filled[row, place] = lowest[row, lender[place]]
        empty = filled[row, place] == _EMPTY
        row, place = row[empty], place[empty]
    return filled
