"""Read CSV files column by column, without a mapping for each row.

Every run starts by reading lists of words, and mappings would double the time.
"""

from __future__ import annotations

import csv
from pathlib import Path

__all__ = ["read_columns"]


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
