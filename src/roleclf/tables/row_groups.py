"""Read the row groups of a Parquet file as blocks of rows.

Small row groups are given as their numbers, and whoever works on the block reads them,
in this process or another. Large ones are read here, some batches at a time, so that no
process holds all of their rows.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from roleclf.errors import TableError
from roleclf.tables.batches import BATCH_SIZE, BLOCK_SIZE
from roleclf.tables.records import Block, FileSpan

__all__ = ["open_parquet", "read_row_groups", "rows_of_block", "use_system_memory"]

# Bytes of a column are read a few at a time.
_BUFFERING: Final[dict[str, Any]] = {"buffer_size": 1 << 18, "pre_buffer": False}
# Row groups that have more rows, or more bytes than so many blocks, are large.
_MAX_ROWS: Final = 4096
_MAX_BLOCKS: Final = 4


def open_parquet(source: Any, place: str) -> pq.ParquetFile:
    """Open a path or a seekable stream of Parquet.

    Raises
    ------
    TableError
        If it is damaged.
    """
    use_system_memory()
    try:
        return pq.ParquetFile(source, **_BUFFERING)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(place, error) from error


def use_system_memory() -> None:
    """Have pyarrow give memory back: its own pools keep much more of it."""
    pa.set_memory_pool(pa.system_memory_pool())


def read_row_groups(
    file: pq.ParquetFile, path: str | None, place: str, cost: int = 1
) -> Generator[Block]:
    """Yield the rows of a file, small row groups as their numbers if it has a path.

    `cost` is that of `TableSource`.
    """
    n_rows = 0
    for first, stop, is_small in _runs(file.metadata, cost):
        is_last = stop == file.metadata.num_row_groups
        if is_small and path:
            n_rows += sum(
                file.metadata.row_group(i).num_rows for i in range(first, stop)
            )
            share = n_rows / file.metadata.num_rows
            span = FileSpan(path, first, stop - first)
            yield Block(None, not is_last, 0, span, share)
            continue
        for rows, is_full in _gather(_read(file, range(first, stop), place), cost):
            n_rows += sum(part.num_rows for part in rows)
            share = n_rows / file.metadata.num_rows
            yield Block(rows, is_full or not is_last, share=share)


def rows_of_block(block: Block, place: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a block, read from the file if the block lacks them."""
    if block.rows is not None:
        yield from block.rows
        return
    assert block.span is not None  # noqa: S101
    groups = range(block.span.start, block.span.start + block.span.size)
    with open_parquet(block.span.path, place) as file:
        yield from _read(file, groups, place)


def _runs(metadata: Any, cost: int) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of row groups: the first, the one behind the last, whether small.

    Small runs are whole blocks.
    """
    max_rows, size = _MAX_ROWS // cost, BLOCK_SIZE // cost
    first = n_rows = n_bytes = 0
    for group in range(metadata.num_row_groups):
        n_rows += metadata.row_group(group).num_rows
        n_bytes += metadata.row_group(group).total_byte_size
        if n_rows > max_rows or n_bytes > size:
            is_small = n_rows <= max_rows and n_bytes <= _MAX_BLOCKS * size
            yield first, group + 1, is_small
            first, n_rows, n_bytes = group + 1, 0, 0
    if n_rows:
        yield first, metadata.num_row_groups, True


def _read(
    file: pq.ParquetFile, groups: Iterable[int], place: str
) -> Iterator[pa.RecordBatch]:
    try:
        yield from file.iter_batches(BATCH_SIZE, list(groups), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(place, error) from error


def _gather(
    batches: Iterable[pa.RecordBatch], cost: int
) -> Iterator[tuple[list[pa.RecordBatch], bool]]:
    """Yield lists of batches that make a block, and whether the block is full."""
    gathered: list[pa.RecordBatch] = []
    for rows in batches:
        gathered.append(rows)
        if sum(part.nbytes for part in gathered) > BLOCK_SIZE // cost:
            yield gathered, True
            gathered = []
    if gathered:
        yield gathered, False


def _damaged(place: str, error: Exception) -> TableError:
    problem = str(error).partition("\n")[0].rstrip(".")
    return TableError(place, problem, "check that it is a whole Parquet file")
