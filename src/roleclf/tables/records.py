"""The records that readers, annotator and writers of tables hand to each other."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, Protocol

from roleclf.records import Posting

if TYPE_CHECKING:
    # Costly to import, and not needed before a table is read.
    import pyarrow as pa

    from roleclf.records import Annotation
    from roleclf.tables.csv_fields import type_offsets
    from roleclf.text import Signatures

__all__ = [
    "FORMATS",
    "STDIO",
    "UNREADABLE",
    "AddedValues",
    "AnnotationColumns",
    "Batch",
    "Block",
    "FileSpan",
    "FormatCodec",
    "FoundColumns",
    "Layout",
    "Progress",
    "Reading",
    "Table",
    "TableSource",
    "Writing",
]

FORMATS: Final = ("csv", "tsv", "jsonl", "parquet")
# Stands for stdin and stdout where a path is asked for.
STDIO: Final = "-"
# The problem of a row that cannot be split into columns.
UNREADABLE: Final = "unreadable"


class Progress(NamedTuple):
    """How many rows are done, how many of them have no role, and how much is read.

    `share` of the input is in 0-1, None where its size is unknown. An encoder read
    `reread` of the rows.
    """

    rows: int
    rejected: int
    share: float | None
    reread: int = 0


class Reading(NamedTuple):
    """Options for reading a table; None means: find out from the table itself.

    `title`, `description`, `id` and `employer` are names of columns.
    """

    title: str | None = None
    description: str | None = None
    id: str | None = None
    employer: str | None = None
    format: str | None = None
    encoding: str | None = None


class Writing(NamedTuple):
    """Options for writing a table and its annotations.

    `columns` are the input columns to copy, None for all of them. Rows with a
    confidence below `min_confidence` are never `sure`.
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

    `is_live` asks for the first rows as soon as they arrive, `settle` for all columns
    before the first row. `path` is None where the bytes are not those of a file, as
    after unpacking; `share` returns how much of the input is read. `cost` is how many
    times longer than usual a row takes to annotate; blocks are as much smaller.
    """

    stream: BinaryIO
    place: str
    is_live: bool = False
    settle: bool = False
    path: str | None = None
    share: Callable[[], float | None] = lambda: None
    cost: int = 1


class FileSpan(NamedTuple):
    """A range of a file, in bytes or, of Parquet, in row groups."""

    path: str
    start: int
    size: int


class Block(NamedTuple):
    """Some whole rows, enough to keep a process busy for a while.

    `rows` are bytes in UTF-8, or Arrow record batches; `line` is the number of lines
    before them. `is_full` is False for the last block, and while a live stream is
    slow. Where `span` is known, `rows` may be None, and are not sent to another
    process: whoever needs them reads them there. `share` is how much of the input is
    read up to the end of the block, in 0-1.
    """

    rows: Any
    is_full: bool
    line: int = 0
    span: FileSpan | None = None
    share: float | None = None

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        rows = None if self.span else self.rows
        return type(self), (rows, self.is_full, self.line, self.span, self.share)


class FoundColumns(NamedTuple):
    """The columns of title, description, id and employer; None where there is none."""

    title: str | None = None
    description: str | None = None
    id: str | None = None
    employer: str | None = None


class Batch(NamedTuple):
    """Some rows of a table, in order.

    `problems` says of each row why it could not be read, or None. `column` returns
    the values of an input column by its name. One of `csv_rows`, `json_lines` and
    `arrow_rows` holds the rows as they were read, for a writer of the same format:
    bytes and the offsets in them where rows of CSV start and stop, lines of JSON (both
    without line ends), or the Arrow record batch.
    """

    postings: Sequence[Posting]
    problems: Sequence[str | None]
    column: Callable[[str], Sequence[Any]]
    csv_rows: tuple[bytes, type_offsets, type_offsets] | None = None
    json_lines: Sequence[bytes] | None = None
    arrow_rows: pa.RecordBatch | None = None


class Table(NamedTuple):
    """An open table: its columns, and its rows as a stream of blocks.

    `labels` are the column headings as written, `names` the same made unique. `read`
    splits a block into batches, in this process or another. `copies` are the output
    formats into which rows can be copied as they were read. `settled` is False where a
    later row may bring a column that is not in `names` (JSON Lines).
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
    """The columns of an output, and how its rows are written.

    `kept` are the names of the input columns that are copied, under the headings
    `labels`; `added` are those of the annotation, without `prefix`.
    """

    format: str
    kept: tuple[str, ...]
    labels: tuple[str, ...]
    added: tuple[str, ...]
    prefix: str
    # Every input column is kept.
    keeps_all: bool
    # Rows are written as they were read.
    copies_rows: bool
    # The annotation object of JSON has the cleaned text.
    text: bool
    min_confidence: float
    schema: pa.Schema | None = None
    # Each block is compressed by itself.
    is_packed: bool = False
    # Placeholder for the number of a group; empty if no groups are asked for.
    group_mark: str = ""


class AnnotationColumns(Protocol):
    """What a writer asks of the annotations of a batch."""

    def columns(self, names: Sequence[str]) -> dict[str, list[Any]]:
        """Return one list of values for each name."""

    def signatures(self) -> Signatures:
        """Return the signatures by which near-duplicate texts are found."""

    def __iter__(self) -> Iterator[Annotation]:
        """Yield each annotation, in order."""


class AddedValues(NamedTuple):
    """The annotations of a batch, and the values of the added columns.

    `columns` are by name, without prefix. The values of `sure` heed the least
    confidence asked for; those of the annotations do not.
    """

    annotations: AnnotationColumns
    columns: Mapping[str, Sequence[Any]]


class FormatCodec(NamedTuple):
    """The functions that read and write one format.

    `encode` returns a batch and its annotations as the output has them. `open_sink`
    gives a function that writes encoded batches, and returns how many bytes of a file,
    or row groups of Parquet, are complete then; None if a later run cannot resume
    there. Its last two arguments are how many an interrupted run left, and the file to
    copy them from, if they are not in the stream. `set_groups` puts numbers of groups
    in the place of `Layout.group_mark`.
    """

    read: Callable[[TableSource, Reading], Table]
    encode: Callable[[Batch, AddedValues, Layout], Any]
    open_sink: Callable[
        [BinaryIO, Layout, int | None, Path | None],
        AbstractContextManager[Callable[[Sequence[Any]], int | None]],
    ]
    set_groups: Callable[[Any, Sequence[int], Layout], Any]
