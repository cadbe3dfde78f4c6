"""Postings in the scripts of an HTML page, as schema.org JobPosting in JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

from roleclf.errors import FeedError
from roleclf.feeds.content import Content
from roleclf.feeds.jsonfeeds import read_json
from roleclf.feeds.records import DocumentPart, Feed

__all__ = ["read_page"]

_FORMAT: Final = "jsonld"
_MEND: Final = "give a feed, or a page with a JobPosting"
# Comments and elements whose content is no markup. What is left open reaches to the
# end, and tags are short, so that nothing is tried twice.
_RAW: Final = re.compile(
    rb"<!--.*?(?:-->|\Z)"
    rb"|<(?P<tag>script|style|textarea|title)\b(?P<attributes>[^<>]{0,2000})>"
    rb"(?P<content>.*?)(?:</(?P=tag)\b|\Z)",
    re.I | re.S,
)
_KIND: Final = re.compile(rb"""\btype\s*=\s*["']?\s*application/ld\+json\b""", re.I)

# Some pages hide scripts from readers of XML, or of old HTML, or end them as code is
# ended; what does so stands near the end.
_HEAD: Final = re.compile(rb"\s*(?:(?://|/\*)?\s*<!(?:\[CDATA\[|--)(?:\s*\*/)?)?")
_TAIL: Final = re.compile(
    rb"(?:;\s*)?(?://|/\*)?\s*(?:\]\]|--)>\s*(?:\*/)?\s*\Z|;\s*\Z"
)
_TAIL_LENGTH: Final = 64


def read_page(content: Content, place: str) -> Feed:
    """Return the postings of all JSON-LD scripts of a page in UTF-8.

    A script that is no JSON, or has no posting, is left alone.

    Raises
    ------
    FeedError
        If no script has a posting; it says what is wrong with the last.
    """
    feeds: list[tuple[int, Feed]] = []
    error = FeedError(place, "is a page without JSON-LD", _MEND)
    line, last = 1, 0
    for start, end in _spans(content):
        line, last = line + content[last:start].count(b"\n"), start
        where = f"{place}, script at line {line}"
        script = Content(content[start:end], content.is_text)
        try:
            feeds.append((start, read_json(script, where, _FORMAT, dump=_embedded)))
        except FeedError as found:
            error = FeedError(found.place, found.problem, _MEND)
    if not feeds:
        raise error
    return Feed(_FORMAT, partial(_parts, feeds))


def _spans(content: Content) -> Iterator[tuple[int, int]]:
    """Yield where the content of each JSON-LD script begins and ends."""
    data = content.data
    for match in _RAW.finditer(data):
        if _KIND.search(match["attributes"] or b""):
            start, end = match.span("content")
            head = _HEAD.match(data, start, end)
            tail = _TAIL.search(data, max(start, end - _TAIL_LENGTH), end)
            yield head.end() if head else start, tail.start() if tail else end


def _parts(feeds: Sequence[tuple[int, Feed]]) -> Iterator[DocumentPart]:
    """Yield the parts of all scripts, at their places in the page."""
    for at, feed in feeds:
        for part in feed.parts():
            yield part._replace(start=at + part.start, end=at + part.end)


def _embedded(value: Any) -> str:
    """Return `value` as JSON that can neither end a script nor leave an encoding."""
    return json.dumps(value).replace("<", "\\u003c")
