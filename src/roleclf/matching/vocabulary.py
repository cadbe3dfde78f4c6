"""Number the words of a batch in many word lists with one look-up for each word.

Headings, skills, cues, stop words, duties and features each number the words that they
know. A vocabulary holds the words of all lists and is searched once for each word; what
a list knows of the word is then read from an array.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt

from roleclf.loops import HAS_LOOPS, compiled
from roleclf.text import ABSENT, Hashes, HashIndex, Tokens, distinct

__all__ = ["Vocabulary", "WordList"]

Numbers = npt.NDArray[np.int32]


class WordList:
    """The words that one list knows; costly to build, then fixed.

    Lists of the same words are equal, also when one comes from another process.

    Parameters
    ----------
    hashes : uint64 array
        Of the words, in any order, repeated or not.

    Attributes
    ----------
    hashes : uint64 array, shape (n_words,)
        Rising; the number of a word is its index here.
    """

    def __init__(self, hashes: Hashes) -> None:
        self.hashes = distinct(hashes)
        self._sum = int(np.bitwise_xor.reduce(self.hashes, initial=0))

    @cached_property
    def _index(self) -> HashIndex:
        # A list that is only part of a vocabulary never needs its own.
        return HashIndex(self.hashes)

    def __len__(self) -> int:
        return len(self.hashes)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, WordList) and np.array_equal(self.hashes, other.hashes)
        )

    def __hash__(self) -> int:
        return self._sum

    def find(self, tokens: Tokens) -> Numbers:
        """Return the number of each word of a batch, or `ABSENT`.

        Takes what a `Vocabulary` has noted in `tokens`, if this list is part of it.
        """
        known = tokens.numbers_by_list.get(self)
        return self._index.find(tokens.hash) if known is None else known

    def number(self, hashes: Hashes) -> Numbers:
        """Return the number of each of `hashes`, or `ABSENT`."""
        return self._index.find(hashes)


class Vocabulary:
    """All the words of many lists; costly to build, then fixed.

    Parameters
    ----------
    lists : iterable of WordList

    Examples
    --------
    >>> from roleclf.text.tokens import tokenize
    >>> tools, verbs = (WordList(tokenize([t]).hash) for t in ("dbt spark", "run"))
    >>> tokens = Vocabulary([tools, verbs]).number(tokenize(["run dbt"]))
    >>> (verbs.find(tokens) != ABSENT).tolist()
    [True, False]
    """

    def __init__(self, lists: Iterable[WordList]) -> None:
        self._lists = list(lists)
        self._words = WordList(np.concatenate([words.hashes for words in self._lists]))
        _ = self._words._index  # built now, so that forks of this process share it
        # The last column is that of an unknown word: `ABSENT` reads it. The compiled
        # loop reads word by word, numpy list by list: hence the orders in memory.
        shape = (len(self._lists), len(self._words) + 1)
        self._number_by_list = np.full(
            shape, ABSENT, np.int32, order="F" if HAS_LOOPS else "C"
        )
        for numbers, words in zip(self._number_by_list, self._lists, strict=True):
            places = np.searchsorted(self._words.hashes, words.hashes)
            numbers[places] = np.arange(len(words))

    def number(self, tokens: Tokens) -> Tokens:
        """Return `tokens` with the number of each word in every list."""
        numbers = self._numbers(tokens.hash)
        return tokens._replace(
            numbers_by_list=dict(zip(self._lists, numbers, strict=True))
        )

    @compiled
    def _numbers(self, hashes: Hashes) -> Numbers:
        """Return the number of each word in each list, shape (n_lists, n_words)."""
        numbers = self._words.number(hashes)
        return self._number_by_list.take(numbers, axis=1, mode="wrap")
