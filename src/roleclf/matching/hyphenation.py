"""Say what a line end does to the phrases about it: broken words, and lists.

Step 3 of the line, beside `phrases`. A hyphen before a line end is mostly one that
the text has anyway ("real-time"), seldom the sign of a broken word; and two items of
a list are no phrase, though nothing but a line end stands between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching.hits import Hits, joined
from roleclf.text import GAP_CODE_BY_CHARACTER, LINE_END, Ints, Tokens

__all__ = ["before_hyphens", "runs_on", "soften_hyphens", "with_broken"]

# Nobody wraps text more narrowly: what is shorter was ended on purpose.
_NARROWEST_WRAP: Final = 40
# Cleaning took the blanks away that lines of a list began with.
_INDENT: Final = 4


def before_hyphens(tokens: Tokens) -> npt.NDArray[np.int64]:
    """Return the words before a hyphen at a line end that a word follows."""
    hyphens = _hyphens(tokens.buffer)
    words = np.searchsorted(tokens.end[:-1], hyphens)
    words, hyphens = (a[words < len(tokens.end) - 1] for a in (words, hyphens))
    # Nothing but hyphen and line end is between the words.
    fits = tokens.end[words] == hyphens
    return words[fits & (tokens.start[words + 1] == hyphens + 2)]


def soften_hyphens(tokens: Tokens, words: npt.NDArray[np.int64]) -> Tokens:
    r"""Return `tokens` with the hyphens behind `words` read as within a line.

    Examples
    --------
    >>> from roleclf.text.tokens import tokenize
    >>> tokens = tokenize(["real-\ntime"])
    >>> tokens.gap.tolist()
    [255, 255]
    >>> soften_hyphens(tokens, before_hyphens(tokens)).gap.tolist()
    [0, 255]
    """
    if len(words) == 0:
        return tokens
    gap = tokens.gap.copy()
    gap[words] = GAP_CODE_BY_CHARACTER["-"]
    return tokens._replace(gap=gap)


def with_broken(
    hits: Hits,
    tokens: Tokens,
    words: npt.NDArray[np.int64],
    phrase_by_word: Mapping[str, int],
) -> Hits:
    """Return `hits` and those of words that a hyphen breaks in two.

    Parameters
    ----------
    words : int64 array
        From `before_hyphens`.
    phrase_by_word : mapping of str to int
        The phrases of one word, in lower case, and their places: "Kuber-", line end,
        "netes" is looked up as "kubernetes".
    """
    found = [phrase_by_word.get(word.lower(), -1) for word in _mended(tokens, words)]
    phrase = np.array(found, np.int64)
    broken = Hits(phrase, words, words + 1)
    return joined(hits, broken.pick(phrase >= 0))


def runs_on(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Whether each hit is one phrase though a line may end in it.

    It is when the next line begins in lower case, or had to begin: when the word that
    it begins with had no room any more on a line about as long as the longest so far.

    Returns
    -------
    bool array, shape (n_hits,)
    """
    whole = np.ones(len(hits.first), bool)
    several = np.flatnonzero(hits.first < hits.last)
    lines = (tokens.line[of[several]] for of in (hits.first, hits.last))
    across = several[np.not_equal(*lines)]
    crossing = hits.pick(across)
    start, end = tokens.end[crossing.first], tokens.start[crossing.last]
    between = tokens.texts.spans(start, end + 1)
    doubtful = np.flatnonzero([not _goes_on(part) for part in between])
    text = tokens.text_of(crossing.first[doubtful])
    base = tokens.base[text]
    columns = (across[doubtful], text, start[doubtful] - base, end[doubtful] - base)
    for i, t, begin, stop in zip(*(c.tolist() for c in columns), strict=True):
        own = tokens.texts[t]
        ends = _line_ends(own, begin, stop)
        whole[i] = all(_must_break(own, line_end) for line_end in ends)
    return whole


@compiled
def _hyphens(buffer: npt.NDArray[np.uint8]) -> Ints:
    """Return the places of hyphens that a line end follows."""
    at_end = buffer[1:] == LINE_END
    at_end &= buffer[:-1] == ord("-")
    return np.flatnonzero(at_end)


def _mended(tokens: Tokens, words: npt.NDArray[np.int64]) -> list[str]:
    """Return each of `words` with the next, without what is between."""
    halves = (
        tokens.texts.spans(tokens.start[half], tokens.end[half])
        for half in (words, words + 1)
    )
    return [left + right for left, right in zip(*halves, strict=True)]


def _goes_on(part: str) -> bool:
    """Whether behind each line end in a part of a text comes a small letter."""
    return all(line[:1].islower() for line in part.split("\n")[1:])


def _line_ends(text: str, start: int, end: int) -> Iterator[int]:
    place = text.find("\n", start, end)
    while place >= 0:
        yield place
        place = text.find("\n", place + 1, end)


def _must_break(text: str, line_end: int) -> bool:
    if text[line_end + 1].islower():
        return True
    length = line_end - text.rfind("\n", 0, line_end) - 1
    if length < _NARROWEST_WRAP:
        return False
    next_end = text.find("\n", line_end + 1)
    lines = text[: next_end if next_end >= 0 else len(text)].split("\n")
    first_word = lines[-1].split(maxsplit=1)[0]
    return length + len(first_word) + _INDENT >= max(map(len, lines))
