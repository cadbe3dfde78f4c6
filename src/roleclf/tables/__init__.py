"""Files of rows in and out: CSV, TSV, JSON Lines and Parquet, each also gzipped.

In: a path or stdin. Out: a stream of blocks of postings, and the same rows written with
more columns, in order. Must not know: how a posting is annotated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.tables.added import ANNOTATION_KEY, AnnotationColumns, said_by
    from roleclf.tables.batches import cut
    from roleclf.tables.blocks import BLOCK_SIZE
    from roleclf.tables.columns import find_columns, split_names
    from roleclf.tables.mistaken import is_table
    from roleclf.tables.records import (
        FORMATS,
        STDIO,
        Batch,
        Block,
        FoundColumns,
        Layout,
        Progress,
        Reading,
        Table,
        Writing,
    )
    from roleclf.tables.sources import encoding_of, explained, open_bytes, place_of
    from roleclf.tables.streams import (
        Output,
        encode,
        open_output,
        open_table,
        output_format,
        packed,
    )
    from roleclf.tables.targets import is_stream, open_target, state_path
    from roleclf.tables.values import dumps, storable

__all__ = [
    "ANNOTATION_KEY",
    "BLOCK_SIZE",
    "FORMATS",
    "STDIO",
    "AnnotationColumns",
    "Batch",
    "Block",
    "FoundColumns",
    "Layout",
    "Output",
    "Progress",
    "Reading",
    "Table",
    "Writing",
    "cut",
    "dumps",
    "encode",
    "encoding_of",
    "explained",
    "find_columns",
    "is_stream",
    "is_table",
    "open_bytes",
    "open_output",
    "open_table",
    "open_target",
    "output_format",
    "packed",
    "place_of",
    "said_by",
    "split_names",
    "state_path",
    "storable",
]

# Who reads one posting needs no more of this room than its bytes.
__getattr__ = loader(
    __name__,
    {
        "ANNOTATION_KEY": "added",
        "AnnotationColumns": "added",
        "BLOCK_SIZE": "blocks",
        "Batch": "records",
        "Block": "records",
        "FORMATS": "records",
        "FoundColumns": "records",
        "Layout": "records",
        "Output": "streams",
        "Progress": "records",
        "Reading": "records",
        "STDIO": "records",
        "Table": "records",
        "Writing": "records",
        "cut": "batches",
        "dumps": "values",
        "encode": "streams",
        "encoding_of": "sources",
        "explained": "sources",
        "find_columns": "columns",
        "is_stream": "targets",
        "is_table": "mistaken",
        "open_bytes": "sources",
        "open_output": "streams",
        "open_table": "streams",
        "open_target": "targets",
        "output_format": "streams",
        "packed": "streams",
        "place_of": "sources",
        "said_by": "added",
        "split_names": "columns",
        "state_path": "targets",
        "storable": "values",
    },
)
