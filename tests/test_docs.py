"""What the documents show is what the commands print.

`make docs` writes the outputs and scores in the documents anew.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any

import click
import pytest

import roleclf
from roleclf.cli import main
from roleclf.evaluation import evaluate_model

ROOT = Path(__file__).parents[1]
PAGES = tuple(sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
RUN = ("README.md", "CONTRIBUTING.md", *PAGES)
DOCUMENTS = (*RUN, "CHANGELOG.md", "corpora/README.md")
# Where each subject that is checked here stands: its heading, and the one document.
DOCUMENT_BY_HEADING = {
    "The roles": "README.md",
    "Quality and speed": "README.md",
    "Documentation": "README.md",
    "Command line": "docs/command-line.md",
    "Exit codes": "docs/command-line.md",
    "`roleclf classify`": "docs/command-line.md",
    "`roleclf explain`": "docs/command-line.md",
    "`roleclf skills`": "docs/command-line.md",
    "`roleclf annotate`": "docs/feeds.md",
    "Formats": "docs/feeds.md",
    "`roleclf watch`": "docs/watch.md",
    "`roleclf train`": "docs/training.md",
    "`roleclf evaluate`": "docs/training.md",
    "`roleclf model`": "docs/training.md",
    "`roleclf taxonomy`": "docs/taxonomy.md",
    "Columns that are added": "docs/output.md",
    "The annotation object": "docs/output.md",
    "Scores": "docs/limits-and-scores.md",
    "Speed": "docs/limits-and-scores.md",
    "Layout": "CONTRIBUTING.md",
}
# Lines of `sh` blocks that are not run here, and why; all others must succeed.
NOT_RUN = {
    "pip install .": "needs the network; .ci/run installs so",
    "pip install '.[train]'": "needs the network; `make test` installs it",
    "pip install '.[careful]'": "needs the network; `make test` installs it",
    "roleclf classify jobs.csv -o labelled.csv --reader careful": "needs an encoder; "
    "tests/test_careful.py has a small one",
    "make run": "installs; .ci/run does it on a clean machine",
    "make test": "would run this test",
    "make check": ".ci/run does it",
    "make model": "needs ../shared, and minutes",
    "make docs": "would write the documents under this test",
}
# How the lines begin that are typed, and those that go on with them, in each kind of
# block; what stands below is what is printed.
PROMPTS = {"console": ("$ ", "> "), "pycon": (">>> ", "... ")}

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_HEADING = re.compile(r"^(#+) (.+)$", re.M)
_LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
_SPEED = re.compile(r"in [\d.]+ s, [\d,]+ a second")


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def refreshed(text: str) -> str:
    """Return a document with what is printed and scored today."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name in ("corpora", "models"):
            shutil.copytree(ROOT / name, Path(folder, name))
        names: dict[str, Any] = {}
        text = _BLOCK.sub(lambda block: _rerun(block[1], block[2], names), text)
    for row in (*score_rows(), *speed_rows()):
        text = re.sub(rf"^{re.escape(_key(row))}.*$", row, text, flags=re.M)
    return text


def _rerun(kind: str, body: str, names: dict[str, Any]) -> str:
    """Return a block with what its lines print now; the same if that is the same."""
    if kind == "sh":
        for line in body.splitlines():
            if line not in NOT_RUN:
                _shell(line)
    if kind in PROMPTS:
        runners: Mapping[str, Callable[[str], str]] = {
            "console": _shell,
            "pycon": lambda source: _python(source, names),
        }
        body = "".join(_steps_anew(body, PROMPTS[kind], runners[kind]))
    return f"```{kind}\n{body}```"


def _steps_anew(
    body: str, prompts: tuple[str, str], run: Callable[[str], str]
) -> Iterator[str]:
    """Yield what is typed and what is printed, each step in turn."""
    first, more = map(re.escape, prompts)
    step = re.compile(
        rf"((?:^{first}.*\n)(?:^{more}.*\n)*)((?:^(?!{first}).*\n)*)", re.M
    )
    for typed, shown in step.findall(body):
        source = re.sub(rf"^(?:{first}|{more})", "", typed, flags=re.M)
        printed = "".join(f"{line.rstrip()}\n" for line in run(source).splitlines())
        same = _SPEED.sub("", printed) == _SPEED.sub("", shown)
        yield typed + (shown if same else printed)


def _shell(command: str) -> str:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "80",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    printed = done.stdout.decode()
    assert done.returncode == 0, f"{command} exits with {done.returncode}:\n{printed}"
    return printed


def _python(source: str, names: dict[str, Any]) -> str:
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(source + "\n", "<document>", "single"), names)  # noqa: S102
    return printed.getvalue()


def score_rows() -> list[str]:
    """Return the rows of the tables of scores, from the model's manifest."""
    scores = json.loads(read("models/roleclf-en/manifest.json"))["scores"]
    rows = []
    for name, values in scores.items():
        low, high = values["macro_f1_95"]
        rows.append(
            f"| {name} | {values['n']:,} "
            f"| {values['macro_f1']:.3f} ({low:.3f}–{high:.3f}) "
            f"| {values['accuracy']:.3f} "
            f"| {values['accuracy_of_surest_80_percent']:.3f} "
            f"| {values['calibration_error']:.3f} |"
        )
    for role in roleclf.load().roles:
        cells = [f"{values['f1_by_role'][role]:.3f}" for values in scores.values()]
        rows.append(f"| F1 of `{role}` | {' | '.join(cells)} |")
    return rows


def speed_rows() -> list[str]:
    """Return the rows of the tables of speed, as `make bench` wrote them."""
    rates, _, _ = read("benchmarks/RESULTS.md").partition("Where one core")
    return [line for line in rates.splitlines() if line.startswith("| ")]


def _key(row: str) -> str:
    return row[: row.index("|", 1) + 1]


def subject(heading: str) -> str:
    """Return the section on a subject, from the document where it stands."""
    return section(read(DOCUMENT_BY_HEADING[heading]), heading)


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, down to the next of its rank."""
    marks = _headings(text)
    names = [name for _, _, name in marks]
    assert heading in names, f"no section {heading}"
    place = names.index(heading)
    start, rank, _ = marks[place]
    ends = (at for at, other, _ in marks[place + 1 :] if len(other) <= len(rank))
    return text[start : next(ends, len(text))]


def _headings(text: str) -> list[tuple[int, str, str]]:
    """Return where each heading begins, its marks and its name."""
    plain = _BLOCK.sub(_blank, text)
    return [(m.start(), m[1], m[2]) for m in _HEADING.finditer(plain)]


def anchors(text: str) -> set[str]:
    """Return what links to a document's headings end in, as GitHub makes it."""
    names = (name.lower().replace(" ", "-") for _, _, name in _headings(text))
    return {re.sub(r"[^\w-]", "", name) for name in names}


def _blank(block: re.Match[str]) -> str:
    """Hide a block, whose lines may begin with "#", without moving what follows."""
    return " " * len(block[0])


def commands() -> dict[str, click.Command]:
    """Return every command by what one types for it."""
    found: dict[str, click.Command] = {}
    waiting: list[tuple[str, click.Command]] = [("roleclf", main)]
    while waiting:
        typed, command = waiting.pop()
        if isinstance(command, click.Group):
            ctx = click.Context(command)
            waiting += [
                (f"{typed} {name}", c)
                for name in command.list_commands(ctx)
                if (c := command.get_command(ctx, name))
            ]
        else:
            found[typed] = command
    return dict(sorted(found.items()))


def options(command: click.Command) -> set[str]:
    asked = (p for p in command.params if isinstance(p, click.Option))
    return {name for option in asked for name in option.opts}


def options_in(text: str) -> set[str]:
    """Return the options in code, inline or in blocks, without what is printed."""
    typed = "\n".join(
        line
        for kind, body in _BLOCK.findall(text)
        for line in body.splitlines()
        if kind != "console" or line.startswith(PROMPTS["console"])
    )
    inline = "\n".join(re.findall(r"`([^`\n]+)`", _BLOCK.sub(_blank, text)))
    return set(_OPTION.findall(f"{typed}\n{inline}"))


def column(table: str, heading: str) -> list[str]:
    """Return the code words in the first column of the table with that heading."""
    rows = table[table.index(f"| {heading} |") :].split("\n\n", maxsplit=1)[0]
    cells = [row.split(" | ")[0] for row in rows.splitlines()[2:]]
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("document", RUN)
def test_documents_show_what_is_printed(document: str) -> None:
    text = read(document)
    assert refreshed(text) == text, "run `make docs`, and read what it changed"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_is_of_a_kind_that_is_checked(document: str) -> None:
    kinds = {kind for kind, _ in _BLOCK.findall(read(document))}
    assert kinds <= {"sh", "text", *PROMPTS}


def test_every_line_that_is_not_run_stands_in_a_document() -> None:
    bodies = [
        b for name in RUN for kind, b in _BLOCK.findall(read(name)) if kind == "sh"
    ]
    assert set(NOT_RUN) <= {line for body in bodies for line in body.splitlines()}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_in_a_document_exists(document: str) -> None:
    named = re.findall(r"(?:^|`)make ([\w-]+)", read(document), re.M)
    targets = re.findall(r"^([\w-]+):", read("Makefile"), re.M)
    assert set(named) <= set(targets)


def test_the_source_distribution_has_every_folder_and_document() -> None:
    config = tomllib.loads(read("pyproject.toml"))
    packed = set(config["tool"]["hatch"]["build"]["targets"]["sdist"]["include"])
    folders = {Path(name).parts[0] for name in column(subject("Layout"), "folder")}
    documents = {Path(name).parts[0] for name in DOCUMENTS}
    assert packed >= folders | documents | {"LICENSE", "Makefile"}
    assert [name for name in packed if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_exists(document: str) -> None:
    text, folder = read(document), (ROOT / document).parent
    links = [folder / link for link, _ in _LINK.findall(text)]
    links += [ROOT / name for name in re.findall(r"`(tests/\w+\.py)`", text)]
    assert [link for link in links if not link.exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_heading_that_a_document_links_to_exists(document: str) -> None:
    here = Path(document)
    links = [
        (here.parent / link if link else here, anchor)
        for link, anchor in _LINK.findall(read(document))
        if anchor
    ]
    assert [link for link in links if link[1] not in anchors(read(str(link[0])))] == []


def test_readme_is_short() -> None:
    assert len(read("README.md").splitlines()) < 200


def test_readme_links_every_page() -> None:
    linked = [link for link, _ in _LINK.findall(subject("Documentation"))]
    assert set(PAGES) <= set(linked)


def test_the_picture_shows_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    from pictures import PICTURE, picture  # no module of the package

    drawn = PICTURE.read_text(encoding="utf-8")
    assert picture() == drawn, "run `make docs`, and look at the picture"
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(("heading", "document"), DOCUMENT_BY_HEADING.items())
def test_every_subject_stands_in_one_document(heading: str, document: str) -> None:
    found = [
        other
        for other in RUN
        for _, _, name in _headings(read(other))
        if name == heading
    ]
    assert found == [document]


@pytest.mark.parametrize("typed", commands())
def test_every_command_has_help_and_an_example(typed: str) -> None:
    assert typed in (commands()[typed].help or "").partition("\n")[2]


@pytest.mark.parametrize("typed", commands())
def test_every_option_has_help(typed: str) -> None:
    asked = [p for p in commands()[typed].params if isinstance(p, click.Option)]
    assert [option.name for option in asked if not option.help] == []


@pytest.mark.parametrize("typed", commands())
def test_every_command_has_a_section_with_an_example_and_all_options(
    typed: str,
) -> None:
    text = subject(f"`{_first(typed)}`")
    assert re.search(rf"^(?:\$ |> )?(?:.*\| )?{typed}\b", text, re.M)
    asked = options_in(text)
    assert {name for name in options(commands()[typed]) if name[:2] == "--"} <= asked


def test_the_command_line_page_lists_every_command() -> None:
    listed = column(subject("Command line"), "command")
    assert sorted(listed) == sorted(set(map(_first, commands())))


def _first(typed: str) -> str:
    """Return the command of a subcommand."""
    return " ".join(typed.split()[:2])


def test_every_option_in_the_documents_exists() -> None:
    known = set().union(*map(options, commands().values())) | {"--help", "--version"}
    asked = set().union(*(options_in(read(name)) for name in RUN))
    assert {name for name in asked if name[:2] == "--"} <= known


def test_output_page_lists_the_added_columns() -> None:
    from roleclf.records import COLUMNS

    listed = column(subject("Columns that are added"), "column")
    assert tuple(listed) == COLUMNS


def test_output_page_lists_the_keys_of_an_annotation() -> None:
    keys = roleclf.load().annotate(title="Data Engineer").to_dict(text=True)
    listed = column(subject("The annotation object"), "key")
    assert listed == list(keys)


def test_training_page_lists_the_keys_of_an_evaluation() -> None:
    sample = ROOT / "corpora/sample"
    found = evaluate_model(sample / "postings.csv", labels=[sample / "labels.jsonl"])
    assert column(subject("`roleclf evaluate`"), "key") == list(found)


def test_feeds_page_lists_the_formats() -> None:
    known = re.findall(r"^- name: (\w+)$", read("src/roleclf/feeds/formats.yaml"), re.M)
    assert sorted(column(subject("Formats"), "format")) == sorted(known)


def test_readme_lists_the_roles() -> None:
    listed = column(subject("The roles"), "role")
    assert sorted(listed) == sorted(roleclf.load().roles)


def test_scores_page_quotes_every_score_of_the_manifest() -> None:
    lines = subject("Scores").splitlines()
    assert [row for row in score_rows() if row not in lines] == []


def test_scores_page_quotes_every_row_of_the_last_benchmark() -> None:
    lines = subject("Speed").splitlines()
    assert [row for row in speed_rows() if row not in lines] == []


def test_every_figure_in_the_tables_of_the_readme_is_one_of_these() -> None:
    known = {*score_rows(), *speed_rows()}
    rows = re.findall(r"^\| \w.*\d.*$", subject("Quality and speed"), re.M)
    assert rows
    assert [row for row in rows if row not in known] == []


def test_command_line_page_says_what_each_exit_code_means() -> None:
    rows = re.findall(r"^\| (\d) \| (.*) \|$", subject("Exit codes"), re.M)
    assert rows == [
        ("0", "done"),
        ("1", "the data or the model is wrong"),
        ("2", "the call is wrong"),
        ("3", "done, but something got no role; `problem` says why"),
    ]


def test_changelog_has_the_version_first() -> None:
    versions = re.findall(r"^## (\d\S*)", read("CHANGELOG.md"), re.M)
    assert versions[0] == roleclf.__version__


def test_readmes_count_the_sample() -> None:
    lines = read("corpora/sample/labels.jsonl").splitlines()
    counts = Counter(json.loads(line)["primary"] for line in lines)
    rows = {f"| `{role}` | {n} |" for role, n in counts.items()}
    text = read("corpora/README.md")
    assert rows <= set(text.splitlines())
    assert f"{len(lines)} postings" in text
    assert f"{len(lines)} postings" in read("README.md")


def test_the_sample_page_is_a_row_of_the_sample() -> None:
    with (ROOT / "corpora/sample/postings.csv").open(
        encoding="utf-8", newline=""
    ) as rows:
        description_by_id = {
            row["id"]: row["description"] for row in csv.DictReader(rows)
        }
    assert read("corpora/sample/s028.html") == description_by_id["s028"] + "\n"


if __name__ == "__main__":
    for name in RUN:
        (ROOT / name).write_text(refreshed(read(name)), encoding="utf-8")
