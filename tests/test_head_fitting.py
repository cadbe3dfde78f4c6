"""Heads are fitted for a mix of roles, and the threshold for an accuracy."""

from __future__ import annotations

import numpy as np
import pytest

from roleclf.training.fitting import LabelledFolds, make_folds
from roleclf.training.head_fitting import (
    balancing_weights,
    fit_head,
    sure_threshold,
    weighted_prior,
)


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
    assert balancing_weights(y, balance).tolist() == pytest.approx(weights)


def test_a_role_is_as_rare_as_its_weight() -> None:
    weight = np.array([0.5, 0.5, 2.0])
    weights = balancing_weights(np.array(["a", "a", "b"]), 1.0, weight)
    assert weights.tolist() == pytest.approx([1.5, 1.5, 0.75])


@pytest.mark.parametrize(
    ("balance", "shares"),
    [
        pytest.param(0.0, [0.6, 0.4], id="own-mix"),
        pytest.param(1.0, [1 / 2, 1 / 2], id="even"),
    ],
)
def test_the_prior_is_the_weighted_mix_of_roles(
    balance: float, shares: list[float]
) -> None:
    y, weight = np.array(["a", "a", "a", "b"]), np.array([0.5, 0.5, 0.5, 1.0])
    assert weighted_prior(y, weight, balance).tolist() == pytest.approx(shares)


def test_balance_makes_rare_roles_more_probable() -> None:
    rng = np.random.default_rng(0)
    y = np.array(["a"] * 90 + ["b"] * 10)
    scores = np.where(y == "b", 0.5, -0.5)[:, None] * [-1, 1] + rng.normal(
        size=(100, 2)
    )
    labels = LabelledFolds(y, np.ones(100), make_folds(y, None, 4, 0))
    own, even = (
        fit_head(scores, labels, C=1.0, balance=balance)[1].mean(axis=0)
        for balance in (0.0, 1.0)
    )
    assert own[1] == pytest.approx(0.1, abs=0.02)
    assert even[1] > 0.25
