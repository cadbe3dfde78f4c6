"""Scores of predictions against labels."""

from __future__ import annotations

import json

import numpy as np
import pytest

from roleclf.evaluate import score

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
    scores = score(gold, proba, ROLES)
    low, high = scores.pop("macro_f1_95")
    assert 0 <= low <= scores["macro_f1"] <= high <= 1
    assert scores == {
        "n": 10,
        "macro_f1": 0.785,
        "accuracy": 0.8,
        "f1_by_role": {"a": 0.667, "b": 0.8, "other": 0.889},
        "accuracy_of_surest_80_percent": 1.0,
        "calibration_error": 0.23,
        "confusion": [[2, 1, 0], [0, 2, 0], [1, 0, 4]],
    }


def test_a_perfect_model() -> None:
    gold = ROLES * 40
    scores = score(gold, certain(gold, 1.0), ROLES)
    assert scores["macro_f1_95"] == [1.0, 1.0]
    assert scores["calibration_error"] == 0.0
    assert scores["confusion"] == [[40, 0, 0], [0, 40, 0], [0, 0, 40]]


def test_a_role_that_is_nowhere_scores_nothing() -> None:
    scores = score(["a", "b"], certain(["a", "b"]), ROLES)
    assert scores["f1_by_role"] == {"a": 1.0, "b": 1.0, "other": 0.0}
    assert scores["macro_f1"] == pytest.approx(2 / 3, abs=1e-3)


def test_the_interval_is_drawn_with_a_seed() -> None:
    gold = ROLES * 20
    said = [*ROLES[1:], ROLES[0], *ROLES * 19]
    first, again, other = (
        score(gold, certain(said), ROLES, seed)["macro_f1_95"] for seed in (1, 1, 2)
    )
    assert first == again
    assert first == pytest.approx(other, abs=0.05)


def test_the_calibration_error_is_the_gap_of_confidence_and_accuracy() -> None:
    # Ten bins, each of ten postings with seven hits.
    said = (["a"] * 7 + ["b"] * 3) * 10
    proba = np.array([certain([r], 0.9 - i * 1e-6)[0] for i, r in enumerate(said)])
    assert score(["a"] * 100, proba, ROLES)["calibration_error"] == 0.2


def test_scores_can_be_written_as_json() -> None:
    scores = score(ROLES * 2, certain(ROLES * 2), ROLES)
    assert json.loads(json.dumps(scores, allow_nan=False)) == scores
