"""RoleModel: features in, probabilities out; and the folder a model is kept in.

Step 7 of the line: ... -> features -> MODEL -> explain -> write. Two linear experts
read the text, its words and its duties, and one the title; a small head weighs what
they say. Prediction needs numpy alone.
"""

from roleclf.model.folder import (
    FORMAT,
    read_manifest,
    read_settings,
    shipped_model,
    verify,
)
from roleclf.model.parts import FIELD_BY_EXPERT, Expert, Prediction, Spaces
from roleclf.model.role_model import RoleModel

__all__ = [
    "FIELD_BY_EXPERT",
    "FORMAT",
    "Expert",
    "Prediction",
    "RoleModel",
    "Spaces",
    "read_manifest",
    "read_settings",
    "shipped_model",
    "verify",
]
