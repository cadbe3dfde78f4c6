"""Collapse whitespace: one blank between words, one line end between lines.

It works on the folded bytes of a whole batch of texts, see `folding`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from roleclf.loops import compiled
from roleclf.text.arrays import Bytes, CodePoints, Ints
from roleclf.text.folding import (
    BLANK,
    BLANK_VARIANT,
    LINE_END,
    LINE_END_VARIANTS,
    N_SPACE_VARIANTS,
    SEPARATOR,
    ZERO_WIDTH,
    fold,
)
from roleclf.text.texts import Texts

__all__ = ["KIND_BY_BYTE", "collapse_whitespace"]

# Kinds of characters between words, weakest first: a run of whitespace is replaced by
# what its strongest kind stands for.
_NO_SPACE, _BLANK_SPACE, _LINE_SPACE, _NOT_SPACE = range(4)
_BYTE_BY_KIND: Final = np.array([0, BLANK, LINE_END], np.uint8)
KIND_BY_BYTE: Final = np.full(256, _NOT_SPACE, np.uint8)
for _kind, _bytes in (
    (_NO_SPACE, ZERO_WIDTH),
    (_BLANK_SPACE, (BLANK, BLANK_VARIANT)),
    (_LINE_SPACE, (LINE_END, *LINE_END_VARIANTS)),
):
    KIND_BY_BYTE[np.array(_bytes)] = _kind


@compiled
def collapse_whitespace(
    texts: Iterable[str], size: int
) -> tuple[CodePoints, Ints, Bytes]:
    """Replace each run of whitespace by a line end if it has one, otherwise a blank.

    A text keeps no whitespace at its ends. Zero-width characters by themselves leave
    nothing.

    Parameters
    ----------
    texts : iterable of str
    size : int
        About how many characters the texts have; the loop reserves memory by it.

    Returns
    -------
    points, ends, folded : as `Texts` takes them
    """
    joined = Texts.of(list(texts))
    points, folded = joined.points.copy(), fold(joined.points)
    folded[joined.ends] = SEPARATOR
    place = _places_to_collapse(folded)
    kind = KIND_BY_BYTE[folded[place]]
    run = np.flatnonzero(np.diff(place, prepend=-2) > 1)
    strongest = np.maximum.reduceat(kind, run) if run.size else kind
    # A run with a separator in it, at the end of a text, leaves nothing else.
    is_replaced = (strongest > _NO_SPACE) & (strongest < _NOT_SPACE)
    stays = run[is_replaced]
    byte = _BYTE_BY_KIND[strongest[is_replaced]]
    folded[place[stays]] = points[place[stays]] = byte
    is_left = kind == _NOT_SPACE
    is_left[stays] = True
    # The first text of a batch has no separator before it.
    is_left[:1] &= (place[:1] > 0) | (kind[:1] == _NOT_SPACE)
    kept = np.ones(len(points), bool)
    kept[place] = is_left
    ends = joined.ends - np.searchsorted(place[~is_left], joined.ends)
    return points[kept], ends, folded[kept]


def _places_to_collapse(folded: Bytes) -> Ints:
    """Return the indexes of whitespace that may not stay as it is.

    A single blank or line end within a text may stay, as most are.
    """
    is_space = folded <= BLANK
    is_double = is_space[1:] & is_space[:-1]
    collapses = folded - np.uint8(ZERO_WIDTH) < N_SPACE_VARIANTS
    collapses[1:] |= is_double
    collapses[:-1] |= is_double
    collapses[:1] |= is_space[:1]
    return np.flatnonzero(collapses)
