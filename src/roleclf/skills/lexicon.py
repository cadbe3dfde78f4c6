"""Lay the skill lexicon out as arrays: its written forms, and the rules of each."""

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

_LIST_RULE: Final = "list"
_CONTEXT_RULES: Final = ("letter", "word", "name", _LIST_RULE)
# Types of tools that companies are named after, as no company is after a language.
_PRODUCT_TYPES: Final = ("product", "platform", "service", "bi", "database", "os")
# Categories of skills that are taught under their names more often than asked for.
_ACADEMIC_CATEGORIES: Final = (
    "mathematics",
    "optimisation",
    "scientific field",
    "statistics",
)


class Lexicon:
    """The skill lexicon as arrays, costly to build, then fixed.

    Parameters
    ----------
    skills : mapping of str to Skill, or SkillColumns
        The rows by id, or column by column.

    Attributes
    ----------
    ids, names, kinds : tuple of str, length n_skills
    ids_by_kind : mapping of str to list of str, length n_skills
        The ids of the skills of one kind, "" at the places of others.
    is_tool, is_product, is_academic : bool array, shape (n_skills,)
        Whether the skill is a tool; is of a type that companies are named after; is
        taught under its name more often than asked for.
    categories : tuple of str, length n_skills
    category : int64 array, shape (n_skills,)
        A number for each category.
    forms : tuple of str, length n_forms
        Every written form; the phrases to look for.
    skill_of_form : int64 array, shape (n_forms,)
        The place of the skill that the form names.
    needs_case, needs_exact_case, needs_context, needs_list : bool array, (n_forms,)
        Whether the form counts only if not all is in lower case; only as the lexicon
        writes it; only if its context shows that the skill is meant; only in lists.
    """

    def __init__(self, skills: Mapping[str, Skill] | SkillColumns) -> None:
        if not isinstance(skills, SkillColumns):
            skills = SkillColumns.of(skills)
        self.ids = tuple(skills.id)
        self.names = tuple(skills.name)
        self.kinds = tuple(skills.kind)
        self._read_skills(skills)
        self._read_forms(skills)

    def _read_skills(self, columns: SkillColumns) -> None:
        pairs = list(zip(columns.id, columns.kind, strict=True))
        self.ids_by_kind = {
            kind: [id_ if other == kind else "" for id_, other in pairs]
            for kind in ("skill", "tool")
        }
        number = {name: i for i, name in enumerate(dict.fromkeys(columns.category))}
        self.categories = tuple(columns.category)
        self.category = np.array([number[name] for name in columns.category], np.int64)
        self.is_tool = _is_one_of(columns.kind, ("tool",))
        self.is_product = _is_one_of(columns.type, _PRODUCT_TYPES)
        self.is_academic = _is_one_of(columns.category, _ACADEMIC_CATEGORIES)

    def _read_forms(self, columns: SkillColumns) -> None:
        # For each skill its safe forms, then its guarded ones, which rules are for.
        forms = columns.forms()
        self.forms = tuple(chain.from_iterable(forms))
        half = np.repeat(np.arange(len(forms)), [len(part) for part in forms])
        self.skill_of_form, is_guarded = half // 2, half % 2 > 0

        def of_guarded(rule: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
            return rule[self.skill_of_form] & is_guarded

        self.needs_case = of_guarded(~_is_one_of(columns.case, ("", "any")))
        self.needs_exact_case = of_guarded(_is_one_of(columns.case, ("exact",)))
        self.needs_context = of_guarded(_is_one_of(columns.rule, _CONTEXT_RULES))
        self.needs_list = of_guarded(_is_one_of(columns.rule, (_LIST_RULE,)))

    @cached_property
    def form_by_word(self) -> dict[str, int]:
        """The place of each form that is a single word, by that in lower case."""
        return {form.lower(): i for i, form in enumerate(self.forms) if form.isalnum()}


def _is_one_of(values: Sequence[str], wanted: Collection[str]) -> npt.NDArray[np.bool_]:
    is_wanted = frozenset(wanted).__contains__
    return np.fromiter(map(is_wanted, values), bool, len(values))
