"""JSON Lines keep their bytes and get an annotation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import annotated, classified, cut_small, read_all, written
from roleclf.errors import RequestError, TableError
from roleclf.records import Posting
from roleclf.tables import Reading, Writing

FIRST = b'{"title": "DE", "description": "pipelines"}\n'


def annotation_of(line: bytes, posting: Posting) -> bytes:
    """Return what stands before the annotation, after checking the annotation."""
    start, _, rest = line.rpartition(b'"_roleclf": {"id"')
    expected = json.loads(json.dumps(annotated(posting).to_dict()))
    assert json.loads(b'{"id"' + rest[:-1]) == expected
    return start


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        pytest.param(b'{"title": "a"}', b'{"title": "a", ', id="one-key"),
        pytest.param(b'{"b":1.0,"title" : "a" }', b'{"b":1.0,"title" : "a" , '),
        pytest.param(b'{"title":"x","title":"a"}', b'{"title":"x","title":"a", '),
        pytest.param(
            b'{"n":1e5,"m":12345678901234567890.10,"title":"a"}',
            b'{"n":1e5,"m":12345678901234567890.10,"title":"a", ',
            id="numbers",
        ),
        pytest.param(
            '{"z":"ä\\u00e4\\ud800\\/","title":"a"}'.encode(),
            '{"z":"ä\\u00e4\\ud800\\/","title":"a", '.encode(),
            id="escapes",
        ),
        pytest.param(b'{"n":NaN,"title":"a"}', b'{"n":NaN,"title":"a", ', id="nan"),
        pytest.param(
            b'{"_roleclf": {"role": "}"}, "title": "a"}',
            b'{ "title": "a", ',
            id="annotated-first",
        ),
        pytest.param(
            b'{"title": "a", "_roleclf": [1, {"_roleclf": 2}], "b": {"_roleclf": 3}}',
            b'{"title": "a", "b": {"_roleclf": 3}, ',
            id="annotated-inside",
        ),
        pytest.param(
            b'{"title": "a", "_roleclf": 1, "_roleclf": 2}',
            b'{"title": "a", ',
            id="annotated-twice",
        ),
        pytest.param(b'\xef\xbb\xbf  {"title":"a"}\t\r', b'{"title":"a", ', id="mark"),
    ],
)
def test_line_keeps_its_bytes(line: bytes, kept: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", FIRST + line + b"\n\n \n")
    content = classified(path, tmp_path / "out.jsonl")
    assert content.count(b"\n") == 2
    assert annotation_of(content.splitlines()[1], Posting("a")) == kept


@pytest.mark.parametrize(
    ("line", "start"),
    [
        pytest.param(b"{}", b'{"_roleclf": ', id="empty-object"),
        pytest.param(b"{ }", b'{"_roleclf": ', id="blank-object"),
        pytest.param(b'{"_roleclf":1}', b'{"_roleclf": ', id="annotation-only"),
    ],
)
def test_empty_object_gets_no_comma(line: bytes, start: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", FIRST + line)
    content = classified(path, tmp_path / "out.jsonl")
    assert annotation_of(content.splitlines()[1], Posting()) + b'"_roleclf": ' == start


@pytest.mark.parametrize(
    ("line", "raw"),
    [
        pytest.param(b"not json", "not json", id="text"),
        pytest.param(b'{"title": "a"', '{"title": "a"', id="cut-off"),
        pytest.param(b"[1]", "[1]", id="list"),
        pytest.param(b'"a"', '"a"', id="string"),
        pytest.param(b"null", "null", id="null"),
        pytest.param(b'{"title": "\xe4"}', '{"title": "\\xe4"}', id="latin-1"),
        pytest.param(b'{"a": ' + b"[" * 99_999, '{"a": ' + "[" * 99_999, id="deep"),
        pytest.param(b'{"a": ' + b"1" * 5000 + b"}", '{"a": ' + "1" * 5000 + "}"),
        pytest.param(b'{"a": 1} {"b": 2}', '{"a": 1} {"b": 2}', id="two-objects"),
    ],
)
def test_line_that_is_no_object_is_kept_raw(
    line: bytes, raw: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "jobs.jsonl", FIRST + line + b"\n" + FIRST)
    rows = classified(path, tmp_path / "out.jsonl").splitlines()
    record = json.loads(rows[1])
    assert list(record) == ["_raw", "_roleclf"]
    assert record["_raw"] == raw
    assert record["_roleclf"]["role"] is None
    assert record["_roleclf"]["problem"] == "unreadable"
    assert [json.loads(rows[i])["_roleclf"]["problem"] for i in (0, 2)] == [None, None]


def test_lines_that_are_no_objects_give_rows(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", b"hello\nworld\n")
    names, rows, postings, problems = read_all(path)
    assert (names, rows) == (("_raw",), [("hello",), ("world",)])
    assert (postings, problems) == ([Posting()] * 2, ["unreadable"] * 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("null", None, id="null"),
        pytest.param("12", "12", id="number"),
        pytest.param("false", "false", id="bool"),
        pytest.param('["a", "b"]', "a\nb", id="list"),
        pytest.param('{"html": {"text": "a"}, "x": null}', "a", id="nested"),
    ],
)
def test_value_that_is_no_text_becomes_text(
    value: str, text: str | None, tmp_path: Path
) -> None:
    line = f'{{"description": {value}, "title": {value}, "id": 7}}'
    path = written(tmp_path, "jobs.jsonl", line.encode())
    assert read_all(path)[2] == [Posting(text, text, "7")]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encodings_become_utf_8(encoding: str, tmp_path: Path) -> None:
    line = '{"title": "ä"}'
    path = written(tmp_path, "jobs.jsonl", line.encode(encoding))
    asked = None if encoding == "utf-16" else encoding
    content = classified(path, tmp_path / "out.jsonl", Reading(encoding=asked))
    assert content.startswith('{"title": "ä", '.encode())


def test_columns_may_appear_late(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", b'{"id": 1}\nx\n{"id": 2}\n' + FIRST)
    assert read_all(path)[2] == [
        Posting(id="1"),
        Posting(),
        Posting(id="2"),
        Posting("DE", "pipelines"),
    ]


def test_columns_are_found_behind_lines_that_are_no_objects(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", b"x\n" * 100 + FIRST)
    assert read_all(path)[2] == [Posting()] * 100 + [Posting("DE", "pipelines")]


def test_file_of_another_format_is_reported(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", b"title,text\n" + b"a,b\n" * 5000)
    message = (
        f"{path}: no JSON object in the first 4096 lines; "
        "name the format with --input-format"
    )
    with pytest.raises(TableError, match=f"^{re.escape(message)}$"):
        read_all(path)


@pytest.mark.parametrize(
    ("reading", "error", "message"),
    [
        pytest.param(
            Reading(),
            TableError,
            "no title and no description among the columns 'id'; "
            "name them with --title and --description",
            id="none",
        ),
        pytest.param(
            Reading(title="ids"),
            RequestError,
            "no column 'ids'; did you mean 'id'?",
            id="asked",
        ),
    ],
)
def test_columns_that_never_appear_are_reported(
    reading: Reading, error: type[TableError], message: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "jobs.jsonl", b'{"id": 1}\n' * 20)
    with pytest.raises(error, match=f"^{re.escape(f'{path}: {message}')}$"):
        read_all(path, reading)


def test_empty_file_gives_an_empty_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, "jobs.jsonl", b"\n")
    assert classified(path, tmp_path / "out.jsonl") == b""
    assert caplog.messages == [f"{path}: no rows"]


@pytest.mark.parametrize("name", ["jobs.jsonl", "jobs.jsonl.gz"])
def test_table_gets_the_keys_of_every_line(name: str, tmp_path: Path) -> None:
    content = FIRST * 300 + b'{"late": [1, "a"], "title": "b", "n": 1.0}\n]\n'
    classified(written(tmp_path, "in.jsonl", FIRST), tmp_path / name)
    path = written(tmp_path, "jobs.jsonl", content)
    rows = classified(path, tmp_path / "out.csv").decode().splitlines()
    assert rows[0].startswith("title,description,late,n,_raw,roleclf_role,")
    assert rows[1].startswith("DE,pipelines,,,,data_engineer,")
    assert rows[-2].startswith('b,,"[1, ""a""]",1.0,,other,')
    assert rows[-1].startswith(",,,,],,0.0000,false,")
    assert len(rows) == 303


@pytest.mark.parametrize(
    ("columns", "start"),
    [
        pytest.param((), b'{"_roleclf": ', id="none"),
        pytest.param(("n", "title"), b'{"title":"a", "n" : 1.0, "_ro', id="chosen"),
        pytest.param(("x",), b'{"_roleclf": ', id="missing"),
    ],
)
def test_chosen_keys_keep_their_bytes(
    columns: tuple[str, ...], start: bytes, tmp_path: Path
) -> None:
    path = written(tmp_path, "jobs.jsonl", b'{"title":"a","id": {"n": 2}, "n" : 1.0}')
    content = classified(path, tmp_path / "o.jsonl", writing=Writing(columns=columns))
    assert content.startswith(start)


def test_chosen_key_that_no_line_has_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, "jobs.jsonl", FIRST)
    content = classified(path, tmp_path / "o.csv", writing=Writing(columns=("x",)))
    assert content.startswith(b"x,roleclf_role")
    assert caplog.messages == [f"{path}: no 'x' in the first lines"]


def test_annotating_twice_is_annotating_once(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", FIRST + b"{}\n" + b'{"a":1 }\n')
    once = classified(path, tmp_path / "1.jsonl")
    assert classified(tmp_path / "1.jsonl", tmp_path / "2.jsonl") == once


def test_old_annotation_does_not_become_a_column(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", FIRST)
    classified(path, tmp_path / "1.jsonl")
    content = classified(tmp_path / "1.jsonl", tmp_path / "2.csv")
    assert content.startswith(b"title,description,roleclf_role,")


def test_text_and_floor_reach_the_annotation_object(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", FIRST)
    writing = Writing(text=True, min_confidence=0.95)
    content = classified(path, tmp_path / "out.jsonl", writing=writing)
    annotation = json.loads(content)["_roleclf"]
    assert (annotation["text"], annotation["sure"]) == ("pipelines", False)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text() | st.just("_roleclf"), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    record=st.dictionaries(st.text() | st.just("_roleclf"), _JSON, max_size=4),
    ascii_=st.booleans(),
)
def test_any_object_comes_back(
    record: dict[str, object], ascii_: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("round")
    line = json.dumps(record, ensure_ascii=ascii_).encode("utf-8", "replace")
    path = written(folder, "in.jsonl", FIRST + line)
    written_line = classified(path, folder / "out.jsonl").splitlines()[1]
    before, after = json.loads(line), json.loads(written_line)
    assert after.pop("_roleclf")["model"] == "fake 1"
    before.pop("_roleclf", None)
    assert json.dumps(after) == json.dumps(before)


@pytest.mark.parametrize("size", [1, 50, 1 << 20])
@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_blocks_of_any_size_give_the_same(
    name: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.dumps({"n": i, "title": "DE" * (i % 40)}) for i in range(100)]
    path = written(tmp_path, "in.jsonl", "\n\n".join([*lines, "x"]).encode())
    whole = classified(path, tmp_path / f"whole-{name}")
    cut_small(monkeypatch, size)
    assert classified(path, tmp_path / name) == whole
    assert len(whole.splitlines()) == 101 + name.endswith("csv")
