"""Match phrases across hyphens at line ends.

Most of these hyphens belong to the text ("real-time"); few were put in when a word was
broken to wrap the line ("Kuber-netes").
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching.hits import Hits, merge_hits
from roleclf.text import GAP_CODE_BY_CHARACTER, LINE_END, Ints, Tokens

__all__ = ["add_dehyphenated", "bridge_hyphens", "words_before_hyphens"]


def words_before_hyphens(tokens: Tokens) -> npt.NDArray[np.int64]:
    """Return the words of which only a hyphen and a line end part the next word."""
    hyphens = _line_end_hyphens(tokens.buffer)
    words = np.searchsorted(tokens.end[:-1], hyphens)
    words, hyphens = (a[words < len(tokens.end) - 1] for a in (words, hyphens))
    touches = tokens.end[words] == hyphens
    return words[touches & (tokens.start[words + 1] == hyphens + 2)]


def bridge_hyphens(tokens: Tokens, words: npt.NDArray[np.int64]) -> Tokens:
    r"""Return `tokens` with the gap behind each of `words` read as a plain hyphen.

    Phrases then match across it.

    Examples
    --------
    >>> from roleclf.text.tokens import tokenize
    >>> tokens = tokenize(["real-\ntime"])
    >>> tokens.gap.tolist()
    [255, 255]
    >>> bridge_hyphens(tokens, words_before_hyphens(tokens)).gap.tolist()
    [0, 255]
    """
    if len(words) == 0:
        return tokens
    gap = tokens.gap.copy()
    gap[words] = GAP_CODE_BY_CHARACTER["-"]
    return tokens._replace(gap=gap)


def add_dehyphenated(
    hits: Hits,
    tokens: Tokens,
    words: npt.NDArray[np.int64],
    phrase_by_word: Mapping[str, int],
) -> Hits:
    """Return `hits` with those of words that a hyphen at a line end breaks in two.

    Parameters
    ----------
    words : int64 array
        From `words_before_hyphens`.
    phrase_by_word : mapping of str to int
        Index of each phrase of one word, by that word in lower case: "Kuber-", line
        end, "netes" is looked up as "kubernetes".
    """
    whole_words = _without_hyphens(tokens, words)
    phrases = [phrase_by_word.get(word.lower(), -1) for word in whole_words]
    phrase = np.array(phrases, np.int64)
    broken = Hits(phrase, words, words + 1)
    return merge_hits(hits, broken.pick(phrase >= 0))


@compiled
def _line_end_hyphens(buffer: npt.NDArray[np.uint8]) -> Ints:
    """Return the positions of hyphens right before a line end."""
    is_hyphen = buffer[1:] == LINE_END
    is_hyphen &= buffer[:-1] == ord("-")
    return np.flatnonzero(is_hyphen)


def _without_hyphens(tokens: Tokens, words: npt.NDArray[np.int64]) -> list[str]:
    """Return each of `words` joined to the next."""
    halves = (
        tokens.texts.spans(tokens.start[half], tokens.end[half])
        for half in (words, words + 1)
    )
    return [left + right for left, right in zip(*halves, strict=True)]
