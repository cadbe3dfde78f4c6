"""Find the sentences of a batch that state a duty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.duties.tables import DutyTables, Links
from roleclf.lookup import ABSENT, HashIndex, distinct, expand_ranges, spread
from roleclf.phrases import Hits, PhraseTable
from roleclf.stems import WordForms
from roleclf.tokens import Ints, Tokens

__all__ = ["Duties", "DutyPatterns"]

_MOST_BETWEEN: Final = 4
_TOO_FAR: Final = _MOST_BETWEEN + 2
_PAIR: Final = 2
_LIST: Final = "parts"


@dataclass(frozen=True, slots=True)
class Duties:
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
    """

    def __init__(self, tables: DutyTables) -> None:
        self.tables = tables
        self.ids = tables.ids
        self._forms = WordForms(tables.forms)
        self.words = self._forms.words
        self._table = PhraseTable([_LIST], tables.states, self._forms.roots)
        self._n_phrases = len(tables.states.place)
        self._links = _Index(tables.links)
        self._lone = _Index(tables.lone)
        first, second = np.divmod(tables.links.key, max(self._n_phrases, 1))
        self._leads = _flags(self._n_phrases, first)
        self._ends = _flags(self._n_phrases, second)

    def find(self, tokens: Tokens) -> Duties:
        """Return each duty of each sentence of a batch, once."""
        words, rank = self._forms.thin(tokens)
        hits = self._table.find(words)[_LIST]
        trigger, word = self._match(words.sentence, rank, hits)
        triggers = self.tables.triggers
        stated = words.sentence[word] * len(self.ids) + triggers.duty[trigger]
        # One row a sentence and duty; its last has a firm trigger if any is.
        rows, firm = np.divmod(distinct(2 * stated + triggers.is_firm[trigger]), 2)
        last = np.flatnonzero(np.diff(rows, append=-1))
        sentence, duty = np.divmod(rows[last], max(len(self.ids), 1))
        start, end, text = _bounds(tokens, sentence)
        return Duties(duty, text, start, end, firm[last] > 0)

    def _match(self, sentence: Ints, rank: Ints, hits: Hits) -> tuple[Ints, Ints]:
        """Return the triggers that match as a whole, and a word of each match."""
        lone, _, row = self._lone.find(hits.phrase)
        left, right = self._neighbours(sentence, rank, hits)
        keys = hits.phrase[left] * self._n_phrases + hits.phrase[right]
        trigger, step, pair = self._links.find(keys)
        left, right = hits.first[left[pair]], hits.first[right[pair]]
        whole = self.tables.triggers.length[trigger] == _PAIR
        longer = np.flatnonzero(~whole)
        ended, at = self._follow(
            trigger[longer], step[longer], left[longer], right[longer]
        )
        return (
            np.concatenate((lone, trigger[whole], ended)),
            np.concatenate((hits.first[row], left[whole], at)),
        )

    def _follow(
        self, trigger: Ints, step: Ints, left: Ints, right: Ints
    ) -> tuple[Ints, Ints]:
        """Return the triggers of many parts that are followed to the last, and where.

        Each row is one step of a trigger, from the part at one word to the next.
        """
        n_words = right.max(initial=0) + 1
        triggers, places = [trigger[:0]], [right[:0]]
        reached = np.zeros(0, np.int64)
        for now in range(step.max(initial=-1) + 1):
            at = np.flatnonzero(step == now)
            if now:
                at = at[_among(trigger[at] * n_words + left[at], reached)]
            whole = at[self.tables.triggers.length[trigger[at]] == now + _PAIR]
            triggers.append(trigger[whole])
            places.append(right[whole])
            reached = trigger[at] * n_words + right[at]
        return np.concatenate(triggers), np.concatenate(places)

    def _neighbours(self, sentence: Ints, rank: Ints, hits: Hits) -> tuple[Ints, Ints]:
        """Return the pairs of hits behind each other, a few words apart at most."""
        # Sentences stand too far apart for a pair of hits.
        place = rank + sentence * _TOO_FAR
        left = np.flatnonzero(self._leads[hits.phrase])
        nexts = np.flatnonzero(self._ends[hits.phrase])
        first = place[hits.first[nexts]]
        last = place[hits.last[left]]
        begin = np.searchsorted(first, last + 1)
        end = np.searchsorted(first, last + _TOO_FAR)
        right, row = expand_ranges(begin, end)
        return left[row], nexts[right]


def _bounds(tokens: Tokens, sentence: Ints) -> tuple[Ints, Ints, Ints]:
    """Return where sentences start and end in their text, and which text that is."""
    first = np.searchsorted(tokens.sentence, sentence)
    last = np.searchsorted(tokens.sentence, sentence, "right") - 1
    text = tokens.text_of(first)
    base = tokens.base[text]
    return tokens.start[first] - base, tokens.end[last] - base, text


class _Index:
    """Links by their key; costly to build, then fixed."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._index = HashIndex(spread(links.key))

    def find(self, keys: Ints) -> tuple[Ints, Ints, Ints]:
        """Return trigger, step and place in `keys` of every link of every key."""
        links = self._links
        place = self._index.find(spread(keys))
        known = np.flatnonzero(place != ABSENT)
        place = place[known]
        row, at = expand_ranges(links.bounds[place], links.bounds[place + 1])
        trigger, step = links.trigger[row], links.step[row]
        return trigger.astype(np.int64), step.astype(np.int64), known[at]


def _among(values: Ints, others: Ints) -> npt.NDArray[np.bool_]:
    """Tell which values are among others; `np.isin` takes three times as long."""
    others = np.sort(others)
    place = np.searchsorted(others, values)
    return np.append(others, -1)[place] == values


def _flags(size: int, places: Ints) -> npt.NDArray[np.bool_]:
    flags = np.zeros(size, bool)
    flags[places] = True
    return flags
