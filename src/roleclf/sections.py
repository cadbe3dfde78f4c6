"""Say which part of a posting each word stands in: its duties, its benefits.

Step 4 of the line: ... -> tokens -> SECTIONS -> skills -> ... What headings people
write is data (`headings.csv`); a heading opens a section that lasts to the next.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.phrases import Hits, written
from roleclf.tokens import Tokens

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
_HEADINGS: Final = Path(__file__).parent / "headings.csv"
_LONGEST_HEADING_LINE: Final = 9
_CLOSERS: Final = np.frombuffer(b":?!*-\n\0", np.uint8)


@cache
def headings() -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """Return the headings people write, and the place in `SECTIONS` of each."""
    with _HEADINGS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    sections = np.array([SECTIONS.index(row["section"]) for row in rows])
    return tuple(row["heading"] for row in rows), sections


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
    # Texts open without a section; what is opened lasts until something else is.
    opens = np.concatenate((tokens.bounds[:-1], opened.first))
    unknown = np.full(len(tokens.texts), NO_SECTION)
    section = np.concatenate((unknown, headings()[1][opened.phrase]))
    order = np.argsort(opens, kind="stable")
    n_words = np.diff(opens[order], append=len(tokens.hash))
    return np.repeat(section[order], n_words)


def _is_heading(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Tell headings: on a short line of their own, or capitalised before a colon."""
    own_line = np.flatnonzero(_at_start(tokens, hits))
    is_heading = _closer(tokens, hits) == ord(":")
    inside = np.setdiff1d(np.flatnonzero(is_heading), own_line, assume_unique=True)
    is_heading[inside] = _capitalised(tokens, hits.pick(inside))
    is_heading[own_line] |= _fills_line(tokens, hits.pick(own_line))
    return is_heading


def _at_start(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Whether each hit begins its line."""
    before = np.concatenate((tokens.line[:1] - 1, tokens.line[:-1]))
    return tokens.line[hits.first] != before[hits.first]


def _closer(tokens: Tokens, hits: Hits) -> npt.NDArray[np.uint8]:
    """Return the character behind each hit."""
    return tokens.buffer[tokens.end[hits.last]]


def _fills_line(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Whether a hit that begins a line is all that the line says, or opens a list."""
    line_end = np.searchsorted(tokens.line, tokens.line[hits.first], "right")
    words_of_line = line_end - hits.first
    n_words = hits.last - hits.first + 1
    closed = np.isin(_closer(tokens, hits), _CLOSERS)
    most_of_line = 2 * n_words >= words_of_line
    short = words_of_line <= _LONGEST_HEADING_LINE
    opens_list = _ends_in_colon(tokens, hits, line_end - 1)
    return short & (closed | (most_of_line & (n_words > 1))) | (
        (n_words > 1) & opens_list
    )


def _ends_in_colon(
    tokens: Tokens, hits: Hits, last: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Whether a line opens a list: "What you'll need to be good at this job:"."""
    short = last - hits.last <= _LONGEST_HEADING_LINE
    return short & (tokens.buffer[tokens.end[last]] == ord(":"))


def _capitalised(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    return np.array([text[0].isupper() for text in written(tokens, hits)], bool)
