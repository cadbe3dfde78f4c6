"""Common feed libraries read annotated feeds, and see what was added."""

from __future__ import annotations

import json
from typing import Any

import extruct
import feedparser
import jsonfeed
import pytest
from jsonschema import Draft202012Validator

from fakes import FakeAnnotator
from feeds import HTML, JOB, SAMPLES, dumped, page
from roleclf.feeds import annotate_document

# JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/: what must be there, and that
# keys of one's own begin with an underscore. Written here, since the validator on
# PyPI (jsonfeedvalidator) is a preview of version 1; jsonfeed-util reads 1.1.
ITEM_KEYS = (
    "id|url|external_url|title|content_html|content_text|summary|image|banner_image|"
    "date_published|date_modified|authors|author|tags|language|attachments"
)
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [
                    {"required": ["content_html"]},
                    {"required": ["content_text"]},
                ],
                "properties": {
                    "id": {"type": "string"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
                "patternProperties": {"^_[a-zA-Z]": {"type": "object"}},
                "propertyNames": {"pattern": f"^(?:{ITEM_KEYS}|_[a-zA-Z]\\w*)$"},
            },
        },
    },
}


def noted(document: Any) -> Any:
    return annotate_document(FakeAnnotator(), document).document


def entries(document: bytes) -> list[Any]:
    found = feedparser.parse(document)
    assert not found.bozo
    return list(found.entries)


@pytest.mark.parametrize("format_", ["rss", "weworkremotely", "teamtailor", "atom"])
def test_feedparser_reads_the_same_and_a_category(format_: str) -> None:
    for sample in SAMPLES:
        if sample.format != format_:
            continue
        before = entries(sample.document.encode())
        after = entries(noted(sample.document.encode()))
        for old, new in zip(before, after, strict=True):
            old_tags, new_tags = old.get("tags", []), new.get("tags", [])
            assert old_tags == [t for t in new_tags if t.scheme != "urn:roleclf:role"]
            (ours,) = (t for t in new_tags if t.scheme == "urn:roleclf:role")
            assert ours.term in {"data_engineer", "other"}
            for key in ("title", "summary", "id", "link"):
                assert old.get(key) == new.get(key)


def test_extruct_reads_the_postings_of_a_page() -> None:
    document = page(
        dumped({"@context": "https://schema.org", "@type": "JobPosting", **JOB}),
        dumped({"@context": "https://schema.org", "@type": "Organization"}),
    )
    before = extruct.extract(document, syntaxes=["json-ld"])["json-ld"]
    after = extruct.extract(noted(document), syntaxes=["json-ld"])["json-ld"]
    added = {"_roleclf", "occupationalCategory", "skills"}
    assert before == [
        {key: value for key, value in node.items() if key not in added}
        for node in after
    ]
    assert after[0]["_roleclf"]["role"] == "data_engineer"
    assert [c["codeValue"] for c in after[0]["occupationalCategory"]] == [
        "data_engineer",
        "15-1243.01",
    ]
    assert [skill["termCode"] for skill in after[0]["skills"]] == ["sql"]


def json_feed() -> str:
    items = [
        {"id": "1", "title": "Data Engineer", "content_html": HTML},
        {"id": "2", "content_text": "Bread", "tags": ["bread"]},
    ]
    version = "https://jsonfeed.org/version/1.1"
    return dumped({"version": version, "title": "Jobs", "items": items})


def test_a_json_feed_stays_valid() -> None:
    document = json_feed()
    validator = Draft202012Validator(JSON_FEED)
    validator.validate(json.loads(document))
    found = json.loads(noted(document))
    validator.validate(found)
    assert [item["tags"] for item in found["items"]] == [
        ["data_engineer"],
        ["bread", "other"],
    ]


def test_jsonfeed_reads_the_same_and_a_tag() -> None:
    document = json_feed()
    before = jsonfeed.Feed.parse_string(document)
    after = jsonfeed.Feed.parse_string(noted(document))
    assert [item.tags for item in after.items] == [
        ["data_engineer"],
        ["bread", "other"],
    ]
    for old, new in zip(before.items, after.items, strict=True):
        new.tags = old.tags
    assert after.to_json() == before.to_json()
