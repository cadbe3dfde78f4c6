"""Find the values of a JSON document in its bytes, decoding one piece at a time.

A value no larger than `limits.PIECE` is decoded as a whole by Python's `json`; of a
larger object or list only the places of its members are kept. Places count bytes of
the document, which is UTF-8.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any, Final, NamedTuple

from roleclf.errors import FeedError
from roleclf.feeds import limits
from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.feeds.json_positions import decode
from roleclf.feeds.limits import too_deep, too_large

__all__ = ["DepthError", "JSONScanner", "LargeValue", "TextPiece"]

_BLANKS: Final = re.compile(rb"[ \t\r\n]*")
_IN_STRING: Final = rb'"(?:[^"\\]++|\\(?:.|\Z))*+'
_STRING: Final = re.compile(_IN_STRING + rb'"', re.S)
# A run of brackets and all before it. Brackets in strings do not count, and a string
# that is not closed reaches to the end.
_BRACKETS: Final = re.compile(
    rb'(?:[^"\[\]{}]++|' + _IN_STRING + rb'(?:"|\Z))*+(?:([\[{]+)|([\]}]+))', re.S
)
_NAME_OR_NUMBER: Final = re.compile(rb'[^\s,:\[\]{}"]*')


class TextPiece(NamedTuple):
    """The text of a document from byte `start` to byte `end`."""

    start: int
    end: int
    text: str


class DepthError(Exception):
    """JSON is nested too deep; the argument is the place of the bracket."""


@dataclass(frozen=True, slots=True)
class LargeValue:
    """An object or list that is larger than a piece, as the places of its values.

    `places` alternates begin and end of each value. For an object `n_by_key` maps a
    key to the number of its value, for a list it is None; of equal keys the last
    counts, as in every JSON reader.
    """

    start: int
    end: int
    places: array[int]
    n_by_key: Mapping[str, int] | None

    def span(self, n: int) -> tuple[int, int]:
        """Return where value `n` begins and ends."""
        return self.places[2 * n], self.places[2 * n + 1]

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield where each value begins and ends."""
        n_all = len(self.places) // 2
        chosen = range(n_all) if self.n_by_key is None else self.n_by_key.values()
        return map(self.span, chosen)


class JSONScanner:
    """Find and decode the values of a JSON document.

    Parameters
    ----------
    document : DocumentBytes
    place : str
        What messages call it.

    Attributes
    ----------
    large_by_start : dict of int to LargeValue
        The values larger than a piece that `check` met.
    """

    def __init__(self, document: DocumentBytes, place: str) -> None:
        self.document, self.place = document, place
        self.large_by_start: dict[int, LargeValue] = {}
        self._n_values = 0
        # Begins of values known to be larger than a piece, from scanning an outer one.
        self._large_starts: set[int] = set()

    def check(self, start: int, depth: int = 0) -> int:
        """Return where the value at `start` ends, after checking all that is in it.

        Raises
        ------
        FeedError
            If it is not JSON, is nested too deep, or exceeds the limits.
        """
        end = self._end_in_piece(start, depth)
        if end is None:
            self.large_by_start[start] = large = self._large_value(start, depth + 1)
            return large.end
        self.decode(self.piece(start, end))
        return end

    def piece(self, start: int, end: int) -> TextPiece:
        """Return the text from byte `start` to byte `end`.

        Raises
        ------
        FeedError
            If it is larger than a posting may be, or is not UTF-8.
        """
        if end - start > limits.MAX_POSTING:
            raise too_large(self.where(start))
        data = self.document[start:end]
        try:
            return TextPiece(start, end, data.decode("utf-8", self.document.errors))
        except UnicodeDecodeError as error:
            problem = f"byte 0x{data[error.start]:02x} is not utf-8"
            mend = "convert it to UTF-8, as JSON has to be"
            raise FeedError(self.where(start + error.start), problem, mend) from error

    def decode(self, piece: TextPiece) -> Any:
        """Return the JSON value of a piece.

        Raises
        ------
        FeedError
            If it is not one JSON value, or is nested too deep.
        """
        try:
            value, end = decode(piece.text, 0)
        except JSONDecodeError as error:
            raise self._not_json(self._byte_at(piece, error.pos), error.msg) from error
        except RecursionError as error:
            raise too_deep(self.where(piece.start)) from error
        if end < len(piece.text):
            raise self._not_json(self._byte_at(piece, end), "Expecting ',' delimiter")
        return value

    def closing(
        self, start: int, last: int, depth: int = 0
    ) -> tuple[int | None, list[int]]:
        """Return where the object or list at `start` ends, if before `last`.

        If not, that is None, and the places of all brackets open at `last` follow.

        Raises
        ------
        DepthError
            If they are nested too deep.
        """
        at, open_brackets = start, list[int]()
        while match := _BRACKETS.match(self.document.data, at, last):
            at = match.end()
            if match[1]:
                open_brackets.extend(range(match.start(1), at))
                if len(open_brackets) + depth > limits.MAX_DEPTH:
                    raise DepthError(match.start(1))
                continue
            n_closed = at - match.start(2)
            if n_closed >= len(open_brackets):
                return at - n_closed + len(open_brackets), []
            del open_brackets[-n_closed:]
        return None, open_brackets

    def past_blanks(self, start: int) -> int:
        """Return where the blanks that begin at `start` end."""
        end = start
        while blanks := _BLANKS.match(self.document.data, end, end + limits.CHUNK):
            if blanks.end() < end + limits.CHUNK:
                return blanks.end()
            end = blanks.end()
            self.document.release(limits.CHUNK)
        return end

    def where(self, at: int) -> str:
        """Return what messages call the line of byte `at`."""
        return f"{self.place}, line {self.document.line(at)}"

    def _large_value(self, start: int, depth: int) -> LargeValue:
        """Return the object or list at `start`, after checking all that is in it."""
        is_object = self._byte(start) == b"{"
        closing = b"}" if is_object else b"]"
        places, n_by_key = array("Q"), dict[str, int]()
        at = self.past_blanks(start + 1)
        is_more = self._byte(at) != closing
        while is_more:
            limits.check_number(self._n_values, self.place, "values")
            if is_object:
                key, at = self._key(at)
                # Keys are kept in the order of their values.
                n_by_key.pop(key, None)
                n_by_key[key] = len(places) // 2
            end = self.check(at, depth)
            places.extend((at, end))
            self._n_values += 1
            at = self.past_blanks(end)
            is_more = self._is_comma(at, closing)
            at = self.past_blanks(at + 1) if is_more else at
        return LargeValue(start, at + 1, places, n_by_key if is_object else None)

    def _end_in_piece(self, start: int, depth: int) -> int | None:
        """Return where the value at `start` ends; None if it is larger than a piece."""
        first = self._byte(start)
        if first in {b"{", b"["}:
            return self._closing_in_piece(start, depth)
        if first == b'"':
            return self._string_end(start)
        last = start + limits.MAX_POSTING + 1
        found = _NAME_OR_NUMBER.match(self.document.data, start, last)
        return found.end() if found else start

    def _closing_in_piece(self, start: int, depth: int) -> int | None:
        if start in self._large_starts:
            return None
        n_bytes = len(self.document)
        last = min(start + limits.PIECE, n_bytes)
        try:
            end, open_brackets = self.closing(start, last, depth)
        except DepthError as error:
            raise too_deep(self.where(error.args[0])) from error
        if end is None and last < n_bytes:
            self._large_starts.update(open_brackets)
        # If the document ends before the value does, the decoder reports it.
        return n_bytes if end is None and last == n_bytes else end

    def _string_end(self, start: int) -> int:
        last = min(start + limits.MAX_POSTING, len(self.document))
        found = _STRING.match(self.document.data, start, last)
        return found.end() if found else last + 1

    def _key(self, at: int) -> tuple[str, int]:
        """Return the key at `at`, and where its value begins."""
        if self._byte(at) != b'"':
            problem = "Expecting property name enclosed in double quotes"
            raise self._not_json(at, problem)
        end = self._string_end(at)
        key = self.decode(self.piece(at, end))
        colon = self.past_blanks(end)
        if self._byte(colon) != b":":
            raise self._not_json(colon, "Expecting ':' delimiter")
        return key, self.past_blanks(colon + 1)

    def _is_comma(self, at: int, closing: bytes) -> bool:
        """Tell whether a comma is at `at`, rather than the closing bracket."""
        found = self._byte(at)
        if found not in {b",", closing}:
            raise self._not_json(at, "Expecting ',' delimiter")
        return found == b","

    def _byte(self, at: int) -> bytes:
        """Return the byte at `at`; b"" behind the end."""
        found: bytes = self.document.data[at : at + 1]
        return found

    def _byte_at(self, piece: TextPiece, n_characters: int) -> int:
        """Return the place in the document of a character of a piece."""
        before = piece.text[:n_characters].encode("utf-8", self.document.errors)
        return piece.start + len(before)

    def _not_json(self, at: int, problem: str) -> FeedError:
        line, column = self.document.line_and_column(at)
        where = f"{self.place}, line {line}, column {column}"
        mend = "check that the document is whole"
        return FeedError(where, f"is not JSON ({problem})", mend)
