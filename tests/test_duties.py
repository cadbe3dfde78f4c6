"""Tests of compiling triggers and of finding duties by them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from roleclf.duties import DutyPatterns, DutyTables
from roleclf.duties.compile import compile_duties
from roleclf.loops.loading import HAS_LOOPS
from roleclf.taxonomy import load_taxonomy
from roleclf.taxonomy.outline import duty_triggers
from roleclf.text.tokens import tokenize

TRIGGERS = {
    "baker.bake": ["(bake|knead) .. bread", "ovens"],
    "cook.soup": ["(season|stir|plan) .. [hot] soups .. kitchen"],
}
HINTS = {"baker.bake": ["bread"]}
# Prints a digest of the arrays; run with other hash seeds, which reorder sets.
PROGRAM = f"""
from hashlib import sha256
from roleclf.duties.compile import compile_duties
arrays = compile_duties({TRIGGERS!r}, {HINTS!r}).arrays().values()
print(sha256(b"".join(array.tobytes() for array in arrays)).hexdigest())
"""


def compiled_under(seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.check_output(command, env=environment)  # noqa: S603


def test_every_process_compiles_the_same_arrays() -> None:
    assert compiled_under("1") == compiled_under("2") == compiled_under("3")


def test_tables_come_back_from_their_arrays() -> None:
    tables = compile_duties(TRIGGERS, HINTS)
    again = DutyTables.of(tables.ids, tables.arrays())
    for name, array in tables.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("You bake our bread.", [("baker.bake", True)], id="trigger"),
        pytest.param("We like bread.", [("baker.bake", False)], id="hint"),
        pytest.param(
            "Kneading breads at ovens", [("baker.bake", True)], id="both-once"
        ),
        pytest.param("You bake. Bread is good.", [("baker.bake", False)], id="apart"),
        pytest.param(
            "Stirring the soups of a kitchen", [("cook.soup", True)], id="three-parts"
        ),
        pytest.param("Stirring soups at home", [], id="not-the-last-part"),
        pytest.param("The kitchen of soups, stirred", [], id="other-order"),
    ],
)
def test_a_sentence_states_what_its_triggers_say(
    text: str, found: list[tuple[str, bool]]
) -> None:
    patterns = DutyPatterns(compile_duties(TRIGGERS, HINTS))
    duties = patterns.find(tokenize([text]))
    stated = zip(duties.duty.tolist(), duties.is_firm.tolist(), strict=True)
    assert [(patterns.ids[duty], firm) for duty, firm in stated] == found


@pytest.mark.skipif(not HAS_LOOPS, reason="numpy finds out when it comes there")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("links.trigger", 99, id="no-such-trigger"),
        pytest.param("links.shift", 999, id="beyond-the-table"),
        pytest.param("links.bounds", 99, id="no-such-step"),
        pytest.param("states.place", 99, id="no-such-phrase"),
        pytest.param("states.bounds", -99, id="falling"),
        pytest.param("triggers.duty", 2, id="no-such-duty"),
        pytest.param("lone.trigger", -9, id="before-the-first"),
    ],
)
def test_tables_that_do_not_fit_are_refused(name: str, change: int) -> None:
    arrays = compile_duties(TRIGGERS, HINTS).arrays()
    arrays[name] = arrays[name].copy()
    arrays[name][arrays[name].argmin()] += change
    with pytest.raises(IndexError, match=r"^(places|bounds) that are not"):
        DutyPatterns(DutyTables.of(tuple(TRIGGERS), arrays))


@pytest.mark.skipif(not HAS_LOOPS, reason="numpy finds out when it comes there")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("forms.root", lambda a: a[:3], id="roots-of-few-forms"),
        pytest.param("forms.is_filler", lambda a: a[:3], id="few-forms-told"),
        pytest.param("states.kind", lambda a: a[:3], id="kinds-of-few-states"),
        pytest.param("states.kind", lambda a: a + 4, id="no-such-kind"),
        pytest.param("lone.trigger", lambda a: a[:0], id="phrases-without-trigger"),
        pytest.param("links.step", lambda a: a[:1], id="few-steps"),
        pytest.param("triggers.is_firm", lambda a: a + 2, id="neither-firm-nor-not"),
    ],
)
def test_tables_of_another_shape_or_kind_are_refused(
    name: str, change: Callable[[Any], Any]
) -> None:
    arrays = compile_duties(TRIGGERS, HINTS).arrays()
    arrays[name] = change(arrays[name])
    with pytest.raises(IndexError):
        DutyPatterns(DutyTables.of(tuple(TRIGGERS), arrays))


def test_tables_of_narrow_integers_find_the_same() -> None:
    tables = compile_duties(TRIGGERS, HINTS)
    arrays = tables.arrays()
    for name in ("triggers.duty", "lone.trigger"):
        arrays[name] = arrays[name].astype(np.int8)
    tokens = tokenize(["You bake our bread at ovens. Stir soups of a kitchen."])
    ours = DutyPatterns(DutyTables.of(tables.ids, arrays)).find(tokens)
    theirs = DutyPatterns(tables).find(tokens)
    assert ours.duty.tolist() == theirs.duty.tolist() == [0, 1]


@pytest.fixture(scope="module")
def shipped() -> DutyPatterns:
    """The triggers of the shipped roles, without hints."""
    roles = load_taxonomy().roles.values()
    return DutyPatterns(compile_duties(duty_triggers(roles)))


@pytest.mark.parametrize(
    ("text", "duty"),
    [
        ("Run experiments on prompts", "ml_engineer.experiment_and_prototype"),
        ("Build image segmentation models", "ml_engineer.build_language_and_vision"),
        ("Release ML models into production", "ml_engineer.deploy_models"),
        ("Establish MLOps practices", "ml_engineer.adopt_mlops"),
        ("Build ML platforms for researchers", "mlops_engineer.build_ml_platform"),
        (
            "Provision data infrastructure",
            "dataops_engineer.codify_data_infrastructure",
        ),
        ("Improve query performance", "data_engineer.tune_performance"),
    ],
)
def test_shipped_triggers_find(shipped: DutyPatterns, text: str, duty: str) -> None:
    assert duty in stated(shipped, text)


@pytest.mark.parametrize(
    ("text", "duty"),
    [
        ("Run experiments on shop prices", "ml_engineer.experiment_and_prototype"),
        (
            "Build segmentation models of our customers",
            "ml_engineer.build_language_and_vision",
        ),
        ("Follow developments in MLOps", "ml_engineer.adopt_mlops"),
        ("Define policies and guardrails", "ml_engineer.build_llm_applications"),
        ("Write clean code", "mlops_engineer.optimise_data_science_code"),
        ("Build modelling tools", "mlops_engineer.build_ml_platform"),
        ("Maintain data infrastructure", "dataops_engineer.codify_data_infrastructure"),
        ("Write benchmarks for our shop", "ml_engineer.evaluate_models"),
    ],
)
def test_shipped_triggers_leave_other_objects(
    shipped: DutyPatterns, text: str, duty: str
) -> None:
    assert duty not in stated(shipped, text)


def stated(patterns: DutyPatterns, text: str) -> set[str]:
    duties = patterns.find(tokenize([text])).duty
    return {patterns.ids[i].replace(".responsibility", "") for i in duties.tolist()}
