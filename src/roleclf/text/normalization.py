"""Normalize Unicode letters: compose accents, undo ligatures and mathematical styles.

Part of cleaning: offsets count in the normalized text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["normalize_letters"]

# Letters of the mathematical alphabets that Unicode encoded earlier, outside the block.
_EARLY_STYLED: Final = "ℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℬℭℯℰℱℳℴ"
_FIRST_STYLED: Final = "\U0001d400"


def normalize_letters(text: str) -> str:
    """Return `text` with accents composed, and ligatures and styled letters plain.

    Other characters stay as they are: NFKC would also rewrite signs such as ™ and ½.

    Examples
    --------
    >>> normalize_letters("cafe\u0301, \ufb01ne")
    'café, fine'
    """
    if text.isascii():
        return text
    for characters, pattern, replacement in _RULES:
        # `re` compiles a pattern at its first use: few texts need any.
        if re.search(characters, text):
            text = re.sub(pattern, replacement, text)
    return text


def _compose(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", letter[0])


def _undo_ligature(ligature: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", ligature[0])


def _undo_style(letters: re.Match[str]) -> str:
    # Early letters by themselves are signs: ℝ, ℓ.
    if max(letters[0]) < _FIRST_STYLED:
        return letters[0]
    return unicodedata.normalize("NFKC", letters[0])


# Each rule: the characters that a text must contain for it to be tried, the pattern,
# the replacement. A search for one set of characters is the fastest that `re` has.
_RULES: Final = (
    # A letter and the combining accents behind it: "e" and U+0301.
    ("[\u0300-\u036f]", "[^\\W\\d_][\u0300-\u036f]+", _compose),
    ("[\ufb00-\ufb06]", "[\ufb00-\ufb06]", _undo_ligature),
    (
        f"[{_FIRST_STYLED}-\U0001d7ff]",
        f"[{_FIRST_STYLED}-\U0001d7ff{_EARLY_STYLED}]+",
        _undo_style,
    ),
)
