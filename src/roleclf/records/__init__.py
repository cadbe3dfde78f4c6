"""The frozen values that users hold: a posting goes in, an annotation comes out.

In: fields of a posting. Out: `Posting`, and `Annotation` with all that it is made of.
Must not know: how an annotation comes about; records have no logic but their own shape.
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

# Labelling a file makes no records of annotations, which are slow to define.
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
