"""A corpus and a seed give one model folder, and a corpus that cannot is named."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from corpus_files import write_csv, write_lines
from roleclf.errors import CorpusError
from roleclf.evaluation.corpus import role_shares
from roleclf.model import RoleModel, verify_model
from roleclf.training.train import train_model

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample"
POSTINGS, LABELS = SAMPLE / "postings.csv", SAMPLE / "labels.jsonl"


# Two roles that a few words tell apart: quick to learn.
TEXTS = {"baker": "You knead dough and bake bread", "cook": "You chop and stir soup"}
CORPUS = [
    {"id": f"{i}", "title": role.title(), "description": TEXTS[role]}
    for i, role in enumerate(["baker", "cook"] * 12)
]
LABELLED = [row | {"role": row["title"].lower()} for row in CORPUS]
LINES = [{"id": row["id"], "primary": row["role"]} for row in LABELLED]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that learned from the sample."""
    folder = tmp_path_factory.mktemp("first") / "model"
    train_model(POSTINGS, folder, labels=[LABELS], seed=3)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def manifest_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_the_same_corpus_and_seed_give_the_same_bytes(
    trained: Path, tmp_path: Path
) -> None:
    train_model(POSTINGS, tmp_path / "model", labels=[LABELS], seed=3)
    assert content(tmp_path / "model") == content(trained)


def test_another_seed_gives_another_model(tmp_path: Path, sample: pd.DataFrame) -> None:
    # Without companies the folds are drawn.
    corpus = write_csv(tmp_path / "corpus.csv", sample.drop(columns="company"))
    for seed in (3, 4):
        train_model(corpus, tmp_path / f"{seed}" / "model", seed=seed)
    first, other = (content(tmp_path / f"{seed}" / "model") for seed in (3, 4))
    assert first["model.json"] != other["model.json"]


def test_training_into_an_old_folder_replaces_the_model(
    trained: Path, tmp_path: Path, sample: pd.DataFrame
) -> None:
    folder = tmp_path / "model"
    train_model(write_csv(tmp_path / "half.csv", sample.iloc[::2]), folder)
    train_model(POSTINGS, folder, labels=[LABELS], seed=3)
    assert content(folder) == content(trained)


def test_the_manifest_says_what_was_learned_from(trained: Path) -> None:
    manifest = verify_model(trained)
    assert manifest["format"] == 2
    assert sum(manifest["prior"].values()) == pytest.approx(1.0, abs=0.01)
    assert list(manifest["prior"]) == sorted(manifest["roles"])
    assert manifest["model"] == f"model {version('roleclf')}"
    assert manifest["seed"] == manifest["parameters"]["random_state"] == 3
    assert manifest["data"] == {
        "corpus": {"file": "postings.csv", "sha256": sha256(POSTINGS)}
    }
    assert manifest["roles"] == {
        "other": 17,
        "data_engineer": 12,
        "data_scientist": 12,
        "dataops_engineer": 12,
        "ml_engineer": 12,
        "mlops_engineer": 12,
    }
    assert list(manifest["made with"]) == ["roleclf", "numpy", "scipy", "scikit-learn"]
    assert list(manifest["scores"]) == ["out of fold"]
    assert manifest["scores"]["out of fold"]["n"] == 77
    assert RoleModel.load(trained).name == manifest["model"]


def test_the_card_quotes_the_manifest(trained: Path) -> None:
    manifest, card = manifest_of(trained), (trained / "CARD.md").read_text("utf-8")
    assert card.startswith(f"# {manifest['model']}\n")
    assert f"{manifest['scores']['out of fold']['macro_f1']:.3f}" in card
    assert manifest["data"]["corpus"]["sha256"] in card
    assert "Not for judging people" in card


def test_every_source_is_named_and_every_step_told(
    tmp_path: Path, sample: pd.DataFrame
) -> None:
    held_out = tmp_path / "held_out.parquet"
    rest = sample.iloc[60:].drop(columns=["role", "also", "confidence", "secondary"])
    rest.to_parquet(held_out, index=False)
    corpus, unlabelled = tmp_path / "corpus.csv", tmp_path / "more.jsonl"
    written = tmp_path / "lines.csv"
    sample.iloc[:60].to_csv(corpus, index=False)
    sample.iloc[60:][["description", "role"]].to_csv(written, index=False)
    sample[["title", "description"]].to_json(unlabelled, orient="records", lines=True)
    told: list[str] = []
    report = train_model(
        corpus,
        tmp_path / "model",
        labels=[LABELS],
        unlabelled=unlabelled,
        written=[written],
        held_out=held_out,
        report=told.append,
    )
    assert told == [
        f"learning from 60 labelled postings of {corpus}",
        f"scoring on {held_out}",
    ]
    manifest = manifest_of(tmp_path / "model")
    assert manifest["data"] == {
        "corpus": {"file": "corpus.csv", "sha256": sha256(corpus)},
        "unlabelled": {"file": "more.jsonl", "sha256": sha256(unlabelled)},
        "held out": {"file": "held_out.parquet", "sha256": sha256(held_out)},
        "written lines": {"file": "lines.csv", "sha256": sha256(written)},
    }
    scores = manifest["scores"]
    assert {name: entry["n"] for name, entry in scores.items()} == {
        "out of fold": 60,
        "held out": 17,
        "held out, title blanked": 17,
    }
    assert str(report).splitlines()[0] == f"model written to {tmp_path / 'model'}"
    assert str(report).splitlines()[2] == (
        f"held out: macro-F1 {scores['held out']['macro_f1']:.3f} "
        f"({scores['held out']['macro_f1_95'][0]:.3f}-"
        f"{scores['held out']['macro_f1_95'][1]:.3f}), "
        f"accuracy {scores['held out']['accuracy']:.3f}, 17 postings"
    )


def test_labels_are_joined_by_id_whatever_their_order(
    trained: Path, tmp_path: Path, sample: pd.DataFrame
) -> None:
    # Ids that look like numbers keep their zeros; lines for others are left alone.
    numbered = sample.assign(id=[f"{i:03}" for i in range(len(sample))])
    corpus, labels = tmp_path / "postings.csv", tmp_path / "labels.jsonl"
    columns = ["id", "title", "company", "location", "description"]
    numbered[columns].to_csv(corpus, index=False)
    names = ["id", "role", "secondary", "confidence"]
    lines = numbered[names].rename(columns={"role": "primary"})
    other = pd.DataFrame([{"id": "x", "primary": "other", "confidence": 3}])
    pd.concat([other, lines[::-1]]).to_json(labels, orient="records", lines=True)
    train_model(corpus, tmp_path / "model", labels=[labels], seed=3)
    for name in ("text_weights.npy", "title_weights.npy", "model.json"):
        assert content(tmp_path / "model")[name] == content(trained)[name]


def test_postings_that_readers_disagree_on_are_not_scored(tmp_path: Path) -> None:
    corpus = write_csv(tmp_path / "corpus.csv", CORPUS)
    also = [["cook"], []] * 3 + [[]] * 18
    lines = [row | {"also": other} for row, other in zip(LINES, also, strict=True)]
    labels = write_lines(tmp_path / "labels.jsonl", lines)
    train_model(corpus, tmp_path / "model", labels=[labels])
    assert manifest_of(tmp_path / "model")["scores"]["out of fold"]["n"] == 21


@pytest.mark.parametrize(
    ("name", "write"),
    [
        pytest.param("c.csv", lambda f, p: f.to_csv(p, index=False), id="csv"),
        pytest.param(
            "c.tsv", lambda f, p: f.to_csv(p, index=False, sep="\t"), id="tsv"
        ),
        pytest.param(
            "c.jsonl",
            lambda f, p: f.to_json(p, orient="records", lines=True),
            id="json-lines",
        ),
        pytest.param(
            "c.parquet", lambda f, p: f.to_parquet(p, index=False), id="parquet"
        ),
    ],
)
def test_every_format_teaches_the_same(
    trained: Path,
    tmp_path: Path,
    sample: pd.DataFrame,
    name: str,
    write: Callable[[pd.DataFrame, Path], None],
) -> None:
    columns = ["title", "company", "description", "role", "secondary", "confidence"]
    write(sample[columns], tmp_path / name)
    train_model(tmp_path / name, tmp_path / "model", seed=3)
    assert content(tmp_path / "model")["model.json"] == content(trained)["model.json"]


@pytest.mark.parametrize("company", ["Acme", ""], ids=["one", "none"])
def test_one_company_and_no_company_are_no_groups(tmp_path: Path, company: str) -> None:
    rows = [row | {"company": company} for row in LABELLED]
    corpus = write_csv(tmp_path / "corpus.csv", rows)
    train_model(corpus, tmp_path / "model")
    assert manifest_of(tmp_path / "model")["scores"]["out of fold"]["n"] == 24


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param(
            CORPUS,
            "{}: has no column role; add one, or give --labels with the same ids",
            id="no-role",
        ),
        pytest.param(
            [{"name": "a", "role": "x"}],
            "{}: has neither title nor description but name, role; "
            "name the columns title and description",
            id="no-text",
        ),
        pytest.param(
            [row | {"role": "baker"} for row in CORPUS],
            "{}: has labels of fewer than two roles; add some",
            id="one-role",
        ),
        pytest.param(
            [*LABELLED, CORPUS[0] | {"role": "smith"}],
            "{}: has one posting of role 'smith'; add some",
            id="one-of-a-role",
        ),
        pytest.param(
            [*LABELLED, CORPUS[0] | {"role": ""}, CORPUS[1] | {"role": None}],
            "{}: has 2 rows without a role; leave them out",
            id="empty-role",
        ),
    ],
)
def test_a_corpus_that_teaches_nothing_is_refused(
    tmp_path: Path, rows: list[dict[str, str]], message: str
) -> None:
    corpus = write_csv(tmp_path / "corpus.csv", rows)
    with pytest.raises(CorpusError, match=f"^{re.escape(message.format(corpus))}$"):
        train_model(corpus, tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        pytest.param(
            "none.csv",
            None,
            "{0}: cannot be read ([Errno 2] No such file or directory: '{0}'); mend it",
            id="missing",
        ),
        pytest.param(
            "empty.csv",
            b"",
            "{}: cannot be read (No columns to parse from file); mend it",
            id="empty",
        ),
        pytest.param(
            "corpus.xlsx",
            b"PK",
            "{}: is of no format that a corpus may have; "
            "give one of .csv, .tsv, .jsonl, .parquet",
            id="format",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, raw: bytes | None, message: str
) -> None:
    corpus = tmp_path / name
    if raw is not None:
        corpus.write_bytes(raw)
    with pytest.raises(CorpusError, match=f"^{re.escape(message.format(corpus))}$"):
        train_model(corpus, tmp_path / "model")


@pytest.mark.parametrize("name", ["torn.jsonl", "torn.parquet"])
def test_a_torn_file_is_named(tmp_path: Path, name: str) -> None:
    torn = tmp_path / name
    torn.write_bytes(b'{"title": "Baker"')
    place = re.escape(f"{torn}: cannot be read (")
    with pytest.raises(CorpusError, match=f"^{place}.*; mend it$"):
        train_model(torn, tmp_path / "model")
    with pytest.raises(CorpusError, match=f"^{place}.*; mend it$"):
        train_model(POSTINGS, tmp_path / "model", labels=[torn])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        pytest.param(
            [{"id": "1", "role": "baker"}],
            "{labels}: has no 'primary'; add it to each line",
            id="no-primary",
        ),
        pytest.param(
            [{"key": "1", "primary": "baker"}],
            "{labels}: has no 'id'; add it to each line",
            id="no-id",
        ),
        pytest.param(
            [*LINES, LINES[0]],
            "{corpus}: has an id twice, or its labels have; "
            "keep one line of each, there and in the labels",
            id="an-id-twice",
        ),
        pytest.param(
            [{"id": "99", "primary": "baker"}],
            "{corpus}: has no id that its labels have; give --labels with the same ids",
            id="other-ids",
        ),
    ],
)
def test_labels_that_do_not_fit_are_refused(
    tmp_path: Path, lines: list[dict[str, str]], message: str
) -> None:
    corpus = write_csv(tmp_path / "corpus.csv", CORPUS)
    labels = write_lines(tmp_path / "labels.jsonl", lines)
    whole = re.escape(message.format(corpus=corpus, labels=labels))
    with pytest.raises(CorpusError, match=f"^{whole}$"):
        train_model(corpus, tmp_path / "model", labels=[labels])


def test_a_corpus_with_an_id_twice_takes_no_labels(tmp_path: Path) -> None:
    corpus = write_csv(tmp_path / "corpus.csv", [*CORPUS, CORPUS[0]])
    labels = write_lines(tmp_path / "labels.jsonl", LINES)
    message = (
        f"{corpus}: has an id twice, or its labels have; "
        "keep one line of each, there and in the labels"
    )
    with pytest.raises(CorpusError, match=f"^{re.escape(message)}$"):
        train_model(corpus, tmp_path / "model", labels=[labels])


def test_a_held_out_role_that_was_not_learned_is_refused(tmp_path: Path) -> None:
    corpus = write_csv(tmp_path / "corpus.csv", LABELLED)
    smith = {"title": "Smith", "description": "You forge", "role": "smith"}
    held_out = write_csv(tmp_path / "held_out.csv", [*LABELLED, smith])
    message = (
        f"{held_out}: has role 'smith', which the corpus lacks; "
        "add some there, or leave it out"
    )
    with pytest.raises(CorpusError, match=f"^{re.escape(message)}$"):
        train_model(corpus, tmp_path / "model", held_out=held_out)


@pytest.mark.parametrize(
    ("columns", "shares"),
    [
        pytest.param({}, None, id="no-column"),
        pytest.param(
            {"secondary": ["cook", None]},
            [{"baker": 0.4, "cook": 0.6}, None],
            id="second-role",
        ),
        pytest.param(
            {"shares": [{"baker": 9}, None]}, [{"baker": 9}, None], id="shares"
        ),
        pytest.param(
            {"shares": [{"baker": 9}, None], "secondary": ["pilot", "baker"]},
            [{"baker": 9}, {"cook": 0.4, "baker": 0.6}],
            id="both",
        ),
    ],
)
def test_shares_come_from_readers_or_from_the_second_role(
    columns: dict[str, Any], shares: Any
) -> None:
    frame = pd.DataFrame({"role": ["baker", "cook"], **columns})
    assert role_shares(frame) == shares
