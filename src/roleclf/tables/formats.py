"""Tell the format of a file by its name or its first bytes, and load its codec."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import BinaryIO, Final

from roleclf.errors import RequestError, TableError
from roleclf.lazy import loader
from roleclf.tables.columns import missing_columns
from roleclf.tables.records import FORMATS, FormatCodec, Reading, Writing
from roleclf.tables.sources import encoding_of, peek, place_of
from roleclf.tables.targets import is_stream

__all__ = [
    "codec_of",
    "format_of_head",
    "format_of_name",
    "input_format",
    "is_table",
    "output_format",
]

_FORMAT_BY_ENDING: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jl": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_FORMAT_BY_START: Final = (("PAR1", "parquet"), ("{", "jsonl"))
_JSON_LIST: Final = re.compile(r"\[\s*\{")
_SEPARATORS: Final = (",", "\t", ";")
# A command loads numpy, csv or pyarrow only for the formats that it reads and writes.
_load = loader(
    "roleclf.tables",
    {
        "CSV": "delimited",
        "TSV": "delimited",
        "JSONL": "jsonlines",
        "PARQUET": "parquet",
    },
)


def codec_of(name: str) -> FormatCodec:
    """Return the functions that read and write the format `name`, one of FORMATS."""
    codec: FormatCodec = _load(name.upper())
    return codec


def input_format(source: str, stream: BinaryIO, reading: Reading) -> str:
    """Return the format asked for, or told by the name or first bytes of `source`.

    Raises
    ------
    RequestError
        If there is no format of the name asked for.
    TableError
        If the bytes are those of a JSON list.
    """
    name = reading.format or format_of_name(source)
    if name is not None:
        return _checked(name, source)
    return format_of_head(peek(stream), place_of(source))


def output_format(target: str, writing: Writing) -> str | None:
    """Return the format asked for, or told by the name; None for a stream's default.

    Raises
    ------
    RequestError
        If it is a file whose name tells no format.
    """
    name = writing.format or format_of_name(target)
    if name is not None:
        return _checked(name, target)
    if is_stream(target):
        return None
    mend = f"end it in .{', .'.join(FORMATS)} or name it with --output-format"
    raise RequestError(target, "the name of the output tells no format", mend)


def format_of_name(name: str) -> str | None:
    """Return the format that a file name tells, .gz aside, or None.

    Examples
    --------
    >>> format_of_name("jobs.CSV.gz")
    'csv'
    """
    return _FORMAT_BY_ENDING.get(Path(name.lower().removesuffix(".gz")).suffix)


def format_of_head(head: bytes, place: str) -> str:
    """Return the format of a stream that starts with `head`.

    Raises
    ------
    TableError
        If it is a JSON list, which is no stream of rows.
    """
    start = head.decode(encoding_of(head, None, place), "ignore").lstrip()
    if _JSON_LIST.match(start):
        mend = "put one object on each line: jq -c '.[]'"
        raise TableError(place, "a JSON list is not JSON Lines", mend)
    for mark, name in _FORMAT_BY_START:
        if start.startswith(mark):
            return name
    header = start.partition("\n")[0]
    return "tsv" if header.count("\t") > header.count(",") else "csv"


def is_table(source: str, head: bytes) -> bool:
    r"""Tell whether a file is a table rather than the text of one posting.

    Either its name says so, or its first line does: column names or an object of JSON
    Lines, with a title and a description. `head` is the start of the file.

    Examples
    --------
    >>> is_table("-", b"id,title,description\n1,DE,We move data")
    True
    >>> is_table("-", b"Title, description and pay\nWe move data")
    False
    """
    if format_of_name(source) or head.startswith(b"PAR1"):
        return True
    line = head.decode("utf-8-sig", "replace").lstrip().partition("\n")[0]
    headers = _possible_headers(line)
    return any(names and not missing_columns(names, Reading()) for names in headers)


def _possible_headers(line: str) -> list[list[str]]:
    """Return what the column names are if `line` is CSV, TSV or a JSON object."""
    rows = [next(csv.reader([line], delimiter=s), []) for s in _SEPARATORS]
    try:
        record = json.loads(line)
    except ValueError:
        return rows
    return [*rows, list(record) if isinstance(record, dict) else []]


def _checked(name: str, place: str) -> str:
    if name in FORMATS:
        return name
    raise RequestError(
        place_of(place), f"no format '{name}'", f"use one of {', '.join(FORMATS)}"
    )
