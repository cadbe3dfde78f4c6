"""Measure how much of each role's taxonomy a posting covers, and where it shows that.

Skills and tools are shown by their mentions, responsibilities by the sentences that
state them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, starmap

from roleclf.annotation.batch_result import Spans
from roleclf.records import Coverage, Match
from roleclf.taxonomy import RoleOutline

__all__ = ["cover_roles"]


def cover_roles(
    roles: Iterable[RoleOutline],
    skills: Mapping[str, Spans],
    duties: Mapping[str, Spans],
) -> tuple[Coverage, ...]:
    """Return how much of each role's taxonomy a posting covers.

    Parameters
    ----------
    skills : mapping of str to spans
        Where the posting names each skill, by the skill's id.
    duties : mapping of str to spans
        The sentences that state each responsibility, by its concept id.

    Returns
    -------
    tuple of Coverage
        One a role. The coverage, 0-1, is the mean of the shares of the role's
        responsibilities, skills and tools that the posting shows.
    """
    return tuple(_cover(role, skills, duties) for role in roles)


def _cover(
    role: RoleOutline, skills: Mapping[str, Spans], duties: Mapping[str, Spans]
) -> Coverage:
    duties_shown = [(duty, duties[duty]) for duty in role.duties if duty in duties]
    kinds = (("skill", role.skills), ("tool", role.tools))
    skills_shown = [
        [(f"{role.role}.{kind}.{id_}", skills[id_]) for id_ in ids if id_ in skills]
        for kind, ids in kinds
    ]
    shown_by_kind = (duties_shown, *skills_shown)
    listed_by_kind = (role.duties, role.skills, role.tools)
    shares = [
        len(shown) / len(listed)
        for shown, listed in zip(shown_by_kind, listed_by_kind, strict=True)
        if listed
    ]
    matched = tuple(starmap(Match, chain.from_iterable(shown_by_kind)))
    return Coverage(role.role, sum(shares) / max(len(shares), 1), matched)
