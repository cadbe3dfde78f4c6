"""Postings to annotations: the loop that takes a batch through every step.

In: batches of `Posting`, and a model folder. Out: `Annotator` with its annotations, as
columns or as records. Must not know: where postings come from or where annotations go.
"""

from __future__ import annotations

from roleclf.annotation.annotate import Annotator, load

__all__ = [
    "Annotator",
    "load",
]
