"""`roleclf evaluate`: whole outputs, whole messages, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evaluations import EVALUATION, TEXT
from roleclf.cli import main
from roleclf.evaluation import evaluation_page


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a corpus and its labels."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobs.csv").write_text("id,title,description\n1,DE,We build\n", "utf-8")
    (tmp_path / "labels.jsonl").write_text('{"id": "1", "primary": "x"}\n', "utf-8")
    return tmp_path


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The arguments of each call of `evaluate_model`, which a fake replaces."""
    made: list[Any] = []

    def evaluate(corpus: Path, **options: Any) -> dict[str, Any]:
        made.append((corpus, options))
        return EVALUATION

    monkeypatch.setattr("roleclf.evaluation.evaluate_model", evaluate)
    return made


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["evaluate", *args])


def test_a_table_is_printed(folder: Path, calls: list[Any]) -> None:
    result = run("jobs.csv")
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{TEXT}\n", "")
    assert calls == [(Path("jobs.csv"), {"labels": (), "model": None})]


def test_labels_and_model_are_passed_on(folder: Path, calls: list[Any]) -> None:
    labels = ("--labels", "labels.jsonl", "--labels", "jobs.csv")
    assert run("jobs.csv", *labels, "--model", "my").exit_code == 0
    files = (Path("labels.jsonl"), Path("jobs.csv"))
    assert calls == [(Path("jobs.csv"), {"labels": files, "model": Path("my")})]


def test_a_report_is_written_beside_the_table(folder: Path, calls: list[Any]) -> None:
    result = run("jobs.csv", "-o", "report.html")
    assert (result.exit_code, result.stdout) == (0, f"{TEXT}\n")
    assert result.stderr == "report written to report.html\n"
    page = (folder / "report.html").read_text("utf-8")
    assert page == evaluation_page(EVALUATION)


def test_json_has_everything(folder: Path, calls: list[Any]) -> None:
    result = run("jobs.csv", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads(json.dumps(EVALUATION))


@pytest.mark.parametrize(
    ("args", "exit_code", "message"),
    [
        pytest.param(
            ["jobs.csv"],
            1,
            "jobs.csv: has no column role; add one, or give --labels with the same ids",
            id="no-role",
        ),
        pytest.param(
            ["jobs.csv", "--labels", "labels.jsonl"],
            1,
            "jobs.csv: has labels of fewer than two roles; add some",
            id="one-role",
        ),
        pytest.param(
            ["jobs.csv", "-o", "-"],
            2,
            "stdout is for the table; give --output a file",
            id="report-to-stdout",
        ),
        pytest.param(
            ["none.csv"],
            2,
            "Invalid value for 'CORPUS': File 'none.csv' does not exist.",
            id="no-file",
        ),
    ],
)
def test_errors_are_one_message(
    folder: Path, args: Sequence[str], exit_code: int, message: str
) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (exit_code, "")
    assert result.stderr.splitlines()[-1] == f"Error: {message}"


def test_the_report_does_not_replace_the_corpus(folder: Path, calls: list[Any]) -> None:
    result = run("jobs.csv", "-o", "jobs.csv")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == (
        "Error: jobs.csv: the output is the input; write to another file"
    )


def test_a_report_that_cannot_be_written_is_an_error(
    folder: Path, calls: list[Any]
) -> None:
    result = run("jobs.csv", "-o", "none/report.html")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: none/report.html: No such file or directory; "
        "check the path, its permissions and the disk\n"
    )


@pytest.mark.parametrize("missing", ["roleclf.evaluation", "jinja2"])
def test_an_install_without_the_extra_names_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [name for name in sys.modules if name.startswith("roleclf.evaluation")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    result = run("jobs.csv")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: roleclf evaluate needs libraries that are not installed; "
        "pip install 'roleclf[train]' brings them\n"
    )
