"""Features are chosen by how many texts of a corpus they occur in."""

from __future__ import annotations

import pytest

from roleclf.text.tokens import tokenize
from roleclf.training.feature_selection import learn_ngram_space

CORPUS = [
    "We train models and models of models, then we ship the models.",
    "We build pipelines. Pipelines move data; data moves us!",
    "You ship models to production and watch models in production",
    "",
    "data data data data",
    "the pipelines and the data of the team: the team ships",
]


def test_the_batches_of_a_corpus_do_not_matter() -> None:
    whole = learn_ngram_space([tokenize(CORPUS)], min_texts=2, max_features=7)
    parts = learn_ngram_space(
        [tokenize(CORPUS[:1]), tokenize([]), tokenize(CORPUS[1:])],
        min_texts=2,
        max_features=7,
    )
    assert list(whole.names) == list(parts.names)
    assert whole.words.hashes.tolist() == parts.words.hashes.tolist()
    assert whole.parts.tolist() == parts.parts.tolist()
    assert whole.idf.tolist() == parts.idf.tolist()


def test_the_most_frequent_features_are_kept() -> None:
    space = learn_ngram_space(
        [tokenize(["a b", "b c", "b c d"])], min_texts=1, max_features=3
    )
    assert sorted(space.names) == ["b", "b c", "c"]


def test_features_with_a_word_to_leave_out_are_left_out() -> None:
    texts = tokenize(["Data engineer of data", "an engineer"])
    space = learn_ngram_space([texts], min_texts=1, leave_out=frozenset({"engineer"}))
    assert sorted(space.names) == ["an", "data", "of", "of data"]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([], id="no-texts"),
        pytest.param(["", "..."], id="no-words"),
        pytest.param(["once", "only"], id="nothing-often-enough"),
    ],
)
def test_a_corpus_of_too_few_texts_has_no_features(texts: list[str]) -> None:
    space = learn_ngram_space([tokenize(texts)], min_texts=2)
    assert list(space.names) == []
    assert space.rows(tokenize(["some text", ""])).bounds.tolist() == [0, 0, 0]
