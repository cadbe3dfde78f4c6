"""Hash words and sequences of words to 64 bits, all words of a batch at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from roleclf.text.arrays import Bytes, Hashes, Ints

__all__ = ["chain_hashes", "hash_words"]

# Odd multipliers of splitmix64, xxHash, rrmxmx and wyhash. The loops have the same, and
# models hold hashes made with them.
_MIX: Final = tuple(
    np.uint64(k)
    for k in (
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
        0xE7037ED1A0B428DB,
    )
)
_SHIFT: Final = np.uint64(31)
_WORD_BYTES: Final = 8
# Characters of a word that are hashed. No two words in use differ only behind them.
_MAX_HASHED: Final = 64
# By number of bytes, a mask that keeps so many low bytes.
_LOW_BYTES: Final = np.array(
    [(1 << (8 * n)) - 1 for n in range(_WORD_BYTES + 1)], dtype=np.uint64
)


def hash_words(buffer: Bytes, start: Ints, end: Ints) -> Hashes:
    """Return the hash of each word `buffer[start:end]`, shape (n_words,)."""
    # Eight characters at a time, read as one number at any byte offset.
    padded = np.concatenate((buffer, np.zeros(_WORD_BYTES, np.uint8)))
    eights: Hashes = np.ndarray((len(buffer),), np.dtype("<u8"), padded, strides=(1,))
    length = end - start
    hashes = eights[start]
    hashes &= _LOW_BYTES.take(length, mode="clip")
    hashes = _scramble(hashes, 0)
    longer = np.flatnonzero(length > _WORD_BYTES)
    n_read = _WORD_BYTES
    while longer.size and n_read < _MAX_HASHED:
        part = eights[start[longer] + n_read]
        part &= _LOW_BYTES.take(length[longer] - n_read, mode="clip")
        hashes[longer] = _scramble(hashes[longer] + part * _MIX[1], 2)
        n_read += _WORD_BYTES
        longer = longer[length[longer] > n_read]
    return hashes


def chain_hashes(left: Hashes, right: Hashes, gap: Bytes | int = 0) -> Hashes:
    """Return the hash of each sequence `left` followed by `right`.

    Chained from the left, it hashes sequences of any length.

    Parameters
    ----------
    left : uint64 array
        Hashes of words, or of sequences.
    right : uint64 array
        Hashes of words.
    gap : uint8 array or int
        Gap code between the two, see `tokens`; part of the hash.
    """
    mixed = left * _MIX[2] + right + np.asarray(gap, np.uint64) * _MIX[3]
    mixed ^= mixed >> _SHIFT
    return mixed * _MIX[4]


def _scramble(numbers: Hashes, seed: int) -> Hashes:
    mixed = (numbers + np.uint64(seed)) * _MIX[0]
    mixed ^= mixed >> _SHIFT
    mixed *= _MIX[1]
    mixed ^= mixed >> _SHIFT
    return mixed
