"""Assign each word of a posting to a section: duties, requirements, benefits and so on.

A heading opens a section, which lasts to the next heading or the end of the posting.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from roleclf.matching.headings import find_headings
from roleclf.matching.hits import Hits
from roleclf.matching.section_names import SECTIONS, Headings
from roleclf.text import Ints, Tokens

__all__ = ["NO_SECTION", "find_sections", "sections_of_words"]

NO_SECTION: Final = -1
_APPLY: Final = SECTIONS.index("apply")


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

    A remark is an "apply" heading with more behind it on its line: "Location: Berlin"
    among the requirements ends with its line.
    """
    apply = np.flatnonzero(headings.section == _APPLY)
    line = tokens.line[headings.first[apply]]
    line_end = np.searchsorted(tokens.line, line, "right")
    is_remark = headings.last[apply] + 1 < line_end
    remark = apply[is_remark]
    # For each remark, the latest heading before it that is none.
    lasting = np.arange(len(headings.section))
    lasting[remark] = -1
    latest = np.maximum.accumulate(lasting)[remark]
    text, text_before = (tokens.text_of(headings.first[i]) for i in (remark, latest))
    is_known = (latest >= 0) & (text == text_before)
    section = np.where(is_known, headings.section[latest], NO_SECTION)
    return line_end[is_remark], section
