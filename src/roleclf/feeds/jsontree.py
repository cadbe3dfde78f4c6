"""The values of a JSON document as a tree, of which a piece at a time is in memory.

A node is a value that is decoded, or one that is too large for that and gives what
is in it one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from roleclf.errors import FeedError
from roleclf.feeds import limits
from roleclf.feeds.jsonlines import lines_of
from roleclf.feeds.jsonscan import Large, Piece, Scanner
from roleclf.feeds.jsontext import Path

__all__ = ["Node", "inside", "is_list", "is_object", "member", "opened", "root_of"]


class Node(NamedTuple):
    """A value; if it is decoded, the piece that it is in, and its path in there."""

    scanner: Scanner
    value: Any
    piece: Piece | None = None
    path: Path = ()


def root_of(scanner: Scanner, start: int) -> tuple[Node, int]:
    """Return the value that a document is, and how many of its lines are broken.

    Raises
    ------
    FeedError
        If it is no JSON, is nested too deep, or holds too much.
    """
    lines, n_bad = lines_of(scanner, start)
    if lines is not None:
        return Node(scanner, lines), n_bad
    begin = scanner.past_blanks(start)
    end = scanner.check(begin)
    if scanner.past_blanks(end) < len(scanner.content):
        problem = "something stands behind the JSON document"
        mend = "put all into one list, or each object on a line of its own"
        raise FeedError(scanner.where(end), problem, mend)
    return _node(scanner, begin, end), 0


def inside(node: Node) -> Iterator[Node]:
    """Yield the values inside a value, if there are any."""
    scanner, value, piece, path = node
    if isinstance(value, Large):
        yield from (_node(scanner, *span) for span in value.spans())
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield Node(scanner, inner, piece, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield Node(scanner, inner, piece, (*path, n))


def member(node: Node, key: str) -> Node | None:
    """Return the value of a key, if the value is an object that has it."""
    scanner, value, piece, path = node
    if isinstance(value, dict) and key in value:
        return Node(scanner, value[key], piece, (*path, key))
    if isinstance(value, Large) and value.n_by_key and key in value.n_by_key:
        return _node(scanner, *value.span(value.n_by_key[key]))
    return None


def is_object(node: Node) -> bool:
    """Tell whether a value is an object."""
    value = node.value
    is_large = isinstance(value, Large) and value.n_by_key is not None
    return is_large or isinstance(value, dict)


def is_list(node: Node) -> bool:
    """Tell whether a value is a list."""
    return isinstance(node.value, list | Large) and not is_object(node)


def opened(node: Node) -> Node:
    """Return an object decoded, unless it is larger than a posting may be."""
    value = node.value
    if not isinstance(value, Large) or not is_object(node):
        return node
    if value.end - value.start > limits.MAX_POSTING:
        return node
    return _decoded(node.scanner, value.start, value.end)


def _node(scanner: Scanner, start: int, end: int) -> Node:
    large = scanner.large_by_start.get(start)
    return _decoded(scanner, start, end) if large is None else Node(scanner, large)


def _decoded(scanner: Scanner, start: int, end: int) -> Node:
    piece = scanner.piece(start, end)
    return Node(scanner, scanner.decode(piece), piece)
