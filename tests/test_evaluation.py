"""One evaluation from end to end, and the corpora that cannot be evaluated."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from corpus_files import write_csv, write_lines
from evaluations import EVALUATION
from roleclf.errors import CorpusError, ModelError
from roleclf.evaluation import evaluate_model
from roleclf.training.train import train_model

# Two roles that a few words tell apart; texts long enough to be judged.
PIPELINES = "You build pipelines and load the warehouse with tables every night. " * 3
BREAD = "You knead the dough and bake bread for the whole street each morning. " * 3
ROWS = [
    {"title": title, "description": text, "role": role}
    for title, text, role in [
        ("Data Engineer", PIPELINES, "data_engineer"),
        ("Pastry Chef", BREAD, "other"),
    ]
    * 12
]
# Labelled postings: a title that misleads, a blend, a disputed one, one too short,
# one with nothing in it.
POSTINGS = [
    ("j1", "Data Engineer", PIPELINES, "board", "2024-05-01"),
    ("j2", "Pastry Chef", BREAD, "board", "2024-06-01"),
    ("j3", "Data Engineer", BREAD, "feed", "2025-01-01"),
    ("j4", "Data Engineer", PIPELINES, "feed", "2025-02-01"),
    ("j5", "Pastry Chef", "Bake.", "feed", "2025-03-01"),
    ("j6", "", "", "feed", "2025-04-01"),
    ("j7", "Data Engineer", PIPELINES, "feed", "2025-05-01"),
]
LABELS = [
    {"id": "j1", "primary": "data_engineer", "confidence": 3, "also": []},
    {"id": "j2", "primary": "other", "confidence": 3, "also": []},
    {"id": "j3", "primary": "other", "confidence": 2, "also": []},
    {"id": "j4", "primary": "other", "confidence": 1, "also": ["data_engineer"]},
    {"id": "j5", "primary": "other", "confidence": 1, "also": []},
    {"id": "j6", "primary": "data_engineer", "secondary": "other", "confidence": 3},
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that tells two roles apart."""
    folder = tmp_path_factory.mktemp("trained")
    train_model(write_csv(folder / "learned.csv", ROWS), folder / "bakery")
    return folder / "bakery"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    columns = ["id", "title", "description", "source", "posted_at"]
    return write_csv(tmp_path / "jobs.csv", pd.DataFrame(POSTINGS, columns=columns))


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "labels.jsonl", LABELS)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_evaluation_says_what_was_judged(
    model: Path, corpus: Path, labels: Path
) -> None:
    found = evaluate_model(corpus, labels=[labels], model=model)
    threshold = found["model"].pop("threshold")
    assert 0 <= threshold <= 1
    assert found["model"] == {
        "name": json.loads((model / "manifest.json").read_text("utf-8"))["model"],
        "file": "manifest.json",
        "sha256": sha256(model / "manifest.json"),
        "roles": ["data_engineer", "other"],
        "languages": ["de", "en", "es", "fr", "it", "nl", "pt"],
        "sure_accuracy": 0.95,
    }
    assert found["corpus"] == {"file": "jobs.csv", "sha256": sha256(corpus)}
    assert found["labels"] == [{"file": "labels.jsonl", "sha256": sha256(labels)}]
    assert (found["n"], found["unlabelled"], found["seen"]) == (6, 1, False)
    assert found["problems"] == {"too_short": ["j5"], "no_text": ["j6"]}


def test_the_invented_evaluation_has_the_shape_of_a_true_one(
    model: Path, corpus: Path, labels: Path
) -> None:
    found = evaluate_model(corpus, labels=[labels], model=model)
    assert list(found) == list(EVALUATION)
    for name, value in EVALUATION.items():
        if isinstance(value, dict) and name not in {"problems", "slices"}:
            assert list(found[name]) == list(value)
    for name in ("reliability", "coverage", "confident_errors"):
        assert list(found[name][0]) == list(EVALUATION[name][0])


def test_an_evaluation_has_every_view(model: Path, corpus: Path, labels: Path) -> None:
    found = evaluate_model(corpus, labels=[labels], model=model)
    # j4 has a second reader's other role; j5 is doubtful; j6 says nothing.
    assert {name: found[name]["n"] for name in ("strict", "clear", "lenient")} == {
        "strict": 5,
        "clear": 4,
        "lenient": 6,
    }
    assert found["strict"]["unanswered"] == 1
    assert found["strict"]["n_by_role"] == {"data_engineer": 2, "other": 3}
    # j4, which is left out of strict, is right where the second reader counts.
    assert found["lenient"]["accuracy"] > found["strict"]["accuracy"]
    # The titles of j1, j2, j3 and j5 say a role; that of j3 is wrong.
    assert (found["mismatch"]["n"], found["mismatch"]["wanted"]) == (4, 1)
    assert found["second_role"]["pair"]["wanted"] == 1
    assert [p["value"] for p in found["slices"]["source"]["parts"]] == ["feed", "board"]
    assert [(p["value"], p["n"]) for p in found["slices"]["year"]["parts"]] == [
        ("2024", 2),
        ("2025", 3),
    ]
    assert found["confident_errors"][-1] == {
        "id": "j6",
        "label": "data_engineer",
        "role": "none",
        "confidence": 0.0,
        "problem": "no_text",
    }
    assert json.dumps(found, allow_nan=False)


def test_an_evaluation_names_the_features_of_each_role(
    model: Path, corpus: Path, labels: Path
) -> None:
    weights = evaluate_model(corpus, labels=[labels], model=model)["weights"]
    assert list(weights) == ["data_engineer", "other"]
    assert list(weights["other"]) == ["text", "duties", "title"]
    of_text = weights["data_engineer"]["text"]
    words = {
        side: {word for name, _ in listed for word in name.split()}
        for side, listed in of_text.items()
    }
    assert words["for"] <= set(PIPELINES.lower().replace(".", "").split())
    assert words["against"] <= set(BREAD.lower().replace(".", "").split())
    assert all(weight > 0 for _, weight in of_text["for"])
    assert all(weight < 0 for _, weight in of_text["against"])
    assert all(len(listed) <= 15 for listed in of_text.values())
    # Of two roles, what speaks for one speaks against the other.
    assert of_text["for"][0][1] == -weights["other"]["text"]["against"][0][1]


def test_a_corpus_with_roles_needs_no_labels_and_no_ids(
    model: Path, tmp_path: Path
) -> None:
    rows = [{**row, "role": "other"} for row in ROWS[:2]] + ROWS[:2]
    found = evaluate_model(write_csv(tmp_path / "jobs.csv", rows), model=model)
    assert (found["n"], found["unlabelled"], found["labels"]) == (4, 0, [])
    assert found["clear"] is None
    assert found["lenient"]["accuracy"] == found["strict"]["accuracy"] == 0.75
    assert [error["id"] for error in found["confident_errors"]] == ["row 1"]


@pytest.mark.parametrize("name", ["jobs.csv", "jobs.jsonl", "jobs.parquet"])
def test_every_format_gives_the_same(model: Path, tmp_path: Path, name: str) -> None:
    also = [[], ["data_engineer"]] * 12
    frame = pd.DataFrame(ROWS).assign(confidence=2, also=also)
    path = tmp_path / name
    write_by_ending = {
        ".csv": lambda: frame.to_csv(path, index=False),
        ".jsonl": lambda: frame.to_json(path, orient="records", lines=True),
        ".parquet": lambda: frame.to_parquet(path),
    }
    write_by_ending[path.suffix]()
    found = evaluate_model(path, model=model)
    assert (found["n"], found["strict"]["n"], found["clear"]["n"]) == (24, 12, 12)


def test_a_corpus_that_taught_the_model_is_known(model: Path) -> None:
    assert evaluate_model(model.parent / "learned.csv", model=model)["seen"] is True


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param(
            [{"title": "DE", "description": "x"}],
            "{}: has no column role; add one, or give --labels with the same ids",
            id="no-role",
        ),
        pytest.param(
            [{"job": "DE", "role": "other"}],
            "{}: has neither title nor description but job, role; "
            "name the columns title and description",
            id="no-text",
        ),
        pytest.param(
            [*ROWS, {"title": "Baker", "role": "baker"}],
            "{}: has role 'baker', which the model lacks; "
            "give another model, or leave it out",
            id="unknown-role",
        ),
        pytest.param(
            [*ROWS, {"title": "Baker", "role": ""}],
            "{}: has 1 rows without a role; leave them out",
            id="no-label",
        ),
        pytest.param(
            ROWS[::2],
            "{}: has labels of fewer than two roles; add some",
            id="one-role",
        ),
        pytest.param(
            pd.DataFrame(ROWS[:0], columns=["title", "description", "role"]),
            "{}: has no postings; add some",
            id="empty",
        ),
        pytest.param(
            [row | {"also": "x"} for row in ROWS],
            "{}: has no posting whose readers agree; give some that have one label",
            id="all-disputed",
        ),
    ],
)
def test_a_corpus_that_cannot_be_evaluated_is_named(
    model: Path, tmp_path: Path, rows: Any, message: str
) -> None:
    corpus = write_csv(tmp_path / "jobs.csv", rows)
    with pytest.raises(CorpusError, match=f"^{re.escape(message.format(corpus))}$"):
        evaluate_model(corpus, model=model)


def test_labels_beside_roles_are_refused(
    model: Path, tmp_path: Path, labels: Path
) -> None:
    corpus = write_csv(tmp_path / "jobs.csv", ROWS)
    message = re.escape(f"{corpus}: has a column role, and labels too; give but one")
    with pytest.raises(CorpusError, match=f"^{message}$"):
        evaluate_model(corpus, labels=[labels], model=model)


def test_labels_of_other_ids_are_refused(
    model: Path, tmp_path: Path, corpus: Path
) -> None:
    labels = write_lines(tmp_path / "l.jsonl", [{"id": "x", "primary": "other"}])
    mend = "give --labels with the same ids"
    message = re.escape(f"{corpus}: has no id that its labels have; {mend}")
    with pytest.raises(CorpusError, match=f"^{message}$"):
        evaluate_model(corpus, labels=[labels], model=model)


def test_a_folder_without_a_model_is_named(tmp_path: Path, corpus: Path) -> None:
    rows = write_csv(tmp_path / "rows.csv", ROWS)
    message = re.escape(f"{tmp_path}: holds no manifest.json; ")
    with pytest.raises(ModelError, match=f"^{message}"):
        evaluate_model(rows, model=tmp_path)
