"""Check labelled postings, and cut their texts and titles into tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.text import BATCH_SIZE, Tokens, cell_text, clean_batch, tokenize

__all__ = [
    "WrittenPostings",
    "as_mappings",
    "check_labels",
    "check_shares",
    "read_written",
    "tokenize_postings",
]


class WrittenPostings(NamedTuple):
    """Texts that were written to be learned from, the role of each and its weight.

    The words of roles are learned from them; how far to trust a text, and what share of
    postings is of which role, is not.
    """

    texts: list[Tokens]
    roles: npt.NDArray[np.str_]
    weight: npt.NDArray[np.float64]


def as_mappings(X: Any) -> list[Mapping[str, Any]]:
    """Return postings as mappings, given those or a DataFrame."""
    return as_rows(X, ("title", "description"))


def as_rows(X: Any, columns: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return rows as mappings, given those or a DataFrame, of which some columns."""
    if hasattr(X, "to_dict"):  # a DataFrame; pandas itself need not be imported
        X = X[[name for name in columns if name in X]]
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


def read_written(written: Any, roles: Iterable[str], weight: float) -> WrittenPostings:
    """Return written postings of the labelled roles as training takes them.

    Parameters
    ----------
    written : DataFrame, sequence of mappings, or None
        With `description` and `role`.
    weight : float
        Of each, beside 1 for a labelled posting.
    """
    rows = [] if written is None else as_rows(written, ("description", "role"))
    known = set(roles)
    rows = [row for row in rows if row["role"] in known]
    texts, _ = tokenize_postings(rows)
    named = np.array([str(row["role"]) for row in rows], str)
    return WrittenPostings(texts, named, np.full(len(rows), weight))


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


def check_shares(
    shares: Sequence[Mapping[str, float] | None] | None, y: npt.NDArray[np.str_]
) -> npt.NDArray[np.float64] | None:
    """Return how much of each posting is of which role, shape (n_postings, n_roles).

    Half of a posting is of the role it is labelled with, whatever its shares: a
    reader's choice between two halves is worth something too.

    Parameters
    ----------
    shares : sequence of mapping of str to float, or None
        By role, in any unit; None for a posting that is wholly of its role.

    Raises
    ------
    ValueError
        If there are not as many as postings.
    """
    if shares is None:
        return None
    if len(shares) != len(y):
        raise ValueError(f"{len(y)} postings but {len(shares)} shares")
    roles, role = np.unique(y, return_inverse=True)
    whole = np.eye(len(roles))[role]
    parts = np.array([[(s or {}).get(r) or 0.0 for r in roles] for s in shares])
    total = parts.sum(axis=1, keepdims=True)
    return np.where(total > 0, (whole + parts / np.maximum(total, 1e-9)) / 2, whole)


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
