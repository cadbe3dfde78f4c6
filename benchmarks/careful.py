"""Time the careful reader on one thread, in seconds of the processor.

    .venv/bin/python benchmarks/careful.py POSTINGS.parquet [ENCODER_FOLDER]

POSTINGS has columns `title` and `description`; 1,000 rows are drawn. Prints how many
postings a second the encoder reads, how many are annotated when those that it need not
read are counted too, and how many it reads. Take a quiet machine: where two threads
share a core, each needs more of its time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import process_time
from typing import Final

# numpy reads it when it is imported.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import pandas as pd

import roleclf
from roleclf.model import encoder_inputs
from roleclf.text import cell_text, clean_batch

N_ROWS: Final = 1000
N_WARM: Final = 8


def main(postings: Path, reader: str | Path) -> None:
    """Print the figures."""
    rows = pd.read_parquet(postings, columns=["title", "description"])
    rows = rows.sample(min(N_ROWS, len(rows)), random_state=0)
    annotator = roleclf.load(reader=reader)
    encoder = annotator.model.encoder
    titles, texts = (
        clean_batch([cell_text(value) for value in rows[name]]) for name in rows
    )
    encoder.answers(encoder_inputs(titles[:N_WARM], texts[:N_WARM]))

    start = process_time()
    answers = annotator.annotate_frame(rows, columns=["role", "encoder_role"])
    seconds = process_time() - start
    is_read = answers["encoder_role"].notna().to_numpy()
    read = [place for place, was_read in enumerate(is_read) if was_read]

    start = process_time()
    encoder.answers(encoder_inputs([titles[i] for i in read], [texts[i] for i in read]))
    seconds_of_encoder = process_time() - start
    print(f"{encoder.settings.name}, {len(rows):,} postings")
    print(f"read by the encoder: {is_read.mean():.1%}")
    print(f"encoder: {len(read) / seconds_of_encoder:.1f} postings a second")
    print(f"all: {len(rows) / seconds:.1f} postings a second")


if __name__ == "__main__":
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else "careful"
    main(Path(sys.argv[1]), folder)
