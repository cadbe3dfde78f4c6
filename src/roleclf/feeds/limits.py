"""Limits on what a feed may hold; what exceeds them is refused or skipped.

Feeds come from strangers. Each limit is far above what real feeds hold, and low
enough that a hostile document exhausts neither memory nor time.
"""

from __future__ import annotations

from typing import Final

from roleclf.errors import FeedError

__all__ = [
    "CHUNK",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_ELEMENTS",
    "MAX_IN_MEMORY",
    "MAX_POSTING",
    "MAX_POSTINGS",
    "MAX_TEXT",
    "MAX_TOKEN",
    "PIECE",
    "TOO_LONG",
    "check_number",
    "check_size",
    "too_deep",
    "too_large",
]

# Bytes read at once, and the largest JSON value that is decoded as a whole.
CHUNK: Final = 1 << 20
PIECE: Final = 4 << 20

# Bytes of a document, uncompressed.
MAX_BYTES: Final = 512 << 20
# Bytes of a document that is read as a whole, which takes about six times as much
# memory.
MAX_IN_MEMORY: Final = 128 << 20
MAX_DEPTH: Final = 100
MAX_POSTINGS: Final = 500_000
# Bytes of one posting, and its elements in XML.
MAX_POSTING: Final = 16 << 20
MAX_ELEMENTS: Final = 100_000
# Bytes of an XML tag or comment: expat buffers it whole.
MAX_TOKEN: Final = 64 << 20
# Characters of one posting's text; a posting with more is judged by its title.
MAX_TEXT: Final = 500_000
# The problem reported for a posting whose text is longer.
TOO_LONG: Final = "too_long"


def check_size(n_bytes: int, place: str, most: int | None = None) -> None:
    """Refuse a document of more than `most` bytes, by default `MAX_BYTES`."""
    most = MAX_BYTES if most is None else most
    if n_bytes > most:
        problem = f"is larger than {most >> 20} MB unzipped"
        raise FeedError(place, problem, "split it, or use `roleclf classify`")


def check_number(n: int, place: str, counted: str = "postings") -> None:
    """Refuse more than `MAX_POSTINGS` of what is counted."""
    if n > MAX_POSTINGS:
        raise FeedError(place, f"has more than {MAX_POSTINGS:,} {counted}", "split it")


def too_deep(place: str) -> FeedError:
    """Return the error for a document nested too deep at `place`."""
    return FeedError(place, f"is nested deeper than {MAX_DEPTH}", "flatten it")


def too_large(place: str) -> FeedError:
    """Return the error for a posting that is too large at `place`."""
    problem = f"a posting is larger than {MAX_POSTING >> 20} MB"
    return FeedError(place, problem, "shorten it, or take it out")
