"""Sentences that tell of the employer ask for none of the tools that they name."""

from __future__ import annotations

import pytest

from roleclf.annotation.annotate import Annotator


def need(annotator: Annotator, description: str) -> str:
    """Return the need of the one tool that a posting names."""
    skills = annotator.annotate(None, description).skills
    (need,) = {skill.need for skill in skills if skill.kind == "tool"}
    return need


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("We run our robots on Kubernetes.", id="en-we"),
        pytest.param("At Amberly Labs we run Kubernetes.", id="en-we-later"),
        pytest.param("Our forecasts are made with PyTorch.", id="en-our"),
        pytest.param("All our rivers are modelled in TensorFlow.", id="en-all-our"),
        pytest.param("Amberly trains talking dolls with PyTorch.", id="en-name"),
        pytest.param("Amberly Labs is a maker of Kafka tools.", id="en-name-is"),
        pytest.param("The platform reads tables in Snowflake.", id="en-product"),
        pytest.param("Customers load their sales from BigQuery.", id="en-customers"),
        pytest.param(
            "Amberly sells maps. They use Snowflake.\nYou mow.",
            id="en-goes-on",
        ),
        pytest.param("Amberly sells maps. All is in Kafka.\nYou mow.", id="en-today"),
        pytest.param("Amberly's customers keep it in Kafka.", id="en-its-customers"),
        pytest.param("Founded in Ghent, it keeps all in Kafka.", id="en-founded"),
        pytest.param("All is rain here at sea: we use Kafka.", id="en-behind-colon"),
        pytest.param("This site uses Google Analytics.", id="en-website"),
        pytest.param("We run Kubernetes.\nYou mow the lawn.", id="en-other-line"),
        pytest.param("We run Kubernetes. You mow the lawn.", id="en-before-you"),
        pytest.param("Unsere Modelle laufen auf Kubernetes.", id="de-our"),
        pytest.param("Seit 2015 trainieren wir mit PyTorch.", id="de-we"),
        pytest.param("Die Amberly GmbH betreibt Kafka für Bäcker.", id="de-name"),
        pytest.param("Unsere Kunden mögen ihre Tableau-Bilder.", id="de-their"),
        pytest.param("Kunden sehen alles in Tableau.", id="de-customers"),
        pytest.param("Amberly baut Uhren. Es liest Kafka.\nMäh.", id="de-goes-on"),
        pytest.param("Notre plateforme lit Snowflake.", id="fr-our"),
        pytest.param("Amberly édite un outil bâti sur Kafka.", id="fr-name"),
        pytest.param("Les clients suivent la neige dans Tableau.", id="fr-customers"),
        pytest.param("Nos modèles sont entraînés avec PyTorch.", id="fr-ours"),
        pytest.param("En Amberly medimos o usamos Kafka.", id="es-verb-later"),
        pytest.param("Entrenamos robots con PyTorch.", id="es-verb"),
        pytest.param("Nuestros modelos corren en Kubernetes.", id="es-our"),
        pytest.param("Amberly vende mapas que lee de Snowflake.", id="es-name"),
        pytest.param("Nossos modelos rodam em Kubernetes.", id="pt-our"),
        pytest.param("A Amberly é uma empresa que usa Kafka.", id="pt-name"),
        pytest.param("I nostri modelli girano su Kubernetes.", id="it-our"),
        pytest.param("Amberly sviluppa giochi con PyTorch.", id="it-name"),
        pytest.param("Onze modellen draaien op Kubernetes.", id="nl-our"),
        pytest.param("Amberly voorspelt regen te land met PyTorch.", id="nl-name"),
    ],
)
def test_a_sentence_of_the_employer_mentions(
    annotator: Annotator, description: str
) -> None:
    assert need(annotator, description) == "mentioned"


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("You build our maps in Kafka.", id="en-you"),
        pytest.param("We would like you to run Kubernetes.", id="en-we-and-you"),
        pytest.param("Build our maps with Kafka.", id="en-act"),
        pytest.param("Designs, develops and tests Kafka.", id="en-list-of-acts"),
        pytest.param("Designs and builds maps with Kafka.", id="en-acts"),
        pytest.param("Integrate tests into what runs on Kafka.", id="en-no-name"),
        pytest.param("Our stack: Kafka.", id="en-stack"),
        pytest.param("You join us. We deploy on Kubernetes.", id="en-behind-you"),
        pytest.param("We need Kafka.", id="en-need"),
        pytest.param("We work with Kafka.", id="en-work-with"),
        pytest.param("We are looking for a friend of Kafka.", id="en-looking-for"),
        pytest.param("Kubernetes runs behind our maps.", id="en-of-the-tool"),
        pytest.param("What you will do\nOur maps are in Kafka.", id="en-in-duties"),
        pytest.param("You draw maps. The back end is Kafka.", id="en-the"),
        pytest.param("Our maps need experience with Kafka.", id="en-experience"),
        pytest.param("Wir suchen Freunde von Kafka.", id="de-seek"),
        pytest.param("Bei uns bauen Sie Karten mit Kafka.", id="de-polite"),
        pytest.param("In unserem Team betreust du Kafka.", id="de-you"),
        pytest.param("Dans notre équipe, vous gérez Kafka.", id="fr-you"),
        pytest.param("Développer nos cartes avec Kafka.", id="fr-act"),
        pytest.param("Nous cherchons un ami. Kafka et sel.", id="fr-fragment"),
        pytest.param("En nuestro equipo trabajarás con Kafka.", id="es-verb"),
        pytest.param("Desenhar mapas Amberly e uma rede Kafka.", id="pt-and"),
        pytest.param("Em nossa equipe você usa Kafka.", id="pt-you"),
        pytest.param("Nel nostro team userai Kafka.", id="it-verb"),
        pytest.param("In ons team werk jij met Kafka.", id="nl-you"),
    ],
)
def test_a_sentence_that_speaks_to_the_applicant_keeps_its_strength(
    annotator: Annotator, description: str
) -> None:
    assert need(annotator, description) == "required"


def test_a_heading_about_the_work_ends_what_tells_of_the_company(
    annotator: Annotator,
) -> None:
    text = "About us: Amberly maps rain with Kafka.\nYour work:\n- Draw it with React"
    found = {s.id: s.need for s in annotator.annotate(None, text).skills}
    assert found["apache_kafka"] == "mentioned"
    assert found["react"] == "required"
