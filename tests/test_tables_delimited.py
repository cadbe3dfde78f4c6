"""Read and write CSV and TSV, regular and damaged."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import classified, cut_small, read_all, written
from roleclf.errors import TableError
from roleclf.records import Posting
from roleclf.tables import Reading, Writing
from roleclf.tables.values import csv_lines, csv_lines_of

LONG = "word " * 400_000


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param("title,text\na,b\n", [("a", "b")], id="plain"),
        pytest.param("title,text\r\na,b\r\n", [("a", "b")], id="crlf"),
        pytest.param("title,text\ra,b\r", [("a", "b")], id="cr"),
        pytest.param("title,text\na,b", [("a", "b")], id="no-last-newline"),
        pytest.param('title,text\n"a\n""b""",c\n', [('a\n"b"', "c")], id="in-quotes"),
        pytest.param(
            'title,text\na,"b\r\nc"\n', [("a", "b\r\nc")], id="crlf-in-quotes"
        ),
        pytest.param('title,text\na "b" c,5" d\n', [('a "b" c', '5" d')], id="stray"),
        pytest.param("title;text\na,b;c\n", [("a,b", "c")], id="semicolon"),
        pytest.param("title|text\na|b;c\n", [("a", "b;c")], id="bar"),
        pytest.param("title\ttext\na\tb,c\n", [("a", "b,c")], id="tab-in-csv"),
        pytest.param(
            "title;text, as is\na,b;c\n", [("a,b", "c")], id="comma-in-semicolon-header"
        ),
        pytest.param("text\na;b\n\n", [("a;b",)], id="one-column"),
        pytest.param('text\n""\n', [("",)], id="one-empty-value"),
        pytest.param("\ufefftitle,text\na,b\n", [("a", "b")], id="byte-order-mark"),
        pytest.param("\n\ntitle,text\n\na,b\n\n", [("a", "b")], id="blank-lines"),
        pytest.param("title,text\na\x00b,\x00\n", [("a\x00b", "\x00")], id="nul"),
        pytest.param(f"title,text\na,{LONG}\n", [("a", LONG)], id="2-megabytes"),
        pytest.param("title,text\na\u2028b,c\x0bd\n", [("a\u2028b", "c\x0bd")]),
        pytest.param("title,text\n😀,数据\n", [("😀", "数据")], id="emoji"),
        pytest.param(" title , text\n a , b\n", [(" a ", " b")], id="blanks-kept"),
    ],
)
def test_csv_is_read(content: str, rows: list[tuple[str]], tmp_path: Path) -> None:
    _, read, _, problems = read_all(written(tmp_path, "jobs.csv", content.encode()))
    assert read == rows
    assert problems == [None] * len(rows)


def test_header_may_hold_newlines(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", b'"job\n\ntitle";text\na;b,c\n')
    assert read_all(path)[:2] == (("job\n\ntitle", "text"), [("a", "b,c")])


def test_empty_id_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", b"id,title,text\n,,a\n")
    assert read_all(path)[2] == [Posting("", "a", None)]


def test_named_columns_help_to_find_the_delimiter(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", b"beruf;was, wann, wo\na,b;c\n")
    reading = Reading(title="beruf", description="was, wann, wo")
    assert read_all(path, reading)[1] == [("a,b", "c")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["jobs.csv", "jobs.txt"])
def test_encoding_is_detected_by_its_mark(
    encoding: str, name: str, tmp_path: Path
) -> None:
    path = written(tmp_path, name, "title,text\nä,日\n".encode(encoding))
    assert read_all(path)[1] == [("ä", "日")]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-le", "UTF8"])
def test_named_encoding_is_used(encoding: str, tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", "title,text\nä,ö\n".encode(encoding))
    assert read_all(path, Reading(encoding=encoding))[1] == [("ä", "ö")]


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        pytest.param(
            b"title,text\na,b\nc,\xe4\n",
            None,
            "line 3: byte 0xe4 is not utf-8",
            id="latin-1",
        ),
        pytest.param(
            b"\xef\xbb\xbftitle,text\na,\xc3",
            None,
            "line 2: byte 0xc3 is not utf-8",
            id="cut-off",
        ),
        pytest.param(
            b"title,text\ra,b\r\xff,b\r",
            None,
            "line 3: byte 0xff is not utf-8",
            id="old-line-ends",
        ),
        pytest.param(
            b"title,text\n" + b"a,b\n" * 9_000 + b"\xff,b\n",
            None,
            "line 9002: byte 0xff is not utf-8",
            id="far-down",
        ),
        pytest.param(
            b"title,text\na,b\n",
            "utf-16",
            "line 1: what stands there is not utf-16",
            id="no-utf-16",
        ),
    ],
)
def test_bytes_of_another_encoding_are_reported(
    content: bytes, encoding: str | None, message: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "jobs.csv", content)
    mend = "name the encoding with --encoding, often cp1252"
    whole = f"^{re.escape(f'{path}, {message}; {mend}')}$"
    with pytest.raises(TableError, match=whole):
        classified(path, tmp_path / "out.csv", Reading(encoding=encoding))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("row", "values", "problem"),
    [
        pytest.param("1,DE", ("1", "DE", ""), None, id="short"),
        pytest.param("1", ("1", "", ""), None, id="very-short"),
        pytest.param("1,DE,pipe,,", ("1", "DE", "pipe"), None, id="empty-surplus"),
        pytest.param(
            "1,DE,pipe, line,s", ("1", "DE", "pipe, line,s"), "unreadable", id="long"
        ),
    ],
)
def test_ragged_row_keeps_its_place(
    row: str, values: tuple[str], problem: str | None, tmp_path: Path
) -> None:
    content = f"id,title,text\n0,a,b\n{row}\n2,c,d\n".encode()
    _, rows, postings, problems = read_all(written(tmp_path, "jobs.csv", content))
    assert rows == [("0", "a", "b"), values, ("2", "c", "d")]
    assert problems == [None, problem, None]
    id_, title, text = values
    assert postings[1] == (Posting() if problem else Posting(title, text, id_))


def test_open_quote_is_reported_and_the_rest_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path, "jobs.csv", b'\n \ntitle,text\na,b\nc,"d\ne,f\n')
    _, rows, _, problems = read_all(path)
    assert rows == [("a", "b"), ("c", "d\ne,f\n")]
    assert problems == [None, "unreadable"]
    assert caplog.messages == [f"{path}, line 5: a quote is never closed"]


def test_field_without_end_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.tables.csv_rows._FIELD_LIMIT", 1000)
    content = b'title,text\na,b\nc,"d\n' + b"e,f\n" * 1000
    path = written(tmp_path, "jobs.csv", content)
    message = (
        f"{path}, line 3: field larger than field limit (1000); "
        "look for a quote that is never closed"
    )
    with pytest.raises(TableError, match=f"^{re.escape(message)}$"):
        read_all(path)
    csv.field_size_limit(1 << 17)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_empty_file_is_reported(content: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", content)
    message = f"{path}: the file is empty; give a table with a line of column names"
    with pytest.raises(TableError, match=f"^{re.escape(message)}$"):
        read_all(path)


def test_names_are_made_unique_but_headings_stay(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", b"title,,title,\na,b,c,d\n")
    assert read_all(path)[0] == ("title", "column_2", "title_2", "column_4")
    content = classified(path, tmp_path / "out.csv")
    assert content.startswith(b"title,,title,,roleclf_role,")
    assert b"\na,b,c,d,other," in content


def test_tsv_is_split_at_tabs_only(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.tsv", b'title\ttext\na,b;c\t"d\te"\n')
    assert read_all(path)[1] == [("a,b;c", "d\te")]


def test_lone_surrogates_are_escaped(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.jsonl", b'{"title": "a\\ud800", "text": "b"}')
    content = classified(path, tmp_path / "out.csv")
    assert content.splitlines()[1].startswith(b"a\\ud800,b,other,")


@settings(max_examples=200, deadline=None)
@given(
    table=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(
                st.text(st.characters(exclude_categories=["Cs"])),
                min_size=width,
                max_size=width,
            ),
            max_size=6,
        )
    ),
    name=st.sampled_from(["csv", "tsv"]),
)
def test_any_table_of_strings_comes_back(
    table: list[list[str]], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("round")
    width = len(table[0]) if table else 1
    text = io.StringIO()
    delimiter = {"csv": ",", "tsv": "\t"}[name]
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    header = ["description", "b", "c", "d"][:width]
    writer.writerows([header, *table])
    source = written(folder, f"in.{name}", text.getvalue().encode())
    target = folder / f"out.{name}"
    content = classified(source, target).decode()
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
    assert [row[:width] for row in rows] == [header, *table]
    assert {len(row) for row in rows} == {width + 10}


@pytest.mark.parametrize(
    ("row", "copy"),
    [
        pytest.param(b'"a","b"', b'"a","b"', id="quotes-without-need"),
        pytest.param(b'a,"b\r\n""c"""', b'a,"b\r\n""c"""', id="quotes-in-quotes"),
        pytest.param(b'a "b",5" c', b'a "b",5" c', id="stray-quotes"),
        pytest.param(b'"a"b,c', b'"a"b,c', id="text-behind-quotes"),
        pytest.param(b"a", b"a,", id="short"),
        pytest.param(b'"a"', b'"a",', id="short-in-quotes"),
        pytest.param(b'"a",b,,', b"a,b", id="empty-surplus"),
        pytest.param(b'"a",b,c', b'a,"b,c"', id="surplus"),
        pytest.param(b"\xef\xbb\xbfa,b", b"\xef\xbb\xbfa,b", id="mark-inside"),
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b""])
def test_row_is_copied_as_it_is(
    row: bytes, copy: bytes, end: bytes, tmp_path: Path
) -> None:
    path = written(tmp_path, "jobs.csv", b"title,text" + (end or b"\n") + row + end)
    content = classified(path, tmp_path / "out.csv")
    assert content.partition(b"\n")[2].startswith(copy + b",")


@given(
    rows=st.lists(
        st.tuples(
            st.text(st.sampled_from('a;"\r\n, é\ud800\x0b\u2028')),
            st.sampled_from(["", "b", "sql;python"]),
        )
    ),
    width=st.integers(1, 2),
    delimiter=st.sampled_from(",;\t"),
)
def test_columns_are_quoted_as_rows_are(
    rows: list[tuple[str, str]], width: int, delimiter: str
) -> None:
    rows = [row[:width] for row in rows]
    columns = list(zip(*rows, strict=True)) or [()] * width
    assert csv_lines_of(columns, delimiter) == csv_lines(rows, delimiter)


def test_added_cells_with_quotes_follow_a_copied_row(tmp_path: Path) -> None:
    content = b'title,text\nDE,"""a"", b"\nChef,c\n'
    path = written(tmp_path, "jobs.csv", content)
    output = classified(path, tmp_path / "out.csv", writing=Writing(text=True))
    _, first, second = output.splitlines()
    assert (first[:13], first[-11:]) == (b'DE,"""a"", b"', b',"""a"", b"')
    assert (second[:7], second[-2:]) == (b"Chef,c,", b",c")


def test_row_is_written_anew_for_another_delimiter(tmp_path: Path) -> None:
    path = written(tmp_path, "jobs.csv", b'title;text\n"a";b,c\n')
    content = classified(path, tmp_path / "out.csv")
    assert content.splitlines()[1].startswith(b'a,"b,c",other,')


def _as_csv_reads(content: bytes) -> list[list[str]]:
    """Return the rows of a table of two columns, padded, their surplus joined."""
    rows = filter(None, csv.reader(io.StringIO(content.decode(), newline="")))
    return [
        [*row, ""]
        if len(row) == 1
        else [row[0], ",".join(row[1:]) if any(row[2:]) else row[1]]
        for row in rows
    ]


@settings(max_examples=500, deadline=None)
@given(
    content=st.lists(
        st.sampled_from(
            ["a", "é", ",", '"', "\n", "\r", "\r\n", '""', ',"', '"\n', '",']
        )
    ),
    size=st.sampled_from([1, 2, 7, 20, 1000]),
)
def test_any_csv_is_read_as_the_csv_module_reads_it(
    content: list[str], size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("odd")
    raw = ("title,text\n" + "".join(content)).encode()
    path = written(folder, "in.csv", raw)
    expected = _as_csv_reads(raw)
    with pytest.MonkeyPatch.context() as patch:
        cut_small(patch, size)
        rows = read_all(path)[1]
        output = classified(path, folder / "out.csv")
    assert list(map(list, rows)) == expected[1:]
    assert output == classified(path, folder / "whole.csv")
    again = list(csv.reader(io.StringIO(output.decode(), newline="")))
    assert [row[:2] for row in again] == expected
    assert {len(row) for row in again} == {12}


@pytest.mark.parametrize("size", [1, 5, 64, 1 << 20])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]
)
def test_blocks_of_any_size_give_the_same(
    encoding: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f'{i},"ä\n""{i}"",b",{"x" * (i % 70)}\r\n' for i in range(200)]
    content = "id,title,text\r\n" + "".join(lines)
    path = written(tmp_path, "in.csv", content.encode(encoding))
    reading = Reading(encoding=encoding)
    whole = classified(path, tmp_path / "whole.csv", reading)
    cut_small(monkeypatch, size)
    assert classified(path, tmp_path / "out.csv", reading) == whole
    assert len(whole.splitlines()) == 401


def test_lines_are_counted_over_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_small(monkeypatch, 16)
    content = b"title,text\r\n" + b'a,"b\nc"\r\n' * 50 + b"d,\xff\r\n"
    path = written(tmp_path, "jobs.csv", content)
    with pytest.raises(TableError, match="line 102: byte 0xff is not utf-8"):
        read_all(path)
