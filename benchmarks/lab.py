"""What trials work on: the corpora as the matrices that the shipped experts see.

Made once, from the same steps as `RoleClassifier.fit`; a trial then is a function of
it that says, in scores or probabilities, what another way of learning would say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array, hstack

from roleclf.evaluation.corpus import companies, read_labelled, read_postings
from roleclf.matching.headings import SECTIONS, read_headings
from roleclf.matching.phrases import PhraseTable
from roleclf.matching.sections import find_sections
from roleclf.model import RoleModel
from roleclf.model.features import FeatureRows, FeatureSpace
from roleclf.taxonomy import load_taxonomy
from roleclf.text.hash_index import ABSENT
from roleclf.text.tokens import Tokens
from roleclf.training.fitting import (
    Folds,
    fit_expert,
    fit_head,
    fit_rough,
    make_folds,
    matrix,
)
from roleclf.training.role_classifier import RoleClassifier
from roleclf.training.training_set import (
    Unlabelled,
    read_unlabelled,
    rows_of,
    titles_to_learn,
    tokenize_postings,
    word_matrix,
)

Scores = npt.NDArray[np.float64]
Both = tuple[Scores, Scores]


@dataclass(frozen=True)
class Seen:
    """Postings as the experts see them, a row each."""

    words: csr_array
    duties: csr_array
    titles: csr_array
    of_duties_section: csr_array


@dataclass(frozen=True)
class Lab:
    """Corpora, folds and matrices; `rough` are the rough model's weights."""

    train: pd.DataFrame
    dev: pd.DataFrame
    classifier: RoleClassifier
    more: Unlabelled
    unlabelled: csr_array
    rough: Scores
    seen: Seen
    seen_dev: Seen
    folds: Folds

    @property
    def y(self) -> npt.NDArray[np.str_]:
        """The role of each training posting."""
        return self.train["role"].to_numpy(str)

    @property
    def weight(self) -> Scores:
        """How far each training label is believed."""
        return self.train["weight"].to_numpy(float)

    @property
    def lesson(self) -> tuple[npt.NDArray[np.str_], Scores, Folds]:
        """What every fit begins with."""
        return self.y, self.weight, self.folds

    @cached_property
    def by_text(self) -> Both:
        """The scores of the text's expert, out of fold and on dev."""
        return self.expert(self.text(self.seen), self.text(self.seen_dev))

    @cached_property
    def by_title(self) -> Both:
        """The scores of the title's expert, out of fold and on dev."""
        model, how = self.classifier.model_, self.classifier
        weights = how.title_weight, how.name_weight
        taxonomy = load_taxonomy(how.taxonomy)
        batches, roles, weight = titles_to_learn(self.more, taxonomy, weights)
        extra = word_matrix(model.spaces.title, batches), roles, weight
        return self.expert(self.seen.titles, self.seen_dev.titles, extra=extra)

    def text(self, seen: Seen, rough: Scores | None = None, **how: float) -> csr_array:
        """Return what the text's expert sees; `how` overrides its two weights."""
        how = {**vars(self.classifier), **how}
        rough = self.rough if rough is None else rough
        heard = seen.words @ (how["rough_weight"] * rough)
        duties = how["duty_weight"] * seen.duties
        return hstack([seen.words, csr_array(heard), duties]).tocsr()

    def expert(self, X: Any, X_dev: Any, **how: Any) -> Both:
        """Return an expert's scores, out of fold and on dev."""
        fitted, scores = fit_expert(X, *self.lesson, C=3.0, **how)
        coef, intercept = fitted.coef_, fitted.intercept_
        return scores, centred(np.asarray(X_dev @ coef.T) + intercept)

    def head(
        self, scores: Scores, of_dev: Scores, balance: float | None = None
    ) -> Both:
        """Return the probabilities of the shipped kind of head."""
        balance = self.classifier.role_balance if balance is None else balance
        head, proba = fit_head(scores, *self.lesson, C=1.0, balance=balance)
        return proba, head.probabilities(of_dev)


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
    model, how = classifier.model_, classifier
    more = read_unlabelled(
        unlabelled, model.titles, how.languages, how.max_unlabelled, how.random_state
    )
    words = word_matrix(model.spaces.text, more.texts)
    known = more.text_roles != ""
    return Lab(
        train=train,
        dev=dev,
        classifier=classifier,
        more=more,
        unlabelled=words,
        rough=fit_rough(words[known], more.text_roles[known], C=how.C_text),
        seen=_seen(model, train),
        seen_dev=_seen(model, dev),
        folds=make_folds(
            train["role"].to_numpy(str), companies(train), how.n_folds, how.random_state
        ),
    )


def _seen(model: RoleModel, frame: pd.DataFrame) -> Seen:
    texts, titles = tokenize_postings(rows_of(frame))
    evidence = [
        model.read(text, title)[0] for text, title in zip(texts, titles, strict=True)
    ]
    spaces = model.spaces
    return Seen(
        words=matrix([e.text for e in evidence], len(spaces.text.names)),
        duties=matrix([e.duties for e in evidence], len(spaces.duties.names)),
        titles=matrix([e.title for e in evidence], len(spaces.title.names)),
        of_duties_section=matrix(
            [_words_of_duties(spaces.text, text) for text in texts],
            len(spaces.text.names),
        ),
    )


def _words_of_duties(space: FeatureSpace, tokens: Tokens) -> FeatureRows:
    """Return the words that stand in the section of the duties."""
    hits = PhraseTable.of({"heading": read_headings().phrases}).find(tokens)["heading"]
    beginning = space.beginning(tokens)
    beginning[find_sections(tokens, hits) != SECTIONS.index("duties")] = ABSENT
    return space.weigh(tokens, beginning)
