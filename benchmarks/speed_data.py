"""Write the tables of real postings and the model of naive.py for `speed.py`.

    .venv/bin/python benchmarks/speed_data.py ROWS MANY NAIVE_ROWS

Needs ../shared. Writes to build/speed and prints the number of all postings.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pandas as pd

from roleclf.skills.lexicon import Lexicon
from roleclf.taxonomy import shipped_skills

ROOT: Final = Path(__file__).parents[1]
SHARED: Final = ROOT.parent / "shared"
NAIVE: Final = SHARED / "bench" / "naive.py"
BUILD: Final = ROOT / "build" / "speed"


def main(n_rows: int, n_large: int, n_naive: int) -> None:
    """Write all tables and fit the model of naive.py."""
    BUILD.mkdir(parents=True, exist_ok=True)
    postings = pd.read_parquet(SHARED / "corpora" / "postings.parquet")
    sample = postings.sample(n_rows, random_state=0)
    sample.to_csv(BUILD / "real.csv", index=False)
    sample.to_parquet(BUILD / "real.parquet", index=False)
    sample.head(n_naive).to_csv(BUILD / "few.csv", index=False)
    one = sample[sample["lang"] == "en"].head(1)
    one.to_csv(BUILD / "one.csv", index=False)
    (BUILD / "one.txt").write_text(one["description"].iloc[0], encoding="utf-8")
    postings.to_csv(BUILD / "all.csv", index=False)
    n_copies = -(-n_large // len(postings))
    large = pd.concat([postings] * n_copies).head(n_large)
    large.to_csv(BUILD / "many.csv", index=False)
    _fit_naive()
    print(len(postings))


def _fit_naive() -> None:
    forms = Lexicon(shipped_skills()).forms
    (BUILD / "forms.txt").write_text("\n".join(forms), encoding="utf-8")
    corpora = SHARED / "corpora"
    gold = pd.read_csv(corpora / "gold_train.csv", keep_default_na=False)
    labels = pd.read_json(corpora / "labels_train.jsonl", lines=True)
    gold = gold.merge(labels.rename(columns={"primary": "role"}), on="id")
    gold[["title", "description", "role"]].to_parquet(BUILD / "train.parquet")
    names = ("train.parquet", "forms.txt", "naive.joblib")
    command = [sys.executable, NAIVE, "fit", *(BUILD / name for name in names)]
    subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
