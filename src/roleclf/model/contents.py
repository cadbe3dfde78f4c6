"""Write feature spaces, experts and a lexicon into a model folder, and read them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from roleclf.duties import DutyPatterns, DutyTables
from roleclf.matching import WordList
from roleclf.model.array_files import Lines, array_in, arrays_in
from roleclf.model.experts import Expert
from roleclf.model.feature_rows import WEIGHT_ORDER
from roleclf.model.feature_spaces import (
    DutySpace,
    FeatureSpaces,
    NgramSpace,
)
from roleclf.model.folder import Files
from roleclf.model.layout import (
    ARRAYS,
    DUTIES,
    LEXICON,
    NGRAM_EXPERTS,
    array_file,
    names_file,
)

if TYPE_CHECKING:
    from roleclf.taxonomy import Skill

__all__ = [
    "read_experts",
    "read_lexicon",
    "read_spaces",
    "write_arrays",
    "write_lexicon",
]


def write_arrays(
    folder: Path, spaces: FeatureSpaces, experts: Mapping[str, Expert]
) -> None:
    """Write the feature spaces and the weights of the experts."""
    for expert, array, kind in ARRAYS:
        values = np.asarray(_array(expert, array, spaces, experts), kind, order="C")
        np.save(folder / array_file(expert, array), values, allow_pickle=False)
    for expert in NGRAM_EXPERTS:
        names = "\n".join(getattr(spaces, expert).names) + "\n"
        (folder / names_file(expert)).write_text(names, encoding="utf-8")
    tables: dict[str, Any] = spaces.duties.patterns.tables.arrays()
    np.savez(folder / DUTIES, allow_pickle=False, **tables)


def read_spaces(files: Files, duties: tuple[str, ...]) -> FeatureSpaces:
    """Return the feature spaces of a folder; `duties` are concept ids."""
    # First, and its file released: all else is then made in the memory that it had.
    tables = DutyTables.of(duties, arrays_in(files.pop(DUTIES)))
    text, title = (_read_ngrams(files, expert) for expert in NGRAM_EXPERTS)
    idf = array_in(files[array_file("duties", "idf")])
    return FeatureSpaces(text, DutySpace(DutyPatterns(tables), idf), title)


def read_experts(
    files: Files, intercepts: Mapping[str, list[float]]
) -> dict[str, Expert]:
    """Return the experts of a folder by name."""
    return {
        name: Expert(
            np.asarray(
                array_in(files[array_file(name, "weights")]), order=WEIGHT_ORDER
            ),
            np.array(intercept),
        )
        for name, intercept in intercepts.items()
    }


def write_lexicon(folder: Path, skills: Mapping[str, Skill] | None) -> None:
    """Write the lexicon that belongs to a model; None if it is the shipped one."""
    if skills is None:
        (folder / LEXICON).unlink(missing_ok=True)
    else:
        # Imported here, as only training writes one.
        from roleclf.taxonomy import skills_to_csv

        (folder / LEXICON).write_text(skills_to_csv(skills), encoding="utf-8")


def read_lexicon(folder: Path) -> dict[str, Skill] | None:
    """Return the lexicon of a model, or None if it is the shipped one."""
    path = folder / LEXICON
    if not path.is_file():
        return None
    # Imported here, as the shipped model has none.
    from roleclf.taxonomy import read_skills

    return read_skills(path)


def _array(
    expert: str, array: str, spaces: FeatureSpaces, experts: Mapping[str, Expert]
) -> npt.NDArray[Any]:
    if array == "weights":
        return experts[expert].weights
    space = getattr(spaces, expert)
    return np.asarray(space.words.hashes if array == "words" else getattr(space, array))


def _read_ngrams(files: Files, expert: str) -> NgramSpace:
    words, parts, shift, idf = (
        array_in(files[array_file(expert, array)])
        for array in ("words", "parts", "shift", "idf")
    )
    names = Lines(files[names_file(expert)])
    return NgramSpace(WordList(words), parts, shift, idf, names)
