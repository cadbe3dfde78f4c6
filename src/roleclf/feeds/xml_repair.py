"""Repair errors that feeds in XML often have, so that expat can read them.

What is parsed has the length of the document, so that places in it hold for both. The
document itself stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final

from roleclf.feeds import limits
from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.feeds.xml_scanner import EarlierAnnotation, PostingSpan

__all__ = [
    "bare_ampersands",
    "with_ampersands",
    "with_declaration_first",
    "with_placeholders",
]

# A control character that stands for a bare "&" while expat parses.
_PLACEHOLDER: Final = "\x7f"
# A CDATA section or a comment, which may hold any "&", or a "&" that begins no entity.
# A section that is not closed reaches as far as a posting may, or to the end, so that
# time is linear in the size of the document.
_AMPERSAND: Final = re.compile(
    rb"<!\[CDATA\[(?:.{0,%(most)d}?\]\]>|.{%(most)d}|.*)"
    rb"|<!--(?:.{0,%(most)d}?-->|.{%(most)d}|.*)"
    rb"|&(?!#?\w{1,32};)" % {b"most": limits.MAX_POSTING},
    re.S,
)
# Blanks between byte order mark and XML declaration, where XML allows none.
_LATE_DECLARATION: Final = re.compile(
    rb"\A(\xef\xbb\xbf)?(\s+)(<\?xml\s[^<>]{0,200}\?>)"
)


def with_declaration_first(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a document with blanks before its XML declaration put behind it."""
    first = next(chunks, b"")
    return chain([_LATE_DECLARATION.sub(rb"\1\3\2", first)], chunks)


def bare_ampersands(document: DocumentBytes) -> Iterator[int]:
    """Yield the places of "&" that begin no entity and are in no CDATA or comment."""
    data, at, last = document.data, 0, 0
    while last < len(document):
        last = at + limits.CHUNK
        found = _AMPERSAND.search(data, at, last)
        # What the end of a chunk may have cut off is matched again without an end.
        start = found.start() if found else max(at, last - len("<![CDATA"))
        whole = _AMPERSAND.match(data, start)
        if whole and data[start : start + 1] == b"&":
            yield start
        document.release(start - at)
        at = whole.end() if whole else start + 1
        last = at if found else last


def with_placeholders(
    chunks: Iterable[bytes], document: DocumentBytes
) -> Iterator[bytes]:
    """Yield the chunks of a document with a placeholder for each bare ampersand."""
    places, start = bare_ampersands(document), 0
    place = next(places, None)
    for chunk in map(bytearray, chunks):
        while place is not None and place < start + len(chunk):
            chunk[place - start : place - start + 1] = _PLACEHOLDER.encode()
            place = next(places, None)
        start += len(chunk)
        yield bytes(chunk)


def with_ampersands(
    found: PostingSpan | EarlierAnnotation,
) -> PostingSpan | EarlierAnnotation:
    """Return a posting with its ampersands again, in place of placeholders."""
    if isinstance(found, EarlierAnnotation):
        return found
    return found._replace(record=_with_ampersands(found.record))


def _with_ampersands(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(_PLACEHOLDER, "&")
    if isinstance(value, Mapping):
        return {key: _with_ampersands(inner) for key, inner in value.items()}
    return [_with_ampersands(inner) for inner in value]
