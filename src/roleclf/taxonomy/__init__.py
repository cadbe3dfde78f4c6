"""What roles are: the role taxonomy and the skill lexicon, read, checked and exported.

In: YAML and CSV files that domain experts edit, in `data/` or a folder of one's own.
Out: frozen records and columns. Must not know: postings, mentions or the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader
from roleclf.taxonomy.outline import Outline, RoleOutline, duty_hints, duty_triggers
from roleclf.taxonomy.read_columns import shipped_columns
from roleclf.taxonomy.skill_columns import DATA, SkillColumns

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
    "Outline",
    "Problem",
    "Responsibility",
    "Role",
    "RoleOutline",
    "Skill",
    "SkillColumns",
    "Taxonomy",
    "comparison_brief",
    "concept_by_id",
    "duty_hints",
    "duty_triggers",
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
