"""Of whom a sentence speaks: of the jobholder, the employer, or who may apply."""

from __future__ import annotations

import pytest

from roleclf.duties import tells_of_jobholder


@pytest.mark.parametrize(
    "sentence",
    [
        "Build data pipelines for our shops",
        "Building and running data pipelines",
        "and deploy models to production",
        "You will monitor models in production",
        "You will work with our team on dashboards",
        "Acme is looking for an engineer to build data pipelines",
        "Machine learning engineers here deploy models",
        "Responsible for our data pipelines",
        "Du baust Datenpipelines",
        "Deep learning models: train and deploy them",
    ],
)
@pytest.mark.parametrize(
    ("section", "has_duties"), [("duties", True), (None, False)], ids=str
)
def test_a_duty_is_the_jobholders(
    sentence: str, section: str | None, has_duties: bool
) -> None:
    assert tells_of_jobholder(sentence, section, has_duties)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Experience in building data pipelines", id="experience"),
        pytest.param("5+ years of experience deploying models", id="years"),
        pytest.param("Proven MLOps expertise, such as deploying models", id="proven"),
        pytest.param("You have experience with deploying models", id="you-have"),
        pytest.param("You’re comfortable presenting results", id="you-are"),
        pytest.param("Ability to build dashboards", id="ability"),
        pytest.param("Mehrjährige Erfahrung im Deployment von Modellen", id="de"),
        pytest.param("Vous avez une expérience du serving de modèles", id="fr"),
        pytest.param("Experiencia en despliegue de modelos", id="es"),
        pytest.param("Conhecimento de deploy de modelos", id="pt"),
        pytest.param("Buona conoscenza di deploy dei modelli", id="it"),
        pytest.param("Je hebt ervaring met het deployen van modellen", id="nl"),
        pytest.param("We build data pipelines for banks", id="we"),
        pytest.param("At Acme, we deploy models every day", id="at-acme-we"),
        pytest.param("Our platform monitors models in production", id="our"),
        pytest.param("In the AI team of Acme, we deploy models", id="in-acme-we"),
        pytest.param("Do you have experience in deploying models?", id="question"),
        pytest.param("If you're excited about building models", id="if"),
        pytest.param("The data science team builds models", id="team"),
        pytest.param("", id="empty"),
        pytest.param("--", id="no-word"),
    ],
)
@pytest.mark.parametrize("section", [None, "duties", "company", "benefits"])
@pytest.mark.parametrize("has_duties", [False, True])
def test_what_is_asked_or_told_of_the_employer_is_no_duty(
    sentence: str, section: str | None, has_duties: bool
) -> None:
    assert not tells_of_jobholder(sentence, section, has_duties)


@pytest.mark.parametrize("section", ["requirements", "preferred"])
def test_what_is_asked_for_is_no_duty_beside_a_section_of_duties(section: str) -> None:
    assert not tells_of_jobholder("Build data pipelines", section, has_duties=True)
    assert tells_of_jobholder("Build data pipelines", section, has_duties=False)


@pytest.mark.parametrize("section", [None, "company", "benefits", "apply", "legal"])
def test_outside_the_section_of_duties_a_sentence_says_that_it_is_one(
    section: str | None,
) -> None:
    told = "Acme monitors models in production for hospitals"
    assert not tells_of_jobholder(told, section, has_duties=True)
    for given in ("You will monitor models", "This role monitors models", "Monitor it"):
        assert tells_of_jobholder(given, section, has_duties=True)
