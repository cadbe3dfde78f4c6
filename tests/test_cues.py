"""Context cues: their scope, negation, fields of study, and what is no skill."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator
from roleclf.skills.cues import cue_phrases


def needs(annotator: Annotator, description: str) -> dict[str, str]:
    return {s.id: s.need for s in annotator.annotate(None, description).skills}


@pytest.mark.parametrize(
    ("description", "need"),
    [
        pytest.param("No Python needed.", "mentioned", id="no"),
        pytest.param("No prior Python experience required", "mentioned", id="no-prior"),
        pytest.param("No experience with Python required", "mentioned", id="with"),
        pytest.param("You do not need Python.", "mentioned", id="do-not"),
        pytest.param("Requirements\nno Python needed", "mentioned", id="in-section"),
        pytest.param("Nice to have\nno Python needed", "mentioned", id="in-wishes"),
        pytest.param("No Python required, but a plus", "preferred", id="a-plus"),
        pytest.param("There is no doubt: Python.", "required", id="no-what"),
        pytest.param("No experience? No problem. Python.", "required", id="sentence"),
        pytest.param("You know Python, ideally.", "preferred", id="ideally-behind"),
        pytest.param("Python, ideally\nand more", "preferred", id="ideally-at-end"),
        pytest.param("Python and, ideally, SQL", "required", id="ideally-between"),
        pytest.param("Ideally you know Python.", "preferred", id="ideally-before"),
        pytest.param("Clouds (AWS preferred), Python", "required", id="brackets"),
        pytest.param("Tools (ideally Python), SQL", "preferred", id="in-brackets"),
        pytest.param("Tools (ideally SQL) and Python", "required", id="behind-them"),
        pytest.param("Know Python (preferred).", "preferred", id="alone-in-brackets"),
        pytest.param("Required: Python Preferred: SQL", "required", id="colon"),
        pytest.param("Required: SQL Preferred: Python", "preferred", id="behind-colon"),
        pytest.param("Python (all of it) is a plus", "preferred", id="other-brackets"),
    ],
)
def test_need(annotator: Annotator, description: str, need: str) -> None:
    assert needs(annotator, description)["python"] == need


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("A degree in statistics", [], id="degree"),
        pytest.param(
            "A degree in a field such as data science, physics, engineering, computer "
            "science, law, medicine, biology or economics",
            [],
            id="a-long-list",
        ),
        pytest.param("MSc in data analysis", [], id="any-skill"),
        pytest.param("A degree in baking using Python", ["Python"], id="no-tool"),
        pytest.param("Good at statistics", ["statistics"], id="no-degree"),
        pytest.param(
            "A degree and years of machine learning", ["machine learning"], id="years"
        ),
        pytest.param(
            "A degree. You like statistics.", ["statistics"], id="next-sentence"
        ),
        pytest.param(
            "master data management, metadata",
            ["master data management", "metadata"],
            id="a-master-of-another-kind",
        ),
        pytest.param(
            "MS SQL, data modeling", ["MS SQL", "data modeling"], id="microsoft"
        ),
        pytest.param("a high degree of AI", ["AI"], id="a-degree-of"),
    ],
)
def test_a_field_of_study_is_no_skill(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("SQL, reporting to the CEO", ["SQL"], id="a-superior"),
        pytest.param("SQL, reporting", ["SQL", "reporting"], id="reports"),
        pytest.param("We like Stitch Fix, SQL", ["SQL"], id="a-shop"),
        pytest.param("Fivetran, Stitch, SQL", ["Fivetran", "Stitch", "SQL"], id="elt"),
    ],
)
def test_a_phrase_that_is_not_a_skill_hides_the_names_in_it(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


def test_no_category_lists_a_cue_twice() -> None:
    for phrases in cue_phrases().values():
        assert len(set(phrases)) == len(phrases)
