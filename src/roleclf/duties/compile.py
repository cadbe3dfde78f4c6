"""Compile the triggers of duties into arrays, when a model is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.duties.tables import (
    DutyTables,
    LinkTable,
    SinglePartTable,
    TriggerTable,
)
from roleclf.matching import InflectedForms, TokenStemmer, compile_phrases
from roleclf.taxonomy import expand_trigger
from roleclf.text import Tokens, shift_rows

__all__ = ["compile_duties"]

# Any name does: it is not kept.
_LIST: Final = "parts"


class _Trigger(NamedTuple):
    """A trigger or hint: the index of its duty, and the phrases of each part."""

    duty: int
    parts: list[list[str]]
    is_firm: bool


def compile_duties(
    triggers_by_id: Mapping[str, Sequence[str]],
    hints_by_id: Mapping[str, Sequence[str]] | None = None,
) -> DutyTables:
    """Compile triggers and hints.

    Parameters
    ----------
    triggers_by_id : mapping of str to sequence of str
        Triggers of each duty by its concept id, as `expand_trigger` reads them.
    hints_by_id : mapping of str to sequence of str, optional
        Looser triggers of the same duties, which only the classifier weighs.

    Raises
    ------
    ValueError
        If a trigger is malformed.
    """
    triggers = _expand(triggers_by_id, hints_by_id or {})
    phrases = sorted({p for t in triggers for part in t.parts for p in part})
    forms = InflectedForms.of(phrases)
    tokenizer = TokenStemmer(forms).tokenize
    number_by_phrase, distinct = _number_phrases(phrases, tokenizer(phrases))
    numbered = [
        [sorted({number_by_phrase[p] for p in part}) for part in trigger.parts]
        for trigger in triggers
    ]
    return DutyTables(
        ids=tuple(triggers_by_id),
        forms=forms,
        states=compile_phrases({_LIST: distinct}, tokenizer),
        triggers=TriggerTable(
            duty=np.array([trigger.duty for trigger in triggers], np.int64),
            length=np.array([len(trigger.parts) for trigger in triggers], np.int64),
            is_firm=np.array([trigger.is_firm for trigger in triggers], bool),
        ),
        links=_link_table(_steps(numbered), len(distinct)),
        lone=SinglePartTable(*_single_parts(numbered).T),
    )


def _expand(
    triggers_by_id: Mapping[str, Sequence[str]],
    hints_by_id: Mapping[str, Sequence[str]],
) -> list[_Trigger]:
    """Return the triggers and then the hints of each duty."""
    return [
        _Trigger(duty, expand_trigger(pattern), is_firm)
        for duty, id_ in enumerate(triggers_by_id)
        for is_firm, by_id in ((True, triggers_by_id), (False, hints_by_id))
        for pattern in by_id.get(id_, ())
    ]


def _number_phrases(
    phrases: Sequence[str], words: Tokens
) -> tuple[dict[str, int], list[str]]:
    """Assign numbers to phrases, one to all that differ only in inflection.

    Parameters
    ----------
    phrases : sequence of str
    words : Tokens
        The phrases, stemmed.

    Returns
    -------
    number_by_phrase : dict of str to int
    distinct : list of str
        A phrase of each number, in the order of the numbers.
    """
    hashes = words.hash.tolist()
    keys = [tuple(hashes[a:b]) for a, b in pairwise(words.bounds.tolist())]
    phrase_by_key = dict(zip(reversed(keys), reversed(phrases), strict=True))
    distinct = dict.fromkeys(keys)
    number_by_key = {key: i for i, key in enumerate(distinct)}
    numbers = {p: number_by_key[key] for p, key in zip(phrases, keys, strict=True)}
    return numbers, [phrase_by_key[key] for key in distinct]


def _steps(triggers: Sequence[Sequence[Sequence[int]]]) -> npt.NDArray[np.int32]:
    """Return the steps of triggers from one part to the next, shape (n_steps, 4).

    The columns are left phrase, right phrase, trigger, and index of the left part.
    """
    rows = [
        (left, right, trigger, step)
        for trigger, parts in enumerate(triggers)
        for step, (lefts, rights) in enumerate(pairwise(parts))
        for left in lefts
        for right in rights
    ]
    return np.array(rows, np.int32).reshape(-1, 4)


def _single_parts(triggers: Sequence[Sequence[Sequence[int]]]) -> npt.NDArray[np.int32]:
    """Return phrase and trigger of each phrase that is a whole trigger, sorted."""
    rows = sorted(
        (phrase, trigger)
        for trigger, parts in enumerate(triggers)
        if len(parts) == 1
        for phrase in parts[0]
    )
    return np.array(rows, np.int32).reshape(-1, 2)


def _link_table(steps: npt.NDArray[np.int32], n_phrases: int) -> LinkTable:
    """Group steps by their pair of phrases."""
    steps = steps[np.lexsort((steps[:, 1], steps[:, 0]))]
    pairs, first = np.unique(steps[:, :2], axis=0, return_index=True)
    end, right = np.unique(pairs[:, 1], return_inverse=True)
    return LinkTable(
        left=pairs[:, 0].copy(),
        right=right.astype(np.int32),
        end=end,
        shift=shift_rows(pairs[:, 0], right, n_phrases),
        bounds=np.append(first, len(steps)).astype(np.int32),
        trigger=steps[:, 2].copy(),
        step=steps[:, 3].astype(np.int8),
    )
