"""A compressed table finds the pairs that it was built with, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclf.text.hash_index import ABSENT
from roleclf.text.pair_index import PairIndex, shift_rows

N_LEFT, N_RIGHT = 7, 9
PAIRS = st.sets(st.tuples(st.integers(0, N_LEFT - 1), st.integers(0, N_RIGHT - 1)))


def columns(pairs: set[tuple[int, int]] | list[tuple[int, int]]) -> list[np.ndarray]:
    return list(np.array(list(pairs), np.int32).reshape(-1, 2).T)


@given(PAIRS)
def test_every_pair_is_found_and_no_other(pairs: set[tuple[int, int]]) -> None:
    left, right = columns(pairs)
    index = PairIndex(shift_rows(left, right, N_LEFT), left, right, N_RIGHT)
    every = [(a, b) for a in range(ABSENT, N_LEFT) for b in range(ABSENT, N_RIGHT)]
    place_by_pair = {pair: i for i, pair in enumerate(pairs)}
    expected = [place_by_pair.get(pair, ABSENT) for pair in every]
    assert index.find(*columns(every)).tolist() == expected


@given(PAIRS)
def test_no_two_pairs_share_a_cell(pairs: set[tuple[int, int]]) -> None:
    left, right = columns(pairs)
    cells = shift_rows(left, right, N_LEFT)[left] + right
    assert len(set(cells.tolist())) == len(pairs)


def test_a_row_goes_where_its_cells_are_free() -> None:
    left, right = columns([(0, 0), (0, 1), (0, 3), (1, 0), (1, 1)])
    assert shift_rows(left, right, 3).tolist() == [0, 4, ABSENT]


def test_a_row_may_be_shifted_further_than_is_tested_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("roleclf.text.pair_index._N_TESTED", 2)
    left, right = columns([(a, b) for a in range(4) for b in (0, 3, 8)])
    cells = shift_rows(left, right, 4)[left] + right
    assert len(set(cells.tolist())) == len(left)
