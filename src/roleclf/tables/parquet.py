"""Read Parquet by row groups, and write it with the input's own schema and types.

This module imports pyarrow, which takes longer than everything else that a command has
to import; `formats` loads it only if a table is Parquet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from gzip import GzipFile
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from roleclf.errors import TableError
from roleclf.records import Posting, kind_of_column
from roleclf.tables.added_columns import added_values
from roleclf.tables.columns import find_columns, unique_names
from roleclf.tables.records import (
    AddedValues,
    Batch,
    Block,
    FormatCodec,
    FoundColumns,
    Layout,
    Reading,
    Table,
    TableSource,
)
from roleclf.tables.row_groups import (
    open_parquet,
    read_row_groups,
    rows_of_block,
    use_system_memory,
)
from roleclf.tables.values import (
    employer_text,
    escape_surrogates,
    posting_text,
    text_or_none,
)

__all__ = ["PARQUET"]

# Bytes of rows that are written as one row group.
_ROW_GROUP: Final = 1 << 24


def _read_parquet(source: TableSource, reading: Reading) -> Table:
    """Open a seekable stream of Parquet as a table.

    Raises
    ------
    TableError
        If it is damaged or has no column to read.
    """
    place = source.place
    file = open_parquet(source.stream, place)
    schema = file.schema_arrow
    names = unique_names(schema.names)
    found = find_columns(names, reading, place)
    return Table(
        place,
        "parquet",
        names,
        tuple(schema.names),
        found,
        read_row_groups(file, source.path, place, source.cost),
        partial(_read_batches, place=place, names=names, found=found),
        ("parquet",),
        schema=schema,
    )


def _encode_parquet(batch: Batch, added: AddedValues, layout: Layout) -> pa.RecordBatch:
    """Return the rows of a batch in the output's schema."""
    use_system_memory()
    kept = (_kept_column(batch, name, layout) for name in layout.kept)
    columns = zip(layout.added, added_values(added, layout), strict=True)
    new = (_ARRAY_BY_KIND[kind_of_column(name)](values) for name, values in columns)
    return pa.RecordBatch.from_arrays([*kept, *new], schema=_output_schema(layout))


@contextmanager
def _open_sink(
    stream: BinaryIO, layout: Layout, start: int | None, begun: Path | None
) -> Iterator[Callable[[Sequence[pa.RecordBatch]], int | None]]:
    """Give a function that writes record batches, gathered into row groups.

    The first `start` row groups are those of the file `begun`. The function returns
    how many there are when it has written one, but not for a stream that is compressed.
    """
    use_system_memory()
    gathered: list[pa.RecordBatch] = []
    n_groups = start or 0

    def write(rows: Sequence[pa.RecordBatch]) -> int | None:
        gathered.extend(rows)
        if sum(part.nbytes for part in gathered) <= _ROW_GROUP:
            return None
        flush()
        return None if isinstance(stream, GzipFile) else n_groups

    def flush() -> None:
        nonlocal n_groups
        # In one piece, as a copied row group is: pieces show in the file's pages.
        writer.write_table(pa.Table.from_batches(gathered).combine_chunks())
        gathered.clear()
        n_groups += 1

    with pq.ParquetWriter(stream, _output_schema(layout)) as writer:
        _copy_groups(begun, n_groups, writer)
        yield write
        if gathered:
            flush()


def _set_groups(
    rows: pa.RecordBatch, numbers: Sequence[int], layout: Layout
) -> pa.RecordBatch:
    """Return rows with the numbers of groups in their column."""
    place = rows.schema.get_field_index(layout.prefix + "group")
    return rows.set_column(place, rows.schema.field(place), _int_array(numbers))


def _copy_groups(begun: Path | None, n_groups: int, writer: pq.ParquetWriter) -> None:
    if begun is not None:
        with pq.ParquetFile(begun) as file:
            for group in range(n_groups):
                writer.write_table(file.read_row_group(group).combine_chunks())


def _read_batches(
    block: Block, *, place: str, names: Sequence[str], found: FoundColumns
) -> Iterator[Batch]:
    for rows in rows_of_block(block, place):
        column = partial(_column_values, rows, names, place)
        postings = _to_postings(column, rows.num_rows, found)
        yield Batch(postings, [None] * rows.num_rows, column, arrow_rows=rows)


def _to_postings(
    column: Callable[[str], list[Any]], n_rows: int, found: FoundColumns
) -> list[Posting]:
    def texts(name: str | None, convert: Callable[[Any], str | None]) -> list[Any]:
        return [None] * n_rows if name is None else list(map(convert, column(name)))

    titles = texts(found.title, posting_text)
    descriptions = texts(found.description, posting_text)
    ids = texts(found.id, text_or_none)
    employers = texts(found.employer, employer_text)
    return list(map(Posting, titles, descriptions, ids, employers))


def _column_values(
    rows: pa.RecordBatch, names: Sequence[str], place: str, name: str
) -> list[Any]:
    column = _without_nanoseconds(rows.column(names.index(name)))
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError, KeyError):
        # A year after 9999, or a time zone that this machine does not know.
        pass
    try:
        return list(column.cast("string").to_pylist())
    except pa.ArrowException as error:
        problem = f"column '{name}' of type {column.type} has no text form"
        raise TableError(place, problem, "leave it out with --columns") from error


def _without_nanoseconds(column: pa.Array) -> pa.Array:
    """Return times in microseconds, as Python has them, or as text if inexact."""
    if getattr(column.type, "unit", None) != "ns":
        return column
    if pa.types.is_timestamp(column.type):
        coarser = pa.timestamp("us", column.type.tz)
    else:
        coarser = (
            pa.time64("us") if pa.types.is_time(column.type) else pa.duration("us")
        )
    try:
        return column.cast(coarser)
    except pa.ArrowInvalid:
        return column.cast("string")


def _output_schema(layout: Layout) -> pa.Schema:
    added = [
        pa.field(layout.prefix + name, _TYPE_BY_KIND[kind_of_column(name)])
        for name in layout.added
    ]
    if layout.schema is None:
        return pa.schema([pa.field(name, "string") for name in layout.kept] + added)
    names = unique_names(layout.schema.names)
    kept = [layout.schema.field(names.index(name)) for name in layout.kept]
    return pa.schema(kept + added, metadata=layout.schema.metadata)


def _kept_column(batch: Batch, name: str, layout: Layout) -> pa.Array:
    if batch.arrow_rows is not None and layout.schema is not None:
        names = unique_names(layout.schema.names)
        return batch.arrow_rows.column(names.index(name))
    texts = [text_or_none(value) for value in batch.column(name)]
    return _text_array(texts)


def _text_array(values: Sequence[str | None]) -> pa.Array:
    """Return an array of strings.

    It is built from buffers, as the arrays below are: `pyarrow.array` imports pandas
    where that is installed, which takes as much memory as everything else.
    """
    texts = [(escape_surrogates(value) or "").encode() for value in values]
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    buffers = [_validity(values), pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def _number_array(values: Sequence[float | None], kind: str) -> pa.Array:
    numbers = np.array([0 if value is None else value for value in values], kind)
    buffers = [_validity(values), pa.py_buffer(numbers)]
    return pa.Array.from_buffers(pa.type_for_alias(kind), len(values), buffers)


def _flag_array(values: Sequence[bool | None]) -> pa.Array:
    buffers = [_validity(values), _bits(map(bool, values))]
    return pa.Array.from_buffers(pa.bool_(), len(values), buffers)


def _validity(values: Sequence[Any]) -> pa.Buffer:
    return _bits(value is not None for value in values)


def _bits(flags: Iterable[bool]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(np.array(list(flags), bool), bitorder="little"))


_int_array = partial(_number_array, kind="int64")
_TYPE_BY_KIND: Final = {
    "text": "string",
    "share": "float64",
    "flag": "bool",
    "number": "int64",
}
_ARRAY_BY_KIND: Final[dict[str, Callable[[Any], pa.Array]]] = {
    "text": _text_array,
    "share": partial(_number_array, kind="float64"),
    "flag": _flag_array,
    "number": _int_array,
}

PARQUET: Final = FormatCodec(
    read=_read_parquet,
    encode=_encode_parquet,
    open_sink=_open_sink,
    set_groups=_set_groups,
)
