"""Find the headings in postings: listed phrases, and lines whose words say so.

`headings.csv` lists phrases and the section that each opens. Whether a phrase in a text
is a heading is decided by position and punctuation; of two that overlap the longer one
counts. A line that stands as a heading and is in no list is told by its words, see
`heading_words`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching.csv_columns import read_columns
from roleclf.matching.heading_words import find_lines_by_words
from roleclf.matching.hits import Hits, leftmost_longest
from roleclf.matching.section_names import SECTIONS, Headings
from roleclf.text import BLANK, Ints, Tokens, expand_ranges

__all__ = [
    "SECTIONS",
    "HeadingList",
    "Headings",
    "find_headings",
    "read_headings",
]

_HEADINGS: Final = Path(__file__).parent / "headings.csv"
# In words.
_LONGEST_HEADING_LINE: Final = 9
# Tables by byte: marks that may end a heading, and what may stand behind a mark that
# blanks surround.
_IS_CLOSER: Final = np.isin(np.arange(256), list(b":?!*-|\n\0"))
_IS_BLANK: Final = np.isin(np.arange(256), list(b" \n\0"))
# "1.", "II)": what may number a heading, in characters, and the mark behind it.
_LONGEST_NUMBER: Final = 3
_ENDS_NUMBER: Final = np.isin(np.arange(256), list(b".):"))
# A line of so many words may be a posting whose line ends were lost.
_WORDS_OF_LONG_LINE: Final = 100
# "To", "and", "with": in small letters even in headings.
_LONGEST_SMALL_WORD: Final = 4
_ASKS: Final = np.isin(SECTIONS, ("duties", "requirements", "preferred"))

Flags = npt.NDArray[np.bool_]


class HeadingList(NamedTuple):
    """The phrases that people write above a part of a posting.

    Attributes
    ----------
    phrases : tuple of str
        In lower case.
    section : int64 array, shape (n_phrases,)
        Index in `SECTIONS` of the section that each opens.
    """

    phrases: tuple[str, ...]
    section: Ints


@cache
def read_headings() -> HeadingList:
    """Return the shipped list of headings, read once."""
    columns = read_columns(_HEADINGS)
    section = np.array([SECTIONS.index(name) for name in columns["section"]])
    return HeadingList(columns["heading"], section)


def find_headings(tokens: Tokens, hits: Hits) -> Headings:
    """Return the headings of a batch of texts.

    Parameters
    ----------
    tokens : Tokens
    hits : Hits
        Of the phrases of `read_headings`.
    """
    asks = _ASKS[read_headings().section]
    hits = hits.pick(_is_heading(tokens, hits, asks))
    hits = hits.pick(leftmost_longest(hits))
    listed = Headings(hits.first, hits.last, read_headings().section[hits.phrase])
    return _merge(tokens, listed, find_lines_by_words(tokens))


def _merge(tokens: Tokens, listed: Headings, told: Headings) -> Headings:
    """Return both, without what is said twice.

    A listed phrase that is its whole line stands, whatever its words say; a line that
    is more than a listed phrase is what its words say.
    """
    whole = np.zeros(tokens.line.max(initial=0) + 1, bool)
    begins = tokens.begins_line(listed.first) | _is_number(tokens, listed.first - 1)
    fills = begins & tokens.ends_line(listed.last)
    whole[tokens.line[listed.first[fills]]] = True
    told = Headings(*(column[~whole[tokens.line[told.first]]] for column in told))
    is_told = np.zeros(len(whole), bool)
    is_told[tokens.line[told.first]] = True
    kept = Headings(*(column[~is_told[tokens.line[listed.first]]] for column in listed))
    columns = [np.concatenate(pair) for pair in zip(kept, told, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return Headings(*(column[order] for column in columns))


@compiled
def _is_heading(tokens: Tokens, hits: Hits, asks: Flags) -> Flags:
    """Tell which hits are headings: on a short line, or capitalised before a colon.

    Or within a long line, see `_is_inside_long_line`.

    Parameters
    ----------
    asks : bool array, shape (n_phrases,)
        Whether each phrase opens a section of duties or of what is asked for.

    Returns
    -------
    bool array, shape (n_hits,)
    """
    begins_line = tokens.begins_line(hits.first)
    is_numbered = ~begins_line & _is_number(tokens, hits.first - 1)
    at_start = begins_line | is_numbered
    closer, is_spaced = _closers(tokens, hits)
    is_closed = _IS_CLOSER[closer]
    is_heading = (closer == ord(":")) | (at_start & is_spaced & is_closed)
    inside = np.flatnonzero(is_heading & ~at_start)
    is_heading[inside] = tokens.is_capital(hits.first[inside])
    at = np.flatnonzero(at_start)
    line_start = (hits.first - is_numbered)[at]
    is_heading[at] |= _fills_line(tokens, hits.pick(at), line_start, is_closed[at])
    return is_heading | ~at_start & _is_inside_long_line(tokens, hits, asks)


def _is_inside_long_line(tokens: Tokens, hits: Hits, asks: Flags) -> Flags:
    """Tell which hits are headings by their capitals alone, where line ends were lost.

    "…and SQL. Preferred Qualifications Knowledge of Kafka…": several words, of which
    the long ones are capitalised, in a line as long as a posting's parts.
    """
    found = (hits.last > hits.first) & asks[hits.phrase]
    few = np.flatnonzero(found)
    first, last = hits.first[few], hits.last[few]
    is_long = _shares_line(tokens, first, first - _WORDS_OF_LONG_LINE)
    is_long |= _shares_line(tokens, first, first + _WORDS_OF_LONG_LINE)
    found[few] = is_long & tokens.is_capital(first) & tokens.is_capital(last)
    few = np.flatnonzero(found)
    word, hit = expand_ranges(hits.first[few], hits.last[few] + 1)
    is_small = ~tokens.is_capital(word)
    is_small &= tokens.end[word] - tokens.start[word] > _LONGEST_SMALL_WORD
    found[few[hit[is_small]]] = False
    return found


def _shares_line(tokens: Tokens, words: Ints, others: Ints) -> Flags:
    """Tell which pairs of words are of one line; others may be none of the batch."""
    is_word = (others >= 0) & (others < len(tokens.line))
    line = tokens.line.take(others, mode="clip")
    return is_word & (line == tokens.line[words])


def _fills_line(
    tokens: Tokens, hits: Hits, line_start: Ints, is_closed: Flags
) -> Flags:
    """Tell which hits at the start of a line are most of it, or introduce a list.

    Parameters
    ----------
    line_start : int64 array, shape (n_hits,)
        First word of the line, which may be a number before the hit.
    is_closed : bool array, shape (n_hits,)
        Whether a mark that ends a heading follows.
    """
    line_end = np.searchsorted(tokens.line, tokens.line[hits.first], "right")
    words_of_line = line_end - line_start
    n_words = hits.last - hits.first + 1
    is_short = words_of_line <= _LONGEST_HEADING_LINE
    is_sentence = tokens.buffer[tokens.end[line_end - 1]] == ord(".")
    is_most = (n_words > 1) & (2 * n_words >= words_of_line) & ~is_sentence
    introduces_list = (n_words > 1) & _ends_in_colon(tokens, hits, line_end - 1)
    return is_short & (is_closed | is_most) | introduces_list


def _is_number(tokens: Tokens, words: Ints) -> Flags:
    """Tell which words open their line and number it: "1. Requirements"."""
    end = tokens.end.take(words, mode="clip")
    is_short = end - tokens.start.take(words, mode="clip") <= _LONGEST_NUMBER
    is_number = is_short & _ENDS_NUMBER[tokens.buffer[end]]
    few = np.flatnonzero(is_number)
    is_number[few] = tokens.begins_line(words[few])
    return is_number


def _closers(tokens: Tokens, hits: Hits) -> tuple[npt.NDArray[np.uint8], Flags]:
    """Return the byte behind each hit, or a mark one blank further on.

    Returns
    -------
    closer : uint8 array, shape (n_hits,)
    is_spaced : bool array, shape (n_hits,)
        Whether blanks surround the mark: "Requirements - Python", "| Requirements |".
    """
    end = tokens.end[hits.last]
    closer = tokens.buffer.take(end, mode="clip")
    blank = np.flatnonzero(closer == BLANK)
    mark = tokens.buffer.take(end[blank] + 1, mode="clip")
    beyond = tokens.buffer.take(end[blank] + 2, mode="clip")
    spaced = _IS_CLOSER[mark] & _IS_BLANK[beyond]
    closer[blank[spaced]] = mark[spaced]
    is_spaced = np.zeros(len(closer), bool)
    is_spaced[blank[spaced]] = True
    return closer, is_spaced


def _ends_in_colon(tokens: Tokens, hits: Hits, line_last: Ints) -> Flags:
    """Tell which hits are followed, few words on, by a colon that ends their line.

    "What you need to be good at this job:" introduces a list.
    """
    is_short = line_last - hits.last <= _LONGEST_HEADING_LINE
    return is_short & (tokens.buffer[tokens.end[line_last]] == ord(":"))
