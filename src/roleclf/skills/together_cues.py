"""Note where the words stand that may tell of several skills at once, in a whole batch.

Most sentences have none of them, so only the others need be read: words for "or" and
"one of", slashes, words for a year, and numbers. A word is noted where it may be such a
cue; whether it is one is for `alternatives` and `years` to say.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching import WordList
from roleclf.skills.list_pieces import cue_words
from roleclf.skills.year_cues import words_with_number, year_words
from roleclf.text import ABSENT, Ints, Tokens, tokenize

__all__ = ["NUMBER", "ONE", "OR", "SLASH", "YEAR", "TogetherCues", "find_together_cues"]

# What a word may be; it may be several of them, as "one" is.
ONE: Final = 1
OR: Final = 2
SLASH: Final = 4
YEAR: Final = 8
NUMBER: Final = 16
_DIGITS: Final = 10
_LISTS: Final = ((ONE, "one"), (OR, "or"))

Kinds = npt.NDArray[np.uint8]


class TogetherCues(NamedTuple):
    """The cues of a batch in reading order, shape (n_cues,).

    Attributes
    ----------
    start : list of int
        Indexes into the buffer of the batch.
    kind : list of int
        Sums of the kinds that each may be.
    lines : int64 array, shape (n_lines,)
        The lines that have a cue, rising, as `Tokens` numbers them.
    line_kind : uint8 array, shape (n_lines,)
        The kinds of each line.
    """

    start: list[int]
    kind: list[int]
    lines: Ints
    line_kind: Kinds

    def kinds_of_lines(self, lines: Ints) -> Kinds:
        """Return the kinds of cues in each of some lines."""
        if not len(self.lines):
            return np.zeros(len(lines), np.uint8)
        place = np.searchsorted(self.lines, lines).clip(max=len(self.lines) - 1)
        return np.where(self.lines[place] == lines, self.line_kind[place], np.uint8(0))

    def kinds_between(self, start: int, end: int) -> list[int]:
        """Return the kinds of each cue between two indexes into the buffer."""
        first = bisect_left(self.start, start)
        return self.kind[first : bisect_left(self.start, end, first)]


def find_together_cues(tokens: Tokens, languages: Sequence[str | None]) -> TogetherCues:
    """Return the cues of a batch of texts.

    Parameters
    ----------
    languages : sequence of str or None, length n_texts
        Some words are cues in one language only.
    """
    number = _words().find(tokens)
    digits = tokens.buffer[tokens.start] - np.uint8(ord("0")) < _DIGITS
    words = np.flatnonzero((number != ABSENT) | digits)
    known = list(dict.fromkeys(languages))
    kind_by_language = np.stack([_kinds(language) for language in known])
    row = np.array([known.index(language) for language in languages], np.int64)
    kind = kind_by_language[row[tokens.text_of(words)], number[words]]
    # "3yrs" is one word, so a number that ends otherwise may be years too.
    is_glued = tokens.buffer[tokens.end[words] - 1] - np.uint8(ord("0")) >= _DIGITS
    kind[digits[words]] |= np.uint8(NUMBER)
    kind[digits[words] & is_glued] |= np.uint8(YEAR)
    slash = np.flatnonzero(tokens.buffer == ord("/"))
    # One with no word before it stands between no names.
    before = np.searchsorted(tokens.start, slash) - 1
    slash, before = slash[before >= 0], before[before >= 0]
    start = np.concatenate((tokens.start[words], slash))
    line = np.concatenate((tokens.line[words], tokens.line[before]))
    kind = np.concatenate((kind, np.full(len(slash), SLASH, np.uint8)))
    order = np.argsort(start, kind="stable")
    order = order[kind[order] != 0]
    return _by_line(start[order], kind[order], line[order])


def _by_line(start: Ints, kind: Kinds, line: Ints) -> TogetherCues:
    lines, first = np.unique(line, return_index=True)
    found = np.bitwise_or.reduceat(kind, first) if len(first) else kind
    return TogetherCues(start.tolist(), kind.tolist(), lines, found)


@cache
def _words() -> WordList:
    """Return all words that are a cue in some language, and numbers."""
    # Where no language is known, every cue counts.
    return _word_list(frozenset().union(*_words_by_kind(None, is_any=True).values()))


@cache
def _kinds(language: str | None) -> Kinds:
    """Return the kinds of each word of `_words` in a language; the last is no word."""
    kinds = np.zeros(len(_words()) + 1, np.uint8)
    for kind, words in _words_by_kind(language).items():
        kinds[np.isin(_words().hashes, _word_list(words).hashes).nonzero()] |= kind
    return kinds


def _words_by_kind(
    language: str | None, *, is_any: bool = False
) -> dict[int, frozenset[str]]:
    needed = {kind: cue_words(language, name, is_any=is_any) for kind, name in _LISTS}
    return {**needed, YEAR: year_words(), NUMBER: words_with_number()}


def _word_list(words: Iterable[str]) -> WordList:
    """Return the words as a list; what is several words, as "year's", is left out."""
    tokens = tokenize(sorted(words))
    is_word = np.repeat(np.diff(tokens.bounds) == 1, np.diff(tokens.bounds))
    return WordList(tokens.hash[is_word])
