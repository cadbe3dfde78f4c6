"""Select what the encoder reads of each posting, as `--reader careful` will.

    python corpora/encoder/prepare.py ../shared/corpora build

Writes build/encoder.parquet: title and text of every posting, its labels where it has
one, and `use`: `train`, `dev`, `field_dev`, or `unlabelled`, which only says which word
pieces occur.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pandas as pd

from roleclf.model import encoder_inputs
from roleclf.text import cell_text, clean_batch

USE_BY_FILES: Final = {
    ("gold_train.csv", "labels_train.jsonl"): "train",
    ("gold_dev.csv", "labels_dev.jsonl"): "dev",
    ("field_dev.csv", "labels_field_dev.jsonl"): "field_dev",
}
LABELS: Final = ["primary", "secondary", "confidence", "shares"]


def main(corpora: Path, build: Path) -> None:
    """Write encoder.parquet into `build`."""
    labelled = [
        _labelled(corpora / gold, corpora / labels).assign(use=use)
        for (gold, labels), use in USE_BY_FILES.items()
    ]
    known = set().union(*(frame["id"] for frame in labelled))
    postings = pd.read_parquet(corpora / "postings.parquet")
    more = pd.read_parquet(corpora / "postings_more.parquet")
    unlabelled = [
        frame[~frame["id"].isin(known)].assign(use="unlabelled")
        for frame in (postings[postings["split"] == "train"], more)
    ]
    frame = pd.concat([*labelled, *unlabelled], ignore_index=True)
    pairs = encoder_inputs(
        clean_batch([cell_text(title) for title in frame["title"]]),
        clean_batch([cell_text(text) for text in frame["description"]]),
    )
    chosen = frame[["id", "use", *LABELS]].assign(
        title=[title for title, _ in pairs], text=[text for _, text in pairs]
    )
    build.mkdir(parents=True, exist_ok=True)
    chosen.to_parquet(build / "encoder.parquet", index=False)
    print(chosen["use"].value_counts().to_string())


def _labelled(gold: Path, labels: Path) -> pd.DataFrame:
    """Return postings with what a reader said of each."""
    postings = pd.read_csv(gold, keep_default_na=False)
    read = pd.read_json(labels, lines=True, dtype={"id": str})
    return postings.merge(read.reindex(columns=["id", *LABELS]), on="id")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
