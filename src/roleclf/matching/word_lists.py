"""Read the lists of words that are data: CSV files, column by column.

Every run starts with them: a mapping for each row would take it twice as long.
"""

from __future__ import annotations

import csv
from pathlib import Path

__all__ = ["read_columns"]


def read_columns(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the cells of each column of a CSV file, by the name in its first row.

    Raises
    ------
    OSError, ValueError, csv.Error
        If it cannot be read, or has no rows, or one of another length, or two columns
        of one name.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        names, *rows = csv.reader(lines)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    if len(columns) < len(names):
        raise ValueError(f"{path}: two columns have one name")
    return columns
