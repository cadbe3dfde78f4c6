"""Put numbers into encoded rows, where until then a mark stands for each.

The group of a row is known only to whoever sees all rows in order; rows are encoded
by whoever has a batch of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from roleclf.tables.records import Layout

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["number_lines", "number_objects", "number_rows"]


def number_lines(lines: bytes, numbers: Sequence[int], layout: Layout) -> bytes:
    """Return lines in which each mark has become a number."""
    return _numbered(lines, layout.mark, numbers)


def number_objects(lines: bytes, numbers: Sequence[int], layout: Layout) -> bytes:
    """Return lines of JSON in which each mark, a string there, has become a number."""
    return _numbered(lines, f'"{layout.mark}"', numbers)


def number_rows(
    rows: pa.RecordBatch, numbers: Sequence[int], layout: Layout
) -> pa.RecordBatch:
    """Return rows with the numbers in their column."""
    import pyarrow as pa

    place = rows.schema.get_field_index(layout.prefix + "group")
    return rows.set_column(place, rows.schema.field(place), pa.array(numbers))


def _numbered(lines: bytes, mark: str, numbers: Sequence[int]) -> bytes:
    first, *others = lines.split(mark.encode())
    written = (str(number).encode() for number in numbers)
    return first + b"".join(chain.from_iterable(zip(written, others, strict=True)))
