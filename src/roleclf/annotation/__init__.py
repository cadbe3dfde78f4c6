"""The line itself: take a batch of postings through every step, as columns or records.

In: postings and a model. Out: `Annotator.annotate`, `annotate_many`, `annotate_frame`.
Must not know: where postings come from or where annotations go.
"""

from __future__ import annotations

from roleclf.annotation.annotate import Annotator, load

__all__ = [
    "Annotator",
    "load",
]
