"""Hold a batch of texts as one array of code points.

Cleaning writes this array and tokenizing reads it. A text becomes a string only when
somebody asks for it: most postings are classified without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np

from roleclf.loops import compiled
from roleclf.text.arrays import Bytes, CodePoints, Ints, expand_ranges
from roleclf.text.folding import SEPARATOR, fold, merge_space_variants

__all__ = ["BATCH_SIZE", "Texts", "raise_mmap_threshold"]

# How many texts are processed at once. With fewer, the fixed cost of each batch shows;
# with more, memory grows and little is saved.
BATCH_SIZE: Final = 512
# surrogatepass: a lone surrogate is a symbol here, not an error.
_ENCODING: Final = ("utf-32-le", "surrogatepass")
_SEPARATOR: Final = chr(SEPARATOR)


class Texts(Sequence[str]):
    """A batch of texts in one array; each is decoded to a string on request.

    Parameters
    ----------
    points : uint32 array, shape (n_points,)
        The code points of the texts, a separator behind each text.
    ends : int64 array, shape (n_texts,)
        Index of each text's separator.
    folded : uint8 array, shape (n_points,), optional
        The code points folded to bytes; see `folding`.

    Attributes
    ----------
    base : int64 array, shape (n_texts,)
        Index of each text's first code point.

    Examples
    --------
    >>> texts = Texts.of(["dbt", "", "C++"])
    >>> len(texts), texts[2], texts.base.tolist()
    (3, 'C++', [0, 4, 5])
    """

    __slots__ = ("_folded", "base", "ends", "points")

    def __init__(
        self, points: CodePoints, ends: Ints, folded: Bytes | None = None
    ) -> None:
        self.points = points
        self.ends = ends
        self._folded = folded
        self.base = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Return `texts` as one array."""
        if isinstance(texts, cls):
            return texts
        encoded = _SEPARATOR.join([*texts, ""]).encode(*_ENCODING)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        return cls(np.frombuffer(encoded, np.uint32), np.cumsum(lengths + 1) - 1)

    @property
    def folded(self) -> Bytes:
        """The code points folded to bytes, shape (n_points,)."""
        if self._folded is None:
            self._folded = merge_space_variants(fold(self.points))
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
        """Return the strings `points[start:end]`.

        Raises
        ------
        IndexError
            If a span reaches beyond the texts.
        """
        places, _ = expand_ranges(start, end)
        joined = _decode(self.points[places])
        bounds = np.cumsum(end - start).tolist()
        return [joined[a:b] for a, b in pairwise([0, *bounds])]


@cache
def raise_mmap_threshold() -> None:
    """Make glibc keep the memory of freed large arrays for the next ones.

    By default glibc maps each large array anew and gives it back when it is freed, so
    every batch pays for its pages again. Once it has seen one large block freed, its
    dynamic M_MMAP_THRESHOLD is as large as that block (see `man mallopt`).
    """
    # np.empty touches no page of it; a bytearray would fill them all.
    np.empty(31 << 20, np.uint8)


def _decode(points: CodePoints) -> str:
    return points.tobytes().decode(*_ENCODING)
