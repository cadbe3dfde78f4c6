"""Export the taxonomy as JSON-LD in SKOS, for thesaurus and graph tools.

Roles, skills and the statements about them are concepts of one scheme (SKOS Reference,
W3C 2009). Links to public classifications are SKOS mapping relations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from roleclf.taxonomy.concepts import Concept, concept_by_id
from roleclf.taxonomy.records import Role, Skill, Taxonomy

__all__ = ["taxonomy_to_jsonld"]

_SCHEME: Final = "urn:roleclf:taxonomy"
_CONTEXT: Final = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "@id",
    "type": "@type",
    "title": {"@id": "dcterms:title", "@language": "en"},
    "version": "dcterms:hasVersion",
    "source": "dcterms:source",
    "notation": "skos:notation",
    **{
        name: {"@id": f"skos:{name}", "@language": "en"}
        for name in ("prefLabel", "altLabel", "definition", "scopeNote")
    },
    **{
        name: {"@id": f"skos:{name}", "@type": "@id"}
        for name in (
            "inScheme",
            "topConceptOf",
            "broader",
            "related",
            "exactMatch",
            "closeMatch",
            "broadMatch",
        )
    },
}
_RELATION_BY_MATCH: Final = {
    "exact": "exactMatch",
    "close": "closeMatch",
    "broader": "broadMatch",
}
# Web addresses of entries of public schemes; those of ISCO-08 are published by ESCO.
_ADDRESS_BY_SCHEME: Final = {
    "esco": "{}",
    "onet_soc": "https://www.onetonline.org/link/summary/{}",
    "isco_08": "http://data.europa.eu/esco/isco/C{}",
}
# Concepts that are properties of the role's node, not nodes of their own.
_KINDS_IN_ROLE_NODE: Final = frozenset(
    {"definition", "goal", "focus", "application", "other_name"}
)


def taxonomy_to_jsonld(taxonomy: Taxonomy) -> str:
    """Return `taxonomy` as one JSON-LD document."""
    document = {"@context": _CONTEXT, "@graph": list(_nodes(taxonomy))}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _nodes(taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    yield {
        "id": _SCHEME,
        "type": "skos:ConceptScheme",
        "title": "Data roles in job postings",
        "version": taxonomy.version,
    }
    roles = {**taxonomy.roles, **taxonomy.contrast_roles}
    for role in roles.values():
        yield _role_node(role)
    for skill in taxonomy.skills.values():
        yield _skill_node(skill)
    for concept in concept_by_id(taxonomy).values():
        if concept.kind not in _KINDS_IN_ROLE_NODE:
            yield _concept_node(concept, roles)


def _role_node(role: Role) -> dict[str, Any]:
    names = [n.statement for n in role.other_names if n.statement != role.name]
    return {
        **_node(f"role:{role.id}", role.id, role.name),
        "topConceptOf": _SCHEME,
        "altLabel": names,
        "definition": role.definition,
        "scopeNote": list(filter(None, (role.goal, role.focus, role.application))),
        "source": list(role.sources.get("definition", ())),
        "related": [
            *(_iri(f"role:{neighbour.id}") for neighbour in role.neighbours),
            *(_iri(f"skill:{id_}") for id_ in (*role.skills, *role.tools)),
        ],
        **_mapping_relations(role),
    }


def _mapping_relations(role: Role) -> dict[str, list[str]]:
    """Return the addresses of the nearest entries of public schemes, by relation."""
    addresses_by_relation: dict[str, list[str]] = {}
    for link in role.links:
        if link.match in _RELATION_BY_MATCH and link.target:
            address = _ADDRESS_BY_SCHEME[link.scheme].format(link.target)
            relation = _RELATION_BY_MATCH[link.match]
            addresses_by_relation.setdefault(relation, []).append(address)
    return addresses_by_relation


def _skill_node(skill: Skill) -> dict[str, Any]:
    forms = dict.fromkeys((*skill.aliases, *skill.guarded))
    parent = (
        {"broader": _iri(f"skill:{skill.parent}")}
        if skill.parent
        else {"topConceptOf": _SCHEME}
    )
    return {
        **_node(f"skill:{skill.id}", skill.id, skill.name),
        # No label may be both preferred and alternative (SKOS S13).
        "altLabel": [form for form in forms if form != skill.name],
        **parent,
    }


def _concept_node(concept: Concept, roles: dict[str, Role]) -> dict[str, Any]:
    role_names = " and ".join(roles[id_].name for id_ in concept.roles if id_ in roles)
    label = f"{role_names or concept.kind}: {_concept_name(concept)}"
    node = {
        **_node(f"concept:{concept.id}", concept.id, label),
        "definition": _definitions(concept),
        "source": list(concept.sources),
    }
    owners = [_iri(f"role:{id_}") for id_ in concept.roles]
    if len(owners) == 1:
        node["broader"] = owners[0]
    else:
        node["related"] = owners
    if concept.kind in {"skill", "tool"}:
        node["related"] = _iri(f"skill:{concept.id.rpartition('.')[2]}")
    return node


def _concept_name(concept: Concept) -> str:
    return concept.id.rpartition(".")[2].replace("_", " ")


def _definitions(concept: Concept) -> list[str]:
    """Return the statements; those of a difference begin with their role's id.

    JSON-LD does not keep the order of the values of a property.
    """
    if concept.kind != "difference":
        return list(concept.statements)
    sides = zip(concept.roles, concept.statements, strict=True)
    return [f"{id_}: {statement}" for id_, statement in sides]


def _node(name: str, notation: str, label: str) -> dict[str, Any]:
    return {
        "id": _iri(name),
        "type": "skos:Concept",
        "inScheme": _SCHEME,
        "notation": notation,
        "prefLabel": label,
    }


def _iri(name: str) -> str:
    return f"urn:roleclf:{name}"
