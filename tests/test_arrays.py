"""Array operations return what numpy or a plain loop returns."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from roleclf.text.arrays import distinct, expand_ranges

RANGES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)))


@given(st.lists(st.integers(0, 40) | st.integers(0, 2**64 - 1)))
def test_distinct_is_unique(values: list[int]) -> None:
    array = np.array(values, np.uint64)
    assert distinct(array).tolist() == np.unique(array).tolist()


@given(RANGES)
def test_ranges_are_expanded_in_order(ranges: list[tuple[int, int]]) -> None:
    begin, length = np.array(ranges, np.int64).reshape(-1, 2).T
    numbers, row = expand_ranges(begin, begin + length)
    expected = [(b + k, i) for i, (b, n) in enumerate(ranges) for k in range(n)]
    assert list(zip(numbers.tolist(), row.tolist(), strict=True)) == expected
