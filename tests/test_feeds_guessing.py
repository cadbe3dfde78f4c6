"""Postings are found in JSON of unknown format: all of one kind, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from fakes import FakeAnnotator
from feeds import dumped, read, without_annotations
from roleclf.errors import FeedError
from roleclf.feeds import annotate_document
from roleclf.feeds.limits import PIECE
from roleclf.records import Posting

BAKER = {"id": "1", "title": "Baker", "description": "Bread", "place": "Oslo"}
COOK = {"id": "2", "title": "Cook", "description": "Soup", "place": "Bergen"}
COMPANY = {"name": "Quay", "description": "We run ferries.", "id": "9", "logo": "q.png"}
BOTH = [Posting("Baker", "Bread", "1"), Posting("Cook", "Soup", "2")]
TITLES = [{"id": "1", "title": "Baker"}, {"id": "2", "title": "Cook"}]
TITLES_ALONE = [Posting("Baker", None, "1"), Posting("Cook", None, "2")]


@pytest.mark.parametrize(
    ("value", "postings"),
    [
        pytest.param([{"jobs": [BAKER]}, {"jobs": [COOK]}], BOTH, id="a-list-a-page"),
        pytest.param({"Quay": [BAKER], "Pier": [COOK]}, BOTH, id="a-list-a-company"),
        pytest.param(
            {"Quay": [BAKER], "Pier": [{**COOK, "description": ""}]},
            [BOTH[0], Posting("Cook", None, "2")],
            id="a-list-without-texts-beside-one-with",
        ),
        pytest.param(
            {"boards": {"quay": {"jobs": [BAKER]}, "pier": {"jobs": [COOK]}}},
            BOTH,
            id="deep-below-names",
        ),
        pytest.param(
            {"jobs": [BAKER], "news": [{"title": "A pier", "body": "New", "by": "me"}]},
            BOTH[:1],
            id="other-lists-are-left-alone",
        ),
        pytest.param({"1": BAKER, "2": COOK}, BOTH, id="an-object-of-them"),
        pytest.param({"data": BAKER, "ok": True}, BOTH[:1], id="one-below-a-key"),
        pytest.param({"company": COMPANY, "job": BAKER}, BOTH[:1], id="company-first"),
        pytest.param(
            {"items": [{"vacancy": BAKER}, {"vacancy": COOK}]}, BOTH, id="wrapped"
        ),
        pytest.param(
            {"teams": [{"id": "9", "name": "Ovens"}], "postings": TITLES},
            TITLES_ALONE,
            id="titles-beside-names",
        ),
        pytest.param(
            [{"id": "9", "name": "Ovens", "jobs": TITLES}],
            TITLES_ALONE,
            id="titles-below-names",
        ),
        pytest.param(
            {
                "data": [
                    {"id": "1", "attributes": {"title": "Baker", "body": "Bread"}}
                ],
                "included": [{"id": "9", "attributes": {"name": "Ovens"}}],
            },
            BOTH[:1],
            id="alike-but-without-titles",
        ),
        pytest.param(
            {**COMPANY, "jobs": TITLES},
            TITLES_ALONE,
            id="titles-beside-a-company",
        ),
        pytest.param(
            {**BAKER, "similar": TITLES[1:]}, BOTH[:1], id="titles-beside-a-posting"
        ),
        pytest.param(
            {"items": [{"found": TITLES[:1]}, {"found": TITLES[1:]}]},
            TITLES_ALONE,
            id="titles-deep-inside",
        ),
    ],
)
def test_postings_are_found_wherever_they_stand(
    value: Any, postings: list[Posting]
) -> None:
    document = dumped(value)
    assert read(document) == ("json", postings)
    once = str(annotate_document(FakeAnnotator(), document).document)
    assert without_annotations(once) == document
    assert annotate_document(FakeAnnotator(), once).document == once


def test_lists_of_a_large_document_are_found_too() -> None:
    jobs = {"Quay": [{**BAKER, "logo": "x" * PIECE}], "Pier": [COOK]}
    assert read(dumped(jobs)) == ("json", BOTH)


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        pytest.param(
            {
                "questions": [
                    {"label": "Why?", "fields": [{"name": "q", "type": "text"}]}
                ]
            },
            "label, fields",
            id="fields-of-a-form",
        ),
        pytest.param(
            {"ad": {"parts": {"a": {"title": "We", "text": "Ferries"}}}},
            "ad",
            id="sections-of-a-text",
        ),
        pytest.param(
            {"story": 1, "children": [{"author": "me", "text": "Ferro | Baker"}]},
            "author, text",
            id="comments",
        ),
        pytest.param([{"k" * 99: 1}], "k" * 30, id="long-key"),
    ],
)
def test_json_without_postings_is_refused_with_its_keys(value: Any, keys: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(dumped(value))
    assert str(caught.value) == (
        f"feed: has no postings (its objects have {keys}); name titles `title` and "
        "texts `description`, say its format with --format, or use `roleclf classify` "
        "for a table"
    )


def test_an_earlier_annotation_is_no_posting() -> None:
    document = dumped({"stellentitel": "Koch", "beschreibung": "Suppe, Python und SQL"})
    once = str(annotate_document(FakeAnnotator(), document).document)
    assert read(once) == ("json", [Posting("Koch", "Suppe, Python und SQL")])
