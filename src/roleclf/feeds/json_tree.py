"""Walk the values of a JSON document with one piece of it in memory at a time.

A node holds a decoded value, or a `LargeValue`, whose members are decoded when they
are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from roleclf.errors import FeedError
from roleclf.feeds import limits
from roleclf.feeds.json_lines import scan_json_lines
from roleclf.feeds.json_positions import JSONPath
from roleclf.feeds.json_scanner import JSONScanner, LargeValue, TextPiece

__all__ = [
    "JSONNode",
    "children",
    "is_list",
    "is_object",
    "member_of",
    "object_decoded",
    "parse_root",
]


class JSONNode(NamedTuple):
    """A value; if it is decoded, with the piece that it is in and its path there."""

    scanner: JSONScanner
    value: Any
    piece: TextPiece | None = None
    path: JSONPath = ()


def parse_root(scanner: JSONScanner, start: int) -> tuple[JSONNode, int]:
    """Return the value of a whole document, and how many of its lines are broken.

    JSON Lines are a list of their objects.

    Raises
    ------
    FeedError
        If it is not JSON, is nested too deep, or exceeds the limits.
    """
    lines, n_broken = scan_json_lines(scanner, start)
    if lines is not None:
        return JSONNode(scanner, lines), n_broken
    begin = scanner.past_blanks(start)
    end = scanner.check(begin)
    if scanner.past_blanks(end) < len(scanner.document):
        problem = "something stands behind the JSON document"
        mend = "put all into one list, or each object on a line of its own"
        raise FeedError(scanner.where(end), problem, mend)
    return _node(scanner, begin, end), 0


def children(node: JSONNode) -> Iterator[JSONNode]:
    """Yield the values in an object or list; of any other value, none."""
    scanner, value, piece, path = node
    if isinstance(value, LargeValue):
        yield from (_node(scanner, *span) for span in value.spans())
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield JSONNode(scanner, inner, piece, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield JSONNode(scanner, inner, piece, (*path, n))


def member_of(node: JSONNode, key: str) -> JSONNode | None:
    """Return the value at a key of an object; None if there is none."""
    scanner, value, piece, path = node
    if isinstance(value, dict) and key in value:
        return JSONNode(scanner, value[key], piece, (*path, key))
    if isinstance(value, LargeValue) and value.n_by_key and key in value.n_by_key:
        return _node(scanner, *value.span(value.n_by_key[key]))
    return None


def is_object(node: JSONNode) -> bool:
    """Tell whether a value is an object."""
    value = node.value
    is_large = isinstance(value, LargeValue) and value.n_by_key is not None
    return is_large or isinstance(value, dict)


def is_list(node: JSONNode) -> bool:
    """Tell whether a value is a list."""
    return isinstance(node.value, list | LargeValue) and not is_object(node)


def object_decoded(node: JSONNode) -> JSONNode:
    """Return a node with its object decoded, unless larger than a posting may be."""
    value = node.value
    if not isinstance(value, LargeValue) or not is_object(node):
        return node
    if value.end - value.start > limits.MAX_POSTING:
        return node
    return _decoded(node.scanner, value.start, value.end)


def _node(scanner: JSONScanner, start: int, end: int) -> JSONNode:
    large = scanner.large_by_start.get(start)
    return _decoded(scanner, start, end) if large is None else JSONNode(scanner, large)


def _decoded(scanner: JSONScanner, start: int, end: int) -> JSONNode:
    piece = scanner.piece(start, end)
    return JSONNode(scanner, scanner.decode(piece), piece)
