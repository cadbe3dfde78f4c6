"""The lexicon column by column: one value a skill in each, ready to become arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from roleclf.taxonomy.records import Skill

__all__ = ["DATA", "KINDS", "SkillColumns"]

DATA: Final = Path(__file__).parent / "data"
KINDS: Final = ("tool", "skill")


class SkillColumns(NamedTuple):
    """The rows of a lexicon, transposed; each column has length n_skills."""

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
        """Return the columns of records."""
        rows = skills.values()
        return cls(*([getattr(row, name) for row in rows] for name in cls._fields))

    def forms(self) -> list[Sequence[str]]:
        """Return the safe forms of each skill, and behind them its guarded ones."""
        pairs = zip(self.aliases, self.guarded, strict=True)
        return list(chain.from_iterable(pairs))
