"""Postings without a label are labelled by the roles that their titles name."""

from __future__ import annotations

import pytest

from roleclf.model.titles import TitleRule
from roleclf.taxonomy import load_taxonomy
from roleclf.training.weak_labels import label_by_title, weak_titles

RULE = TitleRule({"cook": ["cook|chef"], "baker": ["baker"]})
ENGLISH = "You are the one who bakes the bread that we sell to all of our customers"
SWEDISH = "Du är den som bakar det bröd som vi säljer till alla våra kunder och vänner"


def test_postings_are_labelled_by_their_titles() -> None:
    rows = [
        {"title": "Baker", "description": ENGLISH},
        {"title": "Chef", "description": SWEDISH},
        {"title": "Pilot", "description": ENGLISH},
        {"title": "Cook and Baker", "description": ENGLISH},
    ]
    weak = label_by_title(rows, RULE, ("en",), 10, 0)
    assert weak.title_roles.tolist() == ["baker", "cook", "other"]
    titles = [title for batch in weak.titles for title in batch.texts]
    assert titles == ["Baker", "Chef", "Pilot"]
    assert weak.text_roles.tolist() == ["baker", "", "other"]
    assert sum(len(batch.texts) for batch in weak.texts) == 3


def test_texts_of_a_role_are_no_more_than_asked_for_and_titles_are_all() -> None:
    rows = [{"title": "Baker", "description": ENGLISH}] * 9
    weak = label_by_title(rows, RULE, ("en",), 4, 0)
    assert (len(weak.text_roles), len(weak.title_roles)) == (4, 9)


def test_the_market_is_the_mix_that_titles_name() -> None:
    titles = ["Baker"] * 6 + ["Pilot"] * 3
    rows = [{"title": title, "description": ENGLISH} for title in titles]
    market = label_by_title(rows, RULE, ("en",), 10, 0).market(
        ["baker", "cook", "other"]
    )
    assert market == {"baker": 0.6, "cook": 0.1, "other": 0.3}


def test_without_unlabelled_postings_there_is_no_market() -> None:
    weak = label_by_title(None, RULE, ("en",), 10, 0)
    assert weak.market(["baker"]) is None
    assert (len(weak.texts), len(weak.titles)) == (0, 0)


def test_names_of_roles_are_weak_titles() -> None:
    weak = label_by_title([{"title": "Pilot"}], RULE, ("en",), 10, 0)
    titles, roles, weight = weak_titles(
        weak, load_taxonomy(), title_weight=0.1, name_weight=3.0
    )
    texts = [text for batch in titles for text in batch.texts]
    taught = list(zip(texts, roles.tolist(), weight.tolist(), strict=True))
    assert taught[0] == ("Pilot", "other", pytest.approx(0.1))
    # Each name stands twice, and weighs what it should in all.
    assert taught.count(("ML engineer", "ml_engineer", 1.5)) == 2
