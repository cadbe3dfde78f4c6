"""The role taxonomy: what each role is, does, knows and uses, and the skill lexicon.

Step 1 of the line: data that domain experts edit, read and frozen. The files lie
in `data/`; a user's own folder of the same shape is read the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader
from roleclf.taxonomy.columns import DATA, SkillColumns, shipped_columns

if TYPE_CHECKING:
    from roleclf.taxonomy.briefs import role_brief, skill_brief, taxonomy_brief
    from roleclf.taxonomy.checks import validate
    from roleclf.taxonomy.compare import comparison_brief
    from roleclf.taxonomy.concepts import Concept, concept_by_id
    from roleclf.taxonomy.documents import Problem
    from roleclf.taxonomy.export import from_json, skills_to_csv, to_csv, to_json
    from roleclf.taxonomy.find import (
        find_comparison,
        find_role,
        find_skills,
        similar_skills,
    )
    from roleclf.taxonomy.read import load_taxonomy, read_skills, shipped_skills
    from roleclf.taxonomy.records import Responsibility, Role, Skill, Taxonomy
    from roleclf.taxonomy.skos import to_jsonld
    from roleclf.taxonomy.triggers import expand_trigger

__all__ = [
    "DATA",
    "Concept",
    "Problem",
    "Responsibility",
    "Role",
    "Skill",
    "SkillColumns",
    "Taxonomy",
    "comparison_brief",
    "concept_by_id",
    "expand_trigger",
    "find_comparison",
    "find_role",
    "find_skills",
    "from_json",
    "load_taxonomy",
    "read_skills",
    "role_brief",
    "shipped_columns",
    "shipped_skills",
    "similar_skills",
    "skill_brief",
    "skills_to_csv",
    "taxonomy_brief",
    "to_csv",
    "to_json",
    "to_jsonld",
    "validate",
]

# Labelling needs none of these, and it should start at once: not even records.
__getattr__ = loader(
    __name__,
    {
        "Concept": "concepts",
        "Problem": "documents",
        "Responsibility": "records",
        "Role": "records",
        "Skill": "records",
        "Taxonomy": "records",
        "comparison_brief": "compare",
        "concept_by_id": "concepts",
        "expand_trigger": "triggers",
        "find_comparison": "find",
        "find_role": "find",
        "find_skills": "find",
        "from_json": "export",
        "load_taxonomy": "read",
        "read_skills": "read",
        "role_brief": "briefs",
        "shipped_skills": "read",
        "similar_skills": "find",
        "skill_brief": "briefs",
        "skills_to_csv": "export",
        "taxonomy_brief": "briefs",
        "to_csv": "export",
        "to_json": "export",
        "to_jsonld": "skos",
        "validate": "checks",
    },
)


def __dir__() -> list[str]:
    return sorted(__all__)
