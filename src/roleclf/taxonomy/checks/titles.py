"""Check the title patterns: each can be read, and finds no other role's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from roleclf.taxonomy.checks.draft import Draft
from roleclf.taxonomy.documents import Problem, YamlDocument
from roleclf.taxonomy.records import Role

__all__ = ["title_problems"]

_Entry = tuple[YamlDocument, Role]


def title_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with the title patterns of every role."""
    for entry in draft.roles:
        yield from _pattern_problems(entry, (*draft.roles, *draft.contrast_roles))
    # A contrast role is meant only where none of the roles is, so it may find them.
    for entry in draft.contrast_roles:
        yield from _pattern_problems(entry, draft.contrast_roles)


def _pattern_problems(entry: _Entry, rivals: tuple[_Entry, ...]) -> Iterator[Problem]:
    document, role = entry
    others = [other for _, other in rivals if other.id != role.id]
    for place, pattern in enumerate(role.title_patterns):
        for wrong, mend in _slips(pattern, others):
            problem = f"title pattern {pattern!r}{wrong}"
            yield document.problem(problem, mend, "title_patterns", place)


def _slips(pattern: str, others: list[Role]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a pattern, and the mend."""
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
