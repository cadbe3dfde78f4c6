"""Number the words of a batch by the lists that know them, all lists at one look-up.

Step 3 of the line, behind `tokens`: headings, skills, cues, stop words, duties and
features are all made of words. Each list numbers its own; a vocabulary of them all is
searched once for each word of a batch, and what a list knows of it is then an array.
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

    Parameters
    ----------
    hashes : uint64 array
        Of the words, in any order, repeated or not.

    Attributes
    ----------
    hashes : uint64 array, shape (n_words,)
        Rising; the number of a word is its place here.
    """

    def __init__(self, hashes: Hashes) -> None:
        self.hashes = distinct(hashes)
        self._sum = int(np.bitwise_xor.reduce(self.hashes, initial=0))

    @cached_property
    def _index(self) -> HashIndex:
        # Of a list that goes into a vocabulary nobody may ask for it.
        return HashIndex(self.hashes)

    def __len__(self) -> int:
        return len(self.hashes)

    def __eq__(self, other: object) -> bool:
        # A list that went to another process is still the list it was.
        return self is other or (
            isinstance(other, WordList) and np.array_equal(self.hashes, other.hashes)
        )

    def __hash__(self) -> int:
        return self._sum

    def find(self, tokens: Tokens) -> Numbers:
        """Return the number of each word of a batch, `ABSENT` where it has none."""
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
        self._words = WordList(np.concatenate([own.hashes for own in self._lists]))
        _ = self._words._index  # now, so that copies of this process share it
        # One more for what is no word: `ABSENT` reads the last place. In memory what is
        # known of a word lies together, for the loop that reads it; numpy reads list by
        # list.
        shape = (len(self._lists), len(self._words) + 1)
        self._own = np.full(shape, ABSENT, np.int32, order="F" if HAS_LOOPS else "C")
        for numbers, own in zip(self._own, self._lists, strict=True):
            places = np.searchsorted(self._words.hashes, own.hashes)
            numbers[places] = np.arange(len(own))

    def number(self, tokens: Tokens) -> Tokens:
        """Return `tokens` with what every list says of each word."""
        numbers = self._numbers(tokens.hash)
        return tokens._replace(
            numbers_by_list=dict(zip(self._lists, numbers, strict=True))
        )

    @compiled
    def _numbers(self, hashes: Hashes) -> Numbers:
        """Return the number of each word in each list, shape (n_lists, n_words)."""
        return self._own.take(self._words.number(hashes), axis=1, mode="wrap")
