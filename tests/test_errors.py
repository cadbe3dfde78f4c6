"""Errors say where, what and what to do, and survive pickling."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import roleclf
from roleclf import errors
from roleclf.annotation.annotate import Annotator
from roleclf.cli import main

KINDS = [
    errors.CorpusError,
    errors.FeedError,
    errors.FetchError,
    errors.ModelError,
    errors.RequestError,
    errors.TableError,
    errors.TaxonomyError,
    errors.WatchError,
]


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
def test_an_error_is_pickled_with_all_its_fields(
    kind: type[errors.RoleclfError],
) -> None:
    error = kind("jobs.csv, row 3", "is torn", "mend it")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is kind
    assert (str(copy), copy.place) == (str(error), "jobs.csv, row 3")


def test_the_time_to_wait_is_pickled_too() -> None:
    error = errors.FetchError("https://a.example", "has trouble", "wait", 60.0)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(copy), copy.wait) == (str(error), 60.0)


def test_every_error_is_a_roleclf_error() -> None:
    kinds = [*KINDS, errors.MissingExtraError, errors.WorkerError]
    names = {"RoleclfError", "needs_extra", *(kind.__name__ for kind in kinds)}
    assert set(errors.__all__) == names
    assert all(issubclass(kind, roleclf.RoleclfError) for kind in kinds)
    assert not issubclass(roleclf.RoleclfError, ValueError)


def test_a_missing_library_is_reported_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, annotator: Annotator
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    message = (
        "^annotate_frame needs libraries that are not installed; "
        r"pip install 'roleclf\[pandas\]' brings them$"
    )
    with pytest.raises(errors.MissingExtraError, match=message):
        annotator.annotate_frame([])


def test_training_without_its_libraries_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "roleclf.training", None)
    corpus = tmp_path / "corpus.csv"
    corpus.touch()
    result = CliRunner().invoke(main, ["train", str(corpus), "-o", str(tmp_path / "m")])
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: roleclf train needs libraries that are not installed; "
        "pip install 'roleclf[train]' brings them\n"
    )
