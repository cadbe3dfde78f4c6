"""Score predicted roles against labels.

Outside the line: judging models. scikit-learn's metrics, and no view of its own of
what is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, f1_score

__all__ = ["score"]

_BINS: Final = 10
_SUREST: Final = 0.8
_DRAWS: Final = 1000


def score(
    y: Sequence[str],
    proba: npt.NDArray[np.float64],
    roles: Sequence[str],
    seed: int = 0,
) -> dict[str, Any]:
    """Return the scores of a model on labelled postings.

    Parameters
    ----------
    y : sequence of str, length n_postings
    proba : array, shape (n_postings, n_roles)
    roles : sequence of str
        The column each role has in `proba`.

    Returns
    -------
    dict
        `macro_f1` with `macro_f1_95` (1,000 bootstrap draws of postings, percentile
        method), `accuracy`, `f1_by_role`, `accuracy_of_surest_80_percent`,
        `calibration_error` (ten bins of equal count; Nixon et al. 2019,
        arXiv:1904.01685) and `confusion` (rows: label, columns: prediction).
    """
    gold, names = np.array(y), list(roles)
    role = np.array(names)[proba.argmax(axis=1)]
    confidence, hit = proba.max(axis=1), role == gold
    surest = np.argsort(-confidence, kind="stable")[: int(_SUREST * len(hit))]
    f1 = f1_score(gold, role, labels=names, average=None, zero_division=0)
    return {
        "n": len(gold),
        "macro_f1": round(float(f1.mean()), 3),
        "macro_f1_95": _interval(gold, role, names, seed),
        "accuracy": round(float(hit.mean()), 3),
        "f1_by_role": dict(zip(names, f1.round(3).tolist(), strict=True)),
        "accuracy_of_surest_80_percent": round(float(hit[surest].mean()), 3),
        "calibration_error": round(_calibration_error(hit, confidence), 3),
        "confusion": confusion_matrix(gold, role, labels=names).tolist(),
    }


def _interval(
    gold: npt.NDArray[np.str_], role: npt.NDArray[np.str_], names: list[str], seed: int
) -> list[float]:
    rng = np.random.default_rng(seed)
    cells = confusion_matrix(gold, role, labels=names).ravel()
    draws = rng.multinomial(len(gold), cells / len(gold), _DRAWS)
    matrices = draws.reshape(_DRAWS, len(names), len(names))
    right = np.diagonal(matrices, axis1=1, axis2=2)
    sizes = matrices.sum(axis=1) + matrices.sum(axis=2)
    macro = (2 * right / np.maximum(sizes, 1)).mean(axis=1)
    return [round(float(q), 3) for q in np.percentile(macro, [2.5, 97.5])]


def _calibration_error(
    hit: npt.NDArray[np.bool_], confidence: npt.NDArray[np.float64]
) -> float:
    bins = [b for b in np.array_split(np.argsort(confidence), _BINS) if len(b)]
    errors = [len(b) * abs(hit[b].mean() - confidence[b].mean()) for b in bins]
    return float(sum(errors) / len(hit))
