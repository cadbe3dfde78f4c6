"""Every concept of the taxonomy under its full id, whatever record it lies in.

`mlops_engineer.responsibility.deploy_models`, `mlops_engineer.tool.docker`,
`comparison.data_scientist.ml_engineer.audience`, `disagreement.who_deploys`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from roleclf.taxonomy.records import (
    Comparison,
    Disagreement,
    Role,
    SeniorityLevel,
    Skill,
    Taxonomy,
)
from roleclf.taxonomy.shapes import STATEMENTS, TEXTS

__all__ = [
    "Concept",
    "comparison_concepts",
    "concept_by_id",
    "disagreement_concepts",
    "role_concepts",
    "seniority_concepts",
]

_STATED: Final = {
    **STATEMENTS,
    "responsibilities": "responsibility",
    "other_names": "other_name",
    "neighbours": "neighbour",
}
_LEXICON: Final = {"skills": "skill", "tools": "tool"}


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing the taxonomy says, and on whose word.

    Attributes
    ----------
    id : str
        Unique in the taxonomy.
    kind : str
        `definition`, `responsibility`, `tool`, `similarity`, `disagreement` ...
    roles : tuple of str
        The role it is said of, or the two that it compares; none for the rest.
    statements : tuple of str
        One; two, left and right, for a difference; each answer to a disagreement.
    sources : tuple of str
    place : tuple of str and int
        The keys that lead to it in its file.
    """

    id: str
    kind: str
    roles: tuple[str, ...]
    statements: tuple[str, ...]
    sources: tuple[str, ...]
    place: tuple[str | int, ...]


def concept_by_id(taxonomy: Taxonomy) -> dict[str, Concept]:
    """Return every concept of `taxonomy` by id.

    Examples
    --------
    >>> from roleclf.taxonomy import load_taxonomy
    >>> concept_by_id(load_taxonomy())["mlops_engineer.tool.circleci"].sources
    ('online_course:38',)
    """
    return {concept.id: concept for concept in _concepts(taxonomy)}


def _concepts(taxonomy: Taxonomy) -> Iterator[Concept]:
    for role in (*taxonomy.roles.values(), *taxonomy.contrast_roles.values()):
        yield from role_concepts(role, taxonomy.skills)
    for place, comparison in enumerate(taxonomy.comparisons):
        yield from comparison_concepts(comparison, place)
    for place, disagreement in enumerate(taxonomy.disagreements):
        yield from disagreement_concepts(disagreement, place)
    for place, level in enumerate(taxonomy.seniority):
        yield from seniority_concepts(level, place)


def role_concepts(role: Role, skills: Mapping[str, Skill]) -> Iterator[Concept]:
    """Yield the concepts of one role; a skill is stated by its name."""

    def concept(
        end: str, statement: str, sources: tuple[str, ...], *place: str | int
    ) -> Concept:
        kind = end.partition(".")[0]
        return Concept(
            f"{role.id}.{end}", kind, (role.id,), (statement,), sources, place
        )

    for key in TEXTS:
        if key in role.sources:
            yield concept(key, getattr(role, key), role.sources[key], key, "text")
    for key, kind in _STATED.items():
        for place, item in enumerate(getattr(role, key)):
            end = f"{kind}.{item.id}"
            yield concept(end, item.statement, item.sources, key, place)
    for key, kind in _LEXICON.items():
        for place, id_ in enumerate(getattr(role, key)):
            end = f"{kind}.{id_}"
            name = skills[id_].name if id_ in skills else ""
            yield concept(end, name or id_, role.sources.get(end, ()), key, place)


def comparison_concepts(comparison: Comparison, place: int) -> Iterator[Concept]:
    """Yield what the pair at `place` of its file shares and does not."""
    pair = (comparison.left, comparison.right)
    begin = f"comparison.{comparison.left}.{comparison.right}"
    for i, similarity in enumerate(comparison.similarities):
        yield Concept(
            f"{begin}.{similarity.id}",
            "similarity",
            pair,
            (similarity.statement,),
            similarity.sources,
            ("pairs", place, "similarities", i),
        )
    for i, difference in enumerate(comparison.differences):
        yield Concept(
            f"{begin}.{difference.id}",
            "difference",
            pair,
            (difference.left, difference.right),
            difference.sources,
            ("pairs", place, "differences", i),
        )


def disagreement_concepts(disagreement: Disagreement, place: int) -> Iterator[Concept]:
    """Yield the question at `place` of its file; all answers are one concept."""
    sources = [source for p in disagreement.positions for source in p.sources]
    yield Concept(
        f"disagreement.{disagreement.id}",
        "disagreement",
        (),
        tuple(position.statement for position in disagreement.positions),
        tuple(dict.fromkeys(sources)),
        ("disagreements", place),
    )


def seniority_concepts(level: SeniorityLevel, place: int) -> Iterator[Concept]:
    """Yield the level at `place` of its file."""
    words = (", ".join(level.words),)
    yield Concept(
        f"seniority.{level.id}", "seniority", (), words, level.sources, (place,)
    )
