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

from roleclf.phrases import Hits
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
    line = tokens.line
    starts = np.searchsorted(line, line[hits.first])
    words_of_line = np.searchsorted(line, line[hits.first], "right") - starts
    at_start = starts == hits.first
    closer = tokens.buffer[np.minimum(tokens.end[hits.last], len(tokens.buffer) - 1)]
    closed = np.isin(closer, _CLOSERS)
    n_words = hits.last - hits.first + 1
    most_of_line = 2 * n_words >= words_of_line
    short = words_of_line <= _LONGEST_HEADING_LINE
    own_line = short & (closed | (most_of_line & (n_words > 1)))
    own_line |= (n_words > 1) & _ends_in_colon(tokens, hits, starts + words_of_line - 1)
    own_line &= at_start
    before_colon = closer == ord(":")
    inside = np.flatnonzero(before_colon & ~at_start)
    before_colon[inside] = _capitalised(tokens, hits.pick(inside))
    return own_line | before_colon


def _ends_in_colon(
    tokens: Tokens, hits: Hits, last: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Whether a line opens a list: "What you'll need to be good at this job:"."""
    short = last - hits.last <= _LONGEST_HEADING_LINE
    return short & (tokens.buffer[tokens.end[last]] == ord(":"))


def _capitalised(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    text = np.searchsorted(tokens.bounds, hits.first, "right") - 1
    places = (tokens.start[hits.first] - tokens.base[text]).tolist()
    texts = text.tolist()
    return np.array(
        [tokens.texts[t][p].isupper() for t, p in zip(texts, places, strict=True)], bool
    )
