"""Open a table of any format for reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from roleclf.tables.formats import codec_of, input_format
from roleclf.tables.records import STDIO, Reading, Table, TableSource
from roleclf.tables.sources import (
    is_plain_file,
    open_bytes,
    place_of,
    rewindable,
    share_of,
    table_errors,
)

__all__ = ["open_table"]


@contextmanager
def open_table(
    source: str, reading: Reading | None = None, *, settle: bool = False, cost: int = 1
) -> Iterator[Table]:
    """Open a file, or stdin for "-", as a table.

    Parameters
    ----------
    source : str
        Path or "-"; gzip is unpacked.
    reading : Reading, optional
        Format, encoding and columns that should not be found out from the table.
    settle : bool
        Know every column before the first batch; of JSON Lines this reads all
        lines twice.
    cost : int
        How many times longer than usual a row will take.

    Raises
    ------
    TableError
        If it cannot be read as a table of postings, now or in a later batch.
    """
    reading = reading or Reading()
    with open_bytes(source) as stream, ExitStack() as stack:
        with table_errors(place_of(source)):
            name = input_format(source, stream, reading)
            path = source if is_plain_file(source, stream) else None
            if name == "parquet" or (name == "jsonl" and settle):
                stream = stack.enter_context(rewindable(stream))
            opened = TableSource(
                stream,
                place_of(source),
                is_live=source == STDIO,
                settle=settle,
                path=path,
                share=share_of(source, stream),
                cost=cost,
            )
            table = codec_of(name).read(opened, reading)
        stack.enter_context(closing(table.blocks))
        yield table
