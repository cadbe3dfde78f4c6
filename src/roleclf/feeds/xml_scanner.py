"""Scan XML with expat: postings as records, and the byte at which each ends.

Only the records are built, and nothing is ever loaded. A document with a DOCTYPE is
refused, and so are the entities that it would define.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from html.entities import html5
from typing import Any, Final, NamedTuple
from xml.parsers import expat

from roleclf.errors import FeedError
from roleclf.feeds import limits
from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.feeds.limits import too_deep, too_large
from roleclf.feeds.urns import ANNOTATION_URN, ROLE_URN
from roleclf.feeds.xml_records import OpenElement, field_key, split_name

__all__ = ["EarlierAnnotation", "PostingSpan", "XMLScanner"]

# The markup kept of a posting may be so many times as large as the posting: each
# element keeps that of all elements in it.
_MAX_KEPT: Final = 4
_LOG: Final = logging.getLogger(__name__)


class EarlierAnnotation(NamedTuple):
    """The bytes from `start` to `end` that an earlier run added."""

    start: int
    end: int


class PostingSpan(NamedTuple):
    """A posting as a record, and the byte at which its end tag begins.

    `name` is the element's as the document writes it. `is_empty` means `<item/>`,
    which `end` stands behind.
    """

    record: Mapping[str, Any]
    name: str
    end: int
    is_empty: bool


class XMLScanner:
    """One pass through a document.

    Parameters
    ----------
    document : DocumentBytes
    place : str
        What messages call it.
    posting_names : callable
        Returns the names of elements that are postings, given namespace and name of
        the root element.
    is_silent : bool
        Whether warnings are left out, because an earlier pass gave them.

    Attributes
    ----------
    root : tuple of str or None
        Namespace and name of the root element, once it was read.
    encoding : str or None
        What the document declares, once it was read.
    """

    def __init__(
        self,
        document: DocumentBytes,
        place: str,
        posting_names: Callable[[str, str], Collection[str]],
        is_silent: bool = False,
    ) -> None:
        self.root: tuple[str, str] | None = None
        self.encoding: str | None = None
        self._document, self._place = document, place
        self._posting_names = posting_names
        self._names: Collection[str] = ()
        self._depth = 0
        # Start and depth of the earlier annotation that is open; depth 0 is none.
        self._our_start, self._our_depth = 0, 0
        # The elements that are open from a posting inward.
        self._open: list[OpenElement] = []
        self._namespace = ""
        self._has_content = False
        self._is_silent = is_silent
        # Of the posting that is open: its start, its elements, its characters of
        # markup.
        self._posting_start, self._n_elements, self._n_kept = 0, 0, 0
        self._n_postings = 0
        self._found: list[PostingSpan | EarlierAnnotation] = []

    def run(
        self, chunks: Iterable[bytes], encoding: str | None
    ) -> Iterator[PostingSpan | EarlierAnnotation]:
        """Parse the document's chunks; yield postings and annotations as they end.

        Parameters
        ----------
        chunks : iterable of bytes
        encoding : str or None
            The encoding; None for the one that the document declares.

        Raises
        ------
        FeedError
            If it has a DOCTYPE or an unknown entity, or exceeds the limits.
        expat.ExpatError
            If it is not well-formed.
        """
        self._parser = self._new_parser(encoding)
        n_read = 0
        for chunk in chunks:
            self._parser.Parse(chunk, False)
            n_read += len(chunk)
            self._check_memory(n_read)
            yield from self._found
            self._found.clear()
        self._parser.Parse(b"", True)
        yield from self._found

    def _new_parser(self, encoding: str | None) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding, " ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        # Without this an undeclared entity, such as &nbsp;, is an error of expat.
        parser.UseForeignDTD(True)
        parser.XmlDeclHandler = self._on_declaration
        parser.StartDoctypeDeclHandler = self._on_doctype
        parser.SkippedEntityHandler = self._on_entity
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        return parser

    def _check_memory(self, n_read: int) -> None:
        """Refuse a tag, a comment or a posting that is kept in memory too long."""
        if n_read - self._parser.CurrentByteIndex > limits.MAX_TOKEN:
            problem = f"a tag or a comment is larger than {limits.MAX_TOKEN >> 20} MB"
            raise FeedError(self._where(), problem, "check that the document is whole")
        if self._open and n_read - self._posting_start > limits.MAX_POSTING:
            raise too_large(self._where())

    def _where(self) -> str:
        """Return what messages call the current line."""
        return f"{self._place}, line {self._parser.CurrentLineNumber}"

    def _on_declaration(self, version: str, encoding: str | None, _: int) -> None:
        self.encoding = encoding

    def _on_doctype(self, *_: object) -> None:
        problem = "has a DOCTYPE, which is refused, for it may hide anything"
        mend = "delete <!DOCTYPE ...> from it, feeds need none"
        raise FeedError(self._where(), problem, mend)

    def _on_entity(self, name: str, is_parameter: bool) -> None:
        text = html5.get(f"{name};")
        if text is None:
            mend = "write the character itself"
            raise FeedError(self._where(), f"unknown entity &{name};", mend)
        if not self._is_silent:
            _LOG.warning("%s: &%s; is none of XML, read as HTML's", self._where(), name)
        self._is_silent = True
        self._on_text(text)

    def _on_text(self, text: str) -> None:
        self._has_content = True
        if self._open and not self._our_depth:
            self._open[-1].pieces.append((text, False))

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, local, prefix = split_name(name)
        self._depth += 1
        if self._depth > limits.MAX_DEPTH:
            raise too_deep(self._where())
        if self.root is None:
            self.root = namespace, local
            self._names = self._posting_names(namespace, local)
        self._has_content = False
        if self._our_depth:
            return
        if _is_ours(namespace, local, attributes):
            self._our_start = self._parser.CurrentByteIndex
            self._our_depth = self._depth
        elif self._open:
            self._open_field(namespace, local, prefix)
        elif local in self._names or local.lower() in self._names:
            self._open_posting(namespace, local, prefix, attributes)

    def _open_field(self, namespace: str, local: str, prefix: str) -> None:
        self._n_elements += 1
        if self._n_elements > limits.MAX_ELEMENTS:
            problem = f"a posting has more than {limits.MAX_ELEMENTS:,} elements"
            raise FeedError(self._where(), problem, "take it out")
        key = field_key(namespace, local, prefix, self._namespace)
        self._open.append(OpenElement(key, local))

    def _open_posting(
        self, namespace: str, local: str, prefix: str, attributes: Mapping[str, str]
    ) -> None:
        self._namespace = namespace
        self._posting_start = self._parser.CurrentByteIndex
        self._n_elements = self._n_kept = 0
        written = f"{prefix}:{local}" if prefix else local
        self._open.append(OpenElement(written, local, attributes))

    def _on_end(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        if self._our_depth:
            if self._our_depth == self._depth:
                end = self._element_end(at)
                self._found.append(EarlierAnnotation(self._our_start, end))
                self._our_depth = 0
        elif self._open:
            self._close(self._open.pop(), at)
        self._depth -= 1
        self._has_content = True

    def _close(self, element: OpenElement, at: int) -> None:
        if self._open:
            self._n_kept += self._open[-1].add(element)
            if self._n_kept > _MAX_KEPT * limits.MAX_POSTING:
                raise too_large(self._where())
            return
        value = element.value()
        record = value if isinstance(value, dict) else {}
        self._found.append(PostingSpan(record, element.key, at, self._is_empty(at)))
        self._n_postings += 1
        limits.check_number(self._n_postings, self._place)

    def _is_empty(self, at: int) -> bool:
        """Tell whether the element that ends at `at` is a single tag, `<a/>`."""
        if self._has_content:
            return False
        # Four bytes are "/>" in UTF-16.
        tail = self._document.data[max(at - 4, 0) : at].replace(b"\0", b"")
        return tail[-2:] == b"/>"

    def _element_end(self, at: int) -> int:
        """Return where the element ends whose end tag begins at `at`."""
        if self._is_empty(at):
            return at
        data = self._document.data
        end = data.find(b">", at) + 1
        # In little-endian UTF-16 the other byte of ">" follows.
        is_utf16 = b"\0" in data[at : at + 2]
        return end + (end - at) % 2 if is_utf16 else end


def _is_ours(namespace: str, local: str, attributes: Mapping[str, str]) -> bool:
    """Tell whether an element was added by an earlier run."""
    if namespace == ANNOTATION_URN:
        return True
    schemes = (attributes.get("domain"), attributes.get("scheme"))
    return local == "category" and ROLE_URN in schemes
