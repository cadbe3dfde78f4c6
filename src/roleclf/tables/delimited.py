"""CSV and TSV, as people and programs really write them.

Quotes, newlines in quotes and stray quotes are read as the csv module reads them. A
row with too few fields is filled up with empty ones; of one with too many, the surplus
stays in the last column and the row is `unreadable`, since nobody knows where it broke.
Blank lines are no rows. Into a table of the same kind a row is copied as it stands.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import repeat, takewhile
from typing import TYPE_CHECKING, Final, NoReturn

from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables.batches import cut
from roleclf.tables.blocks import Inflow, blocks_of, bytes_of_block, foreign
from roleclf.tables.columns import find_columns, missing, unique_names
from roleclf.tables.records import (
    Batch,
    Block,
    FoundColumns,
    Layout,
    Reading,
    Shape,
    Table,
    TableSource,
)
from roleclf.tables.sources import encoding_of, peek
from roleclf.tables.values import cell, csv_lines, csv_lines_of

if TYPE_CHECKING:
    from roleclf.tables.rows import Rows

__all__ = ["encode_delimited", "heading", "read_delimited"]

_DELIMITERS: Final = {"csv": ",;\t|", "tsv": "\t"}
# Lines that column names with newlines in them may take, and bytes to look for them in.
_HEADER_LINES: Final = 99
_HEADER_SIZE: Final = 1 << 16


def read_delimited(source: TableSource, reading: Reading, *, name: str) -> Table:
    """Open a stream of CSV or TSV (`name` says which) as a table.

    Raises
    ------
    TableError
        If it is empty or has no column to read.
    """
    place = source.place
    encoding = encoding_of(peek(source.stream), reading.encoding, place)
    inflow = Inflow(source, encoding)
    header = _header(inflow, place)
    if not any(map(str.strip, header)):
        mend = "give a table with a line of column names"
        raise TableError(place, "the file is empty", mend)
    delimiter = _delimiter(header, _DELIMITERS[name], reading)
    labels = _labels(inflow, header, delimiter)
    names = unique_names(labels)
    found = find_columns(names, reading, place)
    shape = Shape(place, delimiter, len(names))
    blocks = blocks_of(inflow, partial(_row_end, inflow=inflow, shape=shape))
    read = partial(_batches, shape=shape, names=names, found=found)
    copies = tuple(kind for kind in _DELIMITERS if _DELIMITERS[kind][0] == delimiter)
    return Table(place, name, names, labels, found, blocks, read, copies)


def heading(layout: Layout) -> bytes:
    """Return the line of column names."""
    added = [layout.prefix + name for name in layout.added]
    rows = [[*layout.labels, *added]]
    return b"".join(csv_lines(rows, _DELIMITERS[layout.format][0]))


def encode_delimited(
    batch: Batch, added: Sequence[Sequence[str]], layout: Layout
) -> bytes:
    """Return the lines of a batch; `added` are the cells to add, by column."""
    delimiter = _DELIMITERS[layout.format][0]
    if layout.copied and batch.rows is not None:
        # Here, and further down: what they import has numpy to load.
        from roleclf.tables.cells import with_ends

        # An empty field in front leaves the delimiter that goes between.
        ends = csv_lines_of([repeat("", len(batch.postings)), *added], delimiter)
        return with_ends(*batch.rows, ends)
    kept = [map(cell, batch.column(name)) for name in layout.kept]
    return b"".join(csv_lines_of([*kept, *added], delimiter))


def _header(inflow: Inflow, place: str) -> list[str]:
    """Return the lines down to the end of the first row: its quotes come in pairs."""
    inflow.more(_HEADER_SIZE)
    while (lines := _first_row(inflow.held, ended=inflow.ended)) is None:
        inflow.more(max(_HEADER_SIZE, len(inflow.held)))
    try:
        texts = [line.decode() for line in lines]
    except UnicodeDecodeError as error:
        raise foreign(error, 0, "utf-8", place) from error
    # The csv module skips an empty line, but not one of blanks.
    blank = list(takewhile(lambda text: not text.strip(), texts))
    return ["\n"] * len(blank) + texts[len(blank) :]


def _first_row(data: bytes, *, ended: bool) -> list[bytes] | None:
    """Return the lines of the first row; None if more may come of it."""
    lines = data.splitlines(keepends=True)
    n_quotes = 0
    for n_lines, line in enumerate(lines[:_HEADER_LINES], start=1):
        n_quotes += line.count(b'"')
        if line.strip() and n_quotes % 2 == 0:
            # What ends in a carriage return may still end in both.
            whole = ended or line.endswith(b"\n") or n_lines < len(lines)
            return lines[:n_lines] if whole else None
    return lines if ended or len(lines) > _HEADER_LINES else None


def _delimiter(header: Sequence[str], candidates: str, reading: Reading) -> str:
    """Return the candidate that shows most of the columns we look for in a header."""

    def gain(delimiter: str) -> tuple[int, int]:
        fields = next(filter(None, csv.reader(header, delimiter=delimiter)), [])
        return -len(missing(fields, reading)), len(fields)

    return max(candidates, key=gain)


def _labels(inflow: Inflow, header: Sequence[str], delimiter: str) -> tuple[str, ...]:
    """Take the header off what is held."""
    reader = csv.reader(header, delimiter=delimiter)
    labels = next(filter(None, reader))
    taken = inflow.held.splitlines(keepends=True)[: reader.line_num]
    inflow.take(sum(map(len, taken)))
    return tuple(labels)


def _row_end(data: bytes, *, inflow: Inflow, shape: Shape) -> int:
    from roleclf.tables.fields import last_row_end
    from roleclf.tables.rows import odd_row_end

    end = last_row_end(data, shape.delimiter)
    return odd_row_end(data, inflow.line, shape) if end is None else end


def _batches(
    block: Block, *, shape: Shape, names: Sequence[str], found: FoundColumns
) -> Iterator[Batch]:
    from roleclf.tables.cells import is_utf8
    from roleclf.tables.rows import read_rows

    data = bytes_of_block(block)
    # Columns that nobody asks for are copied undecoded, so all is looked at here.
    if not is_utf8(data):
        _refuse(data, block.line, shape)
    rows = read_rows(data, block.line, shape)
    weights = (rows.stops - rows.starts).tolist()
    for part in cut(range(len(weights)), weights.__getitem__):
        yield _batch(rows, part[0], part[-1] + 1, names, found)


def _refuse(data: bytes, line: int, shape: Shape) -> NoReturn:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise foreign(error, line, "utf-8", shape.place) from error
    raise AssertionError


def _batch(
    rows: Rows, first: int, stop: int, names: Sequence[str], found: FoundColumns
) -> Batch:
    def column(name: str) -> list[str]:
        return rows.column(names.index(name), first, stop)

    problems = rows.problems[first:stop]
    nothing = [None] * len(problems)
    titles, descriptions, ids = (
        nothing if name is None else column(name)
        for name in (found.title, found.description, found.id)
    )
    postings = list(map(Posting, titles, descriptions, (id_ or None for id_ in ids)))
    for place, problem in enumerate(problems):
        if problem:
            postings[place] = Posting()
    lines = rows.data, rows.starts[first:stop], rows.stops[first:stop]
    return Batch(postings, problems, column, rows=lines)
