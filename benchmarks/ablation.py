"""Measure what each part of the classifier gives: fit it without, score, tabulate.

    python benchmarks/ablation.py ../shared/corpora build EXPERIMENTS.md

Trains on the labelled train split, scores on the dev split that no variant has seen.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from roleclf.corpus import read_labelled, read_postings
from roleclf.train import held_out_scores, learn

# What each variant changes of RoleClassifier's parameters.
VARIANTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "as shipped": {},
    "without duties": {"duty_weight": 0.0},
    "duties twice as strong": {"duty_weight": 1.0},
    "without the rough model": {"rough_weight": 0.0},
    "rough model three times as strong": {"rough_weight": 0.3},
    "half the features": {"max_features": 40_000},
}
_HEAD: Final = """\
# Experiments

Written by `make ablation` (`benchmarks/ablation.py`); do not edit by hand.

Each variant learns from the labelled train split and the unlabelled train postings
and is scored on the dev split, which holds other companies. Postings on which two
readers disagreed are left out. Intervals: 95 %, bootstrap. "out of fold" is the train
split, by company.

| variant | out of fold | dev | dev, 95 % | dev, title blanked | calibration error |
|---|---|---|---|---|---|
"""
_NOTE: Final = """
Macro-F1 throughout; calibration error on dev with titles.
"""


def main(corpora: Path, build: Path, target: Path) -> None:
    """Fit and score every variant; write the table to `target`."""
    labels = [corpora / f"labels_{split}.jsonl" for split in ("train", "dev")]
    train = read_labelled(corpora / "gold_train.csv", labels)
    dev = read_labelled(corpora / "gold_dev.csv", labels)
    unlabelled = read_postings(build / "unlabelled.parquet")
    rows = []
    for name, parameters in VARIANTS.items():
        classifier, scores = learn(train, unlabelled, **parameters)
        scores |= held_out_scores(classifier, dev)
        rows.append(_row(name, scores))
        print(rows[-1], file=sys.stderr)
    target.write_text(_HEAD + "\n".join(rows) + "\n" + _NOTE, encoding="utf-8")


def _row(name: str, scores: Mapping[str, Mapping[str, Any]]) -> str:
    fold, dev, blank = scores.values()
    low, high = dev["macro_f1_95"]
    return (
        f"| {name} | {fold['macro_f1']:.3f} | {dev['macro_f1']:.3f} "
        f"| {low:.3f}-{high:.3f} | {blank['macro_f1']:.3f} "
        f"| {dev['calibration_error']:.3f} |"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
