"""Postings in XML, and the same bytes with annotations put into them."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from heapq import merge
from operator import itemgetter
from typing import Any, Final
from xml.parsers import expat

from roleclf.errors import FeedError
from roleclf.feeds.edits import Edit, edited
from roleclf.feeds.elements import annotation_element, category_element
from roleclf.feeds.fields import fits, read_postings
from roleclf.feeds.formats import Format, formats_of
from roleclf.feeds.records import Feed
from roleclf.feeds.xmlscan import BARE, Spot, XMLScan
from roleclf.records import Annotation

__all__ = ["read_xml"]

_LOG: Final = logging.getLogger(__name__)
_NOT_WELL_FORMED: Final = 4  # XML_ERROR_INVALID_TOKEN of expat
_LOOKED_AT: Final = 20
_ANY_ROOT: Final = "*"
# What hides an ampersand, or one that begins no entity. What is left open reaches
# to the end, so that nothing is tried twice.
_AMPERSAND: Final = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?!#?\w{1,32};)", re.S
)
_ENCODING_BY_START: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def read_xml(
    data: bytes, place: str, asked: str | None, encoding: str | None = None
) -> Feed[bytes]:
    """Return the postings of an XML document.

    Parameters
    ----------
    data : bytes
    place : str
        What messages call the document.
    asked : str or None
        The name of the format; found out if None.
    encoding : str, optional
        The encoding, whatever the document declares.

    Raises
    ------
    FeedError
        If the document is not well-formed, has a DOCTYPE, or is no feed.
    """
    formats = [f for f in formats_of("xml") if asked in {None, f.name}]
    scan = _scanned(data, place, encoding, formats)
    format_ = _format(scan, formats, place)
    postings, problems = read_postings(scan.records, format_)
    codec = encoding or _codec(data, scan.encoding, place)
    write = partial(_written, data, scan, format_.own, codec)
    return Feed(format_.name, postings, problems, write)


def _scanned(
    data: bytes, place: str, encoding: str | None, formats: Sequence[Format]
) -> XMLScan:
    """Return the reading of a document, of one with bare ampersands too."""
    try:
        return _run(data, place, encoding, formats)
    except expat.ExpatError as error:
        mended = _AMPERSAND.sub(_replaced, data)
        if error.code != _NOT_WELL_FORMED or mended == data:
            raise _broken(error, place) from error
        _LOG.warning("%s, line %d: a bare & is read as one", place, error.lineno)
    except (ValueError, LookupError) as error:
        mend = "convert it to UTF-8"
        raise FeedError(place, f"cannot be decoded ({error})", mend) from error
    try:
        scan = _run(mended, place, encoding, formats)
    except expat.ExpatError as error:
        raise _broken(error, place) from error
    scan.records = [_with_ampersands(record) for record in scan.records]
    return scan


def _run(
    data: bytes, place: str, encoding: str | None, formats: Sequence[Format]
) -> XMLScan:
    scan = XMLScan(place, partial(_names, formats))
    scan.run(data, encoding)
    return scan


def _replaced(match: re.Match[bytes]) -> bytes:
    return BARE.encode() if match[0] == b"&" else match[0]


def _with_ampersands(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(BARE, "&")
    if isinstance(value, dict):
        return {key: _with_ampersands(inner) for key, inner in value.items()}
    return [_with_ampersands(inner) for inner in value]


def _broken(error: expat.ExpatError, place: str) -> FeedError:
    where = f"{place}, line {error.lineno}, column {error.offset + 1}"
    problem = f"is not well-formed XML ({expat.ErrorString(error.code)})"
    return FeedError(where, problem, "check that the document is whole")


def _names(formats: Sequence[Format], space: str, local: str) -> Collection[str]:
    """Return the names of the elements that are postings below a root."""
    fitting = [format_ for format_ in formats if _has_root(format_, space, local)]
    # What fits any root is asked only where no other does.
    known = [format_ for format_ in fitting if _ANY_ROOT not in format_.root]
    return {name for format_ in known or fitting for name in format_.at}


def _has_root(format_: Format, space: str, local: str) -> bool:
    return bool({_ANY_ROOT, local, f"{{{space}}}{local}"} & set(format_.root))


def _format(scan: XMLScan, formats: Sequence[Format], place: str) -> Format:
    """Return the format that root and postings show."""
    space, local = scan.root or ("", "")
    fitting = [format_ for format_ in formats if _has_root(format_, space, local)]
    shown = scan.records[:_LOOKED_AT]
    for format_ in fitting:
        if any(fits(record, format_) for record in shown):
            return format_
    # Nothing tells a feed without postings apart; the last row is the plainest.
    known = [format_ for format_ in fitting if _ANY_ROOT not in format_.root]
    if known:
        return known[-1]
    problem = f"<{local}> is no feed with postings"
    raise FeedError(place, problem, "name another format with --format")


def _codec(data: bytes, declared: str | None, place: str) -> str:
    marked = (codec for start, codec in _ENCODING_BY_START if data.startswith(start))
    return next(marked, declared or "utf-8")


def _written(
    data: bytes,
    scan: XMLScan,
    own: str,
    codec: str,
    annotations: Iterable[Annotation],
) -> Iterator[bytes]:
    removals = (Edit(start, end, b"") for start, end in scan.ours)
    insertions = (
        _edit(spot, own, annotation, codec)
        for spot, annotation in zip(scan.spots, annotations, strict=True)
    )
    return edited(data, merge(removals, insertions, key=itemgetter(0, 1)))


def _edit(spot: Spot, own: str, annotation: Annotation, codec: str) -> Edit[bytes]:
    """Return the edit that puts elements at the end of a posting."""
    new = category_element(own, spot.name, annotation) + annotation_element(annotation)
    start = spot.end
    if spot.is_empty:
        start -= len("/>".encode(codec))
        new = f">{new}</{spot.name}>"
    # What the encoding lacks is written as a reference.
    return Edit(start, spot.end, new.encode(codec, "xmlcharrefreplace"))
