"""Postings in XML, and the same bytes with annotations put into them."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any, Final
from xml.parsers import expat

from roleclf.errors import FeedError
from roleclf.feeds import limits
from roleclf.feeds.content import Content
from roleclf.feeds.elements import annotation_element, category_element
from roleclf.feeds.fields import fits, read_posting, title_of
from roleclf.feeds.formats import Format, formats_of
from roleclf.feeds.records import DocumentPart, Feed
from roleclf.feeds.titles import Shape, shape_of
from roleclf.feeds.xmlscan import BARE, EarlierAnnotation, PostingSpan, XMLScan
from roleclf.records import Annotation

__all__ = ["read_xml"]

_LOG: Final = logging.getLogger(__name__)
_NOT_WELL_FORMED: Final = 4  # XML_ERROR_INVALID_TOKEN of expat
_WRONG_ENCODING: Final = {18, 19}  # XML_ERROR_UNKNOWN_ENCODING, ..._INCORRECT_...
_MEND: Final = "check that the document is whole"
_MEND_LETTERS: Final = "check that it is whole, and in the encoding that it declares"
_LOOKED_AT: Final = 20
_ANY_ROOT: Final = "*"
# What hides an ampersand, or one that begins no entity. What is left open reaches as
# far as a posting may, or to the end, so that nothing is tried twice.
_AMPERSAND: Final = re.compile(
    rb"<!\[CDATA\[(?:.{0,%(most)d}?\]\]>|.{%(most)d}|.*)"
    rb"|<!--(?:.{0,%(most)d}?-->|.{%(most)d}|.*)"
    rb"|&(?!#?\w{1,32};)" % {b"most": limits.MAX_POSTING},
    re.S,
)
# Blanks that some sites write before the document; places are those of the document.
_LATE_DECLARATION: Final = re.compile(
    rb"\A(\xef\xbb\xbf)?(\s+)(<\?xml\s[^<>]{0,200}\?>)"
)
_ENCODING_BY_START: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
    (b"<\0", "utf-16le"),
    (b"\0<", "utf-16be"),
)


def read_xml(
    content: Content, place: str, asked: str | None, encoding: str | None = None
) -> Feed:
    """Return the postings of an XML document.

    Parameters
    ----------
    content : Content
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
    reading = _Reading(content, place, formats, encoding)
    while True:
        try:
            return _read(reading)
        except expat.ExpatError as error:
            again = _again(reading, error)
            if again is None:
                raise _broken(error, place) from error
            reading = again
        except (ValueError, LookupError) as error:
            mend = "convert it to UTF-8"
            raise FeedError(place, f"cannot be decoded ({error})", mend) from error


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a document is read, from its beginning each time."""

    content: Content
    place: str
    formats: Sequence[Format]
    encoding: str | None
    is_mended: bool = False

    def scan(
        self, is_again: bool = False
    ) -> tuple[XMLScan, Iterator[PostingSpan | EarlierAnnotation]]:
        """Return a scan of the document, and what it yields."""
        names = partial(_names, self.formats)
        scan = XMLScan(self.content, self.place, names, is_again)
        found = scan.run(self._chunks(), self.encoding)
        return scan, map(_with_ampersands, found) if self.is_mended else found

    def _chunks(self) -> Iterator[bytes]:
        chunks = _in_order(self.content.slices(0, len(self.content)))
        return _mended(chunks, self.content) if self.is_mended else chunks


def _again(reading: _Reading, error: expat.ExpatError) -> _Reading | None:
    """Return in which other way a document may be read; None if in no other."""
    codec = reading.encoding or _codec(reading.content, None)
    if error.code in _WRONG_ENCODING and reading.encoding is None:
        _LOG.warning("%s: is read as %s, whatever it declares", reading.place, codec)
        return replace(reading, encoding=codec)
    # In UTF-16 the byte of an ampersand may be half of a letter.
    if error.code != _NOT_WELL_FORMED or reading.is_mended or "16" in codec:
        return None
    if next(_ampersands(reading.content), None) is None:
        return None
    _LOG.warning("%s, line %d: a bare & is read as one", reading.place, error.lineno)
    return replace(reading, is_mended=True)


def _in_order(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a document with its XML declaration before the blanks, not behind them."""
    first = next(chunks, b"")
    return chain([_LATE_DECLARATION.sub(rb"\1\3\2", first)], chunks)


def _read(reading: _Reading) -> Feed:
    """Read a document to its end, for what it is, and that it is well-formed."""
    scan, found = reading.scan()
    records = (spot.record for spot in found if isinstance(spot, PostingSpan))
    shown = list(islice(records, _LOOKED_AT))
    format_ = _format(scan, shown, reading)
    titles = (title_of(record, format_) for record in chain(shown, records))
    shape = shape_of(titles, format_.titles)
    codec = reading.encoding or _codec(reading.content, scan.encoding)
    parts = partial(_parts, reading, format_, shape, codec)
    return Feed(format_.name, parts)


def _parts(
    reading: _Reading, format_: Format, shape: Shape | None, codec: str
) -> Iterator[DocumentPart]:
    for found in reading.scan(is_again=True)[1]:
        if isinstance(found, EarlierAnnotation):
            yield DocumentPart(found.start, found.end, (), (), lambda _: iter(()))
        else:
            posting, problem = read_posting(found.record, format_, shape)
            start = found.end - len("/>".encode(codec)) * found.is_empty
            rewrite = partial(_written, found, format_.own, codec)
            yield DocumentPart(start, found.end, (posting,), (problem,), rewrite)


def _ampersands(content: Content) -> Iterator[int]:
    """Yield where a bare ampersand stands."""
    data, at, last = content.data, 0, 0
    while last < len(content):
        last = at + limits.CHUNK
        found = _AMPERSAND.search(data, at, last)
        # What the end of the chunk cuts off is looked at again, as a whole.
        start = found.start() if found else max(at, last - len("<![CDATA"))
        whole = _AMPERSAND.match(data, start)
        if whole and data[start : start + 1] == b"&":
            yield start
        content.pass_by(start - at)
        at = whole.end() if whole else start + 1
        last = at if found else last


def _mended(chunks: Iterable[bytes], content: Content) -> Iterator[bytes]:
    """Yield the chunks of a document with what is as long for bare ampersands."""
    places, start = _ampersands(content), 0
    place = next(places, None)
    for chunk in map(bytearray, chunks):
        while place is not None and place < start + len(chunk):
            chunk[place - start : place - start + 1] = BARE.encode()
            place = next(places, None)
        start += len(chunk)
        yield bytes(chunk)


def _with_ampersands(
    found: PostingSpan | EarlierAnnotation,
) -> PostingSpan | EarlierAnnotation:
    if isinstance(found, EarlierAnnotation):
        return found
    return found._replace(record=_in_value(found.record))


def _in_value(value: Any) -> Any:
    """Return a value with an ampersand for each that had been replaced."""
    if isinstance(value, str):
        return value.replace(BARE, "&")
    if isinstance(value, Mapping):
        return {key: _in_value(inner) for key, inner in value.items()}
    return [_in_value(inner) for inner in value]


def _broken(error: expat.ExpatError, place: str) -> FeedError:
    where = f"{place}, line {error.lineno}, column {error.offset + 1}"
    problem = f"is not well-formed XML ({expat.ErrorString(error.code)})"
    is_letter = error.code == _NOT_WELL_FORMED
    return FeedError(where, problem, _MEND_LETTERS if is_letter else _MEND)


def _names(formats: Sequence[Format], space: str, local: str) -> Collection[str]:
    """Return the names of the elements that are postings below a root."""
    fitting = [format_ for format_ in formats if _has_root(format_, space, local)]
    # What fits any root is asked only where no other does.
    known = [format_ for format_ in fitting if _ANY_ROOT not in format_.root]
    return {name for format_ in known or fitting for name in format_.at}


def _has_root(format_: Format, space: str, local: str) -> bool:
    return bool({_ANY_ROOT, local, f"{{{space}}}{local}"} & set(format_.root))


def _format(
    scan: XMLScan, shown: Sequence[Mapping[str, Any]], reading: _Reading
) -> Format:
    """Return the format that root and first postings show."""
    space, local = scan.root or ("", "")
    fitting = [f for f in reading.formats if _has_root(f, space, local)]
    for format_ in fitting:
        if any(fits(record, format_) for record in shown):
            return format_
    # Nothing tells a feed without postings apart; the last row is the plainest.
    known = [format_ for format_ in fitting if _ANY_ROOT not in format_.root]
    if known:
        return known[-1]
    problem = f"<{local}> has no postings, such as <job>, <item> or <entry>"
    raise FeedError(reading.place, problem, "call its postings so")


def _codec(content: Content, declared: str | None) -> str:
    start = content[:4]
    marked = (codec for mark, codec in _ENCODING_BY_START if start.startswith(mark))
    return next(marked, declared or "utf-8")


def _written(
    spot: PostingSpan, own: str, codec: str, annotations: Iterable[Annotation]
) -> Iterator[bytes]:
    """Yield the elements that are put at the end of a posting."""
    for annotation in annotations:
        new = category_element(own, spot.name, annotation)
        new += annotation_element(annotation)
        if spot.is_empty:
            new = f">{new}</{spot.name}>"
        # What the encoding lacks is written as a reference.
        yield new.encode(codec, "xmlcharrefreplace")
