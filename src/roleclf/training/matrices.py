"""Gather the feature rows of a corpus into matrices that scikit-learn fits on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from roleclf.duties import Duties
from roleclf.model import DutySpace, FeatureRows, NgramSpace
from roleclf.text import Tokens

__all__ = ["duty_matrix", "sparse_matrix", "word_matrix"]


def word_matrix(space: NgramSpace, batches: Sequence[Tokens]) -> csr_array:
    """Return the words and pairs of texts, shape (n_texts, n_features)."""
    return sparse_matrix([space.rows(tokens) for tokens in batches], len(space.names))


def duty_matrix(
    space: DutySpace, texts: Sequence[Tokens], duties: Sequence[Duties]
) -> csr_array:
    """Return the duties that texts state, shape (n_texts, n_duties).

    Parameters
    ----------
    texts, duties : sequences of equal length
        Batches of texts, and the duties found in each.
    """
    rows = [
        space.rows(stated, len(tokens.texts))
        for tokens, stated in zip(texts, duties, strict=True)
    ]
    return sparse_matrix(rows, len(space.names))


def sparse_matrix(batches: Sequence[FeatureRows], n_features: int) -> csr_array:
    """Return the rows of all batches, shape (n_texts, n_features)."""
    n_values = [np.diff(rows.bounds) for rows in batches]
    bounds = np.concatenate([[0], np.cumsum(np.concatenate(n_values))])
    entries = (
        np.concatenate([rows.value for rows in batches]),
        np.concatenate([rows.feature for rows in batches]),
        bounds,
    )
    matrix = csr_array(entries, shape=(len(bounds) - 1, n_features))
    # In one order, so that the same corpus always gives the same sums.
    matrix.sort_indices()
    return matrix
