"""Say which language each text of a batch is in, from its most common small words.

Step 3 of the line, beside sections: read -> clean -> LANGUAGE -> ... The words of
each language are data (`stopwords.csv`); no text is read twice.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching.vocabulary import WordList
from roleclf.matching.word_lists import read_columns
from roleclf.text import ABSENT, FIRST_NON_ASCII_LETTER, Tokens, tokenize

__all__ = ["detect_languages", "stopwords"]

_STOPWORDS: Final = Path(__file__).parent / "stopwords.csv"
# Share of words that are stop words of the language: running text of any of them
# lies above 0.2, lists of tool names in English around 0.1.
_LEAST_SHARE: Final = 0.06
_LEAST_FOREIGN: Final = 0.3


def detect_languages(tokens: Tokens) -> list[str | None]:
    """Return the ISO 639-1 code of each text, "und" for another script, None unknown.

    Examples
    --------
    >>> detect_languages(tokenize(["We are looking for you", "Wir suchen dich und"]))
    ['en', 'de']
    """
    codes, stopwords, membership = _languages()
    votes = _votes(stopwords.find(tokens), tokens.bounds, membership)
    n_words = np.maximum(np.diff(tokens.bounds), 1)
    is_known = votes.max(axis=1, initial=0) / n_words >= _LEAST_SHARE
    is_foreign = _share_of_foreign_letters(tokens) > _LEAST_FOREIGN
    columns = (is_foreign, is_known, votes.argmax(axis=1))
    return [
        "und" if foreign else codes[best] if known else None
        for foreign, known, best in zip(*(c.tolist() for c in columns), strict=True)
    ]


@compiled
def _votes(
    places: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    membership: npt.NDArray[np.uint8],
) -> npt.NDArray[np.int32]:
    """Count the stop words of each language, shape (n_texts, n_languages).

    Parameters
    ----------
    places : int32 array, shape (n_words,)
        Of each word among the stop words, or `ABSENT`.
    bounds : int64 array, shape (n_texts + 1,)
    membership : uint8 array, shape (n_stopwords, n_languages)
    """
    known = np.flatnonzero(places != ABSENT)
    bounds = np.searchsorted(known, bounds)
    votes = np.zeros((len(bounds) - 1, membership.shape[1]), np.int32)
    filled = np.flatnonzero(np.diff(bounds))
    if filled.size:
        # No matrix product: its threads would take cores from other workers.
        spoken = membership.take(places[known], axis=0)
        votes[filled] = np.add.reduceat(spoken, bounds[filled], axis=0, dtype=np.int32)
    return votes


def stopwords() -> WordList:
    """Return the stop words of all languages."""
    return _languages()[1]


@cache
def _languages() -> tuple[list[str], WordList, npt.NDArray[np.uint8]]:
    columns = read_columns(_STOPWORDS)
    codes = list(columns["language"])
    hashes = [tokenize(words.split()).hash for words in columns["words"]]
    stopwords = WordList(np.concatenate(hashes))
    membership = np.zeros((len(stopwords), len(codes)), np.uint8)
    for column, own in enumerate(hashes):
        membership[stopwords.number(own), column] = 1
    return codes, stopwords, membership


def _share_of_foreign_letters(tokens: Tokens) -> npt.NDArray[np.float64]:
    base, ends = tokens.base, tokens.texts.ends
    count = np.zeros(len(base))
    # Most texts have none, and so are not counted.
    some = np.flatnonzero(
        np.maximum.reduceat(tokens.buffer, base) >= FIRST_NON_ASCII_LETTER
    )
    places = zip(some.tolist(), base[some].tolist(), ends[some].tolist(), strict=True)
    for i, begin, end in places:
        own = tokens.buffer[begin:end]
        count[i] = np.count_nonzero(own >= FIRST_NON_ASCII_LETTER)
    return count / np.maximum(ends - base, 1)
