"""How many years of a skill are asked for, in seven languages."""

from __future__ import annotations

import pytest

from roleclf.annotation.annotate import Annotator


def years(annotator: Annotator, description: str) -> dict[str, float]:
    """Return the years of each skill that has any, by its name."""
    skills = annotator.annotate(None, description).skills
    return {skill.name: skill.years for skill in skills if skill.years is not None}


@pytest.mark.parametrize(
    ("description", "number"),
    [
        pytest.param("5+ years of Python", 5, id="en"),
        pytest.param("Five years' experience with Python", 5, id="en-word"),
        pytest.param("3-5 years of experience in Python", 3, id="en-span"),
        pytest.param("3 to 5 years working with Python", 3, id="en-to"),
        pytest.param("Minimum of three (3) years of Python", 3, id="en-twice"),
        pytest.param("2.5 years of Python", 2.5, id="en-half"),
        pytest.param("Python (4+ years)", 4, id="en-brackets"),
        pytest.param("Python: 4 years", 4, id="en-colon"),
        pytest.param("Python - 4 years", 4, id="en-dash"),
        pytest.param("4 yrs. of Python", 4, id="en-short"),
        pytest.param("Experience in Python of at least 4 years", 4, id="en-behind"),
        pytest.param(
            "6 years with a BSc or 4 years with an MSc, of Python", 4, id="least"
        ),
        pytest.param("10 years in IT, of which 2 years in Python", 2, id="en-of-which"),
        pytest.param("Mindestens 3 Jahre Erfahrung mit Python", 3, id="de"),
        pytest.param("Dreijährige Erfahrung mit Python", 3, id="de-one-word"),
        pytest.param("Erfahrung in Python von mindestens 3 Jahren", 3, id="de-behind"),
        pytest.param("Deux ans d'expérience en Python", 2, id="fr"),
        pytest.param("Une expérience de deux à trois ans en Python", 2, id="fr-span"),
        pytest.param("Mínimo 3 años de experiencia con Python", 3, id="es"),
        pytest.param("Experiencia de al menos dos años en Python", 2, id="es-before"),
        pytest.param("Dois anos de experiência em Python", 2, id="pt"),
        pytest.param(
            "Experiência de pelo menos três anos em Python", 3, id="pt-before"
        ),
        pytest.param("Almeno due anni di esperienza con Python", 2, id="it"),
        pytest.param("Esperienza in Python di almeno 3 anni", 3, id="it-behind"),
        pytest.param("Minimaal vier jaar ervaring met Python", 4, id="nl"),
        pytest.param("3 tot 5 jaar werkervaring met Python", 3, id="nl-span"),
    ],
)
def test_years_of_a_skill(
    annotator: Annotator, description: str, number: float
) -> None:
    assert years(annotator, description) == {"Python": number}


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param(
            "3 years of Python and Scala",
            {"Python": 3, "Scala": 3},
            id="all-of-a-list",
        ),
        pytest.param(
            "5 years of Python and 2 years of Scala",
            {"Python": 5, "Scala": 2},
            id="each-its-own",
        ),
        pytest.param(
            "Python (5 years), Scala (2 years), Docker",
            {"Python": 5, "Scala": 2},
            id="brackets",
        ),
        pytest.param(
            "Python – 5 years, Scala – 2 years", {"Python": 5, "Scala": 2}, id="dashes"
        ),
        pytest.param("5 years of Python. Scala.", {"Python": 5}, id="sentence-ends"),
        pytest.param(
            "5 years of Python, and good knowledge of Scala",
            {"Python": 5},
            id="clause-ends",
        ),
        pytest.param(
            "5 years of Python, ideally with Scala", {"Python": 5}, id="a-wish"
        ),
        pytest.param(
            "5 years of Python.\n3 years of Python.", {"Python": 5}, id="first-counts"
        ),
    ],
)
def test_years_reach_to_the_end_of_their_clause(
    annotator: Annotator, description: str, found: dict[str, float]
) -> None:
    assert years(annotator, description) == found


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("10 years in IT. You know Python.", id="general"),
        pytest.param("10 years of experience, Python, Scala", id="experience-alone"),
        pytest.param("5 years as a data engineer, strong Python", id="profession"),
        pytest.param("For over 25 years we have lived from Python.", id="company"),
        pytest.param("We have run Python for 12 years.", id="company-behind"),
        pytest.param("Over the past 5 years Python has grown.", id="past"),
        pytest.param("Seit über 20 Jahren bauen wir auf Python.", id="de-company"),
        pytest.param("You are 18 years old and know Python.", id="age"),
        pytest.param("Up to 2 years of Python", id="at-most"),
        pytest.param("40 years of Python", id="too-many"),
        pytest.param("Python code that is 10 years old", id="old"),
    ],
)
def test_years_of_no_skill(annotator: Annotator, description: str) -> None:
    assert years(annotator, description) == {}


def test_whole_years_are_ints_in_the_annotation_object(annotator: Annotator) -> None:
    text = "5 years of Python and 1.5 years of Scala; Docker"
    skills = annotator.annotate(None, text).to_dict()["skills"]
    assert [repr(skill.get("years")) for skill in skills] == ["5", "1.5", "None"]
