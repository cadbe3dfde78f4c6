"""The states of phrases, laid out for the loop that walks through them.

Step 3 of the line, beside `phrases`. What is read at once stands together. All that
points into another array is checked here, once, for the loop trusts it.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.text import HashIndex

__all__ = ["KIND_BITS", "Walk", "check_bounds", "check_lengths", "check_places"]

# Of what a state of the walk is: `phrases` has them.
KIND_BITS: Final = 2

Numbers = npt.NDArray[np.int32]


class Walk(NamedTuple):
    """What the walk reads.

    Attributes
    ----------
    starts : int32 array, shape (2 + n_words, 2)
        The state that each word is by itself, and its kind; a third bit where it may
        be second. Before and behind stands a row of none: what `lookup.ABSENT` reads.
    states : int32 array, shape (n_states + 1,)
        Where the phrases begin that end in each, and its kind.
    keys : HashIndex
        Of the states.
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
        follows: npt.NDArray[np.bool_],
        n_phrases: int,
    ) -> Walk:
        """Return the arrays that `phrases.PhraseTable` has, laid out.

        Raises
        ------
        IndexError
            If one points to where another has nothing, as in a broken model.
        """
        check_lengths(len(kind) - 1, index._keys)
        check_places(kind, 0, 1 << KIND_BITS)
        check_bounds(bounds, len(kind) - 1, n_phrases)
        own = kind[first_state] | follows.astype(np.uint8) << KIND_BITS
        rows = np.stack((first_state, own), axis=1)
        starts = np.concatenate((rows[-1:], rows)).astype(np.int32)
        return cls(starts, bounds.astype(np.int32) << KIND_BITS | kind, index)


def check_places(places: npt.NDArray[Any], least: int, end: int) -> None:
    """Refuse places that are not from `least` to before `end`.

    Raises
    ------
    IndexError
    """
    # As if the other way round, for nothing that is no number is in order.
    if len(places) and not (places.min() >= least and places.max() < end):
        raise IndexError(f"places that are not from {least} to {end - 1}")


def check_lengths(n_rows: int, *arrays: npt.NDArray[Any]) -> None:
    """Refuse arrays that do not have so many rows of one number each.

    Raises
    ------
    IndexError
    """
    if any(array.shape != (n_rows,) for array in arrays):
        raise IndexError(f"arrays that have not {n_rows} rows")


def check_bounds(bounds: npt.NDArray[np.integer], n_rows: int, end: int) -> None:
    """Refuse bounds of so many rows that fall, or go beyond `end`.

    Raises
    ------
    IndexError
    """
    check_places(bounds, 0, end + 1)
    if len(bounds) != n_rows + 1 or (bounds[1:] < bounds[:-1]).any():
        raise IndexError(f"bounds that are not those of {n_rows} rows")
