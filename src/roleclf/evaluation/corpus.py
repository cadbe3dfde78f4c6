"""Read a labelled corpus into a pandas frame: postings, roles and label weights."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from roleclf.errors import CorpusError

__all__ = [
    "company_groups",
    "file_digest",
    "other_readings",
    "read_labelled",
    "read_postings",
    "readers_agree",
    "refuse_rare_roles",
    "refuse_unknown_roles",
    "role_shares",
    "with_labels",
]

# The weight of a label in training, by its reader's confidence. In an audit 18 % of
# those with 1 changed, 3 % of those with 2, none with 3 (../shared/corpora/README.md).
# models/roleclf-en/EXPERIMENTS.md has the scores with other weights.
_WEIGHT_BY_CONFIDENCE: Final = {1: 0.4, 2: 0.75, 3: 1.0}
_READERS: Final[Mapping[str, Callable[[Path], pd.DataFrame]]] = {
    ".csv": lambda path: pd.read_csv(path, dtype=str, keep_default_na=False),
    ".tsv": lambda path: pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False),
    ".jsonl": lambda path: pd.read_json(path, lines=True, dtype={"id": str}),
    ".parquet": pd.read_parquet,
}
# The separators of a list of names that was written as text.
_SEPARATORS: Final = re.compile(r"""[;,"'\[\]]+""")


def read_labelled(path: Path, labels: Sequence[Path] = ()) -> pd.DataFrame:
    """Return the labelled rows of a corpus, with `role` and the label's `weight`.

    Parameters
    ----------
    labels : sequence of Path
        JSON Lines with `id`, `primary` and perhaps `confidence` and `also`, joined by
        `id` where the corpus has no column `role`; rows without a label are left out.

    Raises
    ------
    CorpusError
        If a file cannot be read, or lacks a column or a label.
    """
    return with_labels(path, read_postings(path), labels)


def with_labels(
    path: Path, frame: pd.DataFrame, labels: Sequence[Path] = ()
) -> pd.DataFrame:
    """Return the labelled rows of `frame`, read from `path`; see `read_labelled`."""
    label_rows = _read_labels(labels)
    if "role" not in frame and label_rows is not None and "id" in frame:
        frame = _join_labels(path, frame, label_rows)
    if "role" not in frame:
        mend = "add one, or give --labels with the same ids"
        raise CorpusError(path, "has no column role", mend)
    empty = int((frame["role"].isna() | (frame["role"] == "")).sum())
    if empty:
        raise CorpusError(path, f"has {empty} rows without a role", "leave them out")
    if frame["role"].nunique() < 2:
        raise CorpusError(path, "has labels of fewer than two roles", "add some")
    return frame.assign(weight=_label_weights(frame))


def read_postings(path: Path) -> pd.DataFrame:
    """Return the rows of a corpus file.

    Raises
    ------
    CorpusError
        If it cannot be read, or has neither title nor description.
    """
    reader = _READERS.get(path.suffix)
    if reader is None:
        mend = f"give one of {', '.join(_READERS)}"
        raise CorpusError(path, "is of no format that a corpus may have", mend)
    try:
        frame = reader(path)
    except (OSError, ValueError) as error:
        raise CorpusError(path, f"cannot be read ({error})", "mend it") from error
    if not {"title", "description"} & set(frame.columns):
        found = ", ".join(map(str, frame.columns))
        mend = "name the columns title and description"
        raise CorpusError(path, f"has neither title nor description but {found}", mend)
    if frame.empty:
        raise CorpusError(path, "has no postings", "add some")
    return frame


def refuse_rare_roles(path: Path, frame: pd.DataFrame) -> None:
    """Raise a CorpusError if a role has a single posting."""
    counts = frame["role"].value_counts()
    for role in sorted(counts.index[counts < 2]):
        raise CorpusError(path, f"has one posting of role {role!r}", "add some")


def refuse_unknown_roles(
    path: Path,
    frame: pd.DataFrame,
    roles: Sequence[str],
    knower: str = "corpus",
    mend: str = "add some there",
) -> None:
    """Raise a CorpusError if a posting's role is none of `roles`, the `knower`'s."""
    for role in sorted(set(map(str, frame["role"])) - set(roles)):
        problem = f"has role {role!r}, which the {knower} lacks"
        raise CorpusError(path, problem, f"{mend}, or leave it out")


def readers_agree(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return whether no second reader gave a posting another role, shape (n_rows,)."""
    return np.array([not others for others in other_readings(frame)], bool)


def other_readings(frame: pd.DataFrame) -> list[list[str]]:
    """Return the roles that second readers gave each posting instead.

    The column `also` holds lists; in a CSV, a list as text or names separated by ";".
    """
    values = frame["also"] if "also" in frame else [None] * len(frame)
    return [_role_names(value) for value in values]


def role_shares(frame: pd.DataFrame) -> list[dict[str, float] | None] | None:
    """Return how much of each posting's work is of which role, as readers said.

    The column `shares` holds mappings of roles to parts. Where it does not, a role in
    the column `secondary` has three tenths of the posting.
    """
    columns = [name for name in ("shares", "secondary") if name in frame]
    if not columns:
        return None
    empty = [None] * len(frame)
    shares, second = (frame.get(name, empty) for name in ("shares", "secondary"))
    return [
        s if isinstance(s, dict) else {r: 0.4, other: 0.6} if _is_name(other) else None
        for r, s, other in zip(frame["role"], shares, second, strict=True)
    ]


def file_digest(path: Path) -> dict[str, str]:
    """Return name and SHA-256 of a file, by which another copy is recognised."""
    return {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def company_groups(frame: pd.DataFrame) -> list[str] | None:
    """Return the employer of each posting, to keep its postings in one fold.

    A posting without one is a group of its own. None where all are of one group.
    """
    if "company" not in frame:
        return None
    companies = frame["company"].fillna("").astype(str).str.casefold()
    names = [name or f"#{i}" for i, name in enumerate(companies)]
    return names if len(set(names)) > 1 else None


def _label_weights(frame: pd.DataFrame) -> pd.Series[float]:
    confidence = frame.get("confidence", pd.Series(3, frame.index))
    numbers = pd.to_numeric(confidence, errors="coerce")
    return numbers.map(_WEIGHT_BY_CONFIDENCE).fillna(1.0)


def _join_labels(
    path: Path, frame: pd.DataFrame, label_rows: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows of a corpus that have a label, by `id`."""
    frame = frame.assign(id=frame["id"].astype(str))
    if label_rows["id"].duplicated().any() or frame["id"].duplicated().any():
        mend = "keep one line of each, there and in the labels"
        raise CorpusError(path, "has an id twice, or its labels have", mend)
    # Columns of the labels replace those of the corpus that have the same name.
    others = frame.columns.difference(label_rows.columns.drop("id"), sort=False)
    joined = frame[others].merge(label_rows, on="id", how="inner")
    if joined.empty:
        mend = "give --labels with the same ids"
        raise CorpusError(path, "has no id that its labels have", mend)
    return joined


def _role_names(value: object) -> list[str]:
    if isinstance(value, str):
        return [name for part in _SEPARATORS.split(value) if (name := part.strip())]
    is_list = isinstance(value, list | tuple | np.ndarray)
    return [str(name) for name in value] if is_list else []  # type: ignore[attr-defined]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _read_labels(paths: Sequence[Path]) -> pd.DataFrame | None:
    if not paths:
        return None
    try:
        parts = [pd.read_json(path, lines=True, dtype={"id": str}) for path in paths]
    except (OSError, ValueError) as error:
        place = ", ".join(map(str, paths))
        raise CorpusError(place, f"cannot be read ({error})", "mend it") from error
    rows = pd.concat(parts, ignore_index=True)
    for column in ("id", "primary"):
        if column not in rows:
            raise CorpusError(paths[0], f"has no {column!r}", "add it to each line")
    return rows.rename(columns={"primary": "role"})
