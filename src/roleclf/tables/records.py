"""The frozen values of reading and writing a table.

They hold no logic but their own shape; `Batch` is what travels between a reader,
the annotator and a writer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from roleclf.records import Posting

if TYPE_CHECKING:
    # Costly to import, and only the Parquet reader and writer need it.
    import pyarrow as pa

    from roleclf.tables.fields import type_places

__all__ = [
    "FORMATS",
    "STDIO",
    "UNREADABLE",
    "Batch",
    "Block",
    "FoundColumns",
    "Layout",
    "Progress",
    "Reading",
    "Shape",
    "Span",
    "Table",
    "TableSource",
    "Writing",
]

FORMATS: Final = ("csv", "tsv", "jsonl", "parquet")
# What stands for stdin and stdout where a path is asked for.
STDIO: Final = "-"
# The problem of a row that cannot be taken apart into columns.
UNREADABLE: Final = "unreadable"


class Progress(NamedTuple):
    """How many rows are done, how many of them without a role, and what is left.

    `share` is how much of the input is done, in 0-1, None where nobody knows.
    """

    rows: int
    rejected: int
    share: float | None


class Reading(NamedTuple):
    """How to read a table; what is None is found out from the table itself."""

    title: str | None = None
    description: str | None = None
    id: str | None = None
    format: str | None = None
    encoding: str | None = None


class Writing(NamedTuple):
    """What to write of a table and its annotations.

    `columns` are the input columns to copy, None for all of them. What is less
    probable than `min_confidence` is never `sure`.
    """

    columns: tuple[str, ...] | None = None
    prefix: str = "roleclf_"
    probabilities: bool = False
    reasons: bool = False
    text: bool = False
    groups: bool = False
    min_confidence: float = 0.0
    format: str | None = None


class TableSource(NamedTuple):
    """An open stream of bytes, and what messages call it.

    `live` asks for the first rows as soon as they are there; `settle` for all
    columns before the first row. `path` is None where the bytes are not those of a
    file, such as unpacked ones; `share` tells how much of it is read.
    """

    stream: BinaryIO
    place: str
    live: bool = False
    settle: bool = False
    path: str | None = None
    share: Callable[[], float | None] = lambda: None


class Span(NamedTuple):
    """Bytes, or row groups, of a file, from `start` on."""

    path: str
    start: int
    size: int


class Block(NamedTuple):
    """A stretch of whole rows, enough for a process to be busy with for a while.

    `rows` are bytes in UTF-8, or Arrow record batches; `line` is the number of lines
    before them. `is_full` is False for the last block, and while a live stream is
    slow. Where `span` is known, another process is told it instead of the rows and
    reads them itself; so does this one, if `rows` is None. Else they may go on behind
    its end. `share` is how much of the input is read with it, in 0-1.
    """

    rows: Any
    is_full: bool
    line: int = 0
    span: Span | None = None
    share: float | None = None

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        rows = None if self.span else self.rows
        return type(self), (rows, self.is_full, self.line, self.span, self.share)


class Shape(NamedTuple):
    """What rows of CSV have in common: where they are from, and how they are cut."""

    place: str
    delimiter: str
    width: int


class FoundColumns(NamedTuple):
    """The columns that hold title, description and id; None where there is none."""

    title: str | None = None
    description: str | None = None
    id: str | None = None


class Batch(NamedTuple):
    """Some rows of a table, in order.

    `problems` says of each row why it could not be read, or None. `column` gives
    the values of an input column by its name. `rows`, `lines` and `arrow` hold the
    same rows as they came, for a writer of the same format: where in some bytes each
    row of CSV starts and stops before its end, each line of JSON without its end, or
    the Arrow record batch.
    """

    postings: Sequence[Posting]
    problems: Sequence[str | None]
    column: Callable[[str], Sequence[Any]]
    rows: tuple[bytes, type_places, type_places] | None = None
    lines: Sequence[bytes] | None = None
    arrow: pa.RecordBatch | None = None


class Table(NamedTuple):
    """An open table: what it looks like, and its rows as a stream of blocks.

    `labels` are the column headings as written, `names` the same made unique. `read`
    takes a block apart, here or in another process. `copies` are the output formats
    in which the rows may stand as they came. `settled` is False where a later row
    may still bring a column that is not in `names` (JSON Lines).
    """

    place: str
    format: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    found: FoundColumns
    blocks: Generator[Block]
    read: Callable[[Block], Iterator[Batch]]
    copies: tuple[str, ...] = ()
    settled: bool = True
    schema: pa.Schema | None = None

    @property
    def batches(self) -> Iterator[Batch]:
        """Yield the rows, one batch after the other."""
        return chain.from_iterable(map(self.read, self.blocks))


class Layout(NamedTuple):
    """What the rows of an output look like.

    `kept` are the names of the input columns that are copied, under the headings
    `labels`; `added` the annotation's columns, without `prefix`. `whole` says that
    every input column is kept, `copied` that rows are written as they came,
    `is_packed` that each block is compressed.
    """

    format: str
    kept: tuple[str, ...]
    labels: tuple[str, ...]
    added: tuple[str, ...]
    prefix: str
    whole: bool
    copied: bool
    text: bool
    min_confidence: float
    schema: pa.Schema | None = None
    is_packed: bool = False
    # Stands in encoded rows for the number of a group; empty where none is asked for.
    mark: str = ""
