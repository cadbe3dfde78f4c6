"""The rows of a Parquet file as blocks: its row groups, where they are small.

Those are named to whoever reads the block, in this process or another. The rows of
large ones are read here, some batches at a time, so that nobody has to hold them all.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from roleclf.errors import TableError
from roleclf.tables.batches import BATCH_SIZE
from roleclf.tables.blocks import BLOCK_SIZE
from roleclf.tables.records import Block, Span

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["arrow", "blocks_of_groups", "open_parquet", "rows_of"]

# Bytes of a column are read a few at a time.
_SPARING: Final[dict[str, Any]] = {"buffer_size": 1 << 18, "pre_buffer": False}
# Rows that may be a block as the row groups they are, and blocks that it may weigh.
_MOST_ROWS: Final = 4096
_MOST_BLOCKS: Final = 4


def open_parquet(source: Any, place: str) -> Any:
    """Open a path or a seekable stream of Parquet.

    Raises
    ------
    TableError
        If it is damaged.
    """
    import pyarrow.parquet as pq

    pa = arrow()
    try:
        return pq.ParquetFile(source, **_SPARING)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(place, error) from error


def arrow() -> Any:
    """Return pyarrow, set to give memory back: its own pools hold on to much more."""
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    return pa


def blocks_of_groups(file: Any, path: str | None, place: str) -> Generator[Block]:
    """Yield the file's rows: small row groups by their numbers, else some batches."""
    n_rows = 0
    for first, stop, is_small in _runs(file.metadata):
        is_last = stop == file.metadata.num_row_groups
        if is_small and path:
            n_rows += sum(
                file.metadata.row_group(i).num_rows for i in range(first, stop)
            )
            share = n_rows / file.metadata.num_rows
            yield Block(None, not is_last, 0, Span(path, first, stop - first), share)
            continue
        for rows, is_full in _gathered(_read(file, range(first, stop), place)):
            n_rows += sum(part.num_rows for part in rows)
            share = n_rows / file.metadata.num_rows
            yield Block(rows, is_full or not is_last, share=share)


def _runs(metadata: Any) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of row groups, from one to before another, and which are small.

    Small ones are whole blocks; of others nobody should hold all rows at once.
    """
    first = n_rows = n_bytes = 0
    for group in range(metadata.num_row_groups):
        n_rows += metadata.row_group(group).num_rows
        n_bytes += metadata.row_group(group).total_byte_size
        if n_rows > _MOST_ROWS or n_bytes > BLOCK_SIZE:
            is_small = n_rows <= _MOST_ROWS and n_bytes <= _MOST_BLOCKS * BLOCK_SIZE
            yield first, group + 1, is_small
            first, n_rows, n_bytes = group + 1, 0, 0
    if n_rows:
        yield first, metadata.num_row_groups, True


def _read(file: Any, groups: Iterable[int], place: str) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    try:
        yield from file.iter_batches(BATCH_SIZE, list(groups), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(place, error) from error


def _gathered(
    batches: Iterable[pa.RecordBatch],
) -> Iterator[tuple[list[pa.RecordBatch], bool]]:
    """Yield some batches at a time, and whether they are as many as should be."""
    gathered: list[pa.RecordBatch] = []
    for rows in batches:
        gathered.append(rows)
        if sum(part.nbytes for part in gathered) > BLOCK_SIZE:
            yield gathered, True
            gathered = []
    if gathered:
        yield gathered, False


def rows_of(block: Block, place: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a block, read from the file if they are not there."""
    if block.rows is not None:
        yield from block.rows
        return
    assert block.span is not None  # noqa: S101
    groups = range(block.span.start, block.span.start + block.span.size)
    with open_parquet(block.span.path, place) as file:
        yield from _read(file, groups, place)


def _unreadable(place: str, error: Exception) -> TableError:
    problem = str(error).partition("\n")[0].rstrip(".")
    return TableError(place, problem, "check that it is a whole Parquet file")
