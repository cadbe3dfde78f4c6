"""Find what stands between words: where a term may go on, and where a list item ends.

For `term_mining`, which looks for skills that the lexicon lacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.skills.proximity import Flags
from roleclf.text import Ints, Tokens

__all__ = ["Borders", "find_borders", "of_next", "of_previous"]

# What may stand inside a term, what parts the items of a list, what else ends them.
_JOINTS: Final = np.frombuffer(b" -.&", np.uint8)
_COMMAS: Final = np.frombuffer(b",;/|", np.uint8)
_BRACKETS: Final = np.frombuffer(b"()[]*:\n\0", np.uint8)
_WIDEST_GAP: Final = 3


@dataclass(frozen=True, slots=True)
class Borders:
    """What stands before and behind each word of a batch.

    Attributes
    ----------
    merge_hits, dotted : bool arrays, shape (n_words,)
        Whether the next word may belong to the same term; whether nothing but a dot is
        between the two.
    comma_before, comma_after : bool arrays, shape (n_words,)
        Whether a comma or the like is there, as in a list.
    opens, closes : bool arrays, shape (n_words,)
        Whether an item of a list may begin or end with the word.
    begins_sentence : bool array, shape (n_words,)
    before, after : int64 arrays, shape (n_words,)
        The nearest words of the text that are no connector; the word itself where
        there is none.
    """

    joined: Flags
    dotted: Flags
    comma_before: Flags
    comma_after: Flags
    opens: Flags
    closes: Flags
    begins_sentence: Flags
    before: Ints
    after: Ints

    def is_item(self, first: Ints, last: Ints) -> Flags:
        """Whether each run of words is an item of a list."""
        comma = self.comma_before[first] | self.comma_after[last]
        return comma & self.opens[first] & self.closes[last]

    def is_beside(self, flags: Flags, first: Ints, last: Ints) -> Flags:
        """Whether a flagged word stands before or behind each run of words."""
        before, after = self.before[first], self.after[last]
        return (flags[before] & (before != first)) | (flags[after] & (after != last))


def find_borders(tokens: Tokens, is_connector: Flags) -> Borders:
    """Return the borders of each word.

    Parameters
    ----------
    is_connector : bool array, shape (n_words,)
        Words such as "and", which part items of lists.
    """
    marks, width = _gaps(tokens)
    comma = np.any(np.isin(marks, _COMMAS), axis=0)
    bracket = np.any(np.isin(marks, _BRACKETS), axis=0)
    ends_sentence = np.append(np.diff(tokens.sentence) != 0, True)
    apart = comma | bracket | ends_sentence | (width > _WIDEST_GAP)
    before, after = _neighbours(tokens, is_connector)
    return Borders(
        joined=(width == 1) & np.isin(marks[0], _JOINTS),
        dotted=(width == 1) & (marks[0] == ord(".")),
        comma_before=of_previous(comma),
        comma_after=comma,
        opens=of_previous(apart, True) | of_previous(is_connector),
        closes=apart | of_next(is_connector),
        begins_sentence=of_previous(ends_sentence, True),
        before=before,
        after=after,
    )


def of_previous(flags: Flags, at_start: bool = False) -> Flags:
    """Return for each word the flag of the word before."""
    return np.append(at_start, flags[:-1])[: len(flags)]


def of_next(flags: Flags) -> Flags:
    """Return for each word the flag of the next."""
    return np.append(flags[1:], False)[: len(flags)]


def _gaps(tokens: Tokens) -> tuple[npt.NDArray[np.uint8], Ints]:
    """Return three marks of the gap behind each word, and its width in characters.

    The first, the middle and the last: the mark of " / " is in the middle.
    """
    next_start = np.append(tokens.start[1:], len(tokens.buffer))[: len(tokens.hash)]
    places = (tokens.end, (tokens.end + next_start) // 2, next_start - 1)
    return tokens.buffer[np.stack(places)], next_start - tokens.end


def _neighbours(tokens: Tokens, is_connector: Flags) -> tuple[Ints, Ints]:
    word, text = np.arange(len(tokens.hash)), tokens.text_of_word
    before = np.maximum(word - 1 - of_previous(is_connector), 0)
    after = np.minimum(word + 1 + of_next(is_connector), len(word) - 1)
    return (
        np.where(text[before] == text, before, word),
        np.where(text[after] == text, after, word),
    )
