"""The employer's own name, and the names of other companies."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator


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


def test_a_company_is_one_in_its_own_posting_only(annotator: Annotator) -> None:
    batch = [{"description": f"{start} Snowflake."} for start in ("Join", "We love")]
    assert [len(row.skills) for row in annotator.annotate_many(batch)] == [0, 1]
