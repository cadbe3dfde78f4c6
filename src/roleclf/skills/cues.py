"""Read the phrases that say how a sentence means its skills.

Step 5 of the line, beside `skills`: "is a plus", "must have", "degree in". What people
write is data (`context_cues.csv`); here is how far it reaches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching import Hits, merge_hits, read_columns
from roleclf.text import HARD_GAP, Ints, Tokens, expand_ranges

__all__ = [
    "after",
    "before",
    "behind",
    "cues",
    "denied",
    "inside",
    "read_cues",
    "said_of",
    "studied",
]

_CUES: Final = Path(__file__).parent / "context_cues.csv"
# So many words may list the fields of a degree, and so many come first at most.
_DEGREE_WORDS: Final = 30
_FEW_WORDS: Final = 12
_LONGEST_BRACKETS: Final = 120
# Brackets about a part of a line, which a line end closes or, at the end of a text,
# the separator.
_OPENS: Final = re.compile(rb"\([^()\n\0]*\Z")
_CLOSES: Final = re.compile(rb"[^)\n\0]*\)")
_LINE_END: Final = re.compile(rb"[\n\0]")
# "no experience with", and so many words on.
_DENIED_WORDS: Final = 8

Flags = npt.NDArray[np.bool_]


@cache
def cues() -> Mapping[str, tuple[str, ...]]:
    """Return the phrases that say how a sentence means its skills, by what they say.

    "is a plus" makes them preferred, "ideally" those behind it, "must have" required,
    "degree" fields of study.
    """
    phrases: dict[str, tuple[str, ...]] = {}
    columns = read_columns(_CUES)
    for says, cue in zip(columns["says"], columns["cue"], strict=True):
        phrases[says] = (*phrases.get(says, ()), cue)
    return phrases


def read_cues(tokens: Tokens, hits: Mapping[str, Hits]) -> Mapping[str, Hits]:
    """Return the hits of the lists of `cues()`, wishes by how far they reach.

    "Ideally" at the end of a sentence speaks of what comes before it, "preferred:" of
    what comes behind, "(AWS preferred)" of what stands in the brackets: the hits of
    "preferred inside" span those.
    """
    wishes = (hits["preferred"], hits["preferred onwards"])
    return {**hits, **_wishes(tokens, *wishes)}


def _wishes(tokens: Tokens, whole: Hits, onwards: Hits) -> dict[str, Hits]:
    brackets = [
        Hits(wishes.phrase, *_brackets(tokens, wishes)) for wishes in (whole, onwards)
    ]
    whole, onwards = (
        wishes.pick(around.first < 0)
        for wishes, around in zip((whole, onwards), brackets, strict=True)
    )
    opens = tokens.buffer.take(tokens.end[whole.last], mode="clip") == ord(":")
    next_word = np.minimum(onwards.last + 1, len(tokens.sentence) - 1)
    is_last = tokens.sentence[next_word] != tokens.sentence[onwards.last]
    is_last |= next_word == onwards.last
    return {
        "preferred": merge_hits(whole.pick(~opens), onwards.pick(is_last)),
        "preferred onwards": merge_hits(onwards, whole.pick(opens)),
        "preferred inside": merge_hits(*(h.pick(h.first >= 0) for h in brackets)),
    }


def said_of(tokens: Tokens, first: Ints, cue_hits: Hits) -> Flags:
    """Whether a cue stands in the sentence of each word of `first`."""
    if len(first) == 0:
        return np.zeros(0, bool)
    says = np.zeros(tokens.sentence[-1] + 1, bool)
    says[tokens.sentence[cue_hits.first]] = True
    return says[tokens.sentence[first]]


def behind(tokens: Tokens, first: Ints, cue_hits: Hits, within: int) -> Flags:
    """Whether a cue comes at most so many words before in the same sentence."""
    found = np.zeros(len(first), bool)
    found[_reached(tokens, first, cue_hits, within)[0]] = True
    return found


def denied(tokens: Tokens, first: Ints, said: Mapping[str, Hits]) -> Flags:
    """Whether a sentence says that it does not ask for the words at `first`."""
    just_before = behind(tokens, first, said["no"], 1)
    return just_before | behind(tokens, first, said["denied"], _DENIED_WORDS)


def after(tokens: Tokens, hits: Hits, cue_hits: Hits) -> Flags:
    """Whether each hit comes directly after a cue."""
    begins = np.zeros(len(tokens.hash) + 1, bool)
    begins[cue_hits.last[tokens.gap[cue_hits.last] != HARD_GAP] + 1] = True
    return begins[hits.first]


def before(tokens: Tokens, hits: Hits, cue_hits: Hits) -> Flags:
    """Whether each hit comes directly before a cue."""
    begins = np.zeros(len(tokens.hash) + 1, bool)
    begins[cue_hits.first] = True
    return begins[hits.last + 1] & (tokens.gap[hits.last] != HARD_GAP)


def inside(hits: Hits, phrases: Hits) -> Flags:
    """Whether each hit lies within one of the phrases, all in reading order."""
    begin = np.searchsorted(hits.first, phrases.first)
    end = np.searchsorted(hits.first, phrases.last, "right")
    hit, phrase = expand_ranges(begin, end)
    found = np.zeros(len(hits.first), bool)
    found[hit[hits.last[hit] <= phrases.last[phrase]]] = True
    return found


def studied(
    tokens: Tokens, named: Hits, is_subject: Flags, said: Mapping[str, Hits]
) -> Flags:
    """Whether each hit in `named` is a field that somebody has a degree in.

    Parameters
    ----------
    is_subject : bool array, shape (n_hits,)
        Whether it is taught under that name more often than asked for: it then counts
        as a field even behind words as "equivalent experience", if soon enough.
    said : mapping of str to Hits
        From `read_cues`. What is named itself is no cue: "MS SQL", "master data".
    """
    degrees = said["degree"]
    degrees = degrees.pick(~_is_any(degrees.first, named.first))
    hit, cue = _reached(tokens, named.first, degrees, _DEGREE_WORDS)
    first, degree = named.first[hit], degrees.first[cue]
    still = np.ones(len(hit), bool)
    for ends in (said["no study"].first, said["required"].first):
        still &= np.searchsorted(ends, first) == np.searchsorted(ends, degree)
    soon = is_subject[hit] & (first - degrees.last[cue] <= _FEW_WORDS)
    found = np.zeros(len(named.first), bool)
    found[hit[still | soon]] = True
    return found


def _reached(
    tokens: Tokens, first: Ints, cue_hits: Hits, within: int
) -> tuple[Ints, Ints]:
    """Return each pair of a word of `first` and a cue before it in its sentence."""
    beyond = cue_hits.last + 1
    sentence = tokens.sentence[cue_hits.last]
    stop = np.searchsorted(tokens.sentence, sentence, "right")
    end = np.searchsorted(first, np.minimum(beyond + within, stop))
    return expand_ranges(np.searchsorted(first, beyond), end)


def _is_any(places: Ints, of: Ints) -> Flags:
    """Whether each place is one of the rising `of`."""
    if len(of) == 0:
        return np.zeros(len(places), bool)
    return of.take(np.searchsorted(of, places), mode="clip") == places


@compiled
def _brackets(tokens: Tokens, cue_hits: Hits) -> tuple[Ints, Ints]:
    """Return the first and the last word in the brackets about each cue.

    -1 where it has none to itself: a cue alone in brackets speaks of what comes before
    them.
    """
    buffer = tokens.buffer.data
    starts = tokens.start[cue_hits.first].tolist()
    ends = tokens.end[cue_hits.last].tolist()
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
