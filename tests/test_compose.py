"""Postings composed of written lines say of what they are, and of nothing else."""

from __future__ import annotations

import csv
import importlib.util
import random
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

CORPORA = Path(__file__).parents[1] / "corpora"
KINDS = {
    "duty",
    "requirement",
    "blurb",
    "benefit",
    "apply",
    "legal",
    "heading",
    "title",
}
LINES = {
    "duty": {
        "data_engineer": ["build pipelines", "load tables", "model data"],
        "ml_engineer": ["train networks", "ship models", "write inference"],
        "mlops_engineer": ["run serving", "watch models", "keep a registry"],
        "data_scientist": ["test hypotheses", "study churn", "explain results"],
        "dataops_engineer": ["watch loads", "be on call", "test data"],
        "other:baker": ["bake bread", "knead dough", "sell rolls"],
    },
    "requirement": {"other_trade": ["early riser"], "other_tech": ["patience"]},
    "blurb": {"company": ["We sell an AI platform", "We are many", "Since 1990"]},
    "heading": {"duties": ["Your day"], "company": ["Who we are"]},
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script, which is no package."""
    spec = importlib.util.spec_from_file_location("compose", CORPORA / "compose.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines(script: ModuleType) -> dict[str, dict[str, list[str]]]:
    requirement = {role: ["curiosity"] for role in script.ROLES}
    empty = {kind: {"": []} for kind in ("benefit", "apply", "legal")}
    return {**LINES, **empty, "requirement": requirement | LINES["requirement"]}


def test_most_duties_of_a_posting_are_those_of_its_role(script: ModuleType) -> None:
    postings = script.compose(lines(script), 200, random.Random(0))  # noqa: S311
    assert len(postings) == 200
    with_duties = 0
    for posting in postings:
        stated = Counter(
            role
            for role, duties in LINES["duty"].items()
            for duty in duties
            if duty in posting["description"]
        )
        if stated:
            with_duties += 1
            role = stated.most_common(1)[0][0]
            assert posting["role"] == ("other" if ":" in role else role)
    assert 150 < with_duties < 200  # the others say nothing of the job


def test_the_company_is_drawn_without_regard_to_the_role(script: ModuleType) -> None:
    postings = script.compose(lines(script), 1000, random.Random(0))  # noqa: S311
    named = [p["role"] for p in postings if "AI platform" in p["description"]]
    share = len(named) / len(postings)
    for role in (*script.ROLES, "other"):
        of_role = [p["role"] for p in postings].count(role)
        assert named.count(role) / of_role == pytest.approx(share, abs=0.15)


@pytest.mark.parametrize("path", sorted((CORPORA / "written").glob("*.csv")), ids=str)
def test_written_lines_are_whole(script: ModuleType, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kind"] for row in rows} == KINDS
    assert all(row["text"].strip() for row in rows)
    duties = {row["role"] for row in rows if row["kind"] == "duty"}
    assert set(script.ROLES) < duties
    assert all(r in script.ROLES or r.startswith("other:") for r in duties)


def test_seven_languages_are_written() -> None:
    found = {path.stem for path in (CORPORA / "written").glob("*.csv")}
    assert found == {"de", "en", "es", "fr", "it", "nl", "pt"}
