"""Measure what each part of the classifier contributes, and what else was tried.

    python benchmarks/ablation.py ../shared/corpora build models/roleclf-en

Trains on the labelled train split and scores on the dev split, which no variant sees.
Writes EXPERIMENTS.md and ERRORS.md into the model folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import errors
import judgements
import pandas as pd
from lab import Scores, open_lab, read_corpora
from trials import TRIALS

from roleclf.evaluation import readers_agree, score_predictions
from roleclf.training.role_classifier import RoleClassifier
from roleclf.training.train import fit_and_score, held_out_scores

# What each variant changes of RoleClassifier's parameters.
VARIANTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "as shipped": {},
    "twice the unlabelled texts": {"max_unlabelled": 12_000},
    "English alone": {"languages": ("en",), "max_features": 80_000},
    "half the features": {"max_features": 50_000},
}
_HEAD: Final = """\
# Experiments

Written by `make ablation` (`benchmarks/ablation.py`); do not edit by hand.

Each variant learns from the labelled train split and the unlabelled train postings
and is scored on the dev split, which holds other companies. Postings on which two
readers disagreed are left out. Intervals: 95 %, bootstrap. "out of fold" is the train
split, by company: 3,514 postings, by which things were chosen. Dev has 501, where
differences of 0.03 are chance. Macro-F1 where nothing else is said; "surest" is the
accuracy of the more confident four fifths.

## Learned anew

| variant | out of fold | surest | dev | 95 % | surest | calibration error | blanked |
|---|---|---|---|---|---|---|---|
"""
_TRIALS_HEAD: Final = """
"blanked": dev, titles blanked.

## Changed in one place

Experts and heads learned again from the matrices of the first row, with one thing
changed each (`benchmarks/trials.py`).

| trial | out of fold | surest | dev | 95 % | surest | calibration error |
|---|---|---|---|---|---|---|
"""


def main(corpora: Path, build: Path, target: Path) -> None:
    """Fit and score variants and trials; write EXPERIMENTS.md and ERRORS.md."""
    train, dev, unlabelled = read_corpora(corpora, build)
    lines, classifier = [_HEAD.rstrip()], None
    for name, parameters in VARIANTS.items():
        fitted, scores = fit_and_score(train, unlabelled, **parameters)
        classifier = classifier or fitted
        lines.append(_echo(_variant_row(name, scores | held_out_scores(fitted, dev))))
    lines += [*_trial_rows(classifier, train, dev, unlabelled)]
    lines += [*_judgements(classifier, corpora, train, dev)]
    (target / "EXPERIMENTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    roles = classifier.classes_.tolist()
    dev_proba = classifier.predict_proba(dev)
    wrong = errors.report(train, classifier.oof_proba_, dev, dev_proba, roles)
    (target / "ERRORS.md").write_text(wrong, encoding="utf-8")


def _variant_row(name: str, scores: Mapping[str, Mapping[str, Any]]) -> str:
    fold, dev, blank = scores.values()
    return (
        f"| {name} | {_score_cells(fold)} | {_interval_cells(dev)} "
        f"| {dev['calibration_error']:.3f} | {blank['macro_f1']:.3f} |"
    )


def _trial_rows(
    classifier: RoleClassifier,
    train: pd.DataFrame,
    dev: pd.DataFrame,
    unlabelled: pd.DataFrame,
) -> Iterator[str]:
    yield _TRIALS_HEAD.rstrip()
    lab = open_lab(classifier, train, dev, unlabelled)
    for name, trial in TRIALS.items():
        oof_proba, dev_proba = trial(lab)
        fold = _score(train, oof_proba, classifier)
        held_out = _score(dev, dev_proba, classifier)
        calibration = f"{held_out['calibration_error']:.3f}"
        yield _echo(
            f"| {name} | {_score_cells(fold)} | {_interval_cells(held_out)} "
            f"| {calibration} |"
        )


def _judgements(
    classifier: RoleClassifier, corpora: Path, train: pd.DataFrame, dev: pd.DataFrame
) -> Iterator[str]:
    annotator = judgements.annotator_of(classifier)
    train_outcomes = judgements.compare(classifier, train, classifier.oof_proba_)
    dev_outcomes = judgements.compare(classifier, dev, classifier.predict_proba(dev))
    yield "\n## Title against duties\n"
    yield "`mismatch`: the title names a role that is less likely than the bound; right"
    yield "where the label is another than the title names.\n"
    yield from judgements.mismatches(train_outcomes, dev_outcomes)
    yield "\n" + judgements.mismatch_as_shipped(annotator, dev, dev_outcomes)
    yield "\n## Second roles\n"
    yield "`second_role`: the next of the five roles from a least probability on; right"
    yield "where it is the other half of what the label calls a blend.\n"
    yield from judgements.second_roles(train_outcomes, dev_outcomes)
    yield "\n## Titles alone\n"
    yield judgements.lone_titles(annotator, dev_outcomes, dev)
    yield "\n## Other languages\n"
    yield "Share of the dev split's postings (other companies) that get the role which"
    yield "their title names; there are no labels of readers. `sure` is the same of the"
    yield "sure ones, from both.\n"
    yield from judgements.languages(annotator, corpora)


def _score(
    frame: pd.DataFrame, proba: Scores, classifier: RoleClassifier
) -> dict[str, Any]:
    """Return the scores on the postings on which no second reader disagreed."""
    agreed, roles = readers_agree(frame), classifier.classes_.tolist()
    return score_predictions(frame["role"][agreed].tolist(), proba[agreed], roles)


def _score_cells(scores: Mapping[str, Any]) -> str:
    surest = scores["accuracy_of_surest_80_percent"]
    return f"{scores['macro_f1']:.3f} | {surest:.3f}"


def _interval_cells(scores: Mapping[str, Any]) -> str:
    low, high = scores["macro_f1_95"]
    surest = scores["accuracy_of_surest_80_percent"]
    return f"{scores['macro_f1']:.3f} | {low:.3f}-{high:.3f} | {surest:.3f}"


def _echo(line: str) -> str:
    print(line, file=sys.stderr, flush=True)
    return line


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
