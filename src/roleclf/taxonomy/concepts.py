"""List every concept of the taxonomy under an id that is unique in the taxonomy.

Examples of ids: `mlops_engineer.responsibility.deploy_models`,
`mlops_engineer.tool.docker`, `comparison.data_scientist.ml_engineer.audience`,
`disagreement.who_deploys`.
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
from roleclf.taxonomy.schemas import KIND_BY_STATEMENT_KEY, TEXT_KEYS

__all__ = [
    "Concept",
    "comparison_concepts",
    "concept_by_id",
    "disagreement_concepts",
    "role_concepts",
    "seniority_concepts",
]

# Keys of a role, and what concept ids call one of the items there.
_KIND_BY_LIST_KEY: Final = {
    **KIND_BY_STATEMENT_KEY,
    "responsibilities": "responsibility",
    "other_names": "other_name",
    "neighbours": "neighbour",
}
_KIND_BY_SKILL_KEY: Final = {"skills": "skill", "tools": "tool"}


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that the taxonomy states, with its sources.

    Attributes
    ----------
    id : str
        Unique in the taxonomy.
    kind : str
        `definition`, `responsibility`, `tool`, `similarity`, `disagreement` ...
    roles : tuple of str
        Ids: of one role, of the two that are compared, or none.
    statements : tuple of str
        One; for a difference two, left and right; for a disagreement every answer.
    sources : tuple of str
    key_path : tuple of str and int
        The keys and indices that lead to it in its file.
    """

    id: str
    kind: str
    roles: tuple[str, ...]
    statements: tuple[str, ...]
    sources: tuple[str, ...]
    key_path: tuple[str | int, ...]


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
    for index, comparison in enumerate(taxonomy.comparisons):
        yield from comparison_concepts(comparison, index)
    for index, disagreement in enumerate(taxonomy.disagreements):
        yield from disagreement_concepts(disagreement, index)
    for index, level in enumerate(taxonomy.seniority):
        yield from seniority_concepts(level, index)


def role_concepts(role: Role, skills: Mapping[str, Skill]) -> Iterator[Concept]:
    """Yield the concepts of one role; the statement of a skill is its name."""

    def concept(
        id_end: str, statement: str, sources: tuple[str, ...], *key_path: str | int
    ) -> Concept:
        kind = id_end.partition(".")[0]
        return Concept(
            f"{role.id}.{id_end}", kind, (role.id,), (statement,), sources, key_path
        )

    for key in TEXT_KEYS:
        if key in role.sources:
            yield concept(key, getattr(role, key), role.sources[key], key, "text")
    for key, kind in _KIND_BY_LIST_KEY.items():
        for index, item in enumerate(getattr(role, key)):
            id_end = f"{kind}.{item.id}"
            yield concept(id_end, item.statement, item.sources, key, index)
    for key, kind in _KIND_BY_SKILL_KEY.items():
        for index, id_ in enumerate(getattr(role, key)):
            id_end = f"{kind}.{id_}"
            name = skills[id_].name if id_ in skills else ""
            yield concept(id_end, name or id_, role.sources.get(id_end, ()), key, index)


def comparison_concepts(comparison: Comparison, index: int) -> Iterator[Concept]:
    """Yield the similarities and differences of the pair at `index` of its file."""
    pair = (comparison.left, comparison.right)
    prefix = f"comparison.{comparison.left}.{comparison.right}"
    for i, similarity in enumerate(comparison.similarities):
        yield Concept(
            f"{prefix}.{similarity.id}",
            "similarity",
            pair,
            (similarity.statement,),
            similarity.sources,
            ("pairs", index, "similarities", i),
        )
    for i, difference in enumerate(comparison.differences):
        yield Concept(
            f"{prefix}.{difference.id}",
            "difference",
            pair,
            (difference.left, difference.right),
            difference.sources,
            ("pairs", index, "differences", i),
        )


def disagreement_concepts(disagreement: Disagreement, index: int) -> Iterator[Concept]:
    """Yield the question at `index` of its file, as one concept with all answers."""
    sources = [source for p in disagreement.positions for source in p.sources]
    yield Concept(
        f"disagreement.{disagreement.id}",
        "disagreement",
        (),
        tuple(position.statement for position in disagreement.positions),
        tuple(dict.fromkeys(sources)),
        ("disagreements", index),
    )


def seniority_concepts(level: SeniorityLevel, index: int) -> Iterator[Concept]:
    """Yield the level of seniority at `index` of its file."""
    words = (", ".join(level.words),)
    yield Concept(
        f"seniority.{level.id}", "seniority", (), words, level.sources, (index,)
    )
