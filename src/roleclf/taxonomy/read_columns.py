"""Read the lexicon column by column, five times as fast as a record for each row.

Every run starts with this.
"""

from __future__ import annotations

import csv
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from roleclf.matching import read_columns
from roleclf.taxonomy.skill_columns import DATA, KINDS, SkillColumns

__all__ = ["read_skill_columns", "shipped_columns"]


def read_skill_columns(path: Path) -> SkillColumns:
    """Return the columns of the lexicon at `path`.

    Raises
    ------
    TaxonomyError
        As `read_skills` does.
    """
    columns = _columns(path)
    if columns is None or not _is_sound(columns):
        # Imported here, for it takes its time: it says what is wrong, and in which
        # line, or reads what is right in a way of its own.
        from roleclf.taxonomy.read import read_skills

        return SkillColumns.of(read_skills(path))
    return columns


@cache
def shipped_columns() -> SkillColumns:
    """Return the columns of the lexicon that roleclf ships, read once."""
    path = DATA / "skills.csv"
    # It is as sound as the code: tests look at it, so that no start need do.
    return _columns(path) or read_skill_columns(path)


def _columns(path: Path) -> SkillColumns | None:
    """Return the columns, or None where the file is not what `roleclf` would write."""
    try:
        columns: dict[str, Any] = {**read_columns(path)}
    except (OSError, ValueError, csv.Error):
        return None
    if tuple(columns) != SkillColumns._fields:
        return None
    for name in ("aliases", "guarded"):
        columns[name] = [cell.split("|") if cell else () for cell in columns[name]]
    return SkillColumns(**columns)


def _is_sound(columns: SkillColumns) -> bool:
    """Tell whether nothing is wrong that `read_skills` would refuse."""
    forms_by_row = [
        [*a, *g] for a, g in zip(columns.aliases, columns.guarded, strict=True)
    ]
    forms = [form.casefold() for form in chain.from_iterable(forms_by_row)]
    rows = list(chain.from_iterable(map(repeat, columns.id, map(len, forms_by_row))))
    row_by_form = dict(zip(forms, rows, strict=True))
    return (
        set(columns.kind).issubset(KINDS)
        and all(forms_by_row)
        and len(set(columns.id)) == len(columns.id)
        and "" not in row_by_form
        # In its own row a form may stand twice.
        and [row_by_form[form] for form in forms] == rows
    )
