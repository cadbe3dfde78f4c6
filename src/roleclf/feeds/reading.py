"""Which family of formats a document is of, told by its first characters."""

from __future__ import annotations

import codecs
import json
import logging
import re
import string
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from roleclf.errors import FeedError, RequestError
from roleclf.feeds import limits
from roleclf.feeds.content import Content
from roleclf.feeds.edits import recoded
from roleclf.feeds.formats import format_names, formats_of
from roleclf.feeds.jsonfeeds import read_json
from roleclf.feeds.pages import read_page
from roleclf.feeds.records import Feed
from roleclf.feeds.xmlfeeds import read_xml

__all__ = ["AUTO", "read_feed"]

AUTO: Final = "auto"
_LOG: Final = logging.getLogger(__name__)
_SHOWN: Final = 4096
# Marks of encodings, halves of UTF-16 and blanks may come before what tells.
_LEAD: Final = re.compile(rb"[\s\0\xef\xbb\xbf\xfe\xff]*")
_PAGE: Final = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|title|meta|link|base|body|script|div|main|section"
    r"|article)(?![\w:.-])",
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


def read_feed(content: Content, place: str, asked: str = AUTO) -> Feed:
    """Return the postings of a document.

    Raises
    ------
    FeedError
        If it cannot be read as a feed, or is more than the limits allow.
    RequestError
        If there is no format of the name `asked`.
    """
    limits.check_size(len(content), place)
    family = _family(_head(content), place)
    return _READER_BY_FAMILY[family](content, place, _name_in(family, asked, place))


def _head(content: Content) -> str:
    """Return what a document begins with, without marks and blanks."""
    for at in range(0, len(content), limits.CHUNK):
        lead = _LEAD.match(content.data, at, at + limits.CHUNK)
        start = lead.end() if lead else at
        content.pass_by(start - at)
        if start < min(at + limits.CHUNK, len(content)):
            shown = content[start : start + _SHOWN]
            return shown.replace(b"\0", b"").decode("latin-1")
    return ""


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


def _xml(content: Content, place: str, asked: str | None) -> Feed:
    if not content.is_text:
        return read_xml(content, place, asked)
    try:
        content[:].decode()
    except UnicodeDecodeError as error:
        problem = "has half a character (a lone surrogate)"
        raise FeedError(place, problem, "remove it; XML has none") from error
    return read_xml(content, place, asked, "utf-8")


def _json(content: Content, place: str, asked: str | None) -> Feed:
    mark, codec = _marked(content)
    if not content.is_text:
        codec = codec or json.detect_encoding(content[:4])
    if codec in {"utf-8", None}:
        return read_json(content, place, asked, start=len(mark))
    limits.check_size(len(content), place, limits.MAX_IN_MEMORY)
    data = content[len(mark) :]
    try:
        text = Content.of(data.decode(codec))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte 0x{data[error.start]:02x} is not {codec}"
        mend = "convert it to UTF-8, as JSON has to be"
        raise FeedError(f"{place}, line {line}", problem, mend) from error
    return recoded(read_json(text, place, asked), text, len(content), mark, codec)


def _page(content: Content, place: str, asked: str | None) -> Feed:
    limits.check_size(len(content), place, limits.MAX_IN_MEMORY)
    if content.is_text:
        return read_page(content, place)
    mark, codec, text = _page_text(content, place)
    return recoded(read_page(text, place), text, len(content), mark, codec)


def _page_text(content: Content, place: str) -> tuple[bytes, str, Content]:
    """Return byte order mark, encoding and text of a page."""
    mark, codec = _marked(content)
    data = content[len(mark) :]
    for name in (codec or "utf-8", *_declared(content), "utf-8"):
        text = _exactly(data, name)
        if text is not None:
            return mark, name, Content.of(text)
    _LOG.warning("%s: not in its encoding, read as latin-1", place)
    return b"", "latin-1", Content.of(content[:].decode("latin-1"))


def _declared(content: Content) -> Iterator[str]:
    """Yield the encoding that a page declares, if its declaration can be in that.

    That is in ASCII: as HTML5 has it, UTF-16 is told by its mark alone.
    """
    match = _CHARSET.search(content.data, 0, _SHOWN)
    name = match[1].decode("ascii", "replace") if match else "utf-8"
    with suppress(LookupError, UnicodeError):
        if string.printable.encode(name) == string.printable.encode():
            yield name


def _exactly(data: bytes, codec: str) -> str | None:
    """Return `data` as text, if the text gives the very same bytes again."""
    try:
        text = data.decode(codec)
        return text if text.encode(codec) == data else None
    except (LookupError, UnicodeError):
        return None


def _marked(content: Content) -> tuple[bytes, str | None]:
    """Return the byte order mark of a document and its encoding; of none, None."""
    start = content[:4]
    found = ((mark, codec) for mark, codec in _MARKS if start.startswith(mark))
    return next(found, (b"", None))


_WORD_BY_FAMILY: Final = {"json": "JSON", "xml": "XML", "page": "HTML"}
_Reader = Callable[[Content, str, str | None], Feed]
_READER_BY_FAMILY: Final[dict[str, _Reader]] = {
    "json": _json,
    "xml": _xml,
    "page": _page,
}
