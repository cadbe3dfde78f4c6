"""Make a model folder from a corpus: read, fit, score, save, write the card.

Outside the line: `roleclf train`. pandas and scikit-learn are at home here.
"""

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
    agreed,
    companies,
    file_facts,
    read_labelled,
    read_postings,
    refuse_rare_roles,
    refuse_unknown_roles,
    score,
    write_card,
)
from roleclf.training.role_classifier import RoleClassifier

__all__ = ["TrainingReport", "held_out_scores", "learn", "train_model"]

_LEARNED_WITH: Final = ("roleclf", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What was learned and how well it does; `str()` is fit for a terminal."""

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
    held_out: Path | None = None,
    taxonomy: Path | None = None,
    seed: int = 0,
    report: Callable[[str], None] = lambda message: None,
) -> TrainingReport:
    """Learn a model from `corpus` and write its folder.

    Parameters
    ----------
    corpus : Path
        CSV, TSV, JSON Lines or Parquet with title, description and role; a column
        `company` keeps one employer's postings on one side of every fold, a column
        `confidence` (1-3) says how far each label is believed.
    output : Path
        The model folder; its name is the model's name.
    labels : sequence of Path
        JSON Lines with `id`, `primary` and perhaps `confidence` and `also`, joined
        to the corpora by `id` in place of a column `role`.
    unlabelled : Path or None
        More postings; the roles that their titles name teach the rough model.
    held_out : Path or None
        Labelled postings to score the model on; it never learns from them.
    taxonomy : Path or None
        Folder of a taxonomy of one's own.
    seed : int
        The same corpora, seed and versions give the same folder, byte for byte.
    report : callable
        Is told what is being done.

    Raises
    ------
    CorpusError
        If a file cannot be read, or lacks a column or a label.
    """
    frame = read_labelled(corpus, labels)
    refuse_rare_roles(corpus, frame)
    report(f"learning from {len(frame)} labelled postings of {corpus}")
    more = None if unlabelled is None else read_postings(unlabelled)
    classifier, scores = learn(frame, more, taxonomy=taxonomy, random_state=seed)
    if held_out is not None:
        report(f"scoring on {held_out}")
        judged = read_labelled(held_out, labels)
        refuse_unknown_roles(held_out, judged, classifier.classes_.tolist())
        scores |= held_out_scores(classifier, judged)
    sources = {"corpus": corpus, "unlabelled": unlabelled, "held out": held_out}
    classifier.model_.name = f"{output.name} {version('roleclf')}"
    about = _about(classifier, frame, sources) | {"scores": scores}
    classifier.model_.save(output, about)
    write_card(output)
    return TrainingReport(output, scores)


def learn(
    frame: pd.DataFrame, unlabelled: pd.DataFrame | None, **parameters: Any
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
        groups=companies(frame),
        unlabelled=unlabelled,
    )
    scores = _score(frame, classifier.oof_proba_, classifier.classes_)
    return classifier, {"out of fold": scores}


def held_out_scores(
    classifier: RoleClassifier, frame: pd.DataFrame
) -> dict[str, dict[str, Any]]:
    """Return the scores on postings of other companies, with title and without."""
    return {
        "held out": _score(frame, classifier.predict_proba(frame), classifier.classes_),
        "held out, title blanked": _score(
            frame, classifier.predict_proba(frame.assign(title="")), classifier.classes_
        ),
    }


def _about(
    classifier: RoleClassifier,
    frame: pd.DataFrame,
    sources: Mapping[str, Path | None],
) -> dict[str, Any]:
    """Return what the manifest says of how a model was made."""
    model = classifier.model_
    return {
        "model": model.name,
        "made with": {name: version(name) for name in _LEARNED_WITH},
        "seed": classifier.random_state,
        "parameters": _plain(classifier.get_params()),
        "data": {name: file_facts(path) for name, path in sources.items() if path},
        "roles": {str(r): int(n) for r, n in frame["role"].value_counts().items()},
        "prior": {
            role: round(float(share), 3)
            for role, share in zip(model.roles, model.prior, strict=True)
        },
    }


def _score(
    frame: pd.DataFrame, proba: npt.NDArray[np.float64], roles: npt.NDArray[np.str_]
) -> dict[str, Any]:
    """Score on the postings that no second reader labelled otherwise."""
    kept = agreed(frame)
    return score(frame["role"][kept].tolist(), proba[kept], roles.tolist())


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as JSON can hold them."""
    return {k: str(v) if isinstance(v, Path) else v for k, v in parameters.items()}
