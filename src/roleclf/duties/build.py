"""Compile the triggers of duties: outside the line, when a model is trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from roleclf.duties.tables import DutyTables, Links, Lone, Triggers
from roleclf.matching import Forms, WordForms, compile_phrases
from roleclf.taxonomy import expand_trigger
from roleclf.text import Tokens, shift_rows

__all__ = ["compile_duties"]

_LIST = "parts"


def compile_duties(
    triggers_by_id: Mapping[str, Sequence[str]],
    hints_by_id: Mapping[str, Sequence[str]] | None = None,
) -> DutyTables:
    """Return what duties are found by.

    Parameters
    ----------
    triggers_by_id : mapping of str to sequence of str
        Triggers of each duty by its concept id; `taxonomy.triggers` has their language.
    hints_by_id : mapping of str to sequence of str, optional
        Looser ones, of the same duties.

    Raises
    ------
    ValueError
        If a trigger is not of the language.
    """
    hints = hints_by_id or {}
    written = [
        (duty, expand_trigger(trigger), is_firm)
        for duty, id_ in enumerate(triggers_by_id)
        for is_firm, of in ((True, triggers_by_id[id_]), (False, hints.get(id_, ())))
        for trigger in of
    ]
    phrases = sorted({p for _, parts, _ in written for part in parts for p in part})
    forms = Forms.of(phrases)
    read = WordForms(forms).read
    number_by_phrase, distinct = _numbers(phrases, read(phrases))
    chains = [
        [sorted({number_by_phrase[p] for p in part}) for part in parts]
        for _, parts, _ in written
    ]
    return DutyTables(
        ids=tuple(triggers_by_id),
        forms=forms,
        states=compile_phrases({_LIST: distinct}, read),
        triggers=Triggers(
            duty=np.array([duty for duty, _, _ in written], np.int64),
            length=np.array([len(parts) for parts in chains], np.int64),
            is_firm=np.array([is_firm for _, _, is_firm in written], bool),
        ),
        links=_links(_steps(chains), len(distinct)),
        lone=Lone(*_alone(chains).T),
    )


def _numbers(phrases: Sequence[str], words: Tokens) -> tuple[dict[str, int], list[str]]:
    """Return a number for each phrase, the same where only inflection differs.

    And the distinct ones, in the order of their numbers.
    """
    hashes = words.hash.tolist()
    keys = [tuple(hashes[a:b]) for a, b in pairwise(words.bounds.tolist())]
    phrase_by_key = dict(zip(reversed(keys), reversed(phrases), strict=True))
    distinct = dict.fromkeys(keys)
    number_by_key = {key: i for i, key in enumerate(distinct)}
    numbers = {p: number_by_key[key] for p, key in zip(phrases, keys, strict=True)}
    return numbers, [phrase_by_key[key] for key in distinct]


def _steps(chains: Sequence[Sequence[Sequence[int]]]) -> npt.NDArray[np.int32]:
    """Return both phrases, trigger and step of each pair that makes a step."""
    rows = [
        (left, right, trigger, step)
        for trigger, parts in enumerate(chains)
        for step, (lefts, rights) in enumerate(pairwise(parts))
        for left in lefts
        for right in rights
    ]
    return np.array(rows, np.int32).reshape(-1, 4)


def _alone(chains: Sequence[Sequence[Sequence[int]]]) -> npt.NDArray[np.int32]:
    """Return phrase and trigger of each phrase that is a whole trigger, sorted."""
    rows = sorted(
        (phrase, trigger)
        for trigger, parts in enumerate(chains)
        if len(parts) == 1
        for phrase in parts[0]
    )
    return np.array(rows, np.int32).reshape(-1, 2)


def _links(rows: npt.NDArray[np.int32], n_phrases: int) -> Links:
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    pairs, first = np.unique(rows[:, :2], axis=0, return_index=True)
    end, right = np.unique(pairs[:, 1], return_inverse=True)
    return Links(
        left=pairs[:, 0].copy(),
        right=right.astype(np.int32),
        end=end,
        shift=shift_rows(pairs[:, 0], right, n_phrases),
        bounds=np.append(first, len(rows)).astype(np.int32),
        trigger=rows[:, 2].copy(),
        step=rows[:, 3].astype(np.int8),
    )
