"""Find the phrases of many lists (lexicon, headings, cues, duties) in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from roleclf.loops import HAS_LOOPS, compiled
from roleclf.matching.automaton import PhraseAutomaton
from roleclf.matching.hits import Hits
from roleclf.matching.phrase_states import (
    ENDS,
    GOES_ON,
    PhraseStates,
    compile_phrases,
)
from roleclf.matching.vocabulary import WordList
from roleclf.text import (
    ABSENT,
    HARD_GAP,
    HashIndex,
    Ints,
    Tokens,
    chain_hashes,
    expand_ranges,
)

__all__ = ["PhraseTable"]


class PhraseTable:
    """Lists of phrases to search for; costly to build, then fixed.

    Parameters
    ----------
    names : sequence of str
        The names of the lists.
    states : PhraseStates
        From `compile_phrases`.
    words : WordList, optional
        Numbers the first and second words of phrases; by default a list of just these.

    Attributes
    ----------
    words : WordList
        As above.

    Raises
    ------
    IndexError
        With compiled loops, if the arrays of `states` do not fit each other.
    """

    def __init__(
        self, names: Sequence[str], states: PhraseStates, words: WordList | None = None
    ) -> None:
        self.words = words or WordList(np.concatenate((states.first, states.second)))
        self._names = names
        self._states = states
        self._index = HashIndex(states.key)
        # The last row of these three is that of no word or state: `ABSENT` reads it.
        self._kind = np.append(states.kind, np.uint8(0))
        first_state = self._index.find(self.words.hashes)
        self._first_state = np.append(first_state, np.int32(ABSENT))
        self._is_second = np.zeros(len(self.words) + 1, bool)
        self._is_second[self.words.number(states.second)] = True
        if HAS_LOOPS:
            _ = self.automaton  # built now, so that a broken model is refused now

    @cached_property
    def automaton(self) -> PhraseAutomaton:
        """The table as the compiled loop reads it.

        Made when first needed: a table unpickled from an installation without loops
        lacks it.
        """
        return PhraseAutomaton.of(
            self._index,
            self._kind,
            self._states.bounds,
            self._first_state,
            self._is_second,
            len(self._states.place),
        )

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]]) -> PhraseTable:
        """Return a table of lists of phrases by name; see `compile_phrases`."""
        return cls(list(lists), compile_phrases(lists))

    def find(self, tokens: Tokens) -> dict[str, Hits]:
        """Return the hits of each list in `tokens`, overlapping ones included."""
        *columns, bounds = self._group_by_list(*self._find_rows(tokens))
        ranges = pairwise(bounds.tolist())
        return {
            name: Hits(*(column[begin:end] for column in columns))
            for name, (begin, end) in zip(self._names, ranges, strict=True)
        }

    @compiled
    def _find_rows(self, tokens: Tokens) -> tuple[Ints, Ints, Ints]:
        """Return each hit's row in `PhraseStates.place`, its first and last word."""
        first, last, state = self._find_states(tokens)
        bounds = self._states.bounds
        rows, hit = expand_ranges(bounds[state], bounds[state + 1])
        return rows, first[hit], last[hit]

    @compiled
    def _group_by_list(
        self, rows: Ints, first: Ints, last: Ints
    ) -> tuple[Ints, Ints, Ints, Ints]:
        """Sort hits by list.

        Returns
        -------
        phrase, first, last : int64 arrays, shape (n_hits,)
            Index of each phrase in its list, and its first and last word.
        bounds : int64 array, shape (n_lists + 1,)
            Hits of list i are `bounds[i]:bounds[i + 1]`.
        """
        # numpy sorts integers of two bytes by counting.
        owner = self._states.owner.astype(np.uint16).take(rows)
        order = np.argsort(owner, kind="stable")
        bounds = np.searchsorted(owner[order], np.arange(len(self._names) + 1))
        place = self._states.place.take(rows.take(order)).astype(np.int64)
        return place, first.take(order), last.take(order), bounds

    def _find_states(self, tokens: Tokens) -> tuple[Ints, ...]:
        """Return first word, last word and state of every run that is a phrase."""
        found = list(self._states_by_length(tokens))
        if not found:
            return (np.zeros(0, np.int64),) * 3
        first, last, states = (
            np.concatenate(part) for part in zip(*found, strict=True)
        )
        # Each length is sorted by first word, and sorted runs are quick to merge.
        order = np.argsort(first * (len(found) + 1) - (last - first), kind="stable")
        return first[order], last[order], states[order]

    def _states_by_length(self, tokens: Tokens) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield the phrases of one word, then those of two, and so on."""
        word = self.words.find(tokens)
        state = self._first_state.take(word, mode="wrap")
        first = np.flatnonzero(state != ABSENT)
        state, hashes = state[first], tokens.hash[first]
        is_joined = tokens.gap != HARD_GAP
        # Most words are no phrase's second: this rules out most runs without a look-up.
        may_follow = is_joined.copy()
        may_follow[:-1] &= self._is_second.take(word[1:], mode="wrap")
        goes_on = may_follow[first]
        n_more = 0
        while first.size:
            kind = self._kind[state]
            # `flatnonzero` of a mask is eight times as fast as of numbers.
            ends = np.flatnonzero(kind & ENDS > 0)
            yield first[ends], first[ends] + n_more, state[ends].astype(np.int64)
            onward = np.flatnonzero((kind & GOES_ON > 0) & goes_on)
            first, hashes = first[onward], hashes[onward]
            gap = tokens.gap[first + n_more]
            n_more += 1
            hashes = chain_hashes(hashes, tokens.hash[first + n_more], gap)
            state, goes_on = self._index.find(hashes), is_joined[first + n_more]
