"""Experts are fitted on folds that share no group, and judged out of fold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from roleclf.text.tokens import tokenize
from roleclf.training.feature_selection import learn_ngram_space
from roleclf.training.fitting import (
    ExtraRows,
    LabelledFolds,
    compile_expert,
    fit_expert,
    make_folds,
)
from roleclf.training.head_fitting import fit_head
from roleclf.training.matrices import word_matrix


def test_folds_share_no_posting_and_leave_none_out() -> None:
    y = np.array(["a", "b"] * 10)
    folds = make_folds(y, None, 4, 0)
    assert len(folds) == 4
    for train, test in folds:
        assert not set(train.tolist()) & set(test.tolist())
    assert sorted(np.concatenate([test for _, test in folds]).tolist()) == list(
        range(20)
    )


def test_a_group_stands_on_one_side_of_a_fold() -> None:
    y = np.array(["a", "b"] * 10)
    groups = np.array([f"company {i % 7}" for i in range(20)])
    for train, test in make_folds(y, groups.tolist(), 4, 0):
        assert not set(groups[train]) & set(groups[test])


@pytest.mark.parametrize(
    ("y", "groups", "n_folds"),
    [
        pytest.param(["a"] * 3 + ["b"] * 9, None, 3, id="few-of-a-role"),
        pytest.param(["a", "b"] * 6, ["x"] * 5 + ["y"] * 7, 2, id="few-groups"),
        pytest.param(["a", "b"] * 6, None, 5, id="enough"),
    ],
)
def test_there_are_no_more_folds_than_can_be(
    y: list[str], groups: list[str] | None, n_folds: int
) -> None:
    assert len(make_folds(np.array(y), groups, 5, 0)) == n_folds


def test_the_same_seed_makes_the_same_folds() -> None:
    y = np.array(["a", "b"] * 10)
    first, again, other = (
        [test.tolist() for _, test in make_folds(y, None, 4, seed)]
        for seed in (1, 1, 2)
    )
    assert first == again != other


def in_two_folds(y: npt.NDArray[np.str_]) -> LabelledFolds:
    return LabelledFolds(y, np.ones(len(y)), make_folds(y, None, 2, 0))


def test_a_role_that_a_fold_never_saw_is_its_least_likely_one() -> None:
    texts = ["bake bread", "cook soup", "bake, cook and sell bread"] * 4
    y = np.array(["a", "b", "c"] * 4)
    space = learn_ngram_space([tokenize(texts)], min_texts=1)
    without_c = np.flatnonzero(y != "c"), np.flatnonzero(y == "c")
    labels = LabelledFolds(y, np.ones(12), [without_c])
    fitted, scores = fit_expert(word_matrix(space, [tokenize(texts)]), labels, C=1.0)
    assert fitted.classes_.tolist() == ["a", "b", "c"]
    unseen = scores[y == "c"]
    assert (np.ptp(unseen, axis=1) > 0.01).all()
    assert (unseen[:, 2] == unseen.min(axis=1)).all()
    _, proba = fit_head(scores, labels, C=1.0, balance=0.5)
    assert proba.sum(axis=1) == pytest.approx(1.0)


def test_a_field_that_no_posting_has_scores_nothing() -> None:
    y = np.array(["a", "b"] * 4)
    space = learn_ngram_space([tokenize([""] * 8)], min_texts=1)
    X = word_matrix(space, [tokenize([""] * 8)])
    fitted, scores = fit_expert(X, in_two_folds(y), C=1.0)
    expert = compile_expert(fitted, X.shape[1])
    assert expert.weights.shape == (0, 2)
    assert expert.intercept == pytest.approx(0.0, abs=1e-6)
    assert scores == pytest.approx(0.0, abs=1e-6)


def test_two_roles_have_a_side_each() -> None:
    texts, y = ["bake bread", "cook soup"] * 4, np.array(["a", "b"] * 4)
    space = learn_ngram_space([tokenize(texts)], min_texts=1)
    X = word_matrix(space, [tokenize(texts)])
    fitted, _ = fit_expert(X, in_two_folds(y), C=1.0)
    expert = compile_expert(fitted, X.shape[1])
    assert expert.weights[:, 0] == pytest.approx(-expert.weights[:, 1])
    odds = fitted.predict_log_proba(X)
    scores = expert.scores(space.rows(tokenize(texts)))
    assert scores[:, 1] - scores[:, 0] == pytest.approx(odds[:, 1] - odds[:, 0])


def test_extra_rows_are_learned_in_every_fold() -> None:
    texts = ["bake bread", "cook soup"] * 4
    y = np.array(["a", "b"] * 4)
    space = learn_ngram_space([tokenize([*texts, "fry fish"])], min_texts=1)
    fish = ExtraRows(
        word_matrix(space, [tokenize(["fry fish"] * 3)]),
        np.array(["b"] * 3),
        np.ones(3),
    )
    X, labels = word_matrix(space, [tokenize(texts)]), in_two_folds(y)
    alone, _ = fit_expert(X, labels, C=1.0)
    more, scores = fit_expert(X, labels, C=1.0, extra=fish)
    place = space.names.index("fish")
    assert alone.coef_[0, place] == 0.0 < more.coef_[0, place]
    assert scores.shape == (8, 2)


def test_a_posting_of_two_roles_is_fitted_on_twice() -> None:
    y, weight = np.array(["a", "b", "b"]), np.array([1.0, 0.5, 1.0])
    shares = np.array([[1.0, 0.0], [0.4, 0.6], [0.02, 0.98]])
    rows = LabelledFolds(y, weight, [], shares).rows(np.array([1, 2]))
    assert rows.posting.tolist() == [1, 1, 2]
    assert rows.y.tolist() == ["a", "b", "b"]
    assert rows.weight.tolist() == pytest.approx([0.2, 0.3, 0.98])
