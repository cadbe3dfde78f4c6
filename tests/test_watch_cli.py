"""`roleclf watch`: its messages, exit codes and signals."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner, Result

import roleclf
from fakes import FakeAnnotator
from feeds import JOB, dumped, rss
from roleclf.cli import main
from servers import FeedServer, serving

FEED = dumped([{"id": 1, **JOB}, {"id": 2, "title": "Baker"}])
NEXT = re.compile(r"; next try in (\d+ \w+), \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the fake model in place of the shipped one."""
    monkeypatch.setattr(
        roleclf, "load", lambda path, reader: FakeAnnotator(), raising=False
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, once: bool = True) -> Result:
    asked = ["watch", *arguments, "--state", "s.db", "-o", "out.jsonl"]
    return CliRunner().invoke(main, [*asked, *["--once"] * once])


def run_private(*arguments: str) -> Result:
    return run(*arguments, "--allow-private")


def lines() -> list[str]:
    return Path("out.jsonl").read_text("utf-8").splitlines()


def test_each_poll_is_a_line(server: FeedServer) -> None:
    url = server.serve("/jobs", FEED)
    result = run_private(url)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{url}: 2 postings, 2 new\n"
    result = run_private(url)
    assert (result.exit_code, result.stderr) == (0, f"{url}: unchanged\n")
    server.serve("/jobs", dumped([{"id": 1, "title": "Cook"}, {"id": 3, **JOB}]))
    result = run_private(url)
    assert result.stderr == f"{url}: 2 postings, 1 new, 1 changed, 1 gone\n"
    assert len(lines()) == 4


def test_a_file_and_its_annotated_feed() -> None:
    Path("jobs.json").write_text(FEED, encoding="utf-8")
    result = run("jobs.json", "--feeds", "annotated")
    assert (result.exit_code, result.stderr) == (
        0,
        "jobs.json: 2 postings, 2 new\n",
    )
    (path,) = Path("annotated").iterdir()
    assert json.loads(path.read_text("utf-8"))[0]["_roleclf"]["role"] == "data_engineer"


def test_a_failure_is_reported_with_the_next_try(server: FeedServer) -> None:
    url = server.serve("/bad", "", {"Retry-After": "7200"}, 503)
    result = run_private(url)
    assert result.exit_code == 1
    said = result.stderr.rstrip("\n")
    assert NEXT.sub("", said) == (
        f"{url}: has trouble (HTTP 503); if it stays so, ask those who run it"
    )
    assert NEXT.search(said)[1] == "2 h"  # type: ignore[index]
    result = run_private(url)
    assert result.exit_code == 1
    assert NEXT.sub("", result.stderr.rstrip("\n")) == f"{url}: not asked yet"


def test_one_of_two_that_fails_exits_with_3(server: FeedServer) -> None:
    good = server.serve("/good", FEED)
    server.serve("/bad", "", status=404)
    bad = server.url("/bad", "localhost")
    result = run_private(good, bad, "--quiet")
    assert result.exit_code == 3
    assert NEXT.sub("", result.stderr.rstrip("\n")) == (
        f"{bad}: is not there (HTTP 404); check the address"
    )


def test_postings_without_a_role_exit_with_3() -> None:
    Path("jobs.json").write_text(dumped([JOB, {"id": 2, "title": ""}]), "utf-8")
    result = run("jobs.json")
    assert result.exit_code == 3
    assert "2 postings, 2 new, 1 without a role" in result.stderr
    assert run("jobs.json").exit_code == 0


def test_private_addresses_are_asked_only_where_that_is_allowed(
    server: FeedServer,
) -> None:
    url = server.serve("/jobs", FEED)
    result = run(url)
    assert result.exit_code == 1
    assert result.stderr == (
        f"{url}: leads to 127.0.0.1, which is no public address; "
        "give --allow-private if that is meant\n"
    )


def test_zero_postings_are_a_warning(server: FeedServer) -> None:
    url = server.serve("/jobs", rss())
    result = run_private(url)
    assert result.exit_code == 0
    assert result.stderr == f"Warning: {url}: no postings\n{url}: 0 postings\n"


def test_annotations_of_another_model_are_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("jobs.json").write_text(FEED, encoding="utf-8")
    run("jobs.json")
    monkeypatch.setattr(roleclf, "__version__", "99.0")
    result = run("jobs.json")
    assert result.stderr == (
        "2 annotations by another model or version kept; "
        "--reannotate makes them anew\n"
        "jobs.json: unchanged\n"
    )
    result = run("jobs.json", "--reannotate")
    assert result.stderr == "jobs.json: 2 postings, 2 reannotated\n"
    assert [json.loads(line)["change"] for line in lines()] == [
        *["new"] * 2,
        *["reannotated"] * 2,
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param([], "Missing argument 'URL_OR_FILE...'", id="no-source"),
        pytest.param(["-"], "-: stdin cannot be asked again", id="stdin"),
        pytest.param(["gopher://a.example"], "begins with http://", id="scheme"),
        pytest.param(["a", "--every", "15"], "'15' is no time such as 30s", id="every"),
        pytest.param(["s.db"], "s.db: is the state and a source", id="same-file"),
    ],
)
def test_a_call_that_is_wrong_exits_with_2(
    arguments: list[str], message: str, folder: Path
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert list(folder.iterdir()) == []


def test_an_unknown_output_is_not_touched(folder: Path) -> None:
    Path("out.jsonl").write_text("mine\n", encoding="utf-8")
    result = run("jobs.json")
    assert result.exit_code == 2
    assert "out.jsonl: holds something, and the state does not know" in result.stderr
    assert lines() == ["mine"]


def test_a_missing_file_exits_with_1() -> None:
    result = run("missing.json")
    assert result.exit_code == 1
    assert result.stderr == (
        "missing.json: No such file or directory; "
        "check the path, its permissions and the disk\n"
    )


@pytest.fixture
def real_sleep(monkeypatch: pytest.MonkeyPatch, fake_model: None) -> None:
    monkeypatch.undo()


@pytest.mark.usefixtures("real_sleep")
@pytest.mark.parametrize(
    ("number", "once", "stalls", "code"),
    [
        pytest.param(signal.SIGINT, False, False, 0, id="ctrl-c-between-polls"),
        pytest.param(signal.SIGTERM, False, True, 0, id="term-in-a-poll"),
        pytest.param(signal.SIGINT, True, True, 130, id="ctrl-c-of-a-single-round"),
        pytest.param(signal.SIGTERM, True, True, 143, id="term-of-a-single-round"),
    ],
)
def test_signals_end_it_cleanly(
    server: FeedServer,
    tmp_path: Path,
    number: signal.Signals,
    once: bool,
    stalls: bool,
    code: int,
) -> None:
    (tmp_path / "jobs.json").write_text(dumped([JOB, {**JOB, "id": 2}]), "utf-8")
    slow = [server.serve_raw("/slow", 30.0)] if stalls else []
    server.asked.clear()
    state, output = tmp_path / "s.db", tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "roleclf", "watch", str(tmp_path / "jobs.json")]
    options = ["--state", str(state), "-o", str(output), "--allow-private"]
    with subprocess.Popen(  # noqa: S603
        [*command, *slow, *options, *["--once"] * once],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        start = monotonic()
        while stalls and not server.asked and monotonic() - start < 20:
            sleep(0.01)
        os.kill(process.pid, number)
        rest = process.stderr.read()
    assert first == f"{tmp_path / 'jobs.json'}: 2 postings, 2 new\n"
    assert rest == "stopped; the same command goes on from here\n"
    assert process.returncode == code
    assert monotonic() - start < 20
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "jobs.json",
        "out.jsonl",
        "s.db",
    ]
