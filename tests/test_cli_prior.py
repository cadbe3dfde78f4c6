"""`--prior` changes the mix of roles that the shipped model expects."""

from __future__ import annotations

import csv
import gc
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import roleclf
from roleclf.cli import main

TITLE = "Data Analyst"


def proba(*options: str) -> dict[str, float]:
    """Return the probabilities that `explain` gives for one title."""
    args = ["explain", "--json", "--title", TITLE, *options]
    result = CliRunner().invoke(main, args, input=b"")
    assert result.exit_code == 0
    return json.loads(result.stdout)["probabilities"]


def test_explain_takes_a_prior() -> None:
    default, uniform, mostly_other = (
        proba(),
        proba("--prior", "uniform"),
        proba("--prior", "other=0.99"),
    )
    assert uniform["other"] < default["other"] < mostly_other["other"]
    assert uniform["dataops_engineer"] > default["dataops_engineer"]
    expected = roleclf.load(prior={"other": 0.99}).annotate(TITLE).probabilities
    assert mostly_other == pytest.approx(expected, abs=1e-4)


def test_disabled_garbage_collection_stays_disabled() -> None:
    proba()
    n_kept = gc.get_freeze_count()
    gc.disable()
    try:
        proba()
        assert not gc.isenabled()
    finally:
        gc.enable()
    assert gc.get_freeze_count() == n_kept


def test_the_market_is_mostly_other() -> None:
    market = roleclf.load().model.market
    assert sum(market.values()) == pytest.approx(1.0)
    assert max(market, key=market.get) == "other"
    assert proba("--prior", "market")["other"] > proba()["other"]


def test_classify_takes_a_prior(tmp_path: Path) -> None:
    table = tmp_path / "jobs.csv"
    table.write_text(f"title\n{TITLE}\n", "utf-8")
    mix = tmp_path / "mix.json"
    mix.write_text('{"other": 0.99}', "utf-8")
    confidence = {}
    for prior in ("uniform", str(mix)):
        args = ["classify", str(table), "-q", "--prior", prior]
        result = CliRunner().invoke(main, args)
        assert result.exit_code == 0
        (row,) = csv.DictReader(io.StringIO(result.stdout))
        confidence[prior] = float(row["roleclf_confidence"])
    assert confidence["uniform"] < confidence[str(mix)]


@pytest.mark.parametrize(
    ("command", "name"), [("classify", "jobs.csv"), ("explain", "job.txt")]
)
def test_an_invalid_prior_is_a_wrong_call(
    command: str, name: str, tmp_path: Path
) -> None:
    source = tmp_path / name
    source.write_text(f"title\n{TITLE}\n", "utf-8")
    result = CliRunner().invoke(main, [command, str(source), "--prior", "chef=0.5"])
    assert result.exit_code == 2
    assert "--prior: 'chef' is no role; there are data_engineer," in result.stderr


def test_objects_are_frozen_at_the_first_load_only() -> None:
    code = """
import gc
from roleclf.cli import prior
kept = []
for _ in range(2):
    prior.load_annotator(None)
    kept.append(gc.get_freeze_count())
print(gc.isenabled(), 1000 < kept[1] <= kept[0])
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert done.stdout == "True True\n"
