"""Assign each word of a posting to a section: duties, requirements, benefits and so on.

A heading opens a section, which lasts to the next heading or the end of the posting.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.matching.headings import find_headings
from roleclf.matching.hits import Hits
from roleclf.matching.section_names import SECTIONS, Headings
from roleclf.text import BLANK, Ints, Tokens

__all__ = ["NO_SECTION", "find_sections", "sections_of_words"]

NO_SECTION: Final = -1
_APPLY: Final = SECTIONS.index("apply")
_PREFERRED: Final = SECTIONS.index("preferred")
# By byte: marks that part a heading from what it heads on its line.
_BEGINS_ITEMS: Final = np.isin(np.arange(256), list(b":-"))

Flags = npt.NDArray[np.bool_]


def find_sections(tokens: Tokens, hits: Hits) -> Ints:
    """Return the section of each word.

    Parameters
    ----------
    tokens : Tokens
    hits : Hits
        Of the phrases of `read_headings`.

    Returns
    -------
    int64 array, shape (n_words,)
        Indices in `SECTIONS`, or `NO_SECTION` where no heading comes before.
    """
    return sections_of_words(tokens, find_headings(tokens, hits))


def sections_of_words(tokens: Tokens, headings: Headings) -> Ints:
    """Return the section of each word, given the headings; see `find_sections`."""
    resumed_at, resumed = _resumed(tokens, headings)
    # Of what begins at one word the last here counts: a heading over a new text.
    begins = np.concatenate((resumed_at, tokens.bounds[:-1], headings.first))
    of_texts = np.full(len(tokens.texts), NO_SECTION)
    section = np.concatenate((resumed, of_texts, headings.section))
    order = np.argsort(begins, kind="stable")
    n_words = np.diff(begins[order], append=len(tokens.hash))
    return np.repeat(section[order], n_words)


def _resumed(tokens: Tokens, headings: Headings) -> tuple[Ints, Ints]:
    """Return the words where a section resumes behind a remark, and that section.

    A remark is a heading with what it heads on its own line: "Location: Berlin" or
    "Nice to have: Kafka" among the requirements ends with its line.
    """
    line = tokens.line[headings.first]
    line_end = np.searchsorted(tokens.line, line, "right")
    goes_on = headings.last + 1 < line_end
    is_remark = goes_on & (headings.section == _APPLY)
    is_remark |= goes_on & _is_wish_with_items(tokens, headings, line_end - 1)
    remark = np.flatnonzero(is_remark)
    # For each remark, the latest heading before it that is none.
    lasting = np.where(is_remark, -1, np.arange(len(headings.section)))
    latest = np.maximum.accumulate(lasting)[remark]
    text, text_before = (tokens.text_of(headings.first[i]) for i in (remark, latest))
    is_known = (latest >= 0) & (text == text_before)
    section = np.where(is_known, headings.section[latest], NO_SECTION)
    return line_end[remark], section


def _is_wish_with_items(tokens: Tokens, headings: Headings, line_last: Ints) -> Flags:
    """Tell which headings of wishes have a mark behind them, and none ends their line.

    "Nice to have (not required)" and "A plus: skills such as:" head what follows.
    """
    end = tokens.end[headings.last]
    mark = tokens.buffer.take(end, mode="clip")
    after_blank = tokens.buffer.take(end + 1, mode="clip")
    is_marked = _BEGINS_ITEMS[np.where(mark == BLANK, after_blank, mark)]
    opens_list = tokens.buffer[tokens.end[line_last]] == ord(":")
    return (headings.section == _PREFERRED) & is_marked & ~opens_list
