"""Sign texts with MinHash, so that similar texts have similar signatures.

A text is the set of its shingles, the runs of three words in it. The share of places
in which two signatures agree estimates the Jaccard similarity of the two sets (Broder
1997; from one permutation as in Li et al. 2012, empty places filled as in Shrivastava
2017). Texts that agree in a band, four places side by side, share a key to look up.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.text.arrays import Hashes, Ints
from roleclf.text.hashing import chain_hashes
from roleclf.text.tokens import Tokens

__all__ = [
    "MIN_WORDS",
    "N_BANDS",
    "N_PLACES",
    "BandKeys",
    "Signatures",
    "band_keys",
    "sign_texts",
]

# One row per text, shape (n_texts, N_PLACES); zeros for a text that is too short.
Signatures = npt.NDArray[np.uint8]
# One row per text, shape (n_texts, N_BANDS).
BandKeys = npt.NDArray[np.uint32]

N_PLACES: Final = 128
# Two texts with similarity 0.8 share a key but for 1 pair in 2,700; of those with 0.3,
# 1 pair in 9 does.
N_BANDS: Final = 15
# A shorter text does not tell two postings apart: "Apply on our site".
MIN_WORDS: Final = 20
_SHINGLE_WORDS: Final = 3
_PLACE_BITS: Final = np.uint64(7)
_RANDOM: Final = np.random.default_rng(0)
_SALTS: Final = _RANDOM.integers(2**32, size=N_BANDS, dtype=np.uint32)
# By place, the places that lend it their value when it is empty, first choice first.
_DONORS: Final = np.array([_RANDOM.permutation(N_PLACES) for _ in range(N_PLACES)])
_EMPTY: Final = np.uint64(2**64 - 1)


def sign_texts(tokens: Tokens) -> Signatures:
    """Return the signature of each text of a batch."""
    is_signed = np.diff(tokens.bounds) >= MIN_WORDS
    shingles, text = _shingles(tokens)
    place = (shingles % np.uint64(N_PLACES)).astype(np.int64)
    lowest = np.full((len(tokens.texts), N_PLACES), _EMPTY)
    values = shingles >> _PLACE_BITS
    np.minimum.at(lowest.reshape(-1), text * N_PLACES + place, values)
    # One byte each is enough: two other values look the same in one of 255 places.
    signatures = np.zeros(lowest.shape, np.uint8)
    signatures[is_signed] = _fill(lowest[is_signed]) % np.uint64(255) + np.uint64(1)
    return signatures


def band_keys(signatures: Signatures) -> BandKeys:
    """Return the key of each band of each signature."""
    # Four bytes side by side are one number; the salts keep the bands apart.
    bands = np.ascontiguousarray(signatures[:, : 4 * N_BANDS]).view(np.uint32)
    return bands ^ _SALTS


def _shingles(tokens: Tokens) -> tuple[Hashes, Ints]:
    """Return the hash of each shingle, and the text it belongs to."""
    n_shingles = max(len(tokens.hash) - _SHINGLE_WORDS + 1, 0)
    hashes = tokens.hash[:n_shingles]
    for i in range(1, _SHINGLE_WORDS):
        hashes = chain_hashes(hashes, tokens.hash[i : i + n_shingles])
    text = tokens.text_of_word
    first, last = text[:n_shingles], text[_SHINGLE_WORDS - 1 :]
    is_within = first == last[:n_shingles]
    return hashes[is_within], first[is_within]


def _fill(lowest: Hashes) -> Hashes:
    """Return the signatures with the value of a donor in each empty place."""
    filled = lowest.copy()
    row, place = np.nonzero(lowest == _EMPTY)
    for donor in _DONORS.T:
        filled[row, place] = lowest[row, donor[place]]
        is_empty = filled[row, place] == _EMPTY
        row, place = row[is_empty], place[is_empty]
    return filled
