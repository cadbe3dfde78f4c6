"""Features to roles: linear experts, the stacking head over them, and the model folder.

In: `Tokens`, duties, a folder of arrays and JSON. Out: `Prediction` by numpy alone.
Must not know: how weights are learned, records, or files of postings.
"""

from __future__ import annotations

from roleclf.model.experts import FIELD_BY_EXPERT, Expert, Prediction, Spaces
from roleclf.model.features import (
    DutySpace,
    Evidence,
    FeatureRows,
    FeatureSpace,
    learn_duty_space,
    learn_space,
)
from roleclf.model.folder import (
    FORMAT,
    read_manifest,
    read_settings,
    shipped_model,
    verify,
)
from roleclf.model.prior import Prior
from roleclf.model.role_model import RoleModel
from roleclf.model.stacking import Head, softmax
from roleclf.model.titles import TitleRule, known_titles, title_rule

__all__ = [
    "FIELD_BY_EXPERT",
    "FORMAT",
    "DutySpace",
    "Evidence",
    "Expert",
    "FeatureRows",
    "FeatureSpace",
    "Head",
    "Prediction",
    "Prior",
    "RoleModel",
    "Spaces",
    "TitleRule",
    "known_titles",
    "learn_duty_space",
    "learn_space",
    "read_manifest",
    "read_settings",
    "shipped_model",
    "softmax",
    "title_rule",
    "verify",
]
