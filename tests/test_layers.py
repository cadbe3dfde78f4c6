"""Imports point one way, and what is costly is imported only where it is needed."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "roleclf"
# The levels of the line. A module imports from lower levels, and of its own level
# only what stands before it here; `__init__` is the face that commands look at.
LEVELS = (
    ("lazy", "errors", "posting", "records"),
    (
        "compiled",
        "lookup",
        "pairs",
        "folding",
        "texts",
        "letters",
        "cleaning",
        "tokens",
        "words",
        "walks",
        "hits",
        "phrases",
        "breaks",
        "wordlists",
        "cues",
        "lists",
        "stems",
        "language",
        "sections",
        "employers",
        "needs",
        "duplicates",
        "taxonomy",
    ),
    (
        "duties",
        "lexicon",
        "skills",
        "patterns",
        "outline",
        "profile",
        "titles",
        "features",
    ),
    ("heads", "prior", "model", "learn", "lessons", "estimator", "steps", "explain"),
    ("recorded", "annotations", "frames", "annotate"),
    ("card", "corpus", "evaluate", "train", "tables", "terms", "feeds", "__init__"),
    (
        "cores",
        "slots",
        "processes",
        "workers",
        "resume",
        "grouped",
        "batch",
        "watch",
        "report",
        "spacy_component",
        "suggest",
    ),
    ("cli", "__main__"),
)
PLACE_BY_NAME = {
    name: (level, place)
    for level, names in enumerate(LEVELS)
    for place, name in enumerate(names)
}
FILES = sorted(PACKAGE.rglob("*.py"))
HEAVY = ("httpcore", "httpx", "jinja2", "pandas", "scipy", "sklearn", "spacy")
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
    """Return the module or package directly under roleclf that `path` belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of each import in `source`, those in functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "roleclf":
            yield from ((node.lineno, f"roleclf.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def refused(name: str, source: str) -> list[str]:
    """Return what module `name` imports of ours and must not."""
    wrong = []
    for line, module in imported(source):
        first, _, rest = module.partition(".")
        part = rest.split(".")[0]
        other = part if part in PLACE_BY_NAME else "__init__"
        if first == "" or (
            first == "roleclf"
            and other != name
            and PLACE_BY_NAME[other] >= PLACE_BY_NAME[name]
        ):
            wrong.append(f"line {line}: {name} imports {module}")
    return wrong


@pytest.mark.parametrize(
    "path", [pytest.param(p, id=str(p.relative_to(PACKAGE))) for p in FILES]
)
def test_every_module_imports_from_below(path: Path) -> None:
    assert refused(name_of(path), path.read_text(encoding="utf-8")) == []


def test_the_levels_are_those_of_the_modules_that_exist() -> None:
    assert sorted(PLACE_BY_NAME) == sorted({name_of(path) for path in FILES})


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        pytest.param("from roleclf.tokens import fold", [], id="below"),
        pytest.param(
            "from roleclf.model import RoleModel",
            ["line 1: skills imports roleclf.model"],
            id="above",
        ),
        pytest.param(
            "from roleclf.profile import cover_roles",
            ["line 1: skills imports roleclf.profile"],
            id="later-in-its-level",
        ),
        pytest.param(
            "def f():\n    import roleclf.batch",
            ["line 2: skills imports roleclf.batch"],
            id="in-a-function",
        ),
        pytest.param(
            "from roleclf import train",
            ["line 1: skills imports roleclf.train"],
            id="from-the-package",
        ),
        pytest.param(
            "import roleclf", ["line 1: skills imports roleclf"], id="the-package"
        ),
        pytest.param(
            "from .tokens import fold",
            ["line 1: skills imports .tokens"],
            id="relative",
        ),
        pytest.param("from . import errors", ["line 1: skills imports ."], id="dot"),
    ],
)
def test_a_wrong_import_is_seen(source: str, wrong: list[str]) -> None:
    assert refused("skills", source) == wrong


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
