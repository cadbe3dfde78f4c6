"""JSON Lines, one object a line, written back as the very bytes that came.

Only the annotation is put in, before the closing brace: numbers, key order,
duplicate keys and escapes stay as they are. A line that is no object becomes
`{"_raw": "the line"}`; blank lines are no rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice, repeat
from typing import Any, BinaryIO, Final

from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables.added import ANNOTATION_KEY
from roleclf.tables.batches import cut
from roleclf.tables.columns import find_columns, missing
from roleclf.tables.records import (
    UNREADABLE,
    Batch,
    Found,
    Layout,
    Reading,
    Source,
    Table,
)
from roleclf.tables.sources import (
    UTF_8_MARK,
    encoding_of,
    guarded,
    is_utf8,
    peek,
    text_lines,
)
from roleclf.tables.values import dumps, posting_text, text_or_none

__all__ = ["encode_json_lines", "read_json_lines"]

# The key of a line that could not be read.
RAW_KEY: Final = "_raw"
# Objects among which title and description must show, and lines among these objects.
_HEAD_RECORDS: Final = 16
_HEAD_LINES: Final = 4096
_JSON_BLANKS: Final = " \t\r\n"
_BLANKS: Final = _JSON_BLANKS.encode()
_KEY: Final = f'"{ANNOTATION_KEY}": '.encode()
_MARK: Final = f'{ANNOTATION_KEY}"'.encode()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it came, without its end, and what it says."""

    raw: bytes
    record: dict[str, Any]
    problem: str | None


def read_json_lines(source: Source, reading: Reading) -> Table:
    """Open a stream of JSON Lines as a table.

    Where all columns are asked for beforehand, the stream must be seekable.

    Raises
    ------
    TableError
        If neither title nor description is found in the first lines.
    """
    place = source.place
    encoding = encoding_of(peek(source.stream), reading.encoding, place)
    lines = _lines(source.stream, encoding, place)
    if source.settle:
        names = _keys(lines)
        source.stream.seek(0)
        lines = _lines(source.stream, encoding, place)
    head = list(_head(lines, reading))
    if not source.settle:
        names = _keys(head)
    found = _found(names, head, reading, place)
    batches = _batches(chain(head, lines), found, live=source.live)
    return Table(place, "jsonl", names, names, found, batches, source.settle)


def encode_json_lines(
    batch: Batch, annotations: Iterable[bytes], layout: Layout
) -> bytes:
    """Return the lines of a batch, an annotation object put into each."""
    if batch.lines is None:
        opened = _opened_records(batch, layout)
    else:
        opened = _opened_lines(batch.lines, layout)
    return b"".join(
        record + (b"" if record == b"{" else b", ") + _KEY + annotation + b"}\n"
        for record, annotation in zip(opened, annotations, strict=True)
    )


def _lines(stream: BinaryIO, encoding: str, place: str) -> Iterator[_Line]:
    lines: Iterable[bytes] = stream
    if not is_utf8(encoding):
        lines = (line.encode() for line in text_lines(stream, encoding, place))
    for line in guarded(iter(lines), place):
        if raw := line.removeprefix(UTF_8_MARK).strip(_BLANKS):
            yield _parsed(raw)


def _parsed(raw: bytes) -> _Line:
    try:
        record = json.loads(raw.decode())
    # Too deep, not UTF-8, a number of 5,000 digits: json raises what it likes.
    except (ValueError, RecursionError):
        record = None
    if isinstance(record, dict):
        return _Line(raw, record, None)
    record = {RAW_KEY: raw.decode("utf-8", "backslashreplace")}
    return _Line(dumps(record), record, UNREADABLE)


def _keys(lines: Iterable[_Line]) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    for line in lines:
        keys.update(dict.fromkeys(line.record))
    return tuple(keys)


def _head(lines: Iterator[_Line], reading: Reading) -> Iterator[_Line]:
    """Yield the first lines until title and description have shown themselves."""
    names: set[str] = set()
    n_records = 0
    for line in islice(lines, _HEAD_LINES):
        yield line
        names.update(line.record)
        n_records += line.problem is None
        if n_records == _HEAD_RECORDS or not missing(list(names), reading):
            return


def _found(
    names: Sequence[str], head: Sequence[_Line], reading: Reading, place: str
) -> Found:
    if set(names) - {RAW_KEY}:
        return find_columns(names, reading, place)
    if len(head) == _HEAD_LINES:
        problem = f"no JSON object in the first {_HEAD_LINES} lines"
        raise TableError(place, problem, "name the format with --input-format")
    # All there is are lines without columns, each of which gets its row.
    return Found()


def _batches(lines: Iterable[_Line], found: Found, *, live: bool) -> Generator[Batch]:
    for part in cut(lines, _weight, live=live):
        records = [line.record for line in part]
        yield Batch(
            [_posting(record, found) for record in records],
            [line.problem for line in part],
            partial(_values, records),
            lines=[line.raw for line in part],
        )


def _weight(line: _Line) -> int:
    return len(line.raw)


def _posting(record: Mapping[str, Any], found: Found) -> Posting:
    # Under the name None, which is for no column, no record has a value.
    value: Callable[[str | None], Any] = record.get  # type: ignore[assignment]
    return Posting(
        title=posting_text(value(found.title)),
        description=posting_text(value(found.description)),
        id=text_or_none(value(found.id)),
    )


def _values(records: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    return [record.get(name) for record in records]


def _opened_records(batch: Batch, layout: Layout) -> Iterator[bytes]:
    columns = [batch.column(name) for name in layout.kept]
    rows = zip(*columns, strict=True) if columns else repeat((), len(batch.postings))
    return (dumps(dict(zip(layout.kept, row, strict=True)))[:-1] for row in rows)


def _opened_lines(lines: Iterable[bytes], layout: Layout) -> Iterator[bytes]:
    """Yield each object without its closing brace and what is not kept."""
    for raw in lines:
        if not layout.whole:
            yield _cut(raw, frozenset(layout.kept).__contains__)
        elif _MARK in raw:
            yield _cut(raw, ANNOTATION_KEY.__ne__)
        else:
            yield b"{" if raw[:-1].rstrip() == b"{" else raw[:-1]


def _cut(raw: bytes, keep: Callable[[str], bool]) -> bytes:
    members = (text for key, text in _members(raw.decode()) if keep(key))
    return ("{" + ",".join(members)).encode()


def _members(text: str) -> Iterator[tuple[str, str]]:
    """Yield each key of an object, and all that is written for it and its value."""
    decode = json.JSONDecoder().raw_decode
    start = end = 1
    while text[start := _past_blanks(text, end)] == '"':
        key, colon = decode(text, start)
        _, comma = decode(text, _past_blanks(text, _past_blanks(text, colon) + 1))
        comma = _past_blanks(text, comma)
        yield key, text[end:comma]
        end = comma + 1 if text[comma] == "," else comma


def _past_blanks(text: str, start: int) -> int:
    while text[start] in _JSON_BLANKS:
        start += 1
    return start
