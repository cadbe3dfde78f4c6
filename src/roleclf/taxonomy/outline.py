"""The part of a taxonomy that a model stores: what can be found in a posting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from roleclf.taxonomy.records import Responsibility, Role, Taxonomy

__all__ = ["RoleOutline", "TaxonomyOutline", "duty_hints", "duty_triggers"]


class RoleOutline(NamedTuple):
    """The duties, skills and tools of one role, by id.

    Duties are concept ids, such as `data_engineer.responsibility.build_pipelines`;
    skills and tools are ids of the lexicon.
    """

    role: str
    duties: tuple[str, ...]
    skills: tuple[str, ...]
    tools: tuple[str, ...]


class TaxonomyOutline(NamedTuple):
    """The version of a taxonomy and the outline of each of its roles."""

    version: str
    roles: tuple[RoleOutline, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the outline as it is stored in a model's settings."""
        roles = [role._asdict() for role in self.roles]
        return {"version": self.version, "roles": roles}

    @classmethod
    def of(cls, taxonomy: Taxonomy) -> TaxonomyOutline:
        """Return the outline of `taxonomy`, without its contrast roles."""
        roles = taxonomy.roles.values()
        return cls(
            taxonomy.version,
            tuple(
                RoleOutline(r.id, tuple(duty_triggers([r])), r.skills, r.tools)
                for r in roles
            ),
        )


def duty_triggers(roles: Iterable[Role]) -> dict[str, tuple[str, ...]]:
    """Return the triggers of every responsibility of `roles`, by concept id."""
    return {concept: duty.triggers for concept, duty in _duties(roles)}


def duty_hints(roles: Iterable[Role]) -> dict[str, tuple[str, ...]]:
    """Return the hints of every responsibility of `roles`, by concept id.

    Hints are looser patterns than triggers. They are features for the classifier,
    which weighs them, but too weak to be shown as evidence of a duty.
    """
    return {concept: duty.hints for concept, duty in _duties(roles)}


def _duties(roles: Iterable[Role]) -> Iterator[tuple[str, Responsibility]]:
    """Yield every responsibility with its concept id."""
    for role in roles:
        for duty in role.responsibilities:
            yield f"{role.id}.responsibility.{duty.id}", duty
