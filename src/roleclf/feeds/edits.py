"""Changes to a document, each at its place; all else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import AnyStr, Generic, NamedTuple

__all__ = ["Edit", "edited"]


class Edit(NamedTuple, Generic[AnyStr]):
    """What takes the place of what stands from `start` to `end`."""

    start: int
    end: int
    new: AnyStr


def edited(document: AnyStr, edits: Iterable[Edit[AnyStr]]) -> Iterator[AnyStr]:
    """Yield `document` with all edits made, in pieces.

    The edits do not overlap, and come in the order of their places.

    Examples
    --------
    >>> "".join(edited("a, b", [Edit(1, 1, ", c"), Edit(1, 4, "")]))
    'a, c'
    """
    at = 0
    for start, end, new in edits:
        yield document[at:start]
        yield new
        at = end
    yield document[at:]
