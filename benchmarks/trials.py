"""Ideas for the classifier, most of which did not ship, each tried in the lab.

A trial takes the lab and returns probabilities, out of fold and on dev. What it
changes is in its one line; everything else is as shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from lab import ExpertInputs, Lab, Scores, TrainAndDev, centred
from scipy.sparse import csr_array, diags_array, hstack
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.svm import LinearSVC

from roleclf.model.stacking import softmax
from roleclf.training.head_fitting import balancing_weights
from roleclf.training.text_experts import fit_rough_model

_ENDINGS: Final = (
    *("ization", "ations", "ation", "ments", "ment", "ings", "ing", "ies"),
    *("ers", "er", "ors", "or", "ed", "es", "s", "e", "ly"),
)
_SHORTEST_STEM: Final = 3
_DOUBTED: Final = 0.1
_BAGS: Final = 5


def _stack(lab: Lab, *experts: TrainAndDev) -> TrainAndDev:
    """Return what a head makes of the experts' scores."""
    return lab.fit_head(*(np.hstack(part) for part in zip(*experts, strict=True)))


def as_shipped(lab: Lab) -> TrainAndDev:
    """Change nothing."""
    return _stack(lab, lab.text_scores, lab.title_scores)


def gold_titles_only(lab: Lab) -> TrainAndDev:
    """Learn titles from the labelled postings alone."""
    title = lab.fit_expert(lab.inputs.titles, lab.dev_inputs.titles)
    return _stack(lab, lab.text_scores, title)


def weighed(**how: float) -> Callable[[Lab], TrainAndDev]:
    """Return the trial that overrides the weight of duties or of the rough model."""

    def trial(lab: Lab) -> TrainAndDev:
        X, X_dev = (
            lab.text_matrix(lab.inputs, **how),
            lab.text_matrix(lab.dev_inputs, **how),
        )
        return _stack(lab, lab.fit_expert(X, X_dev), lab.title_scores)

    return trial


def balanced(balance: float) -> Callable[[Lab], TrainAndDev]:
    """Return the trial whose head evens out the mix of roles so far."""

    def trial(lab: Lab) -> TrainAndDev:
        scores = zip(lab.text_scores, lab.title_scores, strict=True)
        return lab.fit_head(*map(np.hstack, scores), balance=balance)

    return trial


def bagging(lab: Lab) -> TrainAndDev:
    """Average text experts of postings drawn anew, with Bayesian weights."""
    rng = np.random.default_rng(0)
    X, X_dev = lab.text_matrix(lab.inputs), lab.text_matrix(lab.dev_inputs)
    bags = []
    for _ in range(_BAGS):
        drawn = lab.weight * rng.exponential(1.0, len(lab.y))
        bags.append(_fit_expert(lab, X, X_dev, lambda: _logistic(3.0), drawn))
    mean = np.mean([b[0] for b in bags], axis=0), np.mean([b[1] for b in bags], axis=0)
    return _stack(lab, mean, lab.title_scores)


def confident_learning(lab: Lab) -> TrainAndDev:
    """Drop title labels to which an unseen rough model gives under a tenth."""
    known = lab.weak.text_roles != ""
    X, named = lab.weak_words[known], lab.weak.text_roles[known]
    usual = np.isin(named, lab.classifier.classes_[_counts(lab, named) >= _FEWEST])
    X, named = X[usual], named[usual]
    folds = KFold(3, shuffle=True, random_state=0)
    model = _logistic(3.0)
    proba = cross_val_predict(model, X, named, cv=folds, method="predict_proba")
    own = proba[np.arange(len(named)), np.unique(named, return_inverse=True)[1]]
    rough = fit_rough_model(X[own >= _DOUBTED], named[own >= _DOUBTED], C=3.0)
    X, X_dev = (
        lab.text_matrix(lab.inputs, rough),
        lab.text_matrix(lab.dev_inputs, rough),
    )
    return _stack(lab, lab.fit_expert(X, X_dev), lab.title_scores)


def hierarchical_head(lab: Lab) -> TrainAndDev:
    """First in scope or not, then which role."""
    text, title = lab.text_scores, lab.title_scores
    X, X_dev = (np.hstack(part) for part in zip(text, title, strict=True))
    return _out_of_fold(
        lab, X, X_dev, lambda rows, seen: _in_scope_first(lab, X, rows, seen)
    )


def interaction_head(lab: Lab) -> TrainAndDev:
    """Let the head see what text and title say together, pair by pair."""
    text, title = lab.text_scores, lab.title_scores
    pairs = [
        (softmax(a)[:, :, None] * softmax(b)[:, None, :]).reshape(len(a), -1)
        for a, b in zip(text, title, strict=True)
    ]
    return _stack(lab, text, title, (pairs[0], pairs[1]))


def duty_counts_in_head(lab: Lab) -> TrainAndDev:
    """Let the head see how many duties of each role are stated, and their shares."""
    counts = _duty_counts(lab, lab.inputs), _duty_counts(lab, lab.dev_inputs)
    return _stack(lab, lab.text_scores, lab.title_scores, counts)


def boosted_teacher(lab: Lab) -> TrainAndDev:
    """Stack boosted trees: the most that distilling such a teacher could give."""
    return _stack_trees(
        lab,
        lambda: HistGradientBoostingClassifier(
            max_iter=100, learning_rate=0.05, max_leaf_nodes=8, random_state=0
        ),
    )


def forest_teacher(lab: Lab) -> TrainAndDev:
    """Stack randomised trees, as above."""
    return _stack_trees(
        lab,
        lambda: ExtraTreesClassifier(
            200, min_samples_leaf=3, max_features=0.3, random_state=0
        ),
    )


def duties_section_expert(lab: Lab) -> TrainAndDev:
    """Give the section of the duties an expert of its own."""
    section = lab.inputs.words_of_duties_section, lab.dev_inputs.words_of_duties_section
    return _stack(lab, lab.text_scores, lab.title_scores, lab.fit_expert(*section))


def naive_bayes_scaling(lab: Lab) -> TrainAndDev:
    """Scale words by how unevenly the roles use them (Wang & Manning 2012)."""

    def scaled(rows: npt.NDArray[np.int64]) -> Scores:
        y, words = lab.y[rows], lab.inputs.words[rows]
        shares = np.stack([words[y == r].sum(axis=0) + 0.1 for r in np.unique(y)])
        shares /= shares.sum(axis=1, keepdims=True)
        ratio = np.abs(np.log(shares / shares.mean(axis=0))).max(axis=0)
        return np.concatenate((ratio / ratio.mean(), np.ones(beside)))

    X, X_dev = lab.text_matrix(lab.inputs), lab.text_matrix(lab.dev_inputs)
    beside = X.shape[1] - lab.inputs.words.shape[1]

    def fit_and_score(rows: npt.NDArray[np.int64], seen: csr_array) -> Scores:
        scale = diags_array(scaled(rows))
        fitted = _logistic(3.0).fit(X[rows] @ scale, lab.y[rows], lab.weight[rows])
        return centred(fitted.decision_function(seen @ scale))

    return _stack(lab, _out_of_fold(lab, X, X_dev, fit_and_score), lab.title_scores)


def stems(lab: Lab) -> TrainAndDev:
    """Tie the forms of a word: a column for each stem beside the words."""
    names = lab.classifier.model_.spaces.text.names
    number: dict[str, int] = {}
    column = [
        number.setdefault(" ".join(map(_stem, name.split())), len(number))
        for name in names
    ]
    ones = np.ones(len(names))
    tie = csr_array((ones, (np.arange(len(names)), column)))
    return _text_with(lab, lambda seen: seen.words @ tie)


def title_letters(lab: Lab) -> TrainAndDev:
    """See titles by their letters too, three to five together."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3)
    X = letters.fit_transform(lab.train["title"].fillna(""))
    X_dev = letters.transform(lab.dev["title"].fillna(""))
    X, X_dev = csr_array(X), csr_array(X_dev)
    X.indices, X.indptr = X.indices.astype(np.int64), X.indptr.astype(np.int64)
    wide = (
        hstack([lab.inputs.titles, X]).tocsr(),
        hstack([lab.dev_inputs.titles, X_dev]),
    )
    return _stack(lab, lab.text_scores, lab.fit_expert(wide[0], wide[1].tocsr()))


def title_beside_text(lab: Lab) -> TrainAndDev:
    """Give one more expert text and title together."""
    X = hstack([lab.text_matrix(lab.inputs), 0.5 * lab.inputs.titles]).tocsr()
    X_dev = hstack(
        [lab.text_matrix(lab.dev_inputs), 0.5 * lab.dev_inputs.titles]
    ).tocsr()
    return _stack(lab, lab.fit_expert(X, X_dev), lab.text_scores, lab.title_scores)


def support_vectors(lab: Lab) -> TrainAndDev:
    """Fit the text's expert with a hinge loss, each role against the rest."""
    X, X_dev = lab.text_matrix(lab.inputs), lab.text_matrix(lab.dev_inputs)
    for rows in (X, X_dev):  # liblinear takes short indices only
        rows.indices, rows.indptr = (
            rows.indices.astype(np.int32),
            rows.indptr.astype(np.int32),
        )
    svm = _fit_expert(lab, X, X_dev, lambda: LinearSVC(C=0.2, class_weight="balanced"))
    return _stack(lab, svm, lab.title_scores)


def second_roles_as_labels(lab: Lab) -> TrainAndDev:
    """Learn a posting's second role too, with three tenths of its weight."""
    second = lab.train["secondary"].fillna("").to_numpy(str)
    X, X_dev = lab.text_matrix(lab.inputs), lab.text_matrix(lab.dev_inputs)

    def fit_and_score(rows: npt.NDArray[np.int64], seen: csr_array) -> Scores:
        twice = rows[second[rows] != ""]
        both = np.concatenate((rows, twice))
        y = np.concatenate((lab.y[rows], second[twice]))
        first = lab.weight[rows] * np.where(second[rows] != "", 0.7, 1.0)
        weight = np.concatenate((first, 0.3 * lab.weight[twice]))
        return centred(_logistic(3.0).fit(X[both], y, weight).decision_function(seen))

    return _stack(lab, _out_of_fold(lab, X, X_dev, fit_and_score), lab.title_scores)


def fitted_to_the_end(lab: Lab) -> TrainAndDev:
    """Stop the solver of the text's expert a thousand times later."""
    X, X_dev = lab.text_matrix(lab.inputs), lab.text_matrix(lab.dev_inputs)
    text = _fit_expert(lab, X, X_dev, lambda: _logistic(3.0).set_params(tol=1e-6))
    return _stack(lab, text, lab.title_scores)


def doubtful_labels(lab: Lab) -> TrainAndDev:
    """Believe doubtful labels more: 0.5, 0.9 and 1 in place of 0.1, 0.5 and 1."""
    weight = lab.train["confidence"].map({1: 0.5, 2: 0.9, 3: 1.0}).to_numpy(float)
    X, X_dev = lab.text_matrix(lab.inputs), lab.text_matrix(lab.dev_inputs)
    text = _fit_expert(lab, X, X_dev, lambda: _logistic(3.0), weight)
    return _stack(lab, text, lab.title_scores)


TRIALS: Final[Mapping[str, Callable[[Lab], TrainAndDev]]] = {
    "as shipped": as_shipped,
    "without duties": weighed(duty_weight=0.0),
    "duties half as strong": weighed(duty_weight=0.35),
    "duties twice as strong": weighed(duty_weight=1.4),
    "without the rough model": weighed(rough_weight=0.0),
    "rough model three times as strong": weighed(rough_weight=0.3),
    "head: roles in their own mix": balanced(0.0),
    "head: roles evened out": balanced(1.0),
    "titles of labelled postings only": gold_titles_only,
    "average of five bags": bagging,
    "confident learning of title labels": confident_learning,
    "hierarchical head": hierarchical_head,
    "head with pairs of text and title": interaction_head,
    "head that counts duties": duty_counts_in_head,
    "boosted trees as teacher": boosted_teacher,
    "random trees as teacher": forest_teacher,
    "expert for the section of duties": duties_section_expert,
    "words scaled as in NB-SVM": naive_bayes_scaling,
    "stems beside words": stems,
    "letters of titles": title_letters,
    "text and title in one expert": title_beside_text,
    "support vectors for the text": support_vectors,
    "second roles as labels": second_roles_as_labels,
    "doubtful labels weigh more": doubtful_labels,
    "solver of the text's expert run to the end": fitted_to_the_end,
}
_FEWEST: Final = 50


def _logistic(C: float) -> LogisticRegression:
    return LogisticRegression(C=C, class_weight="balanced", max_iter=1000, tol=1e-3)


def _fit_expert(
    lab: Lab,
    X: csr_array,
    X_dev: csr_array,
    model: Callable[[], LogisticRegression | LinearSVC],
    weight: Scores | None = None,
) -> TrainAndDev:
    weight = lab.weight if weight is None else weight

    def fit_and_score(rows: npt.NDArray[np.int64], seen: csr_array) -> Scores:
        fitted = model().fit(X[rows], lab.y[rows], sample_weight=weight[rows])
        return centred(fitted.decision_function(seen))

    return _out_of_fold(lab, X, X_dev, fit_and_score)


def _out_of_fold(
    lab: Lab,
    X: csr_array | Scores,
    X_dev: csr_array | Scores,
    fit_and_score: Callable[[npt.NDArray[np.int64], csr_array | Scores], Scores],
) -> TrainAndDev:
    """Return what `fit_and_score` says of rows it has not learned from, and of dev."""
    unseen = np.zeros((len(lab.y), len(lab.classifier.classes_)))
    for train, test in lab.folds:
        unseen[test] = fit_and_score(train, X[test])
    return unseen, fit_and_score(np.arange(len(lab.y)), X_dev)


def _text_with(lab: Lab, block: Callable[[ExpertInputs], csr_array]) -> TrainAndDev:
    X = hstack([lab.text_matrix(lab.inputs), block(lab.inputs)]).tocsr()
    X_dev = hstack([lab.text_matrix(lab.dev_inputs), block(lab.dev_inputs)]).tocsr()
    return _stack(lab, lab.fit_expert(X, X_dev), lab.title_scores)


def _stack_trees(
    lab: Lab,
    trees: Callable[[], HistGradientBoostingClassifier | ExtraTreesClassifier],
) -> TrainAndDev:
    text, title = lab.text_scores, lab.title_scores
    counts = _duty_counts(lab, lab.inputs), _duty_counts(lab, lab.dev_inputs)
    X, X_dev = (np.hstack(part) for part in zip(text, title, counts, strict=True))
    weight = lab.weight * balancing_weights(lab.y, lab.classifier.role_balance)

    def fit_and_score(rows: npt.NDArray[np.int64], seen: Scores) -> Scores:
        fitted = trees().fit(X[rows], lab.y[rows], sample_weight=weight[rows])
        return np.asarray(fitted.predict_proba(seen))

    return _out_of_fold(lab, X, X_dev, fit_and_score)


def _in_scope_first(
    lab: Lab, X: Scores, rows: npt.NDArray[np.int64], seen: Scores
) -> Scores:
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
    outside = scope.predict_proba(seen)[:, 1]
    proba = np.zeros((len(seen), len(lab.classifier.classes_)))
    proba[:, lab.classifier.classes_ == "other"] = outside[:, None]
    proba[:, lab.classifier.classes_ != "other"] = (
        role.predict_proba(seen) * (1 - outside)[:, None]
    )
    return proba


def _duty_counts(lab: Lab, seen: ExpertInputs) -> Scores:
    names = lab.classifier.model_.spaces.duties.names
    role = np.array([name.partition(".")[0] for name in names])
    stated = (seen.duties > 0).astype(float)
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


def _counts(lab: Lab, named: npt.NDArray[np.str_]) -> npt.NDArray[np.int64]:
    return np.array([(named == role).sum() for role in lab.classifier.classes_])


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
