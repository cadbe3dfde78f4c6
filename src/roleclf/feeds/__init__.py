"""Recruiter feeds: read postings from a document, and write annotations into it.

In: JSON, JSON Lines, XML or an HTML page with postings. Out: the same bytes with
annotations inserted. Must not know: how a posting is annotated.

To read a new feed, add a row to `formats.yaml`; its head says what each key means. Code
is needed only for another family than JSON, XML and pages with JSON-LD, for a place of
its own for skills (`json_native_fields`), or for a new shape of titles (`titles`). A
document passes through these modules:

    document_bytes          its bytes; a file is copied to disk and mapped into memory
    reading                 JSON, XML or HTML, by the first characters
    json_reader             JSON: postings found by `json_postings` or `json_guessing`
    xml_reader              XML: postings found by `xml_scanner`, after `xml_repair` has
                            repaired errors that feeds often have
    html_reader             a page: `json_reader` on each of its JSON-LD scripts
    formats, fields         title, text, id at the paths of the format's row
    titles                  the role, where titles name company and place too
    document_parts          pieces of the document, each with its postings
    annotating              a batch of postings at a time to the model
    json_, xml_additions    what is inserted, and what an earlier run inserted

It is read twice: first to check all of it and to detect format and titles, before
anything is written; then to annotate it part by part, so that memory holds a batch and
not the document. Only pages, and JSON in UTF-16 or UTF-32, are read as a whole.

Why it has its own readers on top of `json` and expat: an insertion needs the byte at
which a posting stands, in a document that is read in pieces. Of the libraries for JSON,
XML and HTML, each tried with what the tests of this package hold:

    ijson 3.6         no positions; refuses NaN and control characters, read here
    msgspec 0.23      no positions; refuses these, and lone surrogates; not in pieces
    lxml 6.1          lines only; writing changes quotes, blanks and references
    feedparser 6.0    no positions; RSS and Atom only; 172 MiB for a feed of 60 MB
    extruct 0.18      no positions; fails on JSON-LD with a trailing semicolon
    tree-sitter 0.26  positions, but takes 36 times the memory of the document
    html.parser       15 s for 64 kB of unclosed tags: time grows with their square
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.feeds.annotating import (
        AnnotatedFeed,
        annotate_document,
        annotate_feed,
        annotate_file,
    )
    from roleclf.feeds.watch.durations import format_duration, parse_duration
    from roleclf.feeds.watch.polling import PollOutcome
    from roleclf.feeds.watch.records import WatchOptions
    from roleclf.feeds.watch.session import watch_feeds

__all__ = [
    "AnnotatedFeed",
    "PollOutcome",
    "WatchOptions",
    "annotate_document",
    "annotate_feed",
    "annotate_file",
    "format_duration",
    "parse_duration",
    "watch_feeds",
]

# Annotating one feed needs nothing of what watches many.
__getattr__ = loader(
    __name__,
    {
        "AnnotatedFeed": "annotating",
        "PollOutcome": "watch.polling",
        "WatchOptions": "watch.records",
        "annotate_document": "annotating",
        "annotate_feed": "annotating",
        "annotate_file": "annotating",
        "format_duration": "watch.durations",
        "parse_duration": "watch.durations",
        "watch_feeds": "watch.session",
    },
)
