"""A whole file: every row once, in order, counted; or no file at all."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from fakes import FakeAnnotations, FakeAnnotator, cut_small, written
from roleclf.batch import Summary, classify_file
from roleclf.records import Posting
from roleclf.tables import Writing

MIXED = b"""id,title,text
1,DE,pipelines
2,Chef,soup
3,,
4,DE,more pipelines
5,a,b,c
"""


class StoppingAnnotator(FakeAnnotator):
    """Is stopped when the second batch comes."""

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


def test_summary_counts_what_came_out(tmp_path: Path) -> None:
    path, target = written(tmp_path, "jobs.csv", MIXED), tmp_path / "out.csv"
    summary = classify_file(FakeAnnotator(), str(path), str(target))
    assert dataclasses.replace(summary, seconds=0) == Summary(
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
def test_min_confidence_leaves_the_role(
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
    target, sizes = tmp_path / "out.tsv", []
    writing = Writing(columns=("id",))
    classify_file(
        FakeAnnotator(), str(path), str(target), writing=writing, report=sizes.append
    )
    rows = [line.split("\t")[:2] for line in target.read_text().splitlines()[1:]]
    roles = {"pipelines": "data_engineer", "soup": "other"}
    assert rows == [[str(i), roles[text]] for i, text in enumerate(texts)]
    assert len(sizes) > 1
    assert sum(sizes) == 1000


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, MemoryError])
@pytest.mark.parametrize("name", ["out.csv", "out.jsonl.gz", "out.parquet"])
def test_stopped_run_leaves_nothing(
    error: type[BaseException], name: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "jobs.csv", b"text\n" + b"pipelines\n" * 1000)
    with pytest.raises(error):
        classify_file(StoppingAnnotator(error), str(path), str(tmp_path / name))
    assert list(tmp_path.iterdir()) == [path]


def test_error_far_down_leaves_the_old_output(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", b"text\n" + b"pipelines\n" * 1000 + b"\xff\n")
    target = written(tmp_path, "out.csv", b"old")
    message = f"{path}, line 1002: byte 0xff is not utf-8"
    with pytest.raises(Exception, match=message):
        classify_file(FakeAnnotator(), str(path), str(target))
    assert target.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [path, target]
