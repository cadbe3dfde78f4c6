"""Find the sentences of a batch that state a duty."""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.duties.loop_tables import DutyLoopTables
from roleclf.duties.tables import DutyTables
from roleclf.loops import HAS_LOOPS, compiled
from roleclf.matching import Hits, PhraseTable, TokenStemmer
from roleclf.text import ABSENT, Ints, PairIndex, Tokens, distinct, expand_ranges

__all__ = ["Duties", "DutyPatterns"]

# Words between two parts of a trigger, fillers aside.
_MOST_BETWEEN: Final = 4
_TOO_FAR: Final = _MOST_BETWEEN + 2
_PAIR: Final = 2
_LIST: Final = "parts"


class Duties(NamedTuple):
    """Sentences that state a duty, in reading order.

    Attributes
    ----------
    duty : int64 array, shape (n_stated,)
        Index in `DutyPatterns.ids`.
    text : int64 array, shape (n_stated,)
        Index in the batch.
    start, end : int64 arrays, shape (n_stated,)
        Where the sentence stands in the text, end exclusive.
    is_firm : bool array, shape (n_stated,)
        False where only hints match.
    """

    duty: Ints
    text: Ints
    start: Ints
    end: Ints
    is_firm: npt.NDArray[np.bool_]


class DutyPatterns:
    """The triggers of many duties; costly to build, then fixed.

    Parameters
    ----------
    tables : DutyTables

    Attributes
    ----------
    tables : DutyTables
    ids : tuple of str
        The duties, in the order in which `Duties.duty` counts them.
    words : WordList
        The words of the triggers in all their forms.

    Raises
    ------
    IndexError
        If an array points beyond another, as in a broken model; without compiled loops,
        some of these errors come only from `find`.
    """

    def __init__(self, tables: DutyTables) -> None:
        self.tables = tables
        self.ids = tables.ids
        self._stemmer = TokenStemmer(tables.forms)
        self.words = self._stemmer.words
        self._phrases = PhraseTable([_LIST], tables.states, self._stemmer.roots)
        links, n_phrases = tables.links, len(tables.states.place)
        self._pairs = PairIndex(links.shift, links.left, links.right, len(links.end))
        self._is_left = links.shift != ABSENT
        self._end_number = np.full(n_phrases, ABSENT, np.int32)
        self._end_number[links.end] = np.arange(len(links.end))
        n_lone = np.bincount(tables.lone.phrase, minlength=n_phrases)
        self._lone_bounds = np.append(0, np.cumsum(n_lone))
        if HAS_LOOPS:
            _ = self._loop_tables  # built now, so that a broken model is refused now

    @cached_property
    def _loop_tables(self) -> DutyLoopTables:
        """The tables as the compiled loop reads them.

        Made when first needed: patterns unpickled from an installation without loops
        lack them.
        """
        return DutyLoopTables.of(self.tables, self._stemmer, self._phrases, self._pairs)

    def find(self, tokens: Tokens) -> Duties:
        """Return each duty of each sentence of a batch, once."""
        first, last, duty, is_firm = self._find_sentences(tokens)
        text = tokens.text_of(first)
        base = tokens.base[text]
        start, end = tokens.start[first] - base, tokens.end[last] - base
        return Duties(duty, text, start, end, is_firm)

    @compiled
    def _find_sentences(
        self, tokens: Tokens
    ) -> tuple[Ints, Ints, Ints, npt.NDArray[np.bool_]]:
        """Return first word, last word, duty and firmness of each sentence and duty."""
        stems, rank = self._stemmer.stem(tokens)
        hits = self._phrases.find(stems)[_LIST]
        sentence, duty, is_firm = self._match_duties(stems.sentence, rank, hits)
        first = np.searchsorted(tokens.sentence, sentence)
        last = np.searchsorted(tokens.sentence, sentence, "right") - 1
        return first, last, duty, is_firm

    def _match_duties(
        self, sentence: Ints, rank: Ints, hits: Hits
    ) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
        """Return sentences, a duty that each states, and whether firmly.

        Parameters
        ----------
        sentence, rank : int64 arrays, shape (n_words,)
            Of the words that `TokenStemmer.stem` keeps.
        hits : Hits
            Of the phrases of triggers in these words.
        """
        trigger, word = self._match_triggers(sentence, rank, hits)
        triggers = self.tables.triggers
        stated = sentence[word] * len(self.ids) + triggers.duty[trigger]
        # Sorted, the last row of a sentence and duty is firm if any of them is.
        rows, firm = np.divmod(distinct(2 * stated + triggers.is_firm[trigger]), 2)
        last = np.flatnonzero(np.diff(rows, append=-1))
        stating, duty = np.divmod(rows[last], max(len(self.ids), 1))
        return stating, duty, firm[last] > 0

    def _match_triggers(
        self, sentence: Ints, rank: Ints, hits: Hits
    ) -> tuple[Ints, Ints]:
        """Return the triggers that match as a whole, and a word of each match."""
        single, single_at = self._match_single_parts(hits)
        left, right = self._near_pairs(sentence, rank, hits)
        trigger, step, pair = self._find_steps(hits.phrase[left], hits.phrase[right])
        left, right = hits.first[left[pair]], hits.first[right[pair]]
        is_pair = self.tables.triggers.length[trigger] == _PAIR
        longer = np.flatnonzero(~is_pair)
        long, long_at = self._follow_steps(
            trigger[longer], step[longer], left[longer], right[longer]
        )
        return (
            np.concatenate((single, trigger[is_pair], long)),
            np.concatenate((single_at, left[is_pair], long_at)),
        )

    def _match_single_parts(self, hits: Hits) -> tuple[Ints, Ints]:
        """Return the triggers of one part that match, and the first word of each."""
        begin, end = (self._lone_bounds[hits.phrase + i] for i in (0, 1))
        row, hit = expand_ranges(begin, end)
        return self.tables.lone.trigger[row].astype(np.int64), hits.first[hit]

    def _near_pairs(self, sentence: Ints, rank: Ints, hits: Hits) -> tuple[Ints, Ints]:
        """Return pairs of hits that may be a step: one behind the other, and near.

        Returns
        -------
        left, right : int64 arrays, shape (n_pairs,)
            Indices in `hits`.
        """
        # Puts sentences too far apart for a pair across them.
        place = rank + sentence * _TOO_FAR
        left = np.flatnonzero(self._is_left[hits.phrase])
        ends = np.flatnonzero(self._end_number[hits.phrase] != ABSENT)
        last = place[hits.last[left]]
        # How many of `ends` begin before each place: `searchsorted`, in linear time.
        size = place.max(initial=0) + _TOO_FAR + 1
        before = np.cumsum(np.bincount(place[hits.first[ends]] + 1, minlength=size))
        right, row = expand_ranges(before[last + 1], before[last + _TOO_FAR])
        return left[row], ends[right]

    def _find_steps(self, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
        """Return trigger, step and pair of every step that pairs of phrases make.

        Parameters
        ----------
        left, right : int64 arrays, shape (n_pairs,)
            Numbers of phrases.
        """
        links = self.tables.links
        link = self._pairs.find(left, self._end_number[right])
        known = np.flatnonzero(link != ABSENT)
        link = link[known]
        row, at = expand_ranges(links.bounds[link], links.bounds[link + 1])
        trigger, step = links.trigger[row], links.step[row]
        return trigger.astype(np.int64), step.astype(np.int64), known[at]

    def _follow_steps(
        self, trigger: Ints, step: Ints, left: Ints, right: Ints
    ) -> tuple[Ints, Ints]:
        """Return the triggers whose steps lead to the last part, and a word of each.

        Each row is one step of a trigger: which, and the first words of both parts.
        """
        n_words = right.max(initial=0) + 1
        triggers, places = [trigger[:0]], [right[:0]]
        reached = np.zeros(0, np.int64)
        for now in range(step.max(initial=-1) + 1):
            rows = np.flatnonzero(step == now)
            if now:
                # Few words are both left and reached: most rows need no search.
                rows = rows[_mask(n_words, right[reached])[left[rows]]]
                reached = reached[_mask(n_words, left[rows])[right[reached]]]
                keys = trigger[reached] * n_words + right[reached]
                rows = rows[_is_among(trigger[rows] * n_words + left[rows], keys)]
            whole = rows[self.tables.triggers.length[trigger[rows]] == now + _PAIR]
            triggers.append(trigger[whole])
            places.append(right[whole])
            reached = rows
        return np.concatenate(triggers), np.concatenate(places)


def _is_among(values: Ints, others: Ints) -> npt.NDArray[np.bool_]:
    """Tell which values are among others, in a third of the time of `np.isin`."""
    others = np.sort(others)
    place = np.searchsorted(others, values)
    return np.append(others, -1)[place] == values


def _mask(size: int, places: Ints) -> npt.NDArray[np.bool_]:
    """Return a mask of shape (size,) that is true at `places`."""
    mask = np.zeros(size, bool)
    mask[places] = True
    return mask
