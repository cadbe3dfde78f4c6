"""Recognise names of companies that are names of tools too, such as Snowflake.

"At Snowflake, we ..." or "Snowflake is an equal opportunity employer" shows whose
posting it is: from there on the name means the employer, unless its place asks for the
tool or lists it with others. "Customers like Snowflake" names other companies.

Where the employer is known, its name takes the place of such a guess.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from roleclf.matching import SECTIONS, Hits
from roleclf.skills.cues import CueHits
from roleclf.skills.known_employers import HitsOfEmployers
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.proximity import (
    Flags,
    directly_follows,
    directly_precedes,
    follows_within,
)
from roleclf.text import Ints, Tokens

__all__ = ["is_company"]

_COMPANY: Final = SECTIONS.index("company")
# "customers like" is followed by names of companies for so many words.
_LIST_WORDS: Final = 25


def is_company(
    tokens: Tokens,
    hits: Hits,
    is_wanted: Flags,
    section: Ints,
    cue_hits: CueHits,
    lexicon: Lexicon,
    known: HitsOfEmployers | None = None,
) -> Flags:
    """Whether each hit names the employer or another company, not the tool.

    Parameters
    ----------
    is_wanted : bool array, shape (n_hits,)
        Whether the hit means the tool even if it is the employer's name: it is asked
        for, or listed with other tools.
    section : int64 array, shape (n_words,)
        From `find_sections`.
    cue_hits : mapping of str to Hits
        From `scope_preferences`.
    known : HitsOfEmployers, optional
        What the names of the employers say, where any is known.
    """
    skill = lexicon.skill_of_form[hits.phrase]
    found = _is_employer(tokens, hits, skill, is_wanted, section, cue_hits, known)
    cues = cue_hits["companies follow"]
    listed = follows_within(tokens, hits.first, cues, _LIST_WORDS)
    return found | lexicon.is_product[skill] & listed


def _is_employer(
    tokens: Tokens,
    hits: Hits,
    skill: Ints,
    is_wanted: Flags,
    section: Ints,
    cue_hits: CueHits,
    known: HitsOfEmployers | None,
) -> Flags:
    """Whether each hit is the employer's name, introduced here or earlier."""
    beside = _is_beside_cue(tokens, hits, cue_hits)
    is_subject = directly_precedes(tokens, hits, cue_hits["employer opens"])
    subjects = np.flatnonzero(is_subject & ~is_wanted)
    introduces = beside.copy()
    introduces[subjects] |= _opens(tokens, hits.pick(subjects), section)
    found = introduces.copy()
    if known is not None:
        introduces &= known.may_be | ~known.is_known
        # What is beside a cue may be another company, but not the one that speaks.
        found = introduces | beside | known.is_name & (is_subject | ~is_wanted)
    # Most skills are nobody's name: only the others are looked at.
    is_name = np.zeros(skill.max(initial=0) + 1, bool)
    is_name[skill[introduces]] = True
    named = np.flatnonzero(is_name[skill])
    text = tokens.text_of(hits.first[named])
    name_in_text = skill[named] * len(tokens.texts) + text
    later = _is_known_by_then(name_in_text, introduces[named])
    found[named] |= later & ~is_wanted[named]
    return found


def _is_beside_cue(tokens: Tokens, hits: Hits, cue_hits: CueHits) -> Flags:
    """Whether a cue for the employer stands directly before or behind each hit."""
    starts_hit = np.zeros(len(tokens.hash) + 1, bool)
    starts_hit[hits.first] = True
    cues = cue_hits["employer follows"]
    cues = cues.pick(starts_hit[cues.last + 1])
    # A cue of one word counts only with a capital: "At Snowflake", not "at".
    has_more_words = cues.first < cues.last
    cues = cues.pick(has_more_words | tokens.is_capital(cues.first))
    return directly_follows(tokens, hits, cues) | directly_precedes(
        tokens, hits, cue_hits["employer precedes"]
    )


def _opens(tokens: Tokens, hits: Hits, section: Ints) -> Flags:
    """Whether each hit is the first of its text, or of a line about the company."""
    opens_line = tokens.begins_line(hits.first)
    opens_text = np.zeros(len(tokens.hash) + 1, bool)
    opens_text[tokens.bounds[:-1]] = True
    return opens_text[hits.first] | (opens_line & (section[hits.first] == _COMPANY))


def _is_known_by_then(name: Ints, introduces: Flags) -> Flags:
    """Whether each name, in reading order, is introduced at its place or before it."""
    known, index = np.unique(name[introduces], return_index=True)
    if len(known) == 0:
        return introduces
    place = np.minimum(np.searchsorted(known, name), len(known) - 1)
    since = np.flatnonzero(introduces)[index][place]
    return (known[place] == name) & (np.arange(len(name)) >= since)
