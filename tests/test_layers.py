"""Imports point one way and through faces, and what is costly waits until needed."""

from __future__ import annotations

import ast
import importlib
import json
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "roleclf"
# A room imports from rooms before it here, and from their faces only. `lazy` and
# `errors` are modules at the root, `__main__` starts the command line.
ROOMS = (
    "lazy",
    "errors",
    "loops",
    "records",
    "text",
    "matching",
    "taxonomy",
    "skills",
    "duties",
    "model",
    "tables",
    "annotation",
    "evaluation",
    "training",
    "batch",
    "feeds",
    "cli",
    "__main__",
)
FACES = [room for room in ROOMS if (PACKAGE / room).is_dir()]
MOST_ENTRIES = 20
MOST_MODULES = 6
MOST_LINES_OF_MODULE = 300
MOST_LINES_OF_FUNCTION = 40
MOST_LINES_OF_MEDIAN_FUNCTION = 10
HEAVY = (
    "httpcore",
    "httpx",
    "jinja2",
    "joblib",
    "onnxruntime",
    "pandas",
    "scipy",
    "sklearn",
    "spacy",
    "tokenizers",
)
POSTING = (
    "Requirements: three years of Python, SQL and Airflow. You build the pipelines "
    "that load our warehouse and look after them when a source changes its schema."
)
# Runs the command line in a process of its own, then says what was imported.
PROGRAM = """
import sys
from roleclf.cli import main
main({arguments!r}, standalone_mode=False)
print(*sorted({heavy!r} & sys.modules.keys()), file=sys.stderr)
"""


def name_of(path: Path) -> str:
    """Return the dotted name of a file below roleclf; "" is the root's face."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCE_BY_NAME = {
    name_of(path): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")
}


def imported(source: str) -> Iterator[tuple[int, str, bool]]:
    """Yield line, dotted name, and whether the package's version is all it can be for.

    Imports inside functions are among them.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, True) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            files = {f"{module}.{a.name}".removeprefix("roleclf.") for a in node.names}
            names = files if files <= SOURCE_BY_NAME.keys() else {module}
            yield from (
                (node.lineno, f"roleclf.{n}" if n in files else n, False) for n in names
            )


def refused(name: str, source: str) -> list[str]:
    """Return what file `name` imports of ours and must not."""
    room = name.split(".")[0]
    wrong = []
    for line, module, is_whole in imported(source):
        first, _, rest = module.partition(".")
        if first not in ("", "roleclf"):
            continue
        other = rest.split(".")[0]
        if first == "":
            problem = "relative"
        elif not rest:
            problem = "" if is_whole else "of the whole package"
        elif other == room:
            problem = "of its own face" if rest == room else ""
        elif ROOMS.index(other) > ROOMS.index(room):
            problem = "of a later room"
        else:
            problem = "past a face" if rest != other else ""
        if problem:
            wrong.append(f"line {line}: {name} imports {module}, {problem}")
    return wrong


def circle(source_by_name: Mapping[str, str]) -> list[str]:
    """Return files that import each other in a circle; none if there is no circle."""
    graph = {
        name: {
            rest
            for _, module, _ in imported(source)
            if (rest := module.removeprefix("roleclf.")) in source_by_name
        }
        for name, source in source_by_name.items()
        if name
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("name", sorted(SOURCE_BY_NAME.keys() - {""}))
def test_every_file_imports_from_faces_of_rooms_before_its_own(name: str) -> None:
    assert refused(name, SOURCE_BY_NAME[name]) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circle(SOURCE_BY_NAME) == []


def test_the_rooms_are_those_that_exist() -> None:
    assert sorted(ROOMS) == sorted({n.split(".")[0] for n in SOURCE_BY_NAME} - {""})


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        pytest.param("from roleclf.text import Tokens", None, id="earlier-room"),
        pytest.param(
            "from roleclf.skills.cues import cue_phrases", None, id="own-file"
        ),
        pytest.param("from roleclf.errors import RoleclfError", None, id="errors"),
        pytest.param("import roleclf", None, id="the-version"),
        pytest.param("import json", None, id="another-package"),
        pytest.param(
            "from roleclf.model import RoleModel",
            "roleclf.model, of a later room",
            id="against-the-order",
        ),
        pytest.param(
            "def f():\n    from roleclf.batch import Summary",
            "roleclf.batch, of a later room",
            id="in-a-function",
        ),
        pytest.param(
            "from roleclf.text.tokens import Tokens",
            "roleclf.text.tokens, past a face",
            id="past-a-face",
        ),
        pytest.param(
            "from roleclf.skills import Lexicon",
            "roleclf.skills, of its own face",
            id="own-face",
        ),
        pytest.param(
            "from roleclf import load",
            "roleclf, of the whole package",
            id="from-the-package",
        ),
        pytest.param("from .cues import cues", ".cues, relative", id="relative"),
        pytest.param("from . import cues", "., relative", id="dot"),
    ],
)
def test_a_wrong_import_is_seen(source: str, problem: str | None) -> None:
    line = source.count("\n") + 1
    wrong = [f"line {line}: skills.matcher imports {problem}"] if problem else []
    assert refused("skills.matcher", source) == wrong


def test_a_circle_is_seen() -> None:
    files = {
        "skills.a": "from roleclf.skills.b import b",
        "skills.b": "def f():\n    from roleclf.skills.a import a",
    }
    assert sorted(set(circle(files))) == ["skills.a", "skills.b"]


def test_the_root_has_few_entries_and_few_modules() -> None:
    entries = {p.name for p in PACKAGE.iterdir()} - {"__pycache__"}
    assert len(entries) <= MOST_ENTRIES
    assert sum(name.endswith(".py") for name in entries) <= MOST_MODULES


def test_no_two_classes_share_a_name() -> None:
    names = Counter(node.name for node in _nodes() if isinstance(node, ast.ClassDef))
    assert [name for name, n in names.items() if n > 1] == []


def test_no_module_is_long() -> None:
    lines = {name: source.count("\n") for name, source in SOURCE_BY_NAME.items()}
    assert [name for name, n in lines.items() if n > MOST_LINES_OF_MODULE] == []


def test_no_function_is_long_and_most_are_short() -> None:
    lines = {node.name: _length(node) for node in _functions()}
    assert [name for name, n in lines.items() if n > MOST_LINES_OF_FUNCTION] == []
    median = statistics.median(map(_length, _functions()))
    assert median < MOST_LINES_OF_MEDIAN_FUNCTION


def _nodes() -> Iterator[ast.AST]:
    for source in SOURCE_BY_NAME.values():
        yield from ast.walk(ast.parse(source))


def _functions() -> Iterable[ast.FunctionDef]:
    return (node for node in _nodes() if isinstance(node, ast.FunctionDef))


def _length(function: ast.FunctionDef) -> int:
    """Return how many lines a function has without its docstring."""
    first, end = function.lineno, function.end_lineno or function.lineno
    doc = function.body[0]
    has_doc = ast.get_docstring(function) is not None
    n_doc = (doc.end_lineno or 0) - doc.lineno + 1 if has_doc else 0
    return end - first + 1 - n_doc


@pytest.mark.parametrize("room", FACES)
def test_a_face_says_what_comes_in_what_goes_out_and_what_it_must_not_know(
    room: str,
) -> None:
    doc = ast.get_docstring(ast.parse(SOURCE_BY_NAME[room])) or ""
    assert re.search(r"\bIn: .*\bOut: .*\bMust\s+not\s+know: ", doc, re.S)


@pytest.mark.parametrize("room", FACES)
def test_a_face_has_every_name_that_it_shows(room: str) -> None:
    face = importlib.import_module(f"roleclf.{room}")
    assert [name for name in face.__all__ if getattr(face, name, None) is None] == []
    # A file takes the place of its namesake in the face once it is imported.
    files = {
        name.rpartition(".")[2]
        for name in SOURCE_BY_NAME
        if name.startswith(f"{room}.")
    }
    assert files & set(face.__all__) == set()


def heavy_after(program: str, posting: Path) -> str:
    """Return which heavy modules a program imported, as it says on its last line."""
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        cwd=posting.parent,
        encoding="utf-8",
    )
    return result.stderr.splitlines()[-1]


@pytest.fixture(scope="module")
def posting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one posting as text and as a table."""
    folder = tmp_path_factory.mktemp("posting")
    table = folder / "jobs.csv"
    table.write_text(f'title,description\nEngineer,"{POSTING}"\n', encoding="utf-8")
    lines = json.dumps({"title": "Engineer", "description": POSTING})
    (folder / "jobs.jsonl").write_text(f"[{lines}]", encoding="utf-8")
    text = folder / "job.txt"
    text.write_text(POSTING, encoding="utf-8")
    return text


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--help"], id="help"),
        pytest.param(["classify", "--help"], id="help-of-classify"),
        pytest.param(["watch", "--help"], id="help-of-watch"),
        pytest.param(
            ["watch", "jobs.jsonl", "--state", "s.db", "-o", "told.jsonl", "--once"],
            id="watch-a-file",
        ),
        pytest.param(["classify", "jobs.csv", "-o", "out.csv"], id="classify"),
        pytest.param(["classify", "jobs.csv", "-o", "out.jsonl"], id="classify-jsonl"),
        pytest.param(["classify", "jobs.csv", "-o", "out.parquet"], id="classify-pq"),
        pytest.param(["explain", "job.txt", "--json"], id="explain"),
        pytest.param(["skills", "job.txt"], id="skills"),
        pytest.param(["model", "info"], id="model-info"),
    ],
)
def test_commands_import_nothing_heavy(arguments: list[str], posting: Path) -> None:
    program = PROGRAM.format(arguments=arguments, heavy=set(HEAVY))
    assert heavy_after(program, posting) == ""


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("import roleclf", id="import"),
        pytest.param("import roleclf\ndir(roleclf)", id="dir"),
        pytest.param("import roleclf\nroleclf.load_taxonomy()", id="taxonomy"),
        pytest.param(
            f"import roleclf\nroleclf.load().annotate('DE', {POSTING!r}).to_dict()",
            id="annotate",
        ),
    ],
)
def test_the_library_imports_nothing_heavy(program: str, posting: Path) -> None:
    said = (
        "\nimport sys"
        f"\nprint(*sorted({set(HEAVY)!r} & sys.modules.keys()), file=sys.stderr)"
    )
    assert heavy_after(program + said, posting) == ""


def test_importing_roleclf_imports_no_module_of_it(posting: Path) -> None:
    program = (
        "import sys, roleclf\n"
        "print([m for m in sys.modules if m.startswith('roleclf.')], file=sys.stderr)"
    )
    assert heavy_after(program, posting) == "[]"
