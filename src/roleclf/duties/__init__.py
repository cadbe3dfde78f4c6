"""Sentences to duties: find what the job does, by the taxonomy's triggers.

In: `Tokens`, and compiled triggers such as "(monitor|track) .. (data pipelines|jobs)".
Out: `Duties`, the sentences that name one, and whether such a sentence gives it to the
jobholder. Must not know: skills, features, or the
scores of roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.duties.find import Duties, DutyPatterns
from roleclf.duties.speakers import tells_of_jobholder
from roleclf.duties.tables import DutyTables
from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.duties.compile import compile_duties

__all__ = [
    "Duties",
    "DutyPatterns",
    "DutyTables",
    "compile_duties",
    "tells_of_jobholder",
]

# Needed in training only: annotating reads the arrays that a model keeps.
__getattr__ = loader(__name__, {"compile_duties": "compile"})
