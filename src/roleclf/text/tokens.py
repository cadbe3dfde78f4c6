"""Cut a whole batch of texts into words at once; every later step reads these.

Step 3 of the line: read -> clean -> TOKENS -> sections -> skills -> ... The texts
are joined and folded to one byte per code point (lower case, no accents), so a
word's place in the buffer is its place in the text. Words become 64-bit hashes:
what follows compares numbers, never strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.text.folding import BLANK, FIRST_OTHER_LETTER, LINE_END, SEPARATOR
from roleclf.text.texts import Texts, keep_freed_memory

__all__ = [
    "GAP_CODE_BY_CHARACTER",
    "HARD_GAP",
    "Hashes",
    "Ints",
    "Tokens",
    "chain",
    "hash_words",
    "tokenize",
]

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

HARD_GAP: Final = 255
# What may stand between two words of one phrase: a blank of some kind, or one mark
# with or without blanks about it; anything else is a hard gap.
_MARKS: Final = "./&+',:;*@#()!\""
GAP_CODE_BY_CHARACTER: Final = {
    **dict.fromkeys(" -_\n", 0),
    **{character: code for code, character in enumerate(_MARKS, start=1)},
}
_MIX: Final = tuple(
    np.uint64(k)
    for k in (
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0xD6E8FEB86659FD93,
        0xA0761D6478BD642F,
        0xE7037ED1A0B428DB,
    )
)
_SHIFT: Final = np.uint64(31)
_WORD_BYTES: Final = 8
# No two words in use differ only behind so many characters.
_TELLING: Final = 64
_N_LETTERS: Final = 26
_N_DIGITS: Final = 10


class Tokens(NamedTuple):
    """The words of a batch of texts, in reading order.

    Attributes
    ----------
    texts : Texts, length n_texts
    buffer : uint8 array, shape (n_characters,)
        The folded texts, joined with one separator between neighbours.
    start, end : int64 arrays, shape (n_words,)
        Places in the buffer, end exclusive.
    hash : uint64 array, shape (n_words,)
    gap : uint8 array, shape (n_words,)
        What stands between a word and the next; `HARD_GAP` where no phrase may
        cross, always so at the end of a text.
    bounds : int64 array, shape (n_texts + 1,)
        Words of text i are `bounds[i]` to `bounds[i + 1]`.
    base : int64 array, shape (n_texts,)
        Where text i starts in the buffer.
    line, sentence : int64 arrays, shape (n_words,)
        Numbers of the line and of the sentence each word stands in, rising through
        the batch; neighbours within a text only are one apart.
    known : mapping
        What lists of words say of each word, where they were asked beforehand; see
        `words.Vocabulary`.
    """

    texts: Texts
    buffer: npt.NDArray[np.uint8]
    start: Ints
    end: Ints
    hash: Hashes
    gap: npt.NDArray[np.uint8]
    bounds: Ints
    base: Ints
    line: Ints
    sentence: Ints
    known: Mapping[Any, npt.NDArray[np.int32]] = {}

    @property
    def text_of_word(self) -> Ints:
        """The text each word belongs to, shape (n_words,)."""
        return np.repeat(np.arange(len(self.texts)), np.diff(self.bounds))

    def text_of(self, words: Ints) -> Ints:
        """Return the text that each of a few words belongs to, shape of `words`."""
        return np.searchsorted(self.bounds, words, "right") - 1

    def begins_line(self, words: Ints) -> npt.NDArray[np.bool_]:
        """Whether each of a few words is the first of its line, shape of `words`."""
        before = self.line.take(words - 1, mode="clip")
        return (self.line.take(words) != before) | (words == 0)

    def is_capital(self, words: Ints) -> npt.NDArray[np.bool_]:
        """Whether each of a few words begins with a capital, shape of `words`."""
        points = self.texts.points[self.start[words]].tolist()
        return np.array([chr(point).isupper() for point in points], bool)


def tokenize(texts: Sequence[str]) -> Tokens:
    """Cut `texts` into words.

    A word is a run of letters and digits; `+` and `#` behind a letter belong to
    it when no word follows ("C++", "C#", but "AWS+Terraform" is two), and so does
    the dot of ".NET".

    Examples
    --------
    >>> tokens = tokenize(["C++/Go", "Node.js"])
    >>> [(int(s), int(e)) for s, e in zip(tokens.start, tokens.end)]
    [(0, 3), (4, 6), (7, 11), (12, 14)]
    >>> tokens.gap.tolist()
    [2, 255, 1, 255]
    """
    keep_freed_memory()
    texts = Texts.of(texts)
    start, end, hashes, gap, bounds, line, sentence = _words_in(
        texts.folded, texts.ends, _GAP_CODE
    )
    return Tokens(
        texts,
        texts.folded,
        start,
        end,
        hashes,
        gap,
        bounds,
        texts.base,
        line,
        sentence,
    )


def chain(left: Hashes, right: Hashes, gap: npt.NDArray[np.uint8] | int = 0) -> Hashes:
    """Return the hashes of `left` followed by `right`, for phrases of any length."""
    mixed = left * _MIX[2] + right + np.asarray(gap, np.uint64) * _MIX[3]
    mixed ^= mixed >> _SHIFT
    return mixed * _MIX[4]


@compiled
def _words_in(
    buffer: npt.NDArray[np.uint8], ends: Ints, gap_code: npt.NDArray[np.uint8]
) -> tuple[Ints, Ints, Hashes, npt.NDArray[np.uint8], Ints, Ints, Ints]:
    """Return start, end, hash, gap, bounds, line and sentence of `Tokens`.

    Parameters
    ----------
    ends : int64 array, shape (n_texts,)
        Where each text's separator stands.
    gap_code : uint8 array, shape (256,)
        What each byte is between two words.
    """
    in_word = _in_word(buffer)
    edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
    if in_word[:1].any():
        edges = np.concatenate(([0], edges))
    start, end = edges[0::2].copy(), edges[1::2].copy()
    bounds = np.searchsorted(start, np.concatenate(([0], ends)))
    line_ends, stops = _ends(buffer)
    # A separator counts twice, so that two texts never have neighbouring lines.
    line = _count_before(np.concatenate((line_ends, ends[:-1])), start)
    sentence = line + _count_before(stops, start)
    hashes = hash_words(buffer, start, end)
    gap = _gaps(buffer, start, end, gap_code)
    return start, end, hashes, gap, bounds, line, sentence


_IS_LETTER: Final = np.array(
    [chr(b).islower() if b < FIRST_OTHER_LETTER else True for b in range(256)]
)
_GAP_CODE: Final = np.array(
    [GAP_CODE_BY_CHARACTER.get(chr(b), HARD_GAP) for b in range(256)], np.uint8
)
_STOPS: Final = b".!?;"
_KEEP: Final = np.array(
    [(1 << (8 * n)) - 1 for n in range(_WORD_BYTES + 1)], dtype=np.uint64
)


def _in_word(buffer: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    # Three comparisons take a quarter of the time of one look-up in a table.
    plain = buffer >= FIRST_OTHER_LETTER
    plain |= buffer - np.uint8(ord("a")) < _N_LETTERS
    plain |= buffer - np.uint8(ord("0")) < _N_DIGITS
    in_word = plain.copy()
    marks = np.flatnonzero((buffer == ord("+")) | (buffer == ord("#")))
    marks = marks[(marks > 0) & (marks < len(buffer) - 1)]
    marks = marks[~plain[marks + 1]]
    is_plus = buffer[marks] == ord("+")
    doubled = is_plus & (buffer[marks - 1] == ord("+")) & plain[marks - 2]
    behind = np.where(is_plus, plain[marks - 1], _IS_LETTER[buffer[marks - 1]])
    in_word[marks[doubled | behind]] = True
    dots = np.flatnonzero(buffer[:-4] == ord("."))
    dots = dots[(buffer[dots + 1] == ord("n")) & (buffer[dots + 2] == ord("e"))]
    dots = dots[(buffer[dots + 3] == ord("t")) & ~plain[dots + 4]]
    in_word[dots[(dots == 0) | ~plain[dots - 1]]] = True
    return in_word


def hash_words(buffer: npt.NDArray[np.uint8], start: Ints, end: Ints) -> Hashes:
    """Return the hash of each word `buffer[start:end]`, shape (n_words,)."""
    # Eight characters at a time, read as one number at any byte offset.
    padded = np.concatenate((buffer, np.zeros(_WORD_BYTES, np.uint8)))
    eights: Hashes = np.ndarray((len(buffer),), np.dtype("<u8"), padded, strides=(1,))
    left = end - start
    hashes = eights[start]
    hashes &= _KEEP.take(left, mode="clip")
    hashes = _scramble(hashes, 0)
    longer = np.flatnonzero(left > _WORD_BYTES)
    read = _WORD_BYTES
    while longer.size and read < _TELLING:
        part = eights[start[longer] + read]
        part &= _KEEP.take(left[longer] - read, mode="clip")
        hashes[longer] = _scramble(hashes[longer] + part * _MIX[1], 2)
        read += _WORD_BYTES
        longer = longer[left[longer] > read]
    return hashes


def _scramble(numbers: Hashes, seed: int) -> Hashes:
    mixed = (numbers + np.uint64(seed)) * _MIX[0]
    mixed ^= mixed >> _SHIFT
    mixed *= _MIX[1]
    mixed ^= mixed >> _SHIFT
    return mixed


def _ends(buffer: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Return where lines end, and where else sentences end."""
    line_ends = np.flatnonzero((buffer == LINE_END) | (buffer == SEPARATOR))
    is_stop = buffer[:-1] == _STOPS[0]
    for stop in _STOPS[1:]:
        is_stop |= buffer[:-1] == stop
    is_stop &= buffer[1:] == BLANK
    stops = np.flatnonzero(is_stop)
    # "e.g. Kafka" goes on: a stop two places before belongs to the same shortening
    return line_ends, stops[(stops < 2) | (buffer[stops - 2] != ord("."))]


def _count_before(places: Ints, start: Ints) -> Ints:
    """Count the places before each of the rising `start`."""
    passed = np.searchsorted(start, places, "right")
    counts: Ints = np.cumsum(np.bincount(passed, minlength=len(start) + 1))
    return counts[:-1]


def _gaps(
    buffer: npt.NDArray[np.uint8],
    start: Ints,
    end: Ints,
    gap_code: npt.NDArray[np.uint8],
) -> npt.NDArray[np.uint8]:
    gap = gap_code.take(buffer.take(end))
    if len(start) == 0:
        return gap
    width = start[1:] - end[:-1]
    first = end[:-1]
    gap[:-1] |= HARD_GAP * (width != 1).view(np.uint8)
    gap[-1] = HARD_GAP
    # "CI / CD", "data- driven", "extract, load": one mark with blanks about it
    wide = np.flatnonzero((width == 2) | (width == 3))
    at, last = first[wide], start[wide + 1] - 1
    blank_before, blank_after = buffer[at] == BLANK, buffer[last] == BLANK
    mark = np.where(width[wide] == 3, at + 1, np.where(blank_before, last, at))
    fits = np.where(
        width[wide] == 3, blank_before & blank_after, blank_before ^ blank_after
    )
    gap[wide[fits]] = gap_code[buffer[mark[fits]]]
    return gap
