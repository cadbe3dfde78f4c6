"""Fit and calibrate the stacking heads on out-of-fold scores of the experts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression

from roleclf.model import FIELDS_BY_HEAD, StackingHead, softmax
from roleclf.training.fitting import (
    ExtraRows,
    LabelledFolds,
    Scores,
    balancing_weights,
    coefficients_by_class,
    fit_logistic,
    out_of_fold_scores,
)

__all__ = [
    "fit_head",
    "fit_heads",
    "sure_threshold",
    "weighted_prior",
]

_TEMPERATURES: Final = (0.2, 5.0)


def fit_heads(
    scores: Mapping[str, Scores],
    labels: LabelledFolds,
    *,
    C: float,
    balance: float,
    weak_titles: ExtraRows | None = None,
) -> tuple[dict[str, StackingHead], Scores]:
    """Fit the head for each set of fields that a posting can have.

    Parameters
    ----------
    scores : mapping of "text", "title" and "rule" to array, shape (n_postings, n_roles)
        Out-of-fold scores of the fields.
    weak_titles : ExtraRows or None
        Scores of more titles, of "title" and "rule", for the head of lone titles.

    Returns
    -------
    dict of str to StackingHead
    array, shape (n_postings, n_roles)
        Probabilities of each posting by all fields, from the folds it is not in.
    """
    fitted = {
        name: fit_head(
            np.hstack([scores[field] for field in fields]),
            labels,
            C=C,
            balance=balance,
            extra=weak_titles if name == "title" else None,
        )
        for name, fields in FIELDS_BY_HEAD.items()
    }
    return {name: head for name, (head, _) in fitted.items()}, fitted["both"][1]


def fit_head(
    scores: Scores,
    labels: LabelledFolds,
    *,
    C: float,
    balance: float,
    extra: ExtraRows | None = None,
) -> tuple[StackingHead, Scores]:
    """Fit a head on out-of-fold scores and set its temperature.

    Parameters
    ----------
    balance : float in [0, 1]
        As `balancing_weights` takes it.

    Returns
    -------
    StackingHead
    array, shape (n_postings, n_roles)
        Calibrated probabilities of each posting from the folds it is not in.
    """

    def fit(postings: Any) -> LogisticRegression:
        rows = labels.rows(postings)
        X = scores[rows.posting]
        return fit_logistic(X, rows.y, rows.weight, C, balance, extra)

    logits = out_of_fold_scores(fit, scores, labels.y, labels.folds)
    temperature = _best_temperature(logits, labels.y)
    coef, intercept = coefficients_by_class(fit(slice(None)))
    head = StackingHead(coef.T, intercept, temperature)
    return head, softmax(logits / temperature)


def weighted_prior(
    y: npt.NDArray[np.str_], weight: npt.NDArray[np.float64], balance: float
) -> npt.NDArray[np.float64]:
    """Return the share of each role in what a head is fitted on, shape (n_roles,)."""
    _, role = np.unique(y, return_inverse=True)
    total = np.bincount(role, weight * balancing_weights(y, balance, weight))
    return np.asarray(total / total.sum())


def sure_threshold(
    proba: npt.NDArray[np.float64], is_right: npt.NDArray[np.bool_], accuracy: float
) -> float:
    """Return the least confidence above which the accuracy is at least `accuracy`."""
    confidence = proba.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= accuracy)
    return float(confidence[order[enough[-1]]]) if enough.size else 1.0


def _best_temperature(logits: Scores, y: npt.NDArray[np.str_]) -> float:
    """Return the temperature with the least log loss."""
    _, column = np.unique(y, return_inverse=True)
    rows = np.arange(len(y))

    def loss(temperature: float) -> float:
        proba = softmax(logits / temperature)[rows, column]
        return float(-np.log(proba + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded").x)
