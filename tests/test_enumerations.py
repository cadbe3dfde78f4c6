"""Ambiguous names in enumerations, and behind or before words that ask for a tool."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("python,c,java", ["python", "c", "java"], id="commas"),
        pytest.param("sql/spark/hive", ["sql", "spark", "hive"], id="slashes"),
        pytest.param("python, r and go.", ["python", "r", "go"], id="one-by-one"),
        pytest.param("- sql\n- r\n- go", ["sql", "r", "go"], id="a-line-each"),
        pytest.param("(Zapier, Make, n8n)", ["Zapier", "Make", "n8n"], id="brackets"),
        pytest.param("AWS, Azure, Google", ["AWS", "Azure", "Google"], id="clouds"),
        pytest.param("Python,\nGo, SQL", ["Python", "Go", "SQL"], id="wrapped"),
        pytest.param("(Claude, Cursor)", ["Claude", "Cursor"], id="two-doubtful"),
        pytest.param("CI/CD, security", ["CI/CD", "security"], id="skills"),
    ],
)
def test_items_of_a_list_count(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("We use python, go far.", ["python"], id="a-verb"),
        pytest.param("With sql, excel at it.", ["sql"], id="another-verb"),
        pytest.param("Know SQL. Make it fast.", ["SQL"], id="a-sentence"),
        pytest.param("Docker\nMake things better.", ["Docker"], id="a-bullet"),
        pytest.param("SQL is what Google uses.", ["SQL"], id="a-company"),
        pytest.param("vitamins a, b, c", [], id="no-tool"),
        pytest.param("SQL, Teams of ten", ["SQL"], id="teams"),
        pytest.param("Access and Go far.", [], id="one-doubtful-and-a-verb"),
        pytest.param("health, security and fun", [], id="a-good-life"),
        pytest.param("CI/CD, security guards", ["CI/CD"], id="guards"),
    ],
)
def test_a_word_that_only_looks_like_an_item_does_not_count(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("Experience with R.", ["R"], id="before"),
        pytest.param("Advanced Excel skills", ["Excel"], id="behind"),
        pytest.param("You plot in R or better", ["R"], id="around"),
        pytest.param("Fluent in Go and English", ["Go"], id="and"),
        pytest.param("We seek Go developers.", ["Go"], id="people"),
    ],
)
def test_a_name_that_is_asked_for_counts(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("Experience with R&D teams.", id="r-and-d"),
        pytest.param("Experience in Go to Market plans", id="goes-on"),
        pytest.param("Experience with Access rights", id="another-thing"),
        pytest.param("Excel in what you do.", id="verb"),
        pytest.param("Experience with Project managers", id="only-in-lists"),
    ],
)
def test_a_longer_name_is_not_asked_for(annotator: Annotator, description: str) -> None:
    assert mentions(annotator, description) == []


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        pytest.param(("We write python", "go, far"), [["python"], []], id="comma"),
        pytest.param(("CI/CD, Networking (", "and"), [["ci_cd"], []], id="and-behind"),
        pytest.param(("SQL and", " Go, we do"), [["sql"], []], id="and-before"),
    ],
)
def test_a_list_ends_with_its_text(
    annotator: Annotator, texts: tuple[str, ...], found: list[list[str]]
) -> None:
    rows = annotator.annotate_many([{"description": text} for text in texts])
    assert [[skill.id for skill in row.skills] for row in rows] == found
