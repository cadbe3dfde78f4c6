"""Parquet, read by row groups and written with its own schema and types.

pyarrow is imported where it is first needed: it costs more than everything else
that a command has to import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from gzip import GzipFile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables.added import kind_of
from roleclf.tables.columns import find_columns, unique_names
from roleclf.tables.records import (
    Batch,
    Block,
    FoundColumns,
    Layout,
    Reading,
    Table,
    TableSource,
)
from roleclf.tables.row_groups import arrow, blocks_of_groups, open_parquet, rows_of
from roleclf.tables.values import posting_text, storable, text_or_none

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["encode_parquet", "parquet_sink", "read_parquet"]

# Bytes of rows gathered into one row group.
_ROW_GROUP: Final = 1 << 24
_ARROW_TYPE_BY_KIND: Final = {
    "text": "string",
    "share": "float64",
    "flag": "bool",
    "number": "int64",
}


def read_parquet(source: TableSource, reading: Reading) -> Table:
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
        blocks_of_groups(file, source.path, place),
        partial(_batches, place=place, names=names, found=found),
        ("parquet",),
        schema=schema,
    )


def encode_parquet(
    batch: Batch, added: Sequence[Sequence[Any]], layout: Layout
) -> pa.RecordBatch:
    """Return the rows of a batch in the output's schema."""
    pa = arrow()
    schema = _output_schema(layout)
    fields = list(schema)[len(layout.kept) :]
    new = (
        _ARRAY_BY_TYPE[str(field.type)](values)
        for values, field in zip(added, fields, strict=True)
    )
    kept = (_kept_column(batch, name, layout) for name in layout.kept)
    return pa.RecordBatch.from_arrays([*kept, *new], schema=schema)


@contextmanager
def parquet_sink(
    stream: BinaryIO, layout: Layout, start: int | None, begun: Path | None
) -> Iterator[Callable[[Sequence[pa.RecordBatch]], int | None]]:
    """Give a function that writes record batches, gathered into row groups.

    The first `start` row groups are those of the file `begun`. The function tells how
    many there are when it has written one, but not for a stream that is compressed.
    """
    import pyarrow.parquet as pq

    library = arrow()
    gathered: list[pa.RecordBatch] = []
    n_groups = start or 0

    def put(rows: Sequence[pa.RecordBatch]) -> int | None:
        gathered.extend(rows)
        if sum(part.nbytes for part in gathered) <= _ROW_GROUP:
            return None
        flush()
        return None if isinstance(stream, GzipFile) else n_groups

    def flush() -> None:
        nonlocal n_groups
        # In one piece, as a copy is, for pieces show in the pages of the file.
        writer.write_table(library.Table.from_batches(gathered).combine_chunks())
        gathered.clear()
        n_groups += 1

    with pq.ParquetWriter(stream, _output_schema(layout)) as writer:
        _copy_groups(begun, n_groups, writer)
        yield put
        if gathered:
            flush()


def _copy_groups(begun: Path | None, n_groups: int, writer: Any) -> None:
    import pyarrow.parquet as pq

    if begun is not None:
        with pq.ParquetFile(begun) as file:
            for group in range(n_groups):
                writer.write_table(file.read_row_group(group).combine_chunks())


def _batches(
    block: Block, *, place: str, names: Sequence[str], found: FoundColumns
) -> Iterator[Batch]:
    for rows in rows_of(block, place):
        column = partial(_values, rows, names, place)
        postings = _postings(column, rows.num_rows, found)
        yield Batch(postings, [None] * rows.num_rows, column, arrow=rows)


def _postings(
    column: Callable[[str], list[Any]], n_rows: int, found: FoundColumns
) -> list[Posting]:
    def texts(name: str | None, convert: Callable[[Any], str | None]) -> list[Any]:
        return [None] * n_rows if name is None else list(map(convert, column(name)))

    titles = texts(found.title, posting_text)
    descriptions = texts(found.description, posting_text)
    ids = texts(found.id, text_or_none)
    return list(map(Posting, titles, descriptions, ids))


def _values(
    rows: pa.RecordBatch, names: Sequence[str], place: str, name: str
) -> list[Any]:
    import pyarrow as pa

    column = _in_microseconds(rows.column(names.index(name)))
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


def _in_microseconds(column: pa.Array) -> pa.Array:
    """Return times in nanoseconds, which Python lacks, as others; exactly, as text."""
    import pyarrow as pa

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
    import pyarrow as pa

    types = [_ARROW_TYPE_BY_KIND[kind_of(name)] for name in layout.added]
    headings = [layout.prefix + name for name in layout.added]
    added = [pa.field(name, type_) for name, type_ in zip(headings, types, strict=True)]
    if layout.schema is None:
        return pa.schema([pa.field(name, "string") for name in layout.kept] + added)
    names = unique_names(layout.schema.names)
    kept = [layout.schema.field(names.index(name)) for name in layout.kept]
    return pa.schema(kept + added, metadata=layout.schema.metadata)


def _kept_column(batch: Batch, name: str, layout: Layout) -> pa.Array:

    if batch.arrow is not None and layout.schema is not None:
        names = unique_names(layout.schema.names)
        return batch.arrow.column(names.index(name))
    texts = [text_or_none(value) for value in batch.column(name)]
    return _texts(texts)


def _texts(values: Sequence[str | None]) -> pa.Array:
    """Return an array of strings.

    It is put together here, as the others are, for `pyarrow.array` imports pandas
    where that is installed, which takes as much memory as everything else.
    """
    import numpy as np
    import pyarrow as pa

    texts = [(storable(value) or "").encode() for value in values]
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    buffers = [_present(values), pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def _numbers(values: Sequence[float | None], kind: str) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    numbers = np.array([0 if value is None else value for value in values], kind)
    buffers = [_present(values), pa.py_buffer(numbers)]
    return pa.Array.from_buffers(pa.type_for_alias(kind), len(values), buffers)


def _flags(values: Sequence[bool | None]) -> pa.Array:
    import pyarrow as pa

    buffers = [_present(values), _bits(map(bool, values))]
    return pa.Array.from_buffers(pa.bool_(), len(values), buffers)


def _present(values: Sequence[Any]) -> pa.Buffer:
    return _bits(value is not None for value in values)


def _bits(claims: Iterable[bool]) -> pa.Buffer:
    import numpy as np
    import pyarrow as pa

    return pa.py_buffer(np.packbits(np.array(list(claims), bool), bitorder="little"))


_ARRAY_BY_TYPE: Final[dict[str, Callable[[Any], Any]]] = {
    "string": _texts,
    "double": partial(_numbers, kind="float64"),
    "int64": partial(_numbers, kind="int64"),
    "bool": _flags,
}
