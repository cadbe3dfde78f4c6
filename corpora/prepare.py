"""Cut the postings that may teach the rough model out of a corpus folder.

    python corpora/prepare.py ../shared/corpora build

Writes build/unlabelled.parquet: the train split without the labelled postings, so
that nothing held out, and no company held out, is ever learned from.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd


def main(corpora: Path, build: Path) -> None:
    """Write `build`/unlabelled.parquet."""
    postings = pd.read_parquet(corpora / "postings.parquet")
    labels = pd.read_json(corpora / "labels_train.jsonl", lines=True, dtype={"id": str})
    kept = (postings["split"] == "train") & ~postings["id"].isin(labels["id"])
    build.mkdir(parents=True, exist_ok=True)
    columns = ["id", "title", "company", "description"]
    postings.loc[kept, columns].to_parquet(build / "unlabelled.parquet", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
