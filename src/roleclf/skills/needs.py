"""Say how strongly each place asks for its skill: for a must, a wish, or not at all.

Step 5 of the line, beside `skills`. The sentence decides, then the section.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.matching import SECTIONS, Hits
from roleclf.skills.cues import behind, denied, inside, said_of
from roleclf.text import Tokens

__all__ = ["NEEDS", "WISHED", "need_of", "strengths_of"]

NEEDS: Final = ("mentioned", "preferred", "required")
# What a place says of the need, weakest first: an outright demand outdoes a wish, and
# a wish outdoes a tool that is merely named among the duties.
_NEED_OF_STRENGTH: Final = np.array([0, 2, 1, 2])
_NAMED, _IN_DUTIES, WISHED, _DEMANDED = range(len(_NEED_OF_STRENGTH))
_PREFERRED: Final = SECTIONS.index("preferred")
_IN_SECTION: Final = {
    "duties": _IN_DUTIES,
    "requirements": _DEMANDED,
    "preferred": WISHED,
}
# The last, which `NO_SECTION` reads, is for texts that have no headings so far.
_OF_SECTION: Final = np.array(
    [*(_IN_SECTION.get(section, _NAMED) for section in SECTIONS), _IN_DUTIES]
)


def need_of(strengths: Iterable[int]) -> str:
    """Return the need of a skill from the strengths of its mentions."""
    return NEEDS[_NEED_OF_STRENGTH[max(strengths)]]


def strengths_of(
    tokens: Tokens,
    hits: Hits,
    section: npt.NDArray[np.int64],
    said: Mapping[str, Hits],
) -> npt.NDArray[np.int64]:
    """Return how strongly the place of each hit asks for it, shape (n_hits,).

    Parameters
    ----------
    section : int64 array, shape (n_words,)
        From `roleclf.matching.sections.find_sections`.
    said : mapping of str to Hits
        From `roleclf.skills.cues.read_cues`.
    """
    first, place = hits.first, section[hits.first]
    wished = said_of(tokens, first, said["preferred"])
    wished |= behind(tokens, first, said["preferred onwards"], len(tokens.hash))
    wished |= inside(hits, said["preferred inside"])
    demanded = said_of(tokens, first, said["required"])
    strength = _OF_SECTION[place]
    strength[demanded & (place != _PREFERRED)] = _DEMANDED
    strength[denied(tokens, first, said)] = _NAMED
    strength[wished] = WISHED
    return strength
