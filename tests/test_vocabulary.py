"""Tests of word lists, and of the vocabulary that looks up many at once."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from roleclf.matching.vocabulary import Vocabulary, WordList
from roleclf.text.hash_index import ABSENT
from roleclf.text.tokens import tokenize

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]))


def listed(words: list[str]) -> WordList:
    return WordList(tokenize(words).hash)


@given(st.lists(WORDS, min_size=1), WORDS)
def test_a_vocabulary_numbers_words_as_each_list_does(
    lists: list[list[str]], text: list[str]
) -> None:
    word_lists = [listed(words) for words in lists]
    tokens = tokenize([" ".join(text)])
    together = Vocabulary(word_lists).number(tokens)
    for words, names in zip(word_lists, lists, strict=True):
        assert words in together.numbers_by_list
        assert words.find(together).tolist() == words.find(tokens).tolist()
        assert (words.find(tokens) != ABSENT).tolist() == [w in names for w in text]


def test_a_list_outside_the_vocabulary_is_looked_up() -> None:
    inside, outside = listed(["dbt"]), listed(["run"])
    tokens = Vocabulary([inside]).number(tokenize(["run dbt"]))
    assert outside.find(tokens).tolist() == [0, ABSENT]


def test_the_number_of_a_word_is_its_place_among_the_hashes() -> None:
    words = listed(["spark", "dbt", "spark"])
    assert len(words) == 2
    assert words.number(words.hashes).tolist() == [0, 1]


def test_an_unpickled_list_is_equal_by_its_words() -> None:
    words = listed(["dbt", "spark"])
    vocabulary = pickle.loads(pickle.dumps(Vocabulary([words])))  # noqa: S301 - ours
    tokens = vocabulary.number(tokenize(["spark"]))
    assert tokens.numbers_by_list.get(words) is not None
    assert tokens.numbers_by_list.get(listed(["dbt"])) is None
