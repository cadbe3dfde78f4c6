"""An interrupted run is resumed, and its output is that of a whole run."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import re
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from fakes import FakeAnnotations, FakeAnnotator, cut_small, written
from roleclf.batch.classify import classify_file
from roleclf.batch.resume import count_kept_rows
from roleclf.cli import main
from roleclf.errors import TableError, WorkerError
from roleclf.records import Posting
from roleclf.tables import Progress, Reading, Writing
from roleclf.tables.targets import state_path

ROWS = [f'{i},"pipe\n""{i}""","pipelines {"x" * (i % 50)}"\n' for i in range(500)]
CSV = "id,title,text\n" + "".join(ROWS)


class InterruptedAnnotator(FakeAnnotator):
    """Is interrupted after `n_postings` postings."""

    error: BaseException = KeyboardInterrupt()

    def __init__(self, n_postings: int) -> None:
        self.n_left = n_postings

    def annotate_batch(
        self,
        postings: Sequence[Posting],
        problems: Sequence[str | None] | None = None,
    ) -> FakeAnnotations:
        self.n_left -= len(postings)
        if self.n_left < 0:
            raise self.error
        return super().annotate_batch(postings, problems)


class KilledAnnotator(FakeAnnotator):
    """Ends its whole process at one posting."""

    def annotate_batch(
        self,
        postings: Sequence[Posting],
        problems: Sequence[str | None] | None = None,
    ) -> FakeAnnotations:
        if any(posting.id == "400" for posting in postings):
            os._exit(9)
        return super().annotate_batch(postings, problems)


class FullDiskAnnotator(InterruptedAnnotator):
    """Raises the error of a full disk instead."""

    error = OSError(28, "No space left on device")


def interrupted(source: Path, target: Path, writing: Writing | None = None) -> int:
    """Interrupt a run after 200 rows or fewer, and return how many are kept."""
    with pytest.raises(KeyboardInterrupt):
        classify_file(
            InterruptedAnnotator(200), str(source), str(target), writing=writing
        )
    assert not target.exists()
    return count_kept_rows(str(target)) or 0


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of 500 rows, which is read in many blocks."""
    cut_small(monkeypatch, 2000)
    return written(tmp_path, "jobs.csv", CSV.encode())


@pytest.mark.parametrize("target", ["out.csv", "out.csv.gz", "out.jsonl"])
def test_a_resumed_run_knows_the_groups_of_earlier_rows(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_small(monkeypatch, 2000)
    bodies = [" ".join(f"{i}w{j}" for j in range(25)) for i in range(300)]
    rows = [f"{i},a,{bodies[i % 300]}\n" for i in range(500)]
    path = written(tmp_path, "in.csv", ("id,title,text\n" + "".join(rows)).encode())
    output, writing = tmp_path / target, Writing(groups=True)
    classify_file(FakeAnnotator(), str(path), str(output), writing=writing)
    content = output.read_bytes()
    assert b"group" in (gzip.decompress(content) if target[-2:] == "gz" else content)
    output.unlink()
    assert interrupted(path, output, writing) > 0
    classify_file(FakeAnnotator(), str(path), str(output), writing=writing, resume=True)
    assert output.read_bytes() == content


@pytest.mark.parametrize("source", ["in.csv", "in.csv.gz", "in.jsonl", "in.parquet"])
@pytest.mark.parametrize(
    "target", ["out.csv", "out.tsv.gz", "out.jsonl", "out.parquet"]
)
def test_a_resumed_run_writes_the_same_file(
    source: str,
    target: str,
    jobs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("roleclf.tables.row_groups.BATCH_SIZE", 50)
    monkeypatch.setattr("roleclf.tables.parquet._ROW_GROUP", 5000)
    path, output = tmp_path / source, tmp_path / target
    writing = Writing(columns=("id", "title", "text"))
    classify_file(FakeAnnotator(), str(jobs), str(path), writing=writing)
    whole = classify_file(FakeAnnotator(), str(path), str(output), writing=writing)
    content = output.read_bytes()
    output.unlink()
    n_kept = interrupted(path, output, writing)
    assert 0 < n_kept <= 200
    resumed = classify_file(
        FakeAnnotator(), str(path), str(output), writing=writing, resume=True
    )
    assert output.read_bytes() == content
    assert resumed._replace(seconds=0, rows_before=0) == (whole._replace(seconds=0))
    assert resumed.rows_before == n_kept
    assert sorted(tmp_path.iterdir()) == sorted({jobs, path, output})


def test_a_run_may_be_interrupted_twice(jobs: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    first = interrupted(jobs, target)
    with pytest.raises(KeyboardInterrupt):
        classify_file(InterruptedAnnotator(100), str(jobs), str(target), resume=True)
    assert first < (count_kept_rows(str(target)) or 0) < 500
    summary = classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert summary.rows == 500
    content = target.read_bytes()
    classify_file(FakeAnnotator(), str(jobs), str(target))
    assert target.read_bytes() == content


def test_an_interrupt_while_row_groups_are_copied_keeps_them(
    jobs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.tables.parquet._ROW_GROUP", 5000)
    target = tmp_path / "out.parquet"
    n_kept = interrupted(jobs, target)

    def stop(begun: Path, n_groups: int, writer: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("roleclf.tables.parquet._copy_groups", stop)
        with pytest.raises(KeyboardInterrupt):
            classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert count_kept_rows(str(target)) == n_kept
    with pytest.raises(KeyboardInterrupt):
        classify_file(InterruptedAnnotator(100), str(jobs), str(target), resume=True)
    assert n_kept < (count_kept_rows(str(target)) or 0)
    summary = classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert summary.rows == pq.read_metadata(target).num_rows == 500
    assert sorted(tmp_path.iterdir()) == [jobs, target]


def test_a_new_run_removes_the_files_of_an_earlier_one(
    jobs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.tables.parquet._ROW_GROUP", 5000)
    target, stale = tmp_path / "out.parquet", tmp_path / ".out.parquet.begun"
    interrupted(jobs, target)
    # What a run leaves that is killed while it resumes.
    shutil.copy(tmp_path / ".out.parquet.part", stale)
    jobs.write_bytes(CSV.replace("pipelines", "conduits").encode())
    interrupted(jobs, target)
    assert not stale.exists()
    classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert "pipelines" not in str(pq.read_table(target).to_pylist())


def test_a_full_disk_keeps_the_rows_of_the_interrupted_run(
    jobs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.tables.parquet._ROW_GROUP", 5000)
    target = tmp_path / "out.parquet"
    n_kept = interrupted(jobs, target)

    def full(writer: Any) -> None:
        raise FullDiskAnnotator.error

    with monkeypatch.context() as patch:
        patch.setattr(pq.ParquetWriter, "close", full)
        with pytest.raises(TableError, match="No space left on device"):
            classify_file(FullDiskAnnotator(50), str(jobs), str(target), resume=True)
    assert count_kept_rows(str(target)) == n_kept
    summary = classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert summary.rows == pq.read_metadata(target).num_rows == 500


def test_a_damaged_state_cannot_be_resumed(jobs: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    state_path(target).write_bytes(b"")
    with pytest.raises(TableError, match="no interrupted run is kept"):
        classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert classify_file(FakeAnnotator(), str(jobs), str(target)).rows == 500


def test_workers_resume_the_run_of_one_process(jobs: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv.gz"
    interrupted(jobs, target)
    classify_file(FakeAnnotator(), str(jobs), str(target), resume=True, workers=2)
    lines = gzip.decompress(target.read_bytes()).decode().count("pipelines")
    assert lines == 500


def test_the_end_of_a_worker_keeps_the_rows_written(jobs: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    with pytest.raises(WorkerError):
        classify_file(KilledAnnotator(), str(jobs), str(target), workers=2)
    assert 0 < (count_kept_rows(str(target)) or 0) <= 400
    summary = classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert summary.rows == 500


def run_until_killed(n_rows: int, *args: Any, **options: Any) -> None:
    """Classify a file in blocks of 2000 bytes; kill this process after `n_rows`."""
    with pytest.MonkeyPatch.context() as patch:
        cut_small(patch, 2000)
        patch.setattr("roleclf.batch.resume._SECONDS_BETWEEN_SAVES", 0.0)
        patch.setattr("roleclf.tables.parquet._ROW_GROUP", 5000)

        def report(progress: Progress) -> None:
            if progress.rows >= n_rows:
                os.kill(os.getpid(), signal.SIGKILL)

        classify_file(FakeAnnotator(), *args, report=report, **options)


def run_in_killed_process(n_rows: int, *args: Any, **options: Any) -> None:
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(
        target=run_until_killed, args=(n_rows, *args), kwargs=options
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


needs_sigkill = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="has no SIGKILL"
)


@needs_sigkill
@pytest.mark.parametrize("n_rows", [1, 100, 300, 499])
@pytest.mark.parametrize("target", ["out.csv", "out.csv.gz", "out.jsonl"])
def test_a_killed_run_is_resumed(
    n_rows: int, target: str, jobs: Path, tmp_path: Path
) -> None:
    output = tmp_path / target
    whole = classify_file(FakeAnnotator(), str(jobs), str(output))
    content = output.read_bytes()
    output.unlink()
    run_in_killed_process(n_rows, str(jobs), str(output))
    assert n_rows <= (count_kept_rows(str(output)) or 0) < n_rows + 100
    # Bytes that were written after the state was saved.
    with (tmp_path / f".{target}.part").open("ab") as part:
        part.write(b"1,2,3")
    resumed = classify_file(FakeAnnotator(), str(jobs), str(output), resume=True)
    assert output.read_bytes() == content
    assert resumed._replace(seconds=0, rows_before=0) == (whole._replace(seconds=0))
    assert sorted(tmp_path.iterdir()) == [jobs, output]


@needs_sigkill
def test_a_run_with_workers_may_be_killed_twice(jobs: Path, tmp_path: Path) -> None:
    target, again = tmp_path / "out.csv", tmp_path / "again.csv"
    run_in_killed_process(100, str(jobs), str(target), workers=2)
    first = count_kept_rows(str(target)) or 0
    run_in_killed_process(300, str(jobs), str(target), workers=2, resume=True)
    assert 100 <= first < 300 <= (count_kept_rows(str(target)) or 0)
    classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    classify_file(FakeAnnotator(), str(jobs), str(again))
    assert target.read_bytes() == again.read_bytes()


@needs_sigkill
def test_a_killed_run_into_parquet_is_resumed_from_the_last_interrupt(
    jobs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.tables.parquet._ROW_GROUP", 5000)
    target = tmp_path / "out.parquet"
    run_in_killed_process(300, str(jobs), str(target))
    assert count_kept_rows(str(target)) is None
    n_kept = interrupted(jobs, target)
    run_in_killed_process(400, str(jobs), str(target), resume=True)
    assert count_kept_rows(str(target)) == n_kept > 0
    summary = classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert summary.rows_before == n_kept
    assert pq.read_metadata(target).num_rows == 500
    assert sorted(tmp_path.iterdir()) == [jobs, target]


def test_the_state_is_saved_at_intervals(
    jobs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(range(1000))
    monkeypatch.setattr("roleclf.batch.resume.monotonic", lambda: next(times) / 4)
    saved: list[int] = []
    target = tmp_path / "out.csv"

    def report(progress: Progress) -> None:
        n_rows = count_kept_rows(str(target))
        if n_rows == progress.rows:
            saved.append(n_rows)
        reported.append(progress.rows)

    reported: list[int] = []
    classify_file(FakeAnnotator(), str(jobs), str(target), report=report)
    assert 2 < len(saved) < len(reported) / 2


@pytest.mark.parametrize("change", [None, "shorter", "gone"])
def test_an_error_keeps_the_rows_of_the_interrupted_run_only(
    change: str | None, jobs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.batch.resume._SECONDS_BETWEEN_SAVES", 0.0)
    jobs.write_bytes(jobs.read_bytes() + b"\xff\n")
    target, part = tmp_path / "out.csv", tmp_path / ".out.csv.part"
    with pytest.raises(TableError, match="byte 0xff is not utf-8"):
        classify_file(FakeAnnotator(), str(jobs), str(target))
    assert list(tmp_path.iterdir()) == [jobs]
    n_kept = interrupted(jobs, target)
    if change == "shorter":
        part.write_bytes(part.read_bytes()[:100])
    elif change == "gone":
        part.unlink()
    message = "what the interrupted run wrote is not there; run it without --resume"
    with pytest.raises(TableError, match=message if change else "byte 0xff"):
        classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)
    assert (count_kept_rows(str(target)) or 0) >= n_kept


def test_a_new_run_warns_that_kept_rows_are_given_up(
    jobs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    target = tmp_path / "out.csv"
    n_kept = interrupted(jobs, target)
    classify_file(FakeAnnotator(), str(jobs), str(target), model="other")
    assert caplog.messages == []
    target.unlink()
    assert interrupted(jobs, target) == n_kept
    classify_file(FakeAnnotator(), str(jobs), str(target))
    assert caplog.messages == [
        f"{target}: begins anew; --resume would keep the {n_kept} rows of an "
        "interrupted run"
    ]


def test_a_new_run_removes_the_state_of_the_interrupted_one(
    jobs: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    assert interrupted(jobs, target) > 0
    classify_file(FakeAnnotator(), str(jobs), str(target))
    assert count_kept_rows(str(target)) is None
    assert sorted(tmp_path.iterdir()) == [jobs, target]


@pytest.mark.parametrize(
    ("name", "row_group"),
    [
        pytest.param("out.parquet.gz", 1000, id="compressed-as-a-whole"),
        pytest.param("out.parquet", 1 << 24, id="no-row-group-yet"),
    ],
)
def test_nothing_is_kept_of_parquet_without_whole_row_groups(
    name: str,
    row_group: int,
    jobs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("roleclf.tables.parquet._ROW_GROUP", row_group)
    assert interrupted(jobs, tmp_path / name) == 0
    assert list(tmp_path.iterdir()) == [jobs]


@pytest.mark.parametrize(
    ("change", "other"),
    [
        pytest.param({"model": "b"}, "model"),
        pytest.param(
            {"reading": Reading(id="title")},
            "set of options",
        ),
        pytest.param(
            {"writing": Writing(prefix="x")},
            "set of options",
        ),
    ],
)
def test_a_run_with_another_model_or_options_is_not_resumed(
    change: dict[str, Any], other: str, jobs: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    interrupted(jobs, target)
    problem = f"the interrupted run had another {other}"
    message = f"^{re.escape(f'{target}: {problem}; run it without --resume')}$"
    with pytest.raises(TableError, match=message):
        classify_file(FakeAnnotator(), str(jobs), str(target), resume=True, **change)
    assert count_kept_rows(str(target)) is not None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CSV.replace("pipe", "pope", 1), id="head"),
        pytest.param(CSV + "1,2,3\n", id="longer"),
        pytest.param(CSV, id="time"),
    ],
)
def test_a_run_with_another_input_is_not_resumed(
    content: str, jobs: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    interrupted(jobs, target)
    jobs.write_text(content)
    problem = "the interrupted run had another input"
    message = f"^{re.escape(f'{target}: {problem}; run it without --resume')}$"
    with pytest.raises(TableError, match=message):
        classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)


def test_nothing_is_resumed_without_an_interrupted_run(
    jobs: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    message = f"{target}: no interrupted run is kept; run it without --resume"
    with pytest.raises(TableError, match=f"^{re.escape(message)}$"):
        classify_file(FakeAnnotator(), str(jobs), str(target), resume=True)


def test_the_command_that_resumes_is_shown(
    jobs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    args = ["classify", "jobs.csv", "-o", "my out.csv", "--prefix", "", "--workers=1"]
    stopping = InterruptedAnnotator(200)
    monkeypatch.setattr("roleclf.load", lambda path, reader: stopping, raising=False)
    stopped = CliRunner().invoke(main, args, prog_name="roleclf")
    assert stopped.exit_code == 1
    n_rows = count_kept_rows("my out.csv")
    assert stopped.stderr.splitlines() == [
        "",
        f"{n_rows} rows are kept. To go on:",
        "roleclf classify jobs.csv -o 'my out.csv' --prefix '' --workers=1 --resume",
        "",
        "Aborted!",
    ]
    monkeypatch.setattr("roleclf.load", lambda path, reader: FakeAnnotator())
    resumed = CliRunner().invoke(main, [*args, "--resume"], prog_name="roleclf")
    assert resumed.exit_code == 0
    assert resumed.stderr.startswith("500 rows in ")
    assert (tmp_path / "my out.csv").read_text().count("pipelines") == 500
