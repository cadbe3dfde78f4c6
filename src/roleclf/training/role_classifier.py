"""RoleClassifier: the scikit-learn estimator that learns a `RoleModel`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from roleclf.model import (
    FeatureSpaces,
    RoleModel,
    StackingHead,
    TitleRule,
    title_rule,
)
from roleclf.taxonomy import Taxonomy, TaxonomyOutline, load_taxonomy
from roleclf.text import Tokens
from roleclf.training.fitting import LabelledFolds, make_folds
from roleclf.training.head_fitting import fit_heads, sure_threshold, weighted_prior
from roleclf.training.text_experts import TextExperts, learn_text_experts
from roleclf.training.title_expert import (
    TitleExpert,
    learn_title_expert,
)
from roleclf.training.training_set import (
    WrittenPostings,
    as_mappings,
    check_labels,
    check_shares,
    read_written,
    tokenize_postings,
)
from roleclf.training.weak_labels import WeaklyLabelled, label_by_title, weak_titles

__all__ = ["RoleClassifier"]


class RoleClassifier(ClassifierMixin, BaseEstimator):
    """Predict a posting's role from its title and its text, each learned on its own.

    Three steps. Unlabelled postings teach a rough text model, by weak supervision: its
    labels are the roles that titles name, and it does not see the words of titles.
    Labelled postings teach one expert for the text, which also sees the rough model's
    scores and the duties that sentences state, and one for the title, which also
    learns from unlabelled titles and the names that the taxonomy gives each role. On
    scores out of fold, heads learn how to combine the two (stacking: Wolpert 1992,
    doi:10.1016/S0893-6080(05)80023-1) and are calibrated.

    Parameters
    ----------
    taxonomy : str, Path or None
        Folder of the taxonomy whose title patterns label the unlabelled postings.
    C_text, C_title, C_head : float
        Inverse strength of each logistic regression's L2 penalty.
    rough_weight : float
        Scale of the rough model's scores beside the text's words.
    duty_weight : float
        Scale of the duties that sentences state, beside the text's words.
    title_weight : float
        Weight of an unlabelled posting's title; a labelled posting's is 1.
    name_weight : float
        Weight of each name that the taxonomy gives a role, as a title.
    written_weight : float
        Weight of a written posting.
    role_balance : float in [0, 1]
        How far the heads even out the mix of roles: 0 keeps that of the labelled
        postings, 1 gives each role the same. `model_.prior` is the result.
    max_features : int
        Most frequent words and pairs of the texts to keep.
    max_share : float in (0, 1]
        A feature occurs in at most this share of the texts.
    min_texts, min_titles : int
        A feature occurs in at least so many.
    max_unlabelled : int
        Unlabelled texts to use of each role that titles name.
    n_folds : int
        Folds for the out-of-fold scores; fewer where a role has fewer postings.
    sure_accuracy : float in (0, 1]
        Accuracy, out of fold, that sets the confidence from which a role is `sure`.
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
        written_weight: float = 0.3,
        role_balance: float = 0.3,
        max_features: int = 92_000,
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
        self.written_weight = written_weight
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
        shares: Sequence[Mapping[str, float] | None] | None = None,
        unlabelled: Any = None,
        written: Any = None,
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
        shares : sequence of mapping of str to float, or None
            How much of each posting's work is of which role, as far as readers said.
        unlabelled : like X, or None
        written : DataFrame or sequence of mappings, or None
            More texts to learn words from, such as postings composed of written lines,
            with `description` and `role`. The heads do not see them.

        Raises
        ------
        ValueError
            If X, y, sample_weight and shares differ in length, y has fewer than two
            roles or a role but one posting, or all postings are of one group.
        """
        postings = as_mappings(X)
        roles, weight = check_labels(y, sample_weight, groups, len(postings))
        folds = make_folds(roles, groups, self.n_folds, self.random_state)
        labels = LabelledFolds(roles, weight, folds, check_shares(shares, roles))
        self.classes_ = np.unique(roles)
        taxonomy = load_taxonomy(self.taxonomy)
        rule = title_rule(taxonomy)
        weak = label_by_title(
            unlabelled, rule, self.languages, self.max_unlabelled, self.random_state
        )
        texts, titles = tokenize_postings(postings)
        more = read_written(written, self.classes_.tolist(), self.written_weight)
        text = self._learn_text(texts, labels, weak, more, taxonomy)
        title = self._learn_title(titles, labels, weak, taxonomy, rule)
        heads, self.oof_proba_ = self._fit_heads(text, title, labels)
        self.model_ = self._compile(text, title, heads, labels, weak, taxonomy, rule)
        return self

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """Return the probability of each role, shape (n_postings, n_roles).

        A posting without any feature gets the same probability for all.
        """
        check_is_fitted(self)
        parts = [
            self.model_.predict(self.model_.extract_features(text, title)[0]).proba
            for text, title in zip(*tokenize_postings(as_mappings(X)), strict=True)
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
        labels: LabelledFolds,
        weak: WeaklyLabelled,
        written: WrittenPostings,
        taxonomy: Taxonomy,
    ) -> TextExperts:
        return learn_text_experts(
            texts,
            labels,
            weak,
            taxonomy,
            written,
            C=self.C_text,
            rough_weight=self.rough_weight,
            duty_weight=self.duty_weight,
            min_texts=self.min_texts,
            max_share=self.max_share,
            max_features=self.max_features,
        )

    def _learn_title(
        self,
        titles: list[Tokens],
        labels: LabelledFolds,
        weak: WeaklyLabelled,
        taxonomy: Taxonomy,
        rule: TitleRule,
    ) -> TitleExpert:
        more_titles = weak_titles(
            weak,
            taxonomy,
            title_weight=self.title_weight,
            name_weight=self.name_weight,
        )
        return learn_title_expert(
            titles,
            labels,
            more_titles,
            rule,
            C=self.C_title,
            min_titles=self.min_titles,
        )

    def _fit_heads(
        self, text: TextExperts, title: TitleExpert, labels: LabelledFolds
    ) -> tuple[dict[str, StackingHead], npt.NDArray[np.float64]]:
        return fit_heads(
            {"text": text.scores, "title": title.scores, "rule": title.named},
            labels,
            C=self.C_head,
            balance=self.role_balance,
            weak_titles=title.weak,
        )

    def _compile(
        self,
        text: TextExperts,
        title: TitleExpert,
        heads: dict[str, StackingHead],
        labels: LabelledFolds,
        weak: WeaklyLabelled,
        taxonomy: Taxonomy,
        rule: TitleRule,
    ) -> RoleModel:
        """Return the model that what was learned amounts to."""
        is_right = self.classes_[self.oof_proba_.argmax(axis=1)] == labels.y
        return RoleModel(
            name="unnamed",
            roles=tuple(str(role) for role in self.classes_),
            spaces=FeatureSpaces(text.words, text.duties, title.words),
            experts={
                "text": text.word_expert,
                "duties": text.duty_expert,
                "title": title.expert,
            },
            heads=heads,
            threshold=sure_threshold(self.oof_proba_, is_right, self.sure_accuracy),
            languages=frozenset(self.languages),
            taxonomy=TaxonomyOutline.of(taxonomy),
            titles=rule,
            prior=weighted_prior(labels.y, labels.weight, self.role_balance),
            market=weak.market(self.classes_.tolist()),
            skills=taxonomy.skills if self.taxonomy else None,
        )
