"""Where the rows and fields of CSV stand among its bytes, all at once.

This is for CSV that is regular: each quote that opens stands at the start of a field,
each one that closes at its end, so that counting quotes tells what is inside of them.
What is not regular is left to the csv module, whose rules these are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled

__all__ = [
    "Marks",
    "count_lines",
    "find_marks",
    "last_row_end",
    "regular_quotes",
]

_NEWLINE, _RETURN, _QUOTE = b'\n\r"'

type_places = npt.NDArray[np.int64]


class Marks(NamedTuple):
    """What ends a field, outside of quotes: its place, and whether the row ends too."""

    place: type_places
    ends_row: npt.NDArray[np.bool_]


@compiled
def find_marks(data: bytes, delimiter: str) -> Marks | None:
    """Return the marks of `data`, which begins with a row; None if it is irregular."""
    codes = np.frombuffer(data, np.uint8)
    comma = ord(delimiter)
    special = np.flatnonzero((codes == comma) | (codes == _NEWLINE) | (codes == _QUOTE))
    kind = codes[special]
    is_quote = kind == _QUOTE
    quotes = special[is_quote]
    if len(quotes) % 2 or not _are_regular(codes, quotes, comma):
        return None
    if b"\r" in data and _has_lone_return(codes, quotes):
        return None
    # A sum of bytes overflows, which leaves it odd or even as it was.
    outside = ~is_quote & (np.cumsum(is_quote, dtype=np.uint8) % 2 == 0)
    return Marks(special[outside], kind[outside] == _NEWLINE)


def last_row_end(data: bytes, delimiter: str) -> int | None:
    """Return where the last whole row of `data` ends, 0 if none does.

    None if that cannot be told, since `data` is irregular or has no newline.
    """
    end = data.rfind(b"\n") + 1
    quotes = regular_quotes(data, end, delimiter)
    if not end or quotes is None:
        return None
    # An odd number of quotes opens and does not close: look before the last one,
    # but not inside of the pair before it.
    while len(quotes) % 2:
        end = data.rfind(b"\n", 0, quotes[-1]) + 1
        quotes = quotes[: -1 if end > quotes[-2:][0] else -2]
    return end


@compiled
def count_lines(data: bytes | memoryview) -> int:
    r"""Return how many lines end in `data`: with \n, \r, or both."""
    codes = np.frombuffer(data, np.uint8)
    n_lines = np.count_nonzero(codes == _NEWLINE)
    returns = codes == _RETURN
    if returns.any():
        n_both = np.count_nonzero(returns[:-1] & (codes[1:] == _NEWLINE))
        n_lines += np.count_nonzero(returns) - n_both
    return int(n_lines)


@compiled
def regular_quotes(data: bytes, end: int, delimiter: str) -> type_places | None:
    """Return the places of the quotes before `end`; None if they are irregular."""
    codes = np.frombuffer(data, np.uint8, count=end)
    quotes = np.flatnonzero(codes == _QUOTE)
    return quotes if _are_regular(codes, quotes, ord(delimiter)) else None


def _are_regular(codes: npt.NDArray[np.uint8], quotes: type_places, comma: int) -> bool:
    """Tell whether quotes that open follow a mark, and a mark those that close."""
    opening, closing = quotes[::2], quotes[1::2]
    before = codes[opening - 1]
    if len(opening) and opening[0] == 0:
        before[0] = _NEWLINE
    after = codes.take(closing + 1, mode="clip")
    # Two quotes in a row close and open again, or the first is the last byte of all.
    return bool(
        np.isin(before, (comma, _NEWLINE, _QUOTE)).all()
        and np.isin(after, (comma, _NEWLINE, _QUOTE, _RETURN)).all()
    )


def _has_lone_return(codes: npt.NDArray[np.uint8], quotes: type_places) -> bool:
    returns = np.flatnonzero(codes == _RETURN)
    outside = returns[np.searchsorted(quotes, returns) % 2 == 0]
    last = len(codes) - 1
    alone = (outside == last) | (codes.take(outside + 1, mode="clip") != _NEWLINE)
    return bool(alone.any())
