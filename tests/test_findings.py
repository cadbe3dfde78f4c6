"""Where a model goes wrong: blends, mismatches, confusions, slices, problems."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from roleclf.evaluation.findings import (
    confident_errors,
    confusions,
    mismatches,
    problems,
    second_roles,
    slice_columns,
    slices,
)

SILENT = {"second_role": "", "secondary": "", "title_rule": "", "problem": ""}


def outcomes(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return postings with a label and an answer; right and quiet where not said."""
    base = {"label": "a", "confidence": 0.9, "mismatch": False, **SILENT}
    frame = pd.DataFrame(
        [{"id": f"p{i}", "role": "a", **base, **row} for i, row in enumerate(rows)]
    )
    return frame.assign(hit=frame["role"] == frame["label"])


def test_second_roles_are_right_in_either_order() -> None:
    frame = outcomes(
        {"second_role": "b", "secondary": "b"},
        {"second_role": "a", "secondary": "b", "role": "b"},
        {"second_role": "c", "secondary": "b"},
        {"second_role": "b"},
        {"secondary": "b"},
        {},
    )
    assert second_roles(frame) == {
        "blend": {
            "given": 4,
            "wanted": 4,
            "right": 3,
            "precision": 0.75,
            "recall": 0.75,
        },
        "pair": {"given": 4, "wanted": 4, "right": 2, "precision": 0.5, "recall": 0.5},
    }


def test_without_blends_there_is_no_precision_and_no_recall() -> None:
    nothing = {"given": 0, "wanted": 0, "right": 0, "precision": None, "recall": None}
    assert second_roles(outcomes({}, {})) == {"blend": nothing, "pair": nothing}


def test_mismatches_are_judged_where_the_title_rule_speaks() -> None:
    frame = outcomes(
        {"title_rule": "b", "mismatch": True},
        {"title_rule": "b"},
        {"title_rule": "a", "mismatch": True},
        {"title_rule": "a"},
        {"title_rule": "", "mismatch": True},
    )
    assert mismatches(frame) == {
        "n": 4,
        "given": 2,
        "wanted": 2,
        "right": 1,
        "precision": 0.5,
        "recall": 0.5,
    }


def test_confusions_come_by_count_and_name_their_surest() -> None:
    wrong = [{"role": "b", "confidence": 0.5 + n / 100} for n in range(6)]
    frame = outcomes(*wrong, {"label": "b", "role": "a"}, {}, {})
    assert confusions(frame) == [
        {
            "label": "a",
            "role": "b",
            "n": 6,
            "share": 0.75,
            "ids": ["p5", "p4", "p3", "p2", "p1"],
        },
        {"label": "b", "role": "a", "n": 1, "share": 1.0, "ids": ["p6"]},
    ]


def test_the_surest_errors_come_first() -> None:
    frame = outcomes(
        {"role": "b", "confidence": 0.61234},
        {"role": "c", "confidence": 0.8, "problem": "too_short"},
        {"confidence": 0.95},
    )
    assert confident_errors(frame) == [
        {
            "id": "p1",
            "label": "a",
            "role": "c",
            "confidence": 0.8,
            "problem": "too_short",
        },
        {"id": "p0", "label": "a", "role": "b", "confidence": 0.6123, "problem": ""},
    ]


def test_a_model_without_errors_has_no_list_of_them() -> None:
    assert confusions(outcomes({}, {})) == confident_errors(outcomes({}, {})) == []


def test_problems_name_their_postings() -> None:
    frame = outcomes(
        {"problem": "no_text"}, {}, {"problem": "too_short"}, {"problem": "too_short"}
    )
    assert problems(frame) == {"too_short": ["p2", "p3"], "no_text": ["p0"]}


def part(value: str, n: int, right: int) -> tuple[str, int, float]:
    return value, n, round(right / n, 3)


@pytest.mark.parametrize(
    ("column", "values", "name", "parts"),
    [
        pytest.param(
            "source",
            ["board", " board", "feed", None],
            "source",
            [part("board", 2, 1), part("feed", 1, 1), part("unknown", 1, 1)],
            id="source",
        ),
        pytest.param(
            "posted_at",
            ["20250301", "on 3/2024", "2024-11", "soon"],
            "year",
            [part("2024", 2, 2), part("2025", 1, 0), part("unknown", 1, 1)],
            id="year-in-order",
        ),
        pytest.param(
            "posted_at",
            pd.to_datetime(["2025-03-01", "2024-01-01", "2024-11-30", None]),
            "year",
            [part("2024", 2, 2), part("2025", 1, 0), part("unknown", 1, 1)],
            id="dates",
        ),
        pytest.param(
            "year",
            [2020, 2020, 2021, 2021],
            "year",
            [part("2020", 2, 1), part("2021", 2, 2)],
            id="numbers",
        ),
        pytest.param(
            "lang",
            ["en", "de", "en", "en"],
            "language",
            [part("en", 3, 2), part("de", 1, 1)],
            id="language",
        ),
    ],
)
def test_slices(
    column: str, values: Any, name: str, parts: list[tuple[str, int, float]]
) -> None:
    frame = outcomes({"role": "b"}, {}, {}, {}).assign(**{column: values})
    found = slices(frame)
    assert list(found) == [name]
    assert [(p["value"], p["n"], p["accuracy"]) for p in found[name]["parts"]] == parts
    assert found[name]["left_out"] == 0


def test_postings_with_a_problem_are_a_slice_if_there_are_any() -> None:
    found = slices(outcomes({"problem": "no_text", "role": "b"}, {}, {}))
    assert [(p["value"], p["n"], p["accuracy"]) for p in found["problem"]["parts"]] == [
        part("none", 2, 2),
        part("no_text", 1, 0),
    ]
    assert slices(outcomes({}, {})) == {}


def test_of_many_slices_the_largest_are_kept() -> None:
    sources = [f"s{n}" for n in range(40)] + ["s39"]
    frame = outcomes(*({} for _ in sources)).assign(source=sources)
    found = slices(frame)["source"]
    assert (len(found["parts"]), found["left_out"]) == (30, 10)
    assert found["parts"][0]["value"] == "s39"


def test_only_columns_that_slices_cut_by_are_kept() -> None:
    frame = pd.DataFrame({"role": ["a"], "lang": ["en"], "text": ["x"], "site": ["y"]})
    assert list(slice_columns(frame)) == ["lang", "site"]
