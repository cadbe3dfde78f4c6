"""Tell where a name counts that alone would be a word: in lists, and asked for.

Step 5 of the line, beside `skills`: "python,c,java" and "proficient in C" name C, and
a vitamin does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.cues import after, before, inside
from roleclf.phrases import Hits
from roleclf.tokens import GAP_CODE_BY_CHARACTER, HARD_GAP, Tokens, tokenize

__all__ = ["asked_for", "listed", "paired", "shortened"]

_LINKS: Final = tokenize(["and or"]).hash
_NONE: Final = -1
_WIDTH: Final = 12
_IS_PART: Final = np.isin(np.arange(256), [GAP_CODE_BY_CHARACTER[m] for m in "'&"])
# What may stand about a whole item of a list: nothing of a sentence.
_BEFORE: Final = re.compile(r"(?:^|[,/|;+(:•·]|\n[-*•·]?|\b(?:and|or)) ?$")
_BEHIND: Final = re.compile(r" ?(?:$|[,/|;+)\n•·]|\.(?:\s|$)|(?:and|or|etc)\b)")
_GOES_ON: Final = re.compile(
    _BEHIND.pattern + r"| (?:is|are|for|as|with|at|on|would|will|a plus|required"
    r"|preferred|including|such|skills?|experience|programming)\b"
)
_ANYTHING: Final = re.compile("")


def listed(
    tokens: Tokens,
    hits: Hits,
    sure: npt.NDArray[np.bool_],
    doubtful: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Whether each doubtful hit is a whole item of a list, next to one that is sure.

    An item that is found so vouches for the next.

    Parameters
    ----------
    sure, doubtful : bool arrays, shape (n_hits,)

    Returns
    -------
    bool array, shape (n_hits,)
    """
    found = np.zeros(len(hits.first), bool)
    left = np.flatnonzero(doubtful)
    if left.size == 0:
        return found
    front, rear = _neighbours(tokens, hits.pick(left))
    # One place more, the last, is for words that have no neighbour.
    begins, ends = np.zeros((2, len(tokens.hash) + 1), bool)
    fresh = np.flatnonzero(sure)
    while fresh.size and left.size:
        begins[hits.first[fresh]] = ends[hits.last[fresh]] = True
        beside = ends[front] | begins[rear]
        fresh = left[beside]
        fresh = fresh[_fits(tokens, hits.pick(fresh), _BEFORE, _BEHIND)]
        found[fresh] = True
        left, front, rear = (a[~beside] for a in (left, front, rear))
    return found


def paired(
    tokens: Tokens, hits: Hits, doubtful: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Whether each doubtful hit is a whole item of a list, next to another such."""
    items = listed(tokens, hits, doubtful, doubtful)
    return listed(tokens, hits, items, items)


def asked_for(
    tokens: Tokens, hits: Hits, said: Mapping[str, Hits]
) -> npt.NDArray[np.bool_]:
    """Whether the words about each hit ask for a tool: "fluent in Go", "Go developers".

    Behind the words that ask for it nothing may go on but the sentence: "experience in
    Access Control" asks for something else.

    Parameters
    ----------
    said : mapping of str to Hits
        From `roleclf.cues.read_cues`.
    """
    asked = after(tokens, hits, said["tool behind"])
    doubtful = np.flatnonzero(asked)
    asked[doubtful] = _fits(tokens, hits.pick(doubtful), _ANYTHING, _GOES_ON)
    asked |= before(tokens, hits, said["tool before"])
    asked |= inside(hits, said["tool"])
    return asked & ~shortened(tokens, hits)


def shortened(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Whether a form is a part of something else: the c of "c'est", the R of "R&D"."""
    mark_before = np.append(HARD_GAP, tokens.gap)[hits.first]
    return _IS_PART[mark_before] | _IS_PART[tokens.gap[hits.last]]


def _neighbours(
    tokens: Tokens, hits: Hits
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the words before and behind each hit, without "and" and "or".

    -1 where there is none on its line, or at the end of the line before. What follows
    on the next line counts only behind a comma: a text that goes on must not change
    what was found before.
    """
    n_words = len(tokens.hash)
    before, behind = hits.first - 1, hits.last + 1
    before -= _is_link(tokens, before)
    behind += _is_link(tokens, behind)
    up = tokens.line[hits.first] - tokens.line.take(before, mode="clip")
    down = tokens.line.take(behind, mode="clip") - tokens.line[hits.last]
    comma = _is_at(tokens, tokens.end[hits.last], ",\n")
    before[(before < 0) | (up > 1)] = _NONE
    behind[(behind >= n_words) | (down > comma)] = _NONE
    return before, behind


def _is_link(tokens: Tokens, words: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    hashes = tokens.hash.take(words, mode="clip")
    return (hashes == _LINKS[0]) | (hashes == _LINKS[1])


def _is_at(
    tokens: Tokens, places: npt.NDArray[np.int64], marks: str
) -> npt.NDArray[np.bool_]:
    found = [
        tokens.buffer.take(places + i, mode="clip") == ord(mark)
        for i, mark in enumerate(marks)
    ]
    return np.logical_and.reduce(found)


def _fits(
    tokens: Tokens, hits: Hits, front: re.Pattern[str], rear: re.Pattern[str]
) -> npt.NDArray[np.bool_]:
    """Whether the characters about each hit are as the patterns say."""
    text = np.searchsorted(tokens.bounds, hits.first, "right") - 1
    start = tokens.start[hits.first] - tokens.base[text]
    end = tokens.end[hits.last] - tokens.base[text]
    columns = (c.tolist() for c in (text, start, end))
    return np.array(
        [
            front.search(tokens.texts[t][max(0, s - _WIDTH) : s]) is not None
            and rear.match(tokens.texts[t][e : e + _WIDTH]) is not None
            for t, s, e in zip(*columns, strict=True)
        ],
        bool,
    )
