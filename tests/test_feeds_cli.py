"""`roleclf annotate`: files, pipes, messages and exit codes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import roleclf
from fakes import FakeAnnotations, FakeAnnotator
from feeds import JOB, annotations, dumped, item, rss, without_annotations
from roleclf.cli import main
from roleclf.feeds import limits
from roleclf.tables.batches import BATCH_SIZE
from roleclf.tables.records import Progress

FEED = dumped([JOB, {"title": "Baker"}])


@pytest.fixture(autouse=True)
def fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the fake model in place of the shipped one."""
    monkeypatch.setattr(
        roleclf, "load", lambda path, reader: FakeAnnotator(), raising=False
    )


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["annotate", *arguments], input=given)


def test_from_file_to_file(tmp_path: Path) -> None:
    source, target = tmp_path / "jobs.txt", tmp_path / "out"
    source.write_text(FEED, encoding="utf-8")
    result = run(str(source), "-o", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "2 postings, format json\n"
    assert without_annotations(target.read_text("utf-8")) == FEED


def test_through_pipes() -> None:
    result = run("-", "--quiet", given=gzip.compress(FEED.encode()))
    assert (result.exit_code, result.stderr) == (0, "")
    assert [note["role"] for note in annotations(result.stdout)] == [
        "data_engineer",
        "other",
    ]


def test_gzip_is_written_where_the_name_says_so(tmp_path: Path) -> None:
    target = tmp_path / "out.json.gz"
    assert run("-", "-o", str(target), given=FEED.encode()).exit_code == 0
    assert len(json.loads(gzip.decompress(target.read_bytes()))) == 2


def test_postings_without_a_role_exit_with_3() -> None:
    result = run("-", given=dumped([JOB, {"id": 1}, {"id": 2}]).encode())
    assert result.exit_code == 3
    assert result.stderr == (
        "3 postings, format json; 2 without a role\nproblem: no_text 2\n"
    )


def test_a_feed_without_postings_is_a_warning() -> None:
    result = run("-", given=rss().encode())
    assert result.exit_code == 0
    assert result.stdout == rss()
    assert result.stderr == "Warning: stdin: no postings\n0 postings, format rss\n"


@pytest.mark.parametrize(
    ("given", "arguments", "code", "message"),
    [
        pytest.param(
            rss(item("<title>a</titel>")),
            [],
            1,
            "Error: stdin, line 3, column 15: is not well-formed XML "
            "(mismatched tag); check that the document is whole",
            id="broken-xml",
        ),
        pytest.param(
            rss(item("<title>a")).partition("<title>")[0],
            [],
            1,
            "Error: stdin, line 2, column 29: is not well-formed XML "
            "(no element found); check that the document is whole",
            id="truncated-xml",
        ),
        pytest.param(
            '[{"title": "a"},\n {"title"',
            [],
            1,
            "Error: stdin, line 2, column 10: is not JSON (Expecting ':' delimiter); "
            "check that the document is whole",
            id="truncated-json",
        ),
        pytest.param(
            "[]\n[]",
            [],
            1,
            "Error: stdin, line 1: something stands behind the JSON document; "
            "put all into one list, or each object on a line of its own",
            id="two-documents",
        ),
        pytest.param(
            '{"name": "a"}',
            [],
            1,
            "Error: stdin: has no postings (its objects have name); name titles "
            "`title` and texts `description`, say its format with --format, or use "
            "`roleclf classify` for a table",
            id="no-postings",
        ),
        pytest.param(
            FEED,
            ["--format", "remotive"],
            1,
            "Error: stdin: has no postings where remotive has them (its objects have "
            "title, description); name titles `title` and texts `description`, say its "
            "format with --format, or use `roleclf classify` for a table",
            id="no-such-postings",
        ),
        pytest.param(
            "<svg/>",
            [],
            1,
            "Error: stdin: <svg> has no postings, such as <job>, <item> or <entry>; "
            "call its postings so",
            id="no-feed",
        ),
        pytest.param(
            FEED,
            ["--format", "rss"],
            1,
            "Error: stdin: is JSON, which rss never is; leave --format away",
            id="other-family",
        ),
        pytest.param(FEED, ["--format", "word"], 2, "no format 'word'", id="no-format"),
        pytest.param(
            '<?xml version="1.0" encoding="klingon"?><rss/>',
            [],
            1,
            "Error: stdin: cannot be decoded (unknown encoding: klingon); "
            "convert it to UTF-8",
            id="no-encoding",
        ),
    ],
)
def test_an_error_is_reported_with_its_place(
    given: str, arguments: list[str], code: int, message: str, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    result = run("-", "-o", str(target), *arguments, given=given.encode())
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_doctype_is_refused_with_what_to_do() -> None:
    document = (
        '<?xml version="1.0"?>\n<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD '
        'RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">\n'
        '<rss version="0.91"><channel><item><title>Cook</title></item></channel></rss>'
    )
    result = run("-", given=document.encode())
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: stdin, line 2: has a DOCTYPE, which is refused, for it may hide "
        "anything; delete <!DOCTYPE ...> from it, feeds need none\n"
    )
    lines = document.splitlines(keepends=True)
    assert run("-", given=f"{lines[0]}{lines[2]}".encode()).exit_code == 0


def test_progress_is_shown_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Progress] = []

    @contextmanager
    def watched(quiet: bool, unit: str) -> Iterator[Callable[[Progress], None]]:
        assert (quiet, unit) == (False, "postings")
        yield shown.append

    monkeypatch.setattr("roleclf.cli.annotate.shown_progress", watched)
    feed = dumped([{"title": "Cook"}, {}, *[JOB] * (2 * BATCH_SIZE - 2)])
    monkeypatch.setattr(limits, "PIECE", 10)
    assert run("-", "-o", str(tmp_path / "out"), given=feed.encode()).exit_code == 3
    first, last = shown
    assert (first.rows, first.rejected) == (BATCH_SIZE, 1)
    assert first.share == pytest.approx(0.5, abs=0.01)
    assert (last.rows, last.rejected) == (2 * BATCH_SIZE, 1)
    assert last.share == pytest.approx(1, abs=0.01)


class _Stopped(FakeAnnotator):
    """Is stopped by Ctrl-C in its second batch."""

    n_batches = 0

    def annotate_batch(self, postings: Any, problems: Any = None) -> FakeAnnotations:
        self.n_batches += 1
        if self.n_batches == 2:
            raise KeyboardInterrupt
        return super().annotate_batch(postings, problems)


@pytest.mark.parametrize(
    "document",
    [dumped([JOB] * 2 * BATCH_SIZE), rss(item("<title>Cook</title>") * 2 * BATCH_SIZE)],
)
def test_a_run_that_is_stopped_leaves_what_was_there(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roleclf, "load", lambda path, reader: _Stopped(), raising=False)
    target = tmp_path / "out"
    target.write_text("before")
    result = run("-", "-o", str(target), given=document.encode())
    assert (result.exit_code, result.stderr) == (1, "\nAborted!\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert target.read_text() == "before"


def test_the_output_must_not_be_the_input(tmp_path: Path) -> None:
    source = tmp_path / "jobs.json"
    source.write_text(FEED, encoding="utf-8")
    result = run(str(source), "-o", str(source))
    assert result.exit_code == 2
    assert "the output is the input; write to another file" in result.stderr
    assert source.read_text("utf-8") == FEED


def test_an_output_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    target = tmp_path / "missing" / "out"
    result = run("-", "-o", str(target), given=FEED.encode())
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr
