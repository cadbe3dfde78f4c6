"""Annotate a feed: from document to document, from file to file."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol

from roleclf.errors import FeedError, TableError
from roleclf.feeds.limits import MAX_BYTES, check_size
from roleclf.feeds.reading import AUTO, read_feed
from roleclf.feeds.records import Annotated, Feed
from roleclf.records import Annotation, Posting
from roleclf.tables.records import RequestError
from roleclf.tables.sources import explained, open_bytes, place_of
from roleclf.tables.targets import open_target
from roleclf.texts import BATCH

__all__ = ["Annotator", "annotate_document", "annotate_file"]

_LOG: Final = logging.getLogger(__name__)
_UNREADABLE: Final = "unreadable"

# Role and problem of each posting, counted.
Tally = Counter[tuple[str | None, str | None]]


class Annotator(Protocol):
    """What is asked of a loaded model."""

    def annotate_batch(
        self, postings: Sequence[Posting], problems: Sequence[str | None] | None
    ) -> Sequence[Annotation]:
        """Annotate the postings, in order."""


def annotate_document(
    annotator: Annotator,
    content: str | bytes,
    place: str = "feed",
    format: str = AUTO,  # noqa: A002  (the word of the contract)
) -> Annotated:
    """Return a feed with an annotation in every posting, and what became of them.

    Parameters
    ----------
    annotator : Annotator
        A loaded model.
    content : str or bytes
        The document; it comes back as the same.
    place : str
        What messages call it.
    format : str
        The name of its format; `auto` finds it out.

    Raises
    ------
    FeedError
        If the document cannot be read as a feed.
    """
    feed = read_feed(content, place, format)
    tally = Tally()
    document = content[:0].join(feed.write(_annotations(annotator, feed, tally)))  # type: ignore[arg-type]
    return replace(_outcome(feed, tally, place), document=document)


def annotate_file(
    annotator: Annotator,
    source: str,
    target: str,
    format: str = AUTO,  # noqa: A002
    place: str | None = None,
) -> Annotated:
    """Write the feed `source` to `target` with an annotation in every posting.

    Parameters
    ----------
    annotator : Annotator
        A loaded model.
    source, target : str
        Paths; "-" is stdin or stdout. A target that ends in .gz is compressed.
    format : str
        The name of the format; `auto` finds it out.
    place : str, optional
        What messages call the source; its path without it.

    Raises
    ------
    FeedError
        If the source cannot be read as a feed or the target not be written; then
        there is no new file at the target.
    """
    place = place or place_of(source)
    tally = Tally()
    try:
        # The bytes have no name here, so that they go where only text is needed.
        feed = read_feed(_read(source, place), place, format)
        with open_target(source, target) as stream:
            for piece in feed.write(_annotations(annotator, feed, tally)):
                stream.write(piece)  # type: ignore[arg-type]
    except RequestError:
        raise
    except TableError as error:
        raise FeedError(error.place, error.problem, error.mend) from error
    return _outcome(feed, tally, place)


def _read(source: str, place: str) -> bytes:
    with open_bytes(source) as stream, explained(place):
        content = stream.read(MAX_BYTES + 1)
    check_size(len(content), place)
    return content


def _annotations(
    annotator: Annotator,
    feed: Feed[str] | Feed[bytes],
    tally: Tally,
) -> Iterator[Annotation]:
    """Yield the annotations of a feed, made a batch at a time, and count them."""
    for start in range(0, len(feed.postings), BATCH):
        part = slice(start, start + BATCH)
        for annotation in annotator.annotate_batch(
            feed.postings[part], feed.problems[part]
        ):
            tally[annotation.role, annotation.problem] += 1
            yield annotation


def _outcome(feed: Feed[str] | Feed[bytes], tally: Tally, place: str) -> Annotated:
    tally[None, _UNREADABLE] += feed.unreadable
    if not tally.total():
        _LOG.warning("%s: no postings", place)
    by_problem: Counter[str] = Counter()
    for (_, problem), n in tally.items():
        by_problem.update({problem: n} if problem and n else {})
    return Annotated(
        format=feed.format,
        postings=tally.total(),
        unclassified=sum(n for (role, _), n in tally.items() if role is None),
        postings_by_problem=dict(by_problem.most_common()),
    )
