"""Labels to a model: build the training set, fit and calibrate, write the model folder.

In: a corpus with roles. Out: `RoleClassifier` for scikit-learn, `train_model` for
files. Must not know: tables' formats, feeds, or how an annotation is shown.
"""

from __future__ import annotations

from roleclf.training.role_classifier import RoleClassifier
from roleclf.training.train import train_model

__all__ = [
    "RoleClassifier",
    "train_model",
]
