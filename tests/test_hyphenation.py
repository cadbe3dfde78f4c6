"""What a line end does to the phrases about it."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator

WRAPPED = "Somebody who wraps lines at about so many columns writes"


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("We like real-\ntime analytics.", ["real-\ntime analytics"]),
        pytest.param("We use scikit-\nlearn.", ["scikit-\nlearn"]),
        pytest.param("The Spring eco-\nsystem.", ["Spring eco-\nsystem"]),
    ],
)
def test_a_hyphen_before_a_line_end_is_a_hyphen(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("Kuber-\nnetes and SQL", ["Kuber-\nnetes", "SQL"], id="broken"),
        pytest.param("PyTorch, Post-\ngreSQL", ["PyTorch", "Post-\ngreSQL"], id="end"),
        pytest.param("Kuber\nnetes and SQL", ["SQL"], id="no-hyphen"),
        pytest.param("Kuber- netes and SQL", ["SQL"], id="no-line-end"),
        pytest.param("Kuber-\n- netes and SQL", ["SQL"], id="a-list"),
    ],
)
def test_a_hyphen_before_a_line_end_breaks_a_word(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


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
    ],
)
def test_a_phrase_runs_over_a_line_end_that_had_to_be(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found
