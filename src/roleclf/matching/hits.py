"""Hits: where phrases stand in a batch of texts, and how to choose and merge them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.text import Tokens

__all__ = ["Hits", "leftmost_longest", "merge_hits", "texts_of_hits"]


class Hits(NamedTuple):
    """Occurrences of phrases, sorted by first word, longer ones first.

    Attributes
    ----------
    phrase : int64 array, shape (n_hits,)
        Index of the phrase in its list.
    first, last : int64 arrays, shape (n_hits,)
        First and last word in the batch, both inclusive.
    """

    phrase: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]

    def pick(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Hits:
        """Return the hits that a mask or an array of indices chooses."""
        if chosen.dtype == bool:
            chosen = np.flatnonzero(chosen)
        return Hits(*(a.take(chosen) for a in (self.phrase, self.first, self.last)))


@compiled
def leftmost_longest(hits: Hits) -> npt.NDArray[np.bool_]:
    """Choose hits that do not overlap: from the left, the longest at each word.

    Returns
    -------
    bool array, shape (n_hits,)
    """
    chosen = np.ones(len(hits.first), bool)
    if len(hits.first) < 2:
        return chosen
    # The loop visits only hits that start before an earlier one ends.
    furthest = np.maximum.accumulate(hits.last)
    overlaps = np.concatenate(([False], hits.first[1:] <= furthest[:-1]))
    doubtful = np.flatnonzero(overlaps)
    opens_cluster = ~overlaps[doubtful - 1]
    columns = (doubtful, opens_cluster, hits.first[doubtful], hits.last[doubtful])
    covered = -1
    for i, opens, first, last in zip(*(c.tolist() for c in columns), strict=True):
        covered = int(hits.last[i - 1]) if opens else covered
        chosen[i] = first > covered
        covered = last if first > covered else covered
    return chosen


def merge_hits(left: Hits, right: Hits) -> Hits:
    """Return the hits of both, sorted as `Hits` are."""
    if len(right.first) == 0:
        return left
    columns = zip(
        (left.phrase, left.first, left.last),
        (right.phrase, right.first, right.last),
        strict=True,
    )
    both = Hits(*(np.concatenate(pair) for pair in columns))
    # A stable sort is quick here: it merges two runs that are sorted already.
    furthest = both.last.max(initial=0) + 1
    return both.pick(np.argsort(both.first * furthest - both.last, kind="stable"))


def texts_of_hits(tokens: Tokens, hits: Hits) -> list[str]:
    """Return what each hit reads in its text, case and marks as they stand there."""
    return tokens.texts.spans(tokens.start[hits.first], tokens.end[hits.last])
