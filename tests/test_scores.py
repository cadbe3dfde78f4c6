"""Scores of predictions against labels, and how far confidence may be believed."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import f1_score

from roleclf.evaluation import score_predictions
from roleclf.evaluation.curves import (
    accuracy_of,
    calibration_error,
    coverage_curve,
    reliability,
)

ROLES = ["a", "b", "other"]


def certain(roles: list[str], confidence: float = 0.8) -> np.ndarray:
    """Return probabilities in which each of `roles` has the given one."""
    rest = (1 - confidence) / (len(ROLES) - 1)
    return np.array(
        [[confidence if name == role else rest for name in ROLES] for role in roles]
    )


def test_scores_of_a_few_postings() -> None:
    gold = ["a", "a", "a", "b", "b", "other", "other", "other", "other", "other"]
    said = ["a", "a", "b", "b", "b", "other", "other", "other", "other", "a"]
    proba = certain(said)
    proba[2] = proba[9] = [0.35, 0.34, 0.31]
    proba[2, [0, 1]] = proba[2, [1, 0]]
    scores = score_predictions(gold, proba, ROLES)
    for name in ("macro_f1", "accuracy"):
        low, high = scores.pop(f"{name}_95")
        assert 0 <= low < scores[name] < high <= 1
    assert scores == {
        "n": 10,
        "unanswered": 0,
        "macro_f1": 0.785,
        "accuracy": 0.8,
        "f1_by_role": {"a": 0.667, "b": 0.8, "other": 0.889},
        "precision_by_role": {"a": 0.667, "b": 0.667, "other": 1.0},
        "recall_by_role": {"a": 0.667, "b": 1.0, "other": 0.8},
        "n_by_role": {"a": 3, "b": 2, "other": 5},
        "accuracy_of_surest_80_percent": 1.0,
        "calibration_error": 0.23,
        "confusion": [[2, 1, 0], [0, 2, 0], [1, 0, 4]],
    }


def test_a_perfect_model() -> None:
    gold = ROLES * 40
    scores = score_predictions(gold, certain(gold, 1.0), ROLES)
    assert scores["macro_f1_95"] == scores["accuracy_95"] == [1.0, 1.0]
    assert scores["calibration_error"] == 0.0
    assert scores["confusion"] == [[40, 0, 0], [0, 40, 0], [0, 0, 40]]


def test_a_role_that_is_nowhere_scores_nothing() -> None:
    scores = score_predictions(["a", "b"], certain(["a", "b"]), ROLES)
    assert scores["f1_by_role"] == {"a": 1.0, "b": 1.0, "other": 0.0}
    assert scores["macro_f1"] == pytest.approx(2 / 3, abs=1e-3)


def test_a_posting_without_an_answer_is_wrong() -> None:
    proba = certain(["a", "a", "b"])
    proba[1] = np.nan
    scores = score_predictions(["a", "a", "b"], proba, ROLES)
    assert scores["unanswered"] == 1
    assert scores["accuracy"] == 0.667
    assert scores["recall_by_role"] == {"a": 0.5, "b": 1.0, "other": 0.0}
    assert scores["precision_by_role"] == {"a": 1.0, "b": 1.0, "other": 0.0}
    assert scores["confusion"] == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_the_intervals_are_those_of_drawn_postings() -> None:
    gold = np.array([*ROLES * 8, "a"])
    said = np.array([*ROLES[1:], *ROLES * 6, *"abbaa"])
    proba = certain(said.tolist())
    proba[4], said[4] = np.nan, "none"
    rng = np.random.default_rng(5)
    draws = [rng.integers(0, len(gold), len(gold)) for _ in range(1000)]
    macro_f1 = [
        f1_score(gold[i], said[i], labels=ROLES, average="macro", zero_division=0)
        for i in draws
    ]
    accuracy = [(gold[i] == said[i]).mean() for i in draws]
    scores = score_predictions(gold.tolist(), proba, ROLES, seed=5)
    for name, values in (("macro_f1", macro_f1), ("accuracy", accuracy)):
        expected = np.percentile(values, [2.5, 97.5]).round(3).tolist()
        assert scores[f"{name}_95"] == expected


def test_the_interval_is_drawn_with_a_seed() -> None:
    gold = ROLES * 20
    said = [*ROLES[1:], ROLES[0], *ROLES * 19]
    first, again, other = (
        score_predictions(gold, certain(said), ROLES, seed)["macro_f1_95"]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first == pytest.approx(other, abs=0.05)


def test_the_calibration_error_is_the_gap_of_confidence_and_accuracy() -> None:
    # Ten bins, each of ten postings with seven hits.
    said = (["a"] * 7 + ["b"] * 3) * 10
    proba = np.array([certain([r], 0.9 - i * 1e-6)[0] for i, r in enumerate(said)])
    assert score_predictions(["a"] * 100, proba, ROLES)["calibration_error"] == 0.2


def test_scores_can_be_written_as_json() -> None:
    scores = score_predictions(ROLES * 2, certain(ROLES * 2), ROLES)
    assert json.loads(json.dumps(scores, allow_nan=False)) == scores


def test_reliability_has_bins_of_equal_count_the_least_sure_first() -> None:
    confidence = np.linspace(0.5, 0.99, 50)
    hit = confidence > 0.7
    bins = reliability(hit, confidence)
    assert [part["n"] for part in bins] == [5] * 10
    assert bins[0] == {
        "from": 0.5,
        "to": 0.54,
        "confidence": 0.52,
        "n": 5,
        "accuracy": 0.0,
        "accuracy_95": [0.0, 0.434],
    }
    assert (bins[-1]["to"], bins[-1]["accuracy"]) == (0.99, 1.0)
    errors = [abs(part["accuracy"] - part["confidence"]) for part in bins]
    assert calibration_error(hit, confidence) == pytest.approx(np.mean(errors))


def test_the_coverage_curve_takes_the_surest_first() -> None:
    confidence = np.linspace(0.99, 0.6, 40)
    hit = np.arange(40) < 30
    curve = coverage_curve(hit, confidence)
    assert [point["n"] for point in curve] == list(range(2, 41, 2))
    assert curve[0] == {
        "share": 0.05,
        "confidence": 0.98,
        **accuracy_of(2, 2),
    }
    assert [point["accuracy"] for point in curve[13:]] == [
        *(1.0, 1.0, 0.938, 0.882, 0.833, 0.789, 0.75)
    ]


def test_few_postings_have_few_bins_and_points() -> None:
    hit, confidence = np.array([True, False]), np.array([0.9, 0.6])
    assert [part["n"] for part in reliability(hit, confidence)] == [1, 1]
    points = coverage_curve(hit, confidence)
    assert [point["n"] for point in points] == [1] * 10 + [2]


@pytest.mark.parametrize(
    ("right", "n", "interval"),
    [
        # Wilson's interval as scipy.stats.binomtest(right, n) has it.
        pytest.param(0, 1, [0.0, 0.793], id="none-of-one"),
        pytest.param(5, 5, [0.566, 1.0], id="all-of-five"),
        pytest.param(433, 500, [0.833, 0.893], id="many"),
    ],
)
def test_share(right: int, n: int, interval: list[float]) -> None:
    assert accuracy_of(right, n) == {
        "n": n,
        "accuracy": round(right / n, 3),
        "accuracy_95": interval,
    }
    theirs = binomtest(right, n).proportion_ci(method="wilson")
    assert [round(theirs.low, 3), round(theirs.high, 3)] == interval


def test_a_share_of_nothing_is_none() -> None:
    assert accuracy_of(0, 0) == {"n": 0, "accuracy": None, "accuracy_95": None}
