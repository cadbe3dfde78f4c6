"""Annotate a feed: in memory, or from file to file."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, TypeVar

from roleclf.errors import FeedError, RequestError, TableError
from roleclf.feeds.document_bytes import DocumentBytes, copied_to_disk
from roleclf.feeds.document_parts import DocumentPart, Feed, annotated_chunks
from roleclf.feeds.reading import AUTO, read_feed
from roleclf.records import Annotation, Posting
from roleclf.tables import (
    Progress,
    in_batches,
    open_bytes,
    open_target,
    place_of,
    table_errors,
)

if TYPE_CHECKING:
    from roleclf.annotation import Annotator

__all__ = [
    "AnnotatedFeed",
    "BatchAnnotator",
    "annotate_document",
    "annotate_feed",
    "annotate_file",
]

_LOG: Final = logging.getLogger(__name__)
_UNREADABLE: Final = "unreadable"

Document = TypeVar("Document", str, bytes)
# How many postings had each role, problem, and role by an encoder.
Tally = Counter[tuple[str | None, str | None, str | None]]
Report = Callable[[Progress], None]


class BatchAnnotator(Protocol):
    """Anything that annotates batches: a loaded model, or a cache in front of one."""

    def annotate_batch(
        self, postings: Sequence[Posting], problems: Sequence[str | None] | None
    ) -> Sequence[Annotation]:
        """Return the annotations of the postings, in their order."""


@dataclass(frozen=True, slots=True)
class AnnotatedFeed:
    """An annotated document, and how many postings it has.

    Attributes
    ----------
    format : str
    postings : int
        Of all; includes entries that could not be read.
    unclassified : int
        Of those without a role; includes entries that could not be read.
    postings_by_problem : mapping of str to int
        Most frequent problem first.
    document : str or bytes
        Empty if it went to a file.
    reread : int
        How many an encoder has read.
    """

    format: str
    postings: int
    unclassified: int
    postings_by_problem: Mapping[str, int]
    document: str | bytes = ""
    reread: int = 0


def annotate_feed(
    document: Document,
    format: str = AUTO,  # noqa: A002  (a public name)
    *,
    model: Annotator | str | Path | None = None,
) -> Document:
    """Return a feed with an annotation in every posting.

    Parameters
    ----------
    document : str or bytes
        JSON, JSON Lines, XML, or an HTML page with JSON-LD.
    format : str
        The name of its format; `auto` detects it.
    model : Annotator, path or None
        A loaded model, or the folder of one; the shipped one by default.

    Returns
    -------
    str or bytes
        As `document`: the same but for the additions.

    Raises
    ------
    FeedError
        If the document cannot be read as a feed.

    Examples
    --------
    >>> feed = annotate_feed('[{"title": "Data Engineer", "description": "SQL"}]')
    >>> import json
    >>> json.loads(feed)[0]["_roleclf"]["role"]
    'data_engineer'
    """
    from roleclf.annotation import Annotator, load  # here: imports the whole line

    annotator = model if isinstance(model, Annotator) else load(model)
    annotated: Document = annotate_document(annotator, document, format=format).document  # type: ignore[assignment]
    return annotated


def annotate_document(
    annotator: BatchAnnotator,
    content: str | bytes,
    place: str = "feed",
    format: str = AUTO,  # noqa: A002
) -> AnnotatedFeed:
    """Return a feed in memory with an annotation in every posting, and its counts.

    Parameters
    ----------
    annotator : BatchAnnotator
    content : str or bytes
        The document; the annotated one is of the same type.
    place : str
        What messages call it.
    format : str
        The name of its format; `auto` detects it.

    Raises
    ------
    FeedError
        If the document cannot be read as a feed.
    """
    document = DocumentBytes.of(content)
    feed = read_feed(document, place, format)
    tally = Tally()
    annotated: str | bytes = b"".join(_annotated(annotator, feed, document, tally))
    if isinstance(annotated, bytes) and document.is_text:
        annotated = annotated.decode("utf-8", document.errors)
    return replace(_counted(feed, tally, place), document=annotated)


def annotate_file(
    annotator: BatchAnnotator,
    source: str,
    target: str,
    format: str = AUTO,  # noqa: A002
    place: str | None = None,
    report: Report | None = None,
) -> AnnotatedFeed:
    """Write the feed `source` to `target` with an annotation in every posting.

    Parameters
    ----------
    annotator : BatchAnnotator
    source, target : str
        Paths; "-" is stdin or stdout. A target that ends in .gz is compressed.
    format : str
        The name of the format; `auto` detects it.
    place : str, optional
        What messages call the source; its path by default.
    report : callable, optional
        Is called with the progress after each batch.

    Raises
    ------
    FeedError
        If the source cannot be read as a feed or the target cannot be written; no
        new file is left at the target then.
    """
    place = place or place_of(source)
    tally = Tally()
    try:
        with _opened(source, place) as document:
            feed = read_feed(document, place, format)
            with open_target(source, target) as stream:
                for chunk in _annotated(annotator, feed, document, tally, report):
                    stream.write(chunk)
    except RequestError:
        raise
    except TableError as error:
        raise FeedError(error.place, error.problem, error.mend) from error
    return _counted(feed, tally, place)


@contextmanager
def _opened(source: str, place: str) -> Iterator[DocumentBytes]:
    with ExitStack() as stack:
        with open_bytes(source) as stream, table_errors(place):
            document = stack.enter_context(copied_to_disk(stream, place))
        yield document


def _annotated(
    annotator: BatchAnnotator,
    feed: Feed,
    document: DocumentBytes,
    tally: Tally,
    report: Report | None = None,
) -> Iterator[bytes]:
    """Yield the document with an annotation in every posting, and count them."""
    # Postings are read a batch ahead of the parts that are written.
    to_write, to_annotate = tee(feed.parts())
    entries = _entries(to_annotate, len(document))
    annotations = _annotations(annotator, entries, tally, report)
    yield from annotated_chunks(document, to_write, annotations)
    # Resume the generator behind its last annotation, to report the last batch.
    next(annotations, None)


class _BatchEntry(NamedTuple):
    """A posting, its problem, and the share of the document up to it, in 0-1."""

    posting: Posting
    problem: str | None
    share: float


def _entries(parts: Iterable[DocumentPart], n_bytes: int) -> Iterator[_BatchEntry]:
    for part in parts:
        for posting, problem in zip(part.postings, part.problems, strict=True):
            yield _BatchEntry(posting, problem, part.end / n_bytes)


def _annotations(
    annotator: BatchAnnotator,
    entries: Iterable[_BatchEntry],
    tally: Tally,
    report: Report | None,
) -> Iterator[Annotation]:
    """Yield the annotation of each posting, made a batch at a time."""
    for batch in in_batches(entries, _n_characters):
        postings, problems, shares = zip(*batch, strict=True)
        # An annotation is built each time it is read from the batch: read it once.
        for annotation in annotator.annotate_batch(postings, problems):
            found = (annotation.role, annotation.problem, annotation.encoder_role)
            tally[found] += 1
            yield annotation
        if report is not None:
            counts = (tally.total(), _n_unclassified(tally))
            report(Progress(*counts, shares[-1], _n_reread(tally)))


def _n_characters(entry: _BatchEntry) -> int:
    return len(entry.posting.description or "")


def _n_unclassified(tally: Tally) -> int:
    return sum(n for (role, _, _), n in tally.items() if role is None)


def _n_reread(tally: Tally) -> int:
    return sum(n for (*_, role), n in tally.items() if role is not None)


def _counted(feed: Feed, tally: Tally, place: str) -> AnnotatedFeed:
    """Return the counts of an annotated feed, without its document."""
    tally[None, _UNREADABLE, None] += feed.unreadable
    if not tally.total():
        _LOG.warning("%s: no postings", place)
    by_problem: Counter[str] = Counter()
    for (_, problem, _), n in tally.items():
        by_problem.update({problem: n} if problem and n else {})
    return AnnotatedFeed(
        format=feed.format,
        postings=tally.total(),
        unclassified=_n_unclassified(tally),
        postings_by_problem=dict(by_problem.most_common()),
        reread=_n_reread(tally),
    )
