"""Parquet keeps its schema and types, which become text in other formats."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fakes import classified, cut_small, read_all, written
from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables import Writing, open_table

_NANOSECONDS = 1_767_323_045_000_000_001


@pytest.fixture
def typed() -> pa.Table:
    """Two rows of many types."""
    return pa.table(
        {
            "id": pa.array([1, None], "int32"),
            "title": pa.array(["DE", None], "large_string"),
            "text": pa.array(["pipelines", ""], pa.dictionary("int32", "string")),
            "pay": pa.array([Decimal("1.10"), None], pa.decimal128(9, 2)),
            "day": pa.array([date(2026, 1, 2), None]),
            "at": pa.array(
                [datetime(2026, 1, 2, tzinfo=UTC), None], pa.timestamp("us", "UTC")
            ),
            "ns": pa.array([_NANOSECONDS, None], "timestamp[ns]"),
            "raw": pa.array([b"a\xff", None]),
            "tags": pa.array([["a", None], []], pa.list_(pa.string())),
            "place": pa.array([{"city": "Bonn", "n": 1.5}, None]),
            "ok": pa.array([True, None]),
            "score": pa.array([float("nan"), 0.1], "float32"),
        }
    ).replace_schema_metadata({b"made by": b"me"})


def _saved(table: pa.Table, path: Path) -> Path:
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize("name", ["out.parquet", "out.parquet.gz"])
def test_schema_and_values_are_kept(name: str, typed: pa.Table, tmp_path: Path) -> None:
    path = _saved(typed, tmp_path / "in.parquet")
    first, second = tmp_path / name, tmp_path / "second.parquet"
    classified(path, first, writing=Writing(prefix="r_", probabilities=True))
    classified(first, second, writing=Writing(prefix="r_", probabilities=True))
    before, table = pq.read_table(path), pq.read_table(second)
    kept = table.select(typed.column_names)
    assert kept.schema.equals(before.schema, check_metadata=True)
    assert str(kept.to_pylist()) == str(typed.to_pylist())
    added = table.drop(typed.column_names)
    assert {str(field.type) for field in added.schema} == {"string", "double", "bool"}
    assert added.slice(0, 1).to_pylist() == [
        {
            "r_role": "data_engineer",
            "r_confidence": 0.9,
            "r_sure": True,
            "r_second_role": None,
            "r_second_confidence": None,
            "r_title_role": None,
            "r_duties_role": "data_engineer",
            "r_skills": "",
            "r_tools": "",
            "r_problem": None,
            "r_p_data_engineer": 0.9,
            "r_p_other": 0.1,
        }
    ]


def test_postings_are_read_from_any_type(typed: pa.Table, tmp_path: Path) -> None:
    path = _saved(typed, tmp_path / "in.parquet")
    assert read_all(path)[2] == [
        Posting("DE", "pipelines", "1"),
        Posting(None, "", None),
    ]


def test_values_become_text(typed: pa.Table, tmp_path: Path) -> None:
    content = classified(_saved(typed, tmp_path / "in.parquet"), tmp_path / "out.csv")
    assert content.decode().splitlines()[1:] == [
        "1,DE,pipelines,1.10,2026-01-02,2026-01-02T00:00:00+00:00,"
        '2026-01-02 03:04:05.000000001,a\ufffd,"[""a"", null]",'
        '"{""city"": ""Bonn"", ""n"": 1.5}",true,,'
        "data_engineer,0.9000,true,,,,data_engineer,,,",
        ",,,,,,,,[],,,0.10000000149011612,,0.0000,false,,,,,,,no_text",
    ]


def test_values_become_json(typed: pa.Table, tmp_path: Path) -> None:
    path = _saved(typed, tmp_path / "in.parquet")
    content = classified(path, tmp_path / "out.jsonl").decode()
    assert content.startswith(
        '{"id": 1, "title": "DE", "text": "pipelines", "pay": "1.10", '
        '"day": "2026-01-02", "at": "2026-01-02T00:00:00+00:00", '
        '"ns": "2026-01-02 03:04:05.000000001", "raw": "a\ufffd", '
        '"tags": ["a", null], "place": {"city": "Bonn", "n": 1.5}, "ok": true, '
        '"score": null, "_roleclf": {"id": "1", '
    )


@pytest.mark.parametrize(
    ("type_", "number", "text"),
    [
        pytest.param("timestamp[us]", 10**15, b"2001-09-09T01:46:40", id="us"),
        pytest.param("timestamp[ns]", 10**18, b"2001-09-09T01:46:40", id="whole-ns"),
        pytest.param(
            "timestamp[ns]", 10**18 + 1, b"2001-09-09 01:46:40.000000001", id="ns"
        ),
        pytest.param("time64[ns]", 10**9, b"00:00:01", id="time-whole-ns"),
        pytest.param("time64[ns]", 10**9 + 1, b"00:00:01.000000001", id="time-ns"),
        pytest.param("duration[ns]", 10**9, b"0:00:01", id="duration-whole-ns"),
        pytest.param("duration[ns]", 10**9 + 1, b"1000000001", id="duration-ns"),
        pytest.param(
            "timestamp[us]", 3 * 10**17, b"11476-08-15 05:20:00.000000", id="year-11476"
        ),
        pytest.param(
            pa.timestamp("s", "UTC"), 1, b"1970-01-01T00:00:01+00:00", id="utc"
        ),
    ],
)
def test_times_become_exact_text(
    type_: str, number: int, text: bytes, tmp_path: Path
) -> None:
    table = pa.table({"title": ["a"], "at": pa.array([number], type_)})
    content = classified(_saved(table, tmp_path / "in.parquet"), tmp_path / "out.csv")
    assert content.splitlines()[1].startswith(b"a," + text + b",other,")


def test_column_without_a_text_form_is_reported(tmp_path: Path) -> None:
    at = pa.array([[3 * 10**17]], pa.list_(pa.timestamp("us", "Mars/Phobos")))
    path = _saved(pa.table({"title": ["a"], "at": at}), tmp_path / "in.parquet")
    start = re.escape(f"{path}: column 'at' of type ")
    message = f"^{start}.* has no text form; leave it out with --columns$"
    with pytest.raises(TableError, match=message):
        classified(path, tmp_path / "out.csv")
    classified(path, tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["at"].equals(pa.chunked_array([at]))


def test_repeated_names_are_kept(tmp_path: Path) -> None:
    table = pa.Table.from_arrays(
        [pa.array(["a"]), pa.array([1]), pa.array([2])], names=["title", "n", "n"]
    )
    path = _saved(table, tmp_path / "in.parquet")
    assert read_all(path)[:2] == (("title", "n", "n_2"), [("a", 1, 2)])
    classified(path, tmp_path / "out.parquet")
    read = pq.ParquetFile(tmp_path / "out.parquet").read()
    assert read.column_names[:3] == ["title", "n", "n"]
    assert [column.to_pylist() for column in read.columns[:3]] == [["a"], [1], [2]]


@pytest.mark.parametrize("columns", [None, ("title",), ()])
def test_pandas_reads_the_kept_columns_of_its_frame(
    columns: tuple[str, ...] | None, tmp_path: Path
) -> None:
    frame = pd.DataFrame(
        {"title": ["a"], "text": ["b"]}, index=pd.Index(["x"], name="k")
    )
    frame.to_parquet(tmp_path / "in.parquet")
    writing = Writing(columns=columns)
    classified(tmp_path / "in.parquet", tmp_path / "out.parquet", writing=writing)
    read = pd.read_parquet(tmp_path / "out.parquet")
    assert read["roleclf_role"].tolist() == ["other"]
    assert list(read.index) == (["x"] if columns is None else [0])


def test_many_batches_become_one_row_group(tmp_path: Path) -> None:
    table = pa.table({"title": [str(i) for i in range(2000)]})
    path = _saved(table, tmp_path / "in.parquet")
    classified(path, tmp_path / "out.parquet")
    file = pq.ParquetFile(tmp_path / "out.parquet")
    assert file.num_row_groups == 1
    assert file.read()["title"].equals(table["title"])


def test_row_groups_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.tables.parquet._ROW_GROUP", 10_000)
    cut_small(monkeypatch, 1_000)
    table = pa.table({"title": [str(i) for i in range(2000)]})
    classified(_saved(table, tmp_path / "in.parquet"), tmp_path / "out.parquet")
    file = pq.ParquetFile(tmp_path / "out.parquet")
    assert file.num_row_groups > 1
    assert file.read()["title"].equals(table["title"])


def test_table_without_rows_keeps_its_schema(typed: pa.Table, tmp_path: Path) -> None:
    path = _saved(typed.slice(0, 0), tmp_path / "in.parquet")
    classified(path, tmp_path / "out.parquet")
    read = pq.read_table(tmp_path / "out.parquet")
    assert read.num_rows == 0
    assert read.select(typed.column_names).schema.equals(pq.read_schema(path))


def test_lone_surrogates_are_escaped(tmp_path: Path) -> None:
    line = b'{"title": "a\\ud800", "n": 1.0, "x": null}'
    path = written(tmp_path, "in.jsonl", line)
    classified(path, tmp_path / "out.parquet", writing=Writing(text=True))
    row = pq.read_table(tmp_path / "out.parquet").to_pylist()[0]
    assert (row["title"], row["n"], row["x"]) == ("a\\ud800", "1.0", None)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"PAR1", "Parquet file size is 4 bytes, smaller than", id="short"),
        pytest.param(b"PAR1" * 9, "Parquet file size is 36 bytes", id="footer"),
        pytest.param(b"title,text\na,b\n", "Parquet magic bytes not found", id="csv"),
        pytest.param(b"", "Parquet file size is 0 bytes", id="empty"),
    ],
)
def test_damaged_file_is_reported(content: bytes, problem: str, tmp_path: Path) -> None:
    path = written(tmp_path, "in.parquet", content)
    message = f"^{re.escape(f'{path}: {problem}')}.*; check that it is a whole Parquet"
    with pytest.raises(TableError, match=message):
        read_all(path)


def test_damage_further_down_is_reported(tmp_path: Path) -> None:
    table = pa.table({"title": [str(i) for i in range(5000)]})
    path = _saved(table, tmp_path / "in.parquet")
    content = bytearray(path.read_bytes())
    content[4:2000] = bytes(1996)
    path.write_bytes(content)
    message = f"^{re.escape(str(path))}: .*; check that it is a whole Parquet file$"
    with pytest.raises(TableError, match=message):
        classified(path, tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("size", "lengths"),
    [
        pytest.param(1, "15 20 1 [50 50 24] 30", id="each-alone"),
        pytest.param(1 << 20, "[50 50 50 10] 30", id="until-too-many"),
    ],
)
def test_small_row_groups_are_read_where_they_are_needed(
    size: int, lengths: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.tables.row_groups.BLOCK_SIZE", size)
    monkeypatch.setattr("roleclf.tables.row_groups.BATCH_SIZE", 50)
    monkeypatch.setattr("roleclf.tables.row_groups._MAX_ROWS", 40)
    monkeypatch.setattr("roleclf.tables.row_groups._MAX_BLOCKS", 1 << 20)
    table = pa.table({"id": range(190), "title": ["pipelines"] * 190})
    path = tmp_path / "in.parquet"
    with pq.ParquetWriter(path, table.schema) as writer:
        for first, stop in ((0, 15), (15, 35), (35, 36), (36, 160), (160, 190)):
            writer.write_table(table.slice(first, stop - first))
    with open_table(str(path)) as opened:
        blocks = list(opened.blocks)
        sent = [pickle.loads(pickle.dumps(block)) for block in blocks]  # noqa: S301
        ids = [[batch.column("id") for batch in opened.read(block)] for block in sent]
    # In brackets those of a large one, which are not left to whoever wants them.
    are_here = [block.rows is not None for block in blocks]
    shown = [
        f"[{' '.join(str(len(part)) for part in parts)}]"
        if here
        else str(len(parts[0]))
        for parts, here in zip(ids, are_here, strict=True)
    ]
    assert " ".join(shown).replace("] [", " ") == lengths
    assert [i for parts in ids for part in parts for i in part] == list(range(190))
    assert [block.is_full for block in blocks] == [True] * (len(blocks) - 1) + [False]
    assert blocks[-1].share == 1.0


def test_damaged_row_group_is_reported(tmp_path: Path) -> None:
    table = pa.table({"text": [f"pipelines {i}" for i in range(5000)]})
    path = tmp_path / "in.parquet"
    pq.write_table(table, path, row_group_size=1000)
    data = bytearray(path.read_bytes())
    data[40:60] = b"x" * 20
    path.write_bytes(data)
    with pytest.raises(TableError, match=r"check that it is a whole Parquet file$"):
        classified(path, tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == [path]
