"""The role taxonomy and the skill lexicon: read, checked, looked up and exported.

In: the YAML and CSV files that domain experts edit, in `data/` or in a user's folder.
Out: frozen records, lexicon columns, and exports as JSON, JSON-LD, CSV and Markdown.
Must not know: postings, mentions or the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader
from roleclf.taxonomy.outline import (
    RoleOutline,
    TaxonomyOutline,
    duty_hints,
    duty_triggers,
)
from roleclf.taxonomy.read_columns import shipped_skill_columns
from roleclf.taxonomy.skill_columns import SHIPPED_TAXONOMY, SkillColumns

if TYPE_CHECKING:
    from roleclf.taxonomy.briefs import role_brief, skill_brief, taxonomy_brief
    from roleclf.taxonomy.checks import validate_taxonomy
    from roleclf.taxonomy.compare import comparison_brief
    from roleclf.taxonomy.concepts import Concept, concept_by_id
    from roleclf.taxonomy.export import (
        skills_to_csv,
        taxonomy_from_json,
        taxonomy_to_csv,
        taxonomy_to_json,
    )
    from roleclf.taxonomy.find import find_role, find_skills, similar_skills
    from roleclf.taxonomy.read import load_taxonomy, read_skills, shipped_skills
    from roleclf.taxonomy.records import Role, Skill, Taxonomy
    from roleclf.taxonomy.skos import taxonomy_to_jsonld
    from roleclf.taxonomy.triggers import expand_trigger

__all__ = [
    "SHIPPED_TAXONOMY",
    "Concept",
    "Role",
    "RoleOutline",
    "Skill",
    "SkillColumns",
    "Taxonomy",
    "TaxonomyOutline",
    "comparison_brief",
    "concept_by_id",
    "duty_hints",
    "duty_triggers",
    "expand_trigger",
    "find_role",
    "find_skills",
    "load_taxonomy",
    "read_skills",
    "role_brief",
    "shipped_skill_columns",
    "shipped_skills",
    "similar_skills",
    "skill_brief",
    "skills_to_csv",
    "taxonomy_brief",
    "taxonomy_from_json",
    "taxonomy_to_csv",
    "taxonomy_to_json",
    "taxonomy_to_jsonld",
    "validate_taxonomy",
]

# Classifying a posting needs none of these, and start-up must stay fast.
__getattr__ = loader(
    __name__,
    {
        "Concept": "concepts",
        "Role": "records",
        "Skill": "records",
        "Taxonomy": "records",
        "comparison_brief": "compare",
        "concept_by_id": "concepts",
        "expand_trigger": "triggers",
        "find_role": "find",
        "find_skills": "find",
        "load_taxonomy": "read",
        "read_skills": "read",
        "role_brief": "briefs",
        "shipped_skills": "read",
        "similar_skills": "find",
        "skill_brief": "briefs",
        "skills_to_csv": "export",
        "taxonomy_brief": "briefs",
        "taxonomy_from_json": "export",
        "taxonomy_to_csv": "export",
        "taxonomy_to_json": "export",
        "taxonomy_to_jsonld": "skos",
        "validate_taxonomy": "checks",
    },
)
