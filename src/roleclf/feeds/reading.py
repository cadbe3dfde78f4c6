"""Which family of formats a document is of, told by its first characters."""

from __future__ import annotations

import codecs
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Final

from roleclf.errors import FeedError
from roleclf.feeds.formats import format_names, formats_of
from roleclf.feeds.jsonfeeds import read_json
from roleclf.feeds.limits import check_size
from roleclf.feeds.pages import read_page
from roleclf.feeds.records import Feed
from roleclf.feeds.xmlfeeds import read_xml
from roleclf.records import Annotation
from roleclf.tables.records import RequestError

__all__ = ["AUTO", "read_feed"]

AUTO: Final = "auto"
_LOG: Final = logging.getLogger(__name__)
_SHOWN: Final = 4096
# Marks of encodings, halves of UTF-16 and blanks may come before what tells.
_LEAD: Final = re.compile(rb"[\s\0\xef\xbb\xbf\xfe\xff]*")
_PAGE: Final = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|script|div|main|section|article)\b",
    re.I | re.S,
)
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)""", re.I)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_FEED: Final = (
    "give JSON, JSON Lines, XML, or a page with JSON-LD; "
    "a table goes to `roleclf classify`"
)


def read_feed(
    content: str | bytes, place: str, asked: str = AUTO
) -> Feed[str] | Feed[bytes]:
    """Return the postings of a document; `write` gives back its type.

    Raises
    ------
    FeedError
        If it cannot be read as a feed, or is more than the limits allow.
    RequestError
        If there is no format of the name `asked`.
    """
    check_size(len(content), place)
    if isinstance(content, str):
        family = _family(content.lstrip("\ufeff \t\r\n")[:_SHOWN], place)
        read: Any = _TEXT_READER[family]
    else:
        family = _family(_head(content), place)
        read = _BYTES_READER[family]
    return read(content, place, _name_in(family, asked, place))


def _head(data: bytes) -> str:
    lead = _LEAD.match(data)
    start = lead.end() if lead else 0
    return data[start : start + _SHOWN].replace(b"\0", b"").decode("latin-1")


def _family(head: str, place: str) -> str:
    """Return `json`, `xml` or `page`."""
    if not head:
        raise FeedError(place, "is empty", _NO_FEED)
    if head[0] in "[{":
        return "json"
    if head[0] == "<":
        return "page" if _PAGE.match(head) else "xml"
    raise FeedError(place, "is neither JSON nor XML", _NO_FEED)


def _name_in(family: str, asked: str, place: str) -> str | None:
    """Return the name that was asked for, if documents of this family can have it."""
    if asked == AUTO:
        return None
    if asked not in format_names():
        known = ", ".join((AUTO, *format_names()))
        raise RequestError(place, f"no format '{asked}'", f"use one of {known}")
    of_family = formats_of("xml" if family == "xml" else "json")
    if asked not in {format_.name for format_ in of_family}:
        problem = f"is {_WORD_BY_FAMILY[family]}, which {asked} never is"
        raise FeedError(place, problem, "leave --format away")
    return asked


def _page(text: str, place: str, asked: str | None) -> Feed[str]:
    return read_page(text, place)


def _json_bytes(data: bytes, place: str, asked: str | None) -> Feed[bytes]:
    mark, codec = _marked(data)
    codec = codec or json.detect_encoding(data)
    try:
        text = data[len(mark) :].decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[len(mark) + error.start]:02x} is not {codec}"
        mend = "convert it to UTF-8, as JSON has to be"
        raise FeedError(f"{place}, line {line}", problem, mend) from error
    return _as_bytes(read_json(text, place, asked), mark, codec)


def _page_bytes(data: bytes, place: str, asked: str | None) -> Feed[bytes]:
    mark, codec = _marked(data)
    declared = _CHARSET.search(data, 0, _SHOWN)
    for name in (codec, declared and declared[1].decode("ascii", "replace"), "utf-8"):
        try:
            text = data[len(mark) :].decode(name or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
        return _as_bytes(read_page(text, place), mark, name or "utf-8")
    _LOG.warning("%s: not in its encoding, read as latin-1", place)
    return _as_bytes(read_page(data.decode("latin-1"), place), b"", "latin-1")


def _xml_text(text: str, place: str, asked: str | None) -> Feed[str]:
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        problem = "has half a character (a lone surrogate)"
        raise FeedError(place, problem, "remove it; XML has none") from error
    feed = read_xml(data, place, asked, "utf-8")

    def write(annotations: Iterable[Annotation]) -> Iterator[str]:
        return (piece.decode() for piece in feed.write(annotations))

    return Feed(feed.format, feed.postings, feed.problems, write, feed.unreadable)


def _marked(data: bytes) -> tuple[bytes, str | None]:
    """Return the byte order mark of `data` and its encoding; of none, None."""
    found = ((mark, codec) for mark, codec in _MARKS if data.startswith(mark))
    return next(found, (b"", None))


def _as_bytes(feed: Feed[str], mark: bytes, codec: str) -> Feed[bytes]:
    def write(annotations: Iterable[Annotation]) -> Iterator[bytes]:
        yield mark
        for piece in feed.write(annotations):
            yield piece.encode(codec)

    return Feed(feed.format, feed.postings, feed.problems, write, feed.unreadable)


def _json_text(text: str, place: str, asked: str | None) -> Feed[str]:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    feed = read_json(text.removeprefix(mark), place, asked)

    def write(annotations: Iterable[Annotation]) -> Iterator[str]:
        return chain([mark], feed.write(annotations))

    return Feed(feed.format, feed.postings, feed.problems, write, feed.unreadable)


_WORD_BY_FAMILY: Final = {"json": "JSON", "xml": "XML", "page": "HTML"}
_Reader = Callable[[Any, str, str | None], Feed[Any]]
_TEXT_READER: Final[dict[str, _Reader]] = {
    "json": _json_text,
    "xml": _xml_text,
    "page": _page,
}
_BYTES_READER: Final[dict[str, _Reader]] = {
    "json": _json_bytes,
    "xml": read_xml,
    "page": _page_bytes,
}
