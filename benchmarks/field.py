"""Score readers on postings of sources that no model here has seen, beside a baseline.

    python benchmarks/field.py ../shared/corpora [--careful] [--model DIR]

Prints a row for each reader and each set of labelled postings: `field_dev`, its natural
part, `dev`, and dev with titles blanked. The baseline is a plain TF-IDF of words and
pairs with logistic regression, on the same labels. These sets are for judging: look
seldom, and never choose by them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

import roleclf
from roleclf.evaluation import read_labelled, readers_agree, score_predictions

SETS: Final = {
    "field_dev": ("field_dev.csv", "labels_field_dev.jsonl"),
    "dev": ("gold_dev.csv", "labels_dev.jsonl"),
    "dev, blanked": ("gold_dev_notitle.csv", "labels_dev.jsonl"),
}
NATURAL: Final = "field_dev, natural"
# Languages with fewer postings are left out.
MIN_OF_LANGUAGE: Final = 10


class Answers(NamedTuple):
    """Probabilities by role in `roles`, and whether each answer is sure."""

    proba: npt.NDArray[np.float64]
    sure: npt.NDArray[np.bool_]
    roles: list[str]


def main() -> None:
    """Read the call, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--careful", action="store_true", help="the careful reader too")
    parser.add_argument("--model", type=Path, help="in place of the shipped model")
    parser.add_argument("--no-baseline", action="store_true")
    call = parser.parse_args()
    sets = read_sets(call.corpora)
    if not call.no_baseline:
        show(
            "TF-IDF", {name: baseline(call.corpora, sets)[name] for name in sets}, sets
        )
    for reader in ("fast", "careful") if call.careful else ("fast",):
        options = {"reader": reader} if call.careful else {}
        model = roleclf.load(call.model, **options)
        show(
            reader, {name: answers(model, frame) for name, frame in sets.items()}, sets
        )


def read_sets(corpora: Path) -> dict[str, pd.DataFrame]:
    """Return the labelled postings of each set on which no second reader disagreed."""
    sets = {}
    for name, (postings, labels) in SETS.items():
        frame = read_labelled(corpora / postings, [corpora / labels])
        sets[name] = frame[readers_agree(frame)].reset_index(drop=True)
    field = sets["field_dev"]
    return {NATURAL: field[field["stratum"] == "natural"].reset_index(drop=True)} | sets


def answers(model: roleclf.Annotator, frame: pd.DataFrame) -> Answers:
    """Return what a reader says of postings."""
    columns = [f"p_{role}" for role in model.roles]
    found = model.annotate_frame(frame, columns=[*columns, "sure"])
    proba = found[columns].to_numpy(float)
    return Answers(proba, found["sure"].to_numpy(bool), list(model.roles))


def baseline(corpora: Path, sets: dict[str, pd.DataFrame]) -> dict[str, Answers]:
    """Return what a plain TF-IDF says that learned from the same labels."""
    train = read_labelled(corpora / "gold_train.csv", [corpora / "labels_train.jsonl"])
    model = fit_baseline(train)
    roles = [str(role) for role in model.classes_]
    found = {name: model.predict_proba(joined(frame)) for name, frame in sets.items()}
    return {n: Answers(p, p.max(axis=1) >= 1.0, roles) for n, p in found.items()}


def fit_baseline(train: pd.DataFrame) -> Pipeline:
    """Return a TF-IDF of words and pairs with logistic regression, fitted."""
    words = TfidfVectorizer(
        ngram_range=(1, 2), min_df=5, max_features=100_000, sublinear_tf=True
    )
    logistic = LogisticRegression(C=10.0, max_iter=300, class_weight="balanced")
    weight = {"logisticregression__sample_weight": train["weight"]}
    return make_pipeline(words, logistic).fit(joined(train), train["role"], **weight)


def joined(frame: pd.DataFrame) -> pd.Series[str]:
    """Return title and text of each posting as one text."""
    return frame["title"].fillna("") + "\n" + frame["description"].fillna("")


def show(reader: str, found: dict[str, Answers], sets: dict[str, pd.DataFrame]) -> None:
    """Print the scores of a reader on each set."""
    for name, frame in sets.items():
        proba, sure, roles = found[name]
        scores = score_predictions(frame["role"].tolist(), proba, roles)
        low, high = scores["macro_f1_95"]
        is_right = np.array(roles)[np.nan_to_num(proba).argmax(axis=1)] == frame["role"]
        print(
            f"{reader:8} {name:19} n {len(frame):3} "
            f"macro-F1 {scores['macro_f1']:.3f} ({low:.3f}-{high:.3f}) "
            f"accuracy {scores['accuracy']:.3f} "
            f"calibration error {scores['calibration_error']:.3f}"
        )
        if sure.any():
            print(
                f"    sure {sure.mean():.2f}, right of them {is_right[sure].mean():.3f}"
            )
        precision = scores["precision_by_role"]
        print("    precision", ", ".join(f"{r} {p:.2f}" for r, p in precision.items()))
        if name == "field_dev":
            by_language = is_right.groupby(frame["lang"]).agg(["mean", "size"])
            print(
                "    accuracy",
                ", ".join(
                    f"{language} {row['mean']:.2f} of {row['size']:.0f}"
                    for language, row in by_language.iterrows()
                    if row["size"] >= MIN_OF_LANGUAGE
                ),
            )


if __name__ == "__main__":
    main()
