"""Check that `source_lines.csv` and the sources of the concepts agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from roleclf.taxonomy.checks.draft import TaxonomyDraft
from roleclf.taxonomy.concepts import Concept
from roleclf.taxonomy.records import SourceLine
from roleclf.taxonomy.yaml_and_csv import CsvRow, FileProblem

__all__ = ["source_line_problems"]

_ABOUT_ROLE: Final = "role"
_ABOUT_NONE: Final = "none"


def source_line_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    """Yield references to lines that only the table or only a concept has.

    The table is optional; without it nothing is checked.
    """
    if draft.source_lines is None:
        return
    yield from _repeated_problems(draft.source_lines)
    concept_by_id = {concept.id: concept for _, concept in draft.concepts()}
    sources = draft.sources.content if draft.sources else []
    articles = {entry["id"] for entry in sources if entry["kind"] == "article"}
    for row, line in draft.source_lines:
        if line.source not in articles:
            problem = f"source {line.source!r} is no article of sources.yaml"
            yield row.problem(problem, "add it there or mend its id")
        yield from _content_problems(row, line)
        # The concepts of an unreadable file are not missing, so do not report them.
        if not draft.problems:
            yield from _concept_problems(row, line, concept_by_id)
    yield from _unlisted_problems(draft, articles)


def _repeated_problems(
    lines: tuple[tuple[CsvRow, SourceLine], ...],
) -> Iterator[FileProblem]:
    seen: set[tuple[str, int]] = set()
    for row, line in lines:
        if (line.source, line.line) in seen:
            problem = f"{line.source}:{line.line} again"
            yield row.problem(problem, "keep one of the rows")
        seen.add((line.source, line.line))


def _content_problems(row: CsvRow, line: SourceLine) -> Iterator[FileProblem]:
    if line.content not in {_ABOUT_ROLE, _ABOUT_NONE}:
        mend = f"write {_ABOUT_ROLE} or {_ABOUT_NONE}"
        yield row.problem(f"content {line.content!r}", mend)
    elif line.content == _ABOUT_ROLE and not line.concepts:
        problem = f"{line.source}:{line.line} speaks of a role but backs no concept"
        yield row.problem(problem, f"name its concepts, or write {_ABOUT_NONE}")
    elif line.content == _ABOUT_NONE and line.concepts:
        problem = f"{line.source}:{line.line} backs concepts but speaks of no role"
        yield row.problem(problem, f"write {_ABOUT_ROLE}")


def _concept_problems(
    row: CsvRow, line: SourceLine, concept_by_id: Mapping[str, Concept]
) -> Iterator[FileProblem]:
    reference = f"{line.source}:{line.line}"
    for id_ in line.concepts:
        concept = concept_by_id.get(id_)
        if concept is None:
            problem = f"concept {id_!r} is in no file"
            yield row.problem(problem, "write it or mend its id")
        elif reference not in concept.sources:
            problem = f"concept {id_!r} does not name {reference} as a source"
            yield row.problem(problem, "add the source there or drop the concept here")


def _unlisted_problems(
    draft: TaxonomyDraft, articles: set[str]
) -> Iterator[FileProblem]:
    concepts_by_reference = {
        f"{line.source}:{line.line}": line.concepts
        for _, line in draft.source_lines or ()
    }
    for document, concept in draft.concepts():
        for source in concept.sources:
            if source.partition(":")[0] not in articles:
                continue
            if source not in concepts_by_reference:
                problem = f"source {source!r} is not in source_lines.csv"
                mend = "add the line there or mend its number"
                yield document.problem(problem, mend, *concept.key_path)
            elif concept.id not in concepts_by_reference[source]:
                problem = f"{concept.id!r} is not at {source} in source_lines.csv"
                mend = "add it there or drop the source"
                yield document.problem(problem, mend, *concept.key_path)
