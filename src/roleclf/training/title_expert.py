"""Learn the expert of the title, from labelled and from weakly labelled titles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from roleclf.model import Expert, NgramSpace, RuleSpace, TitleRule, rule_expert
from roleclf.text import Tokens
from roleclf.training.feature_selection import learn_ngram_space
from roleclf.training.fitting import (
    ExtraRows,
    LabelledFolds,
    Scores,
    centred_scores,
    compile_expert,
    fit_expert,
)
from roleclf.training.matrices import word_matrix
from roleclf.training.weak_labels import WeakTitles

__all__ = ["TitleExpert", "learn_title_expert"]


class TitleExpert(NamedTuple):
    """The features of titles, the expert for them, and the title's scores.

    `scores` are out of fold, shape (n_postings, n_roles), and `named` are those of the
    title rule. `weak` are the scores of the
    weakly labelled titles, by this expert and by the title rule, from which the head
    for lone titles learns too; None without any.
    """

    words: NgramSpace
    expert: Expert
    scores: Scores
    named: Scores
    weak: ExtraRows | None


def learn_title_expert(
    titles: Sequence[Tokens],
    labels: LabelledFolds,
    weak: WeakTitles,
    rule: TitleRule,
    *,
    C: float,
    min_titles: int,
) -> TitleExpert:
    """Choose the features of titles and fit the expert for them.

    Parameters
    ----------
    min_titles : int
        A feature occurs in at least so many.
    """
    # Where no posting has a title, the head for both fields could not learn of it.
    if not any(tokens.hash.size for tokens in titles):
        weak = WeakTitles([], weak.roles[:0], weak.weight[:0])
    words = learn_ngram_space([*titles, *weak.batches], min_texts=min_titles)
    extra = _extra_rows(words, weak, labels)
    X = word_matrix(words, titles)
    fitted, scores = fit_expert(X, labels, C=C, extra=extra)
    roles = np.unique(labels.y).tolist()
    if extra is not None:
        by_title = centred_scores(fitted, extra.X)
        by_rule = _rule_scores(extra.y.tolist(), roles)
        extra = extra._replace(X=np.hstack((by_title, by_rule)))
    texts = (title for tokens in titles for title in tokens.texts)
    named = _rule_scores(rule.named(texts, np.diff(X.indptr) > 0), roles)
    expert = compile_expert(fitted, X.shape[1])
    return TitleExpert(words, expert, scores, named, extra)


def _rule_scores(named: Sequence[str | None], roles: Sequence[str]) -> Scores:
    """Return the scores of the roles that titles name, shape (n_titles, n_roles)."""
    rows = RuleSpace(tuple(roles)).rows(named)
    return rule_expert(len(roles)).scores(rows)


def _extra_rows(
    words: NgramSpace, weak: WeakTitles, labels: LabelledFolds
) -> ExtraRows | None:
    """Return the weak titles of labelled roles that count; None without any."""
    is_used = np.isin(weak.roles, np.unique(labels.y)) & (weak.weight > 0)
    used = np.flatnonzero(is_used)
    if not used.size:
        return None
    X = word_matrix(words, weak.batches)[used]
    return ExtraRows(X, weak.roles[used], weak.weight[used])
