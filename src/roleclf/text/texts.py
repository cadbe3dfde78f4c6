"""A batch of texts as one array of code points: what cleaning leaves, tokens read.

Step 2 of the line, beside `cleaning`. Nothing is a string again until somebody asks
for one: most postings are judged without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.text.folding import SEPARATOR, fold, plain
from roleclf.text.hash_index import expand_ranges

__all__ = ["BATCH", "Bytes", "Ints", "Points", "Texts", "keep_freed_memory"]

Ints = npt.NDArray[np.int64]
Points = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]

# So many texts go through the line at once: with fewer, what is done once for each
# batch counts; more would take memory and save little.
BATCH: Final = 512
# surrogatepass: a lone surrogate is a symbol here, not an error
_CODE_POINTS: Final = ("utf-32-le", "surrogatepass")
_END: Final = chr(SEPARATOR)


class Texts(Sequence[str]):
    """The texts of a batch, joined; each is a string when it is asked for.

    Parameters
    ----------
    points : uint32 array, shape (n_points,)
        The code points of the texts, a separator behind each.
    ends : int64 array, shape (n_texts,)
        Where each text's separator stands.
    folded : uint8 array, shape (n_points,), optional
        The code points as plain bytes; see `folding`.

    Examples
    --------
    >>> texts = Texts.of(["dbt", "", "C++"])
    >>> len(texts), texts[2], texts.base.tolist()
    (3, 'C++', [0, 4, 5])
    """

    __slots__ = ("_folded", "base", "ends", "points")

    def __init__(self, points: Points, ends: Ints, folded: Bytes | None = None) -> None:
        self.points = points
        self.ends = ends
        self._folded = folded
        self.base = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Return `texts` joined."""
        if isinstance(texts, cls):
            return texts
        encoded = _END.join([*texts, ""]).encode(*_CODE_POINTS)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        return cls(np.frombuffer(encoded, np.uint32), np.cumsum(lengths + 1) - 1)

    @property
    def folded(self) -> Bytes:
        """The code points as plain bytes, shape (n_points,)."""
        if self._folded is None:
            self._folded = plain(fold(self.points))
            self._folded[self.ends] = SEPARATOR
        return self._folded

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        return _decode(self.points[self.base[place] : self.ends[place]])

    def __iter__(self) -> Iterator[str]:
        joined = _decode(self.points)
        places = zip(self.base.tolist(), self.ends.tolist(), strict=True)
        return (joined[base:end] for base, end in places)

    @compiled
    def spans(self, start: Ints, end: Ints) -> list[str]:
        """Return what stands at places of the joined texts, `end` exclusive."""
        places, _ = expand_ranges(start, end)
        joined = _decode(self.points[places])
        bounds = np.cumsum(end - start).tolist()
        return [joined[a:b] for a, b in pairwise([0, *bounds])]


@cache
def keep_freed_memory() -> None:
    """Have what large arrays leave kept for the next ones, where glibc allocates.

    It gives freed pieces of their size back at once, and each array would pay for
    getting its memory anew, until it has seen a piece as large as this come and go.
    """
    # Not a bytearray, which would fill it.
    np.empty(31 << 20, np.uint8)


def _decode(points: Points) -> str:
    return points.tobytes().decode(*_CODE_POINTS)
