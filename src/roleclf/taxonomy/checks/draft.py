"""Read everything readable in a taxonomy folder, and collect the problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from roleclf.errors import TaxonomyError
from roleclf.taxonomy.build_records import (
    build_comparison,
    build_disagreement,
    build_role,
    build_seniority_level,
    build_skill,
    build_source_line,
    build_word_lists,
)
from roleclf.taxonomy.concepts import (
    Concept,
    comparison_concepts,
    disagreement_concepts,
    role_concepts,
    seniority_concepts,
)
from roleclf.taxonomy.read import SKILL_COLUMNS, SOURCE_LINE_COLUMNS
from roleclf.taxonomy.records import Role, Skill, SourceLine
from roleclf.taxonomy.schemas import (
    COMPARISONS_SCHEMA,
    ROLE_SCHEMA,
    SENIORITY_SCHEMA,
    SOURCES_SCHEMA,
    TAXONOMY_SCHEMA,
    TITLES_SCHEMA,
    WORDS_SCHEMA,
    schema_problems,
    unknown_key_problems,
)
from roleclf.taxonomy.yaml_and_csv import (
    CsvRow,
    FileProblem,
    YamlDocument,
    read_csv_rows,
    read_yaml,
)

__all__ = ["TaxonomyDraft", "read_draft"]

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class TaxonomyDraft:
    """The readable parts of a taxonomy folder that may contain mistakes.

    Attributes
    ----------
    folder : Path
    head : YamlDocument or None
        `taxonomy.yaml`. As the other documents it is None if there is no such file or
        it does not fit its schema.
    roles, contrast_roles : tuple of pairs of YamlDocument and Role
    skill_rows : tuple of CsvRow
        All rows of the lexicon.
    skills : tuple of pairs of CsvRow and Skill
        The rows of the lexicon that are valid.
    comparisons, sources, seniority, words, titles : YamlDocument or None
    source_lines : tuple of pairs of CsvRow and SourceLine, or None
        None if there is no such file.
    problems : tuple of FileProblem
        Why the other parts could not be read.
    """

    folder: Path
    head: YamlDocument | None
    roles: tuple[tuple[YamlDocument, Role], ...]
    contrast_roles: tuple[tuple[YamlDocument, Role], ...]
    skill_rows: tuple[CsvRow, ...]
    skills: tuple[tuple[CsvRow, Skill], ...]
    comparisons: YamlDocument | None
    sources: YamlDocument | None
    source_lines: tuple[tuple[CsvRow, SourceLine], ...] | None
    seniority: YamlDocument | None
    words: YamlDocument | None
    titles: YamlDocument | None
    problems: tuple[FileProblem, ...]

    @property
    def has_lexicon(self) -> bool:
        """Whether `skills.csv` could be read, apart from single rows."""
        unreadable = {problem.file for problem in self.problems if problem.line is None}
        return self.folder / "skills.csv" not in unreadable

    @property
    def has_words(self) -> bool:
        """Whether `words.yaml` could be read or does not exist."""
        return self.words is not None or not (self.folder / "words.yaml").exists()

    @property
    def listed_roles(self) -> list[str]:
        """The role ids in `taxonomy.yaml`, in order."""
        return self.head.content["roles"] if self.head else []

    @property
    def role_ids(self) -> set[str]:
        """The ids of all roles, also of those whose file could not be read."""
        read = {role.id for _, role in (*self.roles, *self.contrast_roles)}
        stems = {
            path.stem
            for name in ("roles", "contrast")
            for path in _yaml_files(self.folder / name)
        }
        return read | stems | set(self.listed_roles)

    def concepts(self) -> Iterator[tuple[YamlDocument, Concept]]:
        """Yield every concept that could be read, with its file."""
        skill_by_id = {skill.id: skill for _, skill in self.skills}
        for document, role in (*self.roles, *self.contrast_roles):
            for concept in role_concepts(role, skill_by_id):
                yield document, concept
        if self.comparisons is not None:
            for concept in _comparison_concepts(self.comparisons):
                yield self.comparisons, concept
        if self.seniority is not None:
            for index, entry in enumerate(self.seniority.content):
                for concept in seniority_concepts(build_seniority_level(entry), index):
                    yield self.seniority, concept


def read_draft(folder: Path) -> TaxonomyDraft:
    """Return the readable parts of the taxonomy in `folder`, and its problems."""
    problems: list[FileProblem] = []

    def read(name: str, schema: Any) -> YamlDocument | None:
        return _read_yaml(folder / name, schema, problems)

    def read_optional(name: str, schema: Any) -> YamlDocument | None:
        return read(name, schema) if (folder / name).exists() else None

    words = read_optional("words.yaml", WORDS_SCHEMA)
    word_lists = build_word_lists(words.content if words else ())
    skill_rows = tuple(_read_rows(folder / "skills.csv", SKILL_COLUMNS, problems))
    return TaxonomyDraft(
        folder=folder,
        head=read("taxonomy.yaml", TAXONOMY_SCHEMA),
        roles=tuple(_read_roles(folder / "roles", word_lists, problems)),
        contrast_roles=tuple(_read_roles(folder / "contrast", word_lists, problems)),
        skill_rows=skill_rows,
        skills=tuple(_built(skill_rows, build_skill, problems)),
        comparisons=read_optional("comparisons.yaml", COMPARISONS_SCHEMA),
        sources=read_optional("sources.yaml", SOURCES_SCHEMA),
        source_lines=_read_source_lines(folder / "source_lines.csv", problems),
        seniority=read_optional("seniority.yaml", SENIORITY_SCHEMA),
        words=words,
        titles=read_optional("titles.yaml", TITLES_SCHEMA),
        problems=tuple(problems),
    )


def _read_yaml(
    path: Path, schema: Any, problems: list[FileProblem]
) -> YamlDocument | None:
    try:
        document = read_yaml(path)
    except TaxonomyError as error:
        mark = getattr(error.__cause__, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problems.append(FileProblem(path, line, error.problem, error.mend))
        return None
    mismatches = list(schema_problems(document, schema))
    problems += mismatches
    problems += unknown_key_problems(document, schema)
    problems += document.repeated_key_problems()
    return None if mismatches else document


def _read_roles(
    folder: Path, word_lists: dict[str, tuple[str, ...]], problems: list[FileProblem]
) -> Iterator[tuple[YamlDocument, Role]]:
    for path in _yaml_files(folder):
        document = _read_yaml(path, ROLE_SCHEMA, problems)
        if document is not None:
            yield document, build_role(document.content, word_lists)


def _read_rows(
    path: Path, columns: tuple[str, ...], problems: list[FileProblem]
) -> Iterator[CsvRow]:
    try:
        yield from read_csv_rows(path, columns)
    except TaxonomyError as error:
        problems.append(FileProblem(path, None, error.problem, error.mend))


def _read_source_lines(
    path: Path, problems: list[FileProblem]
) -> tuple[tuple[CsvRow, SourceLine], ...] | None:
    if not path.exists():
        return None
    rows = tuple(_read_rows(path, SOURCE_LINE_COLUMNS, problems))
    return tuple(_built(rows, build_source_line, problems))


def _built(
    rows: tuple[CsvRow, ...],
    build: Callable[[CsvRow], _Record],
    problems: list[FileProblem],
) -> Iterator[tuple[CsvRow, _Record]]:
    """Yield each valid row with its record."""
    for row in rows:
        try:
            yield row, build(row)
        except TaxonomyError as error:
            problems.append(row.problem(error.problem, error.mend))


def _comparison_concepts(document: YamlDocument) -> Iterator[Concept]:
    for index, entry in enumerate(document.content["pairs"]):
        yield from comparison_concepts(build_comparison(entry), index)
    for index, entry in enumerate(document.content.get("disagreements", ())):
        yield from disagreement_concepts(build_disagreement(entry), index)


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))
