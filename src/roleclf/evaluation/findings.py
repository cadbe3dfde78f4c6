"""Find where a model errs: second roles, mismatches, confusions, slices, problems.

Each function reads the frame of outcomes that `evaluation` makes: a row a posting, with
its `label` and the model's answer. Postings are named by id only, never quoted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from roleclf.evaluation.curves import accuracy_of

__all__ = [
    "confident_errors",
    "confusions",
    "mismatches",
    "problems",
    "second_roles",
    "slice_columns",
    "slices",
]

_MOST_PAIRS: Final = 10
_MOST_ERRORS: Final = 20
_MOST_IDS: Final = 5
_MOST_SLICES: Final = 30
_YEAR: Final = r"\b((?:19|20)\d\d)(?=\D|$|\d{4}\b)"


def second_roles(outcomes: pd.DataFrame) -> dict[str, Any]:
    """Return how well second roles fit the labels' secondary ones.

    Returns
    -------
    dict
        `blend`: a second role where the label has one. `pair`: role and second role
        are the label's two roles, in either order.
    """
    predicted, labelled = outcomes["second_role"] != "", outcomes["secondary"] != ""
    straight = (outcomes["role"] == outcomes["label"]) & (
        outcomes["second_role"] == outcomes["secondary"]
    )
    swapped = (outcomes["role"] == outcomes["secondary"]) & (
        outcomes["second_role"] == outcomes["label"]
    )
    both = predicted & labelled
    return {
        "blend": _precision_and_recall(predicted, labelled, both),
        "pair": _precision_and_recall(predicted, labelled, both & (straight | swapped)),
    }


def mismatches(outcomes: pd.DataFrame) -> dict[str, Any]:
    """Return how well `mismatch` finds the postings whose title names another role.

    Postings whose title names no role by the taxonomy's title patterns, or more than
    one, are left out.
    """
    ruled = outcomes[outcomes["title_rule"] != ""]
    wrong = ruled["title_rule"] != ruled["label"]
    return {
        "n": len(ruled),
        **_precision_and_recall(ruled["mismatch"], wrong, ruled["mismatch"] & wrong),
    }


def confusions(outcomes: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the most frequent pairs of a label and another prediction.

    `share` is of the label's postings; `ids` are the most confident of the pair.
    """
    wrong = _errors(outcomes)
    pairs = wrong.groupby(["label", "role"], sort=True)
    n_labels = Counter(outcomes["label"])
    found: list[dict[str, Any]] = [
        {
            "label": str(label),
            "role": str(role),
            "n": len(rows),
            "share": round(len(rows) / n_labels[str(label)], 3),
            "ids": rows["id"].tolist()[:_MOST_IDS],
        }
        for (label, role), rows in pairs
    ]
    found.sort(key=lambda pair: -pair["n"])
    return found[:_MOST_PAIRS]


def confident_errors(outcomes: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the wrong predictions of the highest confidence, by id."""
    rows = _errors(outcomes).head(_MOST_ERRORS)
    rows = rows.assign(confidence=rows["confidence"].round(4))
    columns = ["id", "label", "role", "confidence", "problem"]
    return [
        {str(k): v for k, v in row.items()} for row in rows[columns].to_dict("records")
    ]


def problems(outcomes: pd.DataFrame) -> dict[str, list[str]]:
    """Return the ids of the postings with each problem, the most frequent first."""
    rows = outcomes[outcomes["problem"] != ""]
    codes = [code for code, _ in Counter(rows["problem"]).most_common()]
    return {code: rows["id"][rows["problem"] == code].tolist() for code in codes}


def slices(outcomes: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the accuracy of each slice of the postings, the largest first.

    Years come in their order. Slices are made by those columns of `_SLICES` that the
    corpus has, if not empty; `left_out` counts those beyond the largest thirty.
    """
    found = {name: _parts(outcomes, values) for name, values in _slice_values(outcomes)}
    if "year" in found:
        found["year"]["parts"].sort(key=lambda part: part["value"])
    return found


def slice_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a corpus that `slices` can divide by."""
    known = {name for columns, _ in _SLICES.values() for name in columns}
    return frame[[name for name in frame.columns if name in known]]


def _slice_values(outcomes: pd.DataFrame) -> Iterator[tuple[str, pd.Series[str]]]:
    for name, (columns, value_of) in _SLICES.items():
        column = next((column for column in columns if column in outcomes), None)
        texts = pd.Series(dtype=str) if column is None else _texts(outcomes[column])
        if (texts != "").any():
            values = value_of(texts)
            yield name, values.where(values != "", "unknown")


def _parts(outcomes: pd.DataFrame, values: pd.Series[str]) -> dict[str, Any]:
    hits = outcomes["hit"].groupby(values, sort=True)
    found = [
        {"value": str(value), **accuracy_of(int(hit.sum()), len(hit))}
        for value, hit in hits
    ]
    found.sort(key=lambda part: -part["n"])
    left_out = max(len(found) - _MOST_SLICES, 0)
    return {"parts": found[:_MOST_SLICES], "left_out": left_out}


def _errors(outcomes: pd.DataFrame) -> pd.DataFrame:
    wrong = outcomes[~outcomes["hit"]]
    return wrong.sort_values("confidence", ascending=False, kind="stable")


def _precision_and_recall(
    predicted: pd.Series[bool], wanted: pd.Series[bool], right: pd.Series[bool]
) -> dict[str, Any]:
    n_given, n_wanted, n_right = (int(f.sum()) for f in (predicted, wanted, right))
    return {
        "given": n_given,
        "wanted": n_wanted,
        "right": n_right,
        "precision": round(n_right / n_given, 3) if n_given else None,
        "recall": round(n_right / n_wanted, 3) if n_wanted else None,
    }


def _texts(values: pd.Series[Any]) -> pd.Series[str]:
    return values.astype("string").fillna("").str.strip()


def _unchanged(values: pd.Series[str]) -> pd.Series[str]:
    return values


def _none_if_empty(values: pd.Series[str]) -> pd.Series[str]:
    return values.where(values != "", "none")


def _year(values: pd.Series[str]) -> pd.Series[str]:
    return values.str.extract(_YEAR, expand=False).fillna("")


# By name of a division: the columns to take it from, of which the first present one is
# used, and how their values become names of slices.
_SLICES: Final[
    Mapping[str, tuple[tuple[str, ...], Callable[[pd.Series[str]], pd.Series[str]]]]
] = {
    "source": (("source", "board", "site"), _unchanged),
    "year": (("year", "posted_at", "date_posted", "posted", "date"), _year),
    "language": (("language", "lang"), _unchanged),
    "problem": (("problem",), _none_if_empty),
}
