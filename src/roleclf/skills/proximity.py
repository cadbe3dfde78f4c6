"""Compare the places of hits and cues: beside, behind, inside, in one sentence.

Each test returns one flag for each hit, or for each word, that it is asked about. Hits
and cues are sorted by first word, as `Hits` are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from roleclf.matching import Hits
from roleclf.text import HARD_GAP, Ints, Tokens, expand_ranges

__all__ = [
    "Flags",
    "directly_follows",
    "directly_precedes",
    "follows_within",
    "is_inside",
    "is_near_cue",
    "is_whole_line",
    "pairs_within",
    "shares_sentence",
]

Flags = npt.NDArray[np.bool_]


def directly_follows(tokens: Tokens, hits: Hits, cues: Hits) -> Flags:
    """Whether each hit begins at the word behind a cue, with no hard gap between."""
    begins = np.zeros(len(tokens.hash) + 1, bool)
    begins[cues.last[tokens.gap[cues.last] != HARD_GAP] + 1] = True
    return begins[hits.first]


def directly_precedes(tokens: Tokens, hits: Hits, cues: Hits) -> Flags:
    """Whether each hit ends at the word before a cue, with no hard gap between."""
    begins = np.zeros(len(tokens.hash) + 1, bool)
    begins[cues.first] = True
    return begins[hits.last + 1] & (tokens.gap[hits.last] != HARD_GAP)


def is_inside(hits: Hits, phrases: Hits) -> Flags:
    """Whether each hit lies within one of the phrases."""
    begin = np.searchsorted(hits.first, phrases.first)
    end = np.searchsorted(hits.first, phrases.last, "right")
    hit, phrase = expand_ranges(begin, end)
    found = np.zeros(len(hits.first), bool)
    found[hit[hits.last[hit] <= phrases.last[phrase]]] = True
    return found


def is_whole_line(tokens: Tokens, hits: Hits) -> Flags:
    """Whether each hit is all the words of its line."""
    return tokens.begins_line(hits.first) & tokens.ends_line(hits.last)


def shares_sentence(tokens: Tokens, words: Ints, cues: Hits) -> Flags:
    """Whether a cue begins in the sentence of each word."""
    if len(words) == 0:
        return np.zeros(0, bool)
    has_cue = np.zeros(tokens.sentence[-1] + 1, bool)
    has_cue[tokens.sentence[cues.first]] = True
    return has_cue[tokens.sentence[words]]


def is_near_cue(tokens: Tokens, words: Ints, cues: Hits, n_words: int) -> Flags:
    """Whether a cue begins within `n_words` of each word, in its sentence."""
    begin = np.searchsorted(words, cues.first - n_words)
    end = np.searchsorted(words, cues.first + n_words, "right")
    word, cue = expand_ranges(begin, end)
    is_same = tokens.sentence[words[word]] == tokens.sentence[cues.first[cue]]
    found = np.zeros(len(words), bool)
    found[word[is_same]] = True
    return found


def follows_within(tokens: Tokens, words: Ints, cues: Hits, n_words: int) -> Flags:
    """Whether each word is among the `n_words` behind a cue in its sentence."""
    found = np.zeros(len(words), bool)
    found[pairs_within(tokens, words, cues, n_words)[0]] = True
    return found


def pairs_within(
    tokens: Tokens, words: Ints, cues: Hits, n_words: int
) -> tuple[Ints, Ints]:
    """Return the pairs of a word and a cue at most `n_words` before it in its sentence.

    Returns
    -------
    tuple of two int64 arrays, shape (n_pairs,)
        Places in `words` and in `cues`.
    """
    beyond = cues.last + 1
    sentence = tokens.sentence[cues.last]
    sentence_end = np.searchsorted(tokens.sentence, sentence, "right")
    end = np.searchsorted(words, np.minimum(beyond + n_words, sentence_end))
    return expand_ranges(np.searchsorted(words, beyond), end)
