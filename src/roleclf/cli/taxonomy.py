"""`roleclf taxonomy`: show, compare, validate and export descriptions of roles.

Each command imports what it needs itself, so that `roleclf --help` starts fast.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from roleclf.tables import STDIO, open_target

if TYPE_CHECKING:
    from roleclf.taxonomy import Role, Taxonomy

__all__ = ["taxonomy_group"]

_TAXONOMY_PATH: Final = click.option(
    "--taxonomy",
    "path",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Taxonomy folder; the shipped one by default.",
)
_SHOW_SOURCES: Final = click.option(
    "--sources", is_flag=True, help="Say where each statement comes from."
)
_EXPORT_FORMATS: Final = ("json", "jsonld", "csv")
_EXIT_PROBLEMS: Final = 1


@click.group("taxonomy")
def taxonomy_group() -> None:
    """Look into the taxonomy: what each role is, does, knows and uses."""


@taxonomy_group.command("list")
@_TAXONOMY_PATH
def list_command(path: Path | None) -> None:
    """List the roles, with how much is said of each.

    \b
    roleclf taxonomy list
    roleclf taxonomy list --taxonomy my-taxonomy/
    """  # noqa: D301
    from roleclf.taxonomy import load_taxonomy, taxonomy_brief

    _echo_markdown(taxonomy_brief(load_taxonomy(path)))


@taxonomy_group.command("show")
@click.argument("role")
@_SHOW_SOURCES
@_TAXONOMY_PATH
def show_command(role: str, sources: bool, path: Path | None) -> None:
    """Print all that is said of a role, as Markdown.

    ROLE is an id, a name or another name of the role.

    \b
    roleclf taxonomy show mlops_engineer
    roleclf taxonomy show "data operations specialist" --sources
    """  # noqa: D301
    from roleclf.taxonomy import load_taxonomy, role_brief

    taxonomy = load_taxonomy(path)
    _echo_markdown(role_brief(taxonomy, _role_named(taxonomy, role), sources=sources))


@taxonomy_group.command("compare")
@click.argument("left", metavar="ROLE")
@click.argument("right", metavar="ROLE")
@_SHOW_SOURCES
@_TAXONOMY_PATH
def compare_command(left: str, right: str, sources: bool, path: Path | None) -> None:
    """Print what two roles share and what tells them apart.

    What is printed is Markdown, fit for a hiring brief.

    \b
    roleclf taxonomy compare mlops_engineer dataops_engineer
    roleclf taxonomy compare "data engineer" dataops_engineer > brief.md
    """  # noqa: D301
    from roleclf.taxonomy import comparison_brief, load_taxonomy

    taxonomy = load_taxonomy(path)
    left_role, right_role = _role_named(taxonomy, left), _role_named(taxonomy, right)
    if left_role.id == right_role.id:
        raise click.UsageError(f"{left!r} and {right!r} are the same role; name two")
    _echo_markdown(comparison_brief(taxonomy, left_role, right_role, sources=sources))


@taxonomy_group.command("skill")
@click.argument("name")
@_TAXONOMY_PATH
def skill_command(name: str, path: Path | None) -> None:
    """Print what is known of a skill or tool, and which roles list it.

    NAME is its id, its name or any form in which postings write it.

    \b
    roleclf taxonomy skill k8s
    roleclf taxonomy skill "machine learning"
    """  # noqa: D301
    from roleclf.taxonomy import find_skills, load_taxonomy, similar_skills, skill_brief

    taxonomy = load_taxonomy(path)
    skills = find_skills(taxonomy, name)
    if not skills:
        similar = [f"{s.name} ({s.id})" for s in similar_skills(taxonomy, name)]
        hint = f"the nearest: {', '.join(similar)}" if similar else "and none is near"
        raise click.UsageError(f"no skill {name!r}; {hint}")
    _echo_markdown("\n\n".join(skill_brief(taxonomy, skill) for skill in skills))


@taxonomy_group.command("validate")
@click.argument(
    "path",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.pass_context
def validate_command(ctx: click.Context, path: Path | None) -> None:
    """Name every problem in a taxonomy folder.

    Prints file, line, problem and mend, a line for each. PATH is the shipped
    taxonomy by default. Exits with 1 if there is a problem.

    \b
    roleclf taxonomy validate my-taxonomy/
    """  # noqa: D301
    from roleclf.taxonomy import validate_taxonomy

    problems = validate_taxonomy(path)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        ctx.exit(_EXIT_PROBLEMS)
    click.echo(f"no problem found in {path or 'the shipped taxonomy'}")


@taxonomy_group.command("export")
@click.option(
    "--format",
    "format_",
    type=click.Choice(_EXPORT_FORMATS),
    default=_EXPORT_FORMATS[0],
    show_default=True,
    help="All as JSON, as JSON-LD in SKOS, or the concepts as CSV.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default=STDIO,
    help="File to write; stdout by default.",
)
@_TAXONOMY_PATH
def export_command(format_: str, output: str, path: Path | None) -> None:
    """Write the taxonomy out for other programs.

    \b
    roleclf taxonomy export -o taxonomy.json
    roleclf taxonomy export --format jsonld -o roles.jsonld
    """  # noqa: D301
    from roleclf.taxonomy import (
        load_taxonomy,
        taxonomy_to_csv,
        taxonomy_to_json,
        taxonomy_to_jsonld,
    )

    export_by_format: dict[str, Callable[[Any], str]] = {
        "json": taxonomy_to_json,
        "jsonld": taxonomy_to_jsonld,
        "csv": taxonomy_to_csv,
    }
    text = export_by_format[format_](load_taxonomy(path))
    with open_target(STDIO, output) as stream:
        stream.write(text.encode())


def _role_named(taxonomy: Taxonomy, name: str) -> Role:
    """Return the role with this id or name; raise an error that lists all roles."""
    from roleclf.taxonomy import find_role

    role = find_role(taxonomy, name)
    if role is None:
        known = ", ".join((*taxonomy.roles, *taxonomy.contrast_roles))
        raise click.UsageError(f"no role {name!r}; the roles are {known}")
    return role


def _echo_markdown(markdown: str) -> None:
    """Print Markdown, its headings bold where stdout is a terminal."""
    for line in markdown.splitlines():
        click.echo(click.style(line, bold=True) if line.startswith("#") else line)
