"""Read the taxonomy's files and refuse what cannot be, naming file, line and mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from roleclf.errors import TaxonomyError
from roleclf.taxonomy.build import (
    build_comparison,
    build_disagreement,
    build_role,
    build_seniority_level,
    build_skill,
    build_source,
    build_source_line,
    build_words,
)
from roleclf.taxonomy.documents import read_document, read_rows
from roleclf.taxonomy.records import Role, Skill, SourceLine, Taxonomy
from roleclf.taxonomy.shapes import (
    COMPARISONS,
    HEAD,
    ROLE,
    SENIORITY,
    SOURCES,
    WORDS,
    misfits,
)
from roleclf.taxonomy.skill_columns import DATA, SkillColumns

__all__ = [
    "DATA",
    "LINE_COLUMNS",
    "SKILL_COLUMNS",
    "load_taxonomy",
    "read_skills",
    "shipped_skills",
]

SKILL_COLUMNS: Final = SkillColumns._fields
LINE_COLUMNS: Final = ("source", "line", "content", "concepts")


def load_taxonomy(path: str | Path | None = None) -> Taxonomy:
    """Return the taxonomy in folder `path`, or the one roleclf ships.

    `taxonomy.yaml`, `skills.csv` and `roles/` must be there; contrast roles,
    comparisons, sources, seniority and `words.yaml` need not. `validate` checks more
    than what is refused here.

    Raises
    ------
    TaxonomyError
        If a file is missing or damaged, or names a skill the lexicon lacks.

    Examples
    --------
    >>> "mlops_engineer" in load_taxonomy().roles
    True
    """
    folder = Path(path) if path is not None else DATA
    skills = read_skills(folder / "skills.csv") if path else shipped_skills()
    head = _read(folder / "taxonomy.yaml", HEAD)
    words = build_words(_read_if_there(folder / "words.yaml", WORDS, []))
    files = [folder / "roles" / f"{id_}.yaml" for id_ in head["roles"]]
    roles = [build_role(_read(file, ROLE), words) for file in files]
    files = sorted((folder / "contrast").glob("*.yaml"))
    contrast = [build_role(_read(file, ROLE), words) for file in files]
    _refuse_unknown_skills(folder / "roles", roles, skills)
    _refuse_unknown_skills(folder / "contrast", contrast, skills)
    pairs = _read_if_there(folder / "comparisons.yaml", COMPARISONS, {"pairs": []})
    sources = _read_if_there(folder / "sources.yaml", SOURCES, [])
    seniority = _read_if_there(folder / "seniority.yaml", SENIORITY, [])
    return Taxonomy(
        version=str(head["version"]),
        roles={role.id: role for role in roles},
        skills=skills,
        title_words=tuple(head["title_words"]),
        contrast_roles={role.id: role for role in contrast},
        comparisons=tuple(map(build_comparison, pairs["pairs"])),
        disagreements=tuple(map(build_disagreement, pairs.get("disagreements", ()))),
        sources={entry["id"]: build_source(entry) for entry in sources},
        source_lines=tuple(_read_source_lines(folder / "source_lines.csv")),
        seniority=tuple(map(build_seniority_level, seniority)),
    )


def read_skills(path: Path) -> dict[str, Skill]:
    """Return the lexicon's rows by id, in file order.

    Raises
    ------
    TaxonomyError
        If the file is missing, a column is missing, or a row cannot be.
    """
    skills: dict[str, Skill] = {}
    owner_by_form: dict[str, str] = {}
    for row in read_rows(path, SKILL_COLUMNS):
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
    """Return the rows of the lexicon that roleclf ships, read once."""
    return read_skills(DATA / "skills.csv")


def _read(path: Path, shape: Any) -> Any:
    document = read_document(path)
    for problem in misfits(document, shape):
        raise TaxonomyError(problem.place, problem.problem, problem.mend)
    return document.content


def _read_if_there(path: Path, shape: Any, default: Any) -> Any:
    return _read(path, shape) if path.exists() else default


def _read_source_lines(path: Path) -> Iterator[SourceLine]:
    if path.exists():
        yield from map(build_source_line, read_rows(path, LINE_COLUMNS))


def _refuse_unknown_skills(
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
