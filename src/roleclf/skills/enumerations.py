"""Recognise items of enumerations: "python,c,java" names C, "vitamin C" does not.

An item is next to a comma, a slash, "and", a line end or the like on either side, with
nothing of a sentence about it. A name that is a word too ("C", "Go", "Make") counts as
an item beside a name that is no word.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from roleclf.matching import Hits
from roleclf.skills.proximity import Flags
from roleclf.text import BLANK, Hashes, Ints, Tokens, tokenize

__all__ = ["is_beside_anchor", "is_beside_candidate", "is_whole_item"]

_CONJUNCTIONS: Final = tokenize(["and or"]).hash
_CLOSING_WORDS: Final = tokenize(["and or etc"]).hash
_NO_WORD: Final = -1
# What may stand before and behind an item; folding makes "*" of symbols. A separator
# parts texts.
_OPENS, _CLOSES, _ENDS_LINE = (
    np.isin(np.arange(256), list(marks))
    for marks in (b",/|;+(:*\n\0", b",/|;+)*\n\0", b"\n\0")
)


def is_whole_item(tokens: Tokens, hits: Hits, asked: Flags) -> Flags:
    """Whether each hit among those asked about is a whole item of an enumeration."""
    found = asked.copy()
    places = np.flatnonzero(asked)
    hits = hits.pick(places)
    found[places] = _begins_item(tokens, hits) & _ends_item(tokens, hits)
    return found


def is_beside_anchor(
    tokens: Tokens, hits: Hits, anchors: Flags, candidates: Flags
) -> Flags:
    """Whether each candidate stands in an enumeration next to an anchor.

    A candidate that does is an anchor for the next one.

    Parameters
    ----------
    anchors, candidates : bool arrays, shape (n_hits,)
        The hits that certainly name a skill, and those in question, which are items.
    """
    found = np.zeros(len(hits.first), bool)
    left = np.flatnonzero(candidates)
    if left.size == 0:
        return found
    before, behind = _neighbours(tokens, hits.pick(left))
    # One place more, the last, is for `_NO_WORD`.
    begins, ends = np.zeros((2, len(tokens.hash) + 1), bool)
    fresh = np.flatnonzero(anchors)
    while fresh.size and left.size:
        begins[hits.first[fresh]] = ends[hits.last[fresh]] = True
        is_beside = ends[before] | begins[behind]
        fresh = left[is_beside]
        found[fresh] = True
        left, before, behind = (a[~is_beside] for a in (left, before, behind))
    return found


def is_beside_candidate(
    tokens: Tokens, hits: Hits, candidates: Flags, items: Flags
) -> Flags:
    """Whether each candidate among the items stands next to another such one.

    "Claude, Cursor": each is a word too, but the two together are names.
    """
    beside = is_beside_anchor(tokens, hits, candidates, candidates & items)
    return is_beside_anchor(tokens, hits, beside, beside)


def _begins_item(tokens: Tokens, hits: Hits) -> Flags:
    start = tokens.start[hits.first]
    last, second, third = (
        tokens.buffer.take(start - i, mode="clip") for i in (1, 2, 3)
    )
    is_apart = last == BLANK
    begins = _OPENS[last] | (is_apart & _OPENS[second]) | (start == 0)
    begins |= is_apart & (second == ord("-")) & _ENDS_LINE[third]
    return begins | is_apart & _is_neighbour(
        tokens, hits.first, hits.first - 1, _CONJUNCTIONS
    )


def _ends_item(tokens: Tokens, hits: Hits) -> Flags:
    end = tokens.end[hits.last]
    first, second = (tokens.buffer.take(end + i, mode="clip") for i in (0, 1))
    is_apart = first == BLANK
    ends = _CLOSES[first] | (is_apart & _CLOSES[second])
    ends |= (first == ord(".")) & (_ENDS_LINE[second] | (second == BLANK))
    return ends | is_apart & _is_neighbour(
        tokens, hits.last, hits.last + 1, _CLOSING_WORDS
    )


def _neighbours(tokens: Tokens, hits: Hits) -> tuple[Ints, Ints]:
    """Return the words before and behind each hit, without "and" and "or".

    `_NO_WORD` where there is none on its line, or at the end of the line before. What
    follows on the next line counts only behind a comma, or if the hit is all of its
    line: a paragraph that follows must not change what was found before.
    """
    before, behind = hits.first - 1, hits.last + 1
    before -= _is_word(tokens, before, _CONJUNCTIONS)
    behind += _is_word(tokens, behind, _CONJUNCTIONS)
    n_lines_up = tokens.line[hits.first] - tokens.line.take(before, mode="clip")
    n_lines_down = tokens.line.take(behind, mode="clip") - tokens.line[hits.last]
    goes_on = _reads(tokens, tokens.end[hits.last], ",\n")
    is_line = _reads(tokens, tokens.end[hits.last], "\n")
    goes_on |= is_line & tokens.begins_line(hits.first)
    before[(before < 0) | (n_lines_up > 1)] = _NO_WORD
    behind[(behind >= len(tokens.hash)) | (n_lines_down > goes_on)] = _NO_WORD
    return before, behind


def _is_neighbour(tokens: Tokens, own: Ints, others: Ints, words: Hashes) -> Flags:
    """Whether the word beside each own one is of its text and among the words."""
    n_lines = np.abs(tokens.line.take(others, mode="clip") - tokens.line[own])
    return (n_lines <= 1) & _is_word(tokens, others, words)


def _is_word(tokens: Tokens, places: Ints, words: Hashes) -> Flags:
    hashes = tokens.hash.take(places, mode="clip")
    return np.logical_or.reduce([hashes == word for word in words])


def _reads(tokens: Tokens, places: Ints, characters: str) -> Flags:
    found = [
        tokens.buffer.take(places + i, mode="clip") == ord(character)
        for i, character in enumerate(characters)
    ]
    return np.logical_and.reduce(found)
