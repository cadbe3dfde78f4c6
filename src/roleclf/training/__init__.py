"""Labels to a model: build the training set, fit and calibrate, write the model folder.

In: a corpus with roles. Out: `RoleClassifier` for scikit-learn, `train_model` for
files. Must not know: tables' formats, feeds, or how an annotation is shown.

`train` reads a corpus, fits `role_classifier` and writes the folder. A fit, each step a
module: `training_set` checks and cuts postings, `weak_labels` labels more by their
titles, `feature_selection` learns the feature spaces, `text_experts` and `title_expert`
learn the experts, `head_fitting` the heads. `matrices` and `fitting` serve them all.
"""

from __future__ import annotations

from roleclf.training.role_classifier import RoleClassifier
from roleclf.training.train import train_model

__all__ = [
    "RoleClassifier",
    "train_model",
]
