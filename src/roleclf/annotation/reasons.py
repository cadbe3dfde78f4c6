"""Say what decided: the features that spoke for a role, and where they stand.

Step 8 of the line: ... -> model -> EXPLAIN -> write. The experts and the head are
linear, so what a feature adds to a role's log-odds is known, not estimated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.annotation.batch_result import ModelInput
from roleclf.model import FIELD_BY_EXPERT, Evidence, NgramSpace, RoleModel
from roleclf.records import Reason
from roleclf.text import ABSENT, Tokens

__all__ = ["explain"]

_MOST: Final = 8
_MOST_SPANS: Final = 5
_WHERE_BY_FIELD: Final = {"text": "description", "title": "title"}

Spans = tuple[tuple[int, int], ...]


def explain(
    model: RoleModel, role: int, place: int, given: ModelInput
) -> tuple[Reason, ...]:
    """Return the strongest reasons for `role` in posting `place` of a batch.

    Parameters
    ----------
    role : int
        Place in `model.roles`.

    Returns
    -------
    tuple of Reason
        Strongest first. A weight is what the feature adds to the log-odds of the
        role against the average role.
    """
    strongest = _strongest(model, role, place, given.evidence)
    return tuple(
        Reason(
            role=model.roles[role],
            feature=getattr(model.spaces, expert).names[feature],
            weight=weight,
            where=_WHERE_BY_FIELD[FIELD_BY_EXPERT[expert]],
            spans=_spans(model, expert, feature, place, given),
        )
        for expert, feature, weight in strongest
        if weight > 0
    )


def _strongest(
    model: RoleModel, role: int, place: int, evidence: Evidence
) -> Iterator[tuple[str, int, float]]:
    """Yield the features that add most to the role, strongest first: expert, place."""
    found = list(_weights(model, role, place, evidence))
    if not found:
        return
    weights = np.concatenate([weights for _, _, weights in found])
    ends = np.cumsum([len(features) for _, features, _ in found])
    for i in np.argsort(-weights, kind="stable")[:_MOST].tolist():
        which = int(np.searchsorted(ends, i, side="right"))
        expert, features, own = found[which]
        at = i - int(ends[which]) + len(own)
        yield expert, int(features[at]), float(own[at])


def _weights(
    model: RoleModel, role: int, place: int, evidence: Evidence
) -> Iterator[tuple[str, npt.NDArray[np.int32], npt.NDArray[np.float64]]]:
    """Yield each expert, its features of the posting, what they add to the role."""
    n_roles = len(model.roles)
    said = [
        field
        for field, rows in (("text", evidence.text), ("title", evidence.title))
        if rows.bounds[place] < rows.bounds[place + 1]
    ]
    if not said:
        return
    head = model.heads["both" if len(said) > 1 else said[0]]
    trust_by_field = {"text": head.weights[:n_roles], "title": head.weights[-n_roles:]}
    for expert, field in FIELD_BY_EXPERT.items():
        if field not in said:
            continue
        rows = getattr(evidence, expert)
        own = slice(rows.bounds[place], rows.bounds[place + 1])
        order = np.argsort(rows.feature[own])
        feature, value = rows.feature[own][order], rows.value[own][order]
        weights = model.experts[expert].weights[feature].astype(np.float64)
        weights -= weights.mean(axis=1, keepdims=True)
        added = (weights @ trust_by_field[field]) * value[:, None]
        for_role = (added[:, role] - added.mean(axis=1)) / head.temperature
        yield expert, feature, for_role


def _spans(
    model: RoleModel, expert: str, feature: int, place: int, given: ModelInput
) -> Spans:
    """Return where a feature stands in its field, first places only."""
    if expert == "duties":
        stated = (given.duties.text == place) & (given.duties.duty == feature)
        start, end = given.duties.start[stated], given.duties.end[stated]
    else:
        tokens = given.texts if expert == "text" else given.titles
        start, end = _feature_spans(
            tokens, place, getattr(model.spaces, expert), feature
        )
    return tuple(zip(start.tolist(), end.tolist(), strict=True))[:_MOST_SPANS]


def _feature_spans(
    tokens: Tokens, place: int, space: NgramSpace, feature: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where a feature stands in one text: its word, or its pair of words."""
    begin, end = tokens.bounds[place], tokens.bounds[place + 1]
    word = space.words.find(tokens)[begin:end]
    first, second = space.parts[feature].tolist()
    n_more = int(second != ABSENT)
    found = word[: len(word) - n_more] == first
    if n_more:
        found &= word[1:] == second
    at = begin + np.flatnonzero(found)
    base = tokens.base[place]
    return tokens.start[at] - base, tokens.end[at + n_more] - base
