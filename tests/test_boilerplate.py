"""Tests of what pages and applications need, which nobody is asked to know."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param(
            "This site uses cookies from Hotjar and Matomo.", [], id="cookies"
        ),
        pytest.param(
            "Unser Shop verwendet Cookies von Hotjar.", [], id="german-cookies"
        ),
        pytest.param("Please enable JavaScript, or try Firefox.", [], id="script"),
        pytest.param(
            "Activez JavaScript dans votre navigateur.", [], id="french-script"
        ),
        pytest.param("The interview takes place on Microsoft Teams.", [], id="talk"),
        pytest.param("Envía tu CV en Microsoft Word o PDF.", [], id="spanish-cv"),
        pytest.param("Send a CV to us if you know SQL.", ["SQL"], id="cv-and-tool"),
        pytest.param("You know JavaScript and SQL.", ["JavaScript", "SQL"], id="asked"),
        pytest.param(
            "Apply via our page. SQL is a must.", ["SQL"], id="another-sentence"
        ),
    ],
)
def test_boilerplate_names_no_tool(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found
