"""JSON Lines, one object a line, written back as the very bytes that came.

Only the annotation is put in, before the closing brace: numbers, key order,
duplicate keys and escapes stay as they are. A line that is no object becomes
`{"_raw": "the line"}`; blank lines are no rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice, repeat
from typing import Any, Final, NamedTuple

from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables.added import ANNOTATION_KEY
from roleclf.tables.batches import cut
from roleclf.tables.blocks import Inflow, blocks_of, bytes_of_block
from roleclf.tables.columns import find_columns, missing
from roleclf.tables.records import (
    UNREADABLE,
    Batch,
    Block,
    FoundColumns,
    Layout,
    Reading,
    Table,
    TableSource,
)
from roleclf.tables.sources import UTF_8_MARK, encoding_of, peek
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


class _Line(NamedTuple):
    """A line as it came, without its end, and what it says."""

    raw: bytes
    record: dict[str, Any]
    problem: str | None


def read_json_lines(source: TableSource, reading: Reading) -> Table:
    """Open a stream of JSON Lines as a table.

    Where all columns are asked for beforehand, the stream must be seekable.

    Raises
    ------
    TableError
        If neither title nor description is found in the first lines.
    """
    place = source.place
    encoding = encoding_of(peek(source.stream), reading.encoding, place)
    names: tuple[str, ...] = ()
    if source.settle:
        names = _keys(chain.from_iterable(map(_lines, _blocks(source, encoding))))
        source.stream.seek(0)
    blocks = _blocks(source, encoding)
    first, head = _head(blocks, reading)
    names = names or _keys(head)
    found = _found(names, head, reading, place)
    return Table(
        place,
        "jsonl",
        names,
        names,
        found,
        _rejoined(first, blocks),
        partial(_batches, found=found),
        ("jsonl",),
        source.settle,
    )


def encode_json_lines(
    batch: Batch, annotations: Iterable[bytes], layout: Layout
) -> bytes:
    """Return the lines of a batch, an annotation object put into each."""
    if layout.copied and batch.lines is not None:
        opened = _opened_lines(batch.lines, layout)
    else:
        opened = _opened_records(batch, layout)
    return b"".join(
        record + (b"" if record == b"{" else b", ") + _KEY + annotation + b"}\n"
        for record, annotation in zip(opened, annotations, strict=True)
    )


def _blocks(source: TableSource, encoding: str) -> Generator[Block]:
    return blocks_of(Inflow(source, encoding), lambda data: data.rfind(b"\n") + 1)


def _rejoined(first: Sequence[Block], others: Iterable[Block]) -> Generator[Block]:
    yield from first
    yield from others


def _lines(block: Block) -> Iterator[_Line]:
    for line in bytes_of_block(block).split(b"\n"):
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


def _head(blocks: Iterator[Block], reading: Reading) -> tuple[list[Block], list[_Line]]:
    """Return the first blocks, and lines of theirs that show title and description."""
    first: list[Block] = []

    def lines() -> Iterator[_Line]:
        for block in blocks:
            first.append(block)
            yield from _lines(block)

    return first, list(_telling(lines(), reading))


def _telling(lines: Iterator[_Line], reading: Reading) -> Iterator[_Line]:
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
) -> FoundColumns:
    if set(names) - {RAW_KEY}:
        return find_columns(names, reading, place)
    if len(head) == _HEAD_LINES:
        problem = f"no JSON object in the first {_HEAD_LINES} lines"
        raise TableError(place, problem, "name the format with --input-format")
    # All there is are lines without columns, each of which gets its row.
    return FoundColumns()


def _batches(block: Block, *, found: FoundColumns) -> Iterator[Batch]:
    for part in cut(_lines(block), _weight):
        records = [line.record for line in part]
        yield Batch(
            [_posting(record, found) for record in records],
            [line.problem for line in part],
            partial(_values, records),
            lines=[line.raw for line in part],
        )


def _weight(line: _Line) -> int:
    return len(line.raw)


def _posting(record: Mapping[str, Any], found: FoundColumns) -> Posting:
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
