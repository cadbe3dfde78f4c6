"""How much a feed may hold: what is beyond is refused, or left unread and said so.

A feed comes from strangers. Each limit is far above what feeds hold, and low enough
that a hostile one costs neither the memory nor the patience of who reads it.
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

# So many bytes of a document are read at once, and a JSON value that is larger is not
# decoded whole.
CHUNK: Final = 1 << 20
PIECE: Final = 4 << 20

# Of the document, unzipped.
MAX_BYTES: Final = 512 << 20
# Of a document that is not read a piece at a time; about six times as much memory is
# needed for it.
MAX_IN_MEMORY: Final = 128 << 20
MAX_DEPTH: Final = 100
MAX_POSTINGS: Final = 500_000
# Of one posting, in bytes, and in elements of XML.
MAX_POSTING: Final = 16 << 20
MAX_ELEMENTS: Final = 100_000
# Of a tag or a comment of XML, in bytes: the parser keeps it whole.
MAX_TOKEN: Final = 64 << 20
# Of one posting, in characters; a longer one is judged by its title.
MAX_TEXT: Final = 500_000
# The problem of a posting whose text is longer.
TOO_LONG: Final = "too_long"


def check_size(n_bytes: int, place: str, most: int | None = None) -> None:
    """Refuse a document of more than `most` bytes, or of `MAX_BYTES`."""
    most = MAX_BYTES if most is None else most
    if n_bytes > most:
        problem = f"is larger than {most >> 20} MB unzipped"
        raise FeedError(place, problem, "split it, or use `roleclf classify`")


def check_number(n: int, place: str, counted: str = "postings") -> None:
    """Refuse more than `MAX_POSTINGS`."""
    if n > MAX_POSTINGS:
        raise FeedError(place, f"has more than {MAX_POSTINGS:,} {counted}", "split it")


def too_deep(place: str) -> FeedError:
    """Return the error of a document nested too deep at `place`."""
    return FeedError(place, f"is nested deeper than {MAX_DEPTH}", "flatten it")


def too_large(place: str) -> FeedError:
    """Return the error of a posting that is too large at `place`."""
    problem = f"a posting is larger than {MAX_POSTING >> 20} MB"
    return FeedError(place, problem, "shorten it, or take it out")
