"""Tokenize a whole batch of texts at once.

Words are cut from the folded bytes of all texts (see `folding`), so a word's place
among the bytes is its place in the text. Each word becomes a 64-bit hash: later rooms
compare numbers, not strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.text.arrays import Bytes, Hashes, Ints
from roleclf.text.folding import BLANK, FIRST_NON_ASCII_LETTER, LINE_END, SEPARATOR
from roleclf.text.hashing import hash_words
from roleclf.text.texts import Texts, raise_mmap_threshold

__all__ = [
    "GAP_CODE_BY_CHARACTER",
    "HARD_GAP",
    "Tokens",
    "tokenize",
]

HARD_GAP: Final = 255
# Between two words of one phrase there may be a blank, or one of these marks with or
# without blanks around it. Anything else is a hard gap.
_MARKS: Final = "./&+',:;*@#()!\""
GAP_CODE_BY_CHARACTER: Final = {
    **dict.fromkeys(" -_\n", 0),
    **{character: code for code, character in enumerate(_MARKS, start=1)},
}
_GAP_CODE: Final = np.array(
    [GAP_CODE_BY_CHARACTER.get(chr(b), HARD_GAP) for b in range(256)], np.uint8
)
_IS_LETTER: Final = np.array(
    [chr(b).islower() if b < FIRST_NON_ASCII_LETTER else True for b in range(256)]
)
_SENTENCE_ENDS: Final = b".!?;"
_N_LETTERS: Final = 26
_N_ASCII: Final = 128
_N_DIGITS: Final = 10


class Tokens(NamedTuple):
    """The words of a batch of texts, in reading order.

    Attributes
    ----------
    texts : Texts, length n_texts
    buffer : uint8 array, shape (n_characters,)
        The folded texts, a separator behind each.
    start, end : int64 arrays, shape (n_words,)
        Indexes into the buffer, end exclusive.
    hash : uint64 array, shape (n_words,)
    gap : uint8 array, shape (n_words,)
        Code of what stands between a word and the next; `HARD_GAP` where no phrase may
        cross, as at the end of each text.
    bounds : int64 array, shape (n_texts + 1,)
        Words of text i are `bounds[i]` to `bounds[i + 1]`.
    base : int64 array, shape (n_texts,)
        Index of text i in the buffer.
    line, sentence : int64 arrays, shape (n_words,)
        Number of the line and of the sentence of each word, ascending through the
        batch. Neighbours differ by one within a text, by more across texts.
    numbers_by_list : mapping
        The number of each word in each word list, where they were looked up beforehand;
        see `roleclf.matching.Vocabulary`.
    """

    texts: Texts
    buffer: Bytes
    start: Ints
    end: Ints
    hash: Hashes
    gap: Bytes
    bounds: Ints
    base: Ints
    line: Ints
    sentence: Ints
    numbers_by_list: Mapping[Any, npt.NDArray[np.int32]] = {}

    @property
    def text_of_word(self) -> Ints:
        """The text of each word, shape (n_words,)."""
        return np.repeat(np.arange(len(self.texts)), np.diff(self.bounds))

    def text_of(self, words: Ints) -> Ints:
        """Return the text of each of some words, shape of `words`."""
        return np.searchsorted(self.bounds, words, "right") - 1

    def begins_line(self, words: Ints) -> npt.NDArray[np.bool_]:
        """Return whether each of some words is the first of its line."""
        before = self.line.take(words - 1, mode="clip")
        return (self.line.take(words) != before) | (words == 0)

    def begins_sentence(self, words: Ints) -> npt.NDArray[np.bool_]:
        """Return whether each of some words is the first of its sentence."""
        before = self.sentence.take(words - 1, mode="clip")
        return (self.sentence.take(words) != before) | (words == 0)

    def ends_line(self, words: Ints) -> npt.NDArray[np.bool_]:
        """Return whether each of some words is the last of its line."""
        return _is_last(self.line, words)

    def ends_sentence(self, words: Ints) -> npt.NDArray[np.bool_]:
        """Return whether each of some words is the last of its sentence."""
        return _is_last(self.sentence, words)

    def is_capital(self, words: Ints) -> npt.NDArray[np.bool_]:
        """Return whether each of some words begins with a capital letter."""
        points = self.texts.points[self.start[words]]
        is_capital = points - np.uint32(ord("A")) < _N_LETTERS
        others = np.flatnonzero(points >= _N_ASCII)
        is_capital[others] = [chr(p).isupper() for p in points[others].tolist()]
        return is_capital


def _is_last(number: Ints, words: Ints) -> npt.NDArray[np.bool_]:
    """Return whether each of some words is the last with its number."""
    behind = number.take(words + 1, mode="clip")
    return (number.take(words) != behind) | (words == len(number) - 1)


def tokenize(texts: Sequence[str]) -> Tokens:
    """Return the words of `texts`.

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
    raise_mmap_threshold()
    texts = Texts.of(texts)
    start, end, hashes, gap, bounds, line, sentence = _find_words(
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


@compiled
def _find_words(
    buffer: Bytes, ends: Ints, gap_code: Bytes
) -> tuple[Ints, Ints, Hashes, Bytes, Ints, Ints, Ints]:
    """Return start, end, hash, gap, bounds, line and sentence of `Tokens`.

    Parameters
    ----------
    ends : int64 array, shape (n_texts,)
        Index of each text's separator.
    gap_code : uint8 array, shape (256,)
        Code of each byte as a gap between two words.
    """
    in_word = _is_in_word(buffer)
    edges = np.flatnonzero(in_word[1:] != in_word[:-1]) + 1
    if in_word[:1].any():
        edges = np.concatenate(([0], edges))
    start, end = edges[0::2].copy(), edges[1::2].copy()
    bounds = np.searchsorted(start, np.concatenate(([0], ends)))
    line_ends, sentence_ends = _line_and_sentence_ends(buffer)
    # A separator counts twice, so that two texts never have neighbouring lines.
    line = _count_before(np.concatenate((line_ends, ends[:-1])), start)
    sentence = line + _count_before(sentence_ends, start)
    hashes = hash_words(buffer, start, end)
    gap = _gaps(buffer, start, end, gap_code)
    return start, end, hashes, gap, bounds, line, sentence


def _is_in_word(buffer: Bytes) -> npt.NDArray[np.bool_]:
    """Return whether each byte belongs to a word."""
    # Three comparisons take a quarter of the time of one look-up in a table.
    alphanumeric = buffer >= FIRST_NON_ASCII_LETTER
    alphanumeric |= buffer - np.uint8(ord("a")) < _N_LETTERS
    alphanumeric |= buffer - np.uint8(ord("0")) < _N_DIGITS
    in_word = alphanumeric.copy()
    in_word[_plus_and_hash_of_words(buffer, alphanumeric)] = True
    in_word[_dots_of_net(buffer, alphanumeric)] = True
    return in_word


def _plus_and_hash_of_words(buffer: Bytes, alphanumeric: npt.NDArray[np.bool_]) -> Ints:
    """Return the indexes of the marks of "C++", "C#" and "3+"."""
    marks = np.flatnonzero((buffer == ord("+")) | (buffer == ord("#")))
    marks = marks[(marks > 0) & (marks < len(buffer) - 1)]
    marks = marks[~alphanumeric[marks + 1]]
    is_plus = buffer[marks] == ord("+")
    doubled = is_plus & (buffer[marks - 1] == ord("+")) & alphanumeric[marks - 2]
    behind = np.where(is_plus, alphanumeric[marks - 1], _IS_LETTER[buffer[marks - 1]])
    return marks[doubled | behind]


def _dots_of_net(buffer: Bytes, alphanumeric: npt.NDArray[np.bool_]) -> Ints:
    """Return the indexes of the dots of ".NET"."""
    dots = np.flatnonzero(buffer[:-4] == ord("."))
    dots = dots[(buffer[dots + 1] == ord("n")) & (buffer[dots + 2] == ord("e"))]
    dots = dots[(buffer[dots + 3] == ord("t")) & ~alphanumeric[dots + 4]]
    return dots[(dots == 0) | ~alphanumeric[dots - 1]]


def _line_and_sentence_ends(buffer: Bytes) -> tuple[Ints, Ints]:
    """Return where lines end, and where sentences end within lines."""
    line_ends = np.flatnonzero((buffer == LINE_END) | (buffer == SEPARATOR))
    is_end = buffer[:-1] == _SENTENCE_ENDS[0]
    for mark in _SENTENCE_ENDS[1:]:
        is_end |= buffer[:-1] == mark
    is_end &= buffer[1:] == BLANK
    ends = np.flatnonzero(is_end)
    # "e.g. Kafka" goes on: two dots with one letter between them are an abbreviation.
    return line_ends, ends[(ends < 2) | (buffer[ends - 2] != ord("."))]


def _count_before(places: Ints, start: Ints) -> Ints:
    """Return how many of `places` are before each `start`; `start` ascends."""
    passed = np.searchsorted(start, places, "right")
    counts: Ints = np.cumsum(np.bincount(passed, minlength=len(start) + 1))
    return counts[:-1]


def _gaps(buffer: Bytes, start: Ints, end: Ints, gap_code: Bytes) -> Bytes:
    """Return the code of the gap behind each word."""
    gap = gap_code.take(buffer.take(end))
    if len(start) == 0:
        return gap
    width = start[1:] - end[:-1]
    gap[:-1] |= HARD_GAP * (width != 1).view(np.uint8)
    gap[-1] = HARD_GAP
    # One mark with blanks around it: "CI / CD", "data- driven", "extract, load".
    wide = np.flatnonzero((width == 2) | (width == 3))
    first, last = end[wide], start[wide + 1] - 1
    blank_before, blank_after = buffer[first] == BLANK, buffer[last] == BLANK
    is_three = width[wide] == 3
    mark = np.where(is_three, first + 1, np.where(blank_before, last, first))
    fits = np.where(is_three, blank_before & blank_after, blank_before ^ blank_after)
    gap[wide[fits]] = gap_code[buffer[mark[fits]]]
    return gap
