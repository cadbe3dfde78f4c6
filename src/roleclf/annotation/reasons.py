"""Explain a role: the features that added most to it, and where they stand.

The experts and the head over them are linear, so what a feature adds to a role's
log-odds is known, not estimated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.annotation.batch_result import ModelInput, Spans
from roleclf.model import (
    FIELD_BY_EXPERT,
    FIELDS_BY_HEAD,
    Evidence,
    NgramSpace,
    RoleModel,
)
from roleclf.records import Reason
from roleclf.text import ABSENT, Ints, Tokens

__all__ = ["explain"]

_MAX_REASONS: Final = 8
_MAX_SPANS: Final = 5
_WHERE_BY_FIELD: Final = {"text": "description", "title": "title", "rule": "title"}


class _Contributions(NamedTuple):
    """The features of one posting for one expert, and what each adds to a role."""

    expert: str
    feature: npt.NDArray[np.integer]
    weight: npt.NDArray[np.float64]


def explain(
    model: RoleModel, role: int, place: int, model_input: ModelInput
) -> tuple[Reason, ...]:
    """Return the strongest reasons for a role.

    Parameters
    ----------
    role : int
        Place in `model.roles`.
    place : int
        Place of the posting in the batch.

    Returns
    -------
    tuple of Reason
        Strongest first. A weight is what the feature adds to the log-odds of the
        role against the average role.
    """
    strongest = _strongest(model, role, place, model_input.evidence)
    return tuple(
        Reason(
            role=model.roles[role],
            feature=getattr(model.spaces, expert).names[feature],
            weight=weight,
            where=_WHERE_BY_FIELD[FIELD_BY_EXPERT[expert]],
            spans=_spans(model, expert, feature, place, model_input),
        )
        for expert, feature, weight in strongest
        if weight > 0
    )


def _strongest(
    model: RoleModel, role: int, place: int, evidence: Evidence
) -> Iterator[tuple[str, int, float]]:
    """Yield expert, feature and weight of what adds most to the role, in order."""
    parts = list(_contributions(model, role, place, evidence))
    if not parts:
        return
    weights = np.concatenate([part.weight for part in parts])
    ends = np.cumsum([len(part.weight) for part in parts])
    for i in np.argsort(-weights, kind="stable")[:_MAX_REASONS].tolist():
        number = int(np.searchsorted(ends, i, side="right"))
        part = parts[number]
        at = i - int(ends[number]) + len(part.weight)
        yield part.expert, int(part.feature[at]), float(part.weight[at])


def _contributions(
    model: RoleModel, role: int, place: int, evidence: Evidence
) -> Iterator[_Contributions]:
    """Yield what each expert's features of a posting add to the role."""
    has_text, has_title = (
        any(_n_features(evidence, expert, place) for expert in experts)
        for experts in (("text",), ("title", "rule"))
    )
    if not (has_text or has_title):
        return
    name = "both" if has_text and has_title else "text" if has_text else "title"
    head = model.heads[name]
    trust_by_field = head.trust_by_field(FIELDS_BY_HEAD[name])
    for expert, field in FIELD_BY_EXPERT.items():
        if field in trust_by_field:
            feature, value = _features(evidence, expert, place)
            weights = model.experts[expert].weights[feature].astype(np.float64)
            weights -= _mean_of_rows(weights)[:, None]
            added = (weights @ trust_by_field[field]) * value[:, None]
            for_role = (added[:, role] - _mean_of_rows(added)) / head.temperature
            yield _Contributions(expert, feature, for_role)


def _mean_of_rows(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    # As `mean` has it, without the checks that take longer than so few numbers.
    means: npt.NDArray[np.float64] = np.add.reduce(values, axis=1) / values.shape[1]
    return means


def _n_features(evidence: Evidence, expert: str, place: int) -> int:
    begin, end = getattr(evidence, expert).bounds[place : place + 2]
    return int(end - begin)


def _features(
    evidence: Evidence, expert: str, place: int
) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.float64]]:
    """Return the features of a posting for an expert, rising, and their values."""
    rows = getattr(evidence, expert)
    row = slice(rows.bounds[place], rows.bounds[place + 1])
    order = np.argsort(rows.feature[row])
    return rows.feature[row][order], rows.value[row][order]


def _spans(
    model: RoleModel, expert: str, feature: int, place: int, model_input: ModelInput
) -> Spans:
    """Return the first places of a feature in its field."""
    if expert == "rule":
        return ((0, len(model_input.titles.texts[place])),)
    if expert == "duties":
        duties = model_input.duties
        own = slice(*np.searchsorted(duties.text, (place, place + 1)).tolist())
        stated = duties.duty[own] == feature
        start, end = duties.start[own][stated], duties.end[own][stated]
    else:
        tokens = model_input.texts if expert == "text" else model_input.titles
        space = getattr(model.spaces, expert)
        start, end = _word_spans(tokens, place, space, feature)
    return tuple(zip(start.tolist(), end.tolist(), strict=True))[:_MAX_SPANS]


def _word_spans(
    tokens: Tokens, place: int, space: NgramSpace, feature: int
) -> tuple[Ints, Ints]:
    """Return where the word, or the pair of words, of a feature stands in a text."""
    begin, end = tokens.bounds[place], tokens.bounds[place + 1]
    word = space.words.find(tokens)[begin:end]
    first, second = space.parts[feature].tolist()
    n_more = int(second != ABSENT)
    found = word[: len(word) - n_more] == first
    if n_more:
        found &= word[1:] == second
    at = begin + found.nonzero()[0][:_MAX_SPANS]
    base = tokens.base[place]
    return tokens.start[at] - base, tokens.end[at + n_more] - base
