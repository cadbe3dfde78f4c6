"""The steps of fitting: folds, the rough model, weights of roles, the threshold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from roleclf.model.features import FeatureSpace, learn_space
from roleclf.text.tokens import tokenize
from roleclf.training.fitting import (
    compile_expert,
    fit_expert,
    fit_head,
    fit_rough,
    make_folds,
    matrix,
    mix,
    role_weights,
    sure_threshold,
)


def features(space: FeatureSpace, texts: list[str]) -> csr_array:
    return matrix([space.rows(tokenize(texts))], len(space.names))


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


@pytest.mark.parametrize(
    ("confidence", "hit", "accuracy", "threshold"),
    [
        pytest.param([0.9, 0.8, 0.7], [1, 1, 1], 0.95, 0.7, id="all-right"),
        pytest.param([0.9, 0.8, 0.7], [1, 1, 0], 0.95, 0.8, id="the-last-is-wrong"),
        pytest.param([0.7, 0.9, 0.8], [0, 1, 1], 0.95, 0.8, id="in-any-order"),
        pytest.param([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 1], 0.75, 0.6, id="some-wrong"),
        pytest.param([0.9, 0.8], [0, 0], 0.95, 1.0, id="none-right"),
    ],
)
def test_the_threshold_of_the_sure_ones(
    confidence: list[float], hit: list[int], accuracy: float, threshold: float
) -> None:
    proba = np.array([[p, 1 - p] for p in confidence])
    assert sure_threshold(proba, np.array(hit, bool), accuracy) == threshold


def test_the_matrix_has_a_row_for_each_text_of_each_batch() -> None:
    texts = ["bake the bread", "", "cook the soup", "bake soup"]
    space = learn_space([tokenize(texts)], min_texts=1)
    whole, parts = (
        matrix([space.rows(tokenize(batch)) for batch in batches], len(space.names))
        for batches in ([texts], [texts[:1], [], texts[1:]])
    )
    assert whole.shape == (4, len(space.names))
    assert (whole.toarray() == parts.toarray()).all()
    assert np.diff(whole.indptr).tolist() == [5, 0, 5, 3]


def test_the_rough_model_leaves_out_roles_that_few_titles_name() -> None:
    texts = ["bake bread"] * 60 + ["cook soup"] * 60 + ["sell fish"] * 60 + ["fly"] * 49
    labels = np.repeat(["a", "b", "c", "d"], [60, 60, 60, 49])
    space = learn_space([tokenize(texts)], min_texts=1)
    weights = fit_rough(features(space, texts), labels, C=1.0)
    assert weights.shape == (len(space.names), 3)
    assert weights.sum(axis=1) == pytest.approx(0.0, abs=1e-9)
    best = dict(zip(space.names, weights.argmax(axis=1).tolist(), strict=True))
    assert (best["bread"], best["soup"], best["fish"]) == (0, 1, 2)


def test_a_rough_model_of_too_little_has_no_columns() -> None:
    texts = ["bake bread", "cook soup"] * 60
    space = learn_space([tokenize(texts)], min_texts=1)
    labels = np.array(["a", "b"] * 60)
    X = features(space, texts)
    assert fit_rough(X, labels, C=1.0).shape == (len(space.names), 0)


def test_a_role_that_a_fold_never_saw_is_its_least_likely_one() -> None:
    texts = ["bake bread", "cook soup", "bake, cook and sell bread"] * 4
    y = np.array(["a", "b", "c"] * 4)
    space = learn_space([tokenize(texts)], min_texts=1)
    without_c = np.flatnonzero(y != "c"), np.flatnonzero(y == "c")
    folds = [without_c]
    fitted, scores = fit_expert(features(space, texts), y, np.ones(12), folds, C=1.0)
    assert fitted.classes_.tolist() == ["a", "b", "c"]
    unseen = scores[y == "c"]
    assert (np.ptp(unseen, axis=1) > 0.01).all()
    assert (unseen[:, 2] == unseen.min(axis=1)).all()
    _, proba = fit_head(scores, y, np.ones(12), folds, C=1.0, balance=0.5)
    assert proba.sum(axis=1) == pytest.approx(1.0)


def test_a_field_that_no_posting_has_says_nothing() -> None:
    y = np.array(["a", "b"] * 4)
    space = learn_space([tokenize([""] * 8)], min_texts=1)
    X = features(space, [""] * 8)
    fitted, scores = fit_expert(X, y, np.ones(8), make_folds(y, None, 2, 0), C=1.0)
    expert = compile_expert(fitted, X.shape[1])
    assert expert.weights.shape == (0, 2)
    assert expert.intercept == pytest.approx(0.0, abs=1e-6)
    assert scores == pytest.approx(0.0, abs=1e-6)


def test_two_roles_have_a_side_each() -> None:
    texts, y = ["bake bread", "cook soup"] * 4, np.array(["a", "b"] * 4)
    space = learn_space([tokenize(texts)], min_texts=1)
    X = features(space, texts)
    fitted, _ = fit_expert(X, y, np.ones(8), make_folds(y, None, 2, 0), C=1.0)
    expert = compile_expert(fitted, X.shape[1])
    assert expert.weights[:, 0] == pytest.approx(-expert.weights[:, 1])
    odds = fitted.predict_log_proba(X)
    scores = expert.scores(space.rows(tokenize(texts)))
    assert scores[:, 1] - scores[:, 0] == pytest.approx(odds[:, 1] - odds[:, 0])


@pytest.mark.parametrize(
    ("balance", "weights"),
    [
        pytest.param(0.0, [1.0, 1.0, 1.0, 1.0], id="own-mix"),
        pytest.param(1.0, [2 / 3, 2 / 3, 2 / 3, 2.0], id="even"),
        pytest.param(0.5, [(2 / 3) ** 0.5] * 3 + [2.0**0.5], id="between"),
    ],
)
def test_rare_roles_weigh_more(balance: float, weights: list[float]) -> None:
    y = np.array(["a", "a", "a", "b"])
    assert role_weights(y, balance).tolist() == pytest.approx(weights)


@pytest.mark.parametrize(
    ("balance", "shares"),
    [
        pytest.param(0.0, [0.6, 0.4], id="own-mix"),
        pytest.param(1.0, [1 / 3, 2 / 3], id="even-but-for-belief"),
    ],
)
def test_the_mix_that_a_head_sees(balance: float, shares: list[float]) -> None:
    y, weight = np.array(["a", "a", "a", "b"]), np.array([0.5, 0.5, 0.5, 1.0])
    assert mix(y, weight, balance).tolist() == pytest.approx(shares)


def test_a_head_of_evened_roles_gives_the_rare_one_more() -> None:
    rng = np.random.default_rng(0)
    y = np.array(["a"] * 90 + ["b"] * 10)
    scores = np.where(y == "b", 0.5, -0.5)[:, None] * [-1, 1] + rng.normal(
        size=(100, 2)
    )
    folds = make_folds(y, None, 4, 0)
    own, even = (
        fit_head(scores, y, np.ones(100), folds, C=1.0, balance=balance)[1].mean(axis=0)
        for balance in (0.0, 1.0)
    )
    assert own[1] == pytest.approx(0.1, abs=0.02)
    assert even[1] > 0.25


def test_rows_beside_the_folds_teach_every_fold() -> None:
    texts = ["bake bread", "cook soup"] * 4
    y = np.array(["a", "b"] * 4)
    space = learn_space([tokenize([*texts, "fry fish"])], min_texts=1)
    fish = features(space, ["fry fish"] * 3), np.array(["b"] * 3), np.ones(3)
    X, folds = features(space, texts), make_folds(y, None, 2, 0)
    alone, _ = fit_expert(X, y, np.ones(8), folds, C=1.0)
    more, scores = fit_expert(X, y, np.ones(8), folds, C=1.0, extra=fish)
    place = space.names.index("fish")
    assert alone.coef_[0, place] == 0.0 < more.coef_[0, place]
    assert scores.shape == (8, 2)
