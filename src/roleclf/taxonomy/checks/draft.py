"""Read as much of a taxonomy's folder as can be read, and keep what cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from roleclf.errors import TaxonomyError
from roleclf.taxonomy.build import (
    build_comparison,
    build_disagreement,
    build_role,
    build_seniority_level,
    build_skill,
    build_source_line,
    build_words,
)
from roleclf.taxonomy.concepts import (
    Concept,
    comparison_concepts,
    disagreement_concepts,
    role_concepts,
    seniority_concepts,
)
from roleclf.taxonomy.documents import (
    Problem,
    Row,
    YamlDocument,
    read_document,
    read_rows,
)
from roleclf.taxonomy.read import LINE_COLUMNS, SKILL_COLUMNS
from roleclf.taxonomy.records import Role, Skill, SourceLine
from roleclf.taxonomy.shapes import (
    COMPARISONS,
    HEAD,
    ROLE,
    SENIORITY,
    SOURCES,
    WORDS,
    misfits,
    strays,
)

__all__ = ["Draft", "read_draft"]

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Draft:
    """A folder as far as it can be read.

    Attributes
    ----------
    head, comparisons, sources, seniority, words : YamlDocument or None
        None where there is no such file, or it is not of the right shape.
    roles, contrast_roles : tuple of pairs of YamlDocument and Role
    skill_rows : tuple of Row
    skills : tuple of pairs of Row and Skill
    source_lines : tuple of pairs of Row and SourceLine; None without such a file
    problems : tuple of Problem
        What could not be read.
    """

    folder: Path
    head: YamlDocument | None
    roles: tuple[tuple[YamlDocument, Role], ...]
    contrast_roles: tuple[tuple[YamlDocument, Role], ...]
    skill_rows: tuple[Row, ...]
    skills: tuple[tuple[Row, Skill], ...]
    comparisons: YamlDocument | None
    sources: YamlDocument | None
    source_lines: tuple[tuple[Row, SourceLine], ...] | None
    seniority: YamlDocument | None
    words: YamlDocument | None
    problems: tuple[Problem, ...]

    @property
    def has_lexicon(self) -> bool:
        """Whether the rows of `skills.csv` could be read."""
        whole = {problem.file for problem in self.problems if problem.line is None}
        return self.folder / "skills.csv" not in whole

    @property
    def has_words(self) -> bool:
        """Whether the lists that triggers name could be read, or there are none."""
        return self.words is not None or not (self.folder / "words.yaml").exists()

    @property
    def listed_roles(self) -> list[str]:
        """The ids that the head lists, in order."""
        return self.head.content["roles"] if self.head else []

    @property
    def role_ids(self) -> set[str]:
        """The ids of all roles, those too whose file cannot be read."""
        read = {role.id for _, role in (*self.roles, *self.contrast_roles)}
        stems = {p.stem for d in ("roles", "contrast") for p in _files(self.folder / d)}
        return read | stems | set(self.listed_roles)

    def concepts(self) -> Iterator[tuple[YamlDocument, Concept]]:
        """Yield every concept that could be read, and its file."""
        skill_by_id = {skill.id: skill for _, skill in self.skills}
        for document, role in (*self.roles, *self.contrast_roles):
            for concept in role_concepts(role, skill_by_id):
                yield document, concept
        if self.comparisons is not None:
            for concept in _comparison_concepts(self.comparisons):
                yield self.comparisons, concept
        if self.seniority is not None:
            for place, entry in enumerate(self.seniority.content):
                for concept in seniority_concepts(build_seniority_level(entry), place):
                    yield self.seniority, concept


def read_draft(folder: Path) -> Draft:
    """Return what can be read of the taxonomy in `folder`."""
    problems: list[Problem] = []

    def read(name: str, shape: Any) -> YamlDocument | None:
        return _read(folder / name, shape, problems)

    def read_if_there(name: str, shape: Any) -> YamlDocument | None:
        return read(name, shape) if (folder / name).exists() else None

    words = read_if_there("words.yaml", WORDS)
    lists = build_words(words.content if words else ())
    skill_rows = tuple(_read_rows(folder / "skills.csv", SKILL_COLUMNS, problems))
    return Draft(
        folder=folder,
        head=read("taxonomy.yaml", HEAD),
        roles=tuple(_read_roles(folder / "roles", lists, problems)),
        contrast_roles=tuple(_read_roles(folder / "contrast", lists, problems)),
        skill_rows=skill_rows,
        skills=tuple(_built(skill_rows, build_skill, problems)),
        comparisons=read_if_there("comparisons.yaml", COMPARISONS),
        sources=read_if_there("sources.yaml", SOURCES),
        source_lines=_read_source_lines(folder / "source_lines.csv", problems),
        seniority=read_if_there("seniority.yaml", SENIORITY),
        words=words,
        problems=tuple(problems),
    )


def _read(path: Path, shape: Any, problems: list[Problem]) -> YamlDocument | None:
    try:
        document = read_document(path)
    except TaxonomyError as error:
        mark = getattr(error.__cause__, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problems.append(Problem(path, line, error.problem, error.mend))
        return None
    wrong = list(misfits(document, shape))
    problems += [*wrong, *strays(document, shape), *document.repeated_keys()]
    return None if wrong else document


def _read_roles(
    folder: Path, words: dict[str, tuple[str, ...]], problems: list[Problem]
) -> Iterator[tuple[YamlDocument, Role]]:
    for path in _files(folder):
        document = _read(path, ROLE, problems)
        if document is not None:
            yield document, build_role(document.content, words)


def _read_rows(
    path: Path, columns: tuple[str, ...], problems: list[Problem]
) -> Iterator[Row]:
    try:
        yield from read_rows(path, columns)
    except TaxonomyError as error:
        problems.append(Problem(path, None, error.problem, error.mend))


def _read_source_lines(
    path: Path, problems: list[Problem]
) -> tuple[tuple[Row, SourceLine], ...] | None:
    if not path.exists():
        return None
    rows = tuple(_read_rows(path, LINE_COLUMNS, problems))
    return tuple(_built(rows, build_source_line, problems))


def _built(
    rows: tuple[Row, ...], build: Callable[[Row], _Record], problems: list[Problem]
) -> Iterator[tuple[Row, _Record]]:
    for row in rows:
        try:
            yield row, build(row)
        except TaxonomyError as error:
            problems.append(row.problem(error.problem, error.mend))


def _comparison_concepts(document: YamlDocument) -> Iterator[Concept]:
    for place, entry in enumerate(document.content["pairs"]):
        yield from comparison_concepts(build_comparison(entry), place)
    for place, entry in enumerate(document.content.get("disagreements", ())):
        yield from disagreement_concepts(build_disagreement(entry), place)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))
