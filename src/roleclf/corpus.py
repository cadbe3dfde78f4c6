"""Read what a model learns from: postings, their labels, and how far each is believed.

Outside the line, before `train`. A corpus is a pandas frame from here on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from roleclf.errors import CorpusError

__all__ = [
    "companies",
    "read_labelled",
    "read_postings",
    "refuse_rare_roles",
    "refuse_unknown_roles",
]

# How far a label is believed, by its reader's confidence: in an audit 18 % of those
# with 1 changed, 3 % of those with 2, none with 3 (corpora/README.md).
_WEIGHT_BY_CONFIDENCE: Final = {1: 0.5, 2: 0.9, 3: 1.0}
_READERS: Final[Mapping[str, Callable[[Path], pd.DataFrame]]] = {
    ".csv": lambda path: pd.read_csv(path, dtype=str, keep_default_na=False),
    ".tsv": lambda path: pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False),
    ".jsonl": lambda path: pd.read_json(path, lines=True, dtype={"id": str}),
    ".parquet": pd.read_parquet,
}


def read_labelled(path: Path, labels: Sequence[Path] = ()) -> pd.DataFrame:
    """Return the rows of a corpus with `role` and `weight`, how far it is believed.

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
    frame, known = read_postings(path), _read_labels(labels)
    if "role" not in frame and known is not None and "id" in frame:
        frame["id"] = frame["id"].astype(str)
        if known["id"].duplicated().any() or frame["id"].duplicated().any():
            mend = "keep one line of each, there and in the labels"
            raise CorpusError(path, "has an id twice, or its labels have", mend)
        frame = frame.merge(known, on="id", how="inner")
    if "role" not in frame:
        mend = "add one, or give --labels with the same ids"
        raise CorpusError(path, "has no column role", mend)
    empty = int((frame["role"].isna() | (frame["role"] == "")).sum())
    if empty:
        raise CorpusError(path, f"has {empty} rows without a role", "leave them out")
    if frame["role"].nunique() < 2:
        raise CorpusError(path, "has labels of fewer than two roles", "add some")
    believed = (
        frame["confidence"] if "confidence" in frame else pd.Series(3, frame.index)
    )
    weight = pd.to_numeric(believed, errors="coerce").map(_WEIGHT_BY_CONFIDENCE)
    return frame.assign(weight=weight.fillna(1.0))


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
        raise CorpusError(path, "is of no format that training reads", mend)
    try:
        frame = reader(path)
    except (OSError, ValueError) as error:
        raise CorpusError(path, f"cannot be read ({error})", "mend it") from error
    if not {"title", "description"} & set(frame.columns):
        found = ", ".join(map(str, frame.columns))
        mend = "name the columns title and description"
        raise CorpusError(path, f"has neither title nor description but {found}", mend)
    return frame


def refuse_rare_roles(path: Path, frame: pd.DataFrame) -> None:
    """Raise a CorpusError if a role has a single posting."""
    counts = frame["role"].value_counts()
    for role in sorted(counts.index[counts < 2]):
        raise CorpusError(path, f"has one posting of role {role!r}", "add some")


def refuse_unknown_roles(path: Path, frame: pd.DataFrame, roles: Sequence[str]) -> None:
    """Raise a CorpusError if a posting's role is none of `roles`."""
    for role in sorted(set(frame["role"]) - set(roles)):
        mend = "add some there, or leave it out"
        raise CorpusError(path, f"has role {role!r}, which the corpus lacks", mend)


def companies(frame: pd.DataFrame) -> list[str] | None:
    """Return the employer of each posting, or its own number where none is given.

    None where they are all of one.
    """
    if "company" not in frame:
        return None
    given = frame["company"].fillna("").astype(str).str.casefold()
    names = [name or f"#{i}" for i, name in enumerate(given)]
    return names if len(set(names)) > 1 else None


def _read_labels(paths: Sequence[Path]) -> pd.DataFrame | None:
    if not paths:
        return None
    try:
        parts = [pd.read_json(path, lines=True, dtype={"id": str}) for path in paths]
    except (OSError, ValueError) as error:
        place = ", ".join(map(str, paths))
        raise CorpusError(place, f"cannot be read ({error})", "mend it") from error
    known = pd.concat(parts, ignore_index=True)
    for column in ("id", "primary"):
        if column not in known:
            raise CorpusError(paths[0], f"has no {column!r}", "add it to each line")
    return known.rename(columns={"primary": "role"})
