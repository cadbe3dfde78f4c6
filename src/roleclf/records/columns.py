"""The columns that stand for an annotation in a table, and what kind of value each has.

`docs/output.md` says what each holds.
"""

from __future__ import annotations

from typing import Final

__all__ = ["COLUMNS", "kind_of_column"]

# "share" is a number in 0-1, "flag" true or false. These columns are added by default,
# in this order.
_KIND_BY_COLUMN: Final = {
    "role": "text",
    "confidence": "share",
    "sure": "flag",
    "second_role": "text",
    "second_confidence": "share",
    "title_role": "text",
    "duties_role": "text",
    "skills": "text",
    "tools": "text",
    "problem": "text",
}
COLUMNS: Final = tuple(_KIND_BY_COLUMN)
# Those that are added when asked for, if they hold no text.
_KIND_OF_OPTIONAL: Final = {"mismatch": "flag", "group": "number"}
_PROBABILITY_PREFIX: Final = "p_"


def kind_of_column(name: str) -> str:
    """Return the kind of a column's values: text, share, flag or number.

    Examples
    --------
    >>> kind_of_column("p_data_engineer")
    'share'
    """
    kinds = _KIND_BY_COLUMN | _KIND_OF_OPTIONAL
    is_probability = name.startswith(_PROBABILITY_PREFIX)
    return kinds.get(name, "share" if is_probability else "text")
