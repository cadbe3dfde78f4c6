"""Lay the skill lexicon out as arrays: its written forms, and the rules of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from roleclf.matching import group_by, read_columns
from roleclf.taxonomy import SkillColumns

if TYPE_CHECKING:
    from roleclf.taxonomy import Skill

__all__ = ["Lexicon"]

_EVERYDAY_WORDS: Final = Path(__file__).parent / "everyday_words.csv"
_SOFTWARE_RULE: Final = "software"
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
# Categories of skills that postings of other trades name too.
_GENERAL_CATEGORIES: Final = (
    *("business domain", "business practice", "data science and analytics"),
    *("enterprise software", "marketing and product analytics", "mathematics"),
    *("office and project tool", "operating system", "optimisation"),
    *("privacy and compliance", "project practice", "robotics", "scientific field"),
    *("security", "software engineering practice", "statistics", "gis"),
    *("statistics software", "time series", "api and protocol", "data format"),
    *("hardware acceleration", "cloud practice", "data quality", "data governance"),
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
    is_tool, is_language, is_product, is_office, is_academic : bool array, (n_skills,)
        Whether the skill is a tool; is a language to write in; is of a type that
        companies are named after; is office software; is taught under its name more
        often than asked for.
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
    needs_software : bool array, shape (n_forms,)
        Whether the form needs such a context in postings that do not speak of software.
    bit_by_language : mapping of str to int
        A bit for each language that `everyday_words.csv` has words of.
    everyday_in : int64 array, shape (n_forms,)
        The bits of the languages of which the form is an everyday word.
    needs_capital, is_after_name : bool arrays, shape (n_forms,)
        Whether a capital inside a sentence shows that such a word is the name; whether
        it is one unless a name comes before it, as before legal forms. Others need a
        context.
    may_be_everyday : bool array, shape (n_forms,)
        Whether the form needs postings of software, or is a word of any language.
    shows_software, is_hint : bool array, shape (n_forms,)
        Whether the form shows by itself that a posting speaks of software; whether it
        does so together with another, if both are names by their capitals.
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
        self.is_language = _is_one_of(columns.type, ("language",))
        self.is_product = _is_one_of(columns.type, _PRODUCT_TYPES)
        self.is_office = _is_one_of(columns.category, ("office and project tool",))
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
        self.needs_software = of_guarded(_is_one_of(columns.rule, (_SOFTWARE_RULE,)))
        self._read_everyday_words()
        is_special = ~_is_one_of(columns.category, _GENERAL_CATEGORIES)
        self.shows_software = is_special[self.skill_of_form] & ~is_guarded
        self.shows_software &= ~self.may_be_everyday
        self.is_hint &= self.is_tool[self.skill_of_form]

    def _read_everyday_words(self) -> None:
        columns = read_columns(_EVERYDAY_WORDS)
        codes = dict.fromkeys(" ".join(columns["languages"]).split())
        self.bit_by_language = {code: 1 << i for i, code in enumerate(codes)}
        keys = [form.lower() for form in self.forms]
        bits = [0] * len(keys)
        places = group_by(keys, range(len(keys)))
        self.needs_capital, self.is_after_name, is_trade = np.zeros(
            (3, len(keys)), bool
        )
        for word, languages, counts in zip(*columns.values(), strict=True):
            for i in places.get(word, ()):
                bits[i] |= sum(self.bit_by_language[c] for c in languages.split())
                self.needs_capital[i] |= counts == "with capital"
                self.is_after_name[i] |= counts == "without name before"
                is_trade[i] |= counts == "in software"
        self.needs_software |= is_trade
        self.is_hint = self.needs_software & ~self.needs_exact_case & ~is_trade
        self.everyday_in = np.array(bits, np.int64)
        self.may_be_everyday = self.needs_software | (self.everyday_in > 0)

    @cached_property
    def form_by_word(self) -> dict[str, int]:
        """The place of each form that is a single word, by that in lower case."""
        return {form.lower(): i for i, form in enumerate(self.forms) if form.isalnum()}


def _is_one_of(values: Sequence[str], wanted: Collection[str]) -> npt.NDArray[np.bool_]:
    is_wanted = frozenset(wanted).__contains__
    return np.fromiter(map(is_wanted, values), bool, len(values))
