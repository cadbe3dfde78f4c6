"""Tests of versions that are glued to the names of tools."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("Java17 and React18", ["Java17", "React18"], id="words"),
        pytest.param("Spring Boot3", ["Spring Boot3"], id="last-word-of-a-phrase"),
        pytest.param("Kafka3.6, Postgres16", ["Kafka3", "Postgres16"], id="dotted"),
        pytest.param("We use .NET8 daily", ["NET8"], id="net"),
        pytest.param("We use ASP.NET8 daily", ["ASP.NET8"], id="asp-net"),
        pytest.param("Java17/Python3.11", ["Java17", "Python3"], id="slash"),
        pytest.param("Java17+ or Oracle19c", ["Java17+", "Oracle19c"], id="suffix"),
        pytest.param("Python, Go1.22", ["Python", "Go1"], id="two-letters-and-a-dot"),
        pytest.param("SQL, Node.js20", ["SQL", "Node.js20"], id="behind-a-dot"),
        pytest.param("written in C#12, C++20", ["C#12", "C++20"], id="marks"),
        pytest.param("our AI2 team", [], id="two-letters"),
        pytest.param("K8s and EC2", ["K8s", "EC2"], id="digits-of-the-name"),
        pytest.param("Room R4 on level C3", [], id="letters"),
        pytest.param("The year2024 and abc123", [], id="other-words"),
    ],
)
def test_a_tool_is_read_without_its_version(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("Requirements\n- Go\n- Patience", ["Go"], id="item"),
        pytest.param("Requirements\n- Go to market\n- Patience", [], id="more-words"),
        pytest.param("Benefits\n- Go\n- Patience", [], id="another-section"),
        pytest.param("Requirements\n- go\n- Patience", [], id="lower-case"),
        pytest.param("Stack\n- Go\n- R\n- SQL", ["Go", "R", "SQL"], id="above-another"),
        pytest.param("Go\nPython is great", ["Go", "Python"], id="above-a-line"),
    ],
)
def test_a_short_name_counts_as_an_item_of_requirements(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found
