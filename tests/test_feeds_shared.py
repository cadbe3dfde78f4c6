"""Real feeds, if there are any, are annotated and otherwise unchanged."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

import roleclf
from feeds import annotations, read, without_annotations, without_elements
from roleclf.feeds import annotate_document

FEEDS = Path(__file__).parents[2] / "shared" / "feeds"
NAMES = sorted(path.name for path in FEEDS.glob("*") if path.suffix != ".md")
FORMAT_BY_NAME = {
    "arbeitnow.json": "arbeitnow",
    "ashby.json": "ashby",
    "deel_jobs_zonos.json": "json",
    "google_jobs_jsonld_zonos.json": "jsonld",
    "greenhouse_helsing.json": "greenhouse",
    "indeed_zonos.xml": "indeed",
    "remoteok.json": "remoteok",
    "remotive.json": "remotive",
    "rss_open_jobs_data_new.xml": "rss",
    "rss_zonos.rss": "rss",
    "weworkremotely_hunt_excerpt.rss": "weworkremotely",
    "workable_detail_sortie_excerpt.json": "workable",
    "workable_list_cairn.json": "workable",
}
N_BY_NAME = {"rss_open_jobs_data_new.xml": 833, "remoteok.json": 4, "ashby.json": 3}
NOTE = "{urn:roleclf:annotation:1}annotation"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not NAMES, reason=f"no feeds at {FEEDS}"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_real_feed_is_annotated_and_else_unchanged(
    name: str, annotator: roleclf.Annotator
) -> None:
    document = (FEEDS / name).read_bytes()
    found = annotate_document(annotator, document, name)
    once = bytes(found.document)  # type: ignore[arg-type]
    postings = read(document)[1]
    assert found.format == FORMAT_BY_NAME.get(name, found.format)
    assert found.postings == len(postings) == N_BY_NAME.get(name, found.postings)
    assert found.postings > 0
    if document.lstrip()[:1] == b"<":
        notes = etree.fromstring(once).findall(f".//{NOTE}")
        problems = [note.find("{*}problem") is not None for note in notes]
        before = without_elements(once.decode())
    else:
        problems = [bool(note["problem"]) for note in annotations(once.decode())]
        before = without_annotations(once.decode())
    assert before.encode() == document
    assert len(problems) == found.postings
    no_text = [not posting.description for posting in postings]
    assert all(wrong for wrong, silent in zip(problems, no_text, strict=True) if silent)
    assert annotate_document(annotator, once, name).document == once


def test_every_format_of_the_notes_was_met() -> None:
    assert set(FORMAT_BY_NAME) <= set(NAMES)
