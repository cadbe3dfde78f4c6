"""Tell headings that are in no list by their words.

A line counts that stands as a heading: short, with a colon, or above a longer line or a
list. Which section it opens is told by a linear model of its words, a multinomial
logistic regression whose weights are rows of `heading_words.csv`; `corpora/headings.py`
learns them from headings that readers have named.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching.csv_columns import read_columns
from roleclf.matching.section_names import SECTIONS, Headings
from roleclf.matching.vocabulary import WordList
from roleclf.text import BLANK, LINE_END, SEPARATOR, Ints, Tokens, tokenize

__all__ = ["NO_HEADING", "HeadingWords", "find_lines_by_words", "read_heading_words"]

# What a line is called that opens no section.
NO_HEADING: Final = "none"
_HEADING_WORDS: Final = Path(__file__).parent / "heading_words.csv"
# Probability from which the words of a line make it a heading: of headings that the
# words were not learned from, nine in ten then open the right section. Items of lists
# often look like a heading without a mark, above all like one of requirements.
_MIN_PROBABILITY: Final = 0.6
_MIN_PROBABILITY_OF_PLAIN: Final = 0.7
_MIN_PROBABILITY_OF_PLAIN_REQUIREMENTS: Final = 0.95
_REQUIREMENTS: Final = 1 + SECTIONS.index("requirements")
_MAX_WORDS: Final = 9
# By byte: what ends a line, or a heading that asks for what follows.
_ENDS_LINE: Final = np.isin(np.arange(256), [LINE_END, SEPARATOR, ord("*")])
_BEGINS_LINE: Final = np.isin(np.arange(256), [LINE_END, SEPARATOR])
_ASKS: Final = np.isin(np.arange(256), list(b":?"))

Flags = npt.NDArray[np.bool_]


class HeadingWords(NamedTuple):
    """A linear model of which section a line opens, by its words.

    Attributes
    ----------
    words : WordList
    weights : float64 array, shape (n_words + 1, 1 + n_sections)
        By number in `words`; the last row is for words that are not in it. The first
        column is for no heading, the others are in the order of `SECTIONS`.
    intercept : float64 array, shape (1 + n_sections,)
    """

    words: WordList
    weights: npt.NDArray[np.float64]
    intercept: npt.NDArray[np.float64]


@cache
def read_heading_words() -> HeadingWords:
    """Return the shipped words of headings, read once."""
    columns = read_columns(_HEADING_WORDS)
    names = (NO_HEADING, *SECTIONS)
    rows = np.array([[float(cell) for cell in columns[name]] for name in names]).T
    words = tokenize(columns["word"]).hash
    known = WordList(words)
    weights = np.zeros((len(known) + 1, len(names)))
    weights[known.number(words)] = rows[1:]
    return HeadingWords(known, weights, rows[0])


def find_lines_by_words(tokens: Tokens) -> Headings:
    """Return the lines that stand as headings and whose words name a section."""
    first, last, is_marked = _heading_lines(tokens)
    if len(first) == 0:
        return Headings(first, last, first)
    model = read_heading_words()
    n_words = last - first + 1
    begins = np.cumsum(n_words) - n_words
    words = np.repeat(first - begins, n_words) + np.arange(n_words.sum())
    numbers = model.words.number(tokens.hash[words])
    scores = np.add.reduceat(model.weights[numbers], begins) + model.intercept
    proba = np.exp(scores - scores.max(axis=1, keepdims=True))
    best = proba.argmax(axis=1)
    least = np.where(is_marked, _MIN_PROBABILITY, _MIN_PROBABILITY_OF_PLAIN)
    is_plain = (best == _REQUIREMENTS) & ~is_marked
    least[is_plain] = _MIN_PROBABILITY_OF_PLAIN_REQUIREMENTS
    # The best has 1 here, and so its probability is one over the sum.
    is_sure = (best > 0) & (least * proba.sum(axis=1) <= 1)
    return Headings(first[is_sure], last[is_sure], best[is_sure] - 1)


def _heading_lines(tokens: Tokens) -> tuple[Ints, Ints, Flags]:
    """Return first and last word of each line that stands as a heading.

    It is short, and ends in a colon or a question mark; or it begins with a capital,
    ends without a mark, and a line more than twice as long or a list item follows.
    Also whether it ends in such a mark or a list item follows.
    """
    if len(tokens.line) == 0:
        no_lines = np.zeros(0, np.int64)
        return no_lines, no_lines, np.zeros(0, bool)
    changes = np.flatnonzero(tokens.line[1:] != tokens.line[:-1]) + 1
    first = np.concatenate(([0], changes))
    n_words = np.diff(first, append=len(tokens.line))
    short = np.flatnonzero(n_words <= _MAX_WORDS)
    last = first[short] + n_words[short] - 1
    closer = _closers(tokens, last)
    asks = _ASKS[closer]
    plain = np.flatnonzero(_ENDS_LINE[closer] & ~asks)
    heads, is_list = _stands_alone(tokens, first, n_words, short[plain])
    stands, is_marked = asks.copy(), asks.copy()
    stands[plain[heads]] = True
    is_marked[plain[is_list]] = True
    return first[short[stands]], last[stands], is_marked[stands]


def _stands_alone(
    tokens: Tokens, first: Ints, n_words: Ints, lines: Ints
) -> tuple[Flags, Flags]:
    """Tell which lines begin with a capital, no bullet, above what they may head.

    Also which of all lines stand above a list item.
    """
    following = np.minimum(lines + 1, len(first) - 1)
    in_text = following > lines
    in_text &= tokens.text_of(first[following]) == tokens.text_of(first[lines])
    is_list = ~_begins_at_margin(tokens, first[following])
    heads = in_text & (is_list | (n_words[following] > 2 * n_words[lines]))
    heads &= _begins_at_margin(tokens, first[lines])
    return heads & tokens.is_capital(first[lines]), is_list


def _begins_at_margin(tokens: Tokens, words: Ints) -> Flags:
    """Tell which words have nothing before them on their line, as a bullet."""
    before = tokens.buffer.take(tokens.start[words] - 1, mode="clip")
    return (tokens.start[words] == 0) | _BEGINS_LINE[before]


def _closers(tokens: Tokens, words: Ints) -> npt.NDArray[np.uint8]:
    """Return the byte behind each word, or behind the blank that follows it."""
    end = tokens.end[words]
    closer = tokens.buffer.take(end, mode="clip")
    return np.where(closer == BLANK, tokens.buffer.take(end + 1, mode="clip"), closer)
