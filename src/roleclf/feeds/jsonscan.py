"""JSON as bytes: where its values stand, with no more than a piece of it decoded.

A value that is no larger than a piece is decoded whole, by Python's own decoder; of a
larger one each member is taken by itself. Places count bytes of the document, which
is UTF-8.
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
from roleclf.feeds.content import Content
from roleclf.feeds.jsontext import decode
from roleclf.feeds.limits import too_deep, too_large

__all__ = ["DepthError", "Large", "Piece", "Scanner"]

_BLANKS: Final = re.compile(rb"[ \t\r\n]*")
_IN_STRING: Final = rb'"(?:[^"\\]++|\\(?:.|\Z))*+'
_STRING: Final = re.compile(_IN_STRING + rb'"', re.S)
# A run of brackets and what stands before it. Those in strings are none, and a
# string that is left open reaches to the end.
_BRACKETS: Final = re.compile(
    rb'(?:[^"\[\]{}]++|' + _IN_STRING + rb'(?:"|\Z))*+(?:([\[{]+)|([\]}]+))', re.S
)
_NAME_OR_NUMBER: Final = re.compile(rb'[^\s,:\[\]{}"]*')


class Piece(NamedTuple):
    """What stands from `start` to `end` in a document, and its text."""

    start: int
    end: int
    text: str


class DepthError(Exception):
    """At this place the nesting goes too deep."""


@dataclass(frozen=True, slots=True)
class Large:
    """An object or a list that is larger than a piece, and what it holds.

    `places` are the begin and the end of each value in it, one after the other;
    `n_by_key` says, for an object, which of them belongs to a key: the last where a
    key comes twice, as readers of JSON take it.
    """

    start: int
    end: int
    places: array[int]
    n_by_key: Mapping[str, int] | None

    def span(self, n: int) -> tuple[int, int]:
        """Return where a value begins and ends."""
        return self.places[2 * n], self.places[2 * n + 1]

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield where each value begins and ends."""
        n_all = len(self.places) // 2
        chosen = range(n_all) if self.n_by_key is None else self.n_by_key.values()
        return map(self.span, chosen)


class Scanner:
    """Finds and decodes the values of a document.

    Parameters
    ----------
    content : Content
    place : str
        What messages call it.

    Attributes
    ----------
    large_by_start : dict
        The values that are larger than a piece, once they were checked.
    """

    def __init__(self, content: Content, place: str) -> None:
        self.content, self.place = content, place
        self.large_by_start: dict[int, Large] = {}
        self._n_values = 0
        # Values that stay open for a piece behind one that they are in.
        self._open_for_long: set[int] = set()

    def check(self, start: int, depth: int = 0) -> int:
        """Return where the value at `start` ends, after reading all that is in it.

        Raises
        ------
        FeedError
            If it is no JSON, is nested too deep, or holds too much.
        """
        end = self._end_in_piece(start, depth)
        if end is None:
            self.large_by_start[start] = large = self._large(start, depth + 1)
            return large.end
        self.decode(self.piece(start, end))
        return end

    def piece(self, start: int, end: int) -> Piece:
        """Return what stands from `start` to `end`.

        Raises
        ------
        FeedError
            If it is larger than a posting may be, or is not UTF-8.
        """
        if end - start > limits.MAX_POSTING:
            raise too_large(self.where(start))
        data = self.content[start:end]
        try:
            return Piece(start, end, data.decode("utf-8", self.content.errors))
        except UnicodeDecodeError as error:
            problem = f"byte 0x{data[error.start]:02x} is not utf-8"
            mend = "convert it to UTF-8, as JSON has to be"
            raise FeedError(self.where(start + error.start), problem, mend) from error

    def decode(self, piece: Piece) -> Any:
        """Return the value that a piece is."""
        try:
            value, end = decode(piece.text, 0)
        except JSONDecodeError as error:
            raise self._broken(self._at(piece, error.pos), error.msg) from error
        except RecursionError as error:
            raise too_deep(self.where(piece.start)) from error
        if end < len(piece.text):
            raise self._broken(self._at(piece, end), "Expecting ',' delimiter")
        return value

    def closed(
        self, start: int, last: int, depth: int = 0
    ) -> tuple[int | None, list[int]]:
        """Return where the value at `start` is closed, if before `last`.

        Else the brackets that are open at `last` are told as well.

        Raises
        ------
        DepthError
            If they are nested too deep.
        """
        at, is_open = start, list[int]()
        while match := _BRACKETS.match(self.content.data, at, last):
            at = match.end()
            if match[1]:
                is_open.extend(range(match.start(1), at))
                if len(is_open) + depth > limits.MAX_DEPTH:
                    raise DepthError(match.start(1))
                continue
            n_closed = at - match.start(2)
            if n_closed >= len(is_open):
                return at - n_closed + len(is_open), []
            del is_open[-n_closed:]
        return None, is_open

    def past_blanks(self, start: int) -> int:
        """Return where the blanks at `start` end."""
        end = start
        while blanks := _BLANKS.match(self.content.data, end, end + limits.CHUNK):
            if blanks.end() < end + limits.CHUNK:
                return blanks.end()
            end = blanks.end()
            self.content.pass_by(limits.CHUNK)
        return end

    def byte(self, at: int) -> bytes:
        """Return the byte at `at`; behind the end there is none."""
        found: bytes = self.content.data[at : at + 1]
        return found

    def where(self, at: int) -> str:
        """Return what messages call the line of `at`."""
        return f"{self.place}, line {self.content.line(at)}"

    def _large(self, start: int, depth: int) -> Large:
        """Return the object or list at `start`; what is inside is checked."""
        is_object = self.byte(start) == b"{"
        closing = b"}" if is_object else b"]"
        places, n_by_key = array("Q"), dict[str, int]()
        at = self.past_blanks(start + 1)
        is_more = self.byte(at) != closing
        while is_more:
            limits.check_number(self._n_values, self.place, "values")
            if is_object:
                key, at = self._key(at)
                # The keys keep the order of the values that belong to them.
                n_by_key.pop(key, None)
                n_by_key[key] = len(places) // 2
            end = self.check(at, depth)
            places.extend((at, end))
            self._n_values += 1
            at = self.past_blanks(end)
            is_more = self._is_comma(at, closing)
            at = self.past_blanks(at + 1) if is_more else at
        return Large(start, at + 1, places, n_by_key if is_object else None)

    def _end_in_piece(self, start: int, depth: int) -> int | None:
        """Return where the value at `start` ends; None if it is larger than a piece."""
        first = self.byte(start)
        if first in {b"{", b"["}:
            return self._closed_in_piece(start, depth)
        if first == b'"':
            return self._string_end(start)
        last = start + limits.MAX_POSTING + 1
        found = _NAME_OR_NUMBER.match(self.content.data, start, last)
        return found.end() if found else start

    def _closed_in_piece(self, start: int, depth: int) -> int | None:
        if start in self._open_for_long:
            return None
        n_bytes = len(self.content)
        last = min(start + limits.PIECE, n_bytes)
        try:
            end, is_open = self.closed(start, last, depth)
        except DepthError as error:
            raise too_deep(self.where(error.args[0])) from error
        if end is None and last < n_bytes:
            self._open_for_long.update(is_open)
        # One that is left open is told by the decoder.
        return n_bytes if end is None and last == n_bytes else end

    def _string_end(self, start: int) -> int:
        last = min(start + limits.MAX_POSTING, len(self.content))
        found = _STRING.match(self.content.data, start, last)
        return found.end() if found else last + 1

    def _key(self, at: int) -> tuple[str, int]:
        """Return the key at `at`, and where its value begins."""
        if self.byte(at) != b'"':
            problem = "Expecting property name enclosed in double quotes"
            raise self._broken(at, problem)
        end = self._string_end(at)
        key = self.decode(self.piece(at, end))
        colon = self.past_blanks(end)
        if self.byte(colon) != b":":
            raise self._broken(colon, "Expecting ':' delimiter")
        return key, self.past_blanks(colon + 1)

    def _is_comma(self, at: int, closing: bytes) -> bool:
        """Tell whether a member follows; else the brackets close."""
        found = self.byte(at)
        if found not in {b",", closing}:
            raise self._broken(at, "Expecting ',' delimiter")
        return found == b","

    def _at(self, piece: Piece, n_characters: int) -> int:
        before = piece.text[:n_characters].encode("utf-8", self.content.errors)
        return piece.start + len(before)

    def _broken(self, at: int, problem: str) -> FeedError:
        line, column = self.content.line_and_column(at)
        where = f"{self.place}, line {line}, column {column}"
        mend = "check that the document is whole"
        return FeedError(where, f"is not JSON ({problem})", mend)
