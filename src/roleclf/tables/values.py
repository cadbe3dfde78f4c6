"""A value of one format as a value of another: text for people, cells, CSV, JSON."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

__all__ = [
    "cell",
    "csv_lines",
    "csv_lines_of",
    "dumps",
    "dumps_plain",
    "posting_text",
    "storable",
    "text_or_none",
]


def cell(value: Any) -> str:
    """Return `value` as the cell of a CSV file; None is the empty one."""
    return value if type(value) is str else text_or_none(value) or ""


def text_or_none(value: Any) -> str | None:
    """Return `value` as one string: dates in ISO, lists and objects as JSON."""
    plain = _plain(value)
    return plain if plain is None or isinstance(plain, str) else _json(plain)


def posting_text(value: Any) -> str | None:
    r"""Return the words in `value`: of a list or an object, those of its parts.

    Examples
    --------
    >>> posting_text({"text": "Build pipelines", "tags": ["SQL", None]})
    'Build pipelines\nSQL'
    """
    if value is None or type(value) is str:
        return value
    if not isinstance(value, dict | list | tuple):
        return text_or_none(value)
    parts = value.values() if isinstance(value, dict) else value
    return "\n".join(text for part in parts if (text := posting_text(part))) or None


def dumps(value: Any) -> bytes:
    """Return `value` as JSON in UTF-8, lone surrogates escaped."""
    return dumps_plain(_plain(value))


def dumps_plain(plain: Any) -> bytes:
    """Return what `dumps` does of a value that holds nothing which JSON lacks."""
    try:
        return _json(plain).encode()
    except UnicodeEncodeError:
        return json.dumps(plain).encode()


def storable(text: str | None) -> str | None:
    r"""Return `text` with lone surrogates, which UTF-8 cannot hold, as `\ud800`."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def csv_lines(rows: Iterable[Iterable[Any]], delimiter: str) -> list[bytes]:
    """Return each row as a line of UTF-8; lone surrogates, which it lacks, escaped."""
    lines = _Lines()
    # Python < 3.13 quotes a carriage return only if it is in the line terminator.
    csv.writer(lines, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return list(lines)


def csv_lines_of(columns: Sequence[Iterable[str]], delimiter: str) -> list[bytes]:
    """Return what `csv_lines` does of rows told by column, of equal length."""
    rows = list(zip(*columns, strict=True))
    text = "\n".join([*map(delimiter.join, rows), ""])
    # Where no cell needs quotes, all these are between cells; a row of a single cell
    # needs them if it is empty.
    is_plain = (
        len(columns) > 1
        and text.count(delimiter) == len(rows) * (len(columns) - 1)
        and text.count("\n") == len(rows)
        and '"' not in text
        and "\r" not in text
    )
    if not is_plain:
        return csv_lines(rows, delimiter)
    return text.encode("utf-8", "backslashreplace").splitlines(keepends=True)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return `value` as JSON has it; what JSON has no form for becomes text."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return _plain_float(value)
        case dict():
            return {str(key): _plain(part) for key, part in value.items()}
        case list() | tuple():
            return [_plain(part) for part in value]
        case date() | datetime() | time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
    return str(value)


def _plain_float(value: float) -> float | str | None:
    if math.isfinite(value):
        return value
    return None if math.isnan(value) else str(value)


class _Lines(list[bytes]):
    """Collects what the csv module writes, lines ended as everywhere else."""

    def write(self, line: str) -> None:
        """Keep one line."""
        self.append(f"{line[:-2]}\n".encode("utf-8", "backslashreplace"))
