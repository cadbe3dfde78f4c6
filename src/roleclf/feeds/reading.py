"""Detect whether a document is JSON, XML or HTML, and read it as a feed."""

from __future__ import annotations

import re
from typing import Final

from roleclf.errors import FeedError, RequestError
from roleclf.feeds import limits
from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.feeds.document_parts import Feed
from roleclf.feeds.formats import format_names, formats_of
from roleclf.feeds.html_reader import read_html
from roleclf.feeds.json_reader import read_json
from roleclf.feeds.xml_reader import read_xml

__all__ = ["AUTO", "read_feed"]

AUTO: Final = "auto"
# Bytes of a document by which its family is detected.
_HEAD_SIZE: Final = 4096
# Byte order marks, zero bytes of UTF-16 and blanks may stand before a document.
_LEAD: Final = re.compile(rb"[\s\0\xef\xbb\xbf\xfe\xff]*")
_HTML: Final = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|title|meta|link|base|body|script|div|main|section"
    r"|article)(?![\w:.-])",
    re.I | re.S,
)
_MEND: Final = (
    "give JSON, JSON Lines, XML, or a page with JSON-LD; "
    "a table goes to `roleclf classify`"
)
_READER_BY_FAMILY: Final = {"html": read_html, "json": read_json, "xml": read_xml}


def read_feed(document: DocumentBytes, place: str, asked: str = AUTO) -> Feed:
    """Return the postings of a document.

    Parameters
    ----------
    document : DocumentBytes
    place : str
        What messages call it.
    asked : str
        The name of its format; `auto` detects it.

    Raises
    ------
    FeedError
        If it cannot be read as a feed, or exceeds the limits.
    RequestError
        If there is no format of the name `asked`.
    """
    limits.check_size(len(document), place)
    family = _family(_head(document), place)
    return _READER_BY_FAMILY[family](document, place, _name_in(family, asked, place))


def _head(document: DocumentBytes) -> str:
    """Return the beginning of a document, without byte order mark and blanks."""
    for at in range(0, len(document), limits.CHUNK):
        lead = _LEAD.match(document.data, at, at + limits.CHUNK)
        start = lead.end() if lead else at
        document.release(start - at)
        if start < min(at + limits.CHUNK, len(document)):
            head = document[start : start + _HEAD_SIZE]
            return head.replace(b"\0", b"").decode("latin-1")
    return ""


def _family(head: str, place: str) -> str:
    """Return `json`, `xml` or `html`."""
    if not head:
        raise FeedError(place, "is empty", _MEND)
    if head[0] in "[{":
        return "json"
    if head[0] == "<":
        return "html" if _HTML.match(head) else "xml"
    raise FeedError(place, "is neither JSON nor XML", _MEND)


def _name_in(family: str, asked: str, place: str) -> str | None:
    """Return the format that was asked for; None if it is to be detected.

    Raises
    ------
    FeedError
        If documents of this family never have that format.
    """
    if asked == AUTO:
        return None
    if asked not in format_names():
        known = ", ".join((AUTO, *format_names()))
        raise RequestError(place, f"no format '{asked}'", f"use one of {known}")
    of_family = formats_of("xml" if family == "xml" else "json")
    if asked not in {format_.name for format_ in of_family}:
        problem = f"is {family.upper()}, which {asked} never is"
        raise FeedError(place, problem, "leave --format away")
    return asked
