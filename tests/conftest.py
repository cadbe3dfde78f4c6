"""What several tests share: the shipped model, the sample, one fitted classifier."""

from __future__ import annotations

import os
from pathlib import Path

# Before numpy is loaded: on problems this small threads only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

import roleclf

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"

# A slow machine is no failure.
settings.register_profile(
    "any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any-speed")


@pytest.fixture(scope="session")
def annotator() -> roleclf.Annotator:
    """The shipped model."""
    return roleclf.load()


@pytest.fixture(scope="session")
def sample() -> pd.DataFrame:
    """The postings that this project wrote, each with its `role`."""
    postings = pd.read_csv(SAMPLE / "postings.csv", keep_default_na=False)
    labels = pd.read_json(SAMPLE / "labels.jsonl", lines=True, dtype={"id": str})
    return postings.merge(labels.rename(columns={"primary": "role"}), on="id")


@pytest.fixture(scope="session")
def fitted(sample: pd.DataFrame) -> roleclf.RoleClassifier:
    """A classifier that learned from the sample; tests must not change it."""
    return roleclf.RoleClassifier(n_folds=3).fit(sample, sample["role"])
