"""Load a taxonomy folder as records; mistakes become errors with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from roleclf.errors import TaxonomyError
from roleclf.taxonomy.build_records import (
    build_comparison,
    build_disagreement,
    build_role,
    build_seniority_level,
    build_skill,
    build_source,
    build_source_line,
    build_word_lists,
)
from roleclf.taxonomy.records import (
    Comparison,
    Disagreement,
    Role,
    Skill,
    SourceLine,
    Taxonomy,
)
from roleclf.taxonomy.schemas import (
    COMPARISONS_SCHEMA,
    ROLE_SCHEMA,
    SENIORITY_SCHEMA,
    SOURCES_SCHEMA,
    TAXONOMY_SCHEMA,
    TITLES_SCHEMA,
    WORDS_SCHEMA,
    schema_problems,
)
from roleclf.taxonomy.skill_columns import SHIPPED_TAXONOMY, SkillColumns
from roleclf.taxonomy.yaml_and_csv import read_csv_rows, read_yaml

__all__ = [
    "SKILL_COLUMNS",
    "SOURCE_LINE_COLUMNS",
    "load_taxonomy",
    "read_skills",
    "shipped_skills",
]

SKILL_COLUMNS: Final = SkillColumns._fields
SOURCE_LINE_COLUMNS: Final = ("source", "line", "content", "concepts")


def load_taxonomy(path: str | Path | None = None) -> Taxonomy:
    """Return the taxonomy in folder `path`, or the shipped one.

    `taxonomy.yaml`, `skills.csv` and `roles/` are required; contrast roles,
    comparisons, sources, seniority and `words.yaml` are optional. Only what would make
    the records wrong is checked here; `validate_taxonomy` checks more.

    Raises
    ------
    TaxonomyError
        If a file is missing or damaged, or names a skill the lexicon lacks.

    Examples
    --------
    >>> "mlops_engineer" in load_taxonomy().roles
    True
    """
    folder = Path(path) if path is not None else SHIPPED_TAXONOMY
    skills = read_skills(folder / "skills.csv") if path else shipped_skills()
    head = _read_yaml(folder / "taxonomy.yaml", TAXONOMY_SCHEMA)
    words = build_word_lists(_read_optional(folder / "words.yaml", WORDS_SCHEMA, []))
    files = [folder / "roles" / f"{id_}.yaml" for id_ in head["roles"]]
    roles = _read_roles(files, words)
    files = sorted((folder / "contrast").glob("*.yaml"))
    contrast_roles = _read_roles(files, words)
    _raise_for_unknown_skills(folder / "roles", roles, skills)
    _raise_for_unknown_skills(folder / "contrast", contrast_roles, skills)
    comparisons, disagreements = _read_comparisons(folder / "comparisons.yaml")
    sources = _read_optional(folder / "sources.yaml", SOURCES_SCHEMA, [])
    title_terms = _read_optional(folder / "titles.yaml", TITLES_SCHEMA, {})
    seniority = _read_optional(folder / "seniority.yaml", SENIORITY_SCHEMA, [])
    return Taxonomy(
        version=str(head["version"]),
        roles={role.id: role for role in roles},
        skills=skills,
        title_words=tuple(head["title_words"]),
        contrast_roles={role.id: role for role in contrast_roles},
        comparisons=comparisons,
        disagreements=disagreements,
        sources={entry["id"]: build_source(entry) for entry in sources},
        source_lines=tuple(_read_source_lines(folder / "source_lines.csv")),
        seniority=tuple(map(build_seniority_level, seniority)),
        title_terms=title_terms or None,
    )


def read_skills(path: Path) -> dict[str, Skill]:
    """Return the skills in the lexicon at `path` by id, in file order.

    Raises
    ------
    TaxonomyError
        If the file or a column is missing, a row is invalid, or two rows have the same
        id or form.
    """
    skills: dict[str, Skill] = {}
    owner_by_form: dict[str, str] = {}
    for row in read_csv_rows(path, SKILL_COLUMNS):
        skill = build_skill(row)
        if skill.id in skills:
            raise row.error(f"id {skill.id!r} again", "keep one of the rows")
        for form in (*skill.aliases, *skill.guarded):
            other = owner_by_form.setdefault(form.casefold(), skill.id)
            if other != skill.id:
                problem = f"form {form!r} is one of {other!r} too"
                raise row.error(problem, "keep it in one row")
        skills[skill.id] = skill
    return skills


@cache
def shipped_skills() -> Mapping[str, Skill]:
    """Return the skills of the shipped lexicon, read once."""
    return read_skills(SHIPPED_TAXONOMY / "skills.csv")


def _read_roles(
    files: Iterable[Path], word_lists: Mapping[str, tuple[str, ...]]
) -> list[Role]:
    return [build_role(_read_yaml(file, ROLE_SCHEMA), word_lists) for file in files]


def _raise_for_unknown_skills(
    folder: Path, roles: Iterable[Role], skills: Mapping[str, Skill]
) -> None:
    for role in roles:
        for skill in (*role.skills, *role.tools):
            if skill not in skills:
                raise TaxonomyError(
                    folder / f"{role.id}.yaml",
                    f"skill {skill!r} is not in skills.csv",
                    "add it there or mend its id",
                )


def _read_yaml(path: Path, schema: Any) -> Any:
    document = read_yaml(path)
    for problem in schema_problems(document, schema):
        raise TaxonomyError(problem.location, problem.problem, problem.mend)
    return document.content


def _read_optional(path: Path, schema: Any, default: Any) -> Any:
    return _read_yaml(path, schema) if path.exists() else default


def _read_comparisons(
    path: Path,
) -> tuple[tuple[Comparison, ...], tuple[Disagreement, ...]]:
    content = _read_optional(path, COMPARISONS_SCHEMA, {"pairs": []})
    disagreements = content.get("disagreements", ())
    return (
        tuple(map(build_comparison, content["pairs"])),
        tuple(map(build_disagreement, disagreements)),
    )


def _read_source_lines(path: Path) -> Iterator[SourceLine]:
    if path.exists():
        yield from map(build_source_line, read_csv_rows(path, SOURCE_LINE_COLUMNS))
