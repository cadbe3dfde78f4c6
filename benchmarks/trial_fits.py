"""Fit what trials share: experts of another kind, heads of trees, more columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from lab import ExpertInputs, Lab, Scores, TrainAndDev, centred
from scipy.sparse import csr_array, hstack
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from roleclf.training.head_fitting import balancing_weights

Matrix = csr_array | Scores


def stack(lab: Lab, *experts: TrainAndDev) -> TrainAndDev:
    """Return the probabilities of the shipped kind of head on the experts' scores."""
    return lab.fit_head(*(np.hstack(part) for part in zip(*experts, strict=True)))


def stack_trees(
    lab: Lab,
    trees: Callable[[], HistGradientBoostingClassifier | ExtraTreesClassifier],
) -> TrainAndDev:
    """Return the probabilities of trees on scores and counts of duties."""
    text, title = lab.text_scores, lab.title_scores
    counts = duty_counts(lab, lab.inputs), duty_counts(lab, lab.dev_inputs)
    X, X_dev = (np.hstack(part) for part in zip(text, title, counts, strict=True))
    weight = lab.weight * balancing_weights(lab.y, lab.classifier.role_balance)

    def fit_and_score(rows: npt.NDArray[np.int64], X_new: Scores) -> Scores:
        fitted = trees().fit(X[rows], lab.y[rows], sample_weight=weight[rows])
        return np.asarray(fitted.predict_proba(X_new))

    return out_of_fold(lab, X, X_dev, fit_and_score)


def fit_expert(
    lab: Lab,
    X: csr_array,
    X_dev: csr_array,
    model: Callable[[], LogisticRegression | LinearSVC],
    weight: Scores | None = None,
) -> TrainAndDev:
    """Return the scores of another kind of expert."""
    weight = lab.weight if weight is None else weight

    def fit_and_score(rows: npt.NDArray[np.int64], X_new: csr_array) -> Scores:
        fitted = model().fit(X[rows], lab.y[rows], sample_weight=weight[rows])
        return centred(fitted.decision_function(X_new))

    return out_of_fold(lab, X, X_dev, fit_and_score)


def out_of_fold(
    lab: Lab,
    X: Matrix,
    X_dev: Matrix,
    fit_and_score: Callable[[npt.NDArray[np.int64], Matrix], Scores],
) -> TrainAndDev:
    """Return the scores of training postings, out of fold, and of dev.

    Parameters
    ----------
    fit_and_score : callable
        Fits on the postings at some places, and scores rows.
    """
    unseen = np.zeros((len(lab.y), len(lab.classifier.classes_)))
    for train, test in lab.labels.folds:
        unseen[test] = fit_and_score(train, X[test])
    return unseen, fit_and_score(np.arange(len(lab.y)), X_dev)


def logistic(C: float) -> LogisticRegression:
    """Return a regression with the solver and balance of the shipped experts."""
    return LogisticRegression(C=C, class_weight="balanced", max_iter=1000, tol=1e-3)


def beside(
    matrices: tuple[csr_array, csr_array], columns: tuple[csr_array, csr_array]
) -> tuple[csr_array, csr_array]:
    """Return the train and the dev matrix, each with more columns."""
    train, dev = (hstack(pair).tocsr() for pair in zip(matrices, columns, strict=True))
    return train, dev


def duty_counts(lab: Lab, inputs: ExpertInputs) -> Scores:
    """Return the logarithm of the number of duties of each role, and their share."""
    names = lab.classifier.model_.spaces.duties.names
    role = np.array([name.partition(".")[0] for name in names])
    stated = (inputs.duties > 0).astype(float)
    counts = np.stack(
        [
            np.asarray(stated[:, np.flatnonzero(role == r)].sum(axis=1))
            for r in np.unique(role)
        ],
        axis=1,
    )
    return np.hstack(
        (np.log1p(counts), counts / (counts.sum(axis=1, keepdims=True) + 1))
    )


def in_scope_first(
    lab: Lab, X: Scores, rows: npt.NDArray[np.int64], X_new: Scores
) -> Scores:
    """Fit whether a role is in scope, then which; return probabilities of new rows."""
    y, weight = lab.y[rows], lab.weight[rows]
    other = y == "other"
    balance = lab.classifier.role_balance
    scope = LogisticRegression(max_iter=1000).fit(
        X[rows], other, weight * balancing_weights(other.astype(str), balance)
    )
    inside = rows[~other]
    role = LogisticRegression(max_iter=1000).fit(
        X[inside], y[~other], weight[~other] * balancing_weights(y[~other], balance)
    )
    outside = scope.predict_proba(X_new)[:, 1]
    proba = np.zeros((len(X_new), len(lab.classifier.classes_)))
    proba[:, lab.classifier.classes_ == "other"] = outside[:, None]
    proba[:, lab.classifier.classes_ != "other"] = (
        role.predict_proba(X_new) * (1 - outside)[:, None]
    )
    return proba
