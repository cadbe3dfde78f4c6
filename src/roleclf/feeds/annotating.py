"""Annotate a feed: from document to document, from file to file."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import tee
from typing import Final, NamedTuple, Protocol

from roleclf.errors import FeedError, RequestError, TableError
from roleclf.feeds.content import Content, copied
from roleclf.feeds.edits import rewritten
from roleclf.feeds.reading import AUTO, read_feed
from roleclf.feeds.records import Annotated, DocumentPart, Feed
from roleclf.records import Annotation, Posting
from roleclf.tables import (
    Progress,
    in_batches,
    open_bytes,
    open_target,
    place_of,
    table_errors,
)

__all__ = ["Annotator", "annotate_document", "annotate_file"]

_LOG: Final = logging.getLogger(__name__)
_UNREADABLE: Final = "unreadable"

# Role and problem of each posting, counted.
Tally = Counter[tuple[str | None, str | None]]
Report = Callable[[Progress], None]


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
    document = Content.of(content)
    feed = read_feed(document, place, format)
    tally = Tally()
    written = b"".join(_written(annotator, feed, document, tally))
    said: str | bytes = written
    if document.is_text:
        said = written.decode("utf-8", document.errors)
    return replace(_outcome(feed, tally, place), document=said)


def annotate_file(
    annotator: Annotator,
    source: str,
    target: str,
    format: str = AUTO,  # noqa: A002
    place: str | None = None,
    report: Report | None = None,
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
    report : callable, optional
        Is told how far it is after each batch.

    Raises
    ------
    FeedError
        If the source cannot be read as a feed or the target not be written; then
        there is no new file at the target.
    """
    place = place or place_of(source)
    tally = Tally()
    try:
        with _opened(source, place) as document:
            feed = read_feed(document, place, format)
            with open_target(source, target) as stream:
                for piece in _written(annotator, feed, document, tally, report):
                    stream.write(piece)
    except RequestError:
        raise
    except TableError as error:
        raise FeedError(error.place, error.problem, error.mend) from error
    return _outcome(feed, tally, place)


@contextmanager
def _opened(source: str, place: str) -> Iterator[Content]:
    with ExitStack() as stack:
        with open_bytes(source) as stream, table_errors(place):
            document = stack.enter_context(copied(stream, place))
        yield document


def _written(
    annotator: Annotator,
    feed: Feed,
    document: Content,
    tally: Tally,
    report: Report | None = None,
) -> Iterator[bytes]:
    """Yield the document with an annotation in every posting, and count them."""
    # The postings are a batch ahead of the parts that are written.
    to_write, to_annotate = tee(feed.parts())
    entries = _entries(to_annotate, len(document))
    annotations = _annotations(annotator, entries, tally, report)
    yield from rewritten(document, to_write, annotations)
    # All are taken; what comes behind the last one is its batch's report.
    next(annotations, None)


class _Entry(NamedTuple):
    """A posting, what is wrong with it, and where in the document, in 0-1."""

    posting: Posting
    problem: str | None
    share: float


def _entries(parts: Iterable[DocumentPart], n_bytes: int) -> Iterator[_Entry]:
    for part in parts:
        for posting, problem in zip(part.postings, part.problems, strict=True):
            yield _Entry(posting, problem, part.end / n_bytes)


def _annotations(
    annotator: Annotator,
    entries: Iterable[_Entry],
    tally: Tally,
    report: Report | None,
) -> Iterator[Annotation]:
    """Yield the annotation of each posting, made a batch at a time."""
    for batch in in_batches(entries, _weight):
        postings, problems, shares = zip(*batch, strict=True)
        # Each is put together when it is asked for, so they are asked for once.
        for annotation in annotator.annotate_batch(postings, problems):
            tally[annotation.role, annotation.problem] += 1
            yield annotation
        if report is not None:
            report(Progress(tally.total(), _unclassified(tally), shares[-1]))


def _weight(entry: _Entry) -> int:
    return len(entry.posting.description or "")


def _unclassified(tally: Tally) -> int:
    return sum(n for (role, _), n in tally.items() if role is None)


def _outcome(feed: Feed, tally: Tally, place: str) -> Annotated:
    tally[None, _UNREADABLE] += feed.unreadable
    if not tally.total():
        _LOG.warning("%s: no postings", place)
    by_problem: Counter[str] = Counter()
    for (_, problem), n in tally.items():
        by_problem.update({problem: n} if problem and n else {})
    return Annotated(
        format=feed.format,
        postings=tally.total(),
        unclassified=_unclassified(tally),
        postings_by_problem=dict(by_problem.most_common()),
    )
