"""Check that the arrays of a model fit each other.

Compiled loops read these arrays without checks of their own, so a broken model must be
refused once, when it is loaded.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["check_bounds", "check_lengths", "check_range"]


def check_range(numbers: npt.NDArray[Any], least: int, end: int) -> None:
    """Refuse numbers below `least`, or of `end` and above.

    Raises
    ------
    IndexError
    """
    # Not `min < least or max >= end`: both are false for NaN.
    if len(numbers) and not (numbers.min() >= least and numbers.max() < end):
        raise IndexError(f"places that are not from {least} to {end - 1}")


def check_lengths(n_rows: int, *arrays: npt.NDArray[Any]) -> None:
    """Refuse arrays that are not of shape (n_rows,).

    Raises
    ------
    IndexError
    """
    if any(array.shape != (n_rows,) for array in arrays):
        raise IndexError(f"arrays that have not {n_rows} rows")


def check_bounds(bounds: npt.NDArray[np.integer], n_rows: int, end: int) -> None:
    """Refuse row bounds that fall, exceed `end`, or are not of shape (n_rows + 1,).

    Raises
    ------
    IndexError
    """
    check_range(bounds, 0, end + 1)
    if len(bounds) != n_rows + 1 or (bounds[1:] < bounds[:-1]).any():
        raise IndexError(f"bounds that are not those of {n_rows} rows")
