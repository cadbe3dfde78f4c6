"""Say which part of a posting each word stands in: its duties, its benefits.

Step 4 of the line: ... -> tokens -> SECTIONS -> skills -> ... What headings people
write is data (`headings.csv`); a heading opens a section that lasts to the next.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching.hits import Hits
from roleclf.matching.word_lists import read_columns
from roleclf.text import BLANK, Tokens

__all__ = ["NO_SECTION", "SECTIONS", "find_sections", "headings"]

SECTIONS: Final = (
    "duties",
    "requirements",
    "preferred",
    "benefits",
    "company",
    "apply",
    "legal",
)
NO_SECTION: Final = -1
_APPLY: Final = SECTIONS.index("apply")
_HEADINGS: Final = Path(__file__).parent / "headings.csv"
_LONGEST_HEADING_LINE: Final = 9
_CLOSES: Final = np.isin(np.arange(256), list(b":?!*-|\n\0"))
_IS_BLANK: Final = np.isin(np.arange(256), list(b" \n\0"))
# "1.", "II)": what may number a heading.
_LONGEST_NUMBER: Final = 3
_ENDS_NUMBER: Final = np.isin(np.arange(256), list(b".):"))


@cache
def headings() -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return the headings people write, and the place in `SECTIONS` of each."""
    columns = read_columns(_HEADINGS)
    sections = np.array([SECTIONS.index(section) for section in columns["section"]])
    return columns["heading"], sections


def find_sections(tokens: Tokens, hits: Hits) -> npt.NDArray[np.int64]:
    """Return the section of each word.

    Parameters
    ----------
    tokens : Tokens
    hits : Hits
        Where the phrases of `headings()` stand.

    Returns
    -------
    int64 array, shape (n_words,)
        Places in `SECTIONS`, or `NO_SECTION` where no heading comes before.
    """
    opened = hits.pick(_is_heading(tokens, hits))
    of_opened = headings()[1][opened.phrase]
    resumes, of_resumed = _resumed(tokens, opened, of_opened)
    # Texts open without a section; what is opened lasts until something else is.
    opens = np.concatenate((resumes, tokens.bounds[:-1], opened.first))
    unknown = np.full(len(tokens.texts), NO_SECTION)
    section = np.concatenate((of_resumed, unknown, of_opened))
    order = np.argsort(opens, kind="stable")
    n_words = np.diff(opens[order], append=len(tokens.hash))
    return np.repeat(section[order], n_words)


def _resumed(
    tokens: Tokens, opened: Hits, section: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where a passing remark ends, and the section that then goes on.

    "Location: Berlin" among the requirements is over with its line.
    """
    remark = np.flatnonzero(section == _APPLY)
    own_line = tokens.line[opened.first[remark]]
    line_ends = np.searchsorted(tokens.line, own_line, "right")
    passes = opened.last[remark] + 1 < line_ends
    remark = remark[passes]
    lasting = np.arange(len(section))
    lasting[remark] = -1
    latest = np.maximum.accumulate(lasting)[remark]
    text, former = (tokens.text_of(opened.first[of]) for of in (remark, latest))
    known = (latest >= 0) & (text == former)
    return line_ends[passes], np.where(known, section[latest], NO_SECTION)


@compiled
def _is_heading(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Tell headings: on a short line of their own, or capitalised before a colon."""
    opens = tokens.begins_line(hits.first)
    numbered = ~opens & _is_numbered(tokens, hits.first - 1)
    at_start = opens | numbered
    closer, is_apart = _closers(tokens, hits)
    closed = _CLOSES[closer]
    is_heading = (closer == ord(":")) | (at_start & is_apart & closed)
    inside = np.flatnonzero(is_heading & ~at_start)
    is_heading[inside] = tokens.is_capital(hits.first[inside])
    own = np.flatnonzero(at_start)
    starts = (hits.first - numbered)[own]
    is_heading[own] |= _fills_line(tokens, hits.pick(own), starts, closed[own])
    return is_heading


def _fills_line(
    tokens: Tokens,
    hits: Hits,
    starts: npt.NDArray[np.int64],
    closed: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Whether a hit that begins a line is all that the line says, or opens a list."""
    line_end = np.searchsorted(tokens.line, tokens.line[hits.first], "right")
    words_of_line = line_end - starts
    n_words = hits.last - hits.first + 1
    most_of_line = 2 * n_words >= words_of_line
    short = words_of_line <= _LONGEST_HEADING_LINE
    opens_list = (n_words > 1) & _ends_in_colon(tokens, hits, line_end - 1)
    return short & (closed | (most_of_line & (n_words > 1))) | opens_list


def _is_numbered(tokens: Tokens, words: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each word opens its line and numbers it: "1. Requirements"."""
    end = tokens.end.take(words, mode="clip")
    is_short = end - tokens.start.take(words, mode="clip") <= _LONGEST_NUMBER
    numbers = is_short & _ENDS_NUMBER[tokens.buffer[end]]
    few = np.flatnonzero(numbers)
    numbers[few] = tokens.begins_line(words[few])
    return numbers


def _closers(
    tokens: Tokens, hits: Hits
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Return the mark behind each hit, and whether blanks are about it.

    "Requirements - Python", "| Requirements | Python |".
    """
    end = tokens.end[hits.last]
    closer = tokens.buffer.take(end, mode="clip")
    blank = np.flatnonzero(closer == BLANK)
    mark = tokens.buffer.take(end[blank] + 1, mode="clip")
    beyond = tokens.buffer.take(end[blank] + 2, mode="clip")
    apart = _CLOSES[mark] & _IS_BLANK[beyond]
    closer[blank[apart]] = mark[apart]
    is_apart = np.zeros(len(closer), bool)
    is_apart[blank[apart]] = True
    return closer, is_apart


def _ends_in_colon(
    tokens: Tokens, hits: Hits, last: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Whether a line opens a list: "What you'll need to be good at this job:"."""
    short = last - hits.last <= _LONGEST_HEADING_LINE
    return short & (tokens.buffer[tokens.end[last]] == ord(":"))
