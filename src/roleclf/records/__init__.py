"""The frozen records of the library: `Posting` in, `Annotation` out.

In: plain values. Out: `Posting`, `Annotation` and the smaller records inside it, and
the names and kinds of the columns that stand for it in a table. Must not know: how an
annotation is computed; records only convert themselves to dicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.records.annotation import (
        Annotation,
        Coverage,
        FoundSkill,
        Match,
        Mention,
        Reason,
    )
    from roleclf.records.columns import COLUMNS, kind_of_column
    from roleclf.records.posting import Posting

__all__ = [
    "COLUMNS",
    "Annotation",
    "Coverage",
    "FoundSkill",
    "Match",
    "Mention",
    "Posting",
    "Reason",
    "kind_of_column",
]

# Dataclasses are slow to define, and classifying a file needs none of an annotation.
__getattr__ = loader(
    __name__,
    {
        "COLUMNS": "columns",
        "Annotation": "annotation",
        "Coverage": "annotation",
        "FoundSkill": "annotation",
        "Match": "annotation",
        "Mention": "annotation",
        "Posting": "posting",
        "Reason": "annotation",
        "kind_of_column": "columns",
    },
)
