"""Name the files of a model folder and what each holds."""

from __future__ import annotations

from typing import Final

import numpy as np

from roleclf.model.experts import LEARNED_EXPERTS

__all__ = [
    "ARRAYS",
    "DUTIES",
    "FORMAT",
    "LEXICON",
    "MANIFEST",
    "MEND",
    "NGRAM_EXPERTS",
    "OPTIONAL_FILES",
    "REQUIRED_FILES",
    "SETTINGS",
    "array_file",
    "names_file",
]

FORMAT: Final = 2
MANIFEST: Final = "manifest.json"
SETTINGS: Final = "model.json"
# The tables of `DutyPatterns`.
DUTIES: Final = "duties.npz"
# The skills of a taxonomy of one's own.
LEXICON: Final = "skills.csv"
# What a user can do about a broken folder.
MEND: Final = "train it again, or give another folder with --model"

# Experts whose features are words and pairs of words.
NGRAM_EXPERTS: Final = ("text", "title")
_ARRAYS_OF_NGRAMS: Final = {"words": np.uint64, "parts": np.int32, "shift": np.int32}
_ARRAYS_OF_ALL: Final = {"idf": np.float32, "weights": np.float32}
# Expert, name and type of each array.
ARRAYS: Final = tuple(
    (expert, array, kind)
    for expert in LEARNED_EXPERTS
    for array, kind in (
        (_ARRAYS_OF_NGRAMS | _ARRAYS_OF_ALL)
        if expert in NGRAM_EXPERTS
        else _ARRAYS_OF_ALL
    ).items()
)


def array_file(expert: str, array: str) -> str:
    """Return the file of an array, such as `text_idf.npy`."""
    return f"{expert}_{array}.npy"


def names_file(expert: str) -> str:
    """Return the file with the names of an expert's features, one a line."""
    return f"{expert}_names.txt"


REQUIRED_FILES: Final = frozenset(
    (
        *(array_file(expert, array) for expert, array, _ in ARRAYS),
        *(names_file(expert) for expert in NGRAM_EXPERTS),
        SETTINGS,
        DUTIES,
    )
)
OPTIONAL_FILES: Final = frozenset((LEXICON,))
