"""Choose the features of a corpus, and weigh each by its rarity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.duties import Duties, DutyPatterns
from roleclf.matching import WordList
from roleclf.model import DutySpace, NgramSpace
from roleclf.text import ABSENT, HashIndex, Tokens, chain_hashes, hash_words, shift_rows

__all__ = ["learn_duty_space", "learn_ngram_space"]

# Chained between the hashes of a pair of words. Any number would do that does not
# stand between the words of a phrase.
_PAIR_GAP: Final = 101


def learn_ngram_space(
    batches: Sequence[Tokens],
    *,
    min_texts: int,
    max_share: float = 1.0,
    max_features: int | None = None,
    leave_out: frozenset[str] = frozenset(),
) -> NgramSpace:
    """Choose words and pairs of words by the number of texts that they occur in.

    Parameters
    ----------
    batches : sequence of Tokens
        The corpus, tokenised.
    min_texts : int
        A feature occurs in at least so many texts.
    max_share : float in (0, 1]
        A feature occurs in at most this share of the texts.
    max_features : int or None
        Keep the most frequent ones, or all.
    leave_out : frozenset of str
        Folded words; no feature contains one. Hides the words of titles from what is
        trained on labels that come from titles.
    """
    n_texts = sum(len(tokens.texts) for tokens in batches)
    keys, counts = _document_frequency(batches)
    is_usual = (counts >= min_texts) & (counts <= max_share * n_texts)
    keys, counts = keys[is_usual], counts[is_usual]
    names = _names(batches, keys)
    is_kept = np.array(
        [leave_out.isdisjoint(name.split(" ")) for name in names.tolist()], bool
    )
    # The most frequent first: their weights then lie together in memory.
    order = np.lexsort((names, -counts))
    order = order[is_kept[order]][:max_features]
    return _ngram_space(names[order].tolist(), _idf(counts[order], n_texts))


def learn_duty_space(
    patterns: DutyPatterns, batches: Sequence[Duties], n_texts: int
) -> DutySpace:
    """Weigh duties by how few of a corpus's texts state them."""
    counts = np.zeros(len(patterns.ids), np.int64)
    for duties in batches:
        stated = np.unique(duties.text * len(patterns.ids) + duties.duty)
        counts += np.bincount(stated % len(patterns.ids), minlength=len(counts))
    return DutySpace(patterns, _idf(counts, n_texts))


def _ngram_space(names: list[str], idf: npt.NDArray[np.float32]) -> NgramSpace:
    words, parts = _words_and_parts(names)
    left, right = parts[parts[:, 1] != ABSENT].T
    return NgramSpace(words, parts, shift_rows(left, right, len(words)), idf, names)


def _idf(counts: npt.NDArray[np.int64], n_texts: int) -> npt.NDArray[np.float32]:
    # Single precision, as a saved model keeps it: a loaded one predicts the same.
    return (np.log((1 + n_texts) / (1 + counts)) + 1).astype(np.float32)


def _words_and_parts(names: Sequence[str]) -> tuple[WordList, npt.NDArray[np.int32]]:
    """Return the words that features are made of, and the one or two of each."""
    joined = "".join(f"{name}\n" for name in names).encode("latin-1")
    buffer = np.frombuffer(joined, np.uint8)
    end = np.flatnonzero((buffer == ord(" ")) | (buffer == ord("\n")))
    start = np.concatenate(([0], end + 1))[:-1]
    hashes = hash_words(buffer, start, end)
    words = WordList(hashes)
    parts = np.full((len(names), 2), ABSENT, np.int32)
    is_last = buffer[end] == ord("\n")
    row = np.cumsum(is_last) - is_last
    is_second = np.diff(row, prepend=-1) == 0
    parts[row, is_second.astype(int)] = words.number(hashes)
    return words, parts


def _ngram_hashes(
    tokens: Tokens,
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Return the hash of each word, then of each pair, and the text it stands in."""
    text, first = tokens.text_of_word, _first_of_pairs(tokens)
    pairs = chain_hashes(tokens.hash[first], tokens.hash[first + 1], _PAIR_GAP)
    return np.concatenate((tokens.hash, pairs)), np.concatenate((text, text[first]))


def _first_of_pairs(tokens: Tokens) -> npt.NDArray[np.int64]:
    """Return the words that have another of their text behind them."""
    text = tokens.text_of_word
    return np.flatnonzero(text[1:] == text[:-1])


def _document_frequency(
    batches: Sequence[Tokens],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Return the hashes of all words and pairs, and how many texts have each."""
    once_a_text = []
    for tokens in batches:
        hashes, text = _ngram_hashes(tokens)
        order = np.lexsort((text, hashes))
        hashes, text = hashes[order], text[order]
        is_new = np.ones(len(hashes), bool)
        is_new[1:] = (hashes[1:] != hashes[:-1]) | (text[1:] != text[:-1])
        once_a_text.append(hashes[is_new])
    return np.unique(np.concatenate(once_a_text), return_counts=True)


def _names(
    batches: Sequence[Tokens], keys: npt.NDArray[np.uint64]
) -> npt.NDArray[np.object_]:
    """Return how each feature is written where it occurs first, folded."""
    names = np.full(len(keys), "", object)
    index = HashIndex(keys)
    is_missing = np.ones(len(keys), bool)
    for tokens in batches:
        hashes, _ = _ngram_hashes(tokens)
        feature, place = np.unique(index.find(hashes), return_index=True)
        feature, place = feature[feature != ABSENT], place[feature != ABSENT]
        feature, place = feature[is_missing[feature]], place[is_missing[feature]]
        is_missing[feature] = False
        names[feature] = _ngrams_at(tokens, place)
    return names


def _ngrams_at(tokens: Tokens, places: npt.NDArray[np.int64]) -> list[str]:
    """Return the words and pairs at `places` of `_ngram_hashes`."""
    first, n_words = _first_of_pairs(tokens), len(tokens.hash)
    return [
        _word(tokens, place)
        if place < n_words
        else " ".join(_word(tokens, first[place - n_words] + k) for k in (0, 1))
        for place in places.tolist()
    ]


def _word(tokens: Tokens, word: int) -> str:
    raw = tokens.buffer[tokens.start[word] : tokens.end[word]]
    return raw.tobytes().decode("latin-1")
