"""Classify a whole file: every row once, in order, counted; or no file at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from conftest import SAMPLE
from fakes import FakeAnnotations, FakeAnnotator, cut_small, read_all, written
from roleclf.batch.classify import _has_enough_work, classify_file
from roleclf.batch.summary import Summary
from roleclf.batch.workers import parallel_map
from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables import Progress, Reading, Writing
from roleclf.tables.records import Block

MIXED = b"""id,title,text
1,DE,pipelines
2,Chef,soup
3,,
4,DE,more pipelines
5,a,b,c
"""


class StoppingAnnotator(FakeAnnotator):
    """Raises an error at the second batch."""

    def __init__(self, error: type[BaseException]) -> None:
        self.error = error
        self.n_batches = 0

    def annotate_batch(
        self,
        postings: Sequence[Posting],
        problems: Sequence[str | None] | None = None,
    ) -> FakeAnnotations:
        self.n_batches += 1
        if self.n_batches > 1:
            raise self.error
        return super().annotate_batch(postings, problems)


def test_summary_counts_roles_and_problems(tmp_path: Path) -> None:
    path, target = written(tmp_path, "jobs.csv", MIXED), tmp_path / "out.csv"
    summary = classify_file(FakeAnnotator(), str(path), str(target))
    assert summary._replace(seconds=0) == Summary(
        rows=5,
        rows_by_role={"data_engineer": 2, "other": 1},
        sure_by_role={"data_engineer": 2, "other": 1},
        rows_by_problem={"no_text": 1, "unreadable": 1},
        seconds=0,
    )
    assert summary.unclassified == 2
    assert summary.seconds > 0


@pytest.mark.parametrize(
    ("min_confidence", "sure_by_role"),
    [
        pytest.param(0.0, {"data_engineer": 2, "other": 1}, id="none"),
        pytest.param(0.6, {"data_engineer": 2, "other": 1}, id="at"),
        pytest.param(0.61, {"data_engineer": 2}, id="above"),
        pytest.param(1.0, {}, id="all"),
    ],
)
def test_min_confidence_changes_sure_but_not_the_role(
    min_confidence: float, sure_by_role: dict[str, int], tmp_path: Path
) -> None:
    path, target = written(tmp_path, "jobs.csv", MIXED), tmp_path / "out.csv"
    writing = Writing(columns=(), prefix="", min_confidence=min_confidence)
    summary = classify_file(FakeAnnotator(), str(path), str(target), writing=writing)
    assert summary.rows_by_role == {"data_engineer": 2, "other": 1}
    assert summary.sure_by_role == sure_by_role
    n_sure = target.read_text().count(",true,")
    assert n_sure == sum(sure_by_role.values())


def test_rows_keep_their_order_over_many_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_small(monkeypatch, 6000)
    texts = ["pipelines" if i % 7 else "soup" for i in range(1000)]
    content = "".join(f"{i}\t{text}\n" for i, text in enumerate(texts))
    path = written(tmp_path, "jobs.tsv", f"id\ttext\n{content}".encode())
    target = tmp_path / "out.tsv"
    reports: list[Progress] = []
    writing = Writing(columns=("id",))
    classify_file(
        FakeAnnotator(), str(path), str(target), writing=writing, report=reports.append
    )
    rows = [line.split("\t")[:2] for line in target.read_text().splitlines()[1:]]
    roles = {"pipelines": "data_engineer", "soup": "other"}
    assert rows == [[str(i), roles[text]] for i, text in enumerate(texts)]
    assert len(reports) > 1
    assert reports[-1] == Progress(1000, 0, 1.0)
    n_rows = [progress.rows for progress in reports]
    assert n_rows == sorted(set(n_rows))


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, MemoryError])
@pytest.mark.parametrize("name", ["out.csv", "out.jsonl.gz", "out.parquet"])
def test_a_stopped_run_leaves_no_file(
    error: type[BaseException], name: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "jobs.csv", b"text\n" + b"pipelines\n" * 1000)
    with pytest.raises(error):
        classify_file(StoppingAnnotator(error), str(path), str(tmp_path / name))
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_in_a_late_row_leaves_the_old_output(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", b"text\n" + b"pipelines\n" * 1000 + b"\xff\n")
    target = written(tmp_path, "out.csv", b"old")
    message = f"{path}, line 1002: byte 0xff is not utf-8"
    with pytest.raises(Exception, match=message):
        classify_file(FakeAnnotator(), str(path), str(target))
    assert target.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [path, target]


def many_rows(folder: Path, name: str) -> Path:
    """Return a table of 1,300 rows, two of them malformed."""
    rows = [f'{i},"DE ""{i}""\n","pipelines in SQL {i}"\n' for i in range(1300)]
    rows[300] = 'x,y,"z",more\n'
    rows[450] = 'stray 5" quote\n'
    source = written(folder, "in.csv", f"id,title,text\n{''.join(rows)}".encode())
    classify_file(FakeAnnotator(), str(source), str(folder / name))
    return folder / name


@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param("jobs.csv", "out.csv", id="csv"),
        pytest.param("jobs.tsv.gz", "out.csv.gz", id="gz"),
        pytest.param("jobs.jsonl", "out.jsonl", id="jsonl"),
        pytest.param("jobs.parquet", "out.parquet", id="parquet"),
        pytest.param("jobs.parquet", "out.tsv", id="parquet-to-tsv"),
        pytest.param("jobs.jsonl.gz", "out.csv", id="unpacked-on-disk"),
        pytest.param("jobs.parquet.gz", "out.csv", id="unpacked-parquet"),
    ],
)
def test_any_number_of_workers_writes_the_same(
    source: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = many_rows(tmp_path, source)
    cut_small(monkeypatch, 8000)
    monkeypatch.setattr("roleclf.tables.parquet._ROW_GROUP", 20_000)
    monkeypatch.setattr("roleclf.tables.row_groups.BATCH_SIZE", 100)
    n_started = count_workers(monkeypatch)
    contents, summaries = [], []
    for n in (1, 2, 3):
        summary = classify_file(
            FakeAnnotator(), str(path), str(tmp_path / target), workers=n
        )
        summaries.append(summary._replace(seconds=0))
        contents.append((tmp_path / target).read_bytes())
    assert contents == [contents[0]] * 3
    assert summaries == [summaries[0]] * 3
    assert summaries[0].rows == 1300
    assert n_started == [2, 3]


def count_workers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list to which each start of workers appends their number."""
    numbers: list[int] = []

    def counted(
        function: Any, items: Any, n_workers: int, pauses: Any, backend: str | None
    ) -> Any:
        numbers.append(n_workers)
        return parallel_map(function, items, n_workers, pauses, backend)

    monkeypatch.setattr("roleclf.batch.workers.parallel_map", counted)
    return numbers


def test_workers_are_not_started_for_a_small_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_started = count_workers(monkeypatch)
    path = many_rows(tmp_path, "jobs.csv")
    classify_file(FakeAnnotator(), str(path), str(tmp_path / "out.csv"), workers=4)
    assert n_started == []


@pytest.mark.parametrize(
    ("shares", "is_full", "is_enough"),
    [
        pytest.param([0.12], True, True, id="an-eighth"),
        pytest.param([0.12], False, False, id="an-eighth-but-not-full"),
        pytest.param([0.13], True, False, id="more-than-an-eighth"),
        pytest.param([0.9, 0.92], True, False, id="the-rest"),
        pytest.param([0.92] * 8, True, True, id="eight-of-the-rest"),
        pytest.param([None] * 7, True, False, id="seven-of-a-stream"),
        pytest.param([None] * 8, True, True, id="eight-of-a-stream"),
    ],
)
def test_workers_are_started_for_eight_blocks(
    shares: list[float | None], is_full: bool, is_enough: bool
) -> None:
    blocks = [Block(b"", is_full, share=share) for share in shares]
    assert _has_enough_work(blocks) == is_enough


def test_the_shipped_model_gives_the_same_in_workers(
    annotator: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_small(monkeypatch, 10_000)
    n_started = count_workers(monkeypatch)
    for n in (1, 2):
        target = str(tmp_path / f"{n}.csv")
        source = str(SAMPLE / "postings.csv")
        classify_file(annotator, source, target, workers=n, backend="loky")
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()
    assert n_started == [2]


def test_an_error_is_the_same_with_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_small(monkeypatch, 100)
    path = written(tmp_path, "jobs.csv", b"text\n" + b"pipelines\n" * 1000 + b"\xff\n")
    with pytest.raises(TableError, match=f"{path}, line 1002: byte 0xff is not utf-8"):
        classify_file(FakeAnnotator(), str(path), str(tmp_path / "o.csv"), workers=2)
    assert list(tmp_path.iterdir()) == [path]


BODY = "pipelines " + " ".join(f"word{i}" for i in range(40))
REPEATED = (
    f"id,title,text\n1,DE,{BODY}\n2,Chef,soup\n3,DE in Bonn,{BODY} in Bonn\n4,,\n"
)


@pytest.mark.parametrize("size", [1, 1 << 20])
@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.jsonl", "out.parquet"])
def test_groups_are_numbered_in_a_column(
    name: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_small(monkeypatch, size)
    path, target = written(tmp_path, "in.csv", REPEATED.encode()), tmp_path / name
    writing = Writing(groups=True)
    classify_file(FakeAnnotator(), str(path), str(target), writing=writing)
    names, rows, *_ = read_all(target, Reading(title="id"))
    assert [(row[0], row[1]) for row in rows] == [
        ("1", "DE"),
        ("2", "Chef"),
        ("3", "DE in Bonn"),
        ("4", ""),
    ]
    groups = [
        row[-1]["group"] if isinstance(row[-1], dict) else row[-1] for row in rows
    ]
    assert names[-1] == ("_roleclf" if name == "out.jsonl" else "roleclf_group")
    number = str if name in {"out.csv", "out.tsv"} else int
    assert groups == [number(group) for group in (1, 2, 1, 4)]


def test_there_is_no_column_of_groups_by_default(tmp_path: Path) -> None:
    path, target = written(tmp_path, "in.csv", REPEATED.encode()), tmp_path / "out.csv"
    classify_file(FakeAnnotator(), str(path), str(target))
    assert b"group" not in target.read_bytes().splitlines()[0]
