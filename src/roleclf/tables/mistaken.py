"""Notice a table where one posting is asked for."""

from __future__ import annotations

import csv
import json
from typing import Final

from roleclf.tables.columns import missing
from roleclf.tables.records import Reading
from roleclf.tables.sources import format_of_name

__all__ = ["is_table"]

_PARQUET: Final = b"PAR1"
_SEPARATORS: Final = (",", "\t", ";")


def is_table(source: str, head: bytes) -> bool:
    r"""Tell whether a file of name `source` that starts with `head` holds a table.

    Either its name says so, or its first line does: a heading of columns, or an
    object of JSON Lines, with a title and a text.

    Examples
    --------
    >>> is_table("-", b"id,title,description\n1,DE,We move data")
    True
    >>> is_table("-", b"Title, description and pay\nWe move data")
    False
    """
    if format_of_name(source) or head.startswith(_PARQUET):
        return True
    line = head.decode("utf-8-sig", "replace").lstrip().partition("\n")[0]
    return any(names and not missing(names, Reading()) for names in _names(line))


def _names(line: str) -> list[list[str]]:
    """Return what may be the names of columns in a first line."""
    rows = [next(csv.reader([line], delimiter=s), []) for s in _SEPARATORS]
    try:
        record = json.loads(line)
    except ValueError:
        return rows
    return [*rows, list(record) if isinstance(record, dict) else []]
