"""Decide by clause how strongly skills are asked for: needed, wished for, not needed.

"Python is a must, Kafka is a plus": a cue speaks of the mentions of its own clause. A
sentence is cut where a conjunction or a dash joins two clauses, and at commas that
another noun of asking follows. Cues look backward ("is a plus") or forward
("ideally"); most look backward if a mention comes before them, and else forward. No cue
reaches past another one.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching import Hits, leftmost_longest, merge_hits
from roleclf.skills.cues import CueHits
from roleclf.skills.proximity import Flags
from roleclf.text import BLANK, GAP_CODE_BY_CHARACTER, Ints, Tokens

__all__ = ["NEGATED", "PREFERRED", "REQUIRED", "UNSAID", "clause_strengths"]

UNSAID, NEGATED, PREFERRED, REQUIRED = range(4)
_STRENGTH_BY_CATEGORY: Final = {
    "negated": NEGATED,
    "negated forward": NEGATED,
    "preferred": PREFERRED,
    "preferred forward": PREFERRED,
    "required": REQUIRED,
    "required forward": REQUIRED,
}
_COMMA: Final = GAP_CODE_BY_CHARACTER[","]
# "and some experience with": a noun of asking stands so near behind a comma.
_NOUN_WORDS: Final = 4
_OPENING: Final = (ord("("), ord("["))


class _Cues(NamedTuple):
    """Cues in reading order: words, strength, and which way they look.

    `after` is the number of mentions before each, `alone` whether it opens brackets, of
    which `scope_preferences` left those with nothing else in them.
    """

    first: Ints
    last: Ints
    strength: Ints
    is_forward: Flags
    alone: Flags
    after: Ints

    def pick(self, chosen: Flags) -> _Cues:
        """Return only the chosen cues."""
        columns: tuple[Any, ...] = self
        return _Cues(*(column[chosen] for column in columns))


def clause_strengths(tokens: Tokens, hits: Hits, cue_hits: CueHits) -> Ints:
    """Return what the clause of each hit says of it, shape (n_hits,).

    Parameters
    ----------
    hits : Hits
        Of mentions, not overlapping.
    cue_hits : mapping of str to Hits
        From `scope_preferences`.

    Returns
    -------
    int64 array, shape (n_hits,)
        `UNSAID`, `NEGATED`, `PREFERRED` or `REQUIRED`.
    """
    said = np.full(len(hits.first), UNSAID)
    all_cues = _merge_cues(cue_hits)
    has_cue = np.zeros(tokens.sentence.max(initial=-1) + 1, bool)
    has_cue[tokens.sentence[all_cues.first]] = True
    judged = np.flatnonzero(has_cue[tokens.sentence[hits.first]])
    if len(judged):
        said[judged] = _strengths(
            tokens, hits.pick(judged), all_cues, has_cue, cue_hits
        )
    return said


def _strengths(
    tokens: Tokens, hits: Hits, found: Hits, has_cue: Flags, cue_hits: CueHits
) -> Ints:
    """Return the strengths of hits whose sentences have a cue."""
    cues = _without_weaker(tokens, _cues(tokens, hits, found))
    pieces, clauses = _bounds(tokens, hits, has_cue, cue_hits)
    forward = _looking_forward(tokens, hits, cues, clauses)
    backward, is_near = _looking_backward(tokens, hits, cues, pieces, clauses)
    # Between a cue before and a cue behind, the last item belongs to the one behind.
    takes_back = (backward != UNSAID) & ((forward == UNSAID) | is_near)
    # "Neither Java nor Scala is needed": what is denied is not asked for in the end.
    takes_back &= (forward != NEGATED) | (backward != REQUIRED)
    return np.where(takes_back, backward, forward)


def _merge_cues(cue_hits: CueHits) -> Hits:
    """Return the cues of all categories, of overlapping ones the leftmost longest.

    `phrase` is the number of the category.
    """
    merged = Hits(*(np.zeros(0, np.int64) for _ in range(3)))
    for number, category in enumerate(_STRENGTH_BY_CATEGORY):
        found = cue_hits[category]
        numbered = Hits(np.full(len(found.first), number), found.first, found.last)
        merged = merge_hits(merged, numbered)
    return merged.pick(leftmost_longest(merged))


def _cues(tokens: Tokens, hits: Hits, merged: Hits) -> _Cues:
    """Return the cues with what they say, and which way they look."""
    strength = np.array(list(_STRENGTH_BY_CATEGORY.values()))[merged.phrase]
    after = np.searchsorted(hits.first, merged.first)
    has_before = np.zeros(len(after), bool)
    some = after > 0
    before = hits.first[after[some] - 1]
    has_before[some] = tokens.sentence[before] == tokens.sentence[merged.first[some]]
    colon = tokens.buffer.take(tokens.end[merged.last], mode="clip") == ord(":")
    only_forward = np.array([c.endswith("forward") for c in _STRENGTH_BY_CATEGORY])
    # "Python, ideally": nothing follows, so it speaks of what comes before.
    follows = _is_followed(tokens, merged.last, hits.first)
    is_forward = ((only_forward[merged.phrase] | colon) & follows) | ~has_before
    opening = tokens.buffer.take(tokens.start[merged.first] - 1, mode="clip")
    alone = np.isin(opening, _OPENING) & has_before
    return _Cues(merged.first, merged.last, strength, is_forward & ~alone, alone, after)


def _is_followed(
    tokens: Tokens, words: Ints, others: Ints, within: int | None = None
) -> Flags:
    """Tell which words one of `others`, which rise, follows in their sentence.

    As one of the next `within` words, if that is given.
    """
    behind = np.searchsorted(others, words, "right")
    known = np.flatnonzero(behind < len(others))
    word, other = words[known], others[behind[known]]
    found = np.zeros(len(words), bool)
    found[known] = tokens.sentence[other] == tokens.sentence[word]
    if within is not None:
        found[known] &= other - word <= within
    return found


def _without_weaker(tokens: Tokens, cues: _Cues) -> _Cues:
    """Drop what stands beside a wish: "not required, but a plus" is a wish."""
    sentence = tokens.sentence[cues.first]
    beside = (sentence[1:] == sentence[:-1]) & (cues.after[1:] == cues.after[:-1])
    weak, wish = cues.strength == NEGATED, cues.strength == PREFERRED
    dropped = np.zeros(len(weak), bool)
    dropped[1:] |= beside & weak[1:] & wish[:-1]
    dropped[:-1] |= beside & ~wish[:-1] & wish[1:] & ~cues.is_forward[1:]
    return cues.pick(~dropped)


def _bounds(
    tokens: Tokens, hits: Hits, has_cue: Flags, cue_hits: CueHits
) -> tuple[Ints, Ints]:
    """Return the words that pieces, and those that clauses begin with, both rising.

    Pieces are parted by any comma, clauses by conjunctions, by dashes, and by commas
    that another noun of asking stands at: "SQL skills, Python a plus", "SQL, and some
    experience with Python is a plus".
    """
    comma = _commas_in(tokens, has_cue)
    nouns = cue_hits["clause noun"].first
    parts = _is_followed(tokens, comma, nouns, within=_NOUN_WORDS)
    is_mention, is_noun = np.zeros((2, len(tokens.hash) + 1), bool)
    is_mention[hits.first] = is_noun[nouns] = True
    parts &= ~is_mention[comma + 1]
    parts |= is_noun[comma]
    joints = cue_hits["clause joint"].first
    dashes = np.searchsorted(tokens.start, _dashes_between_blanks(tokens.buffer))
    clauses = np.sort(np.concatenate((comma[parts] + 1, dashes, joints)))
    return np.sort(np.concatenate((clauses, comma + 1))), clauses


@compiled
def _commas_in(tokens: Tokens, has_cue: Flags) -> Ints:
    """Return the words that a comma follows, in sentences that have a cue."""
    comma = np.flatnonzero(tokens.gap == _COMMA)
    return comma[has_cue[tokens.sentence[comma]]]


@compiled
def _dashes_between_blanks(buffer: npt.NDArray[np.uint8]) -> Ints:
    """Return the places of dashes that stand between blanks."""
    dash = np.flatnonzero(buffer[1:-1] == ord("-")) + 1
    return dash[(buffer[dash - 1] == BLANK) & (buffer[dash + 1] == BLANK)]


def _looking_forward(tokens: Tokens, hits: Hits, cues: _Cues, clauses: Ints) -> Ints:
    """Return what the nearest cue before each hit says of what follows it."""
    said = np.full(len(hits.first), UNSAID)
    nearest = np.searchsorted(cues.last, hits.first) - 1
    known = np.flatnonzero(nearest >= 0)
    cue = nearest[known]
    first = hits.first[known]
    holds = cues.is_forward[cue] & (
        tokens.sentence[cues.last[cue]] == tokens.sentence[first]
    )
    # A wish reaches on to the end of its sentence, a demand to that of its clause.
    in_clause = _share_part(clauses, cues.last[cue], first)
    first_behind = cues.after[cue] == known
    holds &= in_clause | first_behind | (cues.strength[cue] == PREFERRED)
    said[known[holds]] = cues.strength[cue[holds]]
    return said


def _looking_backward(
    tokens: Tokens, hits: Hits, cues: _Cues, pieces: Ints, clauses: Ints
) -> tuple[Ints, Flags]:
    """Return what the nearest cue behind each hit says of what comes before it.

    Also whether the hit stands in the last piece before the cue.
    """
    said = np.full(len(hits.first), UNSAID)
    is_near = np.zeros(len(hits.first), bool)
    nearest = np.searchsorted(cues.first, hits.last, "right")
    known = np.flatnonzero(nearest < len(cues.first))
    cue = nearest[known]
    first, latest = hits.first[known], hits.first[cues.after[cue] - 1]
    in_sentence = tokens.sentence[cues.first[cue]] == tokens.sentence[first]
    several = _shares_sentence_with_another(tokens, cues)
    is_last = known == cues.after[cue] - 1
    reach = np.where(
        cues.alone[cue] & (several[cue] | ~tokens.ends_sentence(cues.last[cue])),
        is_last,
        _share_part(clauses, first, latest),
    )
    holds = ~cues.is_forward[cue] & in_sentence & reach
    said[known[holds]] = cues.strength[cue[holds]]
    is_near[known[holds]] = _share_part(pieces, first, latest)[holds]
    return said, is_near


def _share_part(bounds: Ints, left: Ints, right: Ints) -> Flags:
    """Tell which pairs of words no bound lies between."""
    numbers = (np.searchsorted(bounds, words, "right") for words in (left, right))
    return np.equal(*numbers)


def _shares_sentence_with_another(tokens: Tokens, cues: _Cues) -> Flags:
    sentence = tokens.sentence[cues.first]
    same = sentence[1:] == sentence[:-1]
    return np.append(same, False) | np.append(False, same)
