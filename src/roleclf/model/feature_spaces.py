"""Turn texts and duties into features: which features there are, and how rare each is.

Title and description have a space of words and pairs of words each. Spaces are learned
in training and then fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.duties import Duties, DutyPatterns
from roleclf.loops import compiled
from roleclf.matching import WordList
from roleclf.model.feature_rows import FeatureRows, Flags, tfidf_rows
from roleclf.text import ABSENT, PairIndex, Tokens

__all__ = ["DutySpace", "FeatureSpaces", "NgramSpace", "RuleSpace", "known_features"]


class NgramSpace:
    """Words and pairs of neighbouring words as features; costly to build, then fixed.

    Parameters
    ----------
    words : WordList
        The words of which the features are made.
    parts : int32 array, shape (n_features, 2)
        Numbers of the words of each feature; the second is `ABSENT` for one word.
    shift : int32 array, shape (n_words,)
        Where each word's row of pairs lies; see `roleclf.text.shift_rows`.
    idf : float32 array, shape (n_features,)
        ln((1 + n) / (1 + df)) + 1, as scikit-learn's TfidfTransformer smooths it.
    names : sequence of str, length n_features
        The folded words, with a blank between those of a pair.
    """

    def __init__(
        self,
        words: WordList,
        parts: npt.NDArray[np.int32],
        shift: npt.NDArray[np.int32],
        idf: npt.NDArray[np.float32],
        names: Sequence[str],
    ) -> None:
        self.words = words
        self.parts = parts
        self.shift = shift
        self.idf = idf
        self.names = names
        is_unigram = parts[:, 1] == ABSENT
        # One place more than words: unknown ones are `ABSENT`, which reads the last.
        self._unigrams = np.full(len(words) + 1, ABSENT, np.int32)
        self._unigrams[parts[is_unigram, 0]] = np.flatnonzero(is_unigram)
        first, second = parts[~is_unigram].T
        bigrams = np.flatnonzero(~is_unigram).astype(np.int32)
        self._bigrams = PairIndex(shift, first, second, len(words), bigrams)

    def rows(self, tokens: Tokens, readable: Flags | None = None) -> FeatureRows:
        """Return the tf-idf features of texts; see `tfidf_rows`."""
        return tfidf_rows(*self._occurrences(tokens), self.idf, readable)

    @compiled
    def _occurrences(
        self, tokens: Tokens
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        """Return every occurrence of a feature, and the bounds of each text's."""
        return known_features(tokens, self.features_at_words(tokens))

    def features_at_words(self, tokens: Tokens) -> npt.NDArray[np.int32]:
        """Return the features that begin at each word, shape (n_words, 2).

        The word itself and the pair with the next; `ABSENT` where that is no feature.
        """
        word = self.words.find(tokens)
        features = np.full((len(word), 2), ABSENT, np.int32)
        features[:, 0] = self._unigrams.take(word, mode="wrap")
        features[:-1, 1] = self._bigrams.find(word[:-1], word[1:])
        last = tokens.bounds[1:] - 1
        features[last[last >= 0], 1] = ABSENT
        return features


def known_features(
    tokens: Tokens, at_words: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the features that are not `ABSENT`, and the bounds of each text's.

    Parameters
    ----------
    at_words : int32 array, shape (n_words, 2)
        As `NgramSpace.features_at_words` returns them.
    """
    features = at_words.ravel()
    known = np.flatnonzero(features != ABSENT)
    return features[known], np.searchsorted(known, 2 * tokens.bounds)


class DutySpace(NamedTuple):
    """The duties that sentences can state, as features, and how rare each is.

    `idf` has shape (n_duties,), in the order of `patterns.ids`.
    """

    patterns: DutyPatterns
    idf: npt.NDArray[np.float32]

    @property
    def names(self) -> Sequence[str]:
        """The concept id of each feature."""
        return self.patterns.ids

    def rows(
        self, duties: Duties, n_texts: int, readable: Flags | None = None
    ) -> FeatureRows:
        """Return the tf-idf features of texts; see `tfidf_rows`."""
        bounds = np.searchsorted(duties.text, np.arange(n_texts + 1))
        return tfidf_rows(duties.duty, bounds, self.idf, readable)


class RuleSpace(NamedTuple):
    """The roles that a title can name by rule, as features, in the model's order."""

    roles: tuple[str, ...]

    @property
    def names(self) -> Sequence[str]:
        """What each feature says."""
        return [f"title names {role}" for role in self.roles]

    def rows(self, named: Sequence[str | None]) -> FeatureRows:
        """Return one feature of value 1 for each title that names one of the roles."""
        place = {role: i for i, role in enumerate(self.roles)}
        feature = np.array([place.get(role or "", ABSENT) for role in named], np.int64)
        is_named = feature != ABSENT
        bounds = np.concatenate(([0], np.cumsum(is_named)))
        return FeatureRows(bounds, feature[is_named], np.ones(int(bounds[-1])))


class FeatureSpaces(NamedTuple):
    """The feature space of each expert, by its name.

    `rule` follows from the roles of a model, which fills it in.
    """

    text: NgramSpace
    duties: DutySpace
    title: NgramSpace
    rule: RuleSpace = RuleSpace(())

    @property
    def words_of_texts(self) -> tuple[WordList, ...]:
        """The lists of words that are looked up in every text."""
        return self.text.words, self.duties.patterns.words
