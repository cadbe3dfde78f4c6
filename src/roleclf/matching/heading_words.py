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

from roleclf.loops import compiled
from roleclf.matching.csv_columns import read_columns
from roleclf.matching.section_names import SECTIONS, Headings
from roleclf.matching.vocabulary import WordList
from roleclf.text import (
    ABSENT,
    BLANK,
    GAP_CODE_BY_CHARACTER,
    LINE_END,
    SEPARATOR,
    Ints,
    Tokens,
    expand_ranges,
    tokenize,
)

__all__ = [
    "NO_HEADING",
    "OTHER_WORD",
    "HeadingWords",
    "find_lines_by_words",
    "read_heading_words",
]

# What a line is called that opens no section.
NO_HEADING: Final = "none"
# In place of words that are not in the list; a mark, and so no word.
OTHER_WORD: Final = "*"
_HEADING_WORDS: Final = Path(__file__).parent / "heading_words.csv"
# Weights are read as whole numbers of so many to one: hundredths.
_WEIGHT_UNITS: Final = 100
# How a line stands: with a mark or above a list, above a longer line, or otherwise.
_MARKED, _PLAIN, _BARE = range(3)
# Probability from which the words of a line make it a heading, by how it stands: of
# headings that the words were not learned from, nine in ten then open the right
# section. Items of lists often look like a heading without a mark, above all like one
# of requirements.
_MIN_PROBABILITY: Final = np.repeat([[0.6], [0.7], [np.inf]], 1 + len(SECTIONS), axis=1)
_MIN_PROBABILITY[_PLAIN, 1 + SECTIONS.index("requirements")] = 0.95
# Nothing but its words tells a heading above short items without bullets.
_ASKING: Final = ("duties", "requirements", "preferred")
_MIN_PROBABILITY[_BARE, [1 + SECTIONS.index(name) for name in _ASKING]] = 0.98
_MAX_WORDS: Final = 9
# Codes of gaps rise from blanks over "." and "/" to those that part what they join.
_COMMA: Final = GAP_CODE_BY_CHARACTER[","]
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
    weights : int32 array, shape (n_words + 1, 1 + n_sections)
        In hundredths, whose sums are exact. By number in `words`; the last row is for
        words that are not in it. The first column is for no heading, the others are in
        the order of `SECTIONS`.
    intercept : int32 array, shape (1 + n_sections,)
    """

    words: WordList
    weights: npt.NDArray[np.int32]
    intercept: npt.NDArray[np.int32]


@cache
def read_heading_words() -> HeadingWords:
    """Return the shipped words of headings, read once."""
    columns = read_columns(_HEADING_WORDS)
    names = (NO_HEADING, *SECTIONS)
    cells = [[float(cell) for cell in columns[name]] for name in names]
    rows = np.rint(np.multiply(cells, _WEIGHT_UNITS)).T.astype(np.int32, order="C")
    intercept, other, *_ = rows
    words = tokenize(columns["word"]).hash
    known = WordList(words)
    weights = np.tile(other, (len(known) + 1, 1))
    weights[known.number(words)] = rows[2:]
    return HeadingWords(known, weights, intercept)


def find_lines_by_words(tokens: Tokens) -> Headings:
    """Return the lines that stand as headings and whose words name a section."""
    first, last, stands = _heading_lines(tokens)
    if len(first) == 0:
        return Headings(first, last, first)
    best, scores = _most_likely(tokens, first, last, read_heading_words())
    lines = np.flatnonzero(best > 0)
    scores, best = scores[lines], best[lines]
    least = _MIN_PROBABILITY[stands[lines], best]
    of_best = scores[np.arange(len(best)), best]
    proba = np.exp((scores - of_best[:, None]) / _WEIGHT_UNITS)
    # The best has 1 here, and so its probability is one over the sum.
    is_sure = least * proba.sum(axis=1) <= 1
    lines = lines[is_sure]
    return Headings(first[lines], last[lines], best[is_sure] - 1)


@compiled
def _most_likely(
    tokens: Tokens, first: Ints, last: Ints, model: HeadingWords
) -> tuple[Ints, Ints]:
    """Return what each line most likely is, and the scores.

    Returns
    -------
    best : int64 array, shape (n_lines,)
        Column of the highest score, the first of several.
    scores : int64 array, shape (n_lines, 1 + n_sections)
        Sum of the weights of a line's words, and of the intercept.
    """
    words, _ = expand_ranges(first, last + 1)
    numbers = model.words.number(tokens.hash[words])
    n_words = last - first + 1
    begins = np.cumsum(n_words) - n_words
    scores = np.add.reduceat(model.weights[numbers], begins, dtype=np.int64)
    scores += model.intercept
    return scores.argmax(axis=1), scores


@compiled
def _heading_lines(tokens: Tokens) -> tuple[Ints, Ints, Ints]:
    """Return first and last word of each line that may be a heading, and how it stands.

    It is short, and ends in a colon or a question mark; or it begins with a capital,
    ends without a mark, and another line follows.
    """
    if len(tokens.line) == 0:
        return (np.zeros(0, np.int64),) * 3
    changes = np.flatnonzero(tokens.line[1:] != tokens.line[:-1]) + 1
    first = np.concatenate(([0], changes))
    n_words = np.diff(first, append=len(tokens.line))
    short = np.flatnonzero(n_words <= _MAX_WORDS)
    last = first[short] + n_words[short] - 1
    closer = _closers(tokens, last)
    asks = _ASKS[closer]
    stands = np.where(asks, _MARKED, ABSENT)
    plain = np.flatnonzero(_ENDS_LINE[closer] & ~asks)
    stands[plain] = _stands_alone(tokens, first, n_words, short[plain])
    kept = stands != ABSENT
    return first[short[kept]], last[kept], stands[kept]


def _stands_alone(tokens: Tokens, first: Ints, n_words: Ints, lines: Ints) -> Ints:
    """Tell how lines without a mark stand, `ABSENT` for those that head nothing."""
    following = np.minimum(lines + 1, len(first) - 1)
    is_list = ~_begins_at_margin(tokens, first[following])
    is_longer = n_words[following] > 2 * n_words[lines]
    stands = np.where(is_list, _MARKED, np.where(is_longer, _PLAIN, _BARE))
    # Numbers of lines differ by more across texts.
    heads = tokens.line[first[following]] - tokens.line[first[lines]] == 1
    heads &= _begins_at_margin(tokens, first[lines]) & tokens.is_capital(first[lines])
    # "Linux; Kubernetes is a plus" is an item, whatever its words say.
    has_mark = _has_mark_inside(tokens, first[lines], n_words[lines])
    stands[~heads | (stands == _BARE) & has_mark] = ABSENT
    return stands


def _has_mark_inside(tokens: Tokens, first: Ints, n_words: Ints) -> Flags:
    """Tell which lines have a comma or a harder mark between two words."""
    n_marks = np.append(0, np.cumsum(tokens.gap >= _COMMA))
    return n_marks[first + n_words - 1] > n_marks[first]


def _begins_at_margin(tokens: Tokens, words: Ints) -> Flags:
    """Tell which words have nothing before them on their line, as a bullet."""
    before = tokens.buffer.take(tokens.start[words] - 1, mode="clip")
    return (tokens.start[words] == 0) | _BEGINS_LINE[before]


def _closers(tokens: Tokens, words: Ints) -> npt.NDArray[np.uint8]:
    """Return the byte behind each word, or behind the blank that follows it."""
    end = tokens.end[words]
    closer = tokens.buffer.take(end, mode="clip")
    return np.where(closer == BLANK, tokens.buffer.take(end + 1, mode="clip"), closer)
