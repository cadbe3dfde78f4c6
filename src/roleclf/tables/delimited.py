"""CSV and TSV, as people and programs really write them.

Quotes, newlines in quotes and stray quotes are read by the csv module. A row with
too few fields is filled up with empty ones; of one with too many, the surplus stays
in the last column and the row is `unreadable`, since nobody knows where it broke.
Blank lines are no rows.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Generator, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables.batches import cut
from roleclf.tables.columns import find_columns, missing, unique_names
from roleclf.tables.records import (
    UNREADABLE,
    Batch,
    Found,
    Layout,
    Reading,
    Source,
    Table,
)
from roleclf.tables.sources import encoding_of, guarded, peek, text_lines
from roleclf.tables.values import cell

__all__ = ["encode_delimited", "heading", "read_delimited"]

_LOG: Final = logging.getLogger(__name__)
_DELIMITERS: Final = {"csv": ",;\t|", "tsv": "\t"}
# The csv module stops at 128 KiB otherwise; beyond this a quote is surely open.
_FIELD_LIMIT: Final = 1 << 27
# Lines that column names with newlines in them may take.
_HEADER_LINES: Final = 99

type_row = tuple[list[str], str | None]


def read_delimited(source: Source, reading: Reading, *, name: str) -> Table:
    """Open a stream of CSV or TSV (`name` says which) as a table.

    Raises
    ------
    TableError
        If it is empty or has no column to read.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    place = source.place
    encoding = encoding_of(peek(source.stream), reading.encoding, place)
    lines = guarded(text_lines(source.stream, encoding, place), place)
    header = list(_header(lines))
    if not any(map(str.strip, header)):
        mend = "give a table with a line of column names"
        raise TableError(place, "the file is empty", mend)
    delimiter = _delimiter(header, _DELIMITERS[name], reading)
    rows = _rows(chain(header, lines), delimiter, place)
    labels, _ = next(rows)
    names = unique_names(labels)
    found = find_columns(names, reading, place)
    batches = _batches(rows, names, found, live=source.live)
    return Table(place, name, names, tuple(labels), found, batches)


def heading(layout: Layout) -> bytes:
    """Return the line of column names."""
    added = [layout.prefix + name for name in layout.added]
    return _encode([[*layout.labels, *added]], layout.format)


def encode_delimited(
    batch: Batch, added: Sequence[Sequence[str]], layout: Layout
) -> bytes:
    """Return the lines of a batch; `added` are the cells to add, by column."""
    kept = [map(cell, batch.column(name)) for name in layout.kept]
    return _encode(zip(*kept, *added, strict=True), layout.format)


def _header(lines: Iterator[str]) -> Iterator[str]:
    """Yield the lines down to the end of the first row: its quotes come in pairs."""
    n_quotes = 0
    for line in islice(lines, _HEADER_LINES):
        # The csv module skips an empty line, but not one of blanks.
        yield line if n_quotes or line.strip() else "\n"
        n_quotes += line.count('"')
        if line.strip() and n_quotes % 2 == 0:
            return


def _delimiter(header: Sequence[str], candidates: str, reading: Reading) -> str:
    """Return the candidate that shows most of the columns we look for in a header."""

    def gain(delimiter: str) -> tuple[int, int]:
        fields = next(filter(None, csv.reader(header, delimiter=delimiter)), [])
        return -len(missing(fields, reading)), len(fields)

    return max(candidates, key=gain)


def _rows(lines: Iterator[str], delimiter: str, place: str) -> Iterator[type_row]:
    """Yield each row, made as wide as the first one, and its problem."""
    width = 0
    ended: list[bool] = []
    reader = csv.reader(_noting_end(lines, ended), delimiter=delimiter)
    n_line = 1
    try:
        for fields in reader:
            if not fields:
                continue
            width = width or len(fields)
            row, problem = _fitted(fields, width, delimiter)
            if ended:
                problem = UNREADABLE
                _LOG.warning("%s, line %d: a quote is never closed", place, n_line)
            yield row, problem
            n_line = reader.line_num + 1
    except csv.Error as error:
        mend = "look for a quote that is never closed"
        raise TableError(f"{place}, line {n_line}", str(error), mend) from error


def _noting_end(lines: Iterator[str], ended: list[bool]) -> Iterator[str]:
    # The csv module closes an open quote at the end of the file in silence; but it
    # comes here for another line before it does.
    yield from lines
    ended.append(True)


def _fitted(fields: list[str], width: int, delimiter: str) -> type_row:
    surplus = fields[width:]
    if len(fields) <= width or not any(surplus):
        return fields[:width] + [""] * (width - len(fields)), None
    last = delimiter.join(fields[width - 1 :])
    return [*fields[: width - 1], last], UNREADABLE


def _batches(
    rows: Iterator[type_row], names: Sequence[str], found: Found, *, live: bool
) -> Generator[Batch]:
    for part in cut(rows, _weight, live=live):
        columns = zip(*(fields for fields, _ in part), strict=True)
        values_by_name = dict(zip(names, columns, strict=True))
        problems = [problem for _, problem in part]
        postings = _postings(values_by_name, problems, found)
        yield Batch(postings, problems, values_by_name.__getitem__)


def _weight(row: type_row) -> int:
    return sum(map(len, row[0]))


def _postings(
    values_by_name: dict[str, tuple[str, ...]],
    problems: Sequence[str | None],
    found: Found,
) -> list[Posting]:
    nothing: tuple[None, ...] = (None,) * len(problems)
    columns: tuple[Any, ...] = tuple(
        nothing if name is None else values_by_name[name]
        for name in (found.title, found.description, found.id)
    )
    return [
        Posting() if problem else Posting(title, description, id_ or None)
        for title, description, id_, problem in zip(*columns, problems, strict=True)
    ]


def _encode(rows: Any, name: str) -> bytes:
    """Return the rows as lines of UTF-8; lone surrogates, which it lacks, escaped."""
    lines = _Lines()
    # Python < 3.13 quotes a carriage return only if it is in the line terminator.
    delimiter = _DELIMITERS[name][0]
    csv.writer(lines, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return "".join(lines).encode("utf-8", "backslashreplace")


class _Lines(list[str]):
    """Collects what the csv module writes, lines ended as everywhere else."""

    def write(self, line: str) -> None:
        """Keep one line."""
        self.append(line.removesuffix("\r\n") + "\n")
