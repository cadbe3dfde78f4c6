"""A whole file: read, annotate and write it in blocks, with workers, and resume it.

In: paths, reading and writing options, an annotator. Out: the labelled table, a
`Summary`. Must not know: how a format is decoded, how a role is predicted, or the
command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.batch.classify import Summary, classify_file
    from roleclf.batch.resume import fingerprint, rows_kept
    from roleclf.batch.suggestions import Suggestion, suggest

__all__ = [
    "Suggestion",
    "Summary",
    "classify_file",
    "fingerprint",
    "rows_kept",
    "suggest",
]

# The help of a command shows no file, and should not wait for what files need.
__getattr__ = loader(
    __name__,
    {
        "Suggestion": "suggestions",
        "Summary": "classify",
        "classify_file": "classify",
        "fingerprint": "resume",
        "rows_kept": "resume",
        "suggest": "suggestions",
    },
)
