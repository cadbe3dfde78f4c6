"""What the classifier sees of a text: words and pairs of words, weighted by rarity.

Step 6 of the line: ... -> profile -> FEATURES -> model -> explain. Title and
description have a space of their own each. Training and annotating both pass here,
so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.duties import Duties, DutyPatterns
from roleclf.loops import HAS_LOOPS, compiled
from roleclf.matching import WordList
from roleclf.text import (
    ABSENT,
    HashIndex,
    PairIndex,
    Tokens,
    chain_hashes,
    hash_words,
    shift_rows,
)

__all__ = [
    "DOT_ORDER",
    "DutySpace",
    "Evidence",
    "FeatureRows",
    "FeatureSpace",
    "learn_duty_space",
    "learn_space",
    "weigh",
]

# 1 + ln n for every count; what a text says more often counts as that often
_MOST_COUNTED: Final = 1 << 12
_LOG: Final = 1.0 + np.log(np.maximum(np.arange(1 + _MOST_COUNTED), 1))
# How weights lie in memory for `Rows.dot`: by rows, as the loop reads them, or by
# columns, as numpy does: rows of a few numbers take it twice as long to gather.
DOT_ORDER: Final[Literal["C", "F"]] = "C" if HAS_LOOPS else "F"
_PAIR: Final = 101  # any number that no gap of a phrase has

Flags = npt.NDArray[np.bool_]


class FeatureRows(NamedTuple):
    """A sparse matrix by rows, shape (n_texts, n_features), as plain arrays.

    Attributes
    ----------
    bounds : int64 array, shape (n_texts + 1,)
        Row i is `feature[bounds[i]:bounds[i + 1]]`, features distinct, in any order.
    feature : int64 array, shape (n_values,)
    value : float64 array, shape (n_values,)
    """

    bounds: npt.NDArray[np.int64]
    feature: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]

    @compiled
    def dot(self, weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Return rows times weights, shape (n_texts, n_columns)."""
        # No matrix product: its threads would take cores from other workers.
        scores = np.zeros((len(self.bounds) - 1, weights.shape[1]))
        filled = np.flatnonzero(np.diff(self.bounds))
        if filled.size:
            for column, own in enumerate(weights.T):
                parts = own.take(self.feature) * self.value
                scores[filled, column] = np.add.reduceat(parts, self.bounds[filled])
        return scores


class Evidence(NamedTuple):
    """What the model is given of a batch: its texts, their duties, and its titles."""

    text: FeatureRows
    duties: FeatureRows
    title: FeatureRows


class FeatureSpace:
    """The words and pairs of words that count; costly to build, then fixed.

    Parameters
    ----------
    words : WordList
        Of what the features are made.
    parts : int32 array, shape (n_features, 2)
        Numbers of the words of each feature; the second is `ABSENT` for one word.
    shift : int32 array, shape (n_words,)
        Of the rows of pairs; see `pairs.shift_rows`.
    idf : float32 array, shape (n_features,)
        ln((1 + n) / (1 + df)) + 1, as scikit-learn's TfidfTransformer smooths it.
    names : sequence of str, length n_features
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
        lone = parts[:, 1] == ABSENT
        # One more for what is not known: `ABSENT` reads the last place.
        self._lone = np.full(len(words) + 1, ABSENT, np.int32)
        self._lone[parts[lone, 0]] = np.flatnonzero(lone)
        first, second = parts[~lone].T
        paired = np.flatnonzero(~lone).astype(np.int32)
        self._pairs = PairIndex(shift, first, second, len(words), paired)

    def rows(self, tokens: Tokens, read: Flags | None = None) -> FeatureRows:
        """Return the weighted features of texts; see `weigh`."""
        return weigh(*self._stated(tokens), self.idf, read)

    def weigh(self, tokens: Tokens, beginning: npt.NDArray[np.int32]) -> FeatureRows:
        """Return the weighted features among those that begin at the words."""
        return weigh(*_known(tokens, beginning), self.idf)

    @compiled
    def _stated(
        self, tokens: Tokens
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
        """Return the features of texts as often as they stand there, and bounds."""
        return _known(tokens, self.beginning(tokens))

    def beginning(self, tokens: Tokens) -> npt.NDArray[np.int32]:
        """Return the features that begin at each word, shape (n_words, 2).

        The word itself and the pair with the next; `ABSENT` where that is none.
        """
        word = self.words.find(tokens)
        features = np.full((len(word), 2), ABSENT, np.int32)
        features[:, 0] = self._lone.take(word, mode="wrap")
        features[:-1, 1] = self._pairs.find(word[:-1], word[1:])
        last = tokens.bounds[1:] - 1
        features[last[last >= 0], 1] = ABSENT
        return features


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
        self, duties: Duties, n_texts: int, read: Flags | None = None
    ) -> FeatureRows:
        """Return the weighted duties of texts; see `weigh`."""
        bounds = np.searchsorted(duties.text, np.arange(n_texts + 1))
        return weigh(duties.duty, bounds, self.idf, read)


def weigh(
    feature: npt.NDArray[np.integer],
    bounds: npt.NDArray[np.int64],
    idf: npt.NDArray[np.float32],
    read: Flags | None = None,
) -> FeatureRows:
    """Return (1 + ln tf) * idf of each feature, each row scaled to length 1.

    Parameters
    ----------
    feature : int array, shape (n_occurrences,)
        What stands in the texts, repeated as often as it does.
    bounds : int64 array, shape (n_texts + 1,)
        `feature[bounds[i]:bounds[i + 1]]` stands in text i, in any order.
    read : bool array, shape (n_texts,), optional
        Texts to read; the rows of the others are empty.
    """
    if read is None:
        read = np.ones(len(bounds) - 1, bool)
    return FeatureRows(*_weighed(feature, bounds, read, idf, _LOG))


@compiled
def _weighed(
    feature: npt.NDArray[np.integer],
    bounds: npt.NDArray[np.int64],
    read: Flags,
    idf: npt.NDArray[np.float32],
    log: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the arrays of `FeatureRows`; `log` has 1 + ln n, n up to its last."""
    if not read.all():
        n_stated = np.diff(bounds)
        feature = feature[np.repeat(read, n_stated)]
        bounds = np.concatenate(([0], np.cumsum(n_stated * read)))
    feature = feature.astype(np.int32)
    # Text by text: many small sorts take a fifth of the time of one.
    for begin, end in pairwise(bounds.tolist()):
        feature[begin:end].sort()
    new = np.ones(len(feature), bool)
    np.not_equal(feature[1:], feature[:-1], out=new[1:])
    new[bounds[:-1][bounds[:-1] < len(feature)]] = True
    first = np.flatnonzero(new)
    count = np.diff(first, append=len(feature))
    column = feature.take(first).astype(np.int64)
    value = log.take(count, mode="clip") * idf.take(column)
    bounds = np.searchsorted(first, bounds)
    n_values = np.diff(bounds)
    filled = np.flatnonzero(n_values)
    if filled.size:
        norm = np.sqrt(np.add.reduceat(value * value, bounds[filled]))
        value /= np.repeat(norm, n_values[filled])
    return bounds, column, value


def _known(
    tokens: Tokens, beginning: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    # Beside each word the pair it begins, so that texts stay in order.
    stated = beginning.ravel()
    at = np.flatnonzero(stated != ABSENT)
    return stated[at], np.searchsorted(at, 2 * tokens.bounds)


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
    # The most frequent first: their weights then lie together in memory.
    order = order[kept[order]][:max_features]
    words, parts = _parts(names[order].tolist())
    idf = _idf(counts[order], n_texts)
    left, right = parts[parts[:, 1] != ABSENT].T
    shift = shift_rows(left, right, len(words))
    return FeatureSpace(words, parts, shift, idf, names[order].tolist())


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


def _parts(names: Sequence[str]) -> tuple[WordList, npt.NDArray[np.int32]]:
    """Return the words that features are made of, and the one or two of each."""
    written = "".join(f"{name}\n" for name in names).encode("latin-1")
    buffer = np.frombuffer(written, np.uint8)
    end = np.flatnonzero((buffer == ord(" ")) | (buffer == ord("\n")))
    start = np.concatenate(([0], end + 1))[:-1]
    hashes = hash_words(buffer, start, end)
    words = WordList(hashes)
    parts = np.full((len(names), 2), ABSENT, np.int32)
    closes = buffer[end] == ord("\n")
    row = np.cumsum(closes) - closes
    second = np.diff(row, prepend=-1) == 0
    parts[row, second.astype(int)] = words.number(hashes)
    return words, parts


def _ngram_hashes(
    tokens: Tokens,
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Return the hash of each word, then of each pair, and the text it stands in."""
    text = tokens.text_of_word
    together = np.flatnonzero(text[1:] == text[:-1])
    pairs = chain_hashes(tokens.hash[together], tokens.hash[together + 1], _PAIR)
    return np.concatenate((tokens.hash, pairs)), np.concatenate((text, text[together]))


def _document_frequency(
    batches: Sequence[Tokens],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    seen = []
    for tokens in batches:
        hashes, text = _ngram_hashes(tokens)
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
        hashes, _ = _ngram_hashes(tokens)
        feature = index.find(hashes)
        new, at = np.unique(feature, return_index=True)
        at = at[(new != ABSENT)]
        new = new[(new != ABSENT)]
        at, new = at[missing[new]], new[missing[new]]
        missing[new] = False
        names[new] = _written(tokens, at)
    return names


def _written(tokens: Tokens, places: npt.NDArray[np.int64]) -> list[str]:
    """Return the words at `places` of `_ngram_hashes`."""
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
