"""Tell the employer's own name from a tool of that name: what Snowflake says of itself.

Step 5 of the line, beside `skills`. "At Snowflake, we ..." or "Snowflake is an equal
opportunity employer" says whose posting it is; from there on the name stands for the
employer, unless the place asks for it or lists it with other tools.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.matching import SECTIONS, Hits
from roleclf.skills.cues import after, before
from roleclf.text import Ints, Tokens

__all__ = ["is_employer"]

_COMPANY: Final = SECTIONS.index("company")
Flags = npt.NDArray[np.bool_]


def is_employer(
    tokens: Tokens,
    hits: Hits,
    skill: Ints,
    wanted: Flags,
    section: Ints,
    said: Mapping[str, Hits],
) -> Flags:
    """Whether each hit is the name of the employer.

    Parameters
    ----------
    skill : int64 array, shape (n_hits,)
    wanted : bool array, shape (n_hits,)
        Where the name means the tool even though it is the employer's: it is asked
        for, or listed with others.
    section : int64 array, shape (n_words,)
        From `roleclf.matching.sections.find_sections`.
    said : mapping of str to Hits
        From `roleclf.skills.cues.read_cues`.
    """
    own = _beside(tokens, hits, said["employer before"], said["employer behind"])
    shown = np.flatnonzero(before(tokens, hits, said["presented"]) & ~wanted)
    own[shown] |= _opens(tokens, hits.pick(shown), section)
    foreign = own.copy()
    # Most skills are nobody's name: only the others are looked at.
    is_name = np.zeros(skill.max(initial=0) + 1, bool)
    is_name[skill[own]] = True
    named = np.flatnonzero(is_name[skill])
    text = tokens.text_of(hits.first[named])
    name = skill[named] * len(tokens.texts) + text
    foreign[named] |= _named_before(name, own[named]) & ~wanted[named]
    return foreign


def _opens(tokens: Tokens, hits: Hits, section: Ints) -> Flags:
    """Whether each hit opens its text, or a line on the company."""
    opens_line = tokens.begins_line(hits.first)
    opens_text = np.zeros(len(tokens.hash) + 1, bool)
    opens_text[tokens.bounds[:-1]] = True
    return opens_text[hits.first] | (opens_line & (section[hits.first] == _COMPANY))


def _beside(tokens: Tokens, hits: Hits, opening: Hits, closing: Hits) -> Flags:
    """Whether each hit stands directly behind or before a cue for employers.

    Those of one word count only capitalised: "At", not "at".
    """
    named = np.zeros(len(tokens.hash) + 1, bool)
    named[hits.first] = True
    opening = opening.pick(named[opening.last + 1])
    several = opening.first < opening.last
    opening = opening.pick(several | tokens.is_capital(opening.first))
    return after(tokens, hits, opening) | before(tokens, hits, closing)


def _named_before(name: Ints, is_own: Flags) -> Flags:
    """Whether each name, in reading order, is an own one there or was one before."""
    own, first = np.unique(name[is_own], return_index=True)
    if len(own) == 0:
        return is_own
    place = np.minimum(np.searchsorted(own, name), len(own) - 1)
    since = np.flatnonzero(is_own)[first][place]
    return (own[place] == name) & (np.arange(len(name)) >= since)
