"""What the classifier sees of a text: words and pairs of words, weighted by rarity.

Step 6 of the line: ... -> profile -> FEATURES -> model -> explain. Title and
description have a space of their own each. Training and annotating both pass here,
so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.duties import Duties, DutyPatterns
from roleclf.lookup import ABSENT, HashIndex
from roleclf.tokens import Tokens, chain

__all__ = [
    "DutySpace",
    "Evidence",
    "FeatureSpace",
    "Rows",
    "learn_duty_space",
    "learn_space",
    "ngram_hashes",
    "weigh",
]

_SMALL: Final = 2**31
_PAIR: Final = 101  # any number that no gap of a phrase has


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix by rows, shape (n_texts, n_features), as plain arrays.

    Attributes
    ----------
    bounds : int64 array, shape (n_texts + 1,)
        Row i is `feature[bounds[i]:bounds[i + 1]]`, features ascending.
    feature : int64 array, shape (n_values,)
    value : float64 array, shape (n_values,)
    """

    bounds: npt.NDArray[np.int64]
    feature: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]

    def dot(self, weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Return rows times weights, shape (n_texts, n_columns)."""
        scores = np.zeros((len(self.bounds) - 1, weights.shape[1]))
        filled = np.flatnonzero(np.diff(self.bounds))
        if filled.size:
            parts = weights[self.feature] * self.value[:, None]
            scores[filled] = np.add.reduceat(parts, self.bounds[filled], axis=0)
        return scores

    def only(self, kept: npt.NDArray[np.bool_]) -> Rows:
        """Return the rows with those emptied where `kept` is false."""
        counts = np.diff(self.bounds)
        values = np.repeat(kept, counts)
        bounds = np.concatenate(([0], np.cumsum(np.where(kept, counts, 0))))
        return Rows(bounds, self.feature[values], self.value[values])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the model is given of a batch: its texts, their duties, and its titles."""

    text: Rows
    duties: Rows
    title: Rows


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """The words and pairs that count, and how rare each is.

    Attributes
    ----------
    keys : uint64 array, shape (n_features,)
        Hash of each feature, as `ngram_hashes` makes it.
    idf : float32 array, shape (n_features,)
        ln((1 + n) / (1 + df)) + 1, as scikit-learn's TfidfTransformer smooths it.
    names : sequence of str, length n_features
    index : HashIndex
        Over `keys`.
    """

    keys: npt.NDArray[np.uint64]
    idf: npt.NDArray[np.float32]
    names: Sequence[str]
    index: HashIndex

    def rows(self, tokens: Tokens) -> Rows:
        """Return the weighted features of texts; see `weigh`."""
        hashes, text = ngram_hashes(tokens)
        feature = self.index.find(hashes)
        known = np.flatnonzero(feature != ABSENT)
        return weigh(text[known], feature[known], len(tokens.texts), self.idf)


@dataclass(frozen=True, slots=True)
class DutySpace:
    """The duties that sentences can state, as features, and how rare each is.

    `idf` has shape (n_duties,), in the order of `patterns.ids`.
    """

    patterns: DutyPatterns
    idf: npt.NDArray[np.float32]

    @property
    def names(self) -> Sequence[str]:
        """The concept id of each feature."""
        return self.patterns.ids

    def rows(self, duties: Duties, n_texts: int) -> Rows:
        """Return the weighted duties of texts; see `weigh`."""
        return weigh(duties.text, duties.duty, n_texts, self.idf)


def weigh(
    text: npt.NDArray[np.int64],
    feature: npt.NDArray[np.integer],
    n_texts: int,
    idf: npt.NDArray[np.float32],
) -> Rows:
    """Return (1 + ln tf) * idf of each feature, each row scaled to length 1.

    Parameters
    ----------
    text, feature : int arrays, shape (n_occurrences,)
        What stands where, in any order.
    """
    n_features = len(idf)
    cells = text * n_features + feature
    if n_texts * n_features < _SMALL:
        cells = cells.astype(np.int32)  # sorts in half the time
    cells, count = np.unique(cells, return_counts=True)
    row, column = np.divmod(cells.astype(np.int64), max(n_features, 1))
    value = (1.0 + np.log(count)) * idf[column]
    norm = np.sqrt(np.bincount(row, value * value, n_texts))
    bounds = np.searchsorted(row, np.arange(n_texts + 1))
    return Rows(bounds, column, value / norm[row])


def ngram_hashes(
    tokens: Tokens,
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Return the hash of each word, then of each pair, and the text it stands in."""
    text = tokens.text_of_word
    together = np.flatnonzero(text[1:] == text[:-1])
    pairs = chain(tokens.hash[together], tokens.hash[together + 1], _PAIR)
    return np.concatenate((tokens.hash, pairs)), np.concatenate((text, text[together]))


def learn_space(
    batches: Sequence[Tokens],
    *,
    min_texts: int,
    max_share: float = 1.0,
    max_features: int | None = None,
    leave_out: frozenset[str] = frozenset(),
) -> FeatureSpace:
    """Choose the features that stand in enough texts of a corpus, and not in most.

    Parameters
    ----------
    batches : sequence of Tokens
        The corpus, tokenised.
    min_texts : int
        A feature stands in at least so many texts.
    max_share : float in (0, 1]
        A feature stands in at most this share of the texts.
    max_features : int or None
        Keep the most frequent ones, or all.
    leave_out : frozenset of str
        Folded words; a feature with one of them is left out. Used to hide the
        words of titles from what is trained on labels that come from titles.
    """
    n_texts = sum(len(tokens.texts) for tokens in batches)
    keys, counts = _document_frequency(batches)
    enough = (counts >= min_texts) & (counts <= max_share * n_texts)
    keys, counts = keys[enough], counts[enough]
    names = _names(batches, keys)
    kept = np.array(
        [leave_out.isdisjoint(name.split(" ")) for name in names.tolist()], bool
    )
    order = np.lexsort((names, -counts))
    order = order[kept[order]][:max_features]
    order = order[np.argsort(keys[order])]
    idf = _idf(counts[order], n_texts)
    return FeatureSpace(keys[order], idf, names[order].tolist(), HashIndex(keys[order]))


def learn_duty_space(
    patterns: DutyPatterns, batches: Sequence[Duties], n_texts: int
) -> DutySpace:
    """Weigh duties by how few of a corpus's texts state them."""
    counts = np.zeros(len(patterns.ids), np.int64)
    for duties in batches:
        stated = np.unique(duties.text * len(patterns.ids) + duties.duty)
        counts += np.bincount(stated % len(patterns.ids), minlength=len(counts))
    return DutySpace(patterns, _idf(counts, n_texts))


def _idf(counts: npt.NDArray[np.int64], n_texts: int) -> npt.NDArray[np.float32]:
    # Single precision, as a saved model keeps it: a loaded one predicts the same.
    return (np.log((1 + n_texts) / (1 + counts)) + 1).astype(np.float32)


def _document_frequency(
    batches: Sequence[Tokens],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    seen = []
    for tokens in batches:
        hashes, text = ngram_hashes(tokens)
        order = np.lexsort((text, hashes))
        hashes, text = hashes[order], text[order]
        new = (hashes[1:] != hashes[:-1]) | (text[1:] != text[:-1])
        seen.append(hashes[np.concatenate((np.ones(min(len(hashes), 1), bool), new))])
    return np.unique(np.concatenate(seen), return_counts=True)


def _names(
    batches: Sequence[Tokens], keys: npt.NDArray[np.uint64]
) -> npt.NDArray[np.object_]:
    """Return how each feature is written where it stands first, folded."""
    names = np.full(len(keys), "", object)
    index = HashIndex(keys)
    missing = np.ones(len(keys), bool)
    for tokens in batches:
        hashes, _ = ngram_hashes(tokens)
        feature = index.find(hashes)
        new, at = np.unique(feature, return_index=True)
        at = at[(new != ABSENT)]
        new = new[(new != ABSENT)]
        at, new = at[missing[new]], new[missing[new]]
        missing[new] = False
        names[new] = _written(tokens, at)
    return names


def _written(tokens: Tokens, places: npt.NDArray[np.int64]) -> list[str]:
    """Return the words at `places` of `ngram_hashes`."""
    text = tokens.text_of_word
    pairs = np.flatnonzero(text[1:] == text[:-1])
    n_words = len(tokens.hash)
    return [
        _word(tokens, place)
        if place < n_words
        else " ".join(_word(tokens, pairs[place - n_words] + k) for k in (0, 1))
        for place in places.tolist()
    ]


def _word(tokens: Tokens, word: int) -> str:
    raw = tokens.buffer[tokens.start[word] : tokens.end[word]]
    return raw.tobytes().decode("latin-1")
