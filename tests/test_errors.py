"""Errors raised on purpose say where, what and what to do, in any process."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import roleclf
from roleclf import errors

KINDS = [errors.CorpusError, errors.ModelError, errors.TableError, errors.TaxonomyError]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_says_where_what_and_what_to_do(
    kind: type[errors.RoleclfError],
) -> None:
    error = kind(Path("jobs.csv"), "has no rows", "add some")
    assert str(error) == "jobs.csv: has no rows; add some"
    assert (error.place, error.problem, error.mend) == (
        "jobs.csv",
        "has no rows",
        "add some",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_comes_whole_out_of_a_worker(kind: type[errors.RoleclfError]) -> None:
    error = kind("jobs.csv, row 3", "is torn", "mend it")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is kind
    assert (str(copy), copy.place) == (str(error), "jobs.csv, row 3")


def test_every_error_is_a_roleclf_error() -> None:
    assert set(errors.__all__) == {"RoleclfError", *(kind.__name__ for kind in KINDS)}
    assert all(issubclass(kind, roleclf.RoleclfError) for kind in KINDS)
    assert not issubclass(roleclf.RoleclfError, ValueError)
