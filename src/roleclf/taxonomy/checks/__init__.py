"""Say everything that is wrong with a taxonomy's folder, with line and mend.

`load_taxonomy` refuses what cannot be read; this also finds what can, but is a slip:
names that lead nowhere, statements without a source, forms that two skills share.
"""

from __future__ import annotations

from pathlib import Path

from roleclf.taxonomy.checks.concepts import concept_problems
from roleclf.taxonomy.checks.draft import read_draft
from roleclf.taxonomy.checks.lexicon import lexicon_problems
from roleclf.taxonomy.checks.pairs import pair_problems
from roleclf.taxonomy.checks.roles import role_problems
from roleclf.taxonomy.checks.source_lines import source_line_problems
from roleclf.taxonomy.checks.titles import title_problems
from roleclf.taxonomy.documents import Problem
from roleclf.taxonomy.read import DATA

__all__ = ["validate"]

_CHECKS = (
    lexicon_problems,
    role_problems,
    title_problems,
    concept_problems,
    pair_problems,
    source_line_problems,
)


def validate(path: str | Path | None = None) -> list[Problem]:
    """Return what is wrong with the taxonomy in folder `path`, file by file.

    None is the one roleclf ships. A taxonomy without a problem can be loaded.

    Examples
    --------
    >>> validate()
    []
    """
    draft = read_draft(Path(path) if path is not None else DATA)
    problems = [*draft.problems]
    for check in _CHECKS:
        problems += check(draft)
    return sorted(problems, key=lambda p: (str(p.file), p.line or 0))
