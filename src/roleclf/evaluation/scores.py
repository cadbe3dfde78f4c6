"""Score predicted roles against labels, with scikit-learn's metrics.

All scores are made here: `roleclf train` writes them into the manifest, which the model
card quotes, and `roleclf evaluate` shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from roleclf.evaluation.curves import calibration_error, surest

__all__ = ["NONE", "predicted_roles", "score_predictions"]

NONE: Final = "none"
_SUREST_SHARE: Final = 0.8
_BOOTSTRAP_DRAWS: Final = 1000


def score_predictions(
    y: Sequence[str],
    proba: npt.NDArray[np.float64],
    roles: Sequence[str],
    seed: int = 0,
) -> dict[str, Any]:
    """Return the scores of a model on labelled postings, at least one.

    Parameters
    ----------
    y : sequence of str, length n_postings
        Each is one of `roles`.
    proba : array, shape (n_postings, n_roles)
        A row of NaN is a posting without a prediction, which counts as wrong.
    roles : sequence of str
        The column each role has in `proba`.

    Returns
    -------
    dict
        `macro_f1` and `accuracy`, each with its interval `_95` (1,000 bootstrap draws
        of postings, percentile method), precision, recall, F1 and number of labels
        `_by_role`, `accuracy_of_surest_80_percent`, `calibration_error` and
        `confusion` (rows: label, columns: prediction; without those that have none).
    """
    gold, names = np.array(y), list(roles)
    predicted, confidence = predicted_roles(proba, names)
    hit = predicted == gold
    by_role = precision_recall_fscore_support(
        gold, predicted, labels=names, zero_division=0
    )
    macro_f1_95, accuracy_95 = _intervals(gold, predicted, names, seed)
    return {
        "n": len(gold),
        "unanswered": int((predicted == NONE).sum()),
        "macro_f1": round(float(by_role[2].mean()), 3),
        "macro_f1_95": macro_f1_95,
        "accuracy": round(float(hit.mean()), 3),
        "accuracy_95": accuracy_95,
        **_scores_by_role(names, *by_role),
        "accuracy_of_surest_80_percent": _accuracy_of(
            surest(confidence, _SUREST_SHARE), hit
        ),
        "calibration_error": round(calibration_error(hit, confidence), 3),
        "confusion": confusion_matrix(gold, predicted, labels=names).tolist(),
    }


def predicted_roles(
    proba: npt.NDArray[np.float64], roles: Sequence[str]
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float64]]:
    """Return each posting's role, `none` where a row is NaN, and its confidence."""
    has_none, known = np.isnan(proba[:, 0]), np.nan_to_num(proba)
    names = np.array([*roles, NONE])
    column = np.where(has_none, len(roles), known.argmax(axis=1))
    return names[column], known.max(axis=1)


def _scores_by_role(
    names: Sequence[str],
    precision: npt.NDArray[np.float64],
    recall: npt.NDArray[np.float64],
    f1: npt.NDArray[np.float64],
    n_labels: npt.NDArray[np.int64],
) -> dict[str, dict[str, float]]:
    scores = {"f1": f1, "precision": precision, "recall": recall, "n": n_labels}
    return {
        f"{name}_by_role": dict(zip(names, values.round(3).tolist(), strict=True))
        for name, values in scores.items()
    }


def _accuracy_of(chosen: npt.NDArray[np.int64], hit: npt.NDArray[np.bool_]) -> float:
    return round(float(hit[chosen].mean()), 3) if len(chosen) else 0.0


def _intervals(
    gold: npt.NDArray[np.str_],
    predicted: npt.NDArray[np.str_],
    names: list[str],
    seed: int,
) -> tuple[list[float], list[float]]:
    """Return the bootstrap intervals of macro-F1 and of accuracy.

    Draws confusion matrices, in which an unanswered posting has a column of its own.
    """
    rng = np.random.default_rng(seed)
    n, n_roles = len(gold), len(names)
    column = {name: place for place, name in enumerate([*names, NONE])}
    shape = (n_roles, n_roles + 1)
    rows, columns = ([column[name] for name in role] for role in (gold, predicted))
    cells = np.ravel_multi_index((rows, columns), shape)
    confusion = np.stack(
        [
            np.bincount(cells[rng.integers(0, n, n)], minlength=shape[0] * shape[1])
            for _ in range(_BOOTSTRAP_DRAWS)
        ]
    ).reshape(_BOOTSTRAP_DRAWS, *shape)
    right = np.diagonal(confusion, axis1=1, axis2=2)
    labelled_and_predicted = confusion.sum(axis=2) + confusion[..., :n_roles].sum(
        axis=1
    )
    macro_f1 = (2 * right / np.maximum(labelled_and_predicted, 1)).mean(axis=1)
    return _percentiles(macro_f1), _percentiles(right.sum(axis=1) / n)


def _percentiles(values: npt.NDArray[np.float64]) -> list[float]:
    return [round(float(q), 3) for q in np.percentile(values, [2.5, 97.5])]
