"""Check the title patterns: each is a regular expression and matches no other role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from roleclf.taxonomy.checks.draft import TaxonomyDraft
from roleclf.taxonomy.records import Role
from roleclf.taxonomy.yaml_and_csv import FileProblem, YamlDocument

__all__ = ["title_problems"]

_RoleFile = tuple[YamlDocument, Role]


def title_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    """Yield the problems of the title patterns of every role."""
    for role_file in draft.roles:
        yield from _pattern_problems(role_file, (*draft.roles, *draft.contrast_roles))
    # A contrast role applies only where no role does, so its patterns may match roles.
    for role_file in draft.contrast_roles:
        yield from _pattern_problems(role_file, draft.contrast_roles)


def _pattern_problems(
    role_file: _RoleFile, rivals: tuple[_RoleFile, ...]
) -> Iterator[FileProblem]:
    document, role = role_file
    others = [other for _, other in rivals if other.id != role.id]
    for index, pattern in enumerate(role.title_patterns):
        for problem, mend in _mistakes(pattern, others):
            keys = ("title_patterns", index)
            yield document.problem(f"title pattern {pattern!r}{problem}", mend, *keys)


def _mistakes(pattern: str, others: list[Role]) -> Iterator[tuple[str, str]]:
    """Yield each problem of a pattern, and what to do."""
    try:
        title = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        yield f": {error}", "mend it"
        return
    if title.search(""):
        yield ": matches every title", "mend it"
        return
    for other in others:
        found = [name for name in _names(other) if title.search(name)]
        if found:
            shown = ", ".join(map(repr, found))
            yield f" finds {shown}, which is {other.id!r}", "narrow one of the two"


def _names(role: Role) -> list[str]:
    return [role.name, *(name.statement for name in role.other_names)]
