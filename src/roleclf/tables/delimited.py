"""Read and write CSV and TSV, as people and programs really write them.

Quotes, newlines in quotes and stray quotes are read as the csv module reads them. A row
with too few fields is filled up with empty ones. Of a row with too many, the surplus
stays in the last column and the row is `unreadable`, since nobody knows which field
broke. Blank lines are no rows. Rows are copied as they are into a table of the same
kind.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import repeat, takewhile
from typing import Final

from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables.added_columns import added_cells, set_group_numbers
from roleclf.tables.batches import in_batches
from roleclf.tables.blocks import (
    InputBuffer,
    bytes_of_block,
    read_blocks,
    wrong_encoding,
)
from roleclf.tables.columns import find_columns, missing_columns, unique_names
from roleclf.tables.csv_fields import is_valid_utf8
from roleclf.tables.csv_rows import (
    CsvRows,
    CsvShape,
    find_row_end,
    read_rows,
    with_endings,
)
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
from roleclf.tables.sources import encoding_of, peek
from roleclf.tables.targets import lines_sink
from roleclf.tables.values import cell, csv_lines, csv_lines_of

__all__ = ["CSV", "TSV"]

# The delimiters that a table of each kind may have; one that is written has the first.
_DELIMITERS: Final = {"csv": ",;\t|", "tsv": "\t"}
# How many lines column names with newlines in them may take, and how many bytes are
# read at a time to find them.
_HEADER_LINES: Final = 99
_HEADER_SIZE: Final = 1 << 16


def _read_delimited(source: TableSource, reading: Reading, *, name: str) -> Table:
    """Open a stream of CSV or TSV (`name` says which) as a table.

    Raises
    ------
    TableError
        If it is empty or has no column to read.
    """
    place = source.place
    encoding = encoding_of(peek(source.stream), reading.encoding, place)
    buffer = InputBuffer(source, encoding)
    header = _read_header(buffer, place)
    if not any(map(str.strip, header)):
        mend = "give a table with a line of column names"
        raise TableError(place, "the file is empty", mend)
    delimiter = _find_delimiter(header, _DELIMITERS[name], reading)
    labels = _take_labels(buffer, header, delimiter)
    names = unique_names(labels)
    found = find_columns(names, reading, place)
    shape = CsvShape(place, delimiter, len(names))
    blocks = read_blocks(buffer, lambda data: find_row_end(data, buffer.line, shape))
    read = partial(_read_batches, shape=shape, names=names, found=found)
    copies = tuple(kind for kind in _DELIMITERS if _DELIMITERS[kind][0] == delimiter)
    return Table(place, name, names, labels, found, blocks, read, copies)


def _encode_delimited(batch: Batch, added: AddedValues, layout: Layout) -> bytes:
    """Return the lines of a batch with the added columns."""
    delimiter = _DELIMITERS[layout.format][0]
    cells = added_cells(added, layout)
    if layout.copies_rows and batch.csv_rows is not None:
        # An empty field in front leaves the delimiter that goes between.
        ends = csv_lines_of([repeat("", len(batch.postings)), *cells], delimiter)
        return with_endings(*batch.csv_rows, ends)
    kept = [map(cell, batch.column(name)) for name in layout.kept]
    return b"".join(csv_lines_of([*kept, *cells], delimiter))


def _encode_heading(layout: Layout) -> bytes:
    added = [layout.prefix + name for name in layout.added]
    rows = [[*layout.labels, *added]]
    return b"".join(csv_lines(rows, _DELIMITERS[layout.format][0]))


def _read_header(buffer: InputBuffer, place: str) -> list[str]:
    """Return the lines up to the end of the first row; none are taken."""
    buffer.read(_HEADER_SIZE)
    while (lines := _first_row(buffer.data, has_ended=buffer.has_ended)) is None:
        buffer.read(max(_HEADER_SIZE, len(buffer.data)))
    try:
        texts = [line.decode() for line in lines]
    except UnicodeDecodeError as error:
        raise wrong_encoding(error, 0, "utf-8", place) from error
    # The csv module skips an empty line, but not one of blanks.
    blank = list(takewhile(lambda text: not text.strip(), texts))
    return ["\n"] * len(blank) + texts[len(blank) :]


def _first_row(data: bytes, *, has_ended: bool) -> list[bytes] | None:
    """Return the lines of the first row; None if more of it may follow.

    The row ends where its quotes come in pairs.
    """
    lines = data.splitlines(keepends=True)
    n_quotes = 0
    for n_lines, line in enumerate(lines[:_HEADER_LINES], start=1):
        n_quotes += line.count(b'"')
        if line.strip() and n_quotes % 2 == 0:
            # A newline may follow a carriage return.
            whole = has_ended or line.endswith(b"\n") or n_lines < len(lines)
            return lines[:n_lines] if whole else None
    return lines if has_ended or len(lines) > _HEADER_LINES else None


def _find_delimiter(header: Sequence[str], candidates: str, reading: Reading) -> str:
    """Return the candidate with which the header names most columns to read."""

    def gain(delimiter: str) -> tuple[int, int]:
        fields = next(filter(None, csv.reader(header, delimiter=delimiter)), [])
        return -len(missing_columns(fields, reading)), len(fields)

    return max(candidates, key=gain)


def _take_labels(
    buffer: InputBuffer, header: Sequence[str], delimiter: str
) -> tuple[str, ...]:
    """Take the header from the buffer and return the column headings."""
    reader = csv.reader(header, delimiter=delimiter)
    labels = next(filter(None, reader))
    lines = buffer.data.splitlines(keepends=True)[: reader.line_num]
    buffer.take(sum(map(len, lines)))
    return tuple(labels)


def _read_batches(
    block: Block, *, shape: CsvShape, names: Sequence[str], found: FoundColumns
) -> Iterator[Batch]:
    data = bytes_of_block(block)
    _check_utf8(data, block.line, shape.place)
    rows = read_rows(data, block.line, shape)
    sizes = (rows.stops - rows.starts).tolist()
    for part in in_batches(range(len(sizes)), sizes.__getitem__):
        yield _to_batch(rows, part[0], part[-1] + 1, names, found)


def _check_utf8(data: bytes, line: int, place: str) -> None:
    """Refuse bytes that are not UTF-8, also in columns that are copied undecoded."""
    if not is_valid_utf8(data):
        try:
            data.decode()
        except UnicodeDecodeError as error:
            raise wrong_encoding(error, line, "utf-8", place) from error


def _to_batch(
    rows: CsvRows, first: int, stop: int, names: Sequence[str], found: FoundColumns
) -> Batch:
    def column(name: str) -> list[str]:
        return rows.column(names.index(name), first, stop)

    problems = rows.problems[first:stop]
    nothing = [None] * len(problems)
    titles, descriptions, ids, employers = (
        nothing if name is None else column(name) for name in found
    )
    known_ids = (id_ or None for id_ in ids)
    postings = list(map(Posting, titles, descriptions, known_ids, employers))
    for place, problem in enumerate(problems):
        if problem:
            postings[place] = Posting()
    spans = rows.data, rows.starts[first:stop], rows.stops[first:stop]
    return Batch(postings, problems, column, csv_rows=spans)


def _codec(name: str) -> FormatCodec:
    return FormatCodec(
        read=partial(_read_delimited, name=name),
        encode=_encode_delimited,
        open_sink=partial(lines_sink, heading=_encode_heading),
        set_groups=lambda lines, numbers, layout: set_group_numbers(
            lines, layout.group_mark, numbers
        ),
    )


CSV: Final = _codec("csv")
TSV: Final = _codec("tsv")
