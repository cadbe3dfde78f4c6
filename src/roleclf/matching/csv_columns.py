"""Read CSV files column by column, without a mapping for each row.

Every run starts by reading lists of words, and mappings would double the time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

__all__ = ["group_by", "read_columns"]

Value = TypeVar("Value")


def read_columns(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the cells of each column of a CSV file, by the names in its first row.

    Raises
    ------
    OSError, ValueError, csv.Error
        If the file cannot be read, has no rows below the names, has rows of different
        lengths, or two columns of one name.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        names, *rows = csv.reader(lines)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    if len(columns) < len(names):
        raise ValueError(f"{path}: two columns have one name")
    return columns


def group_by(keys: Iterable[str], values: Iterable[Value]) -> dict[str, list[Value]]:
    """Return the values of each key, keys and values in the order they come in.

    Examples
    --------
    >>> group_by(("fruit", "nut", "fruit"), ("pear", "hazel", "fig"))
    {'fruit': ['pear', 'fig'], 'nut': ['hazel']}
    """
    groups: dict[str, list[Value]] = {}
    for key, value in zip(keys, values, strict=True):
        groups.setdefault(key, []).append(value)
    return groups
