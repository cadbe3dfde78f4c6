"""Cut a stream of rows into batches of bounded size.

A batch is small enough that its rows, their texts and all that the annotator makes
of them stay in the processor's cache and in bounded memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from typing import Final, TypeVar

__all__ = ["BATCH_SIZE", "cut"]

BATCH_SIZE: Final = 256
# Characters after which a batch is full, however few its rows.
_FULL: Final = 1_000_000
# A stream that is still being written shows its first row at once.
_FIRST_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128)

Row = TypeVar("Row")


def cut(
    rows: Iterable[Row], weigh: Callable[[Row], int], *, live: bool
) -> Iterator[list[Row]]:
    """Yield the rows in lists, in order, none of them empty.

    Parameters
    ----------
    rows : iterable
        What to cut.
    weigh : callable
        Gives the characters in a row.
    live : bool
        Begin with small batches, for whoever waits for the first row.
    """
    sizes = chain(_FIRST_SIZES if live else (), repeat(BATCH_SIZE))
    batch: list[Row] = []
    size, weight = next(sizes), 0
    for row in rows:
        batch.append(row)
        weight += weigh(row)
        if len(batch) == size or weight > _FULL:
            yield batch
            batch, size, weight = [], next(sizes), 0
    if batch:
        yield batch
