"""Compile lists of phrases into the states of an automaton over words.

A state is a run of words that a phrase begins with, known by the chained hash of the
words. Models keep these arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.text import HARD_GAP, Hashes, Tokens, chain_hashes, distinct, tokenize

__all__ = ["ENDS", "GOES_ON", "KIND_BITS", "PhraseStates", "compile_phrases"]

# Bits of a state's kind: a phrase ends here; a longer phrase goes on from here.
ENDS: Final = 1
GOES_ON: Final = 2
KIND_BITS: Final = 2
# Marks that change the meaning of the word beside them, as in "C++" and ".NET".
_MEANINGFUL_MARKS: Final = frozenset("+#@&/")


class PhraseStates(NamedTuple):
    """Compiled lists of phrases.

    The names of the fields are keys in model files.

    Attributes
    ----------
    key : uint64 array, shape (n_states,)
        Chained hash of each state's words, rising.
    kind : uint8 array, shape (n_states,)
        The bits `ENDS` and `GOES_ON`.
    bounds : int32 array, shape (n_states + 1,)
        Rows `bounds[i]:bounds[i + 1]` of `owner` and `place` are the phrases that end
        in state i.
    owner, place : int32 arrays, shape (n_phrases,)
        The list of each phrase, and its index there.
    first, second : uint64 arrays
        Hashes of the words that come first, and second, in any phrase.
    """

    key: npt.NDArray[np.uint64]
    kind: npt.NDArray[np.uint8]
    bounds: npt.NDArray[np.int32]
    owner: npt.NDArray[np.int32]
    place: npt.NDArray[np.int32]
    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]


def compile_phrases(
    lists: Mapping[str, Sequence[str]],
    tokenizer: Callable[[Sequence[str]], Tokens] = tokenize,
) -> PhraseStates:
    """Compile lists of phrases, to be matched word by word in any letter case.

    Between two words of a phrase, a text may have a blank, a hyphen, an underscore or
    a line end, whichever the phrase has; `.`, `/`, `&`, `+` and `'` only where the
    phrase has the same.

    Parameters
    ----------
    lists : mapping of str to sequence of str
        Phrases by the name of their list. A phrase may stand in several lists.
    tokenizer : callable
        Cuts phrases into words, as the texts to be searched will be.

    Raises
    ------
    ValueError
        If a phrase has no word, or a mark that no phrase may cross.
    """
    tokens = tokenizer([phrase for phrases in lists.values() for phrase in phrases])
    n_words = np.diff(tokens.bounds)
    _check_phrases(tokens, n_words)
    final, inner = _chained_hashes(tokens)
    key = distinct(np.concatenate((inner, final)))
    # Sorted queries make `searchsorted` three times as fast.
    order = np.argsort(final, kind="stable")
    state = np.searchsorted(key, final[order])
    kind = np.zeros(len(key), np.uint8)
    kind[state] |= ENDS
    kind[np.searchsorted(key, inner)] |= GOES_ON
    n_ended = np.bincount(state, minlength=len(key))
    owner, place = _owners_and_places([len(phrases) for phrases in lists.values()])
    first_word = tokens.bounds[:-1]
    return PhraseStates(
        key=key,
        kind=kind,
        bounds=np.append(0, n_ended.cumsum()).astype(np.int32),
        owner=owner[order],
        place=place[order],
        first=distinct(tokens.hash[first_word]),
        second=distinct(tokens.hash[first_word[n_words > 1] + 1]),
    )


def _owners_and_places(
    sizes: Sequence[int],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return the list of each phrase and its index there, for lists of these sizes."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return owner.astype(np.int32), place.astype(np.int32)


def _chained_hashes(tokens: Tokens) -> tuple[Hashes, Hashes]:
    """Return the hash of each phrase, and of every proper prefix, in whole words."""
    first, last = tokens.bounds[:-1], tokens.bounds[1:] - 1
    hashes = tokens.hash[first]
    prefixes = [hashes[:0]]
    longer = np.flatnonzero(first < last)
    step = 0
    while longer.size:
        prefixes.append(hashes[longer])
        word = first[longer] + step
        hashes[longer] = chain_hashes(
            hashes[longer], tokens.hash[word + 1], tokens.gap[word]
        )
        step += 1
        longer = longer[word + 1 < last[longer]]
    return hashes, distinct(np.concatenate(prefixes))


def _check_phrases(tokens: Tokens, n_words: npt.NDArray[np.int64]) -> None:
    """Refuse phrases that no text could match, or that would match too much."""
    for i in np.flatnonzero(n_words == 0).tolist():
        raise ValueError(f"phrase {tokens.texts[i]!r} has no word")
    is_last = np.zeros(len(tokens.gap), bool)
    is_last[tokens.bounds[1:] - 1] = True
    for word in np.flatnonzero((tokens.gap == HARD_GAP) & ~is_last).tolist():
        text = tokens.texts[int(tokens.text_of(np.array(word)))]
        raise ValueError(f"phrase {text!r} has a mark that no phrase may cross")
    first, last = tokens.bounds[:-1], tokens.bounds[1:] - 1
    n_outside = tokens.start[first] - tokens.base + tokens.texts.ends - tokens.end[last]
    for i in np.flatnonzero(n_outside).tolist():
        _check_outer_marks(tokens, i)


def _check_outer_marks(tokens: Tokens, i: int) -> None:
    """Refuse a phrase with a mark outside its words: "C ++" would match every "c"."""
    start = tokens.start[tokens.bounds[i]] - tokens.base[i]
    end = tokens.end[tokens.bounds[i + 1] - 1] - tokens.base[i]
    outside = tokens.texts[i][:start] + tokens.texts[i][end:]
    has_mark = not _MEANINGFUL_MARKS.isdisjoint(outside)
    if has_mark and not any(map(str.isalnum, outside)):
        raise ValueError(f"phrase {tokens.texts[i]!r} begins or ends in a mark")
