"""Tests of compiling phrases: which states they have, and what is refused."""

from __future__ import annotations

import pytest

from roleclf.matching.phrase_states import ENDS, GOES_ON, compile_phrases


def test_states_are_whole_phrases_and_their_beginnings() -> None:
    states = compile_phrases({"tools": ["data", "data lake house"], "other": ["data"]})
    kinds = sorted(states.kind.tolist())
    # "data lake", "data lake house", "data".
    assert kinds == sorted([GOES_ON, ENDS, ENDS | GOES_ON])
    assert states.bounds[-1] == 3
    found = sorted(zip(states.owner.tolist(), states.place.tolist(), strict=True))
    assert found == [(0, 0), (0, 1), (1, 0)]
    assert (len(states.first), len(states.second)) == (1, 1)


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        pytest.param("", "phrase '' has no word", id="empty"),
        pytest.param("++", "phrase '\\+\\+' has no word", id="only-marks"),
        pytest.param(
            "a | b", r"phrase 'a \| b' has a mark that no phrase may cross", id="bar"
        ),
    ],
)
def test_a_phrase_that_can_never_be_found_is_refused(phrase: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        compile_phrases({"all": ["fine", phrase, "fine too"]})
