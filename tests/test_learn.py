"""The steps of fitting: folds, labels from titles, the rough model, the threshold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from roleclf.features import FeatureSpace, learn_space
from roleclf.learn import (
    OTHER,
    compile_expert,
    fit_expert,
    fit_head,
    fit_rough,
    make_folds,
    matrix,
    sure_threshold,
    title_label,
    tokenize_postings,
)
from roleclf.taxonomy import load_taxonomy
from roleclf.tokens import tokenize


def features(space: FeatureSpace, texts: list[str]) -> csr_array:
    return matrix([space.rows(tokenize(texts))], len(space.names))


@pytest.mark.parametrize(
    ("title", "role"),
    [
        pytest.param("Data Scientist", "data_scientist", id="data-scientist"),
        pytest.param(
            "Senior Machine Learning Engineer (m/f/d)", "ml_engineer", id="ml"
        ),
        pytest.param("MLOps Engineer", "mlops_engineer", id="mlops"),
        pytest.param("data engineer", "data_engineer", id="lower-case"),
        pytest.param("DATAOPS ENGINEER", "dataops_engineer", id="capitals"),
        pytest.param("Sous Chef", OTHER, id="none-of-them"),
        pytest.param("", OTHER, id="empty"),
        pytest.param("Data Engineer / Data Scientist", None, id="more-than-one"),
    ],
)
def test_the_role_a_title_names(title: str, role: str | None) -> None:
    assert title_label(title, load_taxonomy()) == role


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


def test_postings_are_cleaned_and_cut_in_batches() -> None:
    rows = [{"title": "A &amp; B", "description": f"<p>No {i}</p>"} for i in range(600)]
    texts, titles = tokenize_postings(rows)
    assert [len(batch.texts) for batch in texts] == [128, 128, 128, 128, 88]
    assert [text for batch in texts for text in batch.texts] == [
        f"No {i}" for i in range(600)
    ]
    assert {text for batch in titles for text in batch.texts} == {"A & B"}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({}, id="neither"),
        pytest.param({"title": None, "description": None}, id="none"),
        pytest.param({"title": float("nan"), "description": 3.5}, id="no-text"),
    ],
)
def test_a_missing_field_is_empty(row: dict[str, object]) -> None:
    texts, titles = tokenize_postings([row])
    assert [list(batch.texts) for batch in (*texts, *titles)] == [[""], [""]]


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
    _, proba = fit_head(scores, y, np.ones(12), folds, C=1.0)
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
