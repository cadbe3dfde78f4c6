"""Suggested terms: their ranking and contexts, and `roleclf skills --suggest`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from roleclf.batch import term_counts
from roleclf.batch.suggestions import Suggestion, suggest_terms
from roleclf.cli import main
from roleclf.skills.lexicon import Lexicon
from roleclf.tables import open_table
from roleclf.taxonomy import load_taxonomy

# Five postings of three companies: Quackbase stands in lists next to tools, Orbitware
# inside sentences, "reports" next to a skill, Widgets only at starts of sentences.
NAMES = ("company", "location", "title", "body")
POSTINGS = [
    (
        "Acme",
        "Lyon",
        "",
        "You know Python, Quackbase and SQL. Orbitware is our product.",
    ),
    ("Bolt", "Turin", "", "Widgets are fun. We like Orbitware in Turin, and Bolt too."),
    ("Bolt", "Turin", "", "Widgets sell. Tools: SQL / QUACKBASE / Python"),
    ("Cobalt", "Lyon", "", "Widgets again. We live in Lyon. Our Orbitware is new."),
    (
        "Cobalt",
        "Oslo",
        "",
        "Widgets. Quackbase, Airflow, or so. ETL, reports, dashboards",
    ),
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    skills = load_taxonomy().skills
    known = ("python", "sql", "etl", "apache_airflow")
    return Lexicon({id_: skills[id_] for id_ in known})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return table(tmp_path / "jobs.csv", NAMES, POSTINGS)


def table(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([names, *rows])
    return path


def suggested(path: Path, lexicon: Lexicon, **limits: int) -> list[Suggestion]:
    with open_table(str(path)) as opened:
        return suggest_terms(opened, lexicon, **limits)


def terms(path: Path, lexicon: Lexicon, **limits: int) -> list[str]:
    return [suggestion.term for suggestion in suggested(path, lexicon, **limits)]


def test_a_suggestion_has_counts_and_contexts(path: Path, lexicon: Lexicon) -> None:
    assert suggested(path, lexicon, least=2) == [
        Suggestion(
            term="Quackbase",
            postings=3,
            occurrences=3,
            in_lists=1.0,
            contexts=(
                "You know Python, Quackbase and SQL. Orbitware is our product.",
                "Widgets sell. Tools: SQL / QUACKBASE / Python",
                "Widgets. Quackbase, Airflow, or so. ETL, reports,",
            ),
        ),
        Suggestion(
            term="Orbitware",
            postings=3,
            occurrences=3,
            in_lists=0.0,
            contexts=(
                "know Python, Quackbase and SQL. Orbitware is our product.",
                "Widgets are fun. We like Orbitware in Turin, and Bolt too.",
                "again. We live in Lyon. Our Orbitware is new.",
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        pytest.param({"least": 2}, ["Quackbase", "Orbitware"], id="two"),
        pytest.param({"least": 2, "top": 1}, ["Quackbase"], id="top"),
        pytest.param({}, [], id="five"),
        pytest.param(
            {"least": 1}, ["Quackbase", "reports", "Orbitware"], id="beside-a-skill"
        ),
    ],
)
def test_a_minimum_of_postings_must_write_a_term(
    path: Path, lexicon: Lexicon, limits: dict[str, int], found: list[str]
) -> None:
    assert terms(path, lexicon, **limits) == found


def test_a_minimum_of_companies_must_write_a_term(
    tmp_path: Path, lexicon: Lexicon
) -> None:
    again = [("Acme", "", "", "Our tools are Foobase, SQL")] * 3
    path = table(tmp_path / "jobs.csv", NAMES, [*POSTINGS, *again])
    assert "Foobase" not in terms(path, lexicon, least=2)
    unnamed = [row[2:] for row in again]
    path = table(tmp_path / "jobs.csv", NAMES[2:], unnamed)
    assert terms(path, lexicon, least=2) == ["Foobase"]


@pytest.mark.parametrize("name", ["company", "Employer", "company_name", "Location"])
def test_names_of_the_company_and_place_of_a_row_are_no_terms(
    tmp_path: Path, lexicon: Lexicon, name: str
) -> None:
    body = "We at Foo Barsson like it, and Foo Barsson likes us"
    rows = [("foo barsson", body)] * 2
    assert (
        terms(table(tmp_path / "a.csv", (name, "body"), rows), lexicon, least=2) == []
    )
    path = table(tmp_path / "b.csv", ("other", "body"), rows)
    assert terms(path, lexicon, least=2) == ["Foo Barsson"]


def test_places_of_any_row_are_no_terms(tmp_path: Path, lexicon: Lexicon) -> None:
    rows = [("Lyon", "Work in Turin"), ("Turin, Italy", "x"), ("", "Work in Turin")]
    path = table(tmp_path / "jobs.csv", ("city", "body"), rows)
    assert terms(path, lexicon, least=2) == []


def test_titles_are_read_too(tmp_path: Path, lexicon: Lexicon) -> None:
    path = table(tmp_path / "jobs.csv", ("title",), [("Engineer for Foobase",)] * 2)
    assert terms(path, lexicon, least=2) == ["Foobase"]


def test_the_most_frequent_spelling_is_shown(tmp_path: Path, lexicon: Lexicon) -> None:
    rows = [("our FooBase is",), ("our Foobase is",), ("our Foobase is",)]
    path = table(tmp_path / "jobs.csv", ("body",), rows)
    assert terms(path, lexicon, least=2) == ["Foobase"]


def test_words_mostly_in_lower_case_are_no_terms(
    tmp_path: Path, lexicon: Lexicon
) -> None:
    rows = [("in Banking we bank on banking and on banking",)] * 2
    path = table(tmp_path / "jobs.csv", ("body",), rows)
    assert terms(path, lexicon, least=2) == []


def test_rare_terms_are_dropped_when_there_are_too_many(
    path: Path, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(term_counts, "_MOST_TERMS", 3)
    assert terms(path, lexicon, least=1) == ["Quackbase", "Orbitware"]


def test_an_empty_table_suggests_nothing(tmp_path: Path, lexicon: Lexicon) -> None:
    assert terms(table(tmp_path / "jobs.csv", NAMES, []), lexicon) == []


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["skills", *args])


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table in the working folder with one term that no lexicon will have."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    body = "You know Python, Xyzzybase and SQL; \x1b[1m"
    return table(tmp_path / "jobs.csv", ("title", "body"), [("", body)] * 2)


def test_the_command_prints_a_table(odd: Path) -> None:
    result = run("--suggest", "jobs.csv", "--least", "2")
    assert result.exit_code == 0
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        "Term          Postings  Places  Lists  Context",
        "Xyzzybase            2       2   100%  w Python, Xyzzybase and SQL;",
    ]


def test_the_command_says_so_when_all_terms_are_too_rare(odd: Path) -> None:
    result = run("--suggest", "jobs.csv")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "no unknown term is in 5 postings or more; try a lower --least\n"
    )


def test_the_command_says_so_when_there_are_no_terms(odd: Path) -> None:
    table(
        odd.with_name("plain.csv"),
        ("title", "body"),
        [("", "You know Python and SQL.")],
    )
    result = run("--suggest", "plain.csv", "--least", "1", "-o", "out.csv")
    assert result.stderr == "no unknown terms found\n"


RECORD = {
    "term": "Xyzzybase",
    "postings": 2,
    "occurrences": 2,
    "in_lists": 1.0,
    "contexts": ["You know Python, Xyzzybase and SQL; [1m"],
}


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(["-o", "out.json"], id="file"),
        pytest.param(["--json"], id="stdout"),
    ],
)
def test_the_command_writes_json(odd: Path, args: list[str]) -> None:
    result = run("--suggest", "jobs.csv", "--least", "2", *args)
    assert result.exit_code == 0
    written = Path("out.json").read_text("utf-8") if "-o" in args else result.stdout
    assert json.loads(written) == [RECORD]


@pytest.mark.parametrize("target", ["out.csv", "-"])
def test_the_command_writes_csv(odd: Path, target: str) -> None:
    result = run("--suggest", "jobs.csv", "--least", "2", "-o", target)
    assert result.exit_code == 0
    written = result.stdout if target == "-" else Path(target).read_text("utf-8")
    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(written)))
    expected = {name: str(value) for name, value in RECORD.items()}
    assert rows == [expected | {"contexts": RECORD["contexts"][0]}]


@pytest.mark.parametrize(
    ("args", "exit_code", "message"),
    [
        pytest.param(
            ["--suggest", "jobs.csv", "-o", "out.txt"],
            2,
            "-o out.txt: end the name in .csv or .json",
            id="ending",
        ),
        pytest.param(
            ["jobs.csv", "-o", "o.csv"],
            2,
            "-o goes with --suggest or --patterns",
            id="posting",
        ),
        pytest.param(
            ["--patterns", "--top", "3"], 2, "--top goes with --suggest", id="patterns"
        ),
        pytest.param(
            ["--patterns", "jobs.csv"],
            2,
            "FILE goes with a posting or --suggest",
            id="patterns-file",
        ),
        pytest.param(
            ["--patterns", "--suggest"],
            2,
            "--suggest does not go with --patterns",
            id="both",
        ),
        pytest.param(
            ["--suggest", "--model", "x", "jobs.csv"],
            2,
            "--model goes with a posting",
            id="model",
        ),
        pytest.param(
            ["--suggest", "--description", "text", "jobs.csv"],
            2,
            "jobs.csv: no column 'text'; there are 'title', 'body'",
            id="column",
        ),
        pytest.param(
            ["--suggest", "jobs.csv", "-o", "no/out.csv"],
            1,
            "no/out.csv: No such file or directory; "
            "check the path, its permissions and the disk",
            id="folder",
        ),
    ],
)
def test_a_wrong_call_is_refused(
    odd: Path, args: list[str], exit_code: int, message: str
) -> None:
    result = run(*args)
    assert result.exit_code == exit_code
    assert result.stderr.splitlines()[-1] == f"Error: {message}"


def test_the_command_does_not_wait_for_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("roleclf.cli.skills.stdin_is_terminal", lambda: True)
    result = run("--suggest")
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "Error: give a FILE, or a table on stdin"
