"""`roleclf` and `python -m roleclf` start fast and end with the right status."""

from __future__ import annotations

import atexit
import errno
import gc
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TextIO

import pytest

from roleclf.__main__ import run
from roleclf.cli import main

FULL = Path("/dev/full")
BUFFERED = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
# Runs a command of its own in place of roleclf, and prints when the process ends.
PROGRAM = """
import atexit, sys
from roleclf import __main__, cli
def main(prog_name):
    {at_end}
    print("a line")
    {end}
cli.main = main
__main__.run()
"""


def ran(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Return the result of a Python process whose output is buffered."""
    return subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=BUFFERED,
        **options,
    )


def ended(
    end: str,
    at_end: str = 'atexit.register(print, "ended", flush=True)',
    stdout: TextIO | int = subprocess.PIPE,
) -> subprocess.CompletedProcess[str]:
    """Return the result of a command that prints a line and ends with `end`."""
    return ran("-c", PROGRAM.format(end=end, at_end=at_end), stdout=stdout)


def test_run_runs_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["anything", "--help"])
    registered: list[tuple[Callable[..., None], Any]] = []
    monkeypatch.setattr(atexit, "register", lambda *call: registered.append(call))
    statuses: list[int] = []
    monkeypatch.setattr(os, "_exit", statuses.append)
    with pytest.raises(SystemExit, match=r"^0$"):
        run()
    assert capsys.readouterr().out.startswith("Usage: roleclf [OPTIONS] COMMAND")
    assert gc.isenabled()
    assert gc.get_freeze_count()
    ((at_end, own),) = registered
    at_end(own)
    assert statuses == [0]
    gc.unfreeze()


@pytest.mark.parametrize("status", [0, 3])
def test_the_process_ends_with_the_status_after_other_exit_handlers(
    status: int,
) -> None:
    result = ended(f"sys.exit({status})")
    assert (result.returncode, result.stdout) == (status, "a line\nended\n")
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("end", "status", "said"),
    [
        ("pass", 0, ""),
        ("sys.exit()", 0, ""),
        ("sys.exit('why')", 1, "why\n"),
        ("raise ValueError('odd')", 1, "ValueError: odd\n"),
    ],
)
def test_other_ends_are_left_to_python(end: str, status: int, said: str) -> None:
    result = ended(end)
    assert (result.returncode, result.stdout) == (status, "a line\nended\n")
    assert result.stderr.endswith(said)


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize(("status", "own"), [(0, 120), (3, 120), (1, 1)])
def test_output_that_cannot_be_flushed_is_a_failure(status: int, own: int) -> None:
    with FULL.open("w") as stdout:
        result = ended(f"sys.exit({status})", stdout=stdout, at_end="")
    assert result.returncode == own
    assert ("No space left on device" in result.stderr) == (own == 120)


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["taxonomy", "list"]])
def test_a_full_disk_behind_stdout_is_reported_in_one_line(
    arguments: list[str],
) -> None:
    with FULL.open("w") as stdout:
        result = ran("-m", "roleclf", *arguments, stdout=stdout)
    assert result.returncode == 1
    assert result.stderr == "Error: stdout: No space left on device\n"


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("name", ["csv", "parquet", "jsonl"])
def test_a_table_that_cannot_be_written_is_reported_in_one_line(
    tmp_path: Path, name: str
) -> None:
    table = tmp_path / "bare.csv"
    table.write_text("id,title,description\n1,,\n", encoding="utf-8")
    with FULL.open("w") as stdout:
        command = ("classify", str(table), "-q", "--output-format", name)
        result = ran("-m", "roleclf", *command, stdout=stdout)
    assert result.returncode == 1
    message = "Error: stdout: No space left on device; check the path"
    assert result.stderr.startswith(message), result.stderr
    assert result.stderr.count("\n") == 1


def test_without_standalone_mode_the_error_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(*args: Any, **extra: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("click.Group.main", no_room)
    with pytest.raises(OSError, match="No space left"):
        main(["--help"], standalone_mode=False)
    with pytest.raises(SystemExit, match=r"^1$"):
        main(["--help"])


def test_other_os_errors_are_not_taken_for_those_of_stdout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def not_there(*args: Any, **extra: Any) -> None:
        Path("nowhere").read_bytes()

    monkeypatch.setattr("click.Group.main", not_there)
    with pytest.raises(FileNotFoundError):
        main(["--help"])


def test_a_process_without_streams_ends_with_its_status() -> None:
    assert ended("sys.stdout = sys.stderr = None; sys.exit(3)").returncode == 3


def test_the_console_script_is_run() -> None:
    (script,) = entry_points(group="console_scripts", name="roleclf")
    assert script.load() is run
