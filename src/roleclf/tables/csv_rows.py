"""Split a block of CSV into rows of one width, each with its bytes.

Fields of regular rows are cut out of the bytes when a column is asked for. Irregular
blocks, and rows with too few or too many fields, are read by the csv module.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.errors import TableError
from roleclf.tables.csv_fields import (
    FieldEnds,
    decode_fields,
    find_field_ends,
    last_row_end,
    type_offsets,
)
from roleclf.tables.records import UNREADABLE
from roleclf.tables.values import csv_lines

__all__ = ["CsvRows", "CsvShape", "find_row_end", "read_rows", "with_endings"]

_LOG: Final = logging.getLogger(__name__)
# The csv module stops at 128 KiB by default; beyond this a quote is surely open.
_FIELD_LIMIT: Final = 1 << 27
_RETURN: Final = ord("\r")


class CsvShape(NamedTuple):
    """What every row of a table has in common; messages call the table `place`."""

    place: str
    delimiter: str
    width: int


class CsvRows(NamedTuple):
    """The rows of a block.

    Row i has its fields in `fields_by_row`, if it is there; else field j of it is in
    `data` from `bounds[i, j]` to before `bounds[i, j + 1] - 1`. As CSV it stands in
    `data` from `starts[i]` to before `stops[i]`. `problems` has what is wrong with
    each row, or None.
    """

    data: bytes
    bounds: type_offsets
    fields_by_row: dict[int, list[str]]
    starts: type_offsets
    stops: type_offsets
    problems: list[str | None]

    def column(self, field: int, first: int, stop: int) -> list[str]:
        """Return one field of the rows from `first` to before `stop`."""
        bounds = self.bounds[first:stop]
        values = decode_fields(self.data, bounds[:, field], bounds[:, field + 1] - 1)
        for i in self.fields_by_row.keys() & range(first, stop):
            values[i - first] = self.fields_by_row[i][field]
        return values


class _ParsedRow(NamedTuple):
    """What the csv module read from the lines `first` to before `stop`."""

    fields: list[str]
    first: int
    stop: int
    # A quote was opened and the file has ended.
    is_open: bool


class _FittedRow(NamedTuple):
    """A row with as many fields as the table has columns, and its line of CSV."""

    fields: list[str]
    line: bytes
    problem: str | None


def find_row_end(data: bytes, line: int, shape: CsvShape) -> int:
    """Return where the last whole row of `data` ends, 0 if none does.

    Raises
    ------
    TableError
        If a field has no end.
    """
    end = last_row_end(data, shape.delimiter)
    return _irregular_row_end(data, line, shape) if end is None else end


def read_rows(data: bytes, line: int, shape: CsvShape) -> CsvRows:
    """Return the rows of `data`, which is UTF-8 and follows `line` lines of a file.

    Raises
    ------
    TableError
        If a field has no end.
    """
    ends = find_field_ends(data, shape.delimiter)
    if ends is None:
        return _irregular_rows(data, line, shape)
    return _regular_rows(data, ends, shape)


def with_endings(
    data: bytes, starts: type_offsets, stops: type_offsets, endings: Sequence[bytes]
) -> bytes:
    """Return the rows from each start to before its stop, each with its ending."""
    # Parts of a view are not copied before they are joined.
    view = memoryview(data)
    offsets = zip(starts.tolist(), stops.tolist(), strict=True)
    rows = (view[start:stop] for start, stop in offsets)
    return b"".join(chain.from_iterable(zip(rows, endings, strict=True)))


def _regular_rows(data: bytes, ends: FieldEnds, shape: CsvShape) -> CsvRows:
    offset, ends_row = ends
    if not data.endswith(b"\n"):
        offset, ends_row = np.append(offset, len(data)), np.append(ends_row, True)
    # The first and last field of each row, by their places in `offset`.
    last = np.flatnonzero(ends_row)
    first = np.append(0, last[:-1] + 1)
    start = np.append(0, offset[last[:-1]] + 1)
    stop = offset[last] - _ends_in_return(data, start, offset[last])
    filled = stop > start
    first, last, start, stop = (x[filled] for x in (first, last, start, stop))
    exact = last - first + 1 == shape.width
    bounds = _no_fields(len(start), shape)
    bounds[exact, 0] = start[exact]
    bounds[exact, 1:] = offset[first[exact, None] + np.arange(shape.width)] + 1
    bounds[exact, -1] = stop[exact] + 1
    fitted: dict[int, _FittedRow] = {}
    for i in np.flatnonzero(~exact).tolist():
        line = data[start[i] : stop[i]]
        (fields,) = csv.reader([line.decode()], delimiter=shape.delimiter)
        fitted[i] = _fit(fields, line, shape)
    rows = CsvRows(data, bounds, {}, start, stop, [None] * len(start))
    return _with_fitted(rows, fitted)


def _ends_in_return(
    data: bytes, start: type_offsets, stop: type_offsets
) -> npt.NDArray[np.bool_]:
    before = np.frombuffer(data, np.uint8)[stop - 1]
    return (before == _RETURN) & (stop > start)


def _no_fields(n_rows: int, shape: CsvShape) -> type_offsets:
    """Return bounds of fields that end before they start, which are empty."""
    return np.ones((n_rows, shape.width + 1), np.int64)


def _irregular_rows(data: bytes, line: int, shape: CsvShape) -> CsvRows:
    lines = data.splitlines(keepends=True)
    fitted: list[_FittedRow] = []
    for row in _parse(lines, line, shape, "utf-8"):
        whole = b"".join(lines[row.first : row.stop]).rstrip(b"\r\n")
        one = _fit(row.fields, whole, shape)
        if row.is_open:
            n_line = line + row.first + 1
            _LOG.warning("%s, line %d: a quote is never closed", shape.place, n_line)
            one = _FittedRow(one.fields, _to_line(one.fields, shape), UNREADABLE)
        fitted.append(one)
    starts, stops = np.empty((2, len(fitted)), np.int64)
    bounds = _no_fields(len(fitted), shape)
    rows = CsvRows(b"", bounds, {}, starts, stops, [None] * len(fitted))
    return _with_fitted(rows, dict(enumerate(fitted)))


def _irregular_row_end(data: bytes, line: int, shape: CsvShape) -> int:
    lines = data.splitlines(keepends=True)
    if not data.endswith(b"\n"):
        # A row that ends in a carriage return is left out, too: it may be half of
        # the row's end.
        lines = lines[:-1]
    rows = _parse(lines, line, shape, "latin-1")
    stop = max((row.stop for row in rows if not row.is_open), default=0)
    return sum(map(len, lines[:stop]))


def _with_fitted(rows: CsvRows, fitted: Mapping[int, _FittedRow]) -> CsvRows:
    """Return the rows with the fitted ones, whose lines are put behind the data."""
    if not fitted:
        return rows
    places = list(fitted)
    sizes = [len(row.line) for row in fitted.values()]
    rows.stops[places] = len(rows.data) + np.cumsum(sizes)
    rows.starts[places] = rows.stops[places] - sizes
    for i, row in fitted.items():
        rows.fields_by_row[i], rows.problems[i] = row.fields, row.problem
    lines = (row.line for row in fitted.values())
    return rows._replace(data=b"".join([rows.data, *lines]))


def _parse(
    lines: Sequence[bytes], line: int, shape: CsvShape, encoding: str
) -> Iterator[_ParsedRow]:
    """Yield the rows that the csv module reads from the lines; blank ones are none."""
    csv.field_size_limit(_FIELD_LIMIT)
    end: list[bool] = []
    texts = _noting_end((text.decode(encoding) for text in lines), end)
    reader = csv.reader(texts, delimiter=shape.delimiter)
    first = 0
    try:
        for fields in reader:
            if fields:
                yield _ParsedRow(fields, first, reader.line_num, bool(end))
            first = reader.line_num
    except csv.Error as error:
        mend = "look for a quote that is never closed"
        where = f"{shape.place}, line {line + first + 1}"
        raise TableError(where, str(error), mend) from error


def _noting_end(lines: Iterable[str], end: list[bool]) -> Iterator[str]:
    # The csv module silently closes an open quote at the end of the file; but it asks
    # for another line before it does.
    yield from lines
    end.append(True)


def _fit(fields: list[str], line: bytes, shape: CsvShape) -> _FittedRow:
    """Fill up missing fields, and join surplus ones into the last column."""
    surplus = fields[shape.width :]
    n_missing = max(0, shape.width - len(fields))
    problem = None
    if any(surplus):
        last = shape.delimiter.join(fields[shape.width - 1 :])
        fields = [*fields[: shape.width - 1], last]
        problem = UNREADABLE
    fields = fields[: shape.width] + [""] * n_missing
    line += shape.delimiter.encode() * n_missing
    return _FittedRow(fields, _to_line(fields, shape) if surplus else line, problem)


def _to_line(fields: list[str], shape: CsvShape) -> bytes:
    return csv_lines([fields], shape.delimiter)[0].removesuffix(b"\n")
