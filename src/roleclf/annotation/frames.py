"""Make a pandas DataFrame of annotation columns, missing values as pandas has them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pandas import DataFrame, Index

__all__ = ["frame_of"]

# Columns that are no text; of each the type.
_TYPES: Final = {
    "confidence": float,
    "second_confidence": float,
    "sure": bool,
    "mismatch": bool,
}
# What the names of a role's probability begin with.
_SHARE: Final = "p_"


def frame_of(columns: Mapping[str, Sequence[Any]], index: Index[Any]) -> DataFrame:
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
                dtype=_TYPES.get(name, float if name.startswith(_SHARE) else text),
            )
            for name, values in columns.items()
        },
        index=index,
    )
