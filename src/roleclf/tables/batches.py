"""Group rows into batches of bounded size.

A batch is small enough that its rows, their texts and everything that the annotator
makes of them fit into bounded memory, and large enough that the cost of each call
does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

__all__ = ["BATCH_SIZE", "BLOCK_SIZE", "in_batches"]

# Bytes that are read, handed to a worker and written at a time. Smaller blocks cost
# more calls, larger ones more memory in each worker.
BLOCK_SIZE: Final = 3 << 19
BATCH_SIZE: Final = 600
# Characters after which a batch is full, however few its rows: a bit more than a
# block has, so that a block leaves no scrap for a second batch.
_MAX_CHARACTERS: Final = BLOCK_SIZE + BLOCK_SIZE // 12

Row = TypeVar("Row")


def in_batches(
    rows: Iterable[Row], size_of: Callable[[Row], int]
) -> Iterator[list[Row]]:
    """Yield the rows in non-empty lists, in order.

    Parameters
    ----------
    rows : iterable
    size_of : callable
        Returns the number of characters in a row.
    """
    batch: list[Row] = []
    n_characters = 0
    for row in rows:
        batch.append(row)
        n_characters += size_of(row)
        if len(batch) == BATCH_SIZE or n_characters > _MAX_CHARACTERS:
            yield batch
            batch, n_characters = [], 0
    if batch:
        yield batch
