"""Judge how strongly a posting asks for a skill: required, preferred or mentioned.

Each mention has a strength, by the cues of its clause and the section that it stands
in. The strongest mention of a skill decides its need.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from roleclf.matching import NO_SECTION, SECTIONS, Hits
from roleclf.skills import clauses
from roleclf.skills.clauses import NEGATED, REQUIRED, clause_strengths
from roleclf.skills.cues import CueHits
from roleclf.skills.employer_sentences import tells_of_employer
from roleclf.skills.proximity import follows_within, is_inside, shares_sentence
from roleclf.text import Ints, Tokens

__all__ = ["MENTIONED", "PREFERRED", "need_of", "need_strengths"]

# Strengths and their needs. A skill that the duties merely name is required, unless
# another place says that it is only preferred.
_NEED_BY_STRENGTH: Final = ("mentioned", "required", "preferred", "required")
MENTIONED, _IMPLIED, PREFERRED, _REQUIRED = range(len(_NEED_BY_STRENGTH))
_STRENGTH_BY_SECTION: Final = {
    "duties": _IMPLIED,
    "requirements": _REQUIRED,
    "preferred": PREFERRED,
}
# By place in SECTIONS. The last, which `NO_SECTION` reads, is for what stands before
# any heading.
_SECTION_STRENGTHS: Final = np.array(
    [*(_STRENGTH_BY_SECTION.get(name, MENTIONED) for name in SECTIONS), _IMPLIED]
)
_PREFERRED_SECTION: Final = SECTIONS.index("preferred")


def need_of(strengths: Iterable[int]) -> str:
    """Return the need of a skill from the strengths of its mentions."""
    return _NEED_BY_STRENGTH[max(strengths)]


def need_strengths(
    tokens: Tokens, hits: Hits, section: Ints, cue_hits: CueHits
) -> Ints:
    """Return how strongly the place of each hit asks for it, shape (n_hits,).

    Parameters
    ----------
    section : int64 array, shape (n_words,)
        From `find_sections`.
    cue_hits : mapping of str to Hits
        From `scope_preferences`.

    Returns
    -------
    int64 array, shape (n_hits,)
        What `need_of` reads; from `PREFERRED` on somebody is asked to know the skill.
    """
    hit_section = section[hits.first]
    strength = _SECTION_STRENGTHS[hit_section]
    said = clause_strengths(tokens, hits, cue_hits)
    asked = shares_sentence(tokens, hits.first, cue_hits["asked"])
    asked |= said == REQUIRED
    strength[asked & (hit_section != _PREFERRED_SECTION)] = _REQUIRED
    # Under a heading of duties, what tells of the employer tells of the job.
    implied = np.flatnonzero((strength == _IMPLIED) & (hit_section == NO_SECTION))
    told = tells_of_employer(tokens, hits.first[implied], cue_hits)
    strength[implied[told]] = MENTIONED
    next_word = follows_within(tokens, hits.first, cue_hits["negated next"], 1)
    strength[next_word | (said == NEGATED)] = MENTIONED
    wished = (said == clauses.PREFERRED) | is_inside(hits, cue_hits["preferred inside"])
    strength[wished] = PREFERRED
    return strength
