"""Say which language each text of a batch is in, from its most common small words.

Step 3 of the line, beside sections: read -> clean -> LANGUAGE -> ... The words of
each language are data (`stopwords.csv`); no text is read twice.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.lookup import ABSENT, HashIndex
from roleclf.tokens import Tokens, tokenize

__all__ = ["detect_languages"]

_STOPWORDS: Final = Path(__file__).parent / "stopwords.csv"
# Share of words that are stop words of the language: running text of any of them
# lies above 0.2, lists of tool names in English around 0.1.
_LEAST_SHARE: Final = 0.06
_FOREIGN_LETTER: Final = 128
_LEAST_FOREIGN: Final = 0.3


def detect_languages(tokens: Tokens) -> list[str | None]:
    """Return the ISO 639-1 code of each text, "und" for another script, None unknown.

    Examples
    --------
    >>> detect_languages(tokenize(["We are looking for you", "Wir suchen dich und"]))
    ['en', 'de']
    """
    codes, index, membership = _languages()
    places = index.find(tokens.hash)
    known = np.flatnonzero(places != ABSENT)
    n_texts, n_stopwords = len(tokens.texts), len(membership)
    cells = tokens.text_of_word[known] * n_stopwords + places[known]
    counts = np.bincount(cells, minlength=n_texts * n_stopwords)
    votes = counts.reshape(n_texts, n_stopwords) @ membership
    n_words = np.maximum(np.diff(tokens.bounds), 1)
    best = votes.argmax(axis=1)
    share = votes.max(axis=1, initial=0) / n_words
    foreign = _share_of_foreign_letters(tokens)
    return [
        "und" if foreign[i] > _LEAST_FOREIGN else codes[best[i]] if known_ else None
        for i, known_ in enumerate(share >= _LEAST_SHARE)
    ]


@cache
def _languages() -> tuple[list[str], HashIndex, npt.NDArray[np.float64]]:
    with _STOPWORDS.open(encoding="utf-8", newline="") as lines:
        words_by_code = {
            r["language"]: r["words"].split() for r in csv.DictReader(lines)
        }
    codes = list(words_by_code)
    words = sorted({word for words in words_by_code.values() for word in words})
    hashes = tokenize(words).hash
    keys = np.unique(hashes)
    membership = np.zeros((len(keys), len(codes)))
    for column, code in enumerate(codes):
        own = np.isin(keys, tokenize(words_by_code[code]).hash)
        membership[own, column] = 1.0
    return codes, HashIndex(keys), membership


def _share_of_foreign_letters(tokens: Tokens) -> npt.NDArray[np.float64]:
    foreign = np.concatenate(([0], np.cumsum(tokens.buffer >= _FOREIGN_LETTER)))
    ends = np.append(tokens.base[1:], len(tokens.buffer)) - 1
    length = np.maximum(ends - tokens.base, 1)
    return (foreign[ends] - foreign[tokens.base]) / length
