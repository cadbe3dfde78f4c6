"""Clean texts and cut them into hashed words.

In: titles and descriptions as they arrive. Out: cleaned text and `Tokens`; also two
lookup tables, `HashIndex` and `PairIndex`, and `DuplicateGroups`, which groups
near-duplicate texts. Must not know: phrases, skills, roles, file formats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader
from roleclf.text.arrays import Hashes, Ints, distinct, expand_ranges
from roleclf.text.cleaning import cell_text, clean, clean_batch
from roleclf.text.folding import BLANK, FIRST_NON_ASCII_LETTER, LINE_END, SEPARATOR
from roleclf.text.hash_index import ABSENT, HashIndex
from roleclf.text.hashing import chain_hashes, hash_words
from roleclf.text.pair_index import PairIndex, shift_rows
from roleclf.text.texts import BATCH_SIZE
from roleclf.text.tokens import (
    GAP_CODE_BY_CHARACTER,
    HARD_GAP,
    Tokens,
    tokenize,
)

if TYPE_CHECKING:
    from roleclf.text.minhash import Signatures, sign_texts
    from roleclf.text.near_duplicates import DuplicateGroups

__all__ = [
    "ABSENT",
    "BATCH_SIZE",
    "BLANK",
    "FIRST_NON_ASCII_LETTER",
    "GAP_CODE_BY_CHARACTER",
    "HARD_GAP",
    "LINE_END",
    "SEPARATOR",
    "DuplicateGroups",
    "HashIndex",
    "Hashes",
    "Ints",
    "PairIndex",
    "Signatures",
    "Tokens",
    "cell_text",
    "chain_hashes",
    "clean",
    "clean_batch",
    "distinct",
    "expand_ranges",
    "hash_words",
    "shift_rows",
    "sign_texts",
    "tokenize",
]

# Few runs look for near-duplicates, and numpy's random generators are slow to import.
__getattr__ = loader(
    __name__,
    {
        "DuplicateGroups": "near_duplicates",
        "Signatures": "minhash",
        "sign_texts": "minhash",
    },
)
