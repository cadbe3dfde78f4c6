"""A document as parts, each with its postings and a way to write it annotated."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.records import Annotation, Posting

__all__ = ["DocumentPart", "Feed", "annotated_chunks", "in_encoding"]


class DocumentPart(NamedTuple):
    """The bytes from `start` to `end` of a document, and the postings in them.

    `problems` says of each posting what was wrong when it was read, or None.
    `rewrite` takes an annotation for each posting and yields the part's new bytes.
    """

    start: int
    end: int
    postings: Sequence[Posting]
    problems: Sequence[str | None]
    rewrite: Callable[[Iterable[Annotation]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Feed:
    """A document that was read once and found to be whole, with its format's name.

    `parts` reads it a second time: it yields the parts that change, in the order of
    the document. `unreadable` counts entries that cannot hold an annotation, such as
    broken lines of JSON Lines.
    """

    format: str
    parts: Callable[[], Iterator[DocumentPart]]
    unreadable: int = 0


def annotated_chunks(
    document: DocumentBytes,
    parts: Iterable[DocumentPart],
    annotations: Iterator[Annotation],
) -> Iterator[bytes]:
    """Yield a document with every part rewritten and all other bytes unchanged."""
    at = 0
    for part in parts:
        yield from document.chunks(at, part.start)
        yield from part.rewrite(islice(annotations, len(part.postings)))
        at = part.end
    yield from document.chunks(at, len(document))


def in_encoding(
    feed: Feed, text: DocumentBytes, n_bytes: int, mark: bytes, codec: str
) -> Feed:
    """Return the feed of a document from that of its text in UTF-8.

    Parameters
    ----------
    feed : Feed
        What was read from `text`.
    text : DocumentBytes
        The document without its byte order mark, in UTF-8.
    n_bytes : int
        The size of the document, which becomes one part.
    mark : bytes
        The byte order mark of the document.
    codec : str
        Its encoding.
    """

    def parts() -> Iterator[DocumentPart]:
        inner = list(feed.parts())
        postings = [posting for part in inner for posting in part.postings]
        problems = [problem for part in inner for problem in part.problems]

        def rewrite(annotations: Iterable[Annotation]) -> Iterator[bytes]:
            yield mark
            chunks = annotated_chunks(text, inner, iter(annotations))
            for piece in codecs.iterdecode(chunks, "utf-8", text.errors):
                yield piece.encode(codec)

        yield DocumentPart(0, n_bytes, postings, problems, rewrite)

    return Feed(feed.format, parts, feed.unreadable)
