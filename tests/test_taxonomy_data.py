"""The shipped taxonomy is complete, and every statement in it has a source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from roleclf.annotation.annotate import Annotator
from roleclf.model.titles import title_rule
from roleclf.skills.lexicon import Lexicon
from roleclf.taxonomy import (
    Taxonomy,
    concept_by_id,
    load_taxonomy,
    role_brief,
    validate_taxonomy,
)
from roleclf.training.role_classifier import RoleClassifier
from taxonomies import changed, copied_taxonomy

ROLES = (
    "data_scientist",
    "ml_engineer",
    "mlops_engineer",
    "data_engineer",
    "dataops_engineer",
)
DOCUMENTS = Path(__file__).parents[2] / "shared" / "documents"
ARTICLES = ("ai_nl", "online_course", "aim", "playsdev", "ai_jobs")
with_articles = pytest.mark.skipif(
    not DOCUMENTS.exists(), reason="the articles are not part of the project"
)
# So many words in a row count as a sentence copied from an article.
RUN = 12
SIXTH_ROLE = """\
id: analytics_engineer
name: Analytics engineer
definition:
  text: An engineer who turns loaded data into tables that analysts can trust.
  sources: [practice]
responsibilities:
  - id: model_tables
    statement: Models and tests the tables that reports are built on.
    triggers:
      - "(model|models|test) .. (tables|dbt)"
    sources: [practice]
skills:
  - {skill: data_modeling, sources: [practice]}
tools:
  - {skill: dbt, sources: [practice]}
title_patterns:
  - '\\banalytics\\s+engineers?\\b'
neighbours:
  - role: data_engineer
    statement: The data engineer loads; the analytics engineer models.
    sources: [practice]
"""
SIXTH_LISTED = "  - dataops_engineer\n  - analytics_engineer\n"


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped taxonomy, to be changed."""
    return copied_taxonomy(tmp_path / "taxonomy")


def test_the_roles_are_the_five(taxonomy: Taxonomy) -> None:
    assert tuple(taxonomy.roles) == ROLES
    assert sorted(taxonomy.contrast_roles) == [
        "data_analyst",
        "devops_engineer",
        "software_engineer",
    ]


@pytest.mark.parametrize("id_", ROLES)
@pytest.mark.parametrize(
    ("part", "least"),
    [
        ("responsibilities", 12),
        ("skills", 15),
        ("tools", 20),
        ("phases", 1),
        ("education", 1),
        ("certifications", 1),
        ("industries", 1),
        ("other_names", 1),
        ("title_patterns", 1),
        ("neighbours", 1),
        ("links", 3),
    ],
)
def test_each_role_has_enough_statements(
    id_: str, part: str, least: int, taxonomy: Taxonomy
) -> None:
    role = taxonomy.roles[id_]
    assert len(getattr(role, part)) >= least
    assert all((role.definition, role.goal, role.focus, role.occupational_category))


def test_every_concept_has_a_source(taxonomy: Taxonomy) -> None:
    concepts = concept_by_id(taxonomy).values()
    assert [c.id for c in concepts if not c.sources] == []
    kinds = Counter(concept.kind for concept in concepts)
    assert sorted(kinds) == [
        "application",
        "certification",
        "definition",
        "difference",
        "disagreement",
        "education",
        "focus",
        "goal",
        "industry",
        "neighbour",
        "other_name",
        "phase",
        "quality",
        "responsibility",
        "seniority",
        "similarity",
        "skill",
        "tool",
    ]


@pytest.mark.parametrize("pair", list(combinations(ROLES, 2)), ids=" and ".join)
def test_every_two_roles_have_similarities_and_differences(
    pair: tuple[str, str], taxonomy: Taxonomy
) -> None:
    (found,) = (c for c in taxonomy.comparisons if {c.left, c.right} == set(pair))
    assert found.similarities
    assert found.differences


def test_the_sources_disagree_and_every_answer_is_kept(taxonomy: Taxonomy) -> None:
    positions = {d.id: len(d.positions) for d in taxonomy.disagreements}
    assert positions["which_degree"] >= 2
    assert positions["who_deploys"] >= 2


def test_source_lines_and_concepts_agree(taxonomy: Taxonomy) -> None:
    by_line = {
        (f"{line.source}:{line.line}", concept)
        for line in taxonomy.source_lines
        for concept in line.concepts
    }
    by_concept = {
        (source, concept.id)
        for concept in concept_by_id(taxonomy).values()
        for source in concept.sources
        if source != "practice"
    }
    assert by_line == by_concept
    assert tuple(dict.fromkeys(line.source for line in taxonomy.source_lines)) == (
        ARTICLES
    )


def test_the_shipped_taxonomy_has_no_problem() -> None:
    assert validate_taxonomy() == []


def test_a_concept_that_loses_its_source_is_reported(copy: Path) -> None:
    file = copy / "roles" / "mlops_engineer.yaml"
    changed(file, "{skill: docker, sources: [ai_nl:54, ", "{skill: docker, sources: [")
    assert [(p.file.name, p.problem) for p in validate_taxonomy(copy)] == [
        (
            "source_lines.csv",
            "concept 'mlops_engineer.tool.docker' does not name ai_nl:54 as a source",
        )
    ]


def test_a_concept_that_loses_all_sources_is_reported(copy: Path) -> None:
    file = copy / "roles" / "mlops_engineer.yaml"
    changed(file, "{skill: azure, sources: [practice]}", "{skill: azure}")
    assert [(p.file.name, p.problem) for p in validate_taxonomy(copy)] == [
        ("mlops_engineer.yaml", "no source of 'mlops_engineer.tool.azure'")
    ]


def test_a_line_that_loses_its_concepts_is_reported(copy: Path) -> None:
    file = copy / "source_lines.csv"
    row = next(
        line
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.startswith("ai_nl,7,")
    )
    changed(file, f"{row}\n", "ai_nl,7,role,\n")
    found = validate_taxonomy(copy)
    line = "ai_nl:7 speaks of a role but backs no concept"
    assert line in [p.problem for p in found]
    lost = row.split(",")[3].split(";")
    assert {p.problem for p in found} - {line} == {
        f"{concept!r} is not at ai_nl:7 in source_lines.csv" for concept in lost
    }


def test_a_line_that_leaves_the_table_is_reported(copy: Path) -> None:
    file = copy / "source_lines.csv"
    text = file.read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if not row.startswith("ai_nl,54,")]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert {p.problem for p in validate_taxonomy(copy)} == {
        "source 'ai_nl:54' is not in source_lines.csv"
    }


@pytest.mark.shared
@with_articles
@pytest.mark.parametrize("source", ARTICLES)
def test_the_table_has_every_line_that_is_not_empty(
    source: str, taxonomy: Taxonomy
) -> None:
    text = (DOCUMENTS / taxonomy.sources[source].file).read_text(encoding="utf-8")
    lines = [i for i, line in enumerate(text.split("\n"), 1) if line.strip()]
    table = [line for line in taxonomy.source_lines if line.source == source]
    assert [line.line for line in table] == lines
    assert any(line.content == "role" for line in table)


@pytest.mark.shared
@with_articles
def test_no_sentence_is_copied_from_the_articles(taxonomy: Taxonomy) -> None:
    ours = {run for text in texts(taxonomy) for run in runs(text)}
    for article in sorted(DOCUMENTS.glob("*.txt")):
        theirs = set(runs(article.read_text(encoding="utf-8")))
        assert theirs
        assert ours & theirs == set()


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a record, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    for start in range(len(words) - RUN + 1):
        yield tuple(words[start : start + RUN])


@pytest.fixture
def with_sixth(copy: Path) -> Path:
    """A copy of the shipped taxonomy with one more role, taken out of another's."""
    file = copy / "roles" / "analytics_engineer.yaml"
    file.write_text(SIXTH_ROLE, encoding="utf-8")
    changed(copy / "taxonomy.yaml", "  - dataops_engineer\n", SIXTH_LISTED)
    for theirs in (
        "  - {name: Analytics engineer, sources: [practice]}\n",
        "  - '\\banalytics (?:software )?(?:engineer|engineering)\\b'\n",
    ):
        changed(copy / "roles" / "data_engineer.yaml", theirs, "")
    return copy


def test_a_sixth_role_needs_no_code(with_sixth: Path) -> None:
    assert validate_taxonomy(with_sixth) == []
    taxonomy = load_taxonomy(with_sixth)
    assert list(taxonomy.roles) == [*ROLES, "analytics_engineer"]
    assert title_rule(taxonomy).role("Analytics Engineer (dbt)") == "analytics_engineer"
    assert role_brief(taxonomy, taxonomy.roles["analytics_engineer"]).endswith(
        "- Data engineer: The data engineer loads; the analytics engineer models."
    )


def test_a_sixth_role_is_learned(with_sixth: Path) -> None:
    models = {
        "title": "Analytics Engineer",
        "description": "You model and test our dbt tables for the analysts",
    }
    loads = {
        "title": "Data Engineer",
        "description": "You build pipelines that load the warehouse at night",
    }
    bakes = {"title": "Baker", "description": "You knead the dough and bake the bread"}
    classifier = RoleClassifier(
        taxonomy=with_sixth, min_texts=1, min_titles=1, n_folds=2
    )
    labels = ["analytics_engineer", "data_engineer", "other"] * 6
    classifier.fit([models, loads, bakes] * 6, labels, unlabelled=[models, bakes] * 60)
    assert classifier.classes_.tolist() == sorted(set(labels))
    assert classifier.predict([models, loads, bakes]).tolist() == labels[:3]
    lexicon = Lexicon(classifier.model_.skills)
    annotation = Annotator(classifier.model_, lexicon).annotate(**models)
    profile = {coverage.role: coverage.coverage for coverage in annotation.profile}
    assert profile["analytics_engineer"] > 0
