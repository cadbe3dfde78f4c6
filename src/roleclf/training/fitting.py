"""Fit the experts and heads of a RoleModel, each step a function.

Step 7 of the line, at training time. scikit-learn fits; what comes out are the
plain arrays that `model` predicts with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_array, hstack, issparse, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold

from roleclf.model import Expert, FeatureRows, Head, softmax

__all__ = [
    "Extra",
    "Folds",
    "beside",
    "compile_expert",
    "compile_text_experts",
    "fit_expert",
    "fit_head",
    "fit_rough",
    "judge",
    "make_folds",
    "matrix",
    "mix",
    "role_weights",
    "sure_threshold",
]

Folds = list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]
# More rows to learn from, their roles and their weights; no fold leaves them out.
Extra = tuple[Any, npt.NDArray[np.str_], npt.NDArray[np.float64]]
_SOLVER: Final = {"max_iter": 1000, "tol": 1e-3}
_BALANCED: Final = {**_SOLVER, "class_weight": "balanced"}
_LEAST_OF_A_ROLE: Final = 50
_TEMPERATURES: Final = (0.2, 5.0)


def matrix(rows: Sequence[FeatureRows], n_features: int) -> csr_array:
    """Return the rows of all batches, shape (n_texts, n_features)."""
    counts = [np.diff(row.bounds) for row in rows]
    bounds = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    entries = (
        np.concatenate([row.value for row in rows]),
        np.concatenate([row.feature for row in rows]),
        bounds,
    )
    matrix = csr_array(entries, shape=(len(bounds) - 1, n_features))
    # In one order, so that the same corpus always gives the same sums.
    matrix.sort_indices()
    return matrix


def make_folds(
    y: npt.NDArray[np.str_], groups: Sequence[Any] | None, n_folds: int, seed: int
) -> Folds:
    """Return train and test places of each fold; no group stands on both sides.

    There are fewer folds where the groups, or the postings of a role, are fewer.
    """
    if groups is not None:
        n_folds = min(n_folds, len(set(groups)))
        return list(GroupKFold(n_folds).split(y, y, groups))
    n_folds = min(n_folds, int(np.unique(y, return_counts=True)[1].min()))
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    return list(folds.split(y, y))


def fit_rough(
    X: csr_array, labels: npt.NDArray[np.str_], *, C: float
) -> npt.NDArray[np.float64]:
    """Return the weights that tell the roles that titles name, from the texts.

    Roles that too few titles name are left out. The columns sum to zero over the
    roles, so scores made with them are centred.

    Returns
    -------
    array, shape (n_features, n_named_roles); no columns where nothing can be told.
    """
    names, counts = np.unique(labels, return_counts=True)
    kept = np.isin(labels, names[counts >= _LEAST_OF_A_ROLE])
    if len(np.unique(labels[kept])) < 3:
        return np.zeros((X.shape[1], 0))
    coef = LogisticRegression(C=C, **_BALANCED).fit(X[kept], labels[kept]).coef_
    return np.asarray((coef - coef.mean(axis=0)).T)


def fit_expert(
    X: csr_array,
    y: npt.NDArray[np.str_],
    weight: npt.NDArray[np.float64],
    folds: Folds,
    *,
    C: float,
    extra: Extra | None = None,
) -> tuple[LogisticRegression, npt.NDArray[np.float64]]:
    """Fit the expert of one field; every role weighs the same.

    Returns
    -------
    LogisticRegression
        Fitted on all postings.
    array, shape (n_postings, n_roles)
        Centred scores of each posting from the folds it is not in.
    """
    if X.shape[1] == 0:  # no posting has this field; scikit-learn wants a column
        X = csr_array((len(y), 1))

    def fit(rows: Any) -> LogisticRegression:
        return _fit((X[rows], y[rows], weight[rows]), extra, C, _BALANCED)

    return fit(slice(None)), _out_of_fold(fit, X, y, folds)


def beside(
    words: csr_array, heard: npt.NDArray[np.float64], duties: csr_array
) -> csr_array:
    """Return what the text's expert sees: words, the rough model's scores, duties.

    Parameters
    ----------
    heard : array, shape (n_words, n_columns)
        Weights of the rough model, already scaled.
    """
    return hstack([words, csr_array(words @ heard), duties]).tocsr()


def compile_text_experts(
    fitted: LogisticRegression, heard: npt.NDArray[np.float64], duty_scale: float
) -> tuple[Expert, Expert]:
    """Return the experts for words and for duties that one fit on `beside` holds.

    What it hears from the rough model is linear in the words too, so both end in one
    matrix.
    """
    coef, intercept = _both_sides(fitted)
    n_words, n_heard = heard.shape
    words = coef[:, :n_words].T + heard @ coef[:, n_words : n_words + n_heard].T
    duties = duty_scale * coef[:, n_words + n_heard :].T
    return (
        Expert(words.astype(np.float32), intercept),
        Expert(duties.astype(np.float32), np.zeros(len(intercept))),
    )


def compile_expert(fitted: LogisticRegression, n_features: int) -> Expert:
    """Return the expert that a fit on one kind of evidence holds."""
    coef, intercept = _both_sides(fitted)
    return Expert(coef.T[:n_features].astype(np.float32), intercept)


def judge(fitted: LogisticRegression, X: csr_array) -> npt.NDArray[np.float64]:
    """Return the centred scores of rows, shape (n_rows, n_roles)."""
    coef, intercept = _both_sides(fitted)
    scores = np.asarray(X @ coef.T) + intercept
    return np.asarray(scores - scores.mean(axis=1, keepdims=True))


def fit_head(
    scores: npt.NDArray[np.float64],
    y: npt.NDArray[np.str_],
    weight: npt.NDArray[np.float64],
    folds: Folds,
    *,
    C: float,
    balance: float,
    extra: Extra | None = None,
) -> tuple[Head, npt.NDArray[np.float64]]:
    """Fit a head on out-of-fold scores and set its temperature.

    Parameters
    ----------
    balance : float in [0, 1]
        As `role_weights` takes it.

    Returns
    -------
    Head
    array, shape (n_postings, n_roles)
        Calibrated probabilities of each posting from the folds it is not in.
    """
    weight = weight * role_weights(y, balance)

    def fit(rows: Any) -> LogisticRegression:
        return _fit((scores[rows], y[rows], weight[rows]), extra, C, _SOLVER)

    logits = _out_of_fold(fit, scores, y, folds)
    temperature = _best_temperature(logits, y)
    coef, intercept = _both_sides(fit(slice(None)))
    head = Head(coef.T, intercept, temperature)
    return head, softmax(logits / temperature)


def role_weights(y: npt.NDArray[np.str_], balance: float) -> npt.NDArray[np.float64]:
    """Return the weight of each posting: 0 keeps the mix of roles, 1 evens it out.

    Between, the rare ones count for more than they are and for less than the others.
    """
    names, role, counts = np.unique(y, return_inverse=True, return_counts=True)
    share = counts * len(names) / len(y)
    return np.asarray((share**-balance)[role])


def mix(
    y: npt.NDArray[np.str_], weight: npt.NDArray[np.float64], balance: float
) -> npt.NDArray[np.float64]:
    """Return the share of each role that a head sees, shape (n_roles,)."""
    _, role = np.unique(y, return_inverse=True)
    total = np.bincount(role, weight * role_weights(y, balance))
    return np.asarray(total / total.sum())


def sure_threshold(
    proba: npt.NDArray[np.float64], hit: npt.NDArray[np.bool_], accuracy: float
) -> float:
    """Return the confidence above which the share of hits is at least `accuracy`."""
    confidence = proba.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(hit[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= accuracy)
    return float(confidence[order[enough[-1]]]) if enough.size else 1.0


def _fit(
    rows: Extra, extra: Extra | None, C: float, how: Mapping[str, Any]
) -> LogisticRegression:
    X, y, weight = rows
    if extra is not None:
        X = vstack([X, extra[0]]).tocsr() if issparse(X) else np.vstack((X, extra[0]))
        y, weight = np.concatenate((y, extra[1])), np.concatenate((weight, extra[2]))
    return LogisticRegression(C=C, **how).fit(X, y, sample_weight=weight)


def _out_of_fold(
    fit: Callable[[Any], LogisticRegression],
    X: Any,
    y: npt.NDArray[np.str_],
    folds: Folds,
) -> npt.NDArray[np.float64]:
    """Return centred scores of each posting from the folds it is not in."""
    roles = np.unique(y)
    scores = np.zeros((len(y), len(roles)))
    for train, test in folds:
        part = fit(train)
        found, seen = judge(part, X[test]), np.isin(roles, part.classes_)
        scores[np.ix_(test, seen)] = found
        # A role that stands on one side of the fold only is the least likely one.
        scores[np.ix_(test, ~seen)] = found.min(axis=1, keepdims=True)
    return scores


def _both_sides(
    fitted: LogisticRegression,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return one row of weights a role, also where scikit-learn keeps one for two."""
    coef, intercept = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:
        return np.vstack((-coef, coef)) / 2, np.concatenate((-intercept, intercept)) / 2
    return coef, intercept


def _best_temperature(
    logits: npt.NDArray[np.float64], y: npt.NDArray[np.str_]
) -> float:
    _, column = np.unique(y, return_inverse=True)
    rows = np.arange(len(y))

    def loss(temperature: float) -> float:
        return float(
            -np.log(softmax(logits / temperature)[rows, column] + 1e-12).mean()
        )

    return float(minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded").x)
