"""How much of each role's taxonomy a posting covers, and where it shows that."""

from __future__ import annotations

import pandas as pd
import pytest

from roleclf.annotation.annotate import Annotator
from roleclf.taxonomy import load_taxonomy

ROLES = list(load_taxonomy().roles)


def coverage_by_role(annotator: Annotator, description: str) -> dict[str, float]:
    profile = annotator.annotate(None, description).profile
    return {coverage.role: coverage.coverage for coverage in profile}


@pytest.mark.parametrize(
    "description",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param("We bake bread and sell it on the market.", id="another-job"),
    ],
)
def test_a_posting_that_shows_nothing_covers_nothing(
    annotator: Annotator, description: str
) -> None:
    assert coverage_by_role(annotator, description) == dict.fromkeys(ROLES, 0.0)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_uses_covers_it_most(annotator: Annotator, role: str) -> None:
    taxonomy = load_taxonomy()
    concepts = (*taxonomy.roles[role].skills, *taxonomy.roles[role].tools)
    names = [taxonomy.skills[id_].name for id_ in concepts]
    coverage = coverage_by_role(annotator, "You know " + ", ".join(names))
    assert max(coverage, key=coverage.__getitem__) == role


def test_a_concept_names_its_role_and_its_evidence(annotator: Annotator) -> None:
    annotation = annotator.annotate(None, "You know Python.\nMore python, and dbt.")
    for coverage in annotation.profile:
        evidence_by_concept = {m.concept: m.evidence for m in coverage.matched}
        for concept, evidence in evidence_by_concept.items():
            role, kind, id_ = concept.split(".")
            assert role == coverage.role
            if (kind, id_) == ("tool", "python"):
                texts = [annotation.text[start:end] for start, end in evidence]
                assert texts == ["Python", "python"]
    assert "data_scientist.tool.python" in [
        match.concept for coverage in annotation.profile for match in coverage.matched
    ]


def test_a_sentence_that_states_a_duty_shows_it(annotator: Annotator) -> None:
    duty = "You monitor models in production."
    annotation = annotator.annotate(None, f"We are a bank. {duty} We offer fruit.")
    profile = {coverage.role: coverage for coverage in annotation.profile}
    shown = [
        annotation.text[start:end]
        for match in profile["mlops_engineer"].matched
        if ".responsibility." in match.concept
        for start, end in match.evidence
    ]
    assert shown
    assert all("monitor models in production" in text for text in shown)
    assert all("bank" not in text and "fruit" not in text for text in shown)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("We deploy models to production.", id="employer"),
        pytest.param("Requirements:\n- Monitor models in production", id="asked"),
        pytest.param("Experience with monitoring models in production.", id="known"),
    ],
)
def test_a_duty_that_is_not_the_jobholders_is_not_shown(
    annotator: Annotator, told: str
) -> None:
    text = f"Your tasks:\n- Build data pipelines\n{told}"
    profile = annotator.annotate(None, text).profile
    shown = {m.concept for coverage in profile for m in coverage.matched}
    assert "data_engineer.responsibility.build_pipelines" in shown
    assert not {duty for duty in shown if "models" in duty}


def test_profiles_of_the_sample(annotator: Annotator, sample: pd.DataFrame) -> None:
    for annotation in annotator.annotate_many(sample.to_dict("records")):
        assert [coverage.role for coverage in annotation.profile] == ROLES
        for coverage in annotation.profile:
            assert 0.0 <= coverage.coverage <= 1.0
            assert (coverage.coverage > 0) == bool(coverage.matched)
            for match in coverage.matched:
                assert match.evidence
                assert match.concept.startswith(f"{coverage.role}.")
                assert all(
                    0 <= start < end <= len(annotation.text)
                    for start, end in match.evidence
                )
