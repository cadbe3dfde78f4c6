"""What only the shared corpora can show: quality on gold labels, and nothing copied."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import f1_score

from roleclf import Annotator
from roleclf.evaluation import evaluate_model

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
RUN = 12
TEXT_FILES = {".csv", ".json", ".jsonl", ".md", ".py", ".yaml"}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"no shared corpora at {SHARED}"),
]


@pytest.fixture(scope="module")
def postings() -> pd.DataFrame:
    """The postings that no model learned from."""
    path = SHARED / "corpora" / "gold_dev.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def gold(postings: pd.DataFrame) -> pd.DataFrame:
    """Those with a label that no second reader disputed."""
    path = SHARED / "corpora" / "labels_dev.jsonl"
    labels = pd.read_json(path, lines=True, dtype={"id": str})
    both = postings.merge(labels, on="id", validate="one_to_one")
    disputed = both["also"].map(lambda also: isinstance(also, list) and bool(also))
    return both[~disputed]


@pytest.mark.parametrize(
    ("title", "least"),
    [pytest.param(True, 0.74, id="title"), pytest.param(False, 0.68, id="blanked")],
)
def test_the_roles_of_postings_held_out(
    annotator: Annotator, gold: pd.DataFrame, title: bool, least: float
) -> None:
    given = gold if title else gold.assign(title="")
    said = annotator.annotate_frame(given)["role"].fillna("none")
    roles = list(annotator.roles)
    macro = f1_score(gold["primary"], said, labels=roles, average="macro")
    assert macro >= least


def test_an_evaluation_has_the_figures_of_the_shared_scorer(
    annotator: Annotator, postings: pd.DataFrame, tmp_path: Path
) -> None:
    said = annotator.annotate_frame(postings, columns=("role", "confidence"))
    said.add_prefix("roleclf_").assign(id=postings["id"]).to_csv(tmp_path / "said.csv")
    labels = SHARED / "corpora" / "labels_dev.jsonl"
    scorer = SHARED / "bench" / "score_roles.py"
    command = [sys.executable, str(scorer), str(labels), str(tmp_path / "said.csv")]
    scored = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    theirs = json.loads(scored.stdout)
    ours = evaluate_model(SHARED / "corpora" / "gold_dev.csv", labels=[labels])
    strict, clear = ours["strict"], ours["clear"]
    order = [annotator.roles.index(role) for role in theirs["f1_by_role"]]
    confusion = [
        [strict["confusion"][row][column] for column in order] for row in order
    ]
    assert theirs == {
        "n": ours["n"],
        "n_strict": strict["n"],
        "n_clear": clear["n"],
        "unanswered": strict["unanswered"],
        "strict_macro_f1": strict["macro_f1"],
        "strict_macro_f1_95": strict["macro_f1_95"],
        "strict_accuracy": strict["accuracy"],
        "clear_macro_f1": clear["macro_f1"],
        "clear_accuracy": clear["accuracy"],
        "lenient_accuracy": ours["lenient"]["accuracy"],
        "accuracy_of_surest_80_percent": strict["accuracy_of_surest_80_percent"],
        "calibration_error": strict["calibration_error"],
        "f1_by_role": strict["f1_by_role"],
        "confusion": confusion,
    }


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the hash and the first word's place of each run of words of `text`."""
    words = re.findall(r"\w+", text.casefold())
    for place in range(len(words) - RUN + 1):
        yield hash(tuple(words[place : place + RUN])), place


def test_no_sentence_of_the_corpora_is_in_the_project(postings: pd.DataFrame) -> None:
    theirs = {run for text in postings["description"] for run, _ in runs(text)}
    files = [
        path
        for folder in ("corpora/sample", "src", "tests")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in TEXT_FILES
    ]
    copied = {
        str(path.relative_to(ROOT)): place
        for path in files
        for run, place in runs(path.read_text(encoding="utf-8"))
        if run in theirs
    }
    assert len(files) > 20
    assert copied == {}


def test_mentions_in_marked_postings_are_cut_out_right(annotator: Annotator) -> None:
    lines = (SHARED / "skills" / "gold_dev.jsonl").read_text("utf-8").splitlines()
    n_mentions = 0
    for line in lines:
        annotation = annotator.annotate(None, json.loads(line)["text"])
        mentions = sorted(
            (mention.start, mention.end, mention.text)
            for skill in annotation.skills
            for mention in skill.mentions
        )
        assert all(annotation.text[start:end] == text for start, end, text in mentions)
        assert all(left[1] <= right[0] for left, right in pairwise(mentions))
        n_mentions += len(mentions)
    assert n_mentions > 500
