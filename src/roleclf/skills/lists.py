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

from roleclf.matching import Hits
from roleclf.skills.cues import after, before, inside
from roleclf.text import BLANK, GAP_CODE_BY_CHARACTER, Tokens, tokenize

__all__ = ["asked_for", "listed", "paired", "shortened", "whole_items"]

_LINKS: Final = tokenize(["and or"]).hash
_LAST_LINKS: Final = tokenize(["and or etc"]).hash
_NONE: Final = -1
# What may stand before and behind a whole item of a list; symbols are "*" here.
_OPENS, _CLOSES, _IS_END = (
    np.isin(np.arange(256), list(marks))
    for marks in (b",/|;+(:*\n\0", b",/|;+)*\n\0", b"\n\0")
)
_IS_PART: Final = np.isin(np.arange(256), [GAP_CODE_BY_CHARACTER[m] for m in "'&"])
# What may stand about a whole item of a list: nothing of a sentence.
_GOES_ON: Final = re.compile(
    r" ?(?:$|[,/|;+)\n•·]|\.(?:\s|$)|(?:and|or|etc)\b)"
    r"| (?:is|are|for|as|with|at|on|would|will|a plus|required|preferred|including"
    r"|such|skills?|experience|programming)\b"
)
# As many characters hold the longest of these and what follows it.
_LONGEST_SIGN: Final = 16


def whole_items(
    tokens: Tokens, hits: Hits, doubtful: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Whether each doubtful hit is a whole item: nothing of a sentence is about it."""
    found = doubtful.copy()
    places = np.flatnonzero(doubtful)
    found[places] = _is_item(tokens, hits.pick(places))
    return found


def listed(
    tokens: Tokens,
    hits: Hits,
    sure: npt.NDArray[np.bool_],
    items: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Whether each item stands in a list, next to a hit that is sure.

    An item that is found so vouches for the next.

    Parameters
    ----------
    sure : bool array, shape (n_hits,)
    items : bool array, shape (n_hits,)
        The doubtful hits among `whole_items`.

    Returns
    -------
    bool array, shape (n_hits,)
    """
    found = np.zeros(len(hits.first), bool)
    left = np.flatnonzero(items)
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
        found[fresh] = True
        left, front, rear = (a[~beside] for a in (left, front, rear))
    return found


def paired(
    tokens: Tokens,
    hits: Hits,
    doubtful: npt.NDArray[np.bool_],
    items: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Whether each of the doubtful hits that are items stands next to another such."""
    own = listed(tokens, hits, doubtful, doubtful & items)
    return listed(tokens, hits, own, own)


def asked_for(
    tokens: Tokens, hits: Hits, said: Mapping[str, Hits]
) -> npt.NDArray[np.bool_]:
    """Whether the words about each hit ask for a tool: "fluent in Go", "Go developers".

    Behind the words that ask for it nothing may go on but the sentence: "experience in
    Access Control" asks for something else.

    Parameters
    ----------
    said : mapping of str to Hits
        From `roleclf.skills.cues.read_cues`.
    """
    asked = after(tokens, hits, said["tool behind"])
    doubtful = np.flatnonzero(asked)
    asked[doubtful] = _ends_there(tokens, hits.pick(doubtful))
    asked |= before(tokens, hits, said["tool before"])
    asked |= inside(hits, said["tool"])
    return asked & ~shortened(tokens, hits)


def shortened(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Whether a form is a part of something else: the c of "c'est", the R of "R&D"."""
    is_behind = _IS_PART[tokens.gap.take(hits.first - 1, mode="clip")]
    return is_behind & (hits.first > 0) | _IS_PART[tokens.gap[hits.last]]


def _is_item(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    start, end = tokens.start[hits.first], tokens.end[hits.last]
    front = [tokens.buffer.take(start - i, mode="clip") for i in (1, 2, 3)]
    rear = [tokens.buffer.take(end + i, mode="clip") for i in (0, 1)]
    apart, behind = front[0] == BLANK, rear[0] == BLANK
    begins = _OPENS[front[0]] | (apart & _OPENS[front[1]]) | (start == 0)
    begins |= apart & (front[1] == ord("-")) & _IS_END[front[2]]
    begins |= apart & _is_word(tokens, hits.first - 1, _LINKS)
    ends = _CLOSES[rear[0]] | (behind & _CLOSES[rear[1]])
    ends |= (rear[0] == ord(".")) & (_IS_END[rear[1]] | (rear[1] == BLANK))
    ends |= behind & _is_word(tokens, hits.last + 1, _LAST_LINKS)
    return begins & ends


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
    before -= _is_word(tokens, before, _LINKS)
    behind += _is_word(tokens, behind, _LINKS)
    up = tokens.line[hits.first] - tokens.line.take(before, mode="clip")
    down = tokens.line.take(behind, mode="clip") - tokens.line[hits.last]
    comma = _is_at(tokens, tokens.end[hits.last], ",\n")
    before[(before < 0) | (up > 1)] = _NONE
    behind[(behind >= n_words) | (down > comma)] = _NONE
    return before, behind


def _is_word(
    tokens: Tokens, places: npt.NDArray[np.int64], words: npt.NDArray[np.uint64]
) -> npt.NDArray[np.bool_]:
    hashes = tokens.hash.take(places, mode="clip")
    return np.logical_or.reduce([hashes == word for word in words])


def _is_at(
    tokens: Tokens, places: npt.NDArray[np.int64], marks: str
) -> npt.NDArray[np.bool_]:
    found = [
        tokens.buffer.take(places + i, mode="clip") == ord(mark)
        for i, mark in enumerate(marks)
    ]
    return np.logical_and.reduce(found)


def _ends_there(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Whether behind each hit only the sentence goes on."""
    text = tokens.text_of(hits.last)
    end = tokens.end[hits.last]
    far = np.minimum(end + _LONGEST_SIGN, tokens.texts.ends[text])
    found = [_GOES_ON.match(behind) for behind in tokens.texts.spans(end, far)]
    return np.array([match is not None for match in found], bool)
