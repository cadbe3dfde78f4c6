"""Cut rows into batches of bounded size.

A batch is small enough that its rows, their texts and all that the annotator makes
of them stay in the processor's cache and in bounded memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

__all__ = ["BATCH_SIZE", "cut"]

BATCH_SIZE: Final = 300
# Characters after which a batch is full, however few its rows: a bit more than half
# a block has, so that no scrap of it is left for a third batch.
_FULL: Final = 1_100_000

Row = TypeVar("Row")


def cut(rows: Iterable[Row], weigh: Callable[[Row], int]) -> Iterator[list[Row]]:
    """Yield the rows in lists, in order, none of them empty.

    Parameters
    ----------
    rows : iterable
        What to cut.
    weigh : callable
        Gives the characters in a row.
    """
    batch: list[Row] = []
    weight = 0
    for row in rows:
        batch.append(row)
        weight += weigh(row)
        if len(batch) == BATCH_SIZE or weight > _FULL:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
