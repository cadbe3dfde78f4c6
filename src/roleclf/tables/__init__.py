"""Read and write tables: CSV, TSV, JSON Lines and Parquet, also gzipped.

In: a path or stdin. Out: a stream of blocks of postings, and the same rows written in
order, with the columns that `records` names and an annotator fills. Must not know: how
a posting is annotated.

Libraries were tried in place of code here (`benchmarks/README.md` has the figures):

- CSV: the csv module reads in twice the time, and is used for irregular rows only.
  pyarrow.csv and polars need as long, four times the memory or more, and refuse or cut
  damaged rows, which here become rows with a `problem`. None of them gives the bytes of
  a row, so that it could be copied as it is.
- JSON Lines: msgspec and orjson parse faster, but not NaN and lone surrogates, so that
  `json` would stay beside them, for a twentieth of the whole time.
- Parquet: pyarrow does it all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.tables.added_columns import ANNOTATION_KEY, collect_added
    from roleclf.tables.batches import BLOCK_SIZE, in_batches
    from roleclf.tables.columns import common_column, split_names
    from roleclf.tables.formats import is_table, output_format
    from roleclf.tables.reader import open_table
    from roleclf.tables.records import (
        FORMATS,
        STDIO,
        AnnotationColumns,
        Batch,
        Block,
        Layout,
        Progress,
        Reading,
        Table,
        Writing,
    )
    from roleclf.tables.sources import encoding_of, open_bytes, place_of, table_errors
    from roleclf.tables.targets import (
        compress_block,
        is_stream,
        open_target,
        state_path,
    )
    from roleclf.tables.values import dumps, escape_surrogates
    from roleclf.tables.writer import Output, encode_batch, open_output

__all__ = [
    "ANNOTATION_KEY",
    "BLOCK_SIZE",
    "FORMATS",
    "STDIO",
    "AnnotationColumns",
    "Batch",
    "Block",
    "Layout",
    "Output",
    "Progress",
    "Reading",
    "Table",
    "Writing",
    "collect_added",
    "common_column",
    "compress_block",
    "dumps",
    "encode_batch",
    "encoding_of",
    "escape_surrogates",
    "in_batches",
    "is_stream",
    "is_table",
    "open_bytes",
    "open_output",
    "open_table",
    "open_target",
    "output_format",
    "place_of",
    "split_names",
    "state_path",
    "table_errors",
]

# A program that reads one posting loads no more of this room than `sources`.
__getattr__ = loader(
    __name__,
    {
        "ANNOTATION_KEY": "added_columns",
        "AnnotationColumns": "records",
        "BLOCK_SIZE": "batches",
        "Batch": "records",
        "Block": "records",
        "FORMATS": "records",
        "Layout": "records",
        "Output": "writer",
        "Progress": "records",
        "Reading": "records",
        "STDIO": "records",
        "Table": "records",
        "Writing": "records",
        "collect_added": "added_columns",
        "common_column": "columns",
        "compress_block": "targets",
        "dumps": "values",
        "encode_batch": "writer",
        "encoding_of": "sources",
        "escape_surrogates": "values",
        "in_batches": "batches",
        "is_stream": "targets",
        "is_table": "formats",
        "open_bytes": "sources",
        "open_output": "writer",
        "open_table": "reader",
        "open_target": "targets",
        "output_format": "formats",
        "place_of": "sources",
        "split_names": "columns",
        "state_path": "targets",
        "table_errors": "sources",
    },
)
