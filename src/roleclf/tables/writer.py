"""Open an output of any format, and encode annotated rows for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from roleclf.errors import WorkerError
from roleclf.tables.added_columns import layout_of
from roleclf.tables.formats import codec_of, output_format
from roleclf.tables.records import AddedValues, Batch, Layout, Table, Writing
from roleclf.tables.targets import is_zipped, open_target, set_aside

__all__ = ["Output", "encode_batch", "open_output"]


class Output(NamedTuple):
    """An open output.

    `write` takes the encoded, possibly compressed, batches of a block, and returns how
    many bytes of a file, or row groups of Parquet, are complete then; None if a later
    run cannot resume there. `set_groups` puts the numbers of groups into an encoded
    batch.
    """

    layout: Layout
    write: Callable[[Sequence[Any]], int | None]
    set_groups: Callable[[Any, Sequence[int]], Any]

    @property
    def is_resumable(self) -> bool:
        """Tell whether a later run can continue a file that was never closed."""
        # Parquet has its schema and the places of its row groups at the end.
        return self.layout.format != "parquet"


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
    codec = codec_of(name)
    begun = None
    with ExitStack() as stack:
        if name == "parquet" and start is not None:
            begun = stack.enter_context(set_aside(target))
        opened = open_target(
            source, target, start=0 if begun else start, is_packed=is_packed
        )
        stream = stack.enter_context(opened)
        copied: list[Path] = []
        # Called after the sink is closed, for only then its file is complete.
        stack.push(partial(_remove_copied, copied))
        write = stack.enter_context(codec.open_sink(stream, layout, start, begun))
        copied += [begun] if begun else []
        yield Output(layout, write, partial(_set_groups, layout=layout))


def encode_batch(batch: Batch, added: AddedValues, layout: Layout) -> Any:
    """Return the rows of a batch as an output of that layout has them."""
    return codec_of(layout.format).encode(batch, added, layout)


def _set_groups(rows: Any, numbers: Sequence[int], *, layout: Layout) -> Any:
    return codec_of(layout.format).set_groups(rows, numbers, layout)


def _stream_format(table: Table) -> str:
    return "jsonl" if table.format == "jsonl" else "csv"


def _remove_copied(
    copied: Sequence[Path],
    kind: type[BaseException] | None,
    error: BaseException | None,
    trace: TracebackType | None,
) -> None:
    """Remove what an interrupted run left, now that this run's output contains it.

    After an error, such as a full disk, it stays for another run to resume from.
    """
    if kind is None or issubclass(kind, KeyboardInterrupt | WorkerError):
        for begun in copied:
            begun.unlink()
