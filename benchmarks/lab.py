"""Read the corpora into the matrices that the shipped experts are fitted on.

Made once, by the same steps as `RoleClassifier.fit`. A trial is a function of the lab
that returns the scores or probabilities of another way of learning.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from roleclf.evaluation.corpus import (
    company_groups,
    read_labelled,
    read_postings,
    role_shares,
)
from roleclf.matching.headings import read_headings
from roleclf.matching.phrases import PhraseTable
from roleclf.matching.section_names import SECTIONS
from roleclf.matching.sections import find_sections
from roleclf.model import RoleModel
from roleclf.model.feature_rows import FeatureRows, tfidf_rows
from roleclf.model.feature_spaces import NgramSpace, known_features
from roleclf.taxonomy import load_taxonomy
from roleclf.text.hash_index import ABSENT
from roleclf.text.tokens import Tokens
from roleclf.training.fitting import (
    ExtraRows,
    LabelledFolds,
    centred_scores,
    fit_expert,
    make_folds,
)
from roleclf.training.head_fitting import fit_head
from roleclf.training.matrices import sparse_matrix, word_matrix
from roleclf.training.role_classifier import RoleClassifier
from roleclf.training.text_experts import fit_rough_model, text_matrix
from roleclf.training.training_set import (
    as_mappings,
    check_shares,
    tokenize_postings,
)
from roleclf.training.weak_labels import WeaklyLabelled, label_by_title, weak_titles

Scores = npt.NDArray[np.float64]
# Of the training postings, out of fold, and of the dev postings.
TrainAndDev = tuple[Scores, Scores]


@dataclass(frozen=True)
class ExpertInputs:
    """Postings as the experts see them, a row each; `named` is what titles name."""

    words: csr_array
    duties: csr_array
    titles: csr_array
    words_of_duties_section: csr_array
    named: Scores


@dataclass(frozen=True)
class Lab:
    """Corpora, labels in folds, and matrices.

    `rough` are the weights of the rough model, `weak_words` the words of the texts that
    it is fitted on.
    """

    train: pd.DataFrame
    dev: pd.DataFrame
    classifier: RoleClassifier
    labels: LabelledFolds
    weak: WeaklyLabelled
    weak_words: csr_array
    rough: Scores
    inputs: ExpertInputs
    dev_inputs: ExpertInputs

    @property
    def y(self) -> npt.NDArray[np.str_]:
        """The role of each training posting."""
        return self.labels.y

    @property
    def weight(self) -> Scores:
        """The weight of each training label."""
        return self.labels.weight

    @cached_property
    def text_scores(self) -> TrainAndDev:
        """The scores of the text, as shipped."""
        return self.fit_expert(*self.text_matrices())

    @cached_property
    def title_scores(self) -> TrainAndDev:
        """The scores of the title, as shipped."""
        titles = weak_titles(
            self.weak,
            load_taxonomy(self.classifier.taxonomy),
            title_weight=self.classifier.title_weight,
            name_weight=self.classifier.name_weight,
        )
        X = word_matrix(self.classifier.model_.spaces.title, titles.batches)
        extra = ExtraRows(X, titles.roles, titles.weight)
        return self.fit_expert(self.inputs.titles, self.dev_inputs.titles, extra=extra)

    def text_matrices(
        self, rough: Scores | None = None, **weights: float
    ) -> tuple[csr_array, csr_array]:
        """Return what the text's regression sees of the train and the dev postings.

        Parameters
        ----------
        rough : array, optional
            Weights in place of the rough model's.
        **weights
            In place of the classifier's `rough_weight` and `duty_weight`.
        """
        weights = {**vars(self.classifier), **weights}
        scaled = weights["rough_weight"] * (self.rough if rough is None else rough)
        train, dev = (
            text_matrix(inputs.words, scaled, weights["duty_weight"] * inputs.duties)
            for inputs in (self.inputs, self.dev_inputs)
        )
        return train, dev

    def fit_expert(self, X: Any, X_dev: Any, **options: Any) -> TrainAndDev:
        """Return the scores of an expert of the shipped kind."""
        fitted, scores = fit_expert(X, self.labels, C=3.0, **options)
        return scores, centred_scores(fitted, X_dev)

    def fit_head(
        self, scores: Scores, dev_scores: Scores, balance: float | None = None
    ) -> TrainAndDev:
        """Return the probabilities of a head of the shipped kind."""
        balance = self.classifier.role_balance if balance is None else balance
        scores = np.hstack((scores, self.inputs.named))
        dev_scores = np.hstack((dev_scores, self.dev_inputs.named))
        head, proba = fit_head(scores, self.labels, C=1.0, balance=balance)
        return proba, head.probabilities(dev_scores)


def centred(scores: Scores) -> Scores:
    """Return scores whose mean over the roles is zero."""
    return scores - scores.mean(axis=1, keepdims=True)


def read_corpora(
    corpora: Path, build: Path
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the labelled train and dev postings, and those without a label."""
    labels = [corpora / f"labels_{split}.jsonl" for split in ("train", "dev")]
    train = read_labelled(corpora / "gold_train.csv", labels)
    dev = read_labelled(corpora / "gold_dev.csv", labels)
    return train, dev, read_postings(build / "unlabelled.parquet")


def open_lab(
    classifier: RoleClassifier,
    train: pd.DataFrame,
    dev: pd.DataFrame,
    unlabelled: pd.DataFrame,
) -> Lab:
    """Return the lab of a fitted classifier."""
    model = classifier.model_
    weak = label_by_title(
        unlabelled,
        model.titles,
        classifier.languages,
        classifier.max_unlabelled,
        classifier.random_state,
    )
    words = word_matrix(model.spaces.text, weak.texts)
    has_role = weak.text_roles != ""
    rough = fit_rough_model(
        words[has_role], weak.text_roles[has_role], C=classifier.C_text
    )
    return Lab(
        train=train,
        dev=dev,
        classifier=classifier,
        labels=_labels(classifier, train),
        weak=weak,
        weak_words=words,
        rough=rough,
        inputs=_expert_inputs(model, train),
        dev_inputs=_expert_inputs(model, dev),
    )


def _labels(classifier: RoleClassifier, train: pd.DataFrame) -> LabelledFolds:
    y, weight = train["role"].to_numpy(str), train["weight"].to_numpy(float)
    n_folds, seed = classifier.n_folds, classifier.random_state
    folds = make_folds(y, company_groups(train), n_folds, seed)
    return LabelledFolds(y, weight, folds, check_shares(role_shares(train), y))


def _expert_inputs(model: RoleModel, frame: pd.DataFrame) -> ExpertInputs:
    texts, titles = tokenize_postings(as_mappings(frame))
    evidence = [
        model.extract_features(text, title)[0]
        for text, title in zip(texts, titles, strict=True)
    ]
    spaces = model.spaces
    in_section = [_words_of_duties_section(spaces.text, text) for text in texts]
    return ExpertInputs(
        words=sparse_matrix([e.text for e in evidence], len(spaces.text.names)),
        duties=sparse_matrix([e.duties for e in evidence], len(spaces.duties.names)),
        titles=sparse_matrix([e.title for e in evidence], len(spaces.title.names)),
        words_of_duties_section=sparse_matrix(in_section, len(spaces.text.names)),
        named=np.vstack([model.experts["rule"].scores(e.rule) for e in evidence]),
    )


def _words_of_duties_section(space: NgramSpace, tokens: Tokens) -> FeatureRows:
    """Return the words and pairs that begin in the section of the duties."""
    hits = PhraseTable.of({"heading": read_headings().phrases}).find(tokens)["heading"]
    features = space.features_at_words(tokens)
    features[find_sections(tokens, hits) != SECTIONS.index("duties")] = ABSENT
    return tfidf_rows(*known_features(tokens, features), space.idf)
