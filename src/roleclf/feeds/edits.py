"""Changes to a document, each at its place; all else stays as it is."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from roleclf.feeds.content import Content
from roleclf.feeds.records import DocumentPart, Feed
from roleclf.records import Annotation

__all__ = ["Edit", "edited", "recoded", "rewritten"]


class Edit(NamedTuple):
    """What takes the place of what stands from `start` to `end`."""

    start: int
    end: int
    new: str


def edited(text: str, edits: Iterable[Edit]) -> Iterator[str]:
    """Yield `text` with all edits made, in pieces.

    The edits do not overlap, and come in the order of their places.

    Examples
    --------
    >>> "".join(edited("a, b", [Edit(1, 1, ", c"), Edit(1, 4, "")]))
    'a, c'
    """
    at = 0
    for start, end, new in edits:
        yield text[at:start]
        yield new
        at = end
    yield text[at:]


def rewritten(
    content: Content, parts: Iterable[DocumentPart], annotations: Iterator[Annotation]
) -> Iterator[bytes]:
    """Yield a document with an annotation in every posting, in pieces."""
    at = 0
    for part in parts:
        yield from content.slices(at, part.start)
        yield from part.rewrite(islice(annotations, len(part.postings)))
        at = part.end
    yield from content.slices(at, len(content))


def recoded(feed: Feed, text: Content, n_bytes: int, mark: bytes, codec: str) -> Feed:
    """Return the feed of `text` as that of a document in another encoding.

    All `n_bytes` of the document are one part, its byte order mark too.
    """

    def parts() -> Iterator[DocumentPart]:
        inner = list(feed.parts())
        postings = [posting for part in inner for posting in part.postings]
        problems = [problem for part in inner for problem in part.problems]

        def rewrite(annotations: Iterable[Annotation]) -> Iterator[bytes]:
            yield mark
            pieces = rewritten(text, inner, iter(annotations))
            for piece in codecs.iterdecode(pieces, "utf-8", text.errors):
                yield piece.encode(codec)

        yield DocumentPart(0, n_bytes, postings, problems, rewrite)

    return Feed(feed.format, parts, feed.unreadable)
