"""How much a feed may hold: what is beyond is refused, or left unread and said so.

A feed comes from strangers. Each limit is far above what feeds hold, and low enough
that a hostile one costs neither the memory nor the patience of who reads it.
"""

from __future__ import annotations

import re
from typing import Final

from roleclf.errors import FeedError

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_POSTINGS",
    "MAX_TEXT",
    "TOO_LONG",
    "check_nesting",
    "check_number",
    "check_size",
    "too_deep",
]

# Of the document, unzipped; about six times as much memory is needed for it.
MAX_BYTES: Final = 128 * 1024 * 1024
MAX_DEPTH: Final = 100
MAX_POSTINGS: Final = 200_000
# Of one posting, in characters; a longer one is judged by its title.
MAX_TEXT: Final = 500_000
# The problem of a posting whose text is longer.
TOO_LONG: Final = "too_long"

# A string, which hides brackets, or a run of brackets. A string left open reaches
# to the end, so that no quote is tried twice.
_NESTING: Final = re.compile(r'"(?:[^"\\]+|\\(?:.|\Z))*+(?:"|\Z)|[\[{]+|[\]}]+', re.S)


def check_size(n_bytes: int, place: str) -> None:
    """Refuse a document of more than `MAX_BYTES`."""
    if n_bytes > MAX_BYTES:
        problem = f"is larger than {MAX_BYTES >> 20} MB unzipped"
        raise FeedError(place, problem, "split it, or use `roleclf classify`")


def check_number(n_postings: int, place: str) -> None:
    """Refuse more than `MAX_POSTINGS`."""
    if n_postings > MAX_POSTINGS:
        raise FeedError(place, f"has more than {MAX_POSTINGS:,} postings", "split it")


def check_nesting(text: str, place: str) -> None:
    """Refuse JSON that is nested deeper than `MAX_DEPTH`."""
    depth = 0
    for match in _NESTING.finditer(text):
        run = match[0]
        if run[0] == '"':
            continue
        depth += len(run) if run[0] in "[{" else -len(run)
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, match.start()) + 1
            raise too_deep(f"{place}, line {line}")


def too_deep(place: str) -> FeedError:
    """Return the error of a document nested too deep at `place`."""
    return FeedError(place, f"is nested deeper than {MAX_DEPTH}", "flatten it")
