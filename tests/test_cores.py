"""How many cores there are, and how many threads numpy takes."""

from __future__ import annotations

import os

import pytest

from roleclf.batch.cores import n_cores, use_one_thread


def test_n_cores_are_those_that_may_be_used() -> None:
    assert 1 <= n_cores() <= (os.cpu_count() or 1)


def test_one_thread_unless_somebody_says_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"OMP_NUM_THREADS": "3"})
    use_one_thread()
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
