"""The rows of a block of CSV.

The fields of regular rows are cut out of the bytes when a column is asked for; what is
odd is read by the csv module. Either way a row has as many fields as there are columns,
and a line that says the same.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.errors import TableError
from roleclf.tables.cells import cells_of
from roleclf.tables.fields import Marks, find_marks, type_places
from roleclf.tables.records import UNREADABLE, Shape
from roleclf.tables.values import csv_lines

__all__ = ["Rows", "odd_row_end", "read_rows"]

_LOG: Final = logging.getLogger(__name__)
# The csv module stops at 128 KiB otherwise; beyond this a quote is surely open.
_FIELD_LIMIT: Final = 1 << 27
_RETURN: Final = ord("\r")


class Rows(NamedTuple):
    """Rows of one width.

    `bounds` tells where each field of `data` starts, and one past the end of the last
    field; `odd` has the fields of those rows that `bounds` does not tell of. From
    `starts` to `stops` the rows stand as CSV without their ends; `problems` are what
    is wrong with each, or None.
    """

    data: bytes
    bounds: type_places
    odd: dict[int, list[str]]
    starts: type_places
    stops: type_places
    problems: list[str | None]

    def column(self, field: int, first: int, stop: int) -> list[str]:
        """Return one field of the rows from `first` to before `stop`."""
        bounds = self.bounds[first:stop]
        values = cells_of(self.data, bounds[:, field], bounds[:, field + 1] - 1)
        for i in self.odd.keys() & range(first, stop) if self.odd else ():
            values[i - first] = self.odd[i][field]
        return values


class _Row(NamedTuple):
    """What the csv module made of the lines from `first` to before `stop`."""

    fields: list[str]
    first: int
    stop: int
    is_open: bool


class _Odd(NamedTuple):
    """A row that was made to fit the table's columns: what it says, and as CSV."""

    fields: list[str]
    line: bytes
    problem: str | None


def read_rows(data: bytes, line: int, shape: Shape) -> Rows:
    """Return the rows of `data`, which is UTF-8 and follows `line` lines of a file.

    Raises
    ------
    TableError
        If a field has no end.
    """
    marks = find_marks(data, shape.delimiter)
    if marks is None:
        return _odd_rows(data, line, shape)
    return _regular_rows(data, marks, shape)


def odd_row_end(data: bytes, line: int, shape: Shape) -> int:
    """Return where the last whole row of `data` ends, 0 if none does.

    Raises
    ------
    TableError
        If a field has no end.
    """
    lines = data.splitlines(keepends=True)
    if not data.endswith(b"\n"):
        # Also of a row that ends in a carriage return, which may be half of its end.
        lines = lines[:-1]
    rows = _parsed(lines, line, shape, "latin-1")
    stop = max((row.stop for row in rows if not row.is_open), default=0)
    return sum(map(len, lines[:stop]))


def _regular_rows(data: bytes, marks: Marks, shape: Shape) -> Rows:
    place, ends_row = marks
    if not data.endswith(b"\n"):
        place, ends_row = np.append(place, len(data)), np.append(ends_row, True)
    last = np.flatnonzero(ends_row)
    first = np.append(0, last[:-1] + 1)
    start = np.append(0, place[last[:-1]] + 1)
    stop = place[last] - _ends_in_return(data, start, place[last])
    filled = stop > start
    first, last, start, stop = (x[filled] for x in (first, last, start, stop))
    exact = last - first + 1 == shape.width
    # Where the others are told to end before they start, there is nothing.
    bounds = np.ones((len(start), shape.width + 1), np.int64)
    bounds[exact, 0] = start[exact]
    bounds[exact, 1:] = place[first[exact, None] + np.arange(shape.width)] + 1
    bounds[exact, -1] = stop[exact] + 1
    odd: dict[int, _Odd] = {}
    for i in np.flatnonzero(~exact).tolist():
        line = data[start[i] : stop[i]]
        (fields,) = csv.reader([line.decode()], delimiter=shape.delimiter)
        odd[i] = _fitted(fields, line, shape)
    return _with_odd(Rows(data, bounds, {}, start, stop, [None] * len(start)), odd)


def _ends_in_return(
    data: bytes, start: type_places, stop: type_places
) -> npt.NDArray[np.bool_]:
    before = np.frombuffer(data, np.uint8)[stop - 1]
    return (before == _RETURN) & (stop > start)


def _odd_rows(data: bytes, line: int, shape: Shape) -> Rows:
    raw = data.splitlines(keepends=True)
    odd: dict[int, _Odd] = {}
    for row in _parsed(raw, line, shape, "utf-8"):
        whole = b"".join(raw[row.first : row.stop]).rstrip(b"\r\n")
        fitted = _fitted(row.fields, whole, shape)
        if row.is_open:
            n_line = line + row.first + 1
            _LOG.warning("%s, line %d: a quote is never closed", shape.place, n_line)
            closed = _written(fitted.fields, shape)
            fitted = _Odd(fitted.fields, closed, UNREADABLE)
        odd[len(odd)] = fitted
    starts, stops = np.empty((2, len(odd)), np.int64)
    bounds = np.ones((len(odd), shape.width + 1), np.int64)
    return _with_odd(Rows(b"", bounds, {}, starts, stops, [None] * len(odd)), odd)


def _with_odd(rows: Rows, odd: Mapping[int, _Odd]) -> Rows:
    """Return the rows with those that are odd, whose lines stand behind all others."""
    if not odd:
        return rows
    places = list(odd)
    sizes = [len(one.line) for one in odd.values()]
    rows.stops[places] = len(rows.data) + np.cumsum(sizes)
    rows.starts[places] = rows.stops[places] - sizes
    for i, one in odd.items():
        rows.odd[i], rows.problems[i] = one.fields, one.problem
    lines = (one.line for one in odd.values())
    return rows._replace(data=b"".join([rows.data, *lines]))


def _parsed(
    lines: Sequence[bytes], line: int, shape: Shape, encoding: str
) -> Iterator[_Row]:
    """Yield what the csv module makes of the lines; blank ones are no rows."""
    csv.field_size_limit(_FIELD_LIMIT)
    ended: list[bool] = []
    texts = _noting_end((text.decode(encoding) for text in lines), ended)
    reader = csv.reader(texts, delimiter=shape.delimiter)
    first = 0
    try:
        for fields in reader:
            if fields:
                yield _Row(fields, first, reader.line_num, bool(ended))
            first = reader.line_num
    except csv.Error as error:
        mend = "look for a quote that is never closed"
        where = f"{shape.place}, line {line + first + 1}"
        raise TableError(where, str(error), mend) from error


def _noting_end(lines: Iterable[str], ended: list[bool]) -> Iterator[str]:
    # The csv module closes an open quote at the end of the file in silence; but it
    # comes here for another line before it does.
    yield from lines
    ended.append(True)


def _fitted(fields: list[str], line: bytes, shape: Shape) -> _Odd:
    """Fit the fields of a row into the table's columns."""
    surplus = fields[shape.width :]
    lacking = shape.width - len(fields)
    problem = None
    if any(surplus):
        last = shape.delimiter.join(fields[shape.width - 1 :])
        fields = [*fields[: shape.width - 1], last]
        problem = UNREADABLE
    fields = fields[: shape.width] + [""] * lacking
    line += shape.delimiter.encode() * lacking
    return _Odd(fields, _written(fields, shape) if surplus else line, problem)


def _written(fields: list[str], shape: Shape) -> bytes:
    return csv_lines([fields], shape.delimiter)[0][:-1]
