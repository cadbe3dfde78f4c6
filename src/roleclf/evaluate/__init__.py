"""Judge a model on labelled postings: scores, curves, slices, errors, weights.

Outside the line, between `corpus` and `train`, which scores with `score` as well.
"""

from __future__ import annotations

from roleclf.evaluate.evaluation import evaluate_model
from roleclf.evaluate.scores import score

__all__ = ["evaluate_model", "score"]
