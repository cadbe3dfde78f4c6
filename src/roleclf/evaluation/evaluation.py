"""Make one evaluation: read a corpus, annotate it as a user would, score, find.

Everything that the report shows, as plain values that JSON can hold.
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
    agreed,
    file_facts,
    other_readings,
    read_postings,
    refuse_unknown_roles,
    with_labels,
)
from roleclf.evaluation.curves import coverage_curve, reliability, share
from roleclf.evaluation.findings import (
    confident_errors,
    confusions,
    mismatches,
    problems,
    second_roles,
    slice_columns,
    slices,
)
from roleclf.evaluation.scores import decided, score
from roleclf.evaluation.weights import role_weights
from roleclf.model import RoleModel, TitleRule, read_manifest, shipped_model

__all__ = ["evaluate_model"]

_CLEAR: Final = 2
_SAID: Final = ("sure", "second_role", "mismatch", "problem")


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
    frame, unlabelled = _labelled(corpus, labels)
    annotator = load(model)
    roles, mend = annotator.roles, "give another model"
    refuse_unknown_roles(corpus, frame, roles, knower="model", mend=mend)
    columns = [f"p_{role}" for role in roles]
    said = annotator.annotate_frame(frame, columns=(*_SAID, *columns))
    proba = said[columns].to_numpy(float)
    judged = _judged(frame, said, proba, annotator)
    manifest, facts = read_manifest(model), file_facts(corpus)
    return {
        "model": _about_model(model, manifest, annotator.model),
        "corpus": facts,
        "labels": [file_facts(path) for path in labels],
        "n": len(frame),
        "unlabelled": unlabelled,
        "seen": facts["sha256"] == _learned_from(manifest),
        "problems": problems(judged),
        **_views(frame, judged, proba, roles),
        **_findings(judged[agreed(frame)]),
        "weights": role_weights(annotator.model),
    }


def _labelled(corpus: Path, labels: Sequence[Path]) -> tuple[pd.DataFrame, int]:
    """Return the postings with a label, and how many have none."""
    postings = read_postings(corpus)
    if labels and "role" in postings:
        raise CorpusError(corpus, "has a column role, and labels too", "give but one")
    frame = with_labels(corpus, postings, labels)
    if not agreed(frame).any():
        problem = "has no posting whose readers agree"
        raise CorpusError(corpus, problem, "give some that have one label")
    return frame, len(postings) - len(frame)


def _judged(
    frame: pd.DataFrame,
    said: pd.DataFrame,
    proba: npt.NDArray[np.float64],
    annotator: Annotator,
) -> pd.DataFrame:
    """Return a row a posting: its label, and what the model says of it."""
    role, confidence = decided(proba, annotator.roles)
    return slice_columns(frame).assign(
        id=_ids(frame),
        label=frame["role"].astype(str),
        secondary=_text_column(frame, "secondary"),
        title_rule=list(_title_rules(frame, annotator.model.titles, annotator.roles)),
        role=role,
        confidence=confidence,
        hit=role == frame["role"].to_numpy(str),
        sure=said["sure"].astype(bool),
        second_role=_text_column(said, "second_role"),
        mismatch=said["mismatch"].astype(bool),
        problem=_text_column(said, "problem"),
    )


def _views(
    frame: pd.DataFrame,
    judged: pd.DataFrame,
    proba: npt.NDArray[np.float64],
    roles: Sequence[str],
) -> dict[str, Any]:
    strict, clear = agreed(frame), agreed(frame) & _clear(frame)
    labels = judged["label"].to_numpy(str)
    columns = (judged[name] for name in ("role", "label", "secondary"))
    right = [
        role in {label, secondary, *also}
        for role, label, secondary, also in zip(
            *columns, other_readings(frame), strict=True
        )
    ]
    return {
        "strict": score(labels[strict].tolist(), proba[strict], roles),
        "clear": score(labels[clear].tolist(), proba[clear], roles)
        if clear.any()
        else None,
        "lenient": share(sum(right), len(right)),
    }


def _findings(judged: pd.DataFrame) -> dict[str, Any]:
    hit, confidence = judged["hit"].to_numpy(bool), judged["confidence"].to_numpy(float)
    sure = hit[judged["sure"].to_numpy(bool)]
    return {
        "sure": {"share": round(len(sure) / len(hit), 3)}
        | share(int(sure.sum()), len(sure)),
        "reliability": reliability(hit, confidence),
        "coverage": coverage_curve(hit, confidence),
        "second_role": second_roles(judged),
        "mismatch": mismatches(judged),
        "slices": slices(judged),
        "confusions": confusions(judged),
        "confident_errors": confident_errors(judged),
    }


def _about_model(
    path: Path | None, manifest: Mapping[str, Any], model: RoleModel
) -> dict[str, Any]:
    return {
        "name": model.name,
        **file_facts((path or shipped_model()) / "manifest.json"),
        "roles": list(model.roles),
        "languages": sorted(model.languages),
        "threshold": round(model.threshold, 4),
        "sure_accuracy": manifest.get("parameters", {}).get("sure_accuracy"),
    }


def _learned_from(manifest: Mapping[str, Any]) -> str | None:
    """Return the SHA-256 of the labelled postings that a model learned from."""
    sha256: str | None = manifest.get("data", {}).get("corpus", {}).get("sha256")
    return sha256


def _clear(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which labels their reader found at least probable; none where none says."""
    if "confidence" not in frame:
        return np.zeros(len(frame), bool)
    believed = pd.to_numeric(frame["confidence"], errors="coerce")
    return (believed >= _CLEAR).to_numpy(bool)


def _ids(frame: pd.DataFrame) -> list[str]:
    """Return the postings' ids, or where they stand in the file."""
    if "id" in frame:
        return frame["id"].astype(str).tolist()
    return [f"row {row}" for row in range(1, len(frame) + 1)]


def _title_rules(
    frame: pd.DataFrame, rule: TitleRule, roles: Sequence[str]
) -> Iterator[str]:
    """Yield the role that each title names; empty for none, several or another's."""
    titles = _text_column(frame, "title") if "title" in frame else [""] * len(frame)
    for title in titles:
        named = rule.role(title) if title.strip() else None
        yield named if named is not None and named in roles else ""


def _text_column(frame: pd.DataFrame, name: str) -> pd.Series[str]:
    if name not in frame:
        return pd.Series("", frame.index, dtype=str)
    return frame[name].fillna("").astype(str)
