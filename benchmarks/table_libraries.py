"""Time reading and writing tables with `roleclf.tables` and with other libraries.

    pip install msgspec orjson polars
    python benchmarks/table_libraries.py ../shared/corpora/postings.parquet

Of CSV, each contestant reads title, description and id of every row, and writes each
row with two more cells; of JSON Lines, it parses every line. Each runs in a process of
its own, with one thread. One that is not installed is left out.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

READ = ("title", "description", "id")
MORE = ["x", "0.5"]
BLOCK_SIZE = 3 << 19
N_ROUNDS = 3


def with_roleclf(path: Path) -> None:
    """Read fields where they stand, and copy rows as they are."""
    from roleclf.tables import open_table
    from roleclf.tables.csv_rows import with_endings

    with open_table(str(path)) as table:
        for batch in table.batches:
            with_endings(*batch.csv_rows, [b",x,0.5\n"] * len(batch.postings))


def with_csv(path: Path) -> None:
    """Read fields with the csv module, and write rows anew."""
    csv.field_size_limit(1 << 27)
    for block in _blocks_with_even_quotes(path):
        rows = csv.reader(io.StringIO(block.decode(), newline=""))
        csv.writer(io.StringIO()).writerows([*row, *MORE] for row in rows)


def with_csv_reading(path: Path) -> None:
    """Read fields with the csv module, and write nothing."""
    csv.field_size_limit(1 << 27)
    with path.open(newline="", encoding="utf-8") as lines:
        for _ in csv.reader(lines):
            pass


def with_pyarrow(path: Path) -> None:
    """Read and write record batches."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names = next(csv.reader(path.open(encoding="utf-8")))
    reader = arrow_csv.open_csv(
        path,
        arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK_SIZE),
        arrow_csv.ParseOptions(newlines_in_values=True),
        arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    for rows in reader:
        for name in READ:
            rows.column(name).to_pylist()
        for cell in MORE:
            rows = rows.append_column(cell, pa.array([cell] * rows.num_rows))
        arrow_csv.write_csv(rows, pa.BufferOutputStream())


def with_polars(path: Path) -> None:
    """Read and write one frame."""
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False)
    for name in READ:
        frame[name].to_list()
    more = [pl.lit(cell).alias(cell) for cell in MORE]
    frame.with_columns(more).write_csv(io.BytesIO())


def with_json(path: Path) -> None:
    """Parse lines with the json module."""
    _parse_lines(path, lambda line: json.loads(line.decode()))


def with_msgspec(path: Path) -> None:
    """Parse lines with msgspec."""
    import msgspec

    _parse_lines(path, msgspec.json.Decoder(dict).decode)


def with_orjson(path: Path) -> None:
    """Parse lines with orjson."""
    import orjson

    _parse_lines(path, orjson.loads)


OF_CSV = (with_roleclf, with_csv, with_csv_reading, with_pyarrow, with_polars)
OF_JSON = (with_json, with_msgspec, with_orjson)
CONTESTANTS = {one.__name__: one for one in (*OF_CSV, *OF_JSON)}


def main(postings: str) -> None:
    """Write the postings as CSV and JSON Lines, and time each contestant on them."""
    import pandas as pd

    frame = pd.read_parquet(postings)
    print(f"{len(frame):,} rows")
    environment = os.environ | {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        table, lines = Path(folder, "jobs.csv"), Path(folder, "jobs.jsonl")
        frame.to_csv(table, index=False)
        frame.to_json(lines, orient="records", lines=True, force_ascii=False)
        for name, contestant in CONTESTANTS.items():
            path = table if contestant in OF_CSV else lines
            command = [sys.executable, __file__, name, path]
            for _ in range(N_ROUNDS):
                subprocess.run(command, check=True, env=environment)  # noqa: S603


def run(name: str, path: str) -> None:
    """Print the seconds of one contestant, with its imports, and its memory."""
    try:
        CONTESTANTS[name](Path(path))
    except ImportError:
        print(f"{name}: not installed")
        return
    # Linux only; `resource` would count the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    most = re.search(r"VmHWM:\s*(\d+)", status)
    memory = int(most[1]) >> 10 if most else "?"
    print(f"{name}: {process_time():.2f} s, {memory} MiB", flush=True)


def _blocks_with_even_quotes(path: Path) -> Iterator[bytes]:
    held = b""
    with path.open("rb") as stream:
        while chunk := stream.read(BLOCK_SIZE):
            held += chunk
            end = held.rfind(b"\n") + 1
            while held.count(b'"', 0, end) % 2:
                end = held.rfind(b"\n", 0, end - 1) + 1
            yield held[:end]
            held = held[end:]
    yield held


def _parse_lines(path: Path, parse: Callable[[bytes], object]) -> None:
    with path.open("rb") as lines:
        for line in lines:
            parse(line)


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) == 2 else run(*sys.argv[1:])
