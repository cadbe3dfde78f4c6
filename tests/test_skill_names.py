"""Tests of the names of skills in six languages, of fields of study and job titles."""

from __future__ import annotations

import pytest

from roleclf.annotation.annotate import Annotator


def found(annotator: Annotator, description: str) -> list[str]:
    """Return the ids of the skills that a text names."""
    return [skill.id for skill in annotator.annotate(None, description).skills]


@pytest.mark.parametrize(
    ("description", "ids"),
    [
        pytest.param(
            "Erfahrung mit Datenmodellierung und maschinellem Lernen",
            ["data_modeling", "machine_learning"],
            id="german",
        ),
        pytest.param(
            "Vous pratiquez l'apprentissage automatique et les tests unitaires.",
            ["machine_learning", "unit_testing"],
            id="french",
        ),
        pytest.param(
            "Experiencia en aprendizaje automático y minería de datos",
            ["machine_learning", "data_mining"],
            id="spanish",
        ),
        pytest.param(
            "Prática de testes unitários e computação na nuvem",
            ["unit_testing", "cloud_computing"],
            id="portuguese",
        ),
        pytest.param(
            "Esperienza di apprendimento automatico e qualità dei dati",
            ["machine_learning", "data_quality"],
            id="italian",
        ),
        pytest.param(
            "Ervaring met gegevensanalyse en neurale netwerken",
            ["data_analysis", "neural_networks"],
            id="dutch",
        ),
    ],
)
def test_skills_are_found_by_their_names_in_each_language(
    annotator: Annotator, description: str, ids: list[str]
) -> None:
    assert found(annotator, description) == ids


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("Abgeschlossenes Studium der Informatik oder Statistik", id="de"),
        pytest.param("Diplômé en mathématiques ou en statistiques", id="fr"),
        pytest.param("Grado en Matemáticas o Estadística", id="es"),
        pytest.param("Formação superior em Estatística ou Matemática", id="pt"),
        pytest.param("Laurea in Matematica o Statistica", id="it"),
        pytest.param("Een afgeronde opleiding wiskunde of econometrie", id="nl"),
    ],
)
def test_fields_of_study_are_no_skills_in_any_language(
    annotator: Annotator, description: str
) -> None:
    assert found(annotator, description) == []


@pytest.mark.parametrize(
    ("description", "ids"),
    [
        pytest.param("You sit with our machine learning engineers.", [], id="title"),
        pytest.param("We look for a Python developer.", ["python"], id="tool"),
        pytest.param(
            "You teach machine learning; engineers listen.",
            ["machine_learning"],
            id="another-clause",
        ),
    ],
)
def test_a_method_in_a_job_title_is_no_skill(
    annotator: Annotator, description: str, ids: list[str]
) -> None:
    assert found(annotator, description) == ids
