"""Recognise the duties of each role in sentences, by the taxonomy's triggers.

Step 6 of the line, behind `skills`: a trigger is a pattern over the words of one
sentence, such as "(monitor|track) .. (data pipelines|jobs)".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, product
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.lookup import ABSENT, HashIndex
from roleclf.phrases import Hits, PhraseTable, expand_ranges
from roleclf.stems import WordForms
from roleclf.taxonomy.triggers import expand_trigger
from roleclf.tokens import Tokens

__all__ = ["Duties", "DutyPatterns"]

_MOST_BETWEEN: Final = 4
_LIST: Final = "parts"
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)

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
        self._forms = forms
        self._table = PhraseTable({_LIST: phrases}, read=forms.read)
        self._duty = np.array([duty for duty, _ in parts_by_trigger], np.int64)
        self._length = np.array([len(parts) for parts in chains], np.int64)
        self._n_phrases = len(phrases)
        self._links = self._link(
            (first * self._n_phrases + second, trigger, step)
            for trigger, parts in enumerate(chains)
            for step, (left, right) in enumerate(pairwise(parts))
            for first, second in product(left, right)
        )
        self._lone = self._link(
            (phrase, trigger, 0)
            for trigger, parts in enumerate(chains)
            if len(parts) == 1
            for phrase in parts[0]
        )
        self._leads = _flags(
            self._n_phrases, (p for c in chains for p in chain.from_iterable(c[:-1]))
        )
        self._ends = _flags(
            self._n_phrases, (p for c in chains for p in chain.from_iterable(c[1:]))
        )

    def find(self, tokens: Tokens) -> Duties:
        """Return each duty of each sentence of a batch, once."""
        words = self._forms.thin(tokens)
        trigger, word = self._match(words, self._table.find(words)[_LIST])
        stated = words.sentence[word] * len(self.ids) + self._duty[trigger]
        sentence, duty = np.divmod(np.unique(stated), max(len(self.ids), 1))
        first = np.searchsorted(tokens.sentence, sentence)
        last = np.searchsorted(tokens.sentence, sentence, "right") - 1
        text = np.searchsorted(tokens.bounds, first, "right") - 1
        base = tokens.base[text]
        return Duties(duty, text, tokens.start[first] - base, tokens.end[last] - base)

    def _match(self, words: Tokens, hits: Hits) -> tuple[Ints, Ints]:
        """Return the triggers that match as a whole, and a word of each match."""
        trigger, _, row = _look_up(self._lone, hits.phrase)
        triggers, at = [trigger], [hits.first[row]]
        left, right = self._neighbours(words, hits)
        keys = hits.phrase[left] * self._n_phrases + hits.phrase[right]
        trigger, step, row = _look_up(self._links, keys)
        left, right = left[row], right[row]
        n_hits = len(hits.first)
        reached = np.zeros(0, np.int64)
        for steps in range(int(self._length.max(initial=1)) - 1):
            now = step == steps
            if steps:
                now &= np.isin(trigger * n_hits + left, reached)
            whole = now & (self._length[trigger] == steps + 2)
            triggers.append(trigger[whole])
            at.append(hits.first[right[whole]])
            reached = trigger[now] * n_hits + right[now]
        return np.concatenate(triggers), np.concatenate(at)

    def _neighbours(self, words: Tokens, hits: Hits) -> tuple[Ints, Ints]:
        """Return the pairs of hits behind each other, a few words apart at most."""
        left = np.flatnonzero(self._leads[hits.phrase])
        nexts = np.flatnonzero(self._ends[hits.phrase])
        first = hits.first[nexts]
        begin = np.searchsorted(first, hits.last[left] + 1)
        end = np.searchsorted(first, hits.last[left] + 2 + _MOST_BETWEEN)
        right, row = expand_ranges(begin, end)
        left, right = left[row], nexts[right]
        same = words.sentence[hits.first[left]] == words.sentence[hits.first[right]]
        return left[same], right[same]

    def _link(self, rows: Iterable[tuple[int, int, int]]) -> _Links:
        table = np.array(sorted(set(rows)), np.int64).reshape(-1, 3)
        keys, bounds = np.unique(table[:, 0], return_index=True)
        bounds = np.append(bounds, len(table))
        return _Links(HashIndex(_spread(keys)), bounds, table[:, 1], table[:, 2])


def _numbers(phrases: Sequence[str], words: Tokens) -> dict[str, int]:
    """Return a number for each phrase, the same where only inflection differs."""
    hashes = words.hash.tolist()
    keys = [tuple(hashes[a:b]) for a, b in pairwise(words.bounds.tolist())]
    number_by_key = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return {p: number_by_key[key] for p, key in zip(phrases, keys, strict=True)}


def _look_up(links: _Links, keys: Ints) -> tuple[Ints, Ints, Ints]:
    """Return trigger, step and place in `keys` of every link of every key."""
    place = links.index.find(_spread(keys)).astype(np.int64)
    known = np.flatnonzero(place != ABSENT)
    place = place[known]
    row, at = expand_ranges(links.bounds[place], links.bounds[place + 1])
    return links.trigger[row], links.step[row], known[at]


def _spread(keys: Ints) -> npt.NDArray[np.uint64]:
    """Return distinct numbers for distinct keys, spread over all 64 bits."""
    return (keys.astype(np.uint64) + np.uint64(1)) * _SPREAD


def _flags(size: int, places: Iterable[int]) -> npt.NDArray[np.bool_]:
    flags = np.zeros(size, bool)
    flags[list(set(places))] = True
    return flags
