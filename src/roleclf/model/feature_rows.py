"""Weigh the features of each text by tf-idf, as rows of a sparse matrix.

Training and predicting both make their rows here, so that they cannot differ.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import HAS_LOOPS, compiled

__all__ = ["WEIGHT_ORDER", "Evidence", "FeatureRows", "Flags", "tfidf_rows"]

# 1 + ln n by count n. Counts above the largest are weighed like the largest.
_MAX_COUNT: Final = 1 << 12
_LOG_COUNT: Final = 1.0 + np.log(np.maximum(np.arange(1 + _MAX_COUNT), 1))
# Memory order of the weights that `FeatureRows.dot` multiplies with: the compiled loop
# reads them by rows; numpy gathers from rows of a few numbers half as fast as from
# columns.
WEIGHT_ORDER: Final[Literal["C", "F"]] = "C" if HAS_LOOPS else "F"

Flags = npt.NDArray[np.bool_]


class FeatureRows(NamedTuple):
    """A sparse matrix by rows (CSR), shape (n_texts, n_features), as plain arrays.

    Attributes
    ----------
    bounds : int64 array, shape (n_texts + 1,)
        Row i is `feature[bounds[i]:bounds[i + 1]]`, features distinct, in any order.
    feature : int64 array, shape (n_values,)
    value : float64 array, shape (n_values,)
    """

    bounds: npt.NDArray[np.int64]
    feature: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]

    @property
    def is_filled(self) -> Flags:
        """Which texts have any feature, shape (n_texts,)."""
        return np.diff(self.bounds) > 0

    @compiled
    def dot(self, weights: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Return rows times weights, shape (n_texts, n_columns)."""
        # No matrix product: its threads would take cores from other workers.
        products = np.zeros((len(self.bounds) - 1, weights.shape[1]))
        filled = np.flatnonzero(self.is_filled)
        if filled.size:
            for column, weight in enumerate(weights.T):
                terms = weight.take(self.feature) * self.value
                products[filled, column] = np.add.reduceat(terms, self.bounds[filled])
        return products


class Evidence(NamedTuple):
    """The features that the model is given of a batch, by expert; a row a posting."""

    text: FeatureRows
    duties: FeatureRows
    title: FeatureRows
    rule: FeatureRows


def tfidf_rows(
    feature: npt.NDArray[np.integer],
    bounds: npt.NDArray[np.int64],
    idf: npt.NDArray[np.float32],
    readable: Flags | None = None,
) -> FeatureRows:
    """Return (1 + ln tf) * idf of each feature, each row scaled to length 1.

    Parameters
    ----------
    feature : int array, shape (n_occurrences,)
        The features of all texts, repeated as often as they occur.
    bounds : int64 array, shape (n_texts + 1,)
        `feature[bounds[i]:bounds[i + 1]]` occur in text i, in any order.
    readable : bool array, shape (n_texts,), optional
        The rows of all other texts are empty.
    """
    if readable is None:
        readable = np.ones(len(bounds) - 1, bool)
    return FeatureRows(*_tfidf(feature, bounds, readable, idf, _LOG_COUNT))


@compiled
def _tfidf(
    feature: npt.NDArray[np.integer],
    bounds: npt.NDArray[np.int64],
    readable: Flags,
    idf: npt.NDArray[np.float32],
    log_count: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the arrays of `FeatureRows`; `log_count[n]` is 1 + ln n."""
    if not readable.all():
        n_occurrences = np.diff(bounds)
        feature = feature[np.repeat(readable, n_occurrences)]
        bounds = np.concatenate(([0], np.cumsum(n_occurrences * readable)))
    feature = feature.astype(np.int32)
    # Text by text: many small sorts take a fifth of the time of one.
    for begin, end in pairwise(bounds.tolist()):
        feature[begin:end].sort()
    is_new = np.ones(len(feature), bool)
    np.not_equal(feature[1:], feature[:-1], out=is_new[1:])
    is_new[bounds[:-1][bounds[:-1] < len(feature)]] = True
    first = np.flatnonzero(is_new)
    count = np.diff(first, append=len(feature))
    column = feature.take(first).astype(np.int64)
    value = log_count.take(count, mode="clip") * idf.take(column)
    bounds = np.searchsorted(first, bounds)
    _scale_to_unit_length(value, bounds)
    return bounds, column, value


def _scale_to_unit_length(
    value: npt.NDArray[np.float64], bounds: npt.NDArray[np.int64]
) -> None:
    n_values = np.diff(bounds)
    filled = np.flatnonzero(n_values)
    if filled.size:
        norm = np.sqrt(np.add.reduceat(value * value, bounds[filled]))
        value /= np.repeat(norm, n_values[filled])
