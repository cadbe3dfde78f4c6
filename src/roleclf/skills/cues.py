"""Read context cues, the phrases that say how the skills around them are meant.

"is a plus", "must have", "no experience with", "degree in": the term and the idea are
those of NegEx (Chapman et al. 2001, doi:10.1006/jbin.2001.1029) and ConText (Harkema et
al. 2009, doi:10.1016/j.jbi.2009.05.002). The phrases are rows of `context_cues.csv`;
CONTRIBUTING.md says what each of its categories does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from roleclf.loops import compiled
from roleclf.matching import Hits, group_by, merge_hits, read_columns
from roleclf.text import Ints, Tokens

__all__ = ["CueHits", "cue_phrases", "scope_preferences"]

_CUES: Final = Path(__file__).parent / "context_cues.csv"
_LONGEST_BRACKETS: Final = 120
# Brackets within a line; the separator ends the last line of a text.
_OPENS: Final = re.compile(rb"\([^()\n\0]*\Z")
_CLOSES: Final = re.compile(rb"[^)\n\0]*\)")
_LINE_END: Final = re.compile(rb"[\n\0]")

# Where the cues of a batch stand, by category.
CueHits: TypeAlias = Mapping[str, Hits]


@cache
def cue_phrases() -> Mapping[str, tuple[str, ...]]:
    """Return the phrases of each category of cues."""
    columns = read_columns(_CUES)
    phrases = group_by(columns["category"], columns["cue"])
    return {category: tuple(cues) for category, cues in phrases.items()}


def scope_preferences(tokens: Tokens, cue_hits: CueHits) -> CueHits:
    """Return the hits of cues with those of wishes in brackets apart.

    Parameters
    ----------
    cue_hits : mapping of str to Hits
        Where the phrases of `cue_phrases` stand, by category.

    Returns
    -------
    mapping of str to Hits
        As `cue_hits`, but without wishes that stand in brackets together with more, as
        in "(AWS preferred)": they speak of nothing outside, and "preferred inside" has
        their brackets.
    """
    scoped = dict(cue_hits)
    inside = []
    for category in ("preferred", "preferred forward"):
        cues = cue_hits[category]
        brackets = Hits(cues.phrase, *_brackets(tokens, cues))
        scoped[category] = cues.pick(brackets.first < 0)
        inside.append(brackets.pick(brackets.first >= 0))
    return {**scoped, "preferred inside": merge_hits(*inside)}


@compiled
def _brackets(tokens: Tokens, cues: Hits) -> tuple[Ints, Ints]:
    """Return the first and the last word in the brackets about each cue.

    -1 where there are none, or where nothing but the cue is in them: "Python
    (preferred)" speaks of what comes before the brackets.
    """
    buffer = tokens.buffer.data
    starts = tokens.start[cues.first].tolist()
    ends = tokens.end[cues.last].tolist()
    pairs = [_bracket(buffer, *place) for place in zip(starts, ends, strict=True)]
    opened, closes = np.array(pairs, np.int64).reshape(-1, 2).T
    first = np.searchsorted(tokens.start, opened)
    last = np.searchsorted(tokens.start, closes) - 1
    return np.where(opened < 0, -1, first), np.where(opened < 0, -1, last)


def _bracket(buffer: memoryview, start: int, end: int) -> tuple[int, int]:
    """Return where the brackets about a part of a line open and close, or -1 twice."""
    before = _OPENS.search(buffer, max(0, start - _LONGEST_BRACKETS), start)
    if before is None:
        return -1, -1
    opened = before.start()
    behind = _CLOSES.match(buffer, end, opened + _LONGEST_BRACKETS)
    # On one line: what follows must not change what was found before.
    if behind is None or _LINE_END.search(buffer, start, end):
        return -1, -1
    alone = (opened + 1, behind.end() - 1) == (start, end)
    return (-1, -1) if alone else (opened, behind.end() - 1)
