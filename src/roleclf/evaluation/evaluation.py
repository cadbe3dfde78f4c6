"""Evaluate a model on a labelled corpus, annotated as a user's postings would be.

The result is everything that the report shows, as plain values that JSON can hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from roleclf.annotation import Annotator, load
from roleclf.errors import CorpusError
from roleclf.evaluation.corpus import (
    file_digest,
    other_readings,
    read_postings,
    readers_agree,
    refuse_unknown_roles,
    with_labels,
)
from roleclf.evaluation.curves import accuracy_of, coverage_curve, reliability
from roleclf.evaluation.findings import (
    confident_errors,
    confusions,
    mismatches,
    problems,
    second_roles,
    slice_columns,
    slices,
)
from roleclf.evaluation.scores import predicted_roles, score_predictions
from roleclf.evaluation.strongest_features import strongest_features
from roleclf.model import RoleModel, TitleRule, read_manifest, shipped_model

__all__ = ["evaluate_model"]

# Labels from this confidence on are clear: their reader found them at least probable.
_CLEAR_CONFIDENCE: Final = 2
_COLUMNS: Final = ("sure", "second_role", "mismatch", "problem")


def evaluate_model(
    corpus: Path, *, labels: Sequence[Path] = (), model: Path | None = None
) -> dict[str, Any]:
    """Return how well a model does on labelled postings.

    Parameters
    ----------
    corpus : Path
        CSV, TSV, JSON Lines or Parquet with title, description and role, perhaps
        with `id`, `secondary`, `confidence` (1-3) and `also`. Columns `source`,
        `posted_at` (or `year`) and `lang` are what slices are cut by.
    labels : sequence of Path
        JSON Lines with `id`, `primary` and perhaps `secondary`, `confidence` and
        `also`, joined to the corpus by `id` in place of a column `role`.
    model : Path or None
        A model folder; the shipped one by default.

    Returns
    -------
    dict
        docs/training.md lists its keys. `strict` are the postings on which no reader
        disagreed, and all figures are of them but these two: `clear`, those of them
        with a label of confidence 2 or 3, and `lenient`, all postings, where the
        secondary role and the other reader's are right too.

    Raises
    ------
    CorpusError
        If a file cannot be read, or lacks a column or a label, or has a role that
        the model does not know.
    ModelError
        If the folder holds no whole model.
    """
    frame, n_unlabelled = _read_labelled(corpus, labels)
    annotator = load(model)
    roles, mend = annotator.roles, "give another model"
    refuse_unknown_roles(corpus, frame, roles, knower="model", mend=mend)
    outcomes, proba = _annotate(annotator, frame)
    manifest, digest = read_manifest(model), file_digest(corpus)
    return {
        "model": _about_model(model, manifest, annotator.model),
        "corpus": digest,
        "labels": [file_digest(path) for path in labels],
        "n": len(frame),
        "unlabelled": n_unlabelled,
        "seen": digest["sha256"] == _sha256_of_training_corpus(manifest),
        "problems": problems(outcomes),
        **_views(frame, outcomes, proba, roles),
        **_findings(outcomes[readers_agree(frame)]),
        "weights": strongest_features(annotator.model),
    }


def _read_labelled(corpus: Path, labels: Sequence[Path]) -> tuple[pd.DataFrame, int]:
    """Return the postings with a label, and how many have none."""
    postings = read_postings(corpus)
    if labels and "role" in postings:
        raise CorpusError(corpus, "has a column role, and labels too", "give but one")
    frame = with_labels(corpus, postings, labels)
    if not readers_agree(frame).any():
        problem = "has no posting whose readers agree"
        raise CorpusError(corpus, problem, "give some that have one label")
    return frame, len(postings) - len(frame)


def _annotate(
    annotator: Annotator, frame: pd.DataFrame
) -> tuple[pd.DataFrame, npt.NDArray[np.float64]]:
    """Return the outcome of each posting, and the probability of each role.

    An outcome has the label, the model's answer, and whether that is a `hit`.
    """
    proba_columns = [f"p_{role}" for role in annotator.roles]
    answers = annotator.annotate_frame(frame, columns=(*_COLUMNS, *proba_columns))
    proba = answers[proba_columns].to_numpy(float)
    role, confidence = predicted_roles(proba, annotator.roles)
    titles = _roles_of_titles(frame, annotator.model.titles, annotator.roles)
    outcomes = slice_columns(frame).assign(
        id=_ids(frame),
        label=frame["role"].astype(str),
        secondary=_text_column(frame, "secondary"),
        title_rule=list(titles),
        role=role,
        confidence=confidence,
        hit=role == frame["role"].to_numpy(str),
        sure=answers["sure"].astype(bool),
        second_role=_text_column(answers, "second_role"),
        mismatch=answers["mismatch"].astype(bool),
        problem=_text_column(answers, "problem"),
    )
    return outcomes, proba


def _views(
    frame: pd.DataFrame,
    outcomes: pd.DataFrame,
    proba: npt.NDArray[np.float64],
    roles: Sequence[str],
) -> dict[str, Any]:
    """Return the scores by the strict, the clear and the lenient view of labels."""
    strict = readers_agree(frame)
    clear = strict & _is_clear(frame)
    labels = outcomes["label"].to_numpy(str)

    def scores(rows: npt.NDArray[np.bool_]) -> dict[str, Any]:
        return score_predictions(labels[rows].tolist(), proba[rows], roles)

    return {
        "strict": scores(strict),
        "clear": scores(clear) if clear.any() else None,
        "lenient": _lenient_accuracy(frame, outcomes),
    }


def _lenient_accuracy(frame: pd.DataFrame, outcomes: pd.DataFrame) -> dict[str, Any]:
    """Return the accuracy where any reader's role, or a secondary one, is right."""
    columns = (outcomes[name] for name in ("role", "label", "secondary"))
    is_right = [
        role in {label, secondary, *others}
        for role, label, secondary, others in zip(
            *columns, other_readings(frame), strict=True
        )
    ]
    return accuracy_of(sum(is_right), len(is_right))


def _findings(outcomes: pd.DataFrame) -> dict[str, Any]:
    hit, confidence = (
        outcomes["hit"].to_numpy(bool),
        outcomes["confidence"].to_numpy(float),
    )
    sure = hit[outcomes["sure"].to_numpy(bool)]
    return {
        "sure": {"share": round(len(sure) / len(hit), 3)}
        | accuracy_of(int(sure.sum()), len(sure)),
        "reliability": reliability(hit, confidence),
        "coverage": coverage_curve(hit, confidence),
        "second_role": second_roles(outcomes),
        "mismatch": mismatches(outcomes),
        "slices": slices(outcomes),
        "confusions": confusions(outcomes),
        "confident_errors": confident_errors(outcomes),
    }


def _about_model(
    path: Path | None, manifest: Mapping[str, Any], model: RoleModel
) -> dict[str, Any]:
    return {
        "name": model.name,
        **file_digest((path or shipped_model()) / "manifest.json"),
        "roles": list(model.roles),
        "languages": sorted(model.languages),
        "threshold": round(model.threshold, 4),
        "sure_accuracy": manifest.get("parameters", {}).get("sure_accuracy"),
    }


def _sha256_of_training_corpus(manifest: Mapping[str, Any]) -> str | None:
    """Return the SHA-256 of the labelled postings that a model learned from."""
    sha256: str | None = manifest.get("data", {}).get("corpus", {}).get("sha256")
    return sha256


def _is_clear(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which labels are clear; none where there is no column `confidence`."""
    if "confidence" not in frame:
        return np.zeros(len(frame), bool)
    confidence = pd.to_numeric(frame["confidence"], errors="coerce")
    return (confidence >= _CLEAR_CONFIDENCE).to_numpy(bool)


def _ids(frame: pd.DataFrame) -> list[str]:
    """Return the postings' ids, or their row numbers in the file."""
    if "id" in frame:
        return frame["id"].astype(str).tolist()
    return [f"row {row}" for row in range(1, len(frame) + 1)]


def _roles_of_titles(
    frame: pd.DataFrame, rule: TitleRule, roles: Sequence[str]
) -> Iterator[str]:
    """Yield the role that each title names; empty for several or an unknown one."""
    titles = _text_column(frame, "title") if "title" in frame else [""] * len(frame)
    for title in titles:
        named = rule.role(title) if title.strip() else None
        yield named if named is not None and named in roles else ""


def _text_column(frame: pd.DataFrame, name: str) -> pd.Series[str]:
    if name not in frame:
        return pd.Series("", frame.index, dtype=str)
    return frame[name].fillna("").astype(str)
