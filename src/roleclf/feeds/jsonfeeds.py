"""Postings in JSON, and the same text with annotations put into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter

from roleclf.feeds.additions import Dump, additions, plain_json
from roleclf.feeds.content import Content
from roleclf.feeds.edits import edited
from roleclf.feeds.fields import read_posting, title_of
from roleclf.feeds.finding import FoundPostings, find
from roleclf.feeds.jsonscan import Scanner
from roleclf.feeds.jsontext import locate
from roleclf.feeds.jsontree import root_of
from roleclf.feeds.limits import check_number
from roleclf.feeds.natives import Native, natives_of
from roleclf.feeds.records import DocumentPart, Feed
from roleclf.feeds.titles import Shape, shape_of
from roleclf.records import Annotation

__all__ = ["read_json"]


def read_json(
    content: Content,
    place: str,
    asked: str | None,
    *,
    start: int = 0,
    dump: Dump = plain_json,
) -> Feed:
    """Return the postings of a JSON document, or of JSON Lines, in UTF-8.

    Parameters
    ----------
    content : Content
    place : str
        What messages call the document.
    asked : str or None
        The name of the format; found out if None.
    start : int
        Where it begins, behind a byte order mark.
    dump : callable
        Writes a value that is added.

    Raises
    ------
    FeedError
        If it is no JSON, is more than the limits allow, or holds nothing like
        postings.
    """
    root, n_bad = root_of(Scanner(content, place), start)
    found = find(root, place, asked)
    shape = shape_of(_titles(found, place), found.format.titles)
    natives = natives_of(found.format.own)
    write = partial(_written, natives=natives, dump=dump, errors=content.errors)
    return Feed(found.format.name, partial(_parts, found, shape, write), n_bad)


def _titles(found: FoundPostings, place: str) -> Iterator[str | None]:
    """Yield the titles of all postings, and count these."""
    for n, node in enumerate(found.postings(), start=1):
        check_number(n, place)
        yield title_of(node.value, found.format)


def _parts(
    found: FoundPostings, shape: Shape | None, write: Callable[..., Iterator[bytes]]
) -> Iterator[DocumentPart]:
    """Yield the pieces of a document that hold postings."""
    for piece, group in groupby(found.postings(), key=attrgetter("piece")):
        nodes = list(group)
        starts = locate(piece.text, 0, [node.path for node in nodes])
        # Of keys that come twice the last is meant, which may change the order.
        in_order = sorted(zip(starts, nodes, strict=True), key=itemgetter(0))
        read = [read_posting(node.value, found.format, shape) for _, node in in_order]
        yield DocumentPart(
            piece.start,
            piece.end,
            [posting for posting, _ in read],
            [problem for _, problem in read],
            partial(write, piece.text, sorted(starts)),
        )


def _written(
    text: str,
    starts: Sequence[int],
    annotations: Iterable[Annotation],
    *,
    natives: Sequence[Native],
    dump: Dump,
    errors: str,
) -> Iterator[bytes]:
    edits = (
        edit
        for start, annotation in zip(starts, annotations, strict=True)
        for edit in additions(text, start, natives, annotation, dump)
    )
    return (piece.encode("utf-8", errors) for piece in edited(text, edits))
