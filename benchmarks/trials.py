"""Try changes of the classifier, most of which did not ship, one at a time.

A trial takes the lab and returns probabilities, out of fold and on dev. Its docstring
says what it changes; everything else is as shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from lab import Lab, Scores, TrainAndDev, centred
from scipy.sparse import csr_array, diags_array
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.svm import LinearSVC
from trial_fits import (
    beside,
    duty_counts,
    fit_expert,
    in_scope_first,
    logistic,
    out_of_fold,
    stack,
    stack_trees,
)

from roleclf.model.stacking import softmax
from roleclf.training.text_experts import fit_rough_model

_ENDINGS: Final = (
    *("ization", "ations", "ation", "ments", "ment", "ings", "ing", "ies"),
    *("ers", "er", "ors", "or", "ed", "es", "s", "e", "ly"),
)
_SHORTEST_STEM: Final = 3
_LEAST_PROBABILITY: Final = 0.1
_MIN_TEXTS_OF_ROLE: Final = 50
_BAGS: Final = 5


def as_shipped(lab: Lab) -> TrainAndDev:
    """Change nothing."""
    return stack(lab, lab.text_scores, lab.title_scores)


def gold_titles_only(lab: Lab) -> TrainAndDev:
    """Learn titles from the labelled postings alone."""
    title = lab.fit_expert(lab.inputs.titles, lab.dev_inputs.titles)
    return stack(lab, lab.text_scores, title)


def weighed(**weights: float) -> Callable[[Lab], TrainAndDev]:
    """Return the trial that overrides the weight of duties or of the rough model."""

    def trial(lab: Lab) -> TrainAndDev:
        text = lab.fit_expert(*lab.text_matrices(**weights))
        return stack(lab, text, lab.title_scores)

    return trial


def balanced(balance: float) -> Callable[[Lab], TrainAndDev]:
    """Return the trial of another `role_balance`."""

    def trial(lab: Lab) -> TrainAndDev:
        scores = zip(lab.text_scores, lab.title_scores, strict=True)
        return lab.fit_head(*map(np.hstack, scores), balance=balance)

    return trial


def bagging(lab: Lab) -> TrainAndDev:
    """Average text experts fitted with randomly drawn weights (Bayesian bootstrap)."""
    rng = np.random.default_rng(0)
    X, X_dev = lab.text_matrices()
    bags = []
    for _ in range(_BAGS):
        drawn = lab.weight * rng.exponential(1.0, len(lab.y))
        bags.append(fit_expert(lab, X, X_dev, lambda: logistic(3.0), drawn))
    mean = np.mean([b[0] for b in bags], axis=0), np.mean([b[1] for b in bags], axis=0)
    return stack(lab, mean, lab.title_scores)


def confident_learning(lab: Lab) -> TrainAndDev:
    """Drop weak labels that a rough model, out of fold, finds improbable."""
    known = lab.weak.text_roles != ""
    X, named = lab.weak_words[known], lab.weak.text_roles[known]
    roles, counts = np.unique(named, return_counts=True)
    usual = np.isin(named, roles[counts >= _MIN_TEXTS_OF_ROLE])
    X, named = X[usual], named[usual]
    folds = KFold(3, shuffle=True, random_state=0)
    model = logistic(3.0)
    proba = cross_val_predict(model, X, named, cv=folds, method="predict_proba")
    column = np.unique(named, return_inverse=True)[1]
    kept = proba[np.arange(len(named)), column] >= _LEAST_PROBABILITY
    rough = fit_rough_model(X[kept], named[kept], C=3.0)
    text = lab.fit_expert(*lab.text_matrices(rough))
    return stack(lab, text, lab.title_scores)


def hierarchical_head(lab: Lab) -> TrainAndDev:
    """Predict first whether a posting is in scope, then which role it is."""
    text, title = lab.text_scores, lab.title_scores
    X, X_dev = (np.hstack(part) for part in zip(text, title, strict=True))
    return out_of_fold(
        lab, X, X_dev, lambda rows, X_new: in_scope_first(lab, X, rows, X_new)
    )


def interaction_head(lab: Lab) -> TrainAndDev:
    """Give the head the products of the probabilities of text and title."""
    text, title = lab.text_scores, lab.title_scores
    pairs = [
        (softmax(a)[:, :, None] * softmax(b)[:, None, :]).reshape(len(a), -1)
        for a, b in zip(text, title, strict=True)
    ]
    return stack(lab, text, title, (pairs[0], pairs[1]))


def duty_counts_in_head(lab: Lab) -> TrainAndDev:
    """Give the head the number and the share of the duties of each role."""
    counts = duty_counts(lab, lab.inputs), duty_counts(lab, lab.dev_inputs)
    return stack(lab, lab.text_scores, lab.title_scores, counts)


def boosted_teacher(lab: Lab) -> TrainAndDev:
    """Stack boosted trees: an upper bound for what distilling them could give."""
    return stack_trees(
        lab,
        lambda: HistGradientBoostingClassifier(
            max_iter=100, learning_rate=0.05, max_leaf_nodes=8, random_state=0
        ),
    )


def forest_teacher(lab: Lab) -> TrainAndDev:
    """Stack randomised trees: an upper bound, too."""
    return stack_trees(
        lab,
        lambda: ExtraTreesClassifier(
            200, min_samples_leaf=3, max_features=0.3, random_state=0
        ),
    )


def duties_section_expert(lab: Lab) -> TrainAndDev:
    """Add an expert for the words of the duties section."""
    section = lab.inputs.words_of_duties_section, lab.dev_inputs.words_of_duties_section
    return stack(lab, lab.text_scores, lab.title_scores, lab.fit_expert(*section))


def naive_bayes_scaling(lab: Lab) -> TrainAndDev:
    """Scale words by how unevenly the roles use them (Wang & Manning 2012)."""

    def scaled(rows: npt.NDArray[np.int64]) -> Scores:
        y, words = lab.y[rows], lab.inputs.words[rows]
        shares = np.stack([words[y == r].sum(axis=0) + 0.1 for r in np.unique(y)])
        shares /= shares.sum(axis=1, keepdims=True)
        ratio = np.abs(np.log(shares / shares.mean(axis=0))).max(axis=0)
        return np.concatenate((ratio / ratio.mean(), np.ones(n_others)))

    X, X_dev = lab.text_matrices()
    n_others = X.shape[1] - lab.inputs.words.shape[1]

    def fit_and_score(rows: npt.NDArray[np.int64], X_new: csr_array) -> Scores:
        scale = diags_array(scaled(rows))
        fitted = logistic(3.0).fit(X[rows] @ scale, lab.y[rows], lab.weight[rows])
        return centred(fitted.decision_function(X_new @ scale))

    return stack(lab, out_of_fold(lab, X, X_dev, fit_and_score), lab.title_scores)


def stems(lab: Lab) -> TrainAndDev:
    """Add a feature for each stem beside the words."""
    names = lab.classifier.model_.spaces.text.names
    number: dict[str, int] = {}
    column = [
        number.setdefault(" ".join(map(_stem, name.split())), len(number))
        for name in names
    ]
    ones = np.ones(len(names))
    tie = csr_array((ones, (np.arange(len(names)), column)))
    stem_counts = lab.inputs.words @ tie, lab.dev_inputs.words @ tie
    text = lab.fit_expert(*beside(lab.text_matrices(), stem_counts))
    return stack(lab, text, lab.title_scores)


def title_letters(lab: Lab) -> TrainAndDev:
    """Add character n-grams, of three to five letters, to the features of titles."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=3)
    X = csr_array(vectorizer.fit_transform(lab.train["title"].fillna("")))
    X_dev = csr_array(vectorizer.transform(lab.dev["title"].fillna("")))
    X.indices, X.indptr = X.indices.astype(np.int64), X.indptr.astype(np.int64)
    both = beside((lab.inputs.titles, lab.dev_inputs.titles), (X, X_dev))
    return stack(lab, lab.text_scores, lab.fit_expert(*both))


def title_beside_text(lab: Lab) -> TrainAndDev:
    """Add an expert for text and title together."""
    titles = 0.5 * lab.inputs.titles, 0.5 * lab.dev_inputs.titles
    both = beside(lab.text_matrices(), titles)
    return stack(lab, lab.fit_expert(*both), lab.text_scores, lab.title_scores)


def support_vectors(lab: Lab) -> TrainAndDev:
    """Fit the text's expert with a hinge loss, each role against the rest."""
    X, X_dev = lab.text_matrices()
    for rows in (X, X_dev):  # liblinear takes short indices only
        rows.indices, rows.indptr = (
            rows.indices.astype(np.int32),
            rows.indptr.astype(np.int32),
        )
    svm = fit_expert(lab, X, X_dev, lambda: LinearSVC(C=0.2, class_weight="balanced"))
    return stack(lab, svm, lab.title_scores)


def second_roles_as_labels(lab: Lab) -> TrainAndDev:
    """Learn a posting's second role too, with three tenths of its weight."""
    second = lab.train["secondary"].fillna("").to_numpy(str)
    X, X_dev = lab.text_matrices()

    def fit_and_score(rows: npt.NDArray[np.int64], X_new: csr_array) -> Scores:
        twice = rows[second[rows] != ""]
        both = np.concatenate((rows, twice))
        y = np.concatenate((lab.y[rows], second[twice]))
        first = lab.weight[rows] * np.where(second[rows] != "", 0.7, 1.0)
        weight = np.concatenate((first, 0.3 * lab.weight[twice]))
        return centred(logistic(3.0).fit(X[both], y, weight).decision_function(X_new))

    return stack(lab, out_of_fold(lab, X, X_dev, fit_and_score), lab.title_scores)


def fitted_to_the_end(lab: Lab) -> TrainAndDev:
    """Fit the text's expert to a tolerance a thousand times smaller."""
    X, X_dev = lab.text_matrices()
    text = fit_expert(lab, X, X_dev, lambda: logistic(3.0).set_params(tol=1e-6))
    return stack(lab, text, lab.title_scores)


def doubtful_labels(lab: Lab) -> TrainAndDev:
    """Weigh doubtful labels more: 0.5, 0.9 and 1 in place of 0.1, 0.5 and 1."""
    weight = lab.train["confidence"].map({1: 0.5, 2: 0.9, 3: 1.0}).to_numpy(float)
    X, X_dev = lab.text_matrices()
    text = fit_expert(lab, X, X_dev, lambda: logistic(3.0), weight)
    return stack(lab, text, lab.title_scores)


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


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
