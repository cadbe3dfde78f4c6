"""Find every listed phrase in a tokenised batch: lexicon, headings, cues, duties.

Step 3 of the line, beside `tokens`. One walk over the words finds the phrases of
every list at once; who asked for a list then reads its own hits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import HAS_LOOPS, compiled
from roleclf.matching.automaton import Walk
from roleclf.matching.hits import Hits
from roleclf.matching.vocabulary import WordList
from roleclf.text import (
    ABSENT,
    HARD_GAP,
    Hashes,
    HashIndex,
    Ints,
    Tokens,
    chain_hashes,
    distinct,
    expand_ranges,
    tokenize,
)

__all__ = [
    "PhraseTable",
    "States",
    "compile_phrases",
]

_TELLING: Final = frozenset("+#@&/")
# What a state of the walk is: a whole phrase, the beginning of a longer one, or both.
_ENDS: Final = 1
_GOES_ON: Final = 2


class States(NamedTuple):
    """Lists of phrases, compiled: what each run of words stands for.

    Attributes
    ----------
    key : uint64 array, shape (n_states,)
        Chained hash of the words, rising.
    kind : uint8 array, shape (n_states,)
        Whether a phrase ends here, goes on, or both.
    bounds : int32 array, shape (n_states + 1,)
        The phrases that end in state i stand at `bounds[i]:bounds[i + 1]` of:
    owner, place : int32 arrays, shape (n_phrases,)
        The list of each phrase, and its place there.
    first, second : uint64 arrays
        Hashes of the first and of the second words of phrases.
    """

    key: npt.NDArray[np.uint64]
    kind: npt.NDArray[np.uint8]
    bounds: npt.NDArray[np.int32]
    owner: npt.NDArray[np.int32]
    place: npt.NDArray[np.int32]
    first: npt.NDArray[np.uint64]
    second: npt.NDArray[np.uint64]


class PhraseTable:
    """Lists of phrases to look for; costly to build, then fixed.

    Parameters
    ----------
    names : sequence of str
        The names of the lists.
    states : States
        As `compile_phrases` returns them.
    words : WordList, optional
        What first and second words are looked up in; their own list by default.

    Attributes
    ----------
    words : WordList
        Has the first and second words of phrases.
    """

    def __init__(
        self, names: Sequence[str], states: States, words: WordList | None = None
    ) -> None:
        self.words = words or WordList(np.concatenate((states.first, states.second)))
        self._names = names
        self._states = states
        self._index = HashIndex(states.key)
        # One more for what is not known: `lookup.ABSENT` reads the last place.
        self._kind = np.append(states.kind, np.uint8(0))
        first_state = self._index.find(self.words.hashes)
        self._first_state = np.append(first_state, np.int32(ABSENT))
        self._follows = np.zeros(len(self.words) + 1, bool)
        self._follows[self.words.number(states.second)] = True
        if HAS_LOOPS:
            _ = self.walk  # now, for it refuses what a broken model has

    @cached_property
    def walk(self) -> Walk:
        """What the loop reads; a pickle from where there is none has it not."""
        return Walk.of(
            self._index,
            self._kind,
            self._states.bounds,
            self._first_state,
            self._follows,
            len(self._states.place),
        )

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]]) -> PhraseTable:
        """Return a table of lists of phrases; see `compile_phrases`."""
        return cls(list(lists), compile_phrases(lists))

    def find(self, tokens: Tokens) -> dict[str, Hits]:
        """Return the hits of each list in `tokens`, overlapping ones included."""
        *columns, bounds = self._by_list(*self._rows(tokens))
        parts = pairwise(bounds.tolist())
        return {
            name: Hits(*(column[begin:end] for column in columns))
            for name, (begin, end) in zip(self._names, parts, strict=True)
        }

    @compiled
    def _rows(self, tokens: Tokens) -> tuple[Ints, Ints, Ints]:
        """Return each hit's place in `States.place`, its first and its last word."""
        first, last, state = self._walk(tokens)
        bounds = self._states.bounds
        phrases, hit = expand_ranges(bounds[state], bounds[state + 1])
        return phrases, first[hit], last[hit]

    @compiled
    def _by_list(
        self, phrases: Ints, first: Ints, last: Ints
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the hits list by list: places there, first and last words, bounds."""
        # Of two bytes, which are sorted by counting.
        owner = self._states.owner.astype(np.uint16).take(phrases)
        order = np.argsort(owner, kind="stable")
        bounds = np.searchsorted(owner[order], np.arange(len(self._names) + 1))
        place = self._states.place.take(phrases.take(order)).astype(np.int64)
        return place, first.take(order), last.take(order), bounds

    def _walk(self, tokens: Tokens) -> tuple[Ints, ...]:
        """Return first word, last word and state of every phrase."""
        found = list(self._ended(tokens))
        if not found:
            return (np.zeros(0, np.int64),) * 3
        first, last, states = (
            np.concatenate(part) for part in zip(*found, strict=True)
        )
        # Each step found its hits from the left, and merging what is sorted is quick.
        order = np.argsort(first * (len(found) + 1) - (last - first), kind="stable")
        return first[order], last[order], states[order]

    def _ended(self, tokens: Tokens) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield the phrases of one word, then those of two, and so on."""
        word = self.words.find(tokens)
        state = self._first_state.take(word, mode="wrap")
        first = np.flatnonzero(state != ABSENT)
        state, hashes = state[first], tokens.hash[first]
        joined = tokens.gap != HARD_GAP
        # Most words are no phrase's second: what stands before those ends there.
        follows = joined.copy()
        follows[:-1] &= self._follows.take(word[1:], mode="wrap")
        goes_on = follows[first]
        n_more = 0
        while first.size:
            kind = self._kind[state]
            # Of a mask, not of numbers: eight times as fast.
            ends = np.flatnonzero(kind & _ENDS > 0)
            yield first[ends], first[ends] + n_more, state[ends].astype(np.int64)
            onward = np.flatnonzero((kind & _GOES_ON > 0) & goes_on)
            first, hashes = first[onward], hashes[onward]
            gap = tokens.gap[first + n_more]
            n_more += 1
            hashes = chain_hashes(hashes, tokens.hash[first + n_more], gap)
            state, goes_on = self._index.find(hashes), joined[first + n_more]


def compile_phrases(
    lists: Mapping[str, Sequence[str]],
    read: Callable[[Sequence[str]], Tokens] = tokenize,
) -> States:
    """Return what phrases are found by; they are matched word by word in any case.

    Between two words a phrase takes a blank, a hyphen, an underscore or a line
    break alike; `.`, `/`, `&`, `+` and `'` only where the phrase has them.

    Parameters
    ----------
    lists : mapping of str to sequence of str
        Phrases by the name of their list. A phrase may stand in several lists.
    read : callable
        How phrases are cut into words; what is searched must be cut alike.

    Raises
    ------
    ValueError
        If a phrase has no word, or a mark that no phrase may cross.
    """
    tokens = read([phrase for phrases in lists.values() for phrase in phrases])
    lengths = np.diff(tokens.bounds)
    _refuse_broken(tokens, lengths)
    final, inner = _chained(tokens)
    key = distinct(np.concatenate((inner, final)))
    # What is sought rising is found three times as fast.
    order = np.argsort(final, kind="stable")
    state = np.searchsorted(key, final[order])
    kind = np.zeros(len(key), np.uint8)
    kind[state] |= _ENDS
    kind[np.searchsorted(key, inner)] |= _GOES_ON
    n_ended = np.bincount(state, minlength=len(key))
    sizes = [len(phrases) for phrases in lists.values()]
    owner = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    heads = tokens.bounds[:-1]
    return States(
        key=key,
        kind=kind,
        bounds=np.append(0, n_ended.cumsum()).astype(np.int32),
        owner=owner[order].astype(np.int32),
        place=place[order].astype(np.int32),
        first=distinct(tokens.hash[heads]),
        second=distinct(tokens.hash[heads[lengths > 1] + 1]),
    )


def _chained(tokens: Tokens) -> tuple[Hashes, Hashes]:
    """Return the hash of each phrase, and those of all beginnings of longer ones."""
    heads, ends = tokens.bounds[:-1], tokens.bounds[1:] - 1
    state = tokens.hash[heads]
    beginnings = [state[:0]]
    alive = np.flatnonzero(heads < ends)
    step = 0
    while alive.size:
        beginnings.append(state[alive])
        word = heads[alive] + step
        state[alive] = chain_hashes(
            state[alive], tokens.hash[word + 1], tokens.gap[word]
        )
        step += 1
        alive = alive[word + 1 < ends[alive]]
    return state, distinct(np.concatenate(beginnings))


def _refuse_broken(tokens: Tokens, lengths: npt.NDArray[np.int64]) -> None:
    for i in np.flatnonzero(lengths == 0).tolist():
        raise ValueError(f"phrase {tokens.texts[i]!r} has no word")
    ends = np.zeros(len(tokens.gap), bool)
    ends[tokens.bounds[1:] - 1] = True
    for word in np.flatnonzero((tokens.gap == HARD_GAP) & ~ends).tolist():
        text = tokens.texts[int(tokens.text_of(np.array(word)))]
        raise ValueError(f"phrase {text!r} has a mark that no phrase may cross")
    heads, ends = tokens.bounds[:-1], tokens.bounds[1:] - 1
    lost = tokens.start[heads] - tokens.base + tokens.texts.ends - tokens.end[ends]
    for i in np.flatnonzero(lost).tolist():
        _refuse_lost_marks(tokens, i)


def _refuse_lost_marks(tokens: Tokens, i: int) -> None:
    """Refuse a phrase with a mark outside its words: "C ++" would be found in any c."""
    start = tokens.start[tokens.bounds[i]] - tokens.base[i]
    end = tokens.end[tokens.bounds[i + 1] - 1] - tokens.base[i]
    lost = tokens.texts[i][:start] + tokens.texts[i][end:]
    if _TELLING.intersection(lost) and not any(map(str.isalnum, lost)):
        raise ValueError(f"phrase {tokens.texts[i]!r} begins or ends in a mark")
