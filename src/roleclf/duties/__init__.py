"""Recognise the duties of each role in sentences, by the taxonomy's triggers.

Step 6 of the line, behind `skills`: a trigger is a pattern over the words of one
sentence, such as "(monitor|track) .. (data pipelines|jobs)". `build` compiles
triggers once, to arrays that a model keeps; labelling does not wait for it.
"""

from roleclf.duties.find import Duties, DutyPatterns
from roleclf.duties.tables import DutyTables

__all__ = ["Duties", "DutyPatterns", "DutyTables"]
