"""Find every listed phrase in a tokenised batch: lexicon, headings, cues, duties.

Step 3 of the line, beside `tokens`. One walk over the words finds the phrases of
every list at once; who asked for a list then reads its own hits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.lookup import ABSENT, HashIndex
from roleclf.tokens import HARD_GAP, Ints, Tokens, chain, tokenize
from roleclf.words import WordList

__all__ = ["Hits", "PhraseTable", "expand_ranges", "longest_first", "written"]

_TELLING: Final = frozenset("+#@&/")
# What a state of the walk is: a whole phrase, the beginning of a longer one, or both.
_ENDS: Final = 1
_GOES_ON: Final = 2


@dataclass(frozen=True, slots=True)
class Hits:
    """Where phrases stand, sorted by first word, the longer phrase first.

    Attributes
    ----------
    phrase : int64 array, shape (n_hits,)
        Place of the phrase in the list it came from.
    first, last : int64 arrays, shape (n_hits,)
        First and last word, both inclusive.
    """

    phrase: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]

    def pick(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> Hits:
        """Return only the chosen hits."""
        return Hits(self.phrase[chosen], self.first[chosen], self.last[chosen])


class PhraseTable:
    """Lists of phrases, compiled once; phrases are matched word by word in any case.

    Between two words a phrase takes a blank, a hyphen, an underscore or a line
    break alike; `.`, `/`, `&`, `+` and `'` only where the phrase has them.

    Parameters
    ----------
    lists : mapping of str to sequence of str
        Phrases by the name of their list. A phrase may stand in several lists.
    read : callable
        How phrases are cut into words; what `find` is given must be cut alike.
    words : WordList, optional
        What first and second words are looked up in; their own list by default.

    Attributes
    ----------
    words : WordList
        Has the first and second words of phrases.

    Raises
    ------
    ValueError
        If a phrase has no word, or a mark that no phrase may cross.
    """

    def __init__(
        self,
        lists: Mapping[str, Sequence[str]],
        read: Callable[[Sequence[str]], Tokens] = tokenize,
        words: WordList | None = None,
    ) -> None:
        names = list(lists)
        phrases = [phrase for name in names for phrase in lists[name]]
        owners = np.repeat(np.arange(len(names)), [len(lists[n]) for n in names])
        places = np.concatenate(
            [np.arange(len(lists[n])) for n in names] or [np.zeros(0, np.int64)]
        )
        self._names = names
        tokens = read(phrases)
        self._compile(tokens, owners, places)
        first = tokens.hash[tokens.bounds[:-1]]
        second = tokens.hash[tokens.bounds[:-1][np.diff(tokens.bounds) > 1] + 1]
        self.words = words or WordList(np.concatenate((first, second)))
        # One more for what is no word: `ABSENT` reads the last place.
        first_state = self._index.find(self.words.hashes)
        self._first_state = np.append(first_state, ABSENT)
        self._follows = np.append(np.isin(self.words.hashes, second), False)

    def find(self, tokens: Tokens) -> dict[str, Hits]:
        """Return the hits of each list in `tokens`, overlapping ones included."""
        first, last, state = self._walk(tokens)
        phrases, hit = expand_ranges(self._by_state[state], self._by_state[state + 1])
        hits = Hits(self._place[phrases], first[hit], last[hit])
        if len(self._names) == 1:
            return {self._names[0]: hits}
        owner = self._owner[phrases]
        return {name: hits.pick(owner == i) for i, name in enumerate(self._names)}

    def _compile(
        self,
        tokens: Tokens,
        owners: npt.NDArray[np.int64],
        places: npt.NDArray[np.int64],
    ) -> None:
        lengths = np.diff(tokens.bounds)
        _refuse_broken(tokens, lengths)
        heads, ends = tokens.bounds[:-1], tokens.bounds[1:] - 1
        state = tokens.hash[heads]
        final, open_states = np.zeros(len(state), np.uint64), []
        alive = np.arange(len(state))
        step = 0
        while alive.size:
            at_end = heads[alive] + step == ends[alive]
            final[alive[at_end]] = state[alive[at_end]]
            alive = alive[~at_end]
            open_states.append(state[alive])
            word = heads[alive] + step
            state[alive] = chain(state[alive], tokens.hash[word + 1], tokens.gap[word])
            step += 1
        inner = np.unique(np.concatenate([*open_states, np.zeros(0, np.uint64)]))
        keys = np.union1d(inner, final)
        self._index = HashIndex(keys)
        flags = _ENDS * np.isin(keys, final) | _GOES_ON * np.isin(keys, inner)
        # One more for what is no state: `lookup.ABSENT` reads the last place.
        self._flags = np.append(flags, 0).astype(np.uint8)
        by_state = np.searchsorted(keys, final)
        order = np.argsort(by_state, kind="stable")
        self._by_state = np.searchsorted(by_state[order], np.arange(len(keys) + 1))
        self._owner, self._place = owners[order], places[order]

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
        goes_on = joined[first]
        goes_on[goes_on] = self._follows.take(word[first[goes_on] + 1], mode="wrap")
        n_more = 0
        while first.size:
            flags = self._flags[state]
            ends = np.flatnonzero(flags & _ENDS)
            yield first[ends], first[ends] + n_more, state[ends].astype(np.int64)
            onward = np.flatnonzero((flags & _GOES_ON > 0) & goes_on)
            first, hashes = first[onward], hashes[onward]
            gap = tokens.gap[first + n_more]
            n_more += 1
            hashes = chain(hashes, tokens.hash[first + n_more], gap)
            state, goes_on = self._index.find(hashes), joined[first + n_more]


def longest_first(hits: Hits) -> npt.NDArray[np.bool_]:
    """Choose hits that do not overlap: from the left, the longest at each place.

    Returns
    -------
    bool array, shape (n_hits,)
    """
    chosen = np.ones(len(hits.first), bool)
    if len(hits.first) < 2:
        return chosen
    # Only where a hit starts before an earlier one ends is there a choice to make.
    furthest = np.maximum.accumulate(hits.last)
    overlaps = np.concatenate(([False], hits.first[1:] <= furthest[:-1]))
    doubtful = np.flatnonzero(overlaps)
    begins = ~overlaps[doubtful - 1]
    columns = (doubtful, begins, hits.first[doubtful], hits.last[doubtful])
    covered = -1
    for i, begin, first, last in zip(*(c.tolist() for c in columns), strict=True):
        covered = int(hits.last[i - 1]) if begin else covered
        chosen[i] = first > covered
        covered = last if first > covered else covered
    return chosen


def written(tokens: Tokens, hits: Hits) -> list[str]:
    """Return each hit as it is written in its text."""
    return tokens.texts.spans(tokens.start[hits.first], tokens.end[hits.last])


def expand_ranges(
    begin: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return every number of the ranges `begin[i]:end[i]`, and its i."""
    counts = end - begin
    row = np.repeat(np.arange(len(counts)), counts)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return begin[row] + offset, row


def _refuse_broken(tokens: Tokens, lengths: npt.NDArray[np.int64]) -> None:
    for i in np.flatnonzero(lengths == 0).tolist():
        raise ValueError(f"phrase {tokens.texts[i]!r} has no word")
    ends = np.zeros(len(tokens.gap), bool)
    ends[tokens.bounds[1:] - 1] = True
    for word in np.flatnonzero((tokens.gap == HARD_GAP) & ~ends).tolist():
        text = tokens.texts[int(np.searchsorted(tokens.bounds, word, "right")) - 1]
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
