"""Read the names of tools that a version is glued to: "Java17", "React18", ".NET8"."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching import WordList
from roleclf.skills.proximity import Flags
from roleclf.text import ABSENT, Ints, Tokens, tokenize

__all__ = ["split_versions"]

# "R4" and "AI2" are too short to be told from what they may be else; "Go1.22" and
# "Node.js20" have two letters and a dot.
_MIN_LETTERS: Final = 3
# What may stand behind the digits, as in "Java17+" and "Oracle19c".
_SUFFIXES: Final = b"+cgrx"
_N_DIGITS: Final = 10
_IS_DIGIT: Final = np.isin(np.arange(256), list(b"0123456789"))
_IS_SUFFIX: Final = np.isin(np.arange(256), list(_SUFFIXES))
_VERSION: Final = re.compile(r"\d+[+cgrx]?$")


def split_versions(tokens: Tokens, words: WordList) -> Tokens:
    """Return `tokens` in which words that end in a version are read without it.

    Only words that `words` does not know, and knows without their digits; they keep
    their places, so a mention of "Java17" is as long as it is written.
    """
    numbers = words.find(tokens)
    glued = _glued_words(tokens, numbers)
    if len(glued) == 0:
        return tokens
    names = _names(tokens, glued)
    n_letters = np.array([len(name) for name in names])
    kept = np.flatnonzero(
        (n_letters > 1) & (n_letters + _has_dot(tokens, glued) >= _MIN_LETTERS)
    )
    glued, names = glued[kept], [names[i] for i in kept.tolist()]
    if len(glued) == 0:
        return tokens
    read = tokenize(names).hash
    known = words.number(read)
    found = known != ABSENT
    hashes, numbers = tokens.hash.copy(), numbers.copy()
    hashes[glued[found]] = read[found]
    numbers[glued[found]] = known[found]
    lists = {**tokens.numbers_by_list, words: numbers}
    return tokens._replace(hash=hashes, numbers_by_list=lists)


@compiled
def _glued_words(tokens: Tokens, numbers: npt.NDArray[np.int32]) -> Ints:
    """Return the unknown words that begin with a letter and end in a digit.

    One character may stand behind the digit, of `_SUFFIXES`.
    """
    word = np.flatnonzero(numbers == ABSENT)
    start, end = tokens.start[word], tokens.end[word]
    first, last = tokens.buffer[start], tokens.buffer[end - 1]
    before_last = tokens.buffer[np.maximum(end - 2, start)]
    is_version = _IS_DIGIT[last] | _IS_SUFFIX[last] & _IS_DIGIT[before_last]
    return word[is_version & ~_IS_DIGIT[first]]


def _has_dot(tokens: Tokens, words: Ints) -> Flags:
    """Tell which words stand behind a dot, or before one and a digit."""
    end = tokens.end[words]
    around = (tokens.buffer.take(end + i, mode="clip") for i in (0, 1))
    dot, digit = (a - np.uint8(c) for a, c in zip(around, b".0", strict=True))
    before = tokens.buffer.take(tokens.start[words] - 1, mode="clip")
    return (before == ord(".")) | (dot == 0) & (digit < _N_DIGITS)


def _is_end_of_word(tokens: Tokens, words: Ints, places: Ints) -> Flags:
    """Tell which words end at a place of the buffer."""
    return (words >= 0) & (tokens.end.take(words, mode="clip") == places)


def _names(tokens: Tokens, words: Ints) -> list[str]:
    """Return words without the digits at their ends; "" where others are inside."""
    start, end = tokens.start[words], tokens.end[words]
    # As ".NET" is read: a dot that no word comes before.
    dotted = (tokens.buffer.take(start - 1, mode="clip") == ord(".")) & (start > 0)
    dotted &= ~_is_end_of_word(tokens, words - 1, start - 1)
    written = tokens.texts.spans(start, end)
    names = [_VERSION.sub("", word) for word in written]
    # The dot of ".NET8" is no part of the word, as that of ".NET" is.
    return [
        f".{name}" if has_dot and name.lower() == "net" else name * name.isalpha()
        for name, has_dot in zip(names, dotted.tolist(), strict=True)
    ]
