"""Learn the experts of the text: one for its words, one for the duties it states.

Weakly labelled texts teach a rough model first: the role that a title names is learned
from the text, with the words of titles hidden. Labelled postings then teach one
logistic regression on words, the rough model's scores and duties. As the rough model is
linear too, its part ends in the weights of the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack
from sklearn.linear_model import LogisticRegression

from roleclf.duties import Duties, DutyPatterns, compile_duties
from roleclf.model import DutySpace, Expert, NgramSpace
from roleclf.taxonomy import Taxonomy, duty_hints, duty_triggers
from roleclf.text import Tokens
from roleclf.training.feature_selection import learn_duty_space, learn_ngram_space
from roleclf.training.fitting import (
    BALANCED,
    ExtraRows,
    LabelledFolds,
    Scores,
    coefficients_by_class,
    fit_expert,
)
from roleclf.training.matrices import duty_matrix, word_matrix
from roleclf.training.training_set import WrittenPostings
from roleclf.training.weak_labels import WeaklyLabelled

__all__ = [
    "TextExperts",
    "compile_text_experts",
    "fit_rough_model",
    "learn_text_experts",
    "text_matrix",
]

_MIN_TEXTS_OF_ROLE: Final = 50
_MIN_ROLES: Final = 3


class TextExperts(NamedTuple):
    """The features of texts, the experts for them, and the text's scores.

    `scores` are out of fold, shape (n_postings, n_roles).
    """

    words: NgramSpace
    duties: DutySpace
    word_expert: Expert
    duty_expert: Expert
    scores: Scores


def learn_text_experts(
    texts: Sequence[Tokens],
    labels: LabelledFolds,
    weak: WeaklyLabelled,
    taxonomy: Taxonomy,
    written: WrittenPostings,
    *,
    C: float,
    rough_weight: float,
    duty_weight: float,
    **selection: Any,
) -> TextExperts:
    """Choose the features of texts and fit the experts for them.

    Parameters
    ----------
    written : WrittenPostings
        More texts to fit on, in every fold.
    rough_weight, duty_weight : float
        Scale of the rough model's scores, and of duties, beside the words.
    **selection
        Of `learn_ngram_space`.
    """
    hidden = frozenset(taxonomy.title_words)
    all_texts = [*texts, *weak.texts, *written.texts]
    words = learn_ngram_space(all_texts, leave_out=hidden, **selection)
    patterns = _duty_patterns(taxonomy)
    stated = [patterns.find(tokens) for tokens in texts]
    duties = learn_duty_space(patterns, stated, len(labels.y))
    rough = rough_weight * _rough_model_of(weak, words, C)

    def matrix(batches: Sequence[Tokens], found: Sequence[Duties]) -> csr_array:
        scaled_duties = duty_weight * duty_matrix(duties, batches, found)
        return text_matrix(word_matrix(words, batches), rough, scaled_duties)

    X = matrix(texts, stated)
    extra = None
    if written.texts:
        found = [patterns.find(tokens) for tokens in written.texts]
        X_written = matrix(written.texts, found)
        extra = ExtraRows(X_written, written.roles, written.weight)
    fitted, scores = fit_expert(X, labels, C=C, extra=extra)
    experts = compile_text_experts(fitted, rough, duty_weight)
    return TextExperts(words, duties, *experts, scores)


def fit_rough_model(
    X: csr_array, labels: npt.NDArray[np.str_], *, C: float
) -> npt.NDArray[np.float64]:
    """Return the weights that tell, from the texts, the roles that titles name.

    Roles that too few titles name are left out. The columns sum to zero over the
    roles, so scores made with them are centred.

    Returns
    -------
    array, shape (n_features, n_named_roles); no columns where roles are too few.
    """
    names, counts = np.unique(labels, return_counts=True)
    is_kept = np.isin(labels, names[counts >= _MIN_TEXTS_OF_ROLE])
    if len(np.unique(labels[is_kept])) < _MIN_ROLES:
        return np.zeros((X.shape[1], 0))
    coef = LogisticRegression(C=C, **BALANCED).fit(X[is_kept], labels[is_kept]).coef_
    return np.asarray((coef - coef.mean(axis=0)).T)


def text_matrix(
    words: csr_array, rough: npt.NDArray[np.float64], duties: csr_array
) -> csr_array:
    """Return what the text's regression sees: words, rough model's scores, duties.

    Parameters
    ----------
    rough : array, shape (n_words, n_columns)
        Weights of the rough model, already scaled, as the duties are.
    """
    return hstack([words, csr_array(words @ rough), duties]).tocsr()


def compile_text_experts(
    fitted: LogisticRegression, rough: npt.NDArray[np.float64], duty_weight: float
) -> tuple[Expert, Expert]:
    """Return the experts for words and for duties that a fit on `text_matrix` holds."""
    coef, intercept = coefficients_by_class(fitted)
    n_words, n_scores = rough.shape
    words = coef[:, :n_words].T + rough @ coef[:, n_words : n_words + n_scores].T
    duties = duty_weight * coef[:, n_words + n_scores :].T
    return (
        Expert(words.astype(np.float32), intercept),
        Expert(duties.astype(np.float32), np.zeros(len(intercept))),
    )


def _duty_patterns(taxonomy: Taxonomy) -> DutyPatterns:
    roles = taxonomy.roles.values()
    return DutyPatterns(compile_duties(duty_triggers(roles), duty_hints(roles)))


def _rough_model_of(
    weak: WeaklyLabelled, words: NgramSpace, C: float
) -> npt.NDArray[np.float64]:
    """Return the rough model's weights; no columns where no text has a role."""
    has_role = weak.text_roles != ""
    if not has_role.any():
        return np.zeros((len(words.names), 0))
    X = word_matrix(words, weak.texts)[has_role]
    return fit_rough_model(X, weak.text_roles[has_role], C=C)
