"""What is learned from: cells cleaned and cut, unlabelled postings and their titles."""

from __future__ import annotations

import pytest

from roleclf.model.titles import TitleRule
from roleclf.taxonomy import load_taxonomy
from roleclf.training.training_set import (
    read_unlabelled,
    titles_to_learn,
    tokenize_postings,
)

RULE = TitleRule({"cook": ["cook|chef"], "baker": ["baker"]})
ENGLISH = "You are the one who bakes the bread that we sell to all of our customers"
SWEDISH = "Du är den som bakar det bröd som vi säljer till alla våra kunder och vänner"


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


def test_unlabelled_postings_teach_by_what_their_titles_name() -> None:
    rows = [
        {"title": "Baker", "description": ENGLISH},
        {"title": "Chef", "description": SWEDISH},
        {"title": "Pilot", "description": ENGLISH},
        {"title": "Cook and Baker", "description": ENGLISH},
    ]
    more = read_unlabelled(rows, RULE, ("en",), 10, 0)
    assert more.title_roles.tolist() == ["baker", "cook", "other"]
    titles = [title for batch in more.titles for title in batch.texts]
    assert titles == ["Baker", "Chef", "Pilot"]
    assert more.text_roles.tolist() == ["baker", "", "other"]
    assert sum(len(batch.texts) for batch in more.texts) == 3


def test_texts_of_a_role_are_no_more_than_asked_for_and_titles_are_all() -> None:
    rows = [{"title": "Baker", "description": ENGLISH}] * 9
    more = read_unlabelled(rows, RULE, ("en",), 4, 0)
    assert (len(more.text_roles), len(more.title_roles)) == (4, 9)


def test_the_market_is_the_mix_that_titles_name() -> None:
    titles = ["Baker"] * 6 + ["Pilot"] * 3
    rows = [{"title": title, "description": ENGLISH} for title in titles]
    market = read_unlabelled(rows, RULE, ("en",), 10, 0).market(
        ["baker", "cook", "other"]
    )
    assert market == {"baker": 0.6, "cook": 0.1, "other": 0.3}


def test_without_unlabelled_postings_there_is_no_market() -> None:
    more = read_unlabelled(None, RULE, ("en",), 10, 0)
    assert more.market(["baker"]) is None
    assert (len(more.texts), len(more.titles)) == (0, 0)


def test_names_of_the_taxonomy_are_titles_to_learn() -> None:
    more = read_unlabelled([{"title": "Pilot"}], RULE, ("en",), 10, 0)
    titles, roles, weight = titles_to_learn(more, load_taxonomy(), (0.1, 3.0))
    texts = [text for batch in titles for text in batch.texts]
    taught = list(zip(texts, roles.tolist(), weight.tolist(), strict=True))
    assert taught[0] == ("Pilot", "other", pytest.approx(0.1))
    # Each name stands twice, and weighs what it should in all.
    assert taught.count(("ML engineer", "ml_engineer", 1.5)) == 2
