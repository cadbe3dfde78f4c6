"""Features of texts and duties are those of scikit-learn's TfidfTransformer."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from roleclf.duties import DutyPatterns
from roleclf.duties.compile import compile_duties
from roleclf.model.feature_rows import FeatureRows
from roleclf.model.feature_spaces import NgramSpace, RuleSpace
from roleclf.text.tokens import tokenize
from roleclf.training.feature_selection import learn_duty_space, learn_ngram_space

CORPUS = [
    "We train models and models of models, then we ship the models.",
    "We build pipelines. Pipelines move data; data moves us!",
    "You ship models to production and watch models in production",
    "",
    "data data data data",
    "the pipelines and the data of the team: the team ships",
]
TEXTS = st.lists(st.text(st.sampled_from("ab c\n.")), max_size=5)


def dense(rows: FeatureRows, n_features: int) -> npt.NDArray[np.float64]:
    """Return rows as an ordinary array."""
    table = np.zeros((len(rows.bounds) - 1, n_features))
    table[np.repeat(np.arange(len(table)), np.diff(rows.bounds)), rows.feature] = (
        rows.value
    )
    return table


def by_name(space: NgramSpace, texts: list[str]) -> npt.NDArray[np.float64]:
    """Return the features of `texts` with the columns in the order of their names."""
    order = np.argsort(np.array(space.names, object))
    return dense(space.rows(tokenize(texts)), len(space.names))[:, order]


def reference(
    space: NgramSpace, texts: list[str], **counting: float
) -> npt.NDArray[np.float64]:
    """Return what scikit-learn makes of `texts` after it saw the corpus."""
    vectorizer = CountVectorizer(
        ngram_range=(1, 2),
        token_pattern=r"[a-z]+",  # noqa: S106 - a pattern of words
        **counting,
    )
    weigher = TfidfTransformer(sublinear_tf=True).fit(vectorizer.fit_transform(CORPUS))
    assert vectorizer.get_feature_names_out().tolist() == sorted(space.names)
    idf = space.idf[np.argsort(np.array(space.names, object))]
    assert idf == pytest.approx(weigher.idf_, rel=1e-6)  # kept in single precision
    weigher.idf_ = idf.astype(np.float64)
    return weigher.transform(vectorizer.transform(texts)).toarray()


@pytest.mark.parametrize(
    ("min_texts", "max_share"),
    [
        pytest.param(1, 1.0, id="all"),
        pytest.param(2, 1.0, id="not-the-rare"),
        pytest.param(1, 0.5, id="not-the-common"),
        pytest.param(2, 0.5, id="neither"),
    ],
)
def test_features_are_those_of_scikit_learn(min_texts: int, max_share: float) -> None:
    space = learn_ngram_space(
        [tokenize(CORPUS)], min_texts=min_texts, max_share=max_share
    )
    texts = [*CORPUS, "models models ship nothing new", "unknown words only", "DATA"]
    expected = reference(space, texts, min_df=min_texts, max_df=max_share)
    np.testing.assert_allclose(by_name(space, texts), expected, rtol=0, atol=1e-9)


def test_duties_are_weighed_like_words() -> None:
    patterns = DutyPatterns(
        compile_duties({"ship": ["ship .. models"], "move": ["(move|moves) .. data"]})
    )
    texts = [
        "We ship the models. You ship models.",
        "We move data",
        "We ship models",
        "",
    ]
    tokens = tokenize(texts)
    stated = patterns.find(tokens)
    space = learn_duty_space(patterns, [stated], len(texts))
    counts = np.array([[2, 0], [0, 1], [1, 0], [0, 0]])
    weigher = TfidfTransformer(sublinear_tf=True).fit(counts)
    assert space.idf == pytest.approx(weigher.idf_, rel=1e-6)
    weigher.idf_ = space.idf.astype(np.float64)
    expected = weigher.transform(counts).toarray()
    table = dense(space.rows(stated, len(texts)), len(space.names))
    assert list(space.names) == ["ship", "move"]
    np.testing.assert_allclose(table, expected, rtol=0, atol=1e-9)


@given(TEXTS)
@example(["", "a a b", ""])
def test_a_row_has_length_one_or_is_empty(texts: list[str]) -> None:
    space = learn_ngram_space([tokenize(["a b", "a c", "b"])], min_texts=1)
    table = dense(space.rows(tokenize(texts)), len(space.names))
    knows = [1 - {"a", "b", "c"}.isdisjoint(re.findall("[abc]+", t)) for t in texts]
    assert np.linalg.norm(table, axis=1).tolist() == pytest.approx(knows)


def test_features_of_a_row_stand_once() -> None:
    space = learn_ngram_space([tokenize(CORPUS)], min_texts=1)
    rows = space.rows(tokenize(CORPUS))
    for start, end in zip(rows.bounds, rows.bounds[1:], strict=False):
        assert len(np.unique(rows.feature[start:end])) == end - start


@given(st.lists(st.booleans(), min_size=len(CORPUS), max_size=len(CORPUS)))
def test_unreadable_texts_have_empty_rows(chosen: list[bool]) -> None:
    space = learn_ngram_space([tokenize(CORPUS)], min_texts=1)
    tokens, read = tokenize(CORPUS), np.array(chosen)
    expected = dense(space.rows(tokens), len(space.names)) * read[:, None]
    rows = space.rows(tokens, read)
    assert (dense(rows, len(space.names)) == expected).all()
    assert (np.diff(rows.bounds)[~read] == 0).all()


def test_dot_multiplies() -> None:
    space = learn_ngram_space([tokenize(CORPUS)], min_texts=1)
    rows = space.rows(tokenize(["", *CORPUS, "", ""]))
    weights = np.random.default_rng(3).normal(size=(len(space.names), 4))
    expected = dense(rows, len(space.names)) @ weights
    np.testing.assert_allclose(rows.dot(weights), expected, rtol=0, atol=1e-12)


def test_counts_are_capped_at_4096() -> None:
    space = learn_ngram_space([tokenize(CORPUS)], min_texts=1, max_share=1.0)
    less, often, very_often = (
        by_name(space, [f"models {'data ' * n}"])[0] for n in (4000, 4097, 5000)
    )
    np.testing.assert_array_equal(very_often, often)
    assert less != pytest.approx(often, rel=1e-6)


def test_a_title_has_one_feature_the_role_that_it_names() -> None:
    space = RuleSpace(("baker", "cook"))
    assert space.names == ["title names baker", "title names cook"]
    rows = space.rows(["cook", None, "pilot", "baker"])
    assert rows.bounds.tolist() == [0, 1, 1, 1, 2]
    assert rows.feature.tolist() == [1, 0]
    assert rows.value.tolist() == [1.0, 1.0]
