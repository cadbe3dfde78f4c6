"""The whole line once, from a file to a file, with the model that ships."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from roleclf import Annotator
from roleclf.cli import main

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample" / "postings.csv"
ADDED = [
    "roleclf_role",
    "roleclf_confidence",
    "roleclf_sure",
    "roleclf_second_role",
    "roleclf_second_confidence",
    "roleclf_title_role",
    "roleclf_duties_role",
    "roleclf_skills",
    "roleclf_tools",
    "roleclf_problem",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, far from the repository."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def classify(*arguments: str) -> None:
    result = CliRunner().invoke(main, ["classify", *arguments])
    assert (result.exit_code, result.exception) == (0, None)


def test_the_sample_comes_out_labelled(
    folder: Path, annotator: Annotator, sample: pd.DataFrame
) -> None:
    classify(str(SAMPLE), "-o", "labelled.csv", "--text")
    before, after = rows_of(SAMPLE), rows_of(folder / "labelled.csv")
    names = list(before[0])
    assert list(after[0]) == [*names, *ADDED, "roleclf_text"]
    assert [{name: row[name] for name in names} for row in after] == before
    expected = annotator.annotate_many(sample.to_dict("records"))
    for row, annotation in zip(after, expected, strict=True):
        assert row["roleclf_role"] == annotation.role
        assert float(row["roleclf_confidence"]) == pytest.approx(
            annotation.confidence, abs=1e-4
        )
        tools = [skill.id for skill in annotation.skills if skill.kind == "tool"]
        assert row["roleclf_tools"].split(";") == (tools or [""])
        assert row["roleclf_problem"] == ""
        assert row["roleclf_text"] == annotation.text


def test_most_of_the_sample_is_labelled_right(
    folder: Path, sample: pd.DataFrame
) -> None:
    # No measure of quality, which test_shared.py holds: a guard against a mix-up.
    classify(str(SAMPLE), "-o", "labelled.csv", "--columns", "id")
    said = {row["id"]: row["roleclf_role"] for row in rows_of(folder / "labelled.csv")}
    gold = dict(zip(sample["id"], sample["role"], strict=True))
    assert said.keys() == gold.keys()
    assert sum(said[id_] == gold[id_] for id_ in gold) > 0.6 * len(gold)


def test_json_lines_carry_the_whole_annotation(
    folder: Path, annotator: Annotator, sample: pd.DataFrame
) -> None:
    classify(str(SAMPLE), "-o", "labelled.jsonl", "--text")
    lines = (folder / "labelled.jsonl").read_text("utf-8").splitlines()
    postings = sample.rename(columns={"company": "employer"}).to_dict("records")
    expected = annotator.annotate_many(postings)
    for line, row, annotation in zip(lines, rows_of(SAMPLE), expected, strict=True):
        record = json.loads(line)
        assert record.pop("_roleclf") == annotation.to_dict(text=True)
        assert record == row


def test_every_row_comes_out_whatever_is_in_it(folder: Path) -> None:
    strange = [None, "", "42", "😀", "我们正在寻找一名数据工程师。" * 9, "<p>" * 999]
    pd.DataFrame(
        {"title": ["", "", "Data Engineer"] * 2, "description": strange}
    ).to_csv("strange.csv", index=False)
    result = CliRunner().invoke(main, ["classify", "strange.csv", "-o", "out.csv"])
    assert (result.exit_code, type(result.exception)) == (3, SystemExit)
    rows = rows_of(folder / "out.csv")
    assert [row["roleclf_role"] for row in rows] == ["", "", "data_engineer"] * 2
    assert [row["roleclf_problem"] for row in rows] == [
        "no_text",
        "no_text",
        "too_short",
        "too_short",
        "unsupported_language",
        "no_text",
    ]


def test_what_was_trained_can_classify(folder: Path, sample: pd.DataFrame) -> None:
    sample[["id", "title", "description", "role"]].to_parquet("corpus.parquet")
    result = CliRunner().invoke(main, ["train", "corpus.parquet", "-o", "mine"])
    assert (result.exit_code, result.exception) == (0, None)
    classify(str(SAMPLE), "-o", "labelled.parquet", "--model", "mine")
    out = pd.read_parquet("labelled.parquet")
    assert out["id"].tolist() == sample["id"].tolist()
    assert (out["roleclf_role"] == sample["role"]).mean() > 0.8
