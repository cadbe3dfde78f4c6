"""Find roles, skills and comparisons of roles by id, name or alias."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from roleclf.taxonomy.records import Comparison, Difference, Role, Skill, Taxonomy

__all__ = ["find_comparison", "find_role", "find_skills", "similar_skills"]

_WORD_SEPARATORS: Final = re.compile(r"[\s_-]+")
# Least similarity of two names, as `difflib` computes it, from 0 to 1.
_MIN_SIMILARITY: Final = 0.7


def find_role(taxonomy: Taxonomy, name: str) -> Role | None:
    """Return the role or contrast role with this id, name or other name, in any case.

    Examples
    --------
    >>> from roleclf.taxonomy import load_taxonomy
    >>> find_role(load_taxonomy(), "Data operations specialist").id
    'dataops_engineer'
    """
    key = _key(name)
    roles = (*taxonomy.roles.values(), *taxonomy.contrast_roles.values())
    for role in roles:
        if key in (_key(role.id), _key(role.name)):
            return role
    return next(
        (r for r in roles if key in {_key(n.statement) for n in r.other_names}), None
    )


def find_skills(taxonomy: Taxonomy, name: str) -> list[Skill]:
    """Return the skills with this id, name or written form, in any case.

    A skill whose id it is comes first.

    Examples
    --------
    >>> from roleclf.taxonomy import load_taxonomy
    >>> [skill.id for skill in find_skills(load_taxonomy(), "K8s")]
    ['kubernetes']
    """
    key = _key(name)
    found = [s for s in taxonomy.skills.values() if key in set(_skill_keys(s))]
    return sorted(found, key=lambda skill: _key(skill.id) != key)


def similar_skills(taxonomy: Taxonomy, name: str, n: int = 5) -> list[Skill]:
    """Return at most `n` skills whose spelling is close to `name`, nearest first."""
    skill_by_key = {key: s for s in taxonomy.skills.values() for key in _skill_keys(s)}
    # Several matches may be forms of the same skill, so ask for more than `n`.
    keys = get_close_matches(_key(name), skill_by_key, n=4 * n, cutoff=_MIN_SIMILARITY)
    skill_by_id = {skill_by_key[key].id: skill_by_key[key] for key in keys}
    return list(skill_by_id.values())[:n]


def find_comparison(taxonomy: Taxonomy, left: str, right: str) -> Comparison | None:
    """Return the comparison of two roles, given by id, with its sides in this order."""
    for pair in taxonomy.comparisons:
        if (pair.left, pair.right) == (left, right):
            return pair
        if (pair.left, pair.right) == (right, left):
            return Comparison(
                left=left,
                right=right,
                similarities=pair.similarities,
                differences=tuple(map(_with_sides_swapped, pair.differences)),
            )
    return None


def _with_sides_swapped(difference: Difference) -> Difference:
    return Difference(
        id=difference.id,
        aspect=difference.aspect,
        left=difference.right,
        right=difference.left,
        sources=difference.sources,
    )


def _skill_keys(skill: Skill) -> Iterator[str]:
    return map(_key, (skill.id, skill.name, *skill.aliases, *skill.guarded))


def _key(name: str) -> str:
    """Return `name` folded for comparison: case and word separators do not count."""
    return _WORD_SEPARATORS.sub(" ", name.casefold()).strip()
