"""Lay out the states of phrases for the compiled loop that walks through them.

Values that the loop reads together stand together in memory. The loop trusts them, so
everything that points into another array is checked here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching.array_checks import check_bounds, check_lengths, check_range
from roleclf.matching.phrase_states import KIND_BITS
from roleclf.text import HashIndex

__all__ = ["PhraseAutomaton"]

Numbers = npt.NDArray[np.int32]


class PhraseAutomaton(NamedTuple):
    """The automaton over words that finds phrases, as the compiled loop reads it.

    Attributes
    ----------
    starts : int32 array, shape (2 + n_words, 2)
        The state that each word alone leads to, and its kind; bit `KIND_BITS` of the
        kind is set if the word is also the second of a phrase. The first and the last
        row are those of an unknown word, so that `ABSENT` reads one of them.
    states : int32 array, shape (n_states + 1,)
        The first phrase that ends in each state, shifted by `KIND_BITS`, and the
        state's kind in the low bits.
    keys : HashIndex
        Of the states' hashes.
    """

    starts: Numbers
    states: Numbers
    keys: HashIndex

    @classmethod
    def of(
        cls,
        index: HashIndex,
        kind: npt.NDArray[np.uint8],
        bounds: Numbers,
        first_state: Numbers,
        is_second: npt.NDArray[np.bool_],
        n_phrases: int,
    ) -> PhraseAutomaton:
        """Lay out the arrays of a `PhraseTable`.

        Raises
        ------
        IndexError
            If an array points beyond another, as in a broken model.
        """
        check_lengths(len(kind) - 1, index._keys)
        check_range(kind, 0, 1 << KIND_BITS)
        check_bounds(bounds, len(kind) - 1, n_phrases)
        start_kind = kind[first_state] | is_second.astype(np.uint8) << KIND_BITS
        rows = np.stack((first_state, start_kind), axis=1)
        starts = np.concatenate((rows[-1:], rows)).astype(np.int32)
        return cls(starts, bounds.astype(np.int32) << KIND_BITS | kind, index)
