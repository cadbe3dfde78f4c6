"""`--prior`: the shipped model expects another mix of roles."""

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
    """Return what `explain` gives each role for one title."""
    args = ["explain", "--json", "--title", TITLE, *options]
    result = CliRunner().invoke(main, args, input=b"")
    assert result.exit_code == 0
    return json.loads(result.stdout)["probabilities"]


def test_explain_expects_another_mix() -> None:
    before, even, given = (
        proba(),
        proba("--prior", "uniform"),
        proba("--prior", "other=0.99"),
    )
    assert even["other"] < before["other"] < given["other"]
    assert even["dataops_engineer"] > before["dataops_engineer"]
    expected = roleclf.load(prior={"other": 0.99}).annotate(TITLE).probabilities
    assert given == pytest.approx(expected, abs=1e-4)


def test_who_collects_no_garbage_still_does_not_afterwards() -> None:
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


def test_classify_expects_another_mix(tmp_path: Path) -> None:
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
def test_a_prior_that_is_none_is_a_wrong_call(
    command: str, name: str, tmp_path: Path
) -> None:
    source = tmp_path / name
    source.write_text(f"title\n{TITLE}\n", "utf-8")
    result = CliRunner().invoke(main, [command, str(source), "--prior", "chef=0.5"])
    assert result.exit_code == 2
    assert "--prior: 'chef' is no role; there are data_engineer," in result.stderr


def test_a_model_is_loaded_once_without_a_search_for_what_can_go() -> None:
    code = """
import gc
from roleclf.cli import prior
kept = []
for _ in range(2):
    prior.load_for(None)
    kept.append(gc.get_freeze_count())
print(gc.isenabled(), 1000 < kept[1] <= kept[0])
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert done.stdout == "True True\n"
