"""Postings and labels in files, for the tests of training and evaluation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd


def write_csv(path: Path, rows: pd.DataFrame | list[dict[str, Any]]) -> Path:
    """Write rows as CSV and return the path."""
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as JSON Lines and return the path."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return path
