"""Cut rows into batches of bounded size.

A batch is small enough that its rows, their texts and all that the annotator makes
of them stay in bounded memory, and large enough that what is done once for each batch
does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from roleclf.tables.blocks import BLOCK_SIZE

__all__ = ["BATCH_SIZE", "cut"]

BATCH_SIZE: Final = 600
# Characters after which a batch is full, however few its rows: a bit more than a
# block has, so that no scrap of it is left for a second batch.
_FULL: Final = BLOCK_SIZE + BLOCK_SIZE // 12

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
