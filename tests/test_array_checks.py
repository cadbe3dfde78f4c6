"""Tests of the checks on arrays of a model."""

from __future__ import annotations

import numpy as np
import pytest

from roleclf.matching.array_checks import check_bounds, check_lengths, check_range


@pytest.mark.parametrize(
    ("values", "is_refused"),
    [
        pytest.param([], False, id="none"),
        pytest.param([-1, 0, 4], False, id="all-within"),
        pytest.param([-2], True, id="before-the-first"),
        pytest.param([0, 5], True, id="behind-the-last"),
    ],
)
def test_numbers_must_be_in_range(values: list[int], is_refused: bool) -> None:
    numbers = np.array(values, np.int32)
    if is_refused:
        with pytest.raises(IndexError, match=r"^places that are not from -1 to 4$"):
            check_range(numbers, -1, 5)
    else:
        check_range(numbers, -1, 5)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        pytest.param([0, 2], "bounds that are not those of 2 rows", id="too-few"),
        pytest.param([0, 2, 1], "bounds that are not those of 2 rows", id="falling"),
        pytest.param([0, 2, 6], "places that are not from 0 to 5", id="beyond"),
    ],
)
def test_bounds_must_rise_and_fit_the_rows(bounds: list[int], message: str) -> None:
    check_bounds(np.array([0, 2, 5], np.int32), 2, 5)
    with pytest.raises(IndexError, match=f"^{message}$"):
        check_bounds(np.array(bounds, np.int32), 2, 5)


def test_arrays_must_have_one_number_a_row() -> None:
    check_lengths(2, np.zeros(2), np.ones(2, bool))
    for array in (np.zeros(3), np.zeros((2, 1))):
        with pytest.raises(IndexError, match=r"^arrays that have not 2 rows$"):
            check_lengths(2, np.zeros(2), array)
