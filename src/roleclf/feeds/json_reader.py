"""Read postings from JSON and JSON Lines, and write annotations into the same text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter

from roleclf.errors import FeedError
from roleclf.feeds import limits
from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.feeds.document_parts import DocumentPart, Feed, in_encoding
from roleclf.feeds.fields import read_posting, read_title
from roleclf.feeds.json_additions import (
    Dump,
    annotation_edits,
    apply_edits,
    dump_plain,
)
from roleclf.feeds.json_native_fields import NATIVE_FIELDS, NativeField
from roleclf.feeds.json_positions import locate
from roleclf.feeds.json_postings import FoundPostings, find_postings
from roleclf.feeds.json_scanner import JSONScanner
from roleclf.feeds.json_tree import parse_root
from roleclf.feeds.titles import TitleShape, common_title_shape
from roleclf.records import Annotation

__all__ = ["read_json", "read_utf8_json"]


def read_json(document: DocumentBytes, place: str, asked: str | None) -> Feed:
    """Return the postings of JSON or JSON Lines in UTF-8, UTF-16 or UTF-32.

    Parameters
    ----------
    document : DocumentBytes
    place : str
        What messages call the document.
    asked : str or None
        The name of the format; None to detect it.

    Raises
    ------
    FeedError
        If it is not JSON, exceeds the limits, or holds nothing like postings.
    """
    mark, codec = document.byte_order_mark()
    if not document.is_text:
        codec = codec or json.detect_encoding(document[:4])
    if codec in {"utf-8", None}:
        return read_utf8_json(document, place, asked, start=len(mark))
    limits.check_size(len(document), place, limits.MAX_IN_MEMORY)
    text = _decoded(document[len(mark) :], place, codec)
    feed = read_utf8_json(text, place, asked)
    return in_encoding(feed, text, len(document), mark, codec)


def _decoded(data: bytes, place: str, codec: str) -> DocumentBytes:
    try:
        return DocumentBytes.of(data.decode(codec))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[error.start]:02x} is not {codec}"
        mend = "convert it to UTF-8, as JSON has to be"
        raise FeedError(f"{place}, line {line}", problem, mend) from error


def read_utf8_json(
    document: DocumentBytes,
    place: str,
    asked: str | None,
    *,
    start: int = 0,
    dump: Dump = dump_plain,
) -> Feed:
    """Return the postings of JSON or JSON Lines in UTF-8, piece by piece.

    Parameters
    ----------
    document : DocumentBytes
    place : str
        What messages call the document.
    asked : str or None
        The name of the format; None to detect it.
    start : int
        Where the JSON begins, behind a byte order mark.
    dump : callable
        Writes a value that is added.

    Raises
    ------
    FeedError
        As `read_json` does.
    """
    root, n_broken = parse_root(JSONScanner(document, place), start)
    found = find_postings(root, place, asked)
    shape = common_title_shape(_titles(found, place), found.format.title_shapes)
    native_fields = NATIVE_FIELDS[found.format.native]
    rewrite = partial(
        _rewritten, native_fields=native_fields, dump=dump, errors=document.errors
    )
    return Feed(found.format.name, partial(_parts, found, shape, rewrite), n_broken)


def _titles(found: FoundPostings, place: str) -> Iterator[str | None]:
    """Yield the titles of all postings; refuse too many of these."""
    for n, node in enumerate(found.postings(), start=1):
        limits.check_number(n, place)
        yield read_title(node.value, found.format)


def _parts(
    found: FoundPostings,
    shape: TitleShape | None,
    rewrite: Callable[..., Iterator[bytes]],
) -> Iterator[DocumentPart]:
    """Yield the pieces of a document that hold postings."""
    for piece, group in groupby(found.postings(), key=attrgetter("piece")):
        nodes = list(group)
        starts = locate(piece.text, [node.path for node in nodes])
        # With equal keys the order in the text may differ from that of the nodes.
        in_order = sorted(zip(starts, nodes, strict=True), key=itemgetter(0))
        read = [read_posting(node.value, found.format, shape) for _, node in in_order]
        yield DocumentPart(
            piece.start,
            piece.end,
            [posting for posting, _ in read],
            [problem for _, problem in read],
            partial(rewrite, piece.text, sorted(starts)),
        )


def _rewritten(
    text: str,
    starts: Sequence[int],
    annotations: Iterable[Annotation],
    *,
    native_fields: Sequence[NativeField],
    dump: Dump,
    errors: str,
) -> Iterator[bytes]:
    """Yield the text of a piece with an annotation in each of its postings."""
    edits = (
        edit
        for start, annotation in zip(starts, annotations, strict=True)
        for edit in annotation_edits(text, start, native_fields, annotation, dump)
    )
    return (piece.encode("utf-8", errors) for piece in apply_edits(text, edits))
