"""Find and decode the fields of regular CSV among its bytes, a whole block at a time.

CSV is regular if each opening quote stands at the start of a field and each closing
quote at its end; then counting quotes tells what is inside of them. Whatever is not
regular is read by the csv module, whose rules these are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled

__all__ = [
    "FieldEnds",
    "decode_fields",
    "find_field_ends",
    "is_valid_utf8",
    "last_row_end",
    "regular_quotes",
    "type_offsets",
]

_NEWLINE, _RETURN, _QUOTE = b'\n\r"'

type_offsets = npt.NDArray[np.int64]


class FieldEnds(NamedTuple):
    """The offsets of delimiters and newlines outside of quotes; which are newlines."""

    offset: type_offsets
    ends_row: npt.NDArray[np.bool_]


@compiled
def find_field_ends(data: bytes, delimiter: str) -> FieldEnds | None:
    """Return where the fields of `data` end; None if it is irregular.

    `data` begins with a row. The last field has no end where no newline follows it.
    """
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
    return FieldEnds(special[outside], kind[outside] == _NEWLINE)


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
def regular_quotes(data: bytes, end: int, delimiter: str) -> type_offsets | None:
    """Return the offsets of the quotes before `end`; None if they are irregular."""
    codes = np.frombuffer(data, np.uint8, count=end)
    quotes = np.flatnonzero(codes == _QUOTE)
    return quotes if _are_regular(codes, quotes, ord(delimiter)) else None


@compiled
def is_valid_utf8(data: bytes) -> bool:
    """Tell whether `data` can be decoded as UTF-8."""
    try:
        data.isascii() or data.decode()
    except UnicodeDecodeError:
        return False
    return True


@compiled
def decode_fields(data: bytes, starts: type_offsets, stops: type_offsets) -> list[str]:
    """Return the texts of the regular fields from each start to before its stop.

    Their quotes are taken off, and two quotes in a row become one. A stop that is not
    behind its start gives an empty text.
    """
    offsets = zip(starts.tolist(), stops.tolist(), strict=True)
    return [_decode_field(data[start:stop]) for start, stop in offsets]


def _decode_field(raw: bytes) -> str:
    if raw[:1] == b'"':
        raw = raw[1:-1].replace(b'""', b'"')
    return raw.decode()


def _are_regular(
    codes: npt.NDArray[np.uint8], quotes: type_offsets, comma: int
) -> bool:
    """Tell whether opening quotes begin a field, and closing quotes end one."""
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


def _has_lone_return(codes: npt.NDArray[np.uint8], quotes: type_offsets) -> bool:
    """Tell whether a carriage return outside of quotes has no newline behind it."""
    returns = np.flatnonzero(codes == _RETURN)
    outside = returns[np.searchsorted(quotes, returns) % 2 == 0]
    last = len(codes) - 1
    alone = (outside == last) | (codes.take(outside + 1, mode="clip") != _NEWLINE)
    return bool(alone.any())
