"""Read postings from an HTML page: schema.org JobPosting in its JSON-LD scripts."""

from __future__ import annotations

import json
import logging
import re
import string
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from roleclf.errors import FeedError
from roleclf.feeds import limits
from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.feeds.document_parts import DocumentPart, Feed, in_encoding
from roleclf.feeds.json_reader import read_utf8_json

__all__ = ["read_html"]

_LOG: Final = logging.getLogger(__name__)
_FORMAT: Final = "jsonld"
_MEND: Final = "give a feed, or a page with a JobPosting"
# Bytes in which a page declares its encoding.
_HEAD_SIZE: Final = 4096
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)""", re.I)
# Comments, and elements whose content is not markup. One that is not closed reaches
# to the end and tags are short, so that time is linear in the size of the page.
_RAW: Final = re.compile(
    rb"<!--.*?(?:-->|\Z)"
    rb"|<(?P<tag>script|style|textarea|title)\b(?P<attributes>[^<>]{0,2000})>"
    rb"(?P<content>.*?)(?:</(?P=tag)\b|\Z)",
    re.I | re.S,
)
_JSON_LD: Final = re.compile(rb"""\btype\s*=\s*["']?\s*application/ld\+json\b""", re.I)

# Some pages hide scripts from XML parsers or from old browsers, or end them with a
# semicolon. The tail is searched in so many bytes only.
_HEAD: Final = re.compile(rb"\s*(?:(?://|/\*)?\s*<!(?:\[CDATA\[|--)(?:\s*\*/)?)?")
_TAIL: Final = re.compile(
    rb"(?:;\s*)?(?://|/\*)?\s*(?:\]\]|--)>\s*(?:\*/)?\s*\Z|;\s*\Z"
)
_TAIL_SIZE: Final = 64


def read_html(document: DocumentBytes, place: str, asked: str | None) -> Feed:
    """Return the postings of all JSON-LD scripts of a page, in any encoding.

    A script that is not JSON, or has no posting, is left alone. What format was
    asked for is not used: a page has JSON-LD.

    Raises
    ------
    FeedError
        If no script has a posting; it says what is wrong with the last.
    """
    limits.check_size(len(document), place, limits.MAX_IN_MEMORY)
    if document.is_text:
        return _read_utf8(document, place)
    mark, codec, text = _decoded(document, place)
    return in_encoding(_read_utf8(text, place), text, len(document), mark, codec)


def _decoded(document: DocumentBytes, place: str) -> tuple[bytes, str, DocumentBytes]:
    """Return byte order mark, encoding and text of a page."""
    mark, codec = document.byte_order_mark()
    data = document[len(mark) :]
    for name in (codec or "utf-8", *_declared_encoding(document), "utf-8"):
        text = _decoded_exactly(data, name)
        if text is not None:
            return mark, name, DocumentBytes.of(text)
    _LOG.warning("%s: not in its encoding, read as latin-1", place)
    return b"", "latin-1", DocumentBytes.of(document[:].decode("latin-1"))


def _declared_encoding(document: DocumentBytes) -> Iterator[str]:
    """Yield the encoding that a page declares, if it is a superset of ASCII.

    The declaration itself is in ASCII; as in HTML5, UTF-16 takes a byte order mark.
    """
    match = _CHARSET.search(document.data, 0, _HEAD_SIZE)
    name = match[1].decode("ascii", "replace") if match else "utf-8"
    with suppress(LookupError, UnicodeError):
        if string.printable.encode(name) == string.printable.encode():
            yield name


def _decoded_exactly(data: bytes, codec: str) -> str | None:
    """Return `data` as text if encoding that gives the same bytes, else None."""
    try:
        text = data.decode(codec)
        return text if text.encode(codec) == data else None
    except (LookupError, UnicodeError):
        return None


def _read_utf8(page: DocumentBytes, place: str) -> Feed:
    feeds: list[tuple[int, Feed]] = []
    error = FeedError(place, "is a page without JSON-LD", _MEND)
    line, last = 1, 0
    for start, end in _script_spans(page):
        line, last = line + page[last:start].count(b"\n"), start
        where = f"{place}, script at line {line}"
        script = DocumentBytes(page[start:end], page.is_text)
        try:
            feed = read_utf8_json(script, where, _FORMAT, dump=_dump_in_script)
        except FeedError as found:
            error = FeedError(found.place, found.problem, _MEND)
        else:
            feeds.append((start, feed))
    if not feeds:
        raise error
    return Feed(_FORMAT, partial(_parts, feeds))


def _script_spans(page: DocumentBytes) -> Iterator[tuple[int, int]]:
    """Yield where the JSON of each JSON-LD script begins and ends."""
    for match in _RAW.finditer(page.data):
        if _JSON_LD.search(match["attributes"] or b""):
            start, end = match.span("content")
            head = _HEAD.match(page.data, start, end)
            tail = _TAIL.search(page.data, max(start, end - _TAIL_SIZE), end)
            yield head.end() if head else start, tail.start() if tail else end


def _parts(feeds: Sequence[tuple[int, Feed]]) -> Iterator[DocumentPart]:
    """Yield the parts of all scripts, with their places in the page."""
    for at, feed in feeds:
        for part in feed.parts():
            yield part._replace(start=at + part.start, end=at + part.end)


def _dump_in_script(value: Any) -> str:
    """Return `value` as ASCII JSON without "<", so that it cannot end a script."""
    return json.dumps(value).replace("<", "\\u003c")
