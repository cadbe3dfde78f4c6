"""Tables of postings as streams of batches, in and out.

Step 1 and last step of the line: READ -> clean -> ... -> annotate -> WRITE. CSV,
TSV, JSON Lines and Parquet, each also .gz, from any one to any other; every row
that comes in goes out, in order, its own values unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.errors import RequestError
from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.tables.columns import find_columns
    from roleclf.tables.records import Batch, Found, Reading, Table, Writing
    from roleclf.tables.streams import open_output, open_table

__all__ = [
    "Batch",
    "Found",
    "Reading",
    "RequestError",
    "Table",
    "Writing",
    "find_columns",
    "open_output",
    "open_table",
]

# Who reads one posting needs no more of this package than its bytes.
__getattr__ = loader(
    __name__,
    {
        "Batch": "records",
        "Found": "records",
        "Reading": "records",
        "Table": "records",
        "Writing": "records",
        "find_columns": "columns",
        "open_output": "streams",
        "open_table": "streams",
    },
)


def __dir__() -> list[str]:
    return sorted(__all__)
