"""Classify a whole table in blocks, shared by worker processes, and resume a run.

In: paths, reading and writing options, an annotator. Out: the labelled table and its
`Summary`, near-duplicates numbered by `grouping`; `suggest_terms` also lists terms of a
table that the lexicon lacks. Must not know: how a format is decoded, how a role is
predicted, or the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.batch.classify import classify_file
    from roleclf.batch.resume import count_kept_rows, model_fingerprint
    from roleclf.batch.suggestions import Suggestion, suggest_terms
    from roleclf.batch.summary import Summary

__all__ = [
    "Suggestion",
    "Summary",
    "classify_file",
    "count_kept_rows",
    "model_fingerprint",
    "suggest_terms",
]

# `roleclf classify --help` should not wait for what reading a file needs.
__getattr__ = loader(
    __name__,
    {
        "Suggestion": "suggestions",
        "Summary": "summary",
        "classify_file": "classify",
        "count_kept_rows": "resume",
        "model_fingerprint": "resume",
        "suggest_terms": "suggestions",
    },
)
