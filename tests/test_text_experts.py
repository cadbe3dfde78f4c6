"""The rough model learns the roles that titles name, from the texts."""

from __future__ import annotations

import numpy as np
import pytest

from roleclf.text.tokens import tokenize
from roleclf.training.feature_selection import learn_ngram_space
from roleclf.training.matrices import word_matrix
from roleclf.training.text_experts import fit_rough_model


def test_the_rough_model_leaves_out_roles_that_few_titles_name() -> None:
    texts = ["bake bread"] * 60 + ["cook soup"] * 60 + ["sell fish"] * 60 + ["fly"] * 49
    labels = np.repeat(["a", "b", "c", "d"], [60, 60, 60, 49])
    space = learn_ngram_space([tokenize(texts)], min_texts=1)
    weights = fit_rough_model(word_matrix(space, [tokenize(texts)]), labels, C=1.0)
    assert weights.shape == (len(space.names), 3)
    assert weights.sum(axis=1) == pytest.approx(0.0, abs=1e-9)
    best = dict(zip(space.names, weights.argmax(axis=1).tolist(), strict=True))
    assert (best["bread"], best["soup"], best["fish"]) == (0, 1, 2)


def test_a_rough_model_of_too_little_has_no_columns() -> None:
    texts = ["bake bread", "cook soup"] * 60
    space = learn_ngram_space([tokenize(texts)], min_texts=1)
    labels = np.array(["a", "b"] * 60)
    X = word_matrix(space, [tokenize(texts)])
    assert fit_rough_model(X, labels, C=1.0).shape == (len(space.names), 0)
