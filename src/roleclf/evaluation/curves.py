"""Say how far a model's confidence may be believed.

Bins of equal count (Nixon et al. 2019, arXiv:1904.01685), so that none is empty; the
intervals of shares are Wilson's (1927, doi:10.1080/01621459.1927.10502953), which hold
for few postings and for none wrong.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["calibration_error", "coverage_curve", "reliability", "share", "surest"]

_BINS: Final = 10
_STEPS: Final = 20
_Z: Final = 1.959964  # 95 % of a normal distribution lie within so many deviations

type_hits = npt.NDArray[np.bool_]
type_confidence = npt.NDArray[np.float64]


def calibration_error(hit: type_hits, confidence: type_confidence) -> float:
    """Return how far confidence and accuracy lie apart, the mean over all postings."""
    errors = [
        len(b) * abs(hit[b].mean() - confidence[b].mean()) for b in _bins(confidence)
    ]
    return float(sum(errors) / len(hit))


def reliability(hit: type_hits, confidence: type_confidence) -> list[dict[str, Any]]:
    """Return confidence and accuracy of each bin, the least sure first."""
    return [
        {
            "from": round(float(confidence[b].min()), 4),
            "to": round(float(confidence[b].max()), 4),
            "confidence": round(float(confidence[b].mean()), 4),
            **share(int(hit[b].sum()), len(b)),
        }
        for b in _bins(confidence)
    ]


def coverage_curve(hit: type_hits, confidence: type_confidence) -> list[dict[str, Any]]:
    """Return the accuracy of the surest 5 %, 10 % ... of the postings.

    `confidence` is that of the least sure among them.
    """
    parts = [
        (step / _STEPS, surest(confidence, step / _STEPS))
        for step in range(1, _STEPS + 1)
    ]
    return [
        {
            "share": part,
            "confidence": round(float(confidence[chosen].min()), 4),
            **share(int(hit[chosen].sum()), len(chosen)),
        }
        for part, chosen in parts
        if len(chosen)
    ]


def surest(confidence: type_confidence, part: float) -> npt.NDArray[np.int64]:
    """Return the places of that part of the postings, 0-1, the surest first."""
    order = np.argsort(-confidence, kind="stable")
    return order[: int(part * len(confidence))]


def share(right: int, n: int) -> dict[str, Any]:
    """Return `n`, `accuracy` and its interval `accuracy_95`; None where n is 0.

    Examples
    --------
    >>> share(9, 10)
    {'n': 10, 'accuracy': 0.9, 'accuracy_95': [0.596, 0.982]}
    """
    if n == 0:
        return {"n": 0, "accuracy": None, "accuracy_95": None}
    middle = (right + _Z**2 / 2) / (n + _Z**2)
    half = _Z / (n + _Z**2) * (right * (n - right) / n + _Z**2 / 4) ** 0.5
    interval = [round(max(middle - half, 0.0), 3), round(min(middle + half, 1.0), 3)]
    return {"n": n, "accuracy": round(right / n, 3), "accuracy_95": interval}


def _bins(confidence: type_confidence) -> list[npt.NDArray[np.int64]]:
    # Stable, as other processors sort equals in another order.
    order = np.argsort(confidence, kind="stable")
    return [part for part in np.array_split(order, _BINS) if len(part)]
