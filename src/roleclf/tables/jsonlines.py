"""Read JSON Lines, one object a line, and write them with the bytes they were read as.

Only the annotation is put in, before the closing brace: numbers, key order, duplicate
keys and escapes stay as they are. A line that is no object becomes
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
from roleclf.tables.added_columns import (
    ANNOTATION_KEY,
    annotation_objects,
    set_group_numbers,
)
from roleclf.tables.batches import in_batches
from roleclf.tables.blocks import InputBuffer, bytes_of_block, read_blocks
from roleclf.tables.columns import find_columns, missing_columns
from roleclf.tables.records import (
    UNREADABLE,
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
from roleclf.tables.sources import UTF_8_MARK, encoding_of, peek
from roleclf.tables.targets import lines_sink
from roleclf.tables.values import dumps, employer_text, posting_text, text_or_none

__all__ = ["JSONL"]

# The key under which a line that is no object is kept.
_RAW_KEY: Final = "_raw"
# How many objects, within how many lines, are searched for title and description.
_HEAD_RECORDS: Final = 16
_HEAD_LINES: Final = 4096
_JSON_BLANKS: Final = " \t\r\n"
_BLANKS: Final = _JSON_BLANKS.encode()
_ANNOTATION: Final = f'"{ANNOTATION_KEY}": '.encode()
# What a line holds that may have an annotation already.
_KEY_END: Final = f'{ANNOTATION_KEY}"'.encode()


class _Line(NamedTuple):
    """A line as it was read, without its end, and the object in it."""

    raw: bytes
    record: dict[str, Any]
    problem: str | None


def _read_json_lines(source: TableSource, reading: Reading) -> Table:
    """Open a stream of JSON Lines as a table.

    The stream must be seekable if all columns must be known before the first row.

    Raises
    ------
    TableError
        If neither title nor description is found in the first lines.
    """
    place = source.place
    encoding = encoding_of(peek(source.stream), reading.encoding, place)
    names: tuple[str, ...] = ()
    if source.settle:
        blocks = _read_blocks(source, encoding)
        names = _keys(chain.from_iterable(map(_lines, blocks)))
        source.stream.seek(0)
    blocks = _read_blocks(source, encoding)
    first, head = _head(blocks, reading)
    names = names or _keys(head)
    found = _find_columns(names, head, reading, place)
    return Table(
        place,
        "jsonl",
        names,
        names,
        found,
        _joined(first, blocks),
        partial(_read_batches, found=found),
        ("jsonl",),
        source.settle,
    )


def _encode_json_lines(batch: Batch, added: AddedValues, layout: Layout) -> bytes:
    """Return the lines of a batch, an annotation object put into each."""
    if layout.copies_rows and batch.json_lines is not None:
        objects = _open_lines(batch.json_lines, layout)
    else:
        objects = _open_records(batch, layout)
    annotations = annotation_objects(added, layout)
    return b"".join(
        record + (b"" if record == b"{" else b", ") + _ANNOTATION + annotation + b"}\n"
        for record, annotation in zip(objects, annotations, strict=True)
    )


def _read_blocks(source: TableSource, encoding: str) -> Generator[Block]:
    buffer = InputBuffer(source, encoding)
    return read_blocks(buffer, lambda data: data.rfind(b"\n") + 1)


def _joined(first: Sequence[Block], others: Iterable[Block]) -> Generator[Block]:
    yield from first
    yield from others


def _lines(block: Block) -> Iterator[_Line]:
    for line in bytes_of_block(block).split(b"\n"):
        if raw := line.removeprefix(UTF_8_MARK).strip(_BLANKS):
            yield _parse(raw)


def _parse(raw: bytes) -> _Line:
    try:
        record = json.loads(raw.decode())
    # Also raised for bytes that are not UTF-8, deep nesting, numbers of 5,000 digits.
    except (ValueError, RecursionError):
        record = None
    if isinstance(record, dict):
        return _Line(raw, record, None)
    record = {_RAW_KEY: raw.decode("utf-8", "backslashreplace")}
    return _Line(dumps(record), record, UNREADABLE)


def _keys(lines: Iterable[_Line]) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    for line in lines:
        keys.update(dict.fromkeys(line.record))
    return tuple(keys)


def _head(blocks: Iterator[Block], reading: Reading) -> tuple[list[Block], list[_Line]]:
    """Return the first blocks, and the lines in them up to title and description."""
    first: list[Block] = []

    def lines() -> Iterator[_Line]:
        for block in blocks:
            first.append(block)
            yield from _lines(block)

    return first, list(_until_found(lines(), reading))


def _until_found(lines: Iterator[_Line], reading: Reading) -> Iterator[_Line]:
    """Yield lines until title and description are among their keys, or too many."""
    names: set[str] = set()
    n_records = 0
    for line in islice(lines, _HEAD_LINES):
        yield line
        names.update(line.record)
        n_records += line.problem is None
        if n_records == _HEAD_RECORDS or not missing_columns(list(names), reading):
            return


def _find_columns(
    names: Sequence[str], head: Sequence[_Line], reading: Reading, place: str
) -> FoundColumns:
    if set(names) - {_RAW_KEY}:
        return find_columns(names, reading, place)
    if len(head) == _HEAD_LINES:
        problem = f"no JSON object in the first {_HEAD_LINES} lines"
        raise TableError(place, problem, "name the format with --input-format")
    # The file has only lines that are no objects; each of them gets its row.
    return FoundColumns()


def _read_batches(block: Block, *, found: FoundColumns) -> Iterator[Batch]:
    for part in in_batches(_lines(block), lambda line: len(line.raw)):
        records = [line.record for line in part]
        yield Batch(
            [_to_posting(record, found) for record in records],
            [line.problem for line in part],
            partial(_values, records),
            json_lines=[line.raw for line in part],
        )


def _to_posting(record: Mapping[str, Any], found: FoundColumns) -> Posting:
    # A column that was not found is None, which is the key of no record.
    value: Callable[[str | None], Any] = record.get  # type: ignore[assignment]
    return Posting(
        title=posting_text(value(found.title)),
        description=posting_text(value(found.description)),
        id=text_or_none(value(found.id)),
        employer=employer_text(value(found.employer)),
    )


def _values(records: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    return [record.get(name) for record in records]


def _open_records(batch: Batch, layout: Layout) -> Iterator[bytes]:
    """Yield each row as an object without its closing brace."""
    columns = [batch.column(name) for name in layout.kept]
    rows = zip(*columns, strict=True) if columns else repeat((), len(batch.postings))
    return (dumps(dict(zip(layout.kept, row, strict=True)))[:-1] for row in rows)


def _open_lines(lines: Iterable[bytes], layout: Layout) -> Iterator[bytes]:
    """Yield each object without its closing brace and the members not kept."""
    for raw in lines:
        if not layout.keeps_all:
            yield _with_members(raw, frozenset(layout.kept).__contains__)
        elif _KEY_END in raw:
            yield _with_members(raw, ANNOTATION_KEY.__ne__)
        else:
            yield b"{" if raw[:-1].rstrip() == b"{" else raw[:-1]


def _with_members(raw: bytes, keep: Callable[[str], bool]) -> bytes:
    members = (text for key, text in _members(raw.decode()) if keep(key))
    return ("{" + ",".join(members)).encode()


def _members(text: str) -> Iterator[tuple[str, str]]:
    """Yield each key of an object, and the text of the key and its value."""
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


JSONL: Final = FormatCodec(
    read=_read_json_lines,
    encode=_encode_json_lines,
    open_sink=partial(lines_sink, heading=lambda layout: b""),
    # The mark is a string in the encoded objects, the number is none.
    set_groups=lambda lines, numbers, layout: set_group_numbers(
        lines, f'"{layout.group_mark}"', numbers
    ),
)
