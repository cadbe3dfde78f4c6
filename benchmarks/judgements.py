"""Measure mismatches, second roles, lone titles and other languages.

Each function returns the lines of a section of EXPERIMENTS.md. Thresholds are chosen
out of fold on the train split; dev shows whether they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from lab import Scores
from sklearn.metrics import f1_score

from roleclf.annotation.annotate import Annotator
from roleclf.model.titles import OTHER
from roleclf.records import Posting
from roleclf.skills.lexicon import Lexicon
from roleclf.taxonomy import shipped_skills
from roleclf.training.role_classifier import RoleClassifier

LANGUAGES: Final = ("es", "pt", "it", "de", "nl", "fr")
_MISMATCH_BOUNDS: Final = (0.3, 0.35, 0.4, 0.45, 0.5)
_SECOND_ROLE_BOUNDS: Final = (0.1, 0.15, 0.2, 0.25, 0.3)

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outcomes:
    """Labels of postings, and the answers of a model that did not learn from them."""

    y: npt.NDArray[np.str_]
    secondary: npt.NDArray[np.str_]
    title_role: npt.NDArray[np.object_]
    proba: Scores
    roles: npt.NDArray[np.str_]


def annotator_of(classifier: RoleClassifier) -> Annotator:
    """Return a fitted classifier, ready to annotate."""
    return Annotator(classifier.model_, Lexicon(shipped_skills()))


def compare(classifier: RoleClassifier, frame: pd.DataFrame, proba: Scores) -> Outcomes:
    """Return labels, roles that titles name, and probabilities of postings."""
    rule = classifier.model_.titles
    return Outcomes(
        frame["role"].to_numpy(str),
        frame["secondary"].fillna("").to_numpy(str),
        np.array([rule.role(str(t or "")) for t in frame["title"]], object),
        proba,
        classifier.classes_,
    )


def mismatches(train: Outcomes, dev: Outcomes) -> Iterator[str]:
    """Yield how well a bound on the title role's probability finds wrong titles."""
    yield "| bound | out of fold: precision | recall | dev: precision | recall |"
    yield "|---|---|---|---|---|"
    for bound in _MISMATCH_BOUNDS:
        yield _bound_row(bound, train, dev, _mismatch_flags)


def mismatch_as_shipped(
    annotator: Annotator, frame: pd.DataFrame, dev: Outcomes
) -> str:
    """Return precision and recall of `mismatch` itself, on dev."""
    postings = [
        Posting(title, text)
        for title, text in zip(frame["title"], frame["description"], strict=True)
    ]
    flags = annotator.annotate_batch(postings).columns(["mismatch"])["mismatch"]
    precision, recall = _precision_recall(np.array(flags), _is_misnamed(dev))
    return f"As shipped, on dev: precision {precision}, recall {recall}."


def second_roles(train: Outcomes, dev: Outcomes) -> Iterator[str]:
    """Yield precision and recall of second roles, by their least probability."""
    yield "| least | out of fold: precision | recall | dev: precision | recall |"
    yield "|---|---|---|---|---|"
    for least in _SECOND_ROLE_BOUNDS:
        yield _bound_row(least, train, dev, _second_role_flags)


def lone_titles(annotator: Annotator, dev: Outcomes, frame: pd.DataFrame) -> str:
    """Return how well roles are predicted from titles alone."""
    batch = annotator.annotate_batch([Posting(title, None) for title in frame["title"]])
    role = np.array([r or "" for r in batch.columns(["role"])["role"]])
    rule = np.array([name or "" for name in dev.title_role])
    by_model, by_rule = (
        f"{_macro_f1(dev.y, predicted, dev.roles):.3f}" for predicted in (role, rule)
    )
    return f"Macro-F1 on dev, descriptions blanked: {by_model}; the rule's: {by_rule}."


def languages(annotator: Annotator, corpora: Path) -> Iterator[str]:
    """Yield how often predictions agree with the role that the title names."""
    frame = pd.read_parquet(corpora / "postings.parquet")
    frame = frame[(frame["split"] == "dev") & frame["lang"].isin(LANGUAGES)]
    rule = annotator.model.titles
    named = [rule.role(str(title or "")) for title in frame["title"]]
    frame = frame.assign(named=named).dropna(subset=["named"])
    yield "| language | postings | text alone | macro-F1 | title alone | both | sure |"
    yield "|---|---|---|---|---|---|---|"
    for code in LANGUAGES:
        yield _language_row(annotator, code, frame[frame["lang"] == code])
    yield _language_row(annotator, "all six", frame)


def _language_row(annotator: Annotator, name: str, frame: pd.DataFrame) -> str:
    named, nothing = frame["named"].to_numpy(str), [None] * len(frame)
    titles, texts = frame["title"].tolist(), frame["description"].tolist()
    roles_by_field = {}
    for field, pairs in {
        "text": zip(nothing, texts, strict=True),
        "title": zip(titles, nothing, strict=True),
        "both": zip(titles, texts, strict=True),
    }.items():
        batch = annotator.annotate_batch([Posting(*pair) for pair in pairs])
        columns = batch.columns(["role", "sure"])
        roles_by_field[field] = np.array([role or "" for role in columns["role"]])
    sure = np.array(columns["sure"])
    present = np.unique(named)
    f1 = _macro_f1(named, roles_by_field["text"], present)
    right = [
        f"{np.mean(roles_by_field[field] == named):.2f}" for field in ("title", "both")
    ]
    of_sure = f"{np.mean((roles_by_field['both'] == named)[sure]):.2f} of {sure.sum()}"
    alone = f"{np.mean(roles_by_field['text'] == named):.2f} | {f1:.2f}"
    return f"| {name} | {len(frame)} | {alone} | {' | '.join(right)} | {of_sure} |"


def _bound_row(
    bound: float,
    train: Outcomes,
    dev: Outcomes,
    flag: Callable[[Outcomes, float], tuple[Flags, Flags]],
) -> str:
    cells = [c for part in (train, dev) for c in _precision_recall(*flag(part, bound))]
    return f"| {bound} | {' | '.join(cells)} |"


def _precision_recall(flagged: Flags, right: Flags) -> tuple[str, str]:
    both = (flagged & right).sum()
    return f"{both / flagged.sum():.3f}", f"{both / right.sum():.3f}"


def _is_misnamed(part: Outcomes) -> Flags:
    """Return which titles name another role than the label."""
    known = np.array([name is not None for name in part.title_role])
    return known & (part.title_role != part.y)


def _mismatch_flags(part: Outcomes, bound: float) -> tuple[Flags, Flags]:
    """Return which mismatches are predicted, and which would be right."""
    return _probability_of_title_role(part) < bound, _is_misnamed(part)


def _probability_of_title_role(part: Outcomes) -> Scores:
    """Return the probability of the role that the title names; 1 if it names none."""
    place = {role: i for i, role in enumerate(part.roles.tolist())}
    return np.array(
        [
            1.0 if name is None else row[place[name]]
            for name, row in zip(part.title_role, part.proba, strict=True)
        ]
    )


def _second_role_flags(part: Outcomes, least: float) -> tuple[Flags, Flags]:
    """Return which second roles are predicted, and which would be right.

    Right is the other half of a blend, whichever half the model put first. A blend with
    another second role predicted is added as one that was not found.
    """
    proba = part.proba.copy()
    first = proba.argmax(axis=1)
    proba[np.arange(len(proba)), first] = 0.0
    proba[:, part.roles == OTHER] = 0.0
    is_predicted = proba.max(axis=1) >= least
    pair = np.stack((part.roles[first], part.roles[proba.argmax(axis=1)]), axis=1)
    gold = np.stack((part.y, part.secondary), axis=1)
    same = (np.sort(pair, axis=1) == np.sort(gold, axis=1)).all(axis=1)
    right = (part.secondary != "") & (same | (pair[:, 1] == part.secondary))
    missed = (part.secondary != "") & ~right
    return np.concatenate((is_predicted, np.zeros(missed.sum(), bool))), np.concatenate(
        (right, np.ones(missed.sum(), bool))
    )


def _macro_f1(
    y: npt.NDArray[np.str_],
    predicted: npt.NDArray[np.str_],
    roles: npt.NDArray[np.str_],
) -> float:
    return float(
        f1_score(y, predicted, labels=roles.tolist(), average="macro", zero_division=0)
    )
