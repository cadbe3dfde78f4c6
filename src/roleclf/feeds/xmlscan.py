"""Read XML with expat: postings as records, and where each ends in the bytes.

Nothing is built but the records and nothing is loaded; a DOCTYPE, and with it every
entity of the document's own, is refused. Places count bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from html.entities import html5
from typing import Any, Final, NamedTuple
from xml.parsers import expat

from roleclf.errors import FeedError
from roleclf.feeds import limits
from roleclf.feeds.content import Content
from roleclf.feeds.limits import too_deep, too_large
from roleclf.feeds.xmlrecords import OpenElement, key_of, parts_of

__all__ = [
    "ANNOTATION_URN",
    "BARE",
    "ROLE_URN",
    "EarlierAnnotation",
    "PostingSpan",
    "XMLScan",
]

ANNOTATION_URN: Final = "urn:roleclf:annotation:1"
ROLE_URN: Final = "urn:roleclf:role"
# What a bare "&" was replaced by before the reading, since it is as long.
BARE: Final = "\x7f"
# So many times as much may be kept of a posting as it may be large.
_MOST_KEPT: Final = 4
_LOG: Final = logging.getLogger(__name__)


class EarlierAnnotation(NamedTuple):
    """What an earlier run added, from `start` to `end`."""

    start: int
    end: int


class PostingSpan(NamedTuple):
    """A posting, and where its end tag begins; an empty element ends there altogether.

    `name` is the element's as the document writes it.
    """

    record: Mapping[str, Any]
    name: str
    end: int
    is_empty: bool


class XMLScan:
    """One reading of a document.

    Parameters
    ----------
    content : Content
    place : str
        What messages call it.
    wanted : callable
        Tells the names of the elements that are postings from the root's namespace
        and name.
    is_again : bool
        What there was to tell was told when it was read before.

    Attributes
    ----------
    root : tuple of str or None
        Namespace and name of the document's element.
    encoding : str or None
        What the document declares.
    """

    def __init__(
        self,
        content: Content,
        place: str,
        wanted: Callable[[str, str], Collection[str]],
        is_again: bool = False,
    ) -> None:
        self.root: tuple[str, str] | None = None
        self.encoding: str | None = None
        self._content, self._place, self._wanted = content, place, wanted
        self._names: Collection[str] = ()
        self._depth = 0
        # Where the start tag of something of ours stands, and at which depth.
        self._our_start, self._our_depth = 0, 0
        self._open: list[OpenElement] = []
        self._space = ""
        self._has_content = False
        self._has_told = is_again
        # Where the posting begins that is open, how many elements are in it, and how
        # many characters of markup: each element keeps those of all that is in it.
        self._start_of_posting, self._n_elements, self._n_kept = 0, 0, 0
        self._n_postings = 0
        self._found: list[PostingSpan | EarlierAnnotation] = []

    def run(
        self, chunks: Iterable[bytes], encoding: str | None
    ) -> Iterator[PostingSpan | EarlierAnnotation]:
        """Read the document, which comes in chunks; yield what is found, in order.

        Raises
        ------
        FeedError
            If it has a DOCTYPE, an unknown entity, or more than the limits.
        expat.ExpatError
            If it is not well-formed.
        """
        self._parser = self._new_parser(encoding)
        n_read = 0
        for chunk in chunks:
            self._parser.Parse(chunk, False)
            n_read += len(chunk)
            self._check_progress(n_read)
            yield from self._found
            self._found.clear()
        self._parser.Parse(b"", True)
        yield from self._found

    def _new_parser(self, encoding: str | None) -> expat.XMLParserType:
        parser = expat.ParserCreate(encoding, " ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        # An entity that is not declared is then skipped, and told of.
        parser.UseForeignDTD(True)
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.SkippedEntityHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        return parser

    def _check_progress(self, n_read: int) -> None:
        """Refuse what the parser, or an open posting, keeps in memory for too long."""
        if n_read - self._parser.CurrentByteIndex > limits.MAX_TOKEN:
            problem = f"a tag or a comment is larger than {limits.MAX_TOKEN >> 20} MB"
            raise FeedError(self.where(), problem, "check that the document is whole")
        if self._open and n_read - self._start_of_posting > limits.MAX_POSTING:
            raise too_large(self.where())

    def where(self) -> str:
        """Return what messages call the line that is read."""
        return f"{self._place}, line {self._parser.CurrentLineNumber}"

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self.encoding = encoding

    def _doctype(self, *_: object) -> None:
        problem = "has a DOCTYPE, which is refused, for it may hide anything"
        mend = "delete <!DOCTYPE ...> from it, feeds need none"
        raise FeedError(self.where(), problem, mend)

    def _entity(self, name: str, is_parameter: bool) -> None:
        text = html5.get(f"{name};")
        if text is None:
            mend = "write the character itself"
            raise FeedError(self.where(), f"unknown entity &{name};", mend)
        if not self._has_told:
            _LOG.warning("%s: &%s; is none of XML, read as HTML's", self.where(), name)
        self._has_told = True
        self._text(text)

    def _text(self, text: str) -> None:
        self._has_content = True
        if self._open and not self._our_depth:
            self._open[-1].pieces.append((text, False))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, local, prefix = parts_of(name)
        self._depth += 1
        if self._depth > limits.MAX_DEPTH:
            raise too_deep(self.where())
        if self.root is None:
            self.root = space, local
            self._names = self._wanted(space, local)
        self._has_content = False
        if self._our_depth:
            return
        if _is_ours(space, local, attributes):
            self._our_start = self._parser.CurrentByteIndex
            self._our_depth = self._depth
        elif self._open:
            self._n_elements += 1
            if self._n_elements > limits.MAX_ELEMENTS:
                problem = f"a posting has more than {limits.MAX_ELEMENTS:,} elements"
                raise FeedError(self.where(), problem, "take it out")
            key = key_of(space, local, prefix, self._space)
            self._open.append(OpenElement(key, local))
        elif local in self._names or local.lower() in self._names:
            self._space = space
            self._start_of_posting = self._parser.CurrentByteIndex
            self._n_elements = self._n_kept = 0
            written = f"{prefix}:{local}" if prefix else local
            self._open.append(OpenElement(written, local, attributes))

    def _end(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        if self._our_depth:
            if self._our_depth == self._depth:
                self._found.append(EarlierAnnotation(self._our_start, self._behind(at)))
                self._our_depth = 0
        elif self._open:
            self._close(self._open.pop(), at)
        self._depth -= 1
        self._has_content = True

    def _close(self, element: OpenElement, at: int) -> None:
        if self._open:
            self._n_kept += self._open[-1].add(element)
            if self._n_kept > _MOST_KEPT * limits.MAX_POSTING:
                raise too_large(self.where())
            return
        value = element.value()
        record = value if isinstance(value, dict) else {}
        self._found.append(PostingSpan(record, element.key, at, self._is_empty(at)))
        self._n_postings += 1
        limits.check_number(self._n_postings, self._place)

    def _is_empty(self, at: int) -> bool:
        """Tell whether the element that ends is one tag, `<a/>`."""
        return not self._has_content and self._tag_end(at) == b"/>"

    def _tag_end(self, at: int) -> bytes:
        return self._content.data[max(at - 4, 0) : at].replace(b"\0", b"")[-2:]

    def _behind(self, at: int) -> int:
        """Return where an element ends whose end tag begins at `at`."""
        if self._is_empty(at):
            return at
        data = self._content.data
        end = data.find(b">", at) + 1
        # In UTF-16 with the lesser byte first, the other half of ">" follows.
        is_wide = b"\0" in data[at : at + 2]
        return end + (end - at) % 2 if is_wide else end


def _is_ours(space: str, local: str, attributes: dict[str, str]) -> bool:
    if space == ANNOTATION_URN:
        return True
    marks = (attributes.get("domain"), attributes.get("scheme"))
    return local == "category" and ROLE_URN in marks
