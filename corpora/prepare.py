"""Select the postings of a corpus folder that may be used without a label.

    python corpora/prepare.py ../shared/corpora build

Writes build/unlabelled.parquet: the train split, and postings of more sources, without
the labelled postings, so that no held-out posting or company is learned from.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd


def main(corpora: Path, build: Path) -> None:
    """Write unlabelled.parquet into `build`."""
    postings = pd.read_parquet(corpora / "postings.parquet")
    labels = pd.read_json(corpora / "labels_train.jsonl", lines=True, dtype={"id": str})
    more = pd.read_parquet(corpora / "postings_more.parquet")
    known = set(postings["id"]) | set(labels["id"])
    in_train = (postings["split"] == "train") & ~postings["id"].isin(labels["id"])
    unlabelled = pd.concat([postings[in_train], more[~more["id"].isin(known)]])
    build.mkdir(parents=True, exist_ok=True)
    columns = ["id", "title", "company", "description"]
    unlabelled[columns].to_parquet(build / "unlabelled.parquet", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
