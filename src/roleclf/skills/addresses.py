"""Find web and e-mail addresses, whose words name nothing that is asked for."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from roleclf.matching import Hits
from roleclf.skills.proximity import Flags
from roleclf.text import GAP_CODE_BY_CHARACTER, Ints, Tokens

__all__ = ["is_in_address"]

_AT: Final = GAP_CODE_BY_CHARACTER["@"]
# In characters: what is searched about a word must be bounded.
_LONGEST: Final = 400
# What ends an address: a blank, a line end, the end of a text, brackets or quotes.
_ENDS: Final = re.compile(rb"[ \n\0()<>\"]")


def is_in_address(tokens: Tokens, hits: Hits, schemes: Hits) -> Flags:
    """Whether each hit lies within an address.

    Parameters
    ----------
    schemes : Hits
        Of what web addresses begin with: "https", "www".
    """
    at = np.flatnonzero(tokens.gap == _AT)
    inside = np.concatenate((schemes.first, at))
    found = np.zeros(len(hits.first), bool)
    if len(inside) == 0 or len(found) == 0:
        return found
    begin, end = _spans(tokens, np.sort(inside))
    start = tokens.start[hits.first]
    # Of the addresses that begin before a hit, the last is the only one to hold it.
    nearest = np.searchsorted(begin, start, "right") - 1
    return (nearest >= 0) & (start < end[nearest])


def _spans(tokens: Tokens, words: Ints) -> tuple[Ints, Ints]:
    """Return where the runs without blanks about words begin and end in the buffer."""
    buffer = tokens.buffer.tobytes()
    begin, end = np.zeros((2, len(words)), np.int64)
    for i, start in enumerate(tokens.start[words].tolist()):
        low, high = max(start - _LONGEST, 0), start + _LONGEST
        before = [buffer.rfind(mark, low, start) for mark in (b" ", b"\n", b"\0")]
        behind = _ENDS.search(buffer, start, high)
        begin[i] = max(*before, low - 1) + 1
        end[i] = behind.start() if behind else high
    return begin, end
