"""Open a table to read and one to write: what each format needs, side by side."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, NamedTuple

from roleclf.errors import RequestError, WorkerError
from roleclf.tables.added import (
    AddedValues,
    added_cells,
    added_values,
    annotation_objects,
    layout_of,
)
from roleclf.tables.delimited import encode_delimited, heading, read_delimited
from roleclf.tables.jsonlines import encode_json_lines, read_json_lines
from roleclf.tables.numbers import number_lines, number_objects, number_rows
from roleclf.tables.parquet import encode_parquet, parquet_sink, read_parquet
from roleclf.tables.records import (
    FORMATS,
    STDIO,
    Batch,
    Layout,
    Reading,
    Table,
    TableSource,
    Writing,
)
from roleclf.tables.sources import (
    explained,
    format_of_head,
    format_of_name,
    is_plain_file,
    open_bytes,
    peek,
    place_of,
    rewindable,
    share_of,
)
from roleclf.tables.targets import is_stream, is_zipped, open_target, set_aside

__all__ = [
    "Output",
    "encode",
    "open_output",
    "open_table",
    "output_format",
    "packed",
]


def _no_heading(layout: Layout) -> bytes:
    return b""


@contextmanager
def _lines_sink(
    stream: BinaryIO,
    layout: Layout,
    start: int | None,
    begun: Path | None,
    *,
    opening: Callable[[Layout], bytes],
) -> Iterator[Callable[[Sequence[bytes]], int | None]]:
    def put(lines: Sequence[bytes]) -> int | None:
        stream.writelines(lines)
        # Whoever reads along sees each block when it is done.
        stream.flush()
        return stream.tell() if stream.seekable() else None

    if start is None:
        put(packed([opening(layout)], layout))
    yield put


class _FormatCodec(NamedTuple):
    """How a format is written: annotations to values, with a batch to bytes, out."""

    values: Callable[[AddedValues, Layout], Any]
    encode: Callable[[Batch, Any, Layout], Any]
    sink: Callable[
        [BinaryIO, Layout, int | None, Path | None],
        AbstractContextManager[Callable[[Sequence[Any]], int | None]],
    ]
    number: Callable[[Any, Sequence[int], Layout], Any]


_READER_BY_FORMAT: Final[dict[str, Callable[[TableSource, Reading], Table]]] = {
    "csv": partial(read_delimited, name="csv"),
    "tsv": partial(read_delimited, name="tsv"),
    "jsonl": read_json_lines,
    "parquet": read_parquet,
}
_DELIMITED: Final = _FormatCodec(
    added_cells,
    encode_delimited,
    partial(_lines_sink, opening=heading),
    number_lines,
)
_WAY_BY_FORMAT: Final = {
    "csv": _DELIMITED,
    "tsv": _DELIMITED,
    "jsonl": _FormatCodec(
        annotation_objects,
        encode_json_lines,
        partial(_lines_sink, opening=_no_heading),
        number_objects,
    ),
    "parquet": _FormatCodec(added_values, encode_parquet, parquet_sink, number_rows),
}


class Output(NamedTuple):
    """An open output.

    `put` writes what `encode` and `packed` make of a block, and tells how many bytes
    of a file, or row groups of Parquet, are whole then; None where no later run could
    go on from there. `number` puts the numbers of groups into what `encode` makes of a
    batch.
    """

    layout: Layout
    put: Callable[[Sequence[Any]], int | None]
    number: Callable[[Any, Sequence[int]], Any]

    @property
    def lasts(self) -> bool:
        """Tell whether a file can be gone on with that was never ended."""
        # What Parquet holds is told at its end.
        return self.layout.format != "parquet"


@contextmanager
def open_table(
    source: str, reading: Reading | None = None, *, settle: bool = False
) -> Iterator[Table]:
    """Open a file, or stdin for "-", as a table.

    Parameters
    ----------
    source : str
        Path or "-"; .gz is unpacked on the way.
    reading : Reading, optional
        Format, encoding and columns where they are not to be found out.
    settle : bool
        Know every column before the first batch; of JSON Lines this reads all
        lines twice.

    Raises
    ------
    TableError
        If it cannot be read as a table of postings, now or in a later batch.
    """
    reading = reading or Reading()
    with open_bytes(source) as stream, ExitStack() as stack:
        with explained(place_of(source)):
            name = _input_format(source, stream, reading)
            path = source if is_plain_file(source, stream) else None
            if name == "parquet" or (name == "jsonl" and settle):
                stream = stack.enter_context(rewindable(stream))
            opened = TableSource(
                stream,
                place_of(source),
                live=source == STDIO,
                settle=settle,
                path=path,
                share=share_of(source, stream),
            )
            table = _READER_BY_FORMAT[name](opened, reading)
        stack.enter_context(closing(table.blocks))
        yield table


@contextmanager
def open_output(
    source: str,
    target: str,
    table: Table,
    writing: Writing,
    roles: Sequence[str],
    start: int | None = None,
) -> Iterator[Output]:
    """Open a file, or stdout for "-", for the rows of `table`.

    A file appears at `target` when all is written, and not at all after an error.
    With `start`, it begins with that many bytes, or row groups of Parquet, that an
    interrupted run left.

    Raises
    ------
    RequestError
        If a column asked for does not exist, `target` tells no format, or it is
        the `source`.
    TableError
        If it cannot be written.
    """
    name = output_format(target, writing) or _stream_format(table)
    is_packed = is_zipped(target) and name != "parquet"
    layout = layout_of(table, writing, roles, name)._replace(is_packed=is_packed)
    way = _WAY_BY_FORMAT[name]
    begun = None
    with ExitStack() as stack:
        if name == "parquet" and start is not None:
            begun = stack.enter_context(set_aside(target))
        opened = open_target(
            source, target, start=0 if begun else start, is_packed=is_packed
        )
        stream = stack.enter_context(opened)
        copied: list[Path] = []
        # Called when the sink is closed, for only then what it wrote stands.
        stack.push(partial(_let_go, copied))
        put = stack.enter_context(way.sink(stream, layout, start, begun))
        copied += [begun] if begun else []
        yield Output(layout, put, lambda rows, n: way.number(rows, n, layout))


def _let_go(
    copied: Sequence[Path],
    kind: type[BaseException] | None,
    error: BaseException | None,
    trace: TracebackType | None,
) -> None:
    """Remove what a run went on from and has copied, once its own stands instead.

    After an error, as of a full disk, another run goes on from the same again.
    """
    if kind is None or issubclass(kind, KeyboardInterrupt | WorkerError):
        for begun in copied:
            begun.unlink()


def packed(parts: list[Any], layout: Layout) -> list[Any]:
    """Return the encoded batches of a block, compressed where that is asked for.

    What is compressed is whole in itself, so that blocks can be packed by different
    processes, or on different days.
    """
    if not layout.is_packed:
        return parts
    # No time inside: the same rows give the same bytes.
    return [gzip.compress(b"".join(parts), 6, mtime=0)]


def encode(batch: Batch, said: AddedValues, layout: Layout) -> Any:
    """Return the rows of a batch as an output of that layout has them."""
    way = _WAY_BY_FORMAT[layout.format]
    return way.encode(batch, way.values(said, layout), layout)


def output_format(target: str, writing: Writing) -> str | None:
    """Return the format asked for or told by the name; None for a stream's default.

    Raises
    ------
    RequestError
        If it is a file whose name tells no format.
    """
    name = writing.format or format_of_name(target)
    if name is not None:
        return _known(name, target)
    if is_stream(target):
        return None
    mend = f"end it in .{', .'.join(FORMATS)} or name it with --output-format"
    raise RequestError(target, "the name of the output tells no format", mend)


def _input_format(source: str, stream: BinaryIO, reading: Reading) -> str:
    name = reading.format or format_of_name(source)
    if name is not None:
        return _known(name, source)
    return format_of_head(peek(stream), place_of(source))


def _stream_format(table: Table) -> str:
    return "jsonl" if table.format == "jsonl" else "csv"


def _known(name: str, place: str) -> str:
    if name in FORMATS:
        return name
    raise RequestError(
        place_of(place), f"no format '{name}'", f"use one of {', '.join(FORMATS)}"
    )
