"""Tests of names that are everyday words, told by a posting's language and subject."""

from __future__ import annotations

import pytest

from roleclf.annotation.annotate import Annotator
from roleclf.matching import read_columns
from roleclf.skills.everyday import find_subjects
from roleclf.skills.lexicon import _EVERYDAY_WORDS, Lexicon
from roleclf.taxonomy import shipped_skills
from roleclf.text import tokenize


def found(annotator: Annotator, title: str | None, description: str) -> list[str]:
    """Return the ids of the skills that a posting names."""
    return [skill.id for skill in annotator.annotate(title, description).skills]


@pytest.mark.parametrize(
    ("title", "description"),
    [
        pytest.param(
            "Floor Layer",
            "You carry oak parquet up four floors, fit it and clear up behind you when "
            "the family comes home in the evening.",
            id="another-trade",
        ),
        pytest.param(
            "Zoo Keeper",
            "A python, two pandas and a mamba want to be fed each morning before the "
            "first visitors arrive at the gate.",
            id="lower-case",
        ),
        pytest.param(
            "Driver",
            "Please report to Mr Jenkins at the gate on your first day and bring your "
            "licence with you, and a pair of strong boots.",
            id="one-capital",
        ),
        pytest.param(
            "Ward Nurse",
            "Draw 5 ml into the syringe, chart the PCA pump and hand the ward over to "
            "the night shift at half past nine.",
            id="abbreviations",
        ),
        pytest.param(
            "Study Nurse",
            "You know the rules of GCP, drive to the C.H.A.R.M. centre, and earn up to "
            "PHP 45,000 or R$5,000 a month, with Wi-Fi and Bluetooth in the car.",
            id="abbreviations-of-other-trades",
        ),
        pytest.param(
            "Kellner (m/w/d)",
            "Sie sind flink auf den Beinen, mögen Menschen und behalten auch dann die "
            "Ruhe, wenn der Saal voll ist.",
            id="german",
        ),
        pytest.param(
            "Fleuriste",
            "Vous servez vite les clients, vous tenez le tableau des commandes et vous "
            "avez la vue sur la place, chez Jardins du Lac SAS.",
            id="french",
        ),
        pytest.param(
            "Custode",
            "La scala va lavata ogni giorno e la porta è stata dipinta; il cortile si "
            "pulisce dalle otto alle nove.",
            id="italian",
        ),
        pytest.param(
            "Costurera",
            "La capa se cose a mano con el máximo cuidado; cada pieza es única. Entra "
            "en la tienda el lunes.",
            id="spanish",
        ),
        pytest.param(
            "Onderwijzer",
            "Elk kind leest elke dag een flink stuk en we zingen samen aan het einde "
            "van de middag in de tuin.",
            id="dutch",
        ),
    ],
)
def test_everyday_words_are_no_skills_where_other_trades_speak(
    annotator: Annotator, title: str, description: str
) -> None:
    assert found(annotator, title, description) == []


@pytest.mark.parametrize(
    ("title", "description", "ids"),
    [
        pytest.param(
            "Data Engineer",
            "You plan the jobs with airflow and keep the tables as parquet.",
            ["apache_airflow", "apache_parquet"],
            id="title",
        ),
        pytest.param(
            "Teammate",
            "Our tables are in PostgreSQL and you read them from python.",
            ["postgresql", "python"],
            id="another-tool",
        ),
        pytest.param(
            "Teammate",
            "The source code of our web application is tested in Jenkins each night.",
            ["jenkins"],
            id="words-of-the-trade",
        ),
        pytest.param(
            "Teammate",
            "What you build runs on Airflow and ends up in Snowflake.",
            ["apache_airflow", "snowflake"],
            id="two-capitals",
        ),
        pytest.param(
            "Gardener", "You are proficient in Python.", ["python"], id="asked-for"
        ),
        pytest.param(None, "You look after our snowflake.", ["snowflake"], id="short"),
        pytest.param(
            "Sviluppatrice",
            "Scriverai in Scala i flussi che caricano i dati su larga scala.",
            ["scala"],
            id="italian-capital",
        ),
        pytest.param(
            "Analyste de données",
            "Vous créez pour la direction des tableaux de bord dans Tableau.",
            ["tableau"],
            id="french-capital",
        ),
        pytest.param(
            "Statisticienne",
            "Vous préparez les tables en SAS pour la société Essais du Nord SAS.",
            ["sas"],
            id="legal-form",
        ),
        pytest.param(
            "Desarrollador",
            "Requisitos: ingeniería en Informática y conocimientos de Python.",
            ["python"],
            id="accent",
        ),
    ],
)
def test_names_are_found_where_software_is_spoken_of(
    annotator: Annotator, title: str | None, description: str, ids: list[str]
) -> None:
    assert found(annotator, title, description) == ids


def test_each_everyday_word_is_a_form_of_the_lexicon() -> None:
    skills = shipped_skills().values()
    forms = {form.lower() for s in skills for form in (*s.aliases, *s.guarded)}
    columns = read_columns(_EVERYDAY_WORDS)
    assert set(columns["word"]) <= forms
    assert set(columns["counts"]) == {
        "with capital",
        "in context",
        "without name before",
        "in software",
    }


def test_an_unknown_language_is_read_as_english() -> None:
    lexicon = Lexicon(shipped_skills())
    subjects = find_subjects(tokenize(["", "", ""]), ["en", None, "und"], lexicon)
    english = lexicon.bit_by_language["en"]
    assert subjects.language.tolist() == [english, english, 0]
