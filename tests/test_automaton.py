"""Tests of the states of phrases as the compiled loop reads them."""

from __future__ import annotations

import numpy as np
import pytest

from roleclf.loops.loading import HAS_LOOPS
from roleclf.matching.phrase_states import ENDS, GOES_ON, KIND_BITS
from roleclf.matching.phrases import PhraseTable
from roleclf.text.hash_index import ABSENT
from roleclf.text.tokens import tokenize

needs_loops = pytest.mark.skipif(not HAS_LOOPS, reason="only compiled loops read it")


@needs_loops
def test_starts_say_which_words_end_begin_or_continue_a_phrase() -> None:
    table = PhraseTable.of({"tools": ["data lake", "data", "lake house"]})
    word = table.words.number(tokenize(["data lake house"]).hash)
    is_second = 1 << KIND_BITS
    # The row before the first is that of `ABSENT`.
    assert table.automaton.starts[1 + word, 1].tolist() == [
        ENDS | GOES_ON,
        GOES_ON | is_second,
        is_second,
    ]
    assert table.automaton.starts[[0, -1]].tolist() == [[ABSENT, 0]] * 2


@needs_loops
def test_states_say_how_many_phrases_end_in_each() -> None:
    table = PhraseTable.of({"tools": ["dbt", "data lake"], "verbs": ["dbt"]})
    state = table.automaton.starts[
        1 + table.words.number(tokenize(["dbt data"]).hash), 0
    ]
    n_phrases = np.diff(table.automaton.states >> KIND_BITS)
    assert n_phrases[state].tolist() == [2, 0]
    assert n_phrases.sum() == len(table._states.place)
