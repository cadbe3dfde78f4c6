"""The frozen records of the library: `Posting` in, `Annotation` out.

In: plain values. Out: `Posting`, `Annotation` and the records that it consists of.
Must not know: how an annotation is computed; records only convert themselves to dicts.
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
    from roleclf.records.posting import Posting

__all__ = [
    "Annotation",
    "Coverage",
    "FoundSkill",
    "Match",
    "Mention",
    "Posting",
    "Reason",
]

# Dataclasses are slow to define, and classifying a file needs none of an annotation.
__getattr__ = loader(
    __name__,
    {
        "Annotation": "annotation",
        "Coverage": "annotation",
        "FoundSkill": "annotation",
        "Match": "annotation",
        "Mention": "annotation",
        "Posting": "posting",
        "Reason": "annotation",
    },
)
