"""Lay a posting over each role's taxonomy: which concepts it shows, and where.

Step 6 of the line: ... -> skills -> PROFILE -> features -> ... Skills and tools come
from the mentions, responsibilities from the sentences that state them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, starmap
from typing import TYPE_CHECKING, Any, NamedTuple

from roleclf.records import Coverage, Match

if TYPE_CHECKING:
    from roleclf.taxonomy import Responsibility, Role, Taxonomy

__all__ = ["Outline", "RoleOutline", "cover_roles", "duty_hints", "duty_triggers"]

Spans = tuple[tuple[int, int], ...]


class RoleOutline(NamedTuple):
    """What a posting can show of one role: concept ids of duties, ids of skills."""

    role: str
    duties: tuple[str, ...]
    skills: tuple[str, ...]
    tools: tuple[str, ...]


class Outline(NamedTuple):
    """What a posting can show of a taxonomy: what a model keeps of it."""

    version: str
    roles: tuple[RoleOutline, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the outline as a model's settings spell it."""
        roles = [role._asdict() for role in self.roles]
        return {"version": self.version, "roles": roles}

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> Outline:
        """Return the outline of `taxonomy`."""
        roles = taxonomy.roles.values()
        return cls(
            taxonomy.version,
            tuple(
                RoleOutline(r.id, tuple(duty_triggers([r])), r.skills, r.tools)
                for r in roles
            ),
        )


def duty_triggers(roles: Iterable[Role]) -> dict[str, tuple[str, ...]]:
    """Return the triggers of every role's responsibilities, by concept id."""
    return {concept: duty.triggers for concept, duty in _duties(roles)}


def duty_hints(roles: Iterable[Role]) -> dict[str, tuple[str, ...]]:
    """Return the hints of every role's responsibilities, by concept id.

    The classifier weighs what it sees, so loose hints serve it; as evidence of a duty
    they would not do.
    """
    return {concept: duty.hints for concept, duty in _duties(roles)}


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


def _duties(roles: Iterable[Role]) -> Iterator[tuple[str, Responsibility]]:
    """Yield every responsibility with its concept id."""
    for role in roles:
        for duty in role.responsibilities:
            yield f"{role.id}.responsibility.{duty.id}", duty


def _cover(
    role: RoleOutline, skills: Mapping[str, Spans], duties: Mapping[str, Spans]
) -> Coverage:
    # Of the many that a taxonomy lists, a posting shows few: only those are named.
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
