"""Name the files of a model folder and what each holds."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from roleclf.model.experts import LEARNED_EXPERTS

__all__ = [
    "ARRAYS",
    "DUTIES",
    "ENCODER",
    "LEXICON",
    "LINEAR",
    "MANIFEST",
    "MEND",
    "NETWORK",
    "NGRAM_EXPERTS",
    "SETTINGS",
    "TOKENIZER",
    "FolderLayout",
    "array_file",
    "names_file",
]

MANIFEST: Final = "manifest.json"
SETTINGS: Final = "model.json"
# The tables of `DutyPatterns`.
DUTIES: Final = "duties.npz"
# The skills of a taxonomy of one's own.
LEXICON: Final = "skills.csv"
# An encoder's graph, and how it cuts texts into word pieces.
NETWORK: Final = "encoder.onnx"
TOKENIZER: Final = "tokenizer.json"
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


class FolderLayout(NamedTuple):
    """What a kind of model folder must and may hold.

    `kind` is what its manifest calls it, `format` the number of the way it is written
    in, `mend` what a user can do about a broken one.
    """

    kind: str
    format: int
    required: frozenset[str]
    optional: frozenset[str]
    mend: str


LINEAR: Final = FolderLayout(
    kind="linear",
    format=2,
    required=frozenset(
        (
            *(array_file(expert, array) for expert, array, _ in ARRAYS),
            *(names_file(expert) for expert in NGRAM_EXPERTS),
            SETTINGS,
            DUTIES,
        )
    ),
    optional=frozenset((LEXICON,)),
    mend=MEND,
)
ENCODER: Final = FolderLayout(
    kind="encoder",
    format=1,
    required=frozenset((NETWORK, TOKENIZER, SETTINGS)),
    optional=frozenset(),
    mend="install roleclf again, or write it with corpora/encoder/export.py",
)
