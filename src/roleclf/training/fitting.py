"""Fit logistic regressions on features, and score each posting out of fold.

scikit-learn fits; what comes out are the plain arrays that `RoleModel` predicts with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, issparse, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold

from roleclf.model import Expert

__all__ = [
    "BALANCED",
    "SOLVER",
    "ExtraRows",
    "Folds",
    "LabelledFolds",
    "LabelledRows",
    "Scores",
    "balancing_weights",
    "centred_scores",
    "coefficients_by_class",
    "compile_expert",
    "fit_expert",
    "fit_logistic",
    "make_folds",
    "out_of_fold_scores",
]

# Places of the training and the test postings of each fold.
Folds = list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]
Scores = npt.NDArray[np.float64]
SOLVER: Final = {"max_iter": 1000, "tol": 1e-3}
BALANCED: Final = {**SOLVER, "class_weight": "balanced"}
# A smaller part of a posting is no label: readers' shares are rough.
_MIN_SHARE: Final = 0.05


class LabelledFolds(NamedTuple):
    """Role and weight of each labelled posting, and the folds they are divided into.

    `shares`, shape (n_postings, n_roles), is how much of each posting is of which role,
    1 in all, roles in rising order; None where each is wholly of the role in `y`.
    """

    y: npt.NDArray[np.str_]
    weight: npt.NDArray[np.float64]
    folds: Folds
    shares: npt.NDArray[np.float64] | None = None

    def rows(self, postings: Any) -> LabelledRows:
        """Return the rows to fit on: a posting of two roles stands there twice.

        Parameters
        ----------
        postings : int array or slice
            Places of the postings to fit on.
        """
        place = np.arange(len(self.y))[postings]
        if self.shares is None:
            return LabelledRows(place, self.y[place], self.weight[place])
        row, role = np.nonzero(self.shares[place] >= _MIN_SHARE)
        share = self.shares[place][row, role]
        weight = self.weight[place][row] * share
        return LabelledRows(place[row], np.unique(self.y)[role], weight)


class LabelledRows(NamedTuple):
    """Rows to fit on: the posting of each, its role, and how much it counts."""

    posting: npt.NDArray[np.int64]
    y: npt.NDArray[np.str_]
    weight: npt.NDArray[np.float64]


class ExtraRows(NamedTuple):
    """More rows to learn from, in every fold; they are never scored out of fold."""

    X: Any
    y: npt.NDArray[np.str_]
    weight: npt.NDArray[np.float64]


def make_folds(
    y: npt.NDArray[np.str_], groups: Sequence[Any] | None, n_folds: int, seed: int
) -> Folds:
    """Divide postings into folds; no group stands on both sides of one.

    There are fewer folds where the groups, or the postings of a role, are fewer.
    """
    if groups is not None:
        n_folds = min(n_folds, len(set(groups)))
        return list(GroupKFold(n_folds).split(y, y, groups))
    n_folds = min(n_folds, int(np.unique(y, return_counts=True)[1].min()))
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    return list(folds.split(y, y))


def fit_expert(
    X: csr_array, labels: LabelledFolds, *, C: float, extra: ExtraRows | None = None
) -> tuple[LogisticRegression, Scores]:
    """Fit the expert of one field; every role weighs the same.

    Returns
    -------
    LogisticRegression
        Fitted on all postings.
    array, shape (n_postings, n_roles)
        Centred scores of each posting from the folds it is not in.
    """
    if X.shape[1] == 0:  # no posting has this field; scikit-learn wants a column
        X = csr_array((len(labels.y), 1))

    def fit(postings: Any) -> LogisticRegression:
        rows = labels.rows(postings)
        return fit_logistic(X[rows.posting], rows.y, rows.weight, C, 1.0, extra)

    return fit(slice(None)), out_of_fold_scores(fit, X, labels.y, labels.folds)


def compile_expert(fitted: LogisticRegression, n_features: int) -> Expert:
    """Return the expert that a fit on one kind of evidence amounts to."""
    coef, intercept = coefficients_by_class(fitted)
    return Expert(coef.T[:n_features].astype(np.float32), intercept)


def fit_logistic(
    X: Any,
    y: npt.NDArray[np.str_],
    weight: npt.NDArray[np.float64],
    C: float,
    balance: float,
    extra: ExtraRows | None = None,
) -> LogisticRegression:
    """Fit on rows and extra rows; `balance` is that of `balancing_weights`."""
    if extra is not None:
        X = vstack([X, extra.X]).tocsr() if issparse(X) else np.vstack((X, extra.X))
        y = np.concatenate((y, extra.y))
        weight = np.concatenate((weight, extra.weight))
    weight = weight * balancing_weights(y, balance, weight)
    return LogisticRegression(C=C, **SOLVER).fit(X, y, sample_weight=weight)


def balancing_weights(
    y: npt.NDArray[np.str_],
    balance: float,
    weight: npt.NDArray[np.float64] | None = None,
) -> npt.NDArray[np.float64]:
    """Return the weight of each row: 0 keeps the mix of roles, 1 evens it out.

    Between, the rare ones count for more than they are and for less than the others.
    A role's part of the mix is the sum of `weight`, or the number of its rows.
    """
    _, role = np.unique(y, return_inverse=True)
    parts = np.bincount(role, weight)
    share = parts * len(parts) / parts.sum()
    return np.asarray((share**-balance)[role])


def out_of_fold_scores(
    fit: Callable[[Any], LogisticRegression],
    X: Any,
    y: npt.NDArray[np.str_],
    folds: Folds,
) -> Scores:
    """Return centred scores of each posting from the folds it is not in.

    Parameters
    ----------
    fit : callable
        Fits on the postings at the places that it is given.
    """
    roles = np.unique(y)
    scores = np.zeros((len(y), len(roles)))
    for train, test in folds:
        fitted = fit(train)
        found = centred_scores(fitted, X[test])
        is_known = np.isin(roles, fitted.classes_)
        scores[np.ix_(test, is_known)] = found
        # A role that stands on one side of the fold only is the least likely one.
        scores[np.ix_(test, ~is_known)] = found.min(axis=1, keepdims=True)
    return scores


def centred_scores(fitted: LogisticRegression, X: csr_array) -> Scores:
    """Return the log-odds of rows less their mean, shape (n_rows, n_classes)."""
    coef, intercept = coefficients_by_class(fitted)
    scores = np.asarray(X @ coef.T) + intercept
    return np.asarray(scores - scores.mean(axis=1, keepdims=True))


def coefficients_by_class(
    fitted: LogisticRegression,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return a row of weights and an intercept for each class.

    scikit-learn keeps one row where there are two classes; each gets half of it.
    """
    coef, intercept = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:
        return np.vstack((-coef, coef)) / 2, np.concatenate((-intercept, intercept)) / 2
    return coef, intercept
