"""Measure calibration: calibration error, reliability diagram, coverage curve.

Bins are of equal count (Nixon et al. 2019, arXiv:1904.01685), so that none is empty.
Intervals of an accuracy are Wilson's (1927, doi:10.1080/01621459.1927.10502953), which
hold for few postings and for none wrong.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "accuracy_of",
    "calibration_error",
    "coverage_curve",
    "reliability",
    "surest",
]

_BINS: Final = 10
_CURVE_POINTS: Final = 20
# 95 % of a normal distribution lie within so many standard deviations.
_Z: Final = 1.959964

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def calibration_error(hit: Flags, confidence: Floats) -> float:
    """Return the expected calibration error: the mean gap to accuracy over postings."""
    errors = [
        len(b) * abs(hit[b].mean() - confidence[b].mean()) for b in _bins(confidence)
    ]
    return float(sum(errors) / len(hit))


def reliability(hit: Flags, confidence: Floats) -> list[dict[str, Any]]:
    """Return the reliability diagram: confidence and accuracy of each bin, rising."""
    return [
        {
            "from": round(float(confidence[b].min()), 4),
            "to": round(float(confidence[b].max()), 4),
            "confidence": round(float(confidence[b].mean()), 4),
            **accuracy_of(int(hit[b].sum()), len(b)),
        }
        for b in _bins(confidence)
    ]


def coverage_curve(hit: Flags, confidence: Floats) -> list[dict[str, Any]]:
    """Return the accuracy of the most confident 5 %, 10 % ... of the postings.

    `confidence` is the least among them.
    """
    parts = [
        (point / _CURVE_POINTS, surest(confidence, point / _CURVE_POINTS))
        for point in range(1, _CURVE_POINTS + 1)
    ]
    return [
        {
            "share": part,
            "confidence": round(float(confidence[chosen].min()), 4),
            **accuracy_of(int(hit[chosen].sum()), len(chosen)),
        }
        for part, chosen in parts
        if len(chosen)
    ]


def surest(confidence: Floats, part: float) -> npt.NDArray[np.int64]:
    """Return the places of the most confident share of postings, falling.

    Parameters
    ----------
    part : float in [0, 1]
    """
    order = np.argsort(-confidence, kind="stable")
    return order[: int(part * len(confidence))]


def accuracy_of(right: int, n: int) -> dict[str, Any]:
    """Return `n`, `accuracy` and its 95 % interval; these are None where n is 0.

    Examples
    --------
    >>> accuracy_of(9, 10)
    {'n': 10, 'accuracy': 0.9, 'accuracy_95': [0.596, 0.982]}
    """
    if n == 0:
        return {"n": 0, "accuracy": None, "accuracy_95": None}
    middle = (right + _Z**2 / 2) / (n + _Z**2)
    half = _Z / (n + _Z**2) * (right * (n - right) / n + _Z**2 / 4) ** 0.5
    interval = [round(max(middle - half, 0.0), 3), round(min(middle + half, 1.0), 3)]
    return {"n": n, "accuracy": round(right / n, 3), "accuracy_95": interval}


def _bins(confidence: Floats) -> list[npt.NDArray[np.int64]]:
    # Stable, as other processors sort equals in another order.
    order = np.argsort(confidence, kind="stable")
    return [part for part in np.array_split(order, _BINS) if len(part)]
