"""Find the sentences of a batch that state a duty."""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.duties.packed import Packed
from roleclf.duties.tables import DutyTables
from roleclf.loops import HAS_LOOPS, compiled
from roleclf.matching import Hits, PhraseTable, WordForms
from roleclf.text import ABSENT, Ints, PairIndex, Tokens, distinct, expand_ranges

__all__ = ["Duties", "DutyPatterns"]

_MOST_BETWEEN: Final = 4
_TOO_FAR: Final = _MOST_BETWEEN + 2
_PAIR: Final = 2
_LIST: Final = "parts"


class Duties(NamedTuple):
    """Sentences that state a duty, as arrays of equal length, in reading order.

    `duty` counts in the list the patterns were made from, `text` in the batch,
    `start` and `end` in the text: the whole sentence. `is_firm` is false where only
    hints point to the duty.
    """

    duty: Ints
    text: Ints
    start: Ints
    end: Ints
    is_firm: npt.NDArray[np.bool_]


class DutyPatterns:
    """The triggers of a list of duties; costly to build, then fixed.

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
        If one table points to where another has nothing, as in a broken model; without
        compiled loops not before `find` comes there.
    """

    def __init__(self, tables: DutyTables) -> None:
        self.tables = tables
        self.ids = tables.ids
        self._forms = WordForms(tables.forms)
        self.words = self._forms.words
        self._table = PhraseTable([_LIST], tables.states, self._forms.roots)
        links, n_phrases = tables.links, len(tables.states.place)
        self._steps = PairIndex(links.shift, links.left, links.right, len(links.end))
        self._leads = links.shift != ABSENT
        self._end = np.full(n_phrases, ABSENT, np.int32)
        self._end[links.end] = np.arange(len(links.end))
        n_lone = np.bincount(tables.lone.phrase, minlength=n_phrases)
        self._lone_bounds = np.append(0, np.cumsum(n_lone))
        if HAS_LOOPS:
            _ = self._packed  # now, for it refuses what a broken model has

    @cached_property
    def _packed(self) -> Packed:
        """What the loop reads; a pickle from where there is none has it not."""
        return Packed.of(self.tables, self._forms, self._table, self._steps)

    def find(self, tokens: Tokens) -> Duties:
        """Return each duty of each sentence of a batch, once."""
        first, last, duty, is_firm = self._found(tokens)
        text = tokens.text_of(first)
        base = tokens.base[text]
        start, end = tokens.start[first] - base, tokens.end[last] - base
        return Duties(duty, text, start, end, is_firm)

    @compiled
    def _found(self, tokens: Tokens) -> tuple[Ints, Ints, Ints, npt.NDArray[np.bool_]]:
        """Return the first and last words of sentences, a duty, whether it is firm."""
        words, rank = self._forms.thin(tokens)
        hits = self._table.find(words)[_LIST]
        sentence, duty, is_firm = self._stated(words.sentence, rank, hits)
        first = np.searchsorted(tokens.sentence, sentence)
        last = np.searchsorted(tokens.sentence, sentence, "right") - 1
        return first, last, duty, is_firm

    def _stated(
        self, sentence: Ints, rank: Ints, hits: Hits
    ) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
        """Return sentences, a duty that each states, and whether it does so firmly.

        Parameters
        ----------
        sentence, rank : int64 arrays, shape (n_words,)
            Of the words as `stems.WordForms.thin` leaves them.
        hits : Hits
            Of the parts of triggers in these words.
        """
        trigger, word = self._match(sentence, rank, hits)
        triggers = self.tables.triggers
        stated = sentence[word] * len(self.ids) + triggers.duty[trigger]
        # One row a sentence and duty; its last has a firm trigger if any is.
        rows, firm = np.divmod(distinct(2 * stated + triggers.is_firm[trigger]), 2)
        last = np.flatnonzero(np.diff(rows, append=-1))
        stating, duty = np.divmod(rows[last], max(len(self.ids), 1))
        return stating, duty, firm[last] > 0

    def _match(self, sentence: Ints, rank: Ints, hits: Hits) -> tuple[Ints, Ints]:
        """Return the triggers that match as a whole, and a word of each match."""
        alone, lone = self._alone(hits)
        left, right = self._neighbours(sentence, rank, hits)
        trigger, step, pair = self._links(hits.phrase[left], hits.phrase[right])
        left, right = hits.first[left[pair]], hits.first[right[pair]]
        whole = self.tables.triggers.length[trigger] == _PAIR
        longer = np.flatnonzero(~whole)
        ended, at = self._follow(
            trigger[longer], step[longer], left[longer], right[longer]
        )
        return (
            np.concatenate((alone, trigger[whole], ended)),
            np.concatenate((lone, left[whole], at)),
        )

    def _alone(self, hits: Hits) -> tuple[Ints, Ints]:
        """Return the triggers of one part, and where that stands."""
        begin, end = (self._lone_bounds[hits.phrase + i] for i in (0, 1))
        row, hit = expand_ranges(begin, end)
        return self.tables.lone.trigger[row].astype(np.int64), hits.first[hit]

    def _follow(
        self, trigger: Ints, step: Ints, left: Ints, right: Ints
    ) -> tuple[Ints, Ints]:
        """Return the triggers of many parts that are followed to the last, and where.

        Each row is one step of a trigger, from the part at one word to the next.
        """
        n_words = right.max(initial=0) + 1
        triggers, places = [trigger[:0]], [right[:0]]
        so_far = np.zeros(0, np.int64)
        for now in range(step.max(initial=-1) + 1):
            at = np.flatnonzero(step == now)
            if now:
                # Few words are left and reached: most rows need no search.
                at = at[_flags(n_words, right[so_far])[left[at]]]
                so_far = so_far[_flags(n_words, left[at])[right[so_far]]]
                reached = trigger[so_far] * n_words + right[so_far]
                at = at[_among(trigger[at] * n_words + left[at], reached)]
            whole = at[self.tables.triggers.length[trigger[at]] == now + _PAIR]
            triggers.append(trigger[whole])
            places.append(right[whole])
            so_far = at
        return np.concatenate(triggers), np.concatenate(places)

    def _links(self, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
        """Return trigger, step and place of every step that pairs of phrases are."""
        links = self.tables.links
        place = self._steps.find(left, self._end[right])
        known = np.flatnonzero(place != ABSENT)
        place = place[known]
        row, at = expand_ranges(links.bounds[place], links.bounds[place + 1])
        trigger, step = links.trigger[row], links.step[row]
        return trigger.astype(np.int64), step.astype(np.int64), known[at]

    def _neighbours(self, sentence: Ints, rank: Ints, hits: Hits) -> tuple[Ints, Ints]:
        """Return the pairs of hits behind each other, a few words apart at most."""
        # Sentences stand too far apart for a pair of hits.
        place = rank + sentence * _TOO_FAR
        left = np.flatnonzero(self._leads[hits.phrase])
        nexts = np.flatnonzero(self._end[hits.phrase] != ABSENT)
        last = place[hits.last[left]]
        # How many begin before each place: what a search would find, but at once.
        size = place.max(initial=0) + _TOO_FAR + 1
        before = np.cumsum(np.bincount(place[hits.first[nexts]] + 1, minlength=size))
        right, row = expand_ranges(before[last + 1], before[last + _TOO_FAR])
        return left[row], nexts[right]


def _among(values: Ints, others: Ints) -> npt.NDArray[np.bool_]:
    """Tell which values are among others; `np.isin` takes three times as long."""
    others = np.sort(others)
    place = np.searchsorted(others, values)
    return np.append(others, -1)[place] == values


def _flags(size: int, places: Ints) -> npt.NDArray[np.bool_]:
    flags = np.zeros(size, bool)
    flags[places] = True
    return flags
