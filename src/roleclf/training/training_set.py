"""Check labelled postings, and cut their texts and titles into tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from roleclf.text import BATCH_SIZE, Tokens, cell_text, clean_batch, tokenize

__all__ = ["as_mappings", "check_labels", "tokenize_postings"]


def as_mappings(X: Any) -> list[Mapping[str, Any]]:
    """Return postings as mappings, given those or a DataFrame."""
    if hasattr(X, "to_dict"):  # a DataFrame; pandas itself need not be imported
        X = X[[name for name in ("title", "description") if name in X]]
        return list(X.to_dict("records"))
    return list(X)


def tokenize_postings(
    postings: Iterable[Mapping[str, Any]],
) -> tuple[list[Tokens], list[Tokens]]:
    """Return texts and titles of postings, cleaned and cut into words, in batches."""
    rows = list(postings)
    batches = [rows[i : i + BATCH_SIZE] for i in range(0, len(rows), BATCH_SIZE)]
    texts, titles = (
        [tokenize(clean_batch([cell_text(r.get(name)) for r in b])) for b in batches]
        for name in ("description", "title")
    )
    return texts, titles


def check_labels(
    y: Iterable[str],
    sample_weight: Sequence[float] | None,
    groups: Sequence[Any] | None,
    n_postings: int,
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float64]]:
    """Return roles and weights as arrays.

    Raises
    ------
    ValueError
        If lengths differ, there are fewer than two roles or one has but one posting,
        or all postings are of one group.
    """
    roles = _check_roles(y, n_postings)
    weight = np.ones(n_postings)
    if sample_weight is not None:
        weight = np.asarray(sample_weight, float)
    if weight.shape != roles.shape:
        raise ValueError(f"{n_postings} postings but {weight.size} weights")
    if groups is not None and len(set(groups)) < 2:
        raise ValueError("groups: at least two different ones are needed")
    return roles, weight


def _check_roles(y: Iterable[str], n_postings: int) -> npt.NDArray[np.str_]:
    roles = np.array([str(role) for role in y])
    if len(roles) != n_postings:
        raise ValueError(f"{n_postings} postings but {len(roles)} roles")
    names, counts = np.unique(roles, return_counts=True)
    if len(names) < 2:
        raise ValueError("y: at least two different roles are needed")
    if counts.min() < 2:
        role = str(names[counts.argmin()])
        raise ValueError(f"y: {role!r} has one posting, at least two are needed")
    return roles
