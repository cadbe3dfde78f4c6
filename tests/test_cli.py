"""The command line: outputs, messages and exit codes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from fakes import FakeAnnotator, annotated, written
from roleclf.cli import main
from roleclf.cli.progress import shown_progress
from roleclf.errors import ModelError
from roleclf.records import Annotation, Coverage, FoundSkill, Posting, Reason
from roleclf.tables import Progress

TESTS = Path(__file__).parent
CSV = b"id,title,description\n1,DE,We build SQL pipelines\n2,Chef,We cook\n"
HEADER = (
    "roleclf_role,roleclf_confidence,roleclf_sure,roleclf_second_role,"
    "roleclf_second_confidence,roleclf_title_role,roleclf_duties_role,roleclf_skills,"
    "roleclf_tools,roleclf_problem"
)
SETTINGS = {
    "name": "en 1.0",
    "roles": ["x", "y"],
    "threshold": 0.8617,
    "languages": ["de", "en"],
    "heads": {},
}
MANIFEST = {
    "format": 1,
    "model": "en 1.0",
    "made with": {"numpy": "2.0"},
    "parameters": {"sure_accuracy": 0.95},
    "data": {"corpus": {"file": "gold.csv"}, "held out": {"file": "dev.csv"}},
    "roles": {"x": 1200, "y": 34},
    "scores": {
        "out of fold": {
            "n": 1234,
            "macro_f1": 0.75,
            "macro_f1_95": [0.7, 0.8],
            "accuracy": 0.8,
            "f1_by_role": {"x": 0.9, "y": 0.6},
            "accuracy_of_surest_80_percent": 0.875,
            "calibration_error": 0.012,
            "confusion": [[1, 2], [3, 4]],
        }
    },
    "files": {"a.npy": "00"},
}
# Runs the command line with the fake model in a process of its own.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv.pop(1))
import roleclf
from fakes import FakeAnnotator
roleclf.load = lambda path=None, reader="fast": FakeAnnotator()
from roleclf.tables import Progress
from roleclf.cli import main
main(prog_name="roleclf")
"""


@pytest.fixture(autouse=True)
def _fake_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(path: Path | None = None, reader: str = "fast") -> FakeAnnotator:
        if path is not None:
            raise ModelError(path, "no model there", "name a model folder")
        return FakeAnnotator()

    monkeypatch.setattr("roleclf.load", load, raising=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with jobs.csv in it."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "jobs.csv", CSV)
    return tmp_path


@pytest.fixture
def process() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """A function that starts the command line as a process of its own."""
    started = []

    def start(*args: str) -> subprocess.Popen[bytes]:
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), -1)
        command = [sys.executable, "-W", "error", "-c", PROGRAM, str(TESTS), *args]
        started.append(subprocess.Popen(command, **pipes))  # noqa: S603
        return started[-1]

    yield start
    for running in started:
        running.kill()
        running.wait()
        for pipe in (running.stdin, running.stdout, running.stderr):
            pipe.close()


def run(args: Sequence[str], content: bytes | None = None) -> Result:
    return CliRunner().invoke(main, args, input=content)


def cells(line: str) -> list[str]:
    return line.split(",")


def table_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_classify_writes_a_file_and_a_summary(folder: Path) -> None:
    result = run(["classify", "jobs.csv", "-o", "out.csv"])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert (folder / "out.csv").read_text() == (
        f"id,title,description,{HEADER}\n"
        "1,DE,We build SQL pipelines,data_engineer,0.9000,true,,,,data_engineer,,sql,\n"
        "2,Chef,We cook,other,0.6000,true,,,,other,,,\n"
    )
    assert re.sub(r"[\d.,]+ (s|a second)", r"N \1", result.stderr) == (
        "2 rows in N s, N a second\n"
        "role                  rows   share      sure\n"
        "data_engineer            1   50.0%         1\n"
        "other                    1   50.0%         1\n"
    )


@pytest.mark.parametrize(
    ("args", "rows"),
    [
        pytest.param(
            ["--columns", "none", "--prefix", ""],
            [
                HEADER.replace("roleclf_", "").split(","),
                cells("data_engineer,0.9000,true,,,,data_engineer,,sql,"),
                cells("other,0.6000,true,,,,other,,,"),
            ],
            id="none",
        ),
        pytest.param(
            ["--columns", "Title,id", "--min-confidence", "0.7"],
            [
                ["title", "id", *HEADER.split(",")],
                cells("DE,1,data_engineer,0.9000,true,,,,data_engineer,,sql,"),
                cells("Chef,2,other,0.6000,false,,,,other,,,"),
            ],
            id="chosen",
        ),
        pytest.param(
            [
                *("--columns", "id", "--description", "title", "--title", "TITLE"),
                *("--id", "title", "--probabilities", "--reasons", "--text"),
            ],
            [
                [
                    *("id", *HEADER.split(","), "roleclf_p_data_engineer"),
                    *("roleclf_p_other", "roleclf_reasons", "roleclf_text"),
                ],
                cells("1,other,0.6000,true,,,,other,,,,0.9000,0.1000,,DE"),
                cells("2,other,0.6000,true,,,,other,,,,0.9000,0.1000,,Chef"),
            ],
            id="named",
        ),
    ],
)
@pytest.mark.usefixtures("folder")
def test_classify_options(args: list[str], rows: list[list[str]]) -> None:
    result = run(["classify", "jobs.csv", "-q", *args])
    assert result.stderr == ""
    assert table_of(result.stdout) == rows


@pytest.mark.parametrize(
    ("content", "args", "start"),
    [
        pytest.param(CSV, [], f"id,title,description,{HEADER}\n", id="csv"),
        pytest.param(
            CSV.replace(b",", b"\t"), [], f"id,title,description,{HEADER}\n", id="tsv"
        ),
        pytest.param(
            b'{"title":"DE"}\n{"title":"x"}',
            [],
            '{"title":"DE", "_roleclf": {"id": ',
            id="jsonl",
        ),
        pytest.param(
            CSV,
            ["--output-format", "jsonl"],
            '{"id": "1", "title": "DE", "description": "We build SQL pipelines", "_',
            id="csv-to-jsonl",
        ),
        pytest.param(
            CSV.replace(b",", b"\t"),
            ["--input-format", "tsv", "--output-format", "tsv"],
            f"id,title,description,{HEADER}\n".replace(",", "\t"),
            id="tsv-named",
        ),
        pytest.param(
            "title\nä\n".encode("cp1252"),
            ["--encoding", "cp1252"],
            f"title,{HEADER}\nä,other",
            id="encoding",
        ),
    ],
)
def test_classify_stdin_to_stdout(content: bytes, args: list[str], start: str) -> None:
    result = run(["classify", "-", "-q", *args], content)
    assert result.exit_code == 0
    assert result.stdout.startswith(start)


@pytest.mark.parametrize("name", ["csv", "tsv", "jsonl", "parquet"])
def test_classify_streams_every_format(
    name: str, folder: Path, process: Callable[..., subprocess.Popen[bytes]]
) -> None:
    run(["classify", "jobs.csv", "-o", f"in.{name}", "--columns", "all"])
    run(["classify", f"in.{name}", "-o", f"out.{name}"])
    running = process("classify", "-", "-q", "--output-format", name)
    content, _ = running.communicate((folder / f"in.{name}").read_bytes(), 30)
    assert running.returncode == 0
    assert content == (folder / f"out.{name}").read_bytes()


def test_classify_exits_with_3_if_a_row_got_no_role() -> None:
    result = run(
        ["classify", "-", "--columns", "none"], b"title,text\nDE,x\n,\na,b,c\n"
    )
    assert result.exit_code == 3
    assert [row[0] for row in table_of(result.stdout)[1:]] == ["other", "", ""]
    assert [row[-1] for row in table_of(result.stdout)[1:]] == [
        "",
        "no_text",
        "unreadable",
    ]
    assert result.stderr.splitlines()[1:] == [
        "role                  rows   share      sure",
        "other                    1   33.3%         1",
        "no role                  2   66.7%",
        "problem: no_text 1, unreadable 1",
    ]


def test_classify_warns_on_stderr() -> None:
    result = run(["classify", "-", "-q"], b"title\nDE\n")
    assert result.exit_code == 0
    assert result.stderr == (
        "Warning: stdin: no description column found; name one with --description\n"
    )


def test_classify_of_a_header_alone_writes_a_header() -> None:
    result = run(["classify", "-"], b"title,text\n")
    assert result.exit_code == 0
    assert result.stdout == f"title,text,{HEADER}\n"
    assert result.stderr.startswith("Warning: stdin: no rows\n0 rows in 0.0 s, ")


@pytest.mark.parametrize(
    ("args", "exit_code", "message"),
    [
        pytest.param(
            ["classify", "empty.csv"],
            1,
            "Error: empty.csv: the file is empty; "
            "give a table with a line of column names\n",
            id="empty",
        ),
        pytest.param(
            ["classify", "other.csv"],
            1,
            "Error: other.csv: no title and no description among the columns 'a', 'b'; "
            "name them with --title and --description\n",
            id="no-columns",
        ),
        pytest.param(
            ["classify", "jobs.csv", "--model", "no"],
            1,
            "Error: no: no model there; name a model folder\n",
            id="model",
        ),
        pytest.param(
            ["classify", "jobs.csv", "--title", "titel"],
            2,
            "Error: jobs.csv: no column 'titel'; did you mean 'title'?\n",
            id="column",
        ),
        pytest.param(
            ["classify", "jobs.csv", "--columns", "id,descr"],
            2,
            "Error: jobs.csv: no column 'descr'; did you mean 'description'?\n",
            id="copied-column",
        ),
        pytest.param(
            ["classify", "jobs.csv", "-o", "jobs.csv"],
            2,
            "Error: jobs.csv: the output is the input; write to another file\n",
            id="same-file",
        ),
        pytest.param(
            ["classify", "jobs.csv", "-o", "out.xlsx"],
            2,
            "Error: out.xlsx: the name of the output tells no format; end it in .csv, "
            ".tsv, .jsonl, .parquet or name it with --output-format\n",
            id="no-format",
        ),
    ],
)
def test_errors_are_one_message_and_leave_no_file(
    args: list[str], exit_code: int, message: str, folder: Path
) -> None:
    written(folder, "empty.csv", b"")
    written(folder, "other.csv", b"a,b\n1,2\n")
    before = sorted(folder.iterdir())
    result = run(args)
    assert (result.exit_code, result.stderr) == (exit_code, message)
    assert result.stdout == ""
    assert sorted(folder.iterdir()) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
@pytest.mark.usefixtures("folder")
def test_full_disk_is_an_error() -> None:
    result = run(["classify", "jobs.csv", "-o", "/dev/full"])
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: /dev/full: No space left on device; "
        "check the path, its permissions and the disk\n"
    )


@pytest.mark.parametrize(
    ("redirection", "place"),
    [
        pytest.param("<&-", "stdin", id="stdin"),
        pytest.param(">&-", "stdout", id="stdout"),
    ],
)
def test_closed_stream_is_an_error(redirection: str, place: str, folder: Path) -> None:
    source = "-" if place == "stdin" else "jobs.csv"
    program = [sys.executable, "-c", PROGRAM, str(TESTS), "classify", source]
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", f'exec "$0" "$@" {redirection}', *program],
        capture_output=True,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 1
    message = f"Error: {place}: it is closed; name a file instead\n"
    assert done.stderr.decode() == message


@pytest.mark.parametrize(
    ("args", "message"),
    [
        pytest.param(
            ["classify", "no.csv"],
            "Error: Invalid value for 'INPUT': File 'no.csv' does not exist.",
            id="no-file",
        ),
        pytest.param(
            ["classify", "jobs.csv", "--min-confidence", "2"],
            "Error: Invalid value for '--min-confidence': "
            "2.0 is not in the range 0<=x<=1.",
            id="range",
        ),
        pytest.param(
            ["classify", "jobs.csv", "--workers", "0"],
            "Error: Invalid value for '--workers': 0 is not in the range x>=1.",
            id="no-worker",
        ),
    ],
)
@pytest.mark.usefixtures("folder")
def test_wrong_calls_exit_with_2(args: list[str], message: str) -> None:
    result = run(args)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == message


def test_classify_ends_quietly_when_stdout_is_closed(
    process: Callable[..., subprocess.Popen[bytes]],
) -> None:
    running = process("classify", "-")
    line = b'{"title": "DE", "text": "a"}\n'
    running.stdin.write(line)
    running.stdin.flush()
    assert running.stdout.readline().startswith(line[:-2] + b', "_roleclf": ')
    running.stdout.close()
    with pytest.raises(BrokenPipeError):
        running.stdin.write(line * 1_000_000)
    assert running.wait(30) == 1
    assert running.stderr.read() == b""


def test_classify_writes_a_row_before_the_input_ends(
    process: Callable[..., subprocess.Popen[bytes]],
) -> None:
    running = process("classify", "-", "--columns", "title", "-q")
    running.stdin.write(b"title,text\na,x\n")
    running.stdin.flush()
    assert running.stdout.readline().startswith(b"title,roleclf_role,")
    assert running.stdout.readline().startswith(b"a,other,")
    assert running.poll() is None


def test_classify_interrupted_leaves_no_output(
    process: Callable[..., subprocess.Popen[bytes]], folder: Path
) -> None:
    running = process("classify", "-", "-o", "out.csv")
    running.stdin.write(b"title,text\n" + b"a,b\n" * 100)
    running.stdin.flush()
    part = folder / ".out.csv.part"
    while not (part.exists() and part.stat().st_size):
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 1
    assert running.stderr.read().decode().strip() == "Aborted!"
    assert sorted(folder.iterdir()) == [folder / "jobs.csv"]


def test_classify_with_workers_streams_and_stops_them(
    process: Callable[..., subprocess.Popen[bytes]],
) -> None:
    running = process("classify", "-", "-q", "--columns", "id", "--workers", "2")
    rows = b"id,title,text\n" + (b"1,DE," + b"pipelines " * 800 + b"\n") * 2500

    def write() -> None:
        running.stdin.write(rows)
        running.stdin.flush()

    writer = threading.Thread(target=write)
    writer.start()
    n_lines = sum(1 for _ in islice(running.stdout, 2501))
    writer.join()
    assert (n_lines, running.poll()) == (2501, None)
    running.send_signal(signal.SIGINT)
    # Waits until no process holds the pipes open.
    _, messages = running.communicate(timeout=30)
    assert (running.returncode, messages.strip()) == (1, b"Aborted!")


def test_explain_output() -> None:
    result = run(["explain", "--title", "Data Wrangler"], b"SQL [b] pipelines")
    assert result.exit_code == 0
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        "Role          data_engineer, 0.90, sure",
        "Title says    nothing clear",
        "Duties say    data_engineer",
        "Language      en",
        "Why                 Weight  Words",
        'data_engineer: sql   +1.25  "SQL" (description)',
        "Tools",
        "required      SQL",
        "Profile        Coverage                Matched",
        "data_engineer  0.50      ████████████        1",
    ]


def test_skills_joins_alternatives_and_says_how_many_years(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sql = FoundSkill("sql", "SQL", "tool", "required", (), years=1.0)
    skills = (
        replace(sql, name="Kafka", years=2.5),
        sql,
        replace(sql, name="Python", group=1, years=5.0),
        replace(sql, name="Docker", years=None),
        replace(sql, name="R", group=1, years=5.0),
        replace(sql, name="Scala", group=2, years=3.0),
        replace(sql, name="Go", group=2, years=None),
        replace(sql, name="Rust", group=1, need="preferred"),
    )
    whole = replace(annotated(Posting("a", "b")), skills=skills)
    monkeypatch.setattr("fakes.annotated", lambda posting, problem: whole)
    assert " ".join(run(["skills"], b"text").stdout.split()) == (
        "Tools required Kafka (2.5+ years), SQL (1+ year), Python or R (5+ years), "
        "Docker, Scala (3+ years) or Go preferred Rust (1+ year)"
    )


def test_explain_shows_every_part(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = FoundSkill("sql", "SQL", "tool", "required", ())
    skills = (
        tool,
        replace(tool, name="dbt [x]", need="preferred"),
        replace(tool, name="Airflow", need="required"),
        replace(tool, name="ETL", kind="skill", need="mentioned"),
    )
    reasons = (
        Reason("other", "pipe", -0.5, "title", ((0, 4), (5, 10), (0, 4))),
        Reason("other", "length", 0.25, "description", ()),
    )
    coverages = (Coverage("other", 0.1, ()), Coverage("data_engineer", 1.0, ()))
    whole = replace(
        annotated(Posting("Pipe work", "SQL")),
        sure=False,
        second_role="data_engineer",
        second_confidence=0.3,
        title_role="data_engineer",
        mismatch=True,
        skills=skills,
        reasons=reasons,
        profile=coverages,
        problem="unreadable",
    )
    monkeypatch.setattr("fakes.annotated", lambda posting, problem: whole)
    result = run(["explain", "--title", "Pipe \x1b[2J work"], b"SQL")
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        "Role          other, 0.60, not sure",
        "Second role   data_engineer, 0.30",
        "Title says    data_engineer",
        "Duties say    other",
        "Mismatch      title and duties disagree",
        "Language      en",
        "Problem       unreadable",
        "Why            Weight  Words",
        'other: pipe     -0.50  "Pipe", "[2J w" (title)',
        "other: length   +0.25  (description)",
        "Tools",
        "required      SQL, Airflow",
        "preferred     dbt [x]",
        "Skills",
        "mentioned     ETL",
        "Profile        Coverage                            Matched",
        "data_engineer  1.00      ████████████████████████        0",
        "other          0.10      ██                              0",
    ]


def test_explain_marks_a_duty_of_another_role(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reasons = tuple(
        Reason("ml_engineer", f"{owner}.responsibility.deploy_models", 0.5, "title", ())
        for owner in ("ml_engineer", "mlops_engineer")
    )
    whole = replace(annotated(Posting("", "SQL")), reasons=reasons)
    monkeypatch.setattr("fakes.annotated", lambda posting, problem: whole)
    result = run(["explain"], b"SQL")
    assert [line for line in result.stdout.splitlines() if "deploy" in line] == [
        "ml_engineer: to deploy models                      +0.50  (title)",
        "ml_engineer: to deploy models (mlops_engineer's)   +0.50  (title)",
    ]


def test_explain_fits_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    long = FoundSkill("x", "some long name " * 30, "tool", "required", ())
    reason = Reason("data_engineer", "a long feature " * 9, 1, "title", ((0, 99),))
    whole = replace(
        annotated(Posting("a", "b")), skills=(long,), reasons=(reason,) * 12
    )
    monkeypatch.setattr("fakes.annotated", lambda posting, problem: whole)
    lines = run(["explain", "--title", "word " * 20], b"text").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum("+1.00" in line for line in lines) == 10


@pytest.mark.parametrize(
    ("args", "content"),
    [
        pytest.param(["explain", "--employer", "Ferro AG"], b"a", id="explain"),
        pytest.param(
            ["classify", "-", "-q"], b"text,company\na,Ferro AG\n", id="common-name"
        ),
        pytest.param(
            ["classify", "-", "-q", "--employer", "b"],
            b"text,company,b\na,Bosco,Ferro AG\n",
            id="asked-for",
        ),
        pytest.param(
            ["classify", "-", "-q", "--input-format", "jsonl"],
            b'{"text": "a", "hiringOrganization": {"name": "Ferro AG"}}',
            id="object",
        ),
    ],
)
def test_the_employer_is_handed_on(
    args: list[str], content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    employers = []

    def recorded(posting: Posting, problem: str | None) -> Annotation:
        employers.append(posting.employer)
        return annotated(posting, problem)

    monkeypatch.setattr("fakes.annotated", recorded)
    assert run(args, content).exit_code == 0
    assert set(employers) == {"Ferro AG"}


def test_explain_without_a_role_exits_with_3() -> None:
    result = run(["explain"], b"")
    assert result.exit_code == 3
    assert result.stdout.splitlines()[0].split() == ["Role", "none"]
    assert "no_text" in result.stdout


@pytest.mark.parametrize(
    ("args", "content", "posting"),
    [
        pytest.param(["-"], b"a", Posting(None, "a"), id="dash"),
        pytest.param([], "ä".encode(), Posting(None, "ä"), id="stdin"),
        pytest.param(["--title", "t"], b"a", Posting("t", "a"), id="title"),
        pytest.param(["page.html"], None, Posting(None, "<p>SQL"), id="file"),
        pytest.param([], "ä".encode("utf-16"), Posting(None, "ä"), id="utf-16"),
        pytest.param([], "\ufeffä".encode(), Posting(None, "ä"), id="mark"),
    ],
)
def test_explain_as_json(
    args: list[str], content: bytes | None, posting: Posting, folder: Path
) -> None:
    written(folder, "page.html", b"<p>SQL")
    result = run(["explain", "--json", *args], content)
    assert result.exit_code == 0
    expected = json.loads(json.dumps(annotated(posting).to_dict()))
    assert json.loads(result.stdout) == expected
    assert result.stderr == ""


@pytest.mark.parametrize("command", ["explain", "skills"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("jobs.csv", CSV, id="csv"),
        pytest.param("jobs.tsv.gz", gzip.compress(b"a\tb\n"), id="name"),
        pytest.param("jobs.parquet", b"PAR1", id="parquet"),
        pytest.param("jobs", b"PAR1\0", id="mark-of-parquet"),
        pytest.param("jobs.txt", b"\xef\xbb\xbf" + CSV, id="byte-order-mark"),
        pytest.param("jobs.txt", b"Job Title;Body\na;b\n", id="semicolons"),
        pytest.param("jobs.json", b'{"title": "DE", "text": "b"}\n{}', id="lines"),
        pytest.param("-", CSV, id="stdin"),
    ],
)
def test_one_posting_is_not_read_from_a_table(
    command: str, name: str, content: bytes, folder: Path
) -> None:
    if name != "-":
        written(folder, name, content)
    result = run([command, name], content)
    assert result.exit_code == 2
    assert result.stdout == ""
    place = "stdin" if name == "-" else name
    assert result.stderr.splitlines()[-1] == (
        f"Error: {place}: a table, where one posting is expected; "
        f"label all of it: roleclf classify {name} -o labelled.csv"
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Title: cook, description: soup", id="prose"),
        pytest.param(b"Title\nDescription, text", id="headings"),
        pytest.param(b'{"mustache": 1}', id="braces"),
        pytest.param(b'["title", "text"]', id="list"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_posting_like_a_table_is_still_read(content: bytes) -> None:
    assert "a table" not in run(["explain"], content).stderr


def test_explain_of_an_empty_title_shows_nothing_for_it() -> None:
    lines = run(["explain"], b"").stdout.splitlines()
    assert [line.split() for line in lines[1:3]] == [
        ["Title", "says", "nothing"],
        ["Duties", "say", "nothing"],
    ]


def test_explain_of_a_damaged_file_is_an_error(folder: Path) -> None:
    written(folder, "page.gz", gzip.compress(b"SQL")[:-4])
    result = run(["explain", "page.gz"])
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: page.gz: the compressed data ends too early; "
        "copy or download it again\n"
    )


def test_explain_reads_invalid_utf8_as_cp1252() -> None:
    result = run(["skills", "--json"], b"SQL \x96 \xe4")
    assert json.loads(result.stdout)[0]["mentions"][0]["text"] == "SQL"
    assert result.stderr == "Warning: stdin: not UTF-8, read as cp1252\n"


@pytest.mark.parametrize(
    ("args", "exit_code", "stderr"),
    [
        pytest.param([], 2, "Error: give a FILE, or the posting on stdin", id="none"),
        pytest.param(["--title", "DE"], 0, None, id="title-only"),
    ],
)
def test_explain_does_not_wait_for_a_terminal(
    args: list[str],
    exit_code: int,
    stderr: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("roleclf.cli.one_posting.stdin_is_terminal", lambda: True)
    result = run(["explain", *args])
    assert result.exit_code == exit_code
    assert (result.stderr.splitlines() or [None])[-1] == stderr


@pytest.mark.parametrize(
    ("args", "content", "stdout"),
    [
        pytest.param([], b"SQL", "Tools\nrequired      SQL\n", id="table"),
        pytest.param([], b"soup", "no skills found\n", id="nothing"),
        pytest.param(["--json"], b"soup", "[]\n", id="json-nothing"),
        pytest.param(
            ["--json"],
            b"SQL",
            '[{"id": "sql", "name": "SQL", "kind": "tool", "need": "required", '
            '"mentions": [{"start": 0, "end": 3, "text": "SQL", "section": null}]}]\n',
            id="json",
        ),
    ],
)
def test_skills(args: list[str], content: bytes, stdout: str) -> None:
    result = run(["skills", *args], content)
    assert result.exit_code == 0
    assert re.sub(" +\n", "\n", result.stdout) == stdout


@pytest.fixture
def _fake_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path | None) -> dict[str, Any]:
        if path is None:
            return {}
        raise ModelError(path, "the manifest is missing", "train it again")

    def train(
        corpus: Path, output: Path, *, report: Callable[[str], None], **options: Any
    ) -> str:
        report("learning")
        return f"{corpus.name} {output} {options}"

    model = SimpleNamespace(
        read_manifest=lambda path: MANIFEST,
        read_settings=lambda path: SETTINGS,
        verify_model=refuse,
        installed_encoder=lambda: None,
    )
    monkeypatch.setitem(sys.modules, "roleclf.model", model)
    monkeypatch.setitem(
        sys.modules, "roleclf.training", SimpleNamespace(train_model=train)
    )


@pytest.mark.parametrize(
    ("args", "exit_code", "stdout", "stderr"),
    [
        pytest.param(
            ["model", "info", "--json"],
            0,
            json.dumps(MANIFEST | {"settings": SETTINGS}) + "\n",
            "",
            id="info-json",
        ),
        pytest.param(
            ["model", "verify"],
            0,
            "the shipped model: every file is as the manifest says\n",
            "",
            id="verify",
        ),
        pytest.param(
            ["model", "verify", "my"],
            1,
            "",
            "Error: my: the manifest is missing; train it again\n",
            id="verify-broken",
        ),
        pytest.param(
            ["train", "jobs.csv", "-o", "my", "--seed", "3", "--labels", "jobs.csv"],
            0,
            "jobs.csv my {'labels': (PosixPath('jobs.csv'),), 'unlabelled': None, "
            "'written': (), 'held_out': None, 'taxonomy': None, 'seed': 3}\n",
            "learning\n",
            id="train",
        ),
    ],
)
@pytest.mark.usefixtures("_fake_modules", "folder")
def test_models(args: list[str], exit_code: int, stdout: str, stderr: str) -> None:
    result = run(args)
    assert (result.exit_code, result.stdout, result.stderr) == (
        exit_code,
        stdout,
        stderr,
    )


INFO = """\
en 1.0
Roles      x, y
Languages  de, en
Sure       confidence from 0.862, and no problem; set so that 95% of such
           answers were right on postings that it had not learned from
Corpus     gold.csv, 1,234 labelled
Held out   dev.csv
Labels     x 1,200, y 34
Made with  numpy 2.0
Files      1; roleclf model verify checks them
Scores       Postings      Macro-F1 (95 %)  Accuracy  Surest 80 %  Calibration
out of fold     1,234  0.750 (0.700-0.800)     0.800        0.875        0.012
F1  out of fold
x         0.900
y         0.600
"""


@pytest.mark.usefixtures("_fake_modules")
def test_model_info_output() -> None:
    result = run(["model", "info"])
    shown = "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())
    assert (result.exit_code, shown, result.stderr) == (0, INFO, "")


@pytest.mark.usefixtures("_fake_modules")
def test_model_info_of_a_minimal_manifest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bare = {"format": 1, "files": {}}
    module = sys.modules["roleclf.model"]
    monkeypatch.setattr(module, "read_manifest", lambda path: bare)
    result = run(["model", "info"])
    shown = "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())
    assert shown == (
        "en 1.0\n"
        "Roles      x, y\n"
        "Languages  de, en\n"
        "Sure       confidence from 0.862, and no problem\n"
        "Files      0; roleclf model verify checks them\n"
    )


def test_version_is_that_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda name: f"{name} 9.9")
    result = CliRunner().invoke(main, ["--version"], prog_name="roleclf")
    assert result.exit_code == 0
    assert re.fullmatch(
        r"roleclf roleclf 9\.9 \((without )?compiled loops\)\n", result.stdout
    )


@pytest.mark.parametrize(
    ("module", "said"),
    [
        pytest.param("None", "(without compiled loops)", id="without"),
        pytest.param("SimpleNamespace(__spec__=1)", "(compiled loops)", id="with"),
    ],
)
def test_version_says_whether_loops_are_compiled(module: str, said: str) -> None:
    program = (
        "import sys; from types import SimpleNamespace; "
        f"sys.modules['roleclf.loops._loops'] = {module}; "
        "from roleclf.cli import main; main(['--version'], prog_name='roleclf')"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    assert done.stdout.decode() == f"roleclf {version('roleclf')} {said}\n"


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[Any]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield pytest.param((*path, name), id="-".join((*path, name)))


@pytest.mark.parametrize("path", list(_commands(main)))
def test_help_has_an_example(path: tuple[str, ...]) -> None:
    result = run([*path, "--help"])
    assert result.exit_code == 0
    assert f"\n  roleclf {' '.join(path)} " in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    "args", [["--help"], ["--version"], ["classify", "--help"], ["explain", "--help"]]
)
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    program = (
        "import sys; from roleclf.cli import main; main(sys.argv[1:], "
        "standalone_mode=False); print(sorted({'numpy', 'pandas', 'sklearn', 'spacy', "
        "'pyarrow', 'rich', 'scipy'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, *args]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    assert done.stdout.splitlines()[-1] == b"[]"


def test_module_runs() -> None:
    command = [sys.executable, "-m", "roleclf", "--help"]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    assert done.stdout.startswith(b"Usage: roleclf [OPTIONS] COMMAND [ARGS]...\n")


@pytest.mark.parametrize(
    ("quiet", "shown"),
    [pytest.param(True, False, id="quiet"), pytest.param(False, True, id="shown")],
)
def test_progress_is_shown_on_a_terminal(
    quiet: bool,
    shown: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with shown_progress(quiet) as report:
        assert (report is not None) == shown
        for n_rows in (256, 1256) if report else ():
            report(Progress(n_rows, 7, n_rows / 2512))
    said = capsys.readouterr().err
    assert ("1,256 rows, " in said) == shown
    assert (" a second, 7 without a role" in said) == shown


def test_progress_is_not_shown_in_files() -> None:
    with shown_progress(quiet=False) as report:
        assert report is None
