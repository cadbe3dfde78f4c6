"""Convert values between formats: text of postings, cells of CSV, JSON."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, Final

__all__ = [
    "cell",
    "csv_lines",
    "csv_lines_of",
    "dumps",
    "dumps_plain",
    "employer_text",
    "escape_surrogates",
    "posting_text",
    "text_or_none",
]

# Where an object for an employer has its name.
_NAME_KEYS: Final = ("name", "display_name", "displayName", "title")


def cell(value: Any) -> str:
    """Return `value` as the cell of a CSV file; None is the empty one."""
    return value if type(value) is str else text_or_none(value) or ""


def text_or_none(value: Any) -> str | None:
    """Return `value` as one string: dates in ISO, lists and objects as JSON."""
    plain = _plain(value)
    return plain if plain is None or isinstance(plain, str) else _json(plain)


def posting_text(value: Any) -> str | None:
    r"""Return the text of `value`; of a list or an object, the texts of its parts.

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


def employer_text(value: Any) -> str | None:
    """Return the name of an employer; of an object, as schema.org has it, its name.

    Examples
    --------
    >>> employer_text({"@type": "Organization", "name": "Ferro AG"})
    'Ferro AG'
    """
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    if isinstance(value, dict):
        names = (value.get(key) for key in _NAME_KEYS)
        value = next(filter(None, names), None)
    return text_or_none(value)


def dumps(value: Any) -> bytes:
    """Return `value` as JSON in UTF-8, lone surrogates escaped."""
    return dumps_plain(_plain(value))


def dumps_plain(plain: Any) -> bytes:
    """Return what `dumps` does, for a value that has only types of JSON."""
    try:
        return _json(plain).encode()
    except UnicodeEncodeError:
        return json.dumps(plain).encode()


def escape_surrogates(text: str | None) -> str | None:
    r"""Return `text` with lone surrogates, which UTF-8 cannot hold, as `\ud800`."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def csv_lines(rows: Iterable[Iterable[Any]], delimiter: str) -> list[bytes]:
    """Return each row as a line of CSV in UTF-8, lone surrogates escaped."""
    lines = _LineCollector()
    # Python < 3.13 quotes a carriage return only if it is in the line terminator.
    csv.writer(lines, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return list(lines)


def csv_lines_of(columns: Sequence[Iterable[str]], delimiter: str) -> list[bytes]:
    """Return what `csv_lines` does, for rows given as columns of equal length."""
    rows = list(zip(*columns, strict=True))
    text = "\n".join([*map(delimiter.join, rows), ""])
    # No cell needs quotes if all delimiters and newlines stand between cells. A row of
    # a single empty cell needs quotes as well.
    needs_no_quotes = (
        len(columns) > 1
        and text.count(delimiter) == len(rows) * (len(columns) - 1)
        and text.count("\n") == len(rows)
        and '"' not in text
        and "\r" not in text
    )
    if not needs_no_quotes:
        return csv_lines(rows, delimiter)
    return text.encode("utf-8", "backslashreplace").splitlines(keepends=True)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return `value` with types of JSON only; values of other types become text."""
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


class _LineCollector(list[bytes]):
    r"""A file for the csv module to write to: a list of lines, each ended by \n."""

    def write(self, line: str) -> None:
        """Append one line."""
        self.append(f"{line[:-2]}\n".encode("utf-8", "backslashreplace"))
