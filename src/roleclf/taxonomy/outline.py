"""What a posting can show of a taxonomy: what a model keeps of it.

Step 6 of the line, beside `profile`, which lays postings over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from roleclf.taxonomy.records import Responsibility, Role, Taxonomy

__all__ = ["Outline", "RoleOutline", "duty_hints", "duty_triggers"]


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


def _duties(roles: Iterable[Role]) -> Iterator[tuple[str, Responsibility]]:
    """Yield every responsibility with its concept id."""
    for role in roles:
        for duty in role.responsibilities:
            yield f"{role.id}.responsibility.{duty.id}", duty
