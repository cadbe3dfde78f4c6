"""The taxonomy is exported as JSON, JSON-LD and CSV, and read back from JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SKOS, Graph, Literal, URIRef

from roleclf.errors import TaxonomyError
from roleclf.taxonomy import (
    Taxonomy,
    concept_by_id,
    load_taxonomy,
    read_skills,
    skills_to_csv,
    taxonomy_from_json,
    taxonomy_to_csv,
    taxonomy_to_json,
    taxonomy_to_jsonld,
)
from taxonomies import small_taxonomy


@pytest.fixture(scope="module")
def shipped() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture
def small(tmp_path: Path) -> Taxonomy:
    return load_taxonomy(small_taxonomy(tmp_path))


@pytest.fixture(scope="module")
def graph(shipped: Taxonomy) -> Graph:
    """The shipped taxonomy as rdflib reads it."""
    with pytest.warns(DeprecationWarning, match="ConjunctiveGraph"):
        # rdflib 7 raises warnings about its own parser.
        return Graph().parse(data=taxonomy_to_jsonld(shipped), format="json-ld")


def test_json_round_trip(shipped: Taxonomy) -> None:
    back = taxonomy_from_json(taxonomy_to_json(shipped))
    assert back == load_taxonomy()
    assert list(back.roles) == list(shipped.roles)
    assert list(back.skills) == list(shipped.skills)


def test_lexicon_csv_round_trip(shipped: Taxonomy, tmp_path: Path) -> None:
    (tmp_path / "skills.csv").write_text(skills_to_csv(shipped.skills), "utf-8")
    back = read_skills(tmp_path / "skills.csv")
    assert list(back.values()) == list(shipped.skills.values())


def test_json_has_format_and_version(small: Taxonomy) -> None:
    whole = json.loads(taxonomy_to_json(small))
    assert (whole["format"], whole["version"]) == (1, "0.1.0")
    assert whole["roles"]["cook"]["sources"] == {
        "definition": ["guild:3"],
        "tool.oven": ["guild:3"],
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda w: w.pop("format"), "format None, not 1", id="no-format"),
        pytest.param(lambda w: w.update(format=2), "format 2, not 1", id="format"),
        pytest.param(
            lambda w: w.pop("skills"), "taxonomy has no skills", id="no-skills"
        ),
        pytest.param(
            lambda w: w["roles"]["cook"].update(tools="oven"),
            "taxonomy.roles.cook.tools is 'oven'",
            id="no-list",
        ),
        pytest.param(
            lambda w: w["source_lines"][1].update(line="3"),
            "taxonomy.source_lines[1].line is '3'",
            id="no-number",
        ),
        pytest.param(
            lambda w: w["roles"]["cook"]["links"][0].pop("match"),
            "taxonomy.roles.cook.links[0] has no match",
            id="no-match",
        ),
    ],
)
def test_invalid_json_of_a_taxonomy(
    change: Callable[[Any], object], message: str, small: Taxonomy
) -> None:
    whole = json.loads(taxonomy_to_json(small))
    change(whole)
    with pytest.raises(
        TaxonomyError, match=f"JSON of a taxonomy: {re.escape(message)}"
    ):
        taxonomy_from_json(json.dumps(whole))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("{", "is not JSON", id="cut-off"),
        pytest.param("[]", "format None, not 1", id="list"),
    ],
)
def test_other_text_is_not_read(text: str, problem: str) -> None:
    with pytest.raises(TaxonomyError, match=f"JSON of a taxonomy: {problem}"):
        taxonomy_from_json(text)


def test_csv_has_a_row_for_each_concept(shipped: Taxonomy) -> None:
    rows = list(csv.DictReader(io.StringIO(taxonomy_to_csv(shipped))))
    assert [row["id"] for row in rows] == list(concept_by_id(shipped))
    assert [row["id"] for row in rows if not row["statement"]] == []
    assert [row["id"] for row in rows if not row["sources"]] == []


def test_csv_of_a_difference_has_both_sides(small: Taxonomy) -> None:
    rows = {
        row["id"]: row for row in csv.DictReader(io.StringIO(taxonomy_to_csv(small)))
    }
    assert rows["comparison.cook.baker.day"] == {
        "id": "comparison.cook.baker.day",
        "kind": "difference",
        "roles": "cook;baker",
        "statement": "Works at noon.",
        "other_statement": "Works at night.",
        "sources": "practice",
    }
    assert rows["disagreement.who_cleans"]["statement"] == "The cook.\nThe baker."


def test_skos_has_every_role_and_skill(graph: Graph, shipped: Taxonomy) -> None:
    found = set(graph.subjects(RDF.type, SKOS.Concept))
    roles = (*shipped.roles, *shipped.contrast_roles)
    assert {URIRef(f"urn:roleclf:role:{id_}") for id_ in roles} <= found
    assert {URIRef(f"urn:roleclf:skill:{id_}") for id_ in shipped.skills} <= found
    scheme = URIRef("urn:roleclf:taxonomy")
    assert set(graph.subjects(SKOS.inScheme, scheme)) == found
    assert graph.value(scheme, RDF.type) == SKOS.ConceptScheme


def test_skos_describes_a_role(graph: Graph, shipped: Taxonomy) -> None:
    role = URIRef("urn:roleclf:role:data_scientist")
    assert graph.value(role, SKOS.prefLabel) == Literal("Data scientist", lang="en")
    definition = Literal(shipped.roles["data_scientist"].definition, lang="en")
    assert graph.value(role, SKOS.definition) == definition
    assert set(graph.objects(role, SKOS.exactMatch)) == {
        URIRef(
            "http://data.europa.eu/esco/occupation/258e46f9-0075-4a2e-adae-1ff0477e0f30"
        ),
        URIRef("https://www.onetonline.org/link/summary/15-2051.00"),
    }
    assert set(graph.objects(role, SKOS.broadMatch)) == {
        URIRef("http://data.europa.eu/esco/isco/C2511")
    }
    assert (role, SKOS.related, URIRef("urn:roleclf:skill:statistics")) in graph


@pytest.mark.parametrize(
    ("role", "matches"),
    [
        pytest.param("data_engineer", {"exactMatch": 1, "closeMatch": 1}, id="both"),
        pytest.param("ml_engineer", {"exactMatch": 0, "closeMatch": 1}, id="esco"),
        pytest.param("dataops_engineer", {"exactMatch": 0, "closeMatch": 1}, id="onet"),
        pytest.param("mlops_engineer", {"exactMatch": 0, "closeMatch": 0}, id="none"),
    ],
)
def test_skos_maps_roles_to_public_schemes(
    role: str, matches: dict[str, int], graph: Graph
) -> None:
    node = URIRef(f"urn:roleclf:role:{role}")
    found = {name: len(list(graph.objects(node, SKOS[name]))) for name in matches}
    assert found == matches


def test_skos_duty_is_narrower_than_its_role(graph: Graph) -> None:
    duty = URIRef("urn:roleclf:concept:mlops_engineer.responsibility.deploy_models")
    assert graph.value(duty, SKOS.broader) == URIRef("urn:roleclf:role:mlops_engineer")
    label = Literal("MLOps engineer: deploy models", lang="en")
    assert graph.value(duty, SKOS.prefLabel) == label


def test_skos_rules_hold(graph: Graph) -> None:
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    for relation in (SKOS.broader, SKOS.related):
        assert set(graph.objects(None, relation)) <= concepts
    for concept in concepts:
        (label,) = graph.objects(concept, SKOS.prefLabel)
        assert label not in set(graph.objects(concept, SKOS.altLabel))
        for broader in graph.objects(concept, SKOS.broader):
            assert concept not in graph.transitive_objects(broader, SKOS.broader)
