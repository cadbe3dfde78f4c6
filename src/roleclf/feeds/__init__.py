"""Recruiter feeds: a document comes in, and the same document goes out, annotated.

In: JSON, XML or an HTML page with postings. Out: the same bytes but for the additions.
Must not know: how a posting is annotated; formats differ by their rows in
`formats.yaml` alone.

A feed travels so:

    content      its bytes; a file is copied, and seen through an mmap  `content`
    family       JSON, XML or page, by the first characters       `reading`
    format       a row of the table, by the shape                 `formats.yaml`
    places       where each posting stands in the document        `finding`, `xmlscan`
    postings     title, text, id, read at the row's paths         `fields`, `titles`
    parts        a piece of the document and the postings in it   `records`
    annotations  `annotate_batch`, as for any posting             `annotating`
    edits        what is put in or taken out, and where           `additions`
    document     the same, but for the edits                      `edits`

All is read twice. The first time says whether the document is whole, of which
format, and how its titles are put together; nothing is written before. The second
time yields the parts, which are annotated in batches and written one by one, so that
memory holds a batch and never the document. XML goes through expat in chunks; of
JSON what is larger than a piece is taken apart (`jsonscan`, `jsontree`), and the rest
decoded. Pages, and JSON in UTF-16 or UTF-32, are one part, and are read as a whole.

A document is never written anew: what is added is put in at its place, and all else
stays as it is, byte for byte, in JSON, XML and HTML alike. What an earlier run added
is taken out first, so that annotating twice is annotating once. Formats differ by
their rows in the table alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.feeds.annotating import annotate_document, annotate_file
from roleclf.feeds.in_memory import annotate_feed
from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.feeds.records import Annotated
    from roleclf.feeds.watch.durations import format_duration, parse_duration
    from roleclf.feeds.watch.polling import PollOutcome
    from roleclf.feeds.watch.records import WatchOptions
    from roleclf.feeds.watch.session import watch_feeds

__all__ = [
    "Annotated",
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
        "Annotated": "records",
        "PollOutcome": "watch.polling",
        "WatchOptions": "watch.records",
        "format_duration": "watch.durations",
        "parse_duration": "watch.durations",
        "watch_feeds": "watch.session",
    },
)
