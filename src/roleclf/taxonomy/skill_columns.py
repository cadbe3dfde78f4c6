"""The lexicon as columns instead of records, one value for each skill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from roleclf.taxonomy.records import Skill

__all__ = ["SHIPPED_TAXONOMY", "SKILL_KINDS", "SkillColumns"]

SHIPPED_TAXONOMY: Final = Path(__file__).parent / "data"
SKILL_KINDS: Final = ("tool", "skill")


class SkillColumns(NamedTuple):
    """The columns of `skills.csv`, each of length n_skills, in file order."""

    id: Sequence[str]
    name: Sequence[str]
    kind: Sequence[str]
    type: Sequence[str]
    category: Sequence[str]
    aliases: Sequence[Sequence[str]]
    guarded: Sequence[Sequence[str]]
    case: Sequence[str]
    rule: Sequence[str]
    parent: Sequence[str]

    @classmethod
    def of(cls, skills: Mapping[str, Skill]) -> SkillColumns:
        """Return the columns of a lexicon that was read as records."""
        rows = skills.values()
        return cls(*([getattr(row, name) for row in rows] for name in cls._fields))

    def forms(self) -> list[Sequence[str]]:
        """Return aliases and guarded forms in turn: two entries for each skill."""
        pairs = zip(self.aliases, self.guarded, strict=True)
        return list(chain.from_iterable(pairs))
