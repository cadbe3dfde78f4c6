"""Postings are cleaned and cut into words in the way in which they are predicted."""

from __future__ import annotations

import pytest

from roleclf.training.training_set import tokenize_postings


def test_postings_are_cleaned_and_cut_in_batches() -> None:
    rows = [{"title": "A &amp; B", "description": f"<p>No {i}</p>"} for i in range(600)]
    texts, titles = tokenize_postings(rows)
    assert [len(batch.texts) for batch in texts] == [512, 88]
    assert [text for batch in texts for text in batch.texts] == [
        f"No {i}" for i in range(600)
    ]
    assert {text for batch in titles for text in batch.texts} == {"A & B"}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({}, id="neither"),
        pytest.param({"title": None, "description": None}, id="none"),
        pytest.param({"title": float("nan"), "description": ""}, id="missing"),
    ],
)
def test_a_missing_field_is_empty(row: dict[str, object]) -> None:
    texts, titles = tokenize_postings([row])
    assert [list(batch.texts) for batch in (*texts, *titles)] == [[""], [""]]


def test_a_number_is_read_as_when_it_is_judged() -> None:
    texts, titles = tokenize_postings([{"title": 7, "description": 3.5}])
    assert [list(batch.texts) for batch in (*texts, *titles)] == [["3.5"], ["7"]]
