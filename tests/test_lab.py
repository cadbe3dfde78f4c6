"""The benchmarks' lab sees what `RoleClassifier.fit` sees, so its trials compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

import roleclf
from roleclf.evaluation import role_shares

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_the_lab_learns_as_the_classifier_does(
    fitted: roleclf.RoleClassifier,
    sample: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from lab import open_lab  # no module of the package
    from trials import as_shipped

    more = pd.concat([sample] * 10)
    labelled = sample.assign(weight=1.0, company=[str(i // 4) for i in range(77)])
    classifier = (
        clone(fitted)
        .set_params(max_features=2_000)
        .fit(
            labelled,
            labelled["role"],
            groups=labelled["company"],
            shares=role_shares(labelled),
            unlabelled=more,
        )
    )
    unseen, of_same = as_shipped(open_lab(classifier, labelled, labelled, more))
    np.testing.assert_allclose(unseen, classifier.oof_proba_, atol=1e-6)
    expected = classifier.predict_proba(labelled)
    np.testing.assert_allclose(of_same, expected, atol=1e-6)
