"""Read postings from a pandas DataFrame, and make one of annotation columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from roleclf.records import Posting, kind_of_column
from roleclf.tables import common_column
from roleclf.text import cell_text

if TYPE_CHECKING:
    from pandas import DataFrame, Index

__all__ = ["postings_in", "to_frame"]

_TYPE_BY_KIND: Final = {"share": float, "flag": bool}


def postings_in(
    frame: DataFrame, title: str, description: str, employer: str | None = None
) -> list[Posting]:
    """Return the posting of each row.

    Parameters
    ----------
    title, description : str
        Names of columns; one of the two may be missing.
    employer : str or None
        Name of a column; one with a common name if it is None.

    Raises
    ------
    KeyError
        If `frame` has neither title nor description, or not the employer's column.
    """
    if title not in frame and description not in frame:
        raise KeyError(
            f"no column {title!r} or {description!r} among {list(frame.columns)}"
        )
    if employer is not None and employer not in frame:
        raise KeyError(f"no column {employer!r} among {list(frame.columns)}")
    texts = [name for name in frame.columns if isinstance(name, str)]
    employer = employer or common_column("employer", texts)
    values = [
        frame[name].tolist() if name in frame else [None] * len(frame)
        for name in (title, description, employer)
    ]
    return [
        Posting(t, d, employer=e)
        for t, d, e in (map(cell_text, row) for row in zip(*values, strict=True))
    ]


def to_frame(columns: Mapping[str, Sequence[Any]], index: Index[Any]) -> DataFrame:
    """Return the columns as a DataFrame in which None is NaN, even in whole columns.

    Text is of the type that pandas itself gives it: `str`, before pandas 3 `object`.
    """
    import pandas as pd  # here: an optional extra, and slow to load

    text = pd.Series([""]).dtype

    return pd.DataFrame(
        {
            name: pd.Series(
                [math.nan if value is None else value for value in values],
                index=index,
                dtype=_TYPE_BY_KIND.get(kind_of_column(name), text),
            )
            for name, values in columns.items()
        },
        index=index,
    )
