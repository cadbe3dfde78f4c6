"""Detect the language of each text in a batch by counting its stop words.

`stopwords.csv` lists the stop words of each language; a new language is a row there.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching.csv_columns import read_columns
from roleclf.matching.vocabulary import WordList
from roleclf.text import ABSENT, FIRST_NON_ASCII_LETTER, Tokens, tokenize

__all__ = ["detect_languages", "stopwords"]

_STOPWORDS: Final = Path(__file__).parent / "stopwords.csv"
# Least share of words that are stop words of the language. Running text in any of them
# has more than 0.2, a list of tool names about 0.1 of English ones.
_LEAST_STOPWORDS: Final = 0.06
# A text with a larger share of letters from other scripts is in none of the languages.
_MOST_OTHER_LETTERS: Final = 0.3


def detect_languages(tokens: Tokens) -> list[str | None]:
    """Return the language of each text.

    Returns
    -------
    list of str or None
        ISO 639-1 codes, "und" for text in another script, None if nothing tells.

    Examples
    --------
    >>> detect_languages(tokenize(["We are looking for you", "Wir suchen dich und"]))
    ['en', 'de']
    """
    codes, stopwords, membership = _languages()
    counts = _count_stopwords(stopwords.find(tokens), tokens.bounds, membership)
    n_words = np.maximum(np.diff(tokens.bounds), 1)
    is_known = counts.max(axis=1, initial=0) / n_words >= _LEAST_STOPWORDS
    is_other = _share_of_other_letters(tokens) > _MOST_OTHER_LETTERS
    columns = (is_other, is_known, counts.argmax(axis=1))
    return [
        "und" if other else codes[best] if known else None
        for other, known, best in zip(*(c.tolist() for c in columns), strict=True)
    ]


@compiled
def _count_stopwords(
    numbers: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    membership: npt.NDArray[np.uint8],
) -> npt.NDArray[np.int32]:
    """Count the stop words of each language, shape (n_texts, n_languages).

    Parameters
    ----------
    numbers : int32 array, shape (n_words,)
        Number of each word among the stop words, or `ABSENT`.
    bounds : int64 array, shape (n_texts + 1,)
    membership : uint8 array, shape (n_stopwords, n_languages)
        1 where a stop word belongs to a language.
    """
    known = np.flatnonzero(numbers != ABSENT)
    bounds = np.searchsorted(known, bounds)
    counts = np.zeros((len(bounds) - 1, membership.shape[1]), np.int32)
    filled = np.flatnonzero(np.diff(bounds))
    if filled.size:
        # No matrix product: its threads would take cores from other workers.
        rows = membership.take(numbers[known], axis=0)
        counts[filled] = np.add.reduceat(rows, bounds[filled], axis=0, dtype=np.int32)
    return counts


def stopwords() -> WordList:
    """Return the stop words of all languages."""
    return _languages()[1]


@cache
def _languages() -> tuple[list[str], WordList, npt.NDArray[np.uint8]]:
    """Return language codes, stop words, and which word belongs to which language."""
    columns = read_columns(_STOPWORDS)
    codes = list(columns["language"])
    hashes = [tokenize(words.split()).hash for words in columns["words"]]
    stopwords = WordList(np.concatenate(hashes))
    membership = np.zeros((len(stopwords), len(codes)), np.uint8)
    for column, hashes_of_language in enumerate(hashes):
        membership[stopwords.number(hashes_of_language), column] = 1
    return codes, stopwords, membership


def _share_of_other_letters(tokens: Tokens) -> npt.NDArray[np.float64]:
    """Return the share of characters from other scripts, shape (n_texts,)."""
    base, ends = tokens.base, tokens.texts.ends
    count = np.zeros(len(base))
    # Most texts have none and need no count.
    some = np.flatnonzero(
        np.maximum.reduceat(tokens.buffer, base) >= FIRST_NON_ASCII_LETTER
    )
    spans = zip(some.tolist(), base[some].tolist(), ends[some].tolist(), strict=True)
    for i, begin, end in spans:
        characters = tokens.buffer[begin:end]
        count[i] = np.count_nonzero(characters >= FIRST_NON_ASCII_LETTER)
    return count / np.maximum(ends - base, 1)
