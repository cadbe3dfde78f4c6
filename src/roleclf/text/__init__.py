"""Characters to words: clean HTML, fold letters, cut texts into hashed words.

In: titles and descriptions as they arrive. Out: cleaned text and `Tokens`, and indexes
to look hashes up in. Must not know: any phrase, skill, role or file format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader
from roleclf.text.cleaning import cell_text, clean, clean_batch
from roleclf.text.folding import BLANK, FIRST_OTHER_LETTER, LINE_END
from roleclf.text.hash_index import ABSENT, HashIndex, distinct, expand_ranges
from roleclf.text.pair_index import PairIndex, shift_rows
from roleclf.text.texts import BATCH
from roleclf.text.tokens import (
    GAP_CODE_BY_CHARACTER,
    HARD_GAP,
    Hashes,
    Ints,
    Tokens,
    chain,
    hash_words,
    tokenize,
)

if TYPE_CHECKING:
    from roleclf.text.near_duplicates import Groups, Signatures, sign_texts

__all__ = [
    "ABSENT",
    "BATCH",
    "BLANK",
    "FIRST_OTHER_LETTER",
    "GAP_CODE_BY_CHARACTER",
    "HARD_GAP",
    "LINE_END",
    "Groups",
    "HashIndex",
    "Hashes",
    "Ints",
    "PairIndex",
    "Signatures",
    "Tokens",
    "cell_text",
    "chain",
    "clean",
    "clean_batch",
    "distinct",
    "expand_ranges",
    "hash_words",
    "shift_rows",
    "sign_texts",
    "tokenize",
]

# Few runs look for near-duplicates, and preparing the random numbers takes time.
__getattr__ = loader(
    __name__,
    {
        "Groups": "near_duplicates",
        "Signatures": "near_duplicates",
        "sign_texts": "near_duplicates",
    },
)
