"""Formats, columns, files and values: what all kinds of tables share."""

from __future__ import annotations

import gzip
import logging
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fakes import classified, read_all, written
from roleclf.errors import RequestError, TableError
from roleclf.tables import Reading, Writing
from roleclf.tables.batches import BATCH_SIZE, in_batches
from roleclf.tables.columns import find_columns, split_names, unique_names
from roleclf.tables.formats import format_of_head, format_of_name
from roleclf.tables.records import FoundColumns
from roleclf.tables.targets import open_target
from roleclf.tables.values import (
    cell,
    dumps,
    escape_surrogates,
    posting_text,
    text_or_none,
)

CSV = b"id,title,description\n1,DE,We build pipelines\n2,Chef,We cook\n"
JSON_LINE = b'{"title": "DE", "description": "pipelines"}\n'


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        pytest.param("jobs.csv", "csv", id="csv"),
        pytest.param("JOBS.CSV.GZ", "csv", id="upper-case-gz"),
        pytest.param("a.b/jobs.tsv", "tsv", id="tsv"),
        pytest.param("jobs.tab", "tsv", id="tab"),
        pytest.param("jobs.ndjson.gz", "jsonl", id="ndjson"),
        pytest.param("jobs.parquet", "parquet", id="parquet"),
        pytest.param("jobs.txt", None, id="unknown"),
        pytest.param("csv", None, id="no-ending"),
        pytest.param("-", None, id="stdin"),
    ],
)
def test_format_of_name(name: str, format_: str | None) -> None:
    assert format_of_name(name) == format_


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        pytest.param(b' \n{"a": 1}', "jsonl", id="brace"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', "jsonl", id="brace-after-mark"),
        pytest.param('{"a": 1}'.encode("utf-16"), "jsonl", id="utf-16"),
        pytest.param(b"PAR1\x15\x04", "parquet", id="parquet"),
        pytest.param(b"a\tb\tc,d\n1,2,3,4,5", "tsv", id="tabs-in-header"),
        pytest.param(b"a,b\tc,d\n1\t2\t3\t4", "csv", id="commas-in-header"),
        pytest.param(b"[id],[title]\n", "csv", id="bracketed-header"),
        pytest.param(b"", "csv", id="empty"),
    ],
)
def test_format_of_head(head: bytes, format_: str) -> None:
    assert format_of_head(head, "stdin") == format_


def test_json_list_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.json", b'[\n  {"title": "DE"}\n]')
    message = f"{path}: a JSON list is not JSON Lines; put one object on each line"
    with pytest.raises(TableError, match=re.escape(message)):
        read_all(path)


def test_format_is_detected_by_the_first_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.txt", gzip.compress(JSON_LINE))
    assert read_all(path)[1] == [("DE", "pipelines")]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        pytest.param(["title", "description", "id"], ("title", "description", "id")),
        pytest.param(
            ["Job Title", "JOB_DESCRIPTION", "job-id"],
            ("Job Title", "JOB_DESCRIPTION", "job-id"),
            id="case-blanks-signs",
        ),
        pytest.param(["name", "position", "body"], ("position", "body", None)),
        pytest.param(["text", "description"], (None, "description", None), id="first"),
        pytest.param(["Title", "title", "text"], ("title", "text", None), id="exact"),
        pytest.param(["role", "summary", "url"], ("role", "summary", "url")),
        pytest.param(["subtitle", "title_label", "html"], (None, "html", None)),
        pytest.param(
            ["title", "text", "Company Name"],
            ("title", "text", None, "Company Name"),
            id="employer",
        ),
        pytest.param(
            ["title", "text", "hiringOrganization", "empresa"],
            ("title", "text", None, "hiringOrganization"),
            id="employer-of-schema-org",
        ),
    ],
)
def test_find_columns_by_common_names(names: list[str], found: tuple[str]) -> None:
    assert find_columns(names, Reading(), "jobs.csv") == FoundColumns(*found)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param(
            Reading(title="role"), FoundColumns("role", "text", "id"), id="exact"
        ),
        pytest.param(Reading(title="JOB name"), FoundColumns("job_name", "text", "id")),
        pytest.param(
            Reading(description="title"), FoundColumns("title", "title", "id")
        ),
        pytest.param(Reading(id="text"), FoundColumns("title", "text", "text")),
        pytest.param(
            Reading(employer="Role"),
            FoundColumns("title", "text", "id", "role"),
            id="employer",
        ),
    ],
)
def test_find_columns_asked_for(asked: Reading, found: FoundColumns) -> None:
    names = ["id", "title", "text", "role", "job_name"]
    assert find_columns(names, asked, "jobs.csv") == found


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        pytest.param(
            Reading(title="titel"),
            "jobs.csv: no column 'titel'; did you mean 'Title'?",
            id="close",
        ),
        pytest.param(
            Reading(id="zzz"),
            "jobs.csv: no column 'zzz'; there are 'Title', 'text'",
            id="far",
        ),
    ],
)
def test_find_columns_names_what_there_is(reading: Reading, message: str) -> None:
    with pytest.raises(RequestError, match=f"^{re.escape(message)}$"):
        find_columns(["Title", "text"], reading, "jobs.csv")


def test_find_columns_needs_a_title_or_a_description() -> None:
    message = (
        "jobs.csv: no title and no description among the columns 'a', 'b'; "
        "name them with --title and --description"
    )
    with pytest.raises(TableError, match=f"^{re.escape(message)}$"):
        find_columns(["a", "b"], Reading(), "jobs.csv")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "title",
            "jobs.csv: no description column found; name one with --description",
            id="title-only",
        ),
        pytest.param(
            "text",
            "jobs.csv: no title column found; name one with --title",
            id="description-only",
        ),
    ],
)
def test_find_columns_warns_of_one_missing(
    name: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    find_columns([name], Reading(), "jobs.csv")
    assert caplog.messages == [message]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        pytest.param(["a", "b"], ("a", "b"), id="unique"),
        pytest.param(["a", "a", "a"], ("a", "a_2", "a_3"), id="repeated"),
        pytest.param(["", " ", "x"], ("column_1", "column_2", "x"), id="empty"),
        pytest.param(["a", "a", "a_2"], ("a", "a_3", "a_2"), id="taken-later"),
        pytest.param(["a_2", "a", "a"], ("a_2", "a", "a_3"), id="taken-before"),
        pytest.param(["column_2", ""], ("column_2", "column_2_2"), id="place-taken"),
    ],
)
def test_unique_names(labels: list[str], names: tuple[str, ...]) -> None:
    assert unique_names(labels) == names


def test_split_names_reads_quotes() -> None:
    assert split_names('id,"City, State"') == ("id", "City, State")


@pytest.mark.parametrize(
    ("value", "text", "posting", "json"),
    [
        pytest.param(None, None, None, b"null", id="none"),
        pytest.param("ä", "ä", "ä", '"ä"'.encode(), id="text"),
        pytest.param("\ud800", "\ud800", "\ud800", b'"\\ud800"', id="surrogate"),
        pytest.param(True, "true", "true", b"true", id="bool"),
        pytest.param(1.5, "1.5", "1.5", b"1.5", id="float"),
        pytest.param(float("nan"), None, None, b"null", id="nan"),
        pytest.param(float("inf"), "inf", "inf", b'"inf"', id="inf"),
        pytest.param(Decimal("1.10"), "1.10", "1.10", b'"1.10"', id="decimal"),
        pytest.param(b"a\xff", "a\ufffd", "a\ufffd", '"a\ufffd"'.encode(), id="bytes"),
        pytest.param(
            date(2026, 1, 2), "2026-01-02", "2026-01-02", b'"2026-01-02"', id="date"
        ),
        pytest.param(
            datetime(2026, 1, 2, 3, tzinfo=UTC),
            "2026-01-02T03:00:00+00:00",
            "2026-01-02T03:00:00+00:00",
            b'"2026-01-02T03:00:00+00:00"',
            id="time",
        ),
        pytest.param(["a", None], '["a", null]', "a", b'["a", null]', id="list"),
        pytest.param(
            {"text": "a", "n": [1, "b"]},
            '{"text": "a", "n": [1, "b"]}',
            "a\n1\nb",
            b'{"text": "a", "n": [1, "b"]}',
            id="nested",
        ),
        pytest.param([], "[]", None, b"[]", id="empty-list"),
    ],
)
def test_values(value: Any, text: str | None, posting: str | None, json: bytes) -> None:
    assert text_or_none(value) == text
    assert cell(value) == (text or "")
    assert posting_text(value) == posting
    assert dumps(value) == json


def test_lone_surrogates_are_escaped() -> None:
    assert escape_surrogates("a\ud800ä") == "a\\ud800ä"


def test_in_batches_bounds_the_rows_of_a_batch() -> None:
    rows = list(range(2 * BATCH_SIZE + 88))
    batches = list(in_batches(rows, lambda row: 1))
    assert [len(batch) for batch in batches] == [BATCH_SIZE, BATCH_SIZE, 88]
    assert [row for batch in batches for row in batch] == rows


def test_in_batches_bounds_the_characters_of_a_batch() -> None:
    batches = in_batches(["row"] * 5, lambda row: 1_200_000)
    assert [len(batch) for batch in batches] == [2, 2, 1]


@pytest.mark.parametrize("source", ["csv", "tsv", "jsonl", "parquet"])
@pytest.mark.parametrize("target", ["csv.gz", "tsv", "jsonl", "parquet.gz"])
def test_every_format_becomes_every_other(
    source: str, target: str, tmp_path: Path
) -> None:
    everything = Writing(probabilities=True, reasons=True, text=True)
    first, second = tmp_path / f"1.{source}", tmp_path / f"2.{target}"
    classified(written(tmp_path, "jobs.csv", CSV), first, writing=Writing(columns=()))
    path = written(tmp_path, "jobs.csv", CSV)
    classified(path, first)
    classified(first, second, writing=everything)
    names, rows, _, _ = read_all(second)
    assert names[:3] == ("id", "title", "description")
    assert [row[:3] for row in rows] == [
        ("1", "DE", "We build pipelines"),
        ("2", "Chef", "We cook"),
    ]


@pytest.mark.parametrize(
    ("writing", "names"),
    [
        pytest.param(Writing(columns=()), (), id="none"),
        pytest.param(
            Writing(columns=("Title", "id", "title")), ("title", "id"), id="chosen"
        ),
        pytest.param(Writing(), ("id", "title", "description"), id="all"),
    ],
)
def test_chosen_columns_are_copied(
    writing: Writing, names: tuple[str, ...], tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    classified(written(tmp_path, "jobs.csv", CSV), target, writing=writing)
    header = target.read_text().partition("\n")[0].split(",")
    assert header[:-10] == list(names)
    assert header[-10:] == [
        "roleclf_role",
        "roleclf_confidence",
        "roleclf_sure",
        "roleclf_second_role",
        "roleclf_second_confidence",
        "roleclf_title_role",
        "roleclf_duties_role",
        "roleclf_skills",
        "roleclf_tools",
        "roleclf_problem",
    ]


def test_more_columns_come_when_asked_for(tmp_path: Path) -> None:
    writing = Writing((), "", probabilities=True, reasons=True, text=True)
    path = written(tmp_path, "jobs.csv", b"text\nSQL pipelines\n")
    content = classified(path, tmp_path / "out.tsv", Reading("text"), writing)
    header, row = content.decode().splitlines()
    assert header.split("\t")[10:] == ["p_data_engineer", "p_other", "reasons", "text"]
    assert row.split("\t")[10:] == ["0.9000", "0.1000", "sql", "SQL pipelines"]


def test_columns_added_before_are_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(
        tmp_path, "jobs.csv", b"roleclf_role,title,roleclf_x\nchef,DE pipeline,1\n"
    )
    once = classified(path, tmp_path / "1.csv")
    twice = classified(tmp_path / "1.csv", tmp_path / "2.csv")
    assert once == twice
    assert once.startswith(b"title,roleclf_x,roleclf_role,")
    assert f"{path}: replaced by new columns: roleclf_role" in caplog.messages


def test_column_that_is_read_is_not_replaced(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", b"title,text\nDE,pipelines\n")
    message = (
        f"{path}: an added column would replace 'text', which is read; "
        "choose another --prefix"
    )
    with pytest.raises(RequestError, match=f"^{re.escape(message)}$"):
        classified(path, tmp_path / "o.csv", writing=Writing(prefix="", text=True))


def test_unknown_column_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", CSV)
    message = f"{path}: no column 'titles'; did you mean 'title'?"
    with pytest.raises(RequestError, match=f"^{re.escape(message)}$"):
        classified(path, tmp_path / "o.csv", writing=Writing(columns=("titles",)))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "reading", "writing", "message"),
    [
        pytest.param(
            "out.txt",
            Reading(),
            Writing(),
            "{target}: the name of the output tells no format; end it in .csv, .tsv, "
            ".jsonl, .parquet or name it with --output-format",
            id="no-ending",
        ),
        pytest.param(
            "out.csv",
            Reading(),
            Writing(format="xlsx"),
            "{target}: no format 'xlsx'; use one of csv, tsv, jsonl, parquet",
            id="output-format",
        ),
        pytest.param(
            "out.csv",
            Reading(format="xlsx"),
            Writing(),
            "{source}: no format 'xlsx'; use one of csv, tsv, jsonl, parquet",
            id="input-format",
        ),
        pytest.param(
            "jobs.csv",
            Reading(),
            Writing(),
            "{target}: the output is the input; write to another file",
            id="same-file",
        ),
        pytest.param(
            "out.csv",
            Reading(encoding="utf-99"),
            Writing(),
            "{source}: no encoding 'utf-99'; use a name such as utf-8, cp1252, "
            "latin-1 or utf-16",
            id="encoding",
        ),
        pytest.param(
            "out.csv",
            Reading(encoding="base64"),
            Writing(),
            "{source}: no encoding 'base64'; use a name such as utf-8, cp1252, "
            "latin-1 or utf-16",
            id="no-text-encoding",
        ),
    ],
)
def test_request_that_cannot_be_met_is_refused(
    name: str, reading: Reading, writing: Writing, message: str, tmp_path: Path
) -> None:
    source = written(tmp_path, "jobs.csv", CSV)
    target = tmp_path / name
    whole = message.format(source=source, target=target)
    with pytest.raises(RequestError, match=f"^{re.escape(whole)}$"):
        classified(source, target, reading, writing)
    assert source.read_bytes() == CSV
    assert list(tmp_path.iterdir()) == [source]


def test_link_to_the_input_is_refused_as_output(tmp_path: Path) -> None:
    source = written(tmp_path, "jobs.csv", CSV)
    link = tmp_path / "link.csv"
    link.symlink_to(source)
    with pytest.raises(RequestError, match="the output is the input"):
        classified(source, link)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            gzip.compress(CSV * 9)[:-12],
            "{path}: the compressed data ends too early; copy or download it again",
            id="cut-off",
        ),
        pytest.param(
            gzip.compress(CSV)[:-8] + b"12345678",
            "{path}: the compressed data is damaged; copy or download it again",
            id="wrong-sum",
        ),
        pytest.param(
            gzip.compress(CSV)[:10] + b"\x07" * 30,
            "{path}: the compressed data is damaged; copy or download it again",
            id="damaged",
        ),
    ],
)
def test_damaged_gzip_is_reported(content: bytes, message: str, tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv.gz", content)
    with pytest.raises(TableError, match=f"^{re.escape(message.format(path=path))}$"):
        classified(path, tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == [path]


def test_missing_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "no.csv"
    message = (
        f"{path}: No such file or directory; "
        "check the path, its permissions and the disk"
    )
    with pytest.raises(TableError, match=f"^{re.escape(message)}$"):
        read_all(path)


def test_missing_folder_is_reported(tmp_path: Path) -> None:
    target = tmp_path / "no" / "out.csv"
    message = (
        f"{target}: No such file or directory; "
        "check the path, its permissions and the disk"
    )
    with pytest.raises(TableError, match=f"^{re.escape(message)}$"):
        classified(written(tmp_path, "jobs.csv", CSV), target)


def test_target_is_replaced_only_by_a_whole_file(tmp_path: Path) -> None:
    target = written(tmp_path, "out.csv", b"old")
    target.chmod(0o640)

    def write(content: bytes, error: type[BaseException] | None) -> None:
        with open_target("-", str(target)) as stream:
            stream.write(content)
            stream.flush()
            assert target.read_bytes() == b"old"
            if error:
                raise error

    with pytest.raises(KeyboardInterrupt):
        write(b"half", KeyboardInterrupt)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
    write(b"whole", None)
    assert target.read_bytes() == b"whole"
    assert target.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_target_behind_a_link_is_written(tmp_path: Path) -> None:
    file = written(tmp_path, "file.csv", b"old")
    link = tmp_path / "out.csv"
    link.symlink_to(file)
    with open_target("-", str(link)) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_device_is_written_in_place() -> None:
    with open_target("-", "/dev/null") as stream:
        stream.write(b"gone")
    assert not Path("/dev/null").is_file()


def test_same_rows_give_the_same_compressed_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", CSV)
    first = classified(path, tmp_path / "1.csv.gz")
    assert gzip.decompress(first).startswith(b"id,title,description,roleclf_role")
    assert first == classified(path, tmp_path / "2.csv.gz")
    no_name, no_time = 0, bytes(4)
    assert (first[3], first[4:8]) == (no_name, no_time)


def test_table_without_rows_gives_its_header(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    path = written(tmp_path, "jobs.csv", b"title,text\n")
    writing = Writing(prefix="")
    assert classified(path, tmp_path / "out.csv", writing=writing) == (
        b"title,text,role,confidence,sure,second_role,second_confidence,title_role,"
        b"duties_role,skills,tools,problem\n"
    )
    assert caplog.messages == [f"{path}: no rows"]
