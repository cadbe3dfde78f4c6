"""Write ERRORS.md: what the classifier confuses, and the causes that a reader found.

Called by `ablation.py`. `corpora/labels/errors_read.csv` has the id of a misclassified
posting and the cause, and no text.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import confusion_matrix

from roleclf.evaluation import readers_agree

ERRORS_READ: Final = (
    Path(__file__).parents[1] / "corpora" / "labels" / "errors_read.csv"
)
CAUSES: Final[Mapping[str, str]] = {
    "build_or_run_models": "ML engineering and MLOps duties in one posting: the reader "
    "weighed what is built against what is run, words do not",
    "build_or_run_data": "the same of data pipelines: data engineer or DataOps",
    "study_or_ship": "models that are both studied and shipped: scientist or engineer",
    "reports_or_pipelines": "BI and analyst postings that ask for ETL and data models: "
    "other or data engineer",
    "reports_or_models": "analyst postings that ask for statistics: other or scientist",
    "office_data": "office work on data (master data, curation, manual quality checks, "
    "mapping of requirements), in the words of DataOps",
    "general_operation": "operation of general software, databases or BI servers, in "
    "the words of DataOps or data platforms",
    "sells_or_leads": "sells, advises or leads people, in words of what others do",
    "outside_science": "a science or profession beside data, in research words",
    "unusual_field": "a field whose words few labelled postings have",
    "misleading_title": "the title names one role, the duties another; the title won",
    "no_duties": "hardly a duty in the text: requirements or a list of tools",
    "doubtful_label": "a coin-flip of the reader; what was predicted is defensible",
}
_HEAD: Final = """\
# Errors

Written by `make ablation` (`benchmarks/errors.py`); do not edit by hand. What the
classifier gets wrong on labelled postings that it has not learned from: the train split
out of fold by company, and the dev split.
"""


def report(
    train: pd.DataFrame,
    oof_proba: npt.NDArray[np.float64],
    dev: pd.DataFrame,
    dev_proba: npt.NDArray[np.float64],
    roles: list[str],
) -> str:
    """Return ERRORS.md."""
    agreed = readers_agree(dev)
    lines = [
        _HEAD,
        "## Out of fold\n",
        *_confusion(train["role"].to_numpy(str), oof_proba, roles),
        "\n## Dev\n",
        *_confusion(dev["role"].to_numpy(str)[agreed], dev_proba[agreed], roles),
        *_by_confidence(train, oof_proba, roles),
        *_causes(train, oof_proba, roles),
    ]
    return "\n".join(lines) + "\n"


def _confusion(
    y: npt.NDArray[np.str_], proba: npt.NDArray[np.float64], roles: list[str]
) -> Iterator[str]:
    cells = confusion_matrix(y, _predicted(proba, roles), labels=roles)
    yield f"| label, predicted → | {' | '.join(roles)} | right |"
    yield "|---" * (len(roles) + 2) + "|"
    for role, row in zip(roles, cells, strict=True):
        right = row[roles.index(role)] / row.sum()
        yield f"| {role} | {' | '.join(map(str, row))} | {right:.2f} |"


def _by_confidence(
    train: pd.DataFrame, proba: npt.NDArray[np.float64], roles: list[str]
) -> Iterator[str]:
    wrong = _predicted(proba, roles) != train["role"].to_numpy(str)
    blend = _predicted(proba, roles) == train["secondary"].fillna("").to_numpy(str)
    yield "\n## How sure the reader was\n"
    yield "| confidence | postings | wrong | of these, the second role was predicted |"
    yield "|---|---|---|---|"
    for level in (1, 2, 3):
        has_level = (train["confidence"] == level).to_numpy(bool)
        share = (
            f"{np.mean(wrong[has_level]):.2f} | {np.mean(blend[has_level & wrong]):.2f}"
        )
        yield f"| {level} | {has_level.sum()} | {share} |"


def _causes(
    train: pd.DataFrame, proba: npt.NDArray[np.float64], roles: list[str]
) -> Iterator[str]:
    with ERRORS_READ.open(encoding="utf-8", newline="") as lines:
        cause_by_id = {row["posting"]: row["cause"] for row in csv.DictReader(lines)}
    wrong = set(train["id"][_predicted(proba, roles) != train["role"].to_numpy(str)])
    still = Counter(cause for id_, cause in cause_by_id.items() if id_ in wrong)
    yield "\n## Read\n"
    yield f"{len(cause_by_id)} postings, drawn at random from those that an earlier"
    yield "model got wrong out of fold, and read; this one gets"
    yield f"{sum(still.values())} of them wrong.\n"
    yield "| cause | read | still wrong | what it is |"
    yield "|---|---|---|---|"
    for cause, n in Counter(cause_by_id.values()).most_common():
        yield f"| {cause} | {n} | {still[cause]} | {CAUSES[cause]} |"


def _predicted(
    proba: npt.NDArray[np.float64], roles: list[str]
) -> npt.NDArray[np.str_]:
    return np.array(roles)[proba.argmax(axis=1)]
