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
    from roleclf.batch.cores import n_cores, use_one_thread
    from roleclf.batch.resume import fingerprint, rows_kept
    from roleclf.batch.suggestions import Suggestion, suggest

__all__ = [
    "Suggestion",
    "Summary",
    "classify_file",
    "fingerprint",
    "n_cores",
    "rows_kept",
    "suggest",
    "use_one_thread",
]

# The command line asks for the number of cores before there is any work.
__getattr__ = loader(
    __name__,
    {
        "Suggestion": "suggestions",
        "Summary": "classify",
        "classify_file": "classify",
        "fingerprint": "resume",
        "n_cores": "cores",
        "rows_kept": "resume",
        "suggest": "suggestions",
        "use_one_thread": "cores",
    },
)
