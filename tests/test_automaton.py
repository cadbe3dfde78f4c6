"""The states of phrases lie as the loop reads them, or are refused."""

from __future__ import annotations

import numpy as np
import pytest

from roleclf.loops.loading import HAS_LOOPS
from roleclf.matching.automaton import KIND_BITS, check_bounds, check_places
from roleclf.matching.phrases import PhraseTable
from roleclf.text.hash_index import ABSENT
from roleclf.text.tokens import tokenize

needs_loops = pytest.mark.skipif(not HAS_LOOPS, reason="only loops walk")


@needs_loops
def test_a_walk_knows_what_begins_and_what_may_follow() -> None:
    table = PhraseTable.of({"tools": ["data lake", "data", "lake house"]})
    word = table.words.number(tokenize(["data lake house"]).hash)
    ends, goes_on, follows = 1, 2, 1 << KIND_BITS
    # Behind a row of none: what stands before the first is what `ABSENT` reads.
    assert table.walk.starts[1 + word, 1].tolist() == [
        ends | goes_on,
        goes_on | follows,
        follows,
    ]
    assert table.walk.starts[[0, -1]].tolist() == [[ABSENT, 0]] * 2


@needs_loops
def test_a_walk_counts_the_phrases_that_end_in_each_state() -> None:
    table = PhraseTable.of({"tools": ["dbt", "data lake"], "verbs": ["dbt"]})
    state = table.walk.starts[1 + table.words.number(tokenize(["dbt data"]).hash), 0]
    n_phrases = np.diff(table.walk.states >> KIND_BITS)
    assert n_phrases[state].tolist() == [2, 0]
    assert n_phrases.sum() == len(table._states.place)


@pytest.mark.parametrize(
    ("places", "refused"),
    [
        pytest.param([], False, id="none"),
        pytest.param([-1, 0, 4], False, id="all-within"),
        pytest.param([-2], True, id="before-the-first"),
        pytest.param([0, 5], True, id="behind-the-last"),
    ],
)
def test_places_are_checked(places: list[int], refused: bool) -> None:
    given = np.array(places, np.int32)
    if refused:
        with pytest.raises(IndexError, match=r"^places that are not from -1 to 4$"):
            check_places(given, -1, 5)
    else:
        check_places(given, -1, 5)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        pytest.param([0, 2], "bounds that are not those of 2 rows", id="too-few"),
        pytest.param([0, 2, 1], "bounds that are not those of 2 rows", id="falling"),
        pytest.param([0, 2, 6], "places that are not from 0 to 5", id="beyond"),
    ],
)
def test_bounds_are_checked(bounds: list[int], message: str) -> None:
    check_bounds(np.array([0, 2, 5], np.int32), 2, 5)
    with pytest.raises(IndexError, match=f"^{message}$"):
        check_bounds(np.array(bounds, np.int32), 2, 5)
