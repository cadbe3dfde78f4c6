"""`roleclf taxonomy`: whole outputs, whole messages, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roleclf.cli import main
from roleclf.taxonomy import (
    Taxonomy,
    comparison_brief,
    load_taxonomy,
    role_brief,
    taxonomy_brief,
    taxonomy_from_json,
    taxonomy_to_csv,
    taxonomy_to_jsonld,
)
from taxonomies import changed, small_taxonomy

LIST = """\
taxonomy 0.1.0: 2 roles, 3 skills and tools

role                name                          duties  skills   tools
cook                Cook                               1       0       1
baker               Baker                              1       1       1

contrast roles, which postings for `other` often are:
waiter              Waiter                             0       0       0
"""
SHOW = """\
# Cook (cook)

Someone who feeds people.

## Responsibilities (1)

- Boils broth.

## Phases of the life cycle (1)

- Make a fire.

## Tools (1)

Oven

## Neighbours

- Baker: Bakes.
- Waiter: Carries.

## Nearest in public schemes

- ISCO-08, exact: 5120 Cooks
"""
COMPARE = """\
# Cook or Baker?

- Cook: Someone who feeds people.
- Baker: Someone who bakes.

## What they share

- Tools: Both work at the fire.

## What tells them apart

### Focus

- Cook: Works at noon.
- Baker: Works at night.

## Typical tools

- Both: Oven

## Typical skills

- Baker: Kneading
"""
SKILL = """\
# Range cooker (range)

- kind: tool, product
- category: kitchen
- broader: Oven

## Written

- in any case: range cooker
- guarded, case exact, rule word: Range

## Roles

- no role lists it
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_taxonomy(tmp_path)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["taxonomy", *map(str, arguments)])


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        pytest.param(["list"], LIST, id="list"),
        pytest.param(["show", "cook"], SHOW, id="show"),
        pytest.param(["show", "COOK"], SHOW, id="show-by-name"),
        pytest.param(["compare", "cook", "baker"], COMPARE, id="compare"),
        pytest.param(["skill", "range"], SKILL, id="skill-by-id"),
        pytest.param(["skill", "RANGE COOKER"], SKILL, id="skill-by-name"),
        pytest.param(["skill", "range-cooker"], SKILL, id="skill-by-alias"),
    ],
)
def test_output(arguments: list[str], output: str, folder: Path) -> None:
    result = run(*arguments, "--taxonomy", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == output


def test_compare_swaps_the_sides_of_a_pair(folder: Path) -> None:
    result = run("compare", "baker", "cook", "--taxonomy", folder)
    assert "- Baker: Works at night.\n- Cook: Works at noon.\n" in result.stdout


def test_compare_ends_with_when_to_hire_which(folder: Path) -> None:
    changed(folder / "comparisons.yaml", "id: day", "id: hire_when")
    result = run("compare", "cook", "baker", "--taxonomy", folder)
    assert "### Focus" not in result.stdout
    assert result.stdout.endswith(
        "\n## When to hire which\n\n- Cook: Works at noon.\n- Baker: Works at night.\n"
    )


def test_compare_two_roles_without_a_comparison(folder: Path) -> None:
    result = run("compare", "cook", "waiter", "--taxonomy", folder)
    assert result.stdout == (
        "# Cook or Waiter?\n\n- Cook: Someone who feeds people.\n"
        "- Waiter: Someone who carries.\n\n## Typical tools\n\n- Cook: Oven\n"
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param(
            ["show", "cook"], "Someone who feeds people. [guild:3]", id="text"
        ),
        pytest.param(["show", "cook"], "- Boils broth. [guild:4]", id="duty"),
        pytest.param(["show", "cook"], "Oven [guild:3]", id="tool"),
        pytest.param(
            ["compare", "cook", "baker"],
            "- Tools: Both work at the fire. [guild:4]",
            id="similarity",
        ),
        pytest.param(
            ["compare", "cook", "baker"],
            "- Cook: Works at noon. [practice]",
            id="difference",
        ),
    ],
)
def test_sources(arguments: list[str], line: str, folder: Path) -> None:
    result = run(*arguments, "--sources", "--taxonomy", folder)
    assert line in result.stdout.splitlines()


def test_skill_names_the_roles_that_list_it_with_sources(folder: Path) -> None:
    result = run("skill", "ovens", "--taxonomy", folder)
    assert "- narrower: Range cooker\n" in result.stdout
    assert result.stdout.endswith(
        "\n## Roles\n\n- Cook [guild:3]\n- Baker [practice]\n"
    )


def test_a_name_of_two_skills_shows_both() -> None:
    headings = [
        line
        for line in run("skill", "phi").stdout.splitlines()
        if line.startswith("# ")
    ]
    assert headings == [
        "# Phi model (phi)",
        "# Protected health information (protected_health_information)",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["show", "chef"],
            "no role 'chef'; the roles are cook, baker, waiter",
            id="show",
        ),
        pytest.param(
            ["compare", "cook", "chef"],
            "no role 'chef'; the roles are cook, baker, waiter",
            id="compare",
        ),
        pytest.param(
            ["compare", "cook", "Cook"],
            "'cook' and 'Cook' are the same role; name two",
            id="compare-with-itself",
        ),
        pytest.param(
            ["skill", "kneeding"],
            "no skill 'kneeding'; the nearest: Kneading (kneading)",
            id="skill",
        ),
        pytest.param(
            ["skill", "xyz"], "no skill 'xyz'; and none is near", id="strange-skill"
        ),
    ],
)
def test_wrong_call(arguments: list[str], message: str, folder: Path) -> None:
    result = run(*arguments, "--taxonomy", folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == f"Error: {message}"


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["show", "cook"], ["compare", "a", "b"], ["skill", "x"], ["export"]],
    ids=" ".join,
)
def test_folder_without_a_taxonomy(arguments: list[str], tmp_path: Path) -> None:
    result = run(*arguments, "--taxonomy", tmp_path / "nowhere")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        f"Error: {tmp_path}/nowhere/skills.csv: cannot be read; "
        "give a taxonomy folder\n"
    )


def test_validate_finds_nothing(folder: Path) -> None:
    result = run("validate", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"no problem found in {folder}\n"


def test_validate_the_shipped_taxonomy() -> None:
    result = run("validate")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "no problem found in the shipped taxonomy\n"


def test_validate_prints_a_line_for_each_problem(folder: Path) -> None:
    changed(folder / "skills.csv", "word,oven", "word,stove")
    changed(folder / "roles/cook.yaml", "role: waiter", "role: valet")
    (folder / "comparisons.yaml").write_text("pairs: ]", encoding="utf-8")
    result = run("validate", folder)
    assert (result.exit_code, result.stderr) == (1, "")
    yaml, *others = result.stdout.splitlines()
    assert yaml.startswith(f"{folder}/comparisons.yaml, line 1: is not YAML (")
    assert others == [
        f"{folder}/roles/cook.yaml, line 24: role 'valet' has no file; "
        "write it or mend the id",
        f"{folder}/skills.csv, line 3: parent 'stove' is not in skills.csv; "
        "add it there or mend its id",
    ]


def test_validate_a_missing_folder(tmp_path: Path) -> None:
    result = run("validate", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert f"Directory '{tmp_path}/nowhere' does not exist." in result.stderr


def test_export_json_to_stdout_round_trip(folder: Path) -> None:
    result = run("export", "--taxonomy", folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert taxonomy_from_json(result.stdout) == load_taxonomy(folder)


@pytest.mark.parametrize(
    ("name", "write"),
    [("jsonld", taxonomy_to_jsonld), ("csv", taxonomy_to_csv)],
    ids=["jsonld", "csv"],
)
def test_export_to_a_file(
    name: str, write: Callable[[Taxonomy], str], folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = run("export", "--format", name, "-o", out, "--taxonomy", folder)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert out.read_text(encoding="utf-8") == write(load_taxonomy(folder))


def test_export_leaves_the_file_when_the_taxonomy_is_wrong(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("{}", encoding="utf-8")
    result = run("export", "-o", out, "--taxonomy", tmp_path)
    assert result.exit_code == 1
    assert json.loads(out.read_text(encoding="utf-8")) == {}


def test_export_into_a_folder_is_an_error(folder: Path, tmp_path: Path) -> None:
    result = run("export", "-o", tmp_path, "--taxonomy", folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {tmp_path}: "), result.stderr
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("sources", [False, True], ids=["plain", "sources"])
def test_no_line_is_wider_than_80_characters(sources: bool) -> None:
    taxonomy = load_taxonomy()
    roles = (*taxonomy.roles.values(), *taxonomy.contrast_roles.values())
    briefs = [taxonomy_brief(taxonomy)]
    briefs += [role_brief(taxonomy, role, sources=sources) for role in roles]
    briefs += [
        comparison_brief(taxonomy, left, right, sources=sources)
        for left, right in permutations(roles, 2)
    ]
    lines = [line for brief in briefs for line in brief.splitlines()]
    assert [line for line in lines if len(line) > 80] == []


def test_compare_mlops_with_dataops_fits_a_hiring_brief() -> None:
    result = run("compare", "mlops_engineer", "dataops_engineer")
    headings = [line for line in result.stdout.splitlines() if line.startswith("#")]
    assert headings == [
        "# MLOps engineer or DataOps engineer?",
        "## What they share",
        "## What tells them apart",
        "### Object of control",
        "### Focus",
        "### Lifecycle",
        "### Output",
        "### Stakeholders",
        "### Skills",
        "### Tools",
        "### Education",
        "## Typical tools",
        "## Typical skills",
        "## When to hire which",
    ]
