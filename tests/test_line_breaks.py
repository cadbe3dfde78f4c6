"""Tests of phrases across line ends: wrapped text matches, list items do not."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator

WRAPPED = "Somebody who wraps lines at about so many columns writes"


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("machine\nlearning", ["machine\nlearning"], id="lower-case"),
        pytest.param("SAS\nSQL", ["SAS", "SQL"], id="two-items"),
        pytest.param("Data\nEngineering", [], id="words-of-two-items"),
        pytest.param(
            f"{WRAPPED} Machine\nLearning so.", ["Machine\nLearning"], id="no-room"
        ),
        pytest.param(
            f"{WRAPPED} {WRAPPED} no more.\n{WRAPPED} Spark\nSQL",
            ["Spark", "SQL"],
            id="room-on-the-line",
        ),
        pytest.param("reports in Power\nBI, and", ["Power\nBI"], id="in-a-sentence"),
        pytest.param("moved to Azure Data\nLake last", ["Azure Data\nLake"], id="long"),
        pytest.param("services, SQL\nServer rooms", ["SQL"], id="behind-a-comma"),
        pytest.param("we use SQL\nServer Rooms", ["SQL"], id="before-a-capital"),
        pytest.param("SQL\nServer rooms", ["SQL"], id="line-of-its-own"),
        pytest.param(
            "our services\nDesign reviews, too", ["Design reviews"], id="small-letter"
        ),
    ],
)
def test_a_phrase_crosses_a_line_end_only_where_text_is_wrapped(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found
