"""Tests of phrases across hyphens at line ends."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("We like real-\ntime analytics.", ["real-\ntime analytics"]),
        pytest.param("We use scikit-\nlearn.", ["scikit-\nlearn"]),
        pytest.param("The Spring eco-\nsystem.", ["Spring eco-\nsystem"]),
    ],
)
def test_a_hyphenated_phrase_is_found_across_a_line_end(
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
def test_a_word_broken_by_a_hyphen_is_found(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found
