"""Validate a taxonomy folder: report every mistake with file, line and what to do.

`load_taxonomy` raises an error for what cannot be read. The checks here also find what
can be read but is a mistake: references that lead nowhere, statements without a source,
forms that two skills share.
"""

from __future__ import annotations

from pathlib import Path

from roleclf.taxonomy.checks.comparisons import comparison_problems
from roleclf.taxonomy.checks.concepts import concept_problems
from roleclf.taxonomy.checks.draft import read_draft
from roleclf.taxonomy.checks.lexicon import lexicon_problems
from roleclf.taxonomy.checks.roles import role_problems
from roleclf.taxonomy.checks.source_lines import source_line_problems
from roleclf.taxonomy.checks.title_terms import title_term_problems
from roleclf.taxonomy.checks.titles import title_problems
from roleclf.taxonomy.skill_columns import SHIPPED_TAXONOMY
from roleclf.taxonomy.yaml_and_csv import FileProblem

__all__ = ["validate_taxonomy"]

_CHECKS = (
    lexicon_problems,
    role_problems,
    title_problems,
    title_term_problems,
    concept_problems,
    comparison_problems,
    source_line_problems,
)


def validate_taxonomy(path: str | Path | None = None) -> list[FileProblem]:
    """Return the problems of the taxonomy in folder `path`, by file and line.

    Without a path it is the shipped taxonomy. A taxonomy without problems can be
    loaded.

    Examples
    --------
    >>> validate_taxonomy()
    []
    """
    draft = read_draft(Path(path) if path is not None else SHIPPED_TAXONOMY)
    problems = [*draft.problems]
    for check in _CHECKS:
        problems += check(draft)
    return sorted(problems, key=lambda p: (str(p.file), p.line or 0))
