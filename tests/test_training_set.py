"""Postings are cleaned and cut into words in the way in which they are predicted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from roleclf.training.training_set import check_shares, read_written, tokenize_postings


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


Y = np.array(["baker", "cook"])


def test_half_of_a_posting_is_of_its_label_whatever_its_shares() -> None:
    shares = check_shares([{"cook": 60, "baker": 20, "pilot": 20}, None], Y)
    assert shares is not None
    assert shares.tolist() == [[0.625, 0.375], [0.0, 1.0]]


@pytest.mark.parametrize(
    "shares",
    [
        pytest.param([{}, None], id="empty"),
        pytest.param([{"pilot": 100}, {"baker": None}], id="of-no-label"),
    ],
)
def test_without_shares_a_posting_is_wholly_of_its_label(
    shares: list[dict[str, float] | None],
) -> None:
    found = check_shares(shares, Y)
    assert found is not None
    assert found.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_shares_of_too_few_postings_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^2 postings but 1 shares$"):
        check_shares([None], Y)


@pytest.mark.parametrize("as_frame", [True, False])
def test_written_postings_are_those_of_the_labelled_roles(as_frame: bool) -> None:
    rows = [
        {"description": "<p>Bake</p>", "role": "baker"},
        {"description": "Fly", "role": "pilot"},
    ]
    written = read_written(pd.DataFrame(rows) if as_frame else rows, Y, 0.5)
    assert [text for batch in written.texts for text in batch.texts] == ["Bake"]
    assert written.roles.tolist() == ["baker"]
    assert written.weight.tolist() == [0.5]


def test_nothing_written_is_nothing_to_read() -> None:
    written = read_written(None, Y, 0.5)
    assert (written.texts, len(written.roles), len(written.weight)) == ([], 0, 0)
