"""Recognise the duties of each role in sentences, by the taxonomy's triggers.

Step 6 of the line, behind `skills`: a trigger is a pattern over the words of one
sentence, such as "(monitor|track) .. (data pipelines|jobs)".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.lookup import ABSENT, HashIndex, spread
from roleclf.phrases import Hits, PhraseTable, expand_ranges
from roleclf.stems import WordForms
from roleclf.taxonomy.triggers import expand_trigger
from roleclf.tokens import Tokens

__all__ = ["Duties", "DutyPatterns"]

_MOST_BETWEEN: Final = 4
_TOO_FAR: Final = _MOST_BETWEEN + 2
_PAIR: Final = 2
_LIST: Final = "parts"

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Duties:
    """Sentences that state a duty, as arrays of equal length, in reading order.

    `duty` counts in the list the patterns were made from, `text` in the batch,
    `start` and `end` in the text: the whole sentence.
    """

    duty: Ints
    text: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class _Links:
    """Which triggers two phrases behind each other are a step of, by pair of phrases.

    Rows `bounds[i]:bounds[i + 1]` of `trigger` and `step` belong to the pair at
    place i of `index`.
    """

    index: HashIndex
    bounds: Ints
    trigger: Ints
    step: Ints


class DutyPatterns:
    """The triggers of a list of duties, compiled once.

    Parameters
    ----------
    triggers_by_id : mapping of str to sequence of str
        Triggers of each duty by its concept id; `taxonomy.triggers` has their language.

    Attributes
    ----------
    ids : tuple of str
        The duties, in the order in which `Duties.duty` counts them.
    words : WordList
        The words of the triggers in all their forms.

    Raises
    ------
    ValueError
        If a trigger is not of the language.
    """

    def __init__(self, triggers_by_id: Mapping[str, Sequence[str]]) -> None:
        self.ids = tuple(triggers_by_id)
        self.triggers_by_id = triggers_by_id
        parts_by_trigger = [
            (duty, expand_trigger(trigger))
            for duty, triggers in enumerate(triggers_by_id.values())
            for trigger in triggers
        ]
        phrases = sorted(
            {
                phrase
                for _, parts in parts_by_trigger
                for part in parts
                for phrase in part
            }
        )
        forms = WordForms(phrases)
        number_by_phrase = _numbers(phrases, forms.read(phrases))
        chains = [
            [sorted({number_by_phrase[p] for p in part}) for part in parts]
            for _, parts in parts_by_trigger
        ]
        distinct = {number: phrase for phrase, number in number_by_phrase.items()}
        phrases = [distinct[number] for number in range(len(distinct))]
        self.words = forms.words
        self._forms = forms
        self._table = PhraseTable({_LIST: phrases}, forms.read, forms.roots)
        self._duty = np.array([duty for duty, _ in parts_by_trigger], np.int64)
        self._length = np.array([len(parts) for parts in chains], np.int64)
        self._n_phrases = len(phrases)
        steps = [
            _pairs(left, right, trigger, step)
            for trigger, parts in enumerate(chains)
            for step, (left, right) in enumerate(pairwise(parts))
        ]
        first, second, *of = np.concatenate([np.zeros((0, 4), np.int64), *steps]).T
        self._leads = _flags(self._n_phrases, first)
        self._ends = _flags(self._n_phrases, second)
        self._links = _link(first * self._n_phrases + second, *of)
        alone = [
            (phrase, trigger, 0)
            for trigger, parts in enumerate(chains)
            if len(parts) == 1
            for phrase in parts[0]
        ]
        self._lone = _link(*np.array(alone, np.int64).reshape(-1, 3).T)

    def find(self, tokens: Tokens) -> Duties:
        """Return each duty of each sentence of a batch, once."""
        words, rank = self._forms.thin(tokens)
        hits = self._table.find(words)[_LIST]
        trigger, word = self._match(words.sentence, rank, hits)
        stated = words.sentence[word] * len(self.ids) + self._duty[trigger]
        sentence, duty = np.divmod(np.unique(stated), max(len(self.ids), 1))
        first = np.searchsorted(tokens.sentence, sentence)
        last = np.searchsorted(tokens.sentence, sentence, "right") - 1
        text = np.searchsorted(tokens.bounds, first, "right") - 1
        base = tokens.base[text]
        return Duties(duty, text, tokens.start[first] - base, tokens.end[last] - base)

    def _match(self, sentence: Ints, rank: Ints, hits: Hits) -> tuple[Ints, Ints]:
        """Return the triggers that match as a whole, and a word of each match."""
        lone, _, row = _look_up(self._lone, hits.phrase)
        left, right = self._neighbours(sentence, rank, hits)
        keys = hits.phrase[left] * self._n_phrases + hits.phrase[right]
        trigger, step, pair = _look_up(self._links, keys)
        left, right = hits.first[left[pair]], hits.first[right[pair]]
        whole = self._length[trigger] == _PAIR
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
            whole = at[self._length[trigger[at]] == now + _PAIR]
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


def _pairs(left: list[int], right: list[int], trigger: int, step: int) -> Ints:
    """Return each pair of phrases that makes a step, shape (n_pairs, 4)."""
    rows = np.empty((len(left) * len(right), 4), np.int64)
    rows[:, 0] = np.repeat(left, len(right))
    rows[:, 1] = np.tile(right, len(left))
    rows[:, 2:] = trigger, step
    return rows


def _link(keys: Ints, trigger: Ints, step: Ints) -> _Links:
    order = np.argsort(keys, kind="stable")
    distinct, counts = np.unique(keys, return_counts=True)
    bounds = np.concatenate(([0], np.cumsum(counts)))
    return _Links(HashIndex(spread(distinct)), bounds, trigger[order], step[order])


def _numbers(phrases: Sequence[str], words: Tokens) -> dict[str, int]:
    """Return a number for each phrase, the same where only inflection differs."""
    hashes = words.hash.tolist()
    keys = [tuple(hashes[a:b]) for a, b in pairwise(words.bounds.tolist())]
    number_by_key = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return {p: number_by_key[key] for p, key in zip(phrases, keys, strict=True)}


def _look_up(links: _Links, keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Return trigger, step and place in `keys` of every link of every key."""
    place = links.index.find(spread(keys)).astype(np.int64)
    known = np.flatnonzero(place != ABSENT)
    place = place[known]
    row, at = expand_ranges(links.bounds[place], links.bounds[place + 1])
    return links.trigger[row], links.step[row], known[at]


def _among(values: Ints, others: Ints) -> npt.NDArray[np.bool_]:
    """Tell which values are among others; `np.isin` takes three times as long."""
    others = np.sort(others)
    place = np.searchsorted(others, values)
    return np.append(others, -1)[place] == values


def _flags(size: int, places: Ints) -> npt.NDArray[np.bool_]:
    flags = np.zeros(size, bool)
    flags[places] = True
    return flags
