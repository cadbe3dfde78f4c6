"""Where phrases stand in a batch: hits picked, joined, and read.

Step 3 of the line, beside `phrases`, which finds them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.text import Tokens

__all__ = ["Hits", "joined", "longest_first", "written"]


class Hits(NamedTuple):
    """Where phrases stand, sorted by first word, the longer phrase first.

    Attributes
    ----------
    phrase : int64 array, shape (n_hits,)
        Place of the phrase in the list it came from.
    first, last : int64 arrays, shape (n_hits,)
        First and last word, both inclusive.
    """

    phrase: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]

    def pick(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Hits:
        """Return only the chosen hits."""
        if chosen.dtype == bool:
            chosen = np.flatnonzero(chosen)
        return Hits(*(a.take(chosen) for a in (self.phrase, self.first, self.last)))


@compiled
def longest_first(hits: Hits) -> npt.NDArray[np.bool_]:
    """Choose hits that do not overlap: from the left, the longest at each place.

    Returns
    -------
    bool array, shape (n_hits,)
    """
    chosen = np.ones(len(hits.first), bool)
    if len(hits.first) < 2:
        return chosen
    # Only where a hit starts before an earlier one ends is there a choice to make.
    furthest = np.maximum.accumulate(hits.last)
    overlaps = np.concatenate(([False], hits.first[1:] <= furthest[:-1]))
    doubtful = np.flatnonzero(overlaps)
    begins = ~overlaps[doubtful - 1]
    columns = (doubtful, begins, hits.first[doubtful], hits.last[doubtful])
    covered = -1
    for i, begin, first, last in zip(*(c.tolist() for c in columns), strict=True):
        covered = int(hits.last[i - 1]) if begin else covered
        chosen[i] = first > covered
        covered = last if first > covered else covered
    return chosen


def joined(left: Hits, right: Hits) -> Hits:
    """Return the hits of both, sorted as `Hits` are."""
    if len(right.first) == 0:
        return left
    columns = zip(
        (left.phrase, left.first, left.last),
        (right.phrase, right.first, right.last),
        strict=True,
    )
    both = Hits(*(np.concatenate(pair) for pair in columns))
    # Each part is sorted, and merging what is sorted is quick.
    furthest = both.last.max(initial=0) + 1
    return both.pick(np.argsort(both.first * furthest - both.last, kind="stable"))


def written(tokens: Tokens, hits: Hits) -> list[str]:
    """Return each hit as it is written in its text."""
    return tokens.texts.spans(tokens.start[hits.first], tokens.end[hits.last])
