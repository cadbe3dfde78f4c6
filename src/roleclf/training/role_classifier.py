"""RoleClassifier: the scikit-learn face of the model; what learns is learned here.

Step 7 of the line, at training time: scikit-learn fits, the compiled `RoleModel`
predicts. scikit-learn is imported here and nowhere on the way to a prediction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from roleclf.duties import DutyPatterns, compile_duties
from roleclf.model import (
    DutySpace,
    Expert,
    FeatureSpace,
    Head,
    RoleModel,
    Spaces,
    learn_duty_space,
    learn_space,
    title_rule,
)
from roleclf.taxonomy import (
    Taxonomy,
    TaxonomyOutline,
    duty_hints,
    duty_triggers,
    load_taxonomy,
)
from roleclf.text import Tokens
from roleclf.training.fitting import (
    Extra,
    Folds,
    beside,
    compile_expert,
    compile_text_experts,
    fit_expert,
    fit_head,
    fit_rough,
    judge,
    make_folds,
    mix,
    sure_threshold,
)
from roleclf.training.training_set import (
    Unlabelled,
    checked,
    duty_matrix,
    read_unlabelled,
    rows_of,
    titles_to_learn,
    tokenize_postings,
    word_matrix,
)

__all__ = ["RoleClassifier"]

# Roles of the labelled postings, how far each is believed, and the folds.
_Lesson = tuple[npt.NDArray[np.str_], npt.NDArray[np.float64], Folds]
_Scores = npt.NDArray[np.float64]


class RoleClassifier(ClassifierMixin, BaseEstimator):
    """Say a posting's role from its title and its text, each learned on its own.

    Three steps: postings without a label teach a rough text model, which sees the
    role their title names while the title's words are hidden from it; labelled
    postings teach one expert for the text, which also hears the rough one and sees
    the duties that sentences state, and one for the title, which also sees titles
    without a label and the names that the taxonomy gives each role; out of fold,
    heads learn how far to trust each (Wolpert 1992,
    doi:10.1016/S0893-6080(05)80023-1) and are calibrated.

    Parameters
    ----------
    taxonomy : str, Path or None
        Folder of the taxonomy whose title patterns label the unlabelled postings.
    C_text, C_title, C_head : float
        Inverse strength of each logistic regression's L2 penalty.
    rough_weight : float
        Scale of the rough model's scores beside the text's features.
    duty_weight : float
        Scale of the duties that sentences state, beside the text's words.
    title_weight : float
        What a title without a label counts beside a labelled posting.
    name_weight : float
        What a name that the taxonomy gives a role counts, as a title.
    role_balance : float in [0, 1]
        How far the heads even out the mix of roles: 0 keeps that of the labelled
        postings, 1 gives each role the same. `model_.prior` is what comes out.
    max_features : int
        Most frequent words and pairs of the texts to keep.
    max_share : float in (0, 1]
        A feature stands in at most this share of the texts.
    min_texts, min_titles : int
        A feature stands in at least so many.
    max_unlabelled : int
        Unlabelled postings to use of each role that titles name.
    n_folds : int
        Folds for what the heads learn from; fewer where a role has fewer postings.
    sure_accuracy : float in (0, 1]
        Accuracy that the `sure` ones shall have, out of fold.
    languages : tuple of str
        What the model reads; unlabelled texts in other languages are left out.
    random_state : int
        Seeds the folds and the choice of unlabelled postings.

    Attributes
    ----------
    classes_ : array of str, shape (n_roles,)
    oof_proba_ : array, shape (n_postings, n_roles)
        Probability of each training posting from the folds it is not in.
    model_ : RoleModel
        The compiled model; predictions come from it.
    """

    def __init__(
        self,
        *,
        taxonomy: str | Path | None = None,
        C_text: float = 3.0,
        C_title: float = 3.0,
        C_head: float = 1.0,
        rough_weight: float = 0.1,
        duty_weight: float = 0.7,
        title_weight: float = 0.1,
        name_weight: float = 3.0,
        role_balance: float = 0.6,
        max_features: int = 100_000,
        max_share: float = 0.6,
        min_texts: int = 5,
        min_titles: int = 2,
        max_unlabelled: int = 6_000,
        n_folds: int = 4,
        sure_accuracy: float = 0.95,
        languages: tuple[str, ...] = ("en", "es", "pt", "it", "de", "nl", "fr"),
        random_state: int = 0,
    ) -> None:
        self.taxonomy = taxonomy
        self.C_text = C_text
        self.C_title = C_title
        self.C_head = C_head
        self.rough_weight = rough_weight
        self.duty_weight = duty_weight
        self.title_weight = title_weight
        self.name_weight = name_weight
        self.role_balance = role_balance
        self.max_features = max_features
        self.max_share = max_share
        self.min_texts = min_texts
        self.min_titles = min_titles
        self.max_unlabelled = max_unlabelled
        self.n_folds = n_folds
        self.sure_accuracy = sure_accuracy
        self.languages = languages
        self.random_state = random_state

    def fit(
        self,
        X: Any,
        y: Iterable[str],
        sample_weight: Sequence[float] | None = None,
        *,
        groups: Sequence[str] | None = None,
        unlabelled: Any = None,
    ) -> RoleClassifier:
        """Learn from labelled postings, and from unlabelled ones where given.

        Parameters
        ----------
        X : DataFrame or sequence of mappings, n_postings rows
            With `title` and `description`; either may be missing or empty.
        y : array-like of str, shape (n_postings,)
        sample_weight : array-like, shape (n_postings,), or None
        groups : array-like, shape (n_postings,), or None
            Postings of one group (a company) never stand on both sides of a fold.
        unlabelled : like X, or None

        Raises
        ------
        ValueError
            If X, y and sample_weight differ in length, y has fewer than two roles or
            a role but one posting, or all postings are of one group.
        """
        rows = rows_of(X)
        y, weight = checked(y, sample_weight, groups, len(rows))
        self.classes_ = np.unique(y)
        taxonomy = load_taxonomy(self.taxonomy)
        rule = title_rule(taxonomy)
        more = read_unlabelled(
            unlabelled, rule, self.languages, self.max_unlabelled, self.random_state
        )
        texts, titles = tokenize_postings(rows)
        lesson = y, weight, make_folds(y, groups, self.n_folds, self.random_state)
        words, duties, readers, text = self._learn_text(texts, more, taxonomy, lesson)
        names, namer, title, named = self._learn_title(titles, more, taxonomy, lesson)
        heads, self.oof_proba_ = self._learn_heads(text, title, named, lesson)
        hit = self.classes_[self.oof_proba_.argmax(axis=1)] == y
        self.model_ = RoleModel(
            name="unnamed",
            roles=tuple(str(role) for role in self.classes_),
            spaces=Spaces(words, duties, names),
            experts={"text": readers[0], "duties": readers[1], "title": namer},
            heads=heads,
            threshold=sure_threshold(self.oof_proba_, hit, self.sure_accuracy),
            languages=frozenset(self.languages),
            taxonomy=TaxonomyOutline.of(taxonomy),
            titles=rule,
            prior=mix(y, weight, self.role_balance),
            market=more.market(self.classes_.tolist()),
            skills=taxonomy.skills if self.taxonomy else None,
        )
        return self

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """Return the probability of each role, shape (n_postings, n_roles).

        A posting that says nothing gets the same probability for all.
        """
        check_is_fitted(self)
        parts = [
            self.model_.predict(self.model_.read(text, title)[0]).proba
            for text, title in zip(*tokenize_postings(rows_of(X)), strict=True)
        ]
        proba = np.concatenate(parts) if parts else np.zeros((0, len(self.classes_)))
        return np.where(np.isnan(proba), 1 / len(self.classes_), proba)

    def predict(self, X: Any) -> npt.NDArray[np.str_]:
        """Return one role per posting, shape (n_postings,)."""
        proba = self.predict_proba(X)  # starts with check_is_fitted(self)
        return self.classes_[proba.argmax(axis=1)]

    def _learn_text(
        self,
        texts: list[Tokens],
        more: Unlabelled,
        taxonomy: Taxonomy,
        lesson: _Lesson,
    ) -> tuple[FeatureSpace, DutySpace, tuple[Expert, Expert], _Scores]:
        """Return what is seen of texts, the experts for it, their scores unseen."""
        space = learn_space(
            [*texts, *more.texts],
            min_texts=self.min_texts,
            max_share=self.max_share,
            max_features=self.max_features,
            leave_out=frozenset(taxonomy.title_words),
        )
        roles = taxonomy.roles.values()
        patterns = DutyPatterns(compile_duties(duty_triggers(roles), duty_hints(roles)))
        stated = [patterns.find(tokens) for tokens in texts]
        duties = learn_duty_space(patterns, stated, len(lesson[0]))
        rough = self._rough_weights(space, more)
        weighed = self.duty_weight * duty_matrix(duties, texts, stated)
        X = beside(word_matrix(space, texts), rough, weighed)
        fitted, scores = fit_expert(X, *lesson, C=self.C_text)
        experts = compile_text_experts(fitted, rough, self.duty_weight)
        return space, duties, experts, scores

    def _rough_weights(
        self, space: FeatureSpace, more: Unlabelled
    ) -> npt.NDArray[np.float64]:
        """Return the rough model's weights, scaled; no columns where there is none."""
        known = more.text_roles != ""
        if not known.any():
            return np.zeros((len(space.names), 0))
        X = word_matrix(space, more.texts)[known]
        return self.rough_weight * fit_rough(X, more.text_roles[known], C=self.C_text)

    def _learn_title(
        self,
        titles: list[Tokens],
        more: Unlabelled,
        taxonomy: Taxonomy,
        lesson: _Lesson,
    ) -> tuple[FeatureSpace, Expert, _Scores, Extra | None]:
        """Return what is seen of titles, the expert, its scores: unseen, and of more.

        Titles without a label and names of roles teach the head for lone titles, too;
        but nothing teaches the head for both fields where no posting has a title.
        """
        weights = self.title_weight, self.name_weight
        batches, roles, weight = titles_to_learn(more, taxonomy, weights)
        if not any(tokens.hash.size for tokens in titles):
            batches, roles, weight = [], roles[:0], weight[:0]
        space = learn_space([*titles, *batches], min_texts=self.min_titles)
        known = np.flatnonzero(np.isin(roles, self.classes_) & (weight > 0))
        extra: Extra | None = None
        if known.size:
            extra = word_matrix(space, batches)[known], roles[known], weight[known]
        X = word_matrix(space, titles)
        fitted, scores = fit_expert(X, *lesson, C=self.C_title, extra=extra)
        if extra is not None:
            extra = judge(fitted, extra[0]), *extra[1:]
        return space, compile_expert(fitted, X.shape[1]), scores, extra

    def _learn_heads(
        self, text: _Scores, title: _Scores, more: Extra | None, lesson: _Lesson
    ) -> tuple[dict[str, Head], _Scores]:
        """Return the heads, and the probabilities of unseen postings by both fields."""

        def learned(
            scores: _Scores, extra: Extra | None = None
        ) -> tuple[Head, _Scores]:
            C, balance = self.C_head, self.role_balance
            return fit_head(scores, *lesson, C=C, balance=balance, extra=extra)

        both, proba = learned(np.hstack((text, title)))
        heads = {"text": learned(text)[0], "title": learned(title, more)[0]}
        return {"both": both, **heads}, proba
