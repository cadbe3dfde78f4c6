"""The written forms of every skill, and what the lexicon says of each.

Step 5 of the line, before `skills`: what is looked for, laid out as arrays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from roleclf.taxonomy import SkillColumns

if TYPE_CHECKING:
    from roleclf.taxonomy import Skill

__all__ = ["Lexicon"]

_LIST: Final = "list"
_RULES_NEEDING_COMPANY: Final = frozenset({"letter", "word", "name", "list"})
# What companies name themselves after; nobody has a language for a customer.
_SOLD: Final = ("product", "platform", "service", "bi", "database", "os")
# Taught under these names more often than asked for.
_SUBJECTS: Final = ("mathematics", "optimisation", "scientific field", "statistics")


class Lexicon:
    """The written forms of every skill, compiled once.

    Parameters
    ----------
    skills : mapping of str to Skill, or SkillColumns
        The rows by id, or column by column.

    Attributes
    ----------
    ids, names, kinds : tuple of str, length n_skills
    ids_by_kind : mapping of str to list of str, length n_skills
        The ids of the skills of one kind, "" at the places of others.
    forms : tuple of str, length n_forms
        Every written form; the phrases to look for.
    skill : int64 array, shape (n_forms,)
        The skill each form names.
    """

    def __init__(self, skills: Mapping[str, Skill] | SkillColumns) -> None:
        if not isinstance(skills, SkillColumns):
            skills = SkillColumns.of(skills)
        self.ids = tuple(skills.id)
        self.names = tuple(skills.name)
        self.kinds = tuple(skills.kind)
        self._of_skills(skills)
        self._of_forms(skills)

    def _of_skills(self, columns: SkillColumns) -> None:
        pairs = list(zip(columns.id, columns.kind, strict=True))
        self.ids_by_kind = {
            kind: [id_ if other == kind else "" for id_, other in pairs]
            for kind in ("skill", "tool")
        }
        self.is_tool = _are(columns.kind, ("tool",))
        place = {name: i for i, name in enumerate(dict.fromkeys(columns.category))}
        self.category = np.array([place[name] for name in columns.category], np.int64)
        self.is_sold = _are(columns.type, _SOLD)
        self.is_subject = _are(columns.category, _SUBJECTS)

    def _of_forms(self, columns: SkillColumns) -> None:
        """Say of each form what its row says, where that holds for it."""
        forms = columns.forms()
        self.forms = tuple(chain.from_iterable(forms))
        half = np.repeat(np.arange(len(forms)), [len(part) for part in forms])
        self.skill, is_guarded = half // 2, half % 2 > 0

        def guarded(skills: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
            return skills[self.skill] & is_guarded

        self.is_exact = guarded(_are(columns.case, ("exact",)))
        self.cased = guarded(~_are(columns.case, ("", "any")))
        self.lonely = guarded(_are(columns.rule, _RULES_NEEDING_COMPANY))
        self.only_listed = guarded(_are(columns.rule, (_LIST,)))

    @cached_property
    def words(self) -> dict[str, int]:
        """The place of each form that is one word, in lower case."""
        return {form.lower(): i for i, form in enumerate(self.forms) if form.isalnum()}


def _are(values: Sequence[str], wanted: Collection[str]) -> npt.NDArray[np.bool_]:
    is_wanted = frozenset(wanted).__contains__
    return np.fromiter(map(is_wanted, values), bool, len(values))
