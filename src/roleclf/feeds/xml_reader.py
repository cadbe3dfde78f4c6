"""Read postings from XML, and write annotations into the same bytes."""

from __future__ import annotations

import codecs
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any, Final
from xml.parsers import expat

from roleclf.errors import FeedError
from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.feeds.document_parts import DocumentPart, Feed
from roleclf.feeds.fields import has_required_fields, read_posting, read_title
from roleclf.feeds.formats import FeedFormat, formats_of
from roleclf.feeds.titles import TitleShape, common_title_shape
from roleclf.feeds.xml_additions import annotation_element, category_element
from roleclf.feeds.xml_repair import (
    bare_ampersands,
    with_ampersands,
    with_declaration_first,
    with_placeholders,
)
from roleclf.feeds.xml_scanner import EarlierAnnotation, PostingSpan, XMLScanner
from roleclf.records import Annotation

__all__ = ["read_xml"]

_LOG: Final = logging.getLogger(__name__)
_INVALID_TOKEN: Final = 4  # XML_ERROR_INVALID_TOKEN of expat
_WRONG_ENCODING: Final = {18, 19}  # XML_ERROR_UNKNOWN_ENCODING, ..._INCORRECT_...
_MEND: Final = "check that the document is whole"
_MEND_LETTERS: Final = "check that it is whole, and in the encoding that it declares"
# Postings that are checked for the fields that a format requires.
_N_SAMPLED: Final = 20
_ANY_ROOT: Final = "*"
# As expat names them.
_ENCODING_BY_START: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
    (b"<\0", "utf-16le"),
    (b"\0<", "utf-16be"),
)


@dataclass(frozen=True, slots=True)
class _XMLSource:
    """A document, and in which encoding and with which repairs it is parsed."""

    document: DocumentBytes
    place: str
    formats: Sequence[FeedFormat]
    encoding: str | None
    is_repaired: bool = False

    def scan(
        self, is_silent: bool = False
    ) -> tuple[XMLScanner, Iterator[PostingSpan | EarlierAnnotation]]:
        """Return a new scanner of the document, and what it yields."""
        names = partial(_posting_names, self.formats)
        scanner = XMLScanner(self.document, self.place, names, is_silent)
        found = scanner.run(self._chunks(), self.encoding)
        return scanner, map(with_ampersands, found) if self.is_repaired else found

    def _chunks(self) -> Iterator[bytes]:
        whole = self.document.chunks(0, len(self.document))
        chunks = with_declaration_first(whole)
        return with_placeholders(chunks, self.document) if self.is_repaired else chunks


def read_xml(document: DocumentBytes, place: str, asked: str | None) -> Feed:
    """Return the postings of an XML document.

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
        If the document is not well-formed, has a DOCTYPE, or is no feed.
    """
    if document.is_text:
        _check_surrogates(document, place)
    formats = [f for f in formats_of("xml") if asked in {None, f.name}]
    encoding = "utf-8" if document.is_text else None
    source = _XMLSource(document, place, formats, encoding)
    while True:
        try:
            return _read(source)
        except expat.ExpatError as error:
            next_source = _other_source(source, error)
            if next_source is None:
                raise _not_well_formed(error, place) from error
            source = next_source
        except (ValueError, LookupError) as error:
            mend = "convert it to UTF-8"
            raise FeedError(place, f"cannot be decoded ({error})", mend) from error


def _check_surrogates(document: DocumentBytes, place: str) -> None:
    try:
        document[:].decode()
    except UnicodeDecodeError as error:
        problem = "has half a character (a lone surrogate)"
        raise FeedError(place, problem, "remove it; XML has none") from error


def _other_source(source: _XMLSource, error: expat.ExpatError) -> _XMLSource | None:
    """Return how else a document that failed may be parsed; None for no other way."""
    codec = source.encoding or _codec(source.document, None)
    if error.code in _WRONG_ENCODING and source.encoding is None:
        _LOG.warning("%s: is read as %s, whatever it declares", source.place, codec)
        return replace(source, encoding=codec)
    # In UTF-16 the byte of an ampersand may be half of another character.
    if error.code != _INVALID_TOKEN or source.is_repaired or "16" in codec:
        return None
    if next(bare_ampersands(source.document), None) is None:
        return None
    _LOG.warning("%s, line %d: a bare & is read as one", source.place, error.lineno)
    return replace(source, is_repaired=True)


def _read(source: _XMLSource) -> Feed:
    """Return the feed, after a first pass that checks all and detects the format."""
    scanner, found = source.scan()
    records = (span.record for span in found if isinstance(span, PostingSpan))
    sample = list(islice(records, _N_SAMPLED))
    format_ = _format(scanner, sample, source)
    titles = (read_title(record, format_) for record in chain(sample, records))
    shape = common_title_shape(titles, format_.title_shapes)
    codec = source.encoding or _codec(source.document, scanner.encoding)
    return Feed(format_.name, partial(_parts, source, format_, shape, codec))


def _parts(
    source: _XMLSource, format_: FeedFormat, shape: TitleShape | None, codec: str
) -> Iterator[DocumentPart]:
    """Yield earlier annotations, to be removed, and the ends of postings."""
    for found in source.scan(is_silent=True)[1]:
        if isinstance(found, EarlierAnnotation):
            yield DocumentPart(found.start, found.end, (), (), lambda _: iter(()))
        else:
            posting, problem = read_posting(found.record, format_, shape)
            start = found.end - len("/>".encode(codec)) * found.is_empty
            rewrite = partial(_additions, found, format_.native, codec)
            yield DocumentPart(start, found.end, (posting,), (problem,), rewrite)


def _additions(
    span: PostingSpan, native: str, codec: str, annotations: Iterable[Annotation]
) -> Iterator[bytes]:
    """Yield the elements that are inserted at the end of a posting."""
    for annotation in annotations:
        new = category_element(native, span.name, annotation)
        new += annotation_element(annotation)
        if span.is_empty:
            new = f">{new}</{span.name}>"
        yield new.encode(codec, "xmlcharrefreplace")


def _posting_names(
    formats: Sequence[FeedFormat], namespace: str, local: str
) -> Collection[str]:
    """Return the names of elements that are postings below a root element."""
    fitting = [f for f in formats if _has_root(f, namespace, local)]
    # A format for any root counts only where no other fits.
    specific = [f for f in fitting if _ANY_ROOT not in f.root]
    return {name for f in specific or fitting for name in f.postings_at}


def _has_root(format_: FeedFormat, namespace: str, local: str) -> bool:
    return bool({_ANY_ROOT, local, f"{{{namespace}}}{local}"} & set(format_.root))


def _format(
    scanner: XMLScanner, sample: Sequence[Mapping[str, Any]], source: _XMLSource
) -> FeedFormat:
    """Return the format by the root element and the fields of the first postings."""
    namespace, local = scanner.root or ("", "")
    fitting = [f for f in source.formats if _has_root(f, namespace, local)]
    for format_ in fitting:
        if any(has_required_fields(record, format_) for record in sample):
            return format_
    # Without postings all formats of the root fit; the last requires least.
    specific = [f for f in fitting if _ANY_ROOT not in f.root]
    if specific:
        return specific[-1]
    problem = f"<{local}> has no postings, such as <job>, <item> or <entry>"
    raise FeedError(source.place, problem, "call its postings so")


def _codec(document: DocumentBytes, declared: str | None) -> str:
    start = document[:4]
    found = (codec for mark, codec in _ENCODING_BY_START if start.startswith(mark))
    return next(found, declared or "utf-8")


def _not_well_formed(error: expat.ExpatError, place: str) -> FeedError:
    where = f"{place}, line {error.lineno}, column {error.offset + 1}"
    problem = f"is not well-formed XML ({expat.ErrorString(error.code)})"
    mend = _MEND_LETTERS if error.code == _INVALID_TOKEN else _MEND
    return FeedError(where, problem, mend)
