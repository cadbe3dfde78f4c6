"""Changes to a document, each at its place; all else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import AnyStr, Generic, NamedTuple

__all__ = ["Edit", "edited"]


class Edit(NamedTuple, Generic[AnyStr]):
    """What takes the place of what stands from `start` to `end`."""

    start: int
    end: int
    new: AnyStr


def edited(document: AnyStr, edits: Iterable[Edit[AnyStr]]) -> AnyStr:
    """Return `document` with all edits made, which do not overlap.

    Examples
    --------
    >>> edited("a, b", [Edit(1, 4, ""), Edit(1, 1, ", c")])
    'a, c'
    """
    parts: list[AnyStr] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        parts += [document[at:start], new]
        at = end
    parts.append(document[at:])
    return document[:0].join(parts)
