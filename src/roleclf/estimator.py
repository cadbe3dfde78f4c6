"""RoleClassifier: the scikit-learn face of the model; what learns is learned here.

Step 7 of the line, at training time: scikit-learn fits, the compiled `RoleModel`
predicts. scikit-learn is imported here and nowhere on the way to a prediction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from roleclf.duties import Duties, DutyPatterns, compile_duties
from roleclf.features import FeatureSpace, learn_duty_space, learn_space
from roleclf.language import detect_languages
from roleclf.learn import (
    beside,
    compile_expert,
    compile_text_experts,
    fit_expert,
    fit_head,
    fit_rough,
    make_folds,
    matrix,
    sure_threshold,
    title_label,
    tokenize_postings,
)
from roleclf.model import RoleModel, Spaces
from roleclf.profile import Outline, duty_hints, duty_triggers
from roleclf.taxonomy import Taxonomy, load_taxonomy
from roleclf.tokens import Tokens

__all__ = ["RoleClassifier"]


class RoleClassifier(ClassifierMixin, BaseEstimator):
    """Say a posting's role from its title and its text, each learned on its own.

    Three steps: postings without a label teach a rough text model, which sees the
    role their title names while the title's words are hidden from it; labelled
    postings teach one expert for the text, which also hears the rough one and sees
    the duties that sentences state, and one for the title; out of fold, heads learn
    how far to trust each (Wolpert 1992,
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
        Texts in other languages are left out of training.
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
        duty_weight: float = 0.5,
        max_features: int = 80_000,
        max_share: float = 0.6,
        min_texts: int = 5,
        min_titles: int = 2,
        max_unlabelled: int = 6_000,
        n_folds: int = 4,
        sure_accuracy: float = 0.95,
        languages: tuple[str, ...] = ("en",),
        random_state: int = 0,
    ) -> None:
        self.taxonomy = taxonomy
        self.C_text = C_text
        self.C_title = C_title
        self.C_head = C_head
        self.rough_weight = rough_weight
        self.duty_weight = duty_weight
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
        texts, titles = tokenize_postings(_postings(X))
        y, weight = _checked(y, sample_weight, sum(len(t.texts) for t in texts))
        if groups is not None and len(set(groups)) < 2:
            raise ValueError("groups: at least two different ones are needed")
        self.classes_ = np.unique(y)
        taxonomy = load_taxonomy(self.taxonomy)
        rough_texts, rough_labels = self._rough_corpus(unlabelled, taxonomy)
        roles = taxonomy.roles.values()
        patterns = DutyPatterns(compile_duties(duty_triggers(roles), duty_hints(roles)))
        duties = [patterns.find(tokens) for tokens in texts]
        words = [*texts, *rough_texts]
        spaces = Spaces(
            text=self._word_space(words, frozenset(taxonomy.title_words)),
            duties=learn_duty_space(patterns, duties, len(y)),
            title=learn_space(titles, min_texts=self.min_titles),
        )
        rough = self._rough_weights(spaces.text, rough_texts, rough_labels)
        folds = make_folds(y, groups, self.n_folds, self.random_state)
        X_text = beside(
            _matrix(spaces.text, texts), rough, self._duty_matrix(spaces, texts, duties)
        )
        X_title = _matrix(spaces.title, titles)
        text, text_scores = fit_expert(X_text, y, weight, folds, C=self.C_text)
        title, title_scores = fit_expert(X_title, y, weight, folds, C=self.C_title)
        of_words, of_duties = compile_text_experts(text, rough, self.duty_weight)
        scores = {
            "both": np.hstack((text_scores, title_scores)),
            "text": text_scores,
            "title": title_scores,
        }
        heads = {
            name: fit_head(columns, y, weight, folds, C=self.C_head)
            for name, columns in scores.items()
        }
        self.oof_proba_ = heads["both"][1]
        hit = self.classes_[self.oof_proba_.argmax(axis=1)] == y
        self.model_ = RoleModel(
            name="unnamed",
            roles=tuple(str(role) for role in self.classes_),
            spaces=spaces,
            experts={
                "text": of_words,
                "duties": of_duties,
                "title": compile_expert(title, X_title.shape[1]),
            },
            heads={name: head for name, (head, _) in heads.items()},
            threshold=sure_threshold(self.oof_proba_, hit, self.sure_accuracy),
            languages=frozenset(self.languages),
            taxonomy=Outline.of(taxonomy),
        )
        return self

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:
        """Return the probability of each role, shape (n_postings, n_roles).

        A posting that says nothing gets the same probability for all.
        """
        check_is_fitted(self)
        parts = [
            self.model_.predict(self.model_.read(text, title)[0]).proba
            for text, title in zip(*tokenize_postings(_postings(X)), strict=True)
        ]
        proba = np.concatenate(parts) if parts else np.zeros((0, len(self.classes_)))
        return np.where(np.isnan(proba), 1 / len(self.classes_), proba)

    def predict(self, X: Any) -> npt.NDArray[np.str_]:
        """Return one role per posting, shape (n_postings,)."""
        proba = self.predict_proba(X)  # starts with check_is_fitted(self)
        return self.classes_[proba.argmax(axis=1)]

    def _word_space(
        self, texts: list[Tokens], title_words: frozenset[str]
    ) -> FeatureSpace:
        return learn_space(
            texts,
            min_texts=self.min_texts,
            max_share=self.max_share,
            max_features=self.max_features,
            leave_out=title_words,
        )

    def _duty_matrix(
        self, spaces: Spaces, texts: list[Tokens], duties: list[Duties]
    ) -> csr_array:
        rows = [
            spaces.duties.rows(stated, len(tokens.texts))
            for tokens, stated in zip(texts, duties, strict=True)
        ]
        return self.duty_weight * matrix(rows, len(spaces.duties.names))

    def _rough_weights(
        self,
        space: FeatureSpace,
        texts: list[Tokens],
        labels: npt.NDArray[np.str_],
    ) -> npt.NDArray[np.float64]:
        """Return the rough model's weights, scaled; no columns where there is none."""
        if len(labels) == 0:
            return np.zeros((len(space.names), 0))
        X = _matrix(space, texts)[labels != ""]
        return self.rough_weight * fit_rough(X, labels[labels != ""], C=self.C_text)

    def _rough_corpus(
        self, unlabelled: Any, taxonomy: Taxonomy
    ) -> tuple[list[Tokens], npt.NDArray[np.str_]]:
        """Return unlabelled texts in our languages, and the roles their titles name."""
        if unlabelled is None:
            return [], np.zeros(0, "U1")
        rows = _postings(unlabelled)
        labels = [title_label(str(row.get("title") or ""), taxonomy) for row in rows]
        chosen = _at_most(labels, self.max_unlabelled, self.random_state)
        texts, _ = tokenize_postings(rows[i] for i in chosen)
        readable = [c in self.languages for t in texts for c in detect_languages(t)]
        kept = [labels[i] if ok else "" for i, ok in zip(chosen, readable, strict=True)]
        return texts, np.array(kept, str)


def _matrix(space: FeatureSpace, batches: list[Tokens]) -> csr_array:
    return matrix([space.rows(tokens) for tokens in batches], len(space.names))


def _postings(X: Any) -> list[Mapping[str, Any]]:
    if hasattr(X, "to_dict"):  # a DataFrame; pandas itself need not be imported
        X = X[[name for name in ("title", "description") if name in X]]
        return list(X.to_dict("records"))
    return list(X)


def _checked(
    y: Iterable[str], sample_weight: Sequence[float] | None, n_postings: int
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float64]]:
    roles = np.array([str(role) for role in y])
    if len(roles) != n_postings:
        raise ValueError(f"{n_postings} postings but {len(roles)} roles")
    names, counts = np.unique(roles, return_counts=True)
    if len(names) < 2:
        raise ValueError("y: at least two different roles are needed")
    if counts.min() < 2:
        role = str(names[counts.argmin()])
        raise ValueError(f"y: {role!r} has one posting, at least two are needed")
    if sample_weight is None:
        return roles, np.ones(n_postings)
    weight = np.asarray(sample_weight, float)
    if weight.shape != roles.shape:
        raise ValueError(f"{n_postings} postings but {weight.size} weights")
    return roles, weight


def _at_most(labels: list[str | None], n: int, seed: int) -> list[int]:
    """Return places of at most `n` postings of each label, None left out."""
    order = np.random.default_rng(seed).permutation(len(labels)).tolist()
    left = dict.fromkeys(filter(None, labels), n)
    chosen = []
    for i in order:
        label = labels[i]
        if label is not None and left[label] > 0:
            left[label] -= 1
            chosen.append(i)
    return sorted(chosen)
