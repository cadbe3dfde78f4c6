"""Find where a model goes wrong: blends, mismatches, confusions, slices, problems.

Each function reads the frame that `evaluation` makes: a row a posting, with its
`label` and what the model says of it. Postings are named by id only, never quoted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from roleclf.evaluation.curves import share

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


def second_roles(judged: pd.DataFrame) -> dict[str, Any]:
    """Return how well second roles fit the labels' secondary ones.

    Returns
    -------
    dict
        `blend`: a second role where the label has one. `pair`: role and second role
        are the label's two roles, in either order.
    """
    given, labelled = judged["second_role"] != "", judged["secondary"] != ""
    straight = (judged["role"] == judged["label"]) & (
        judged["second_role"] == judged["secondary"]
    )
    swapped = (judged["role"] == judged["secondary"]) & (
        judged["second_role"] == judged["label"]
    )
    both = given & labelled
    return {
        "blend": _found(given, labelled, both),
        "pair": _found(given, labelled, both & (straight | swapped)),
    }


def mismatches(judged: pd.DataFrame) -> dict[str, Any]:
    """Return how well `mismatch` finds the postings whose title rule is wrong.

    A title rule is what the taxonomy's title patterns say of the title alone; it is
    wrong where it says another role than the label. Postings of whose title it says
    nothing are left out.
    """
    ruled = judged[judged["title_rule"] != ""]
    wrong = ruled["title_rule"] != ruled["label"]
    return {
        "n": len(ruled),
        **_found(ruled["mismatch"], wrong, ruled["mismatch"] & wrong),
    }


def confusions(judged: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the most frequent pairs of label and another answer.

    `share` is of the label's postings, `ids` are the surest of the pair.
    """
    wrong = _errors(judged)
    pairs = wrong.groupby(["label", "role"], sort=True)
    n_labels = Counter(judged["label"])
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


def confident_errors(judged: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the wrong answers that the model is surest of, by id."""
    rows = _errors(judged).head(_MOST_ERRORS)
    rows = rows.assign(confidence=rows["confidence"].round(4))
    columns = ["id", "label", "role", "confidence", "problem"]
    return [
        {str(k): v for k, v in row.items()} for row in rows[columns].to_dict("records")
    ]


def problems(judged: pd.DataFrame) -> dict[str, list[str]]:
    """Return the ids of the postings with each problem, the most frequent first."""
    rows = judged[judged["problem"] != ""]
    codes = [code for code, _ in Counter(rows["problem"]).most_common()]
    return {code: rows["id"][rows["problem"] == code].tolist() for code in codes}


def slices(judged: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the accuracy of each part of the postings, the largest first.

    Years come in their order. The parts are those of the columns that the corpus has
    of `_SLICES`, if not empty; `left_out` counts parts beyond the largest thirty.
    """
    found = {name: _parts(judged, values) for name, values in _divisions(judged)}
    if "year" in found:
        found["year"]["parts"].sort(key=lambda part: part["value"])
    return found


def slice_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a corpus that `slices` can cut by."""
    known = {name for columns, _ in _SLICES.values() for name in columns}
    return frame[[name for name in frame.columns if name in known]]


def _divisions(judged: pd.DataFrame) -> Iterator[tuple[str, pd.Series[str]]]:
    for name, (columns, value_of) in _SLICES.items():
        column = next((column for column in columns if column in judged), None)
        texts = pd.Series(dtype=str) if column is None else _texts(judged[column])
        if (texts != "").any():
            values = value_of(texts)
            yield name, values.where(values != "", "unknown")


def _parts(judged: pd.DataFrame, values: pd.Series[str]) -> dict[str, Any]:
    hits = judged["hit"].groupby(values, sort=True)
    found = [
        {"value": str(value), **share(int(hit.sum()), len(hit))} for value, hit in hits
    ]
    found.sort(key=lambda part: -part["n"])
    left_out = max(len(found) - _MOST_SLICES, 0)
    return {"parts": found[:_MOST_SLICES], "left_out": left_out}


def _errors(judged: pd.DataFrame) -> pd.DataFrame:
    wrong = judged[~judged["hit"]]
    return wrong.sort_values("confidence", ascending=False, kind="stable")


def _found(
    given: pd.Series[bool], wanted: pd.Series[bool], right: pd.Series[bool]
) -> dict[str, Any]:
    n_given, n_wanted, n_right = int(given.sum()), int(wanted.sum()), int(right.sum())
    return {
        "given": n_given,
        "wanted": n_wanted,
        "right": n_right,
        "precision": round(n_right / n_given, 3) if n_given else None,
        "recall": round(n_right / n_wanted, 3) if n_wanted else None,
    }


def _texts(values: pd.Series[Any]) -> pd.Series[str]:
    return values.astype("string").fillna("").str.strip()


def _as_it_is(values: pd.Series[str]) -> pd.Series[str]:
    return values


def _named(values: pd.Series[str]) -> pd.Series[str]:
    return values.where(values != "", "none")


def _year(values: pd.Series[str]) -> pd.Series[str]:
    return values.str.extract(_YEAR, expand=False).fillna("")


# The columns of a corpus that a slice may be cut by, the first that is there, and how
# a value becomes a part's name.
_SLICES: Final[
    Mapping[str, tuple[tuple[str, ...], Callable[[pd.Series[str]], pd.Series[str]]]]
] = {
    "source": (("source", "board", "site"), _as_it_is),
    "year": (("year", "posted_at", "date_posted", "posted", "date"), _year),
    "language": (("language", "lang"), _as_it_is),
    "problem": (("problem",), _named),
}
