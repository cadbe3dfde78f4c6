"""The employer's own name, and the names of other companies."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator
from roleclf.records import Posting


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("At Snowflake, we bake bread.", id="at"),
        pytest.param("About Snowflake\nWe bake bread.", id="about"),
        pytest.param("You love working at Snowflake.", id="working-at"),
        pytest.param("Snowflake is committed to bread.", id="committed"),
        pytest.param("Snowflake was founded by bakers.", id="founded"),
        pytest.param("This is Snowflake's mission.", id="possessive"),
        pytest.param("Join Snowflake.\nPeople like Snowflake.", id="and-later"),
        pytest.param("Snowflake is the home of bread.", id="first-of-all"),
        pytest.param(
            "About us\nSnowflake helps bakers.\nHi, Snowflake.", id="said-of-it"
        ),
        pytest.param("Customers like Coca and Snowflake bake.", id="a-customer"),
        pytest.param("We are backed by Snowflake.", id="an-investor"),
    ],
)
def test_a_company_is_no_tool(annotator: Annotator, description: str) -> None:
    assert mentions(annotator, description) == []


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("We store it in Snowflake.", ["Snowflake"], id="a-tool"),
        pytest.param("Look at Snowflake.", ["Snowflake"], id="lower-case-at"),
        pytest.param("Snowflake is a plus.", ["Snowflake"], id="a-plus"),
        pytest.param("We bake.\nSnowflake is a store.", ["Snowflake"], id="not-first"),
        pytest.param(
            "We use Snowflake.\nJoin Snowflake.", ["Snowflake"], id="before-it"
        ),
        pytest.param(
            "Join Snowflake.\nYou know Snowflake.", ["Snowflake"], id="asked-for"
        ),
        pytest.param(
            "Join Snowflake.\nWe run dbt, Snowflake.", ["dbt", "Snowflake"], id="listed"
        ),
        pytest.param("Join us. Python helps.", ["Python"], id="other-words"),
        pytest.param("Customers like Coca; we run Python.", ["Python"], id="language"),
    ],
)
def test_a_tool_of_that_name_is(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


def found_at(annotator: Annotator, employer: str, description: str) -> list[str]:
    """Return the texts of the mentions in a posting of an employer."""
    skills = annotator.annotate(None, description, employer).skills
    found = [(m.start, m.text) for skill in skills for m in skill.mentions]
    return [text for _, text in sorted(found)]


@pytest.mark.parametrize(
    ("employer", "description", "found"),
    [
        pytest.param("Snowflake", "Wir bei Snowflake backen.", [], id="whole"),
        pytest.param("Snowflake, Inc.", "Snowflake wächst.", [], id="legal-form"),
        pytest.param("Snowflake S.p.A.", "Snowflake cresce.", [], id="with-dots"),
        pytest.param("SNOWFLAKE GMBH & Co. KG", "Snowflake wächst.", [], id="capitals"),
        pytest.param("Tableau Software", "Tableau bakes bread.", [], id="general-word"),
        pytest.param("Amazon Web Services (AWS)", "AWS bakes.", [], id="brackets"),
        pytest.param("Spark Energy", "Spark Energy sells gas.", [], id="inside-it"),
        pytest.param("Spark Energy", "We run Spark.", ["Spark"], id="a-part-is-a-tool"),
        pytest.param(
            "Machine Learning Barn Ltd",
            "Machine Learning Barn bakes. You know machine learning.",
            ["machine learning"],
            id="a-skill-inside-it",
        ),
        pytest.param(
            "Snowflake",
            "Requirements:\nSnowflake offers you a pension.",
            [],
            id="subject-among-requirements",
        ),
        pytest.param(
            "Snowflake",
            "Requirements:\n- Snowflake administration",
            ["Snowflake"],
            id="item-among-requirements",
        ),
        pytest.param(
            "Snowflake",
            "Snowflake grows. You have experience with Snowflake.",
            ["Snowflake"],
            id="asked-for",
        ),
        pytest.param(
            "Snowflake", "We run dbt, Snowflake.", ["dbt", "Snowflake"], id="listed"
        ),
        pytest.param(
            "Snowflake GmbH", "We use Databricks.", ["Databricks"], id="other-tool"
        ),
        pytest.param("GmbH", "We use Databricks.", ["Databricks"], id="no-name"),
        pytest.param(
            "Ferro",
            "Snowflake is the store.\nWe use Snowflake.",
            ["Snowflake", "Snowflake"],
            id="no-guess",
        ),
    ],
)
def test_a_known_employer_is_no_skill(
    annotator: Annotator, employer: str, description: str, found: list[str]
) -> None:
    assert found_at(annotator, employer, description) == found


def test_an_employer_is_known_in_its_own_posting_only(annotator: Annotator) -> None:
    text = "Wir bei Snowflake backen."
    batch = [
        {"description": text, "employer": "Snowflake AG"},
        {"description": text},
        Posting(description=text, employer="Snowflake"),
        {"description": text, "employer": None},
    ]
    found = [len(row.skills) for row in annotator.annotate_many(batch)]
    assert found == [0, 1, 0, 1]


def test_a_company_is_one_in_its_own_posting_only(annotator: Annotator) -> None:
    batch = [{"description": f"{start} Snowflake."} for start in ("Join", "We love")]
    assert [len(row.skills) for row in annotator.annotate_many(batch)] == [0, 1]
