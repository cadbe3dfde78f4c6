"""Texts out of the bytes of CSV, and its lines with more behind them.

Where they stand, `fields` and `rows` find out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from roleclf.loops import compiled
from roleclf.tables.fields import type_places

__all__ = ["cells_of", "is_utf8", "with_ends"]


@compiled
def is_utf8(data: bytes) -> bool:
    """Tell whether `data` can be read as UTF-8."""
    try:
        data.isascii() or data.decode()
    except UnicodeDecodeError:
        return False
    return True


@compiled
def cells_of(data: bytes, starts: type_places, stops: type_places) -> list[str]:
    """Return what the regular fields from each start to its stop say.

    Their quotes are taken off, and two in a row are one. Where a stop is not behind
    its start, there is nothing.
    """
    places = zip(starts.tolist(), stops.tolist(), strict=True)
    return [_cell(data[start:stop]) for start, stop in places]


@compiled
def with_ends(
    data: bytes, starts: type_places, stops: type_places, ends: Sequence[bytes]
) -> bytes:
    """Return the lines from each start to its stop, behind each its end."""
    places = zip(starts.tolist(), stops.tolist(), strict=True)
    lines = (data[start:stop] for start, stop in places)
    return b"".join(chain.from_iterable(zip(lines, ends, strict=True)))


def _cell(raw: bytes) -> str:
    if raw[:1] == b'"':
        raw = raw[1:-1].replace(b'""', b'"')
    return raw.decode()
