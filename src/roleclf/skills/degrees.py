"""Recognise fields of study, which a posting asks a degree in and not a skill of."""

from __future__ import annotations

from typing import Final

import numpy as np

from roleclf.matching import Hits
from roleclf.skills.cues import CueHits
from roleclf.skills.proximity import Flags, pairs_within
from roleclf.text import Ints, Tokens

__all__ = ["is_field_of_study"]

# A list of fields may go on for so many words behind "degree in". An academic subject
# within the first few is a field even where words such as "equivalent experience" have
# ended the list.
_LIST_WORDS: Final = 30
_FIRST_WORDS: Final = 12
_LIST_ENDS: Final = ("degree end", "required")


def is_field_of_study(
    tokens: Tokens, hits: Hits, is_academic: Flags, cue_hits: CueHits
) -> Flags:
    """Whether each hit is a field that somebody has a degree in.

    Parameters
    ----------
    is_academic : bool array, shape (n_hits,)
        Whether the hit's skill is taught under its name more often than asked for.
    """
    degrees = cue_hits["degree"]
    # A cue that begins a name is none: "MS SQL", "master data".
    degrees = degrees.pick(~_is_any_of(degrees.first, hits.first))
    hit, cue = pairs_within(tokens, hits.first, degrees, _LIST_WORDS)
    first, degree = hits.first[hit], degrees.first[cue]
    goes_on = np.ones(len(hit), bool)
    for ends in (cue_hits[category].first for category in _LIST_ENDS):
        goes_on &= np.searchsorted(ends, first) == np.searchsorted(ends, degree)
    is_early = first - degrees.last[cue] <= _FIRST_WORDS
    found = np.zeros(len(hits.first), bool)
    found[hit[goes_on | is_academic[hit] & is_early]] = True
    return found


def _is_any_of(words: Ints, among: Ints) -> Flags:
    """Whether each word is one of `among`, which are sorted."""
    if len(among) == 0:
        return np.zeros(len(words), bool)
    return among.take(np.searchsorted(among, words), mode="clip") == words
