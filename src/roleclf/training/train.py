"""Train a model from a corpus file: read, fit, score, save, write the card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from roleclf.evaluation import (
    company_groups,
    file_digest,
    read_labelled,
    read_postings,
    readers_agree,
    refuse_rare_roles,
    refuse_unknown_roles,
    role_shares,
    score_predictions,
    write_card,
)
from roleclf.training.role_classifier import RoleClassifier

__all__ = ["TrainingReport", "fit_and_score", "held_out_scores", "train_model"]

_PACKAGES: Final = ("roleclf", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """The folder of a trained model and its scores; `str()` is fit for a terminal."""

    folder: Path
    scores: Mapping[str, Mapping[str, Any]]

    def __str__(self) -> str:
        lines = [f"model written to {self.folder}"]
        for name, scores in self.scores.items():
            low, high = scores["macro_f1_95"]
            lines.append(
                f"{name}: macro-F1 {scores['macro_f1']:.3f} ({low:.3f}-{high:.3f}), "
                f"accuracy {scores['accuracy']:.3f}, {scores['n']} postings"
            )
        return "\n".join(lines)


def train_model(
    corpus: Path,
    output: Path,
    *,
    labels: Sequence[Path] = (),
    unlabelled: Path | None = None,
    written: Sequence[Path] = (),
    held_out: Path | None = None,
    taxonomy: Path | None = None,
    seed: int = 0,
    report: Callable[[str], None] = lambda message: None,
) -> TrainingReport:
    """Train a model on `corpus` and write its folder.

    Parameters
    ----------
    corpus : Path
        CSV, TSV, JSON Lines or Parquet with title, description and role; a column
        `company` keeps one employer's postings on one side of every fold, a column
        `confidence` (1-3) sets the weight of each label.
    output : Path
        The model folder; its name is the model's name.
    labels : sequence of Path
        JSON Lines with `id`, `primary` and perhaps `confidence` and `also`, joined
        to the corpora by `id` in place of a column `role`.
    unlabelled : Path or None
        More postings, which are labelled by the roles that their titles name.
    written : sequence of Path
        Files of postings with description and role that were written, or composed of
        written lines: words are learned from them, but not how far to trust a text.
    held_out : Path or None
        Labelled postings to score the model on; it never learns from them.
    taxonomy : Path or None
        Folder of a taxonomy of one's own.
    seed : int
        The same corpora, seed and versions give the same folder, byte for byte.
    report : callable
        Called with a line of text at each step.

    Raises
    ------
    CorpusError
        If a file cannot be read, or lacks a column or a label.
    """
    frame = read_labelled(corpus, labels)
    refuse_rare_roles(corpus, frame)
    report(f"learning from {len(frame)} labelled postings of {corpus}")
    more = None if unlabelled is None else read_postings(unlabelled)
    texts = pd.concat(list(map(read_labelled, written))) if written else None
    parameters = {"taxonomy": taxonomy, "random_state": seed}
    classifier, scores = fit_and_score(frame, more, texts, **parameters)
    if held_out is not None:
        report(f"scoring on {held_out}")
        scores |= _scores_of_file(classifier, held_out, labels)
    sources = {"corpus": corpus, "unlabelled": unlabelled, "held out": held_out}
    sources |= {f"written {path.stem}": path for path in written}
    _save(classifier, output, _training_facts(classifier, frame, sources), scores)
    return TrainingReport(output, scores)


def fit_and_score(
    frame: pd.DataFrame,
    unlabelled: pd.DataFrame | None,
    written: pd.DataFrame | None = None,
    **parameters: Any,
) -> tuple[RoleClassifier, dict[str, dict[str, Any]]]:
    """Return a classifier fitted on a corpus, and its scores out of fold.

    Parameters
    ----------
    frame : DataFrame
        From `corpus.read_labelled`.
    **parameters
        Of `RoleClassifier`.
    """
    classifier = RoleClassifier(**parameters).fit(
        frame,
        frame["role"],
        frame["weight"].tolist(),
        groups=company_groups(frame),
        shares=role_shares(frame),
        unlabelled=unlabelled,
        written=written,
    )
    scores = _score(frame, classifier.oof_proba_, classifier)
    return classifier, {"out of fold": scores}


def held_out_scores(
    classifier: RoleClassifier, frame: pd.DataFrame
) -> dict[str, dict[str, Any]]:
    """Return the scores on labelled postings, with title and without."""
    proba = classifier.predict_proba(frame)
    text_proba = classifier.predict_proba(frame.assign(title=""))
    return {
        "held out": _score(frame, proba, classifier),
        "held out, title blanked": _score(frame, text_proba, classifier),
    }


def _scores_of_file(
    classifier: RoleClassifier, held_out: Path, labels: Sequence[Path]
) -> dict[str, dict[str, Any]]:
    frame = read_labelled(held_out, labels)
    refuse_unknown_roles(held_out, frame, classifier.classes_.tolist())
    return held_out_scores(classifier, frame)


def _save(
    classifier: RoleClassifier,
    output: Path,
    facts: Mapping[str, Any],
    scores: Mapping[str, Any],
) -> None:
    """Name a trained model after its folder, and write model, manifest and card."""
    model = classifier.model_
    model.name = f"{output.name} {version('roleclf')}"
    model.save(output, {"model": model.name, **facts, "scores": scores})
    write_card(output)


def _training_facts(
    classifier: RoleClassifier,
    frame: pd.DataFrame,
    sources: Mapping[str, Path | None],
) -> dict[str, Any]:
    """Return what the manifest says of how a model was made."""
    model = classifier.model_
    return {
        "made with": {name: version(name) for name in _PACKAGES},
        "seed": classifier.random_state,
        "parameters": _json_values(classifier.get_params()),
        "data": {name: file_digest(path) for name, path in sources.items() if path},
        "roles": {str(r): int(n) for r, n in frame["role"].value_counts().items()},
        "prior": {
            role: round(float(share), 3)
            for role, share in zip(model.roles, model.prior, strict=True)
        },
    }


def _score(
    frame: pd.DataFrame, proba: npt.NDArray[np.float64], classifier: RoleClassifier
) -> dict[str, Any]:
    """Return the scores on the postings on which no second reader disagreed."""
    kept, roles = readers_agree(frame), classifier.classes_.tolist()
    return score_predictions(frame["role"][kept].tolist(), proba[kept], roles)


def _json_values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as JSON can hold them."""
    return {k: str(v) if isinstance(v, Path) else v for k, v in parameters.items()}
