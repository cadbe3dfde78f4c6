"""Read what a model learns from: postings, their labels, and how far each is believed.

Outside the line, before `train`. A corpus is a pandas frame from here on.
"""

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
    "agreed",
    "companies",
    "file_facts",
    "other_readings",
    "read_labelled",
    "read_postings",
    "refuse_rare_roles",
    "refuse_unknown_roles",
    "with_labels",
]

# How far a label is believed, by its reader's confidence: in an audit 18 % of those
# with 1 changed, 3 % of those with 2, none with 3 (../shared/corpora/README.md); what
# other weights give: models/roleclf-en/EXPERIMENTS.md.
_WEIGHT_BY_CONFIDENCE: Final = {1: 0.1, 2: 0.5, 3: 1.0}
_READERS: Final[Mapping[str, Callable[[Path], pd.DataFrame]]] = {
    ".csv": lambda path: pd.read_csv(path, dtype=str, keep_default_na=False),
    ".tsv": lambda path: pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False),
    ".jsonl": lambda path: pd.read_json(path, lines=True, dtype={"id": str}),
    ".parquet": pd.read_parquet,
}
# What stands around and between the names of a list that became text.
_BETWEEN: Final = re.compile(r"""[;,"'\[\]]+""")


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
    return with_labels(path, read_postings(path), labels)


def with_labels(
    path: Path, frame: pd.DataFrame, labels: Sequence[Path] = ()
) -> pd.DataFrame:
    """Return the labelled rows of `frame`, read from `path`; see `read_labelled`."""
    known = _read_labels(labels)
    if "role" not in frame and known is not None and "id" in frame:
        frame = _joined(path, frame, known)
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


def agreed(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell of each posting whether no second reader gave it another role."""
    return np.array([not others for others in other_readings(frame)], bool)


def other_readings(frame: pd.DataFrame) -> list[list[str]]:
    """Return the roles that second readers gave each posting instead.

    They are lists; in a CSV a list as text, or names with ";" between.
    """
    values = frame["also"] if "also" in frame else [None] * len(frame)
    return [_names(value) for value in values]


def file_facts(path: Path) -> dict[str, str]:
    """Return name and SHA-256 of a file, by which others can tell that it is theirs."""
    return {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def companies(frame: pd.DataFrame) -> list[str] | None:
    """Return the employer of each posting, or its own number where none is given.

    None where they are all of one.
    """
    if "company" not in frame:
        return None
    given = frame["company"].fillna("").astype(str).str.casefold()
    names = [name or f"#{i}" for i, name in enumerate(given)]
    return names if len(set(names)) > 1 else None


def _joined(path: Path, frame: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    frame = frame.assign(id=frame["id"].astype(str))
    if known["id"].duplicated().any() or frame["id"].duplicated().any():
        mend = "keep one line of each, there and in the labels"
        raise CorpusError(path, "has an id twice, or its labels have", mend)
    # What the labels say stands above what the corpus has of the same name.
    others = frame.columns.difference(known.columns.drop("id"), sort=False)
    joined = frame[others].merge(known, on="id", how="inner")
    if joined.empty:
        mend = "give --labels with the same ids"
        raise CorpusError(path, "has no id that its labels have", mend)
    return joined


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [name for part in _BETWEEN.split(value) if (name := part.strip())]
    is_list = isinstance(value, list | tuple | np.ndarray)
    return [str(name) for name in value] if is_list else []  # type: ignore[attr-defined]


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
