"""Fold each character to one byte: lower case, no accents, look-alikes merged.

A byte stands at the index of its character, so a place among the bytes is a place in
the text. Cleaning collapses whitespace by these bytes, and tokens are cut from them.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np

from roleclf.text.arrays import Bytes, CodePoints, Ints

__all__ = [
    "BLANK",
    "BLANK_VARIANT",
    "FIRST_NON_ASCII_LETTER",
    "FOLDED",
    "LINE_END",
    "LINE_END_VARIANTS",
    "LOOKALIKES",
    "N_SPACE_VARIANTS",
    "SEPARATOR",
    "ZERO_WIDTH",
    "fold",
    "merge_space_variants",
]

SEPARATOR: Final = 0
LINE_END: Final = ord("\n")
BLANK: Final = ord(" ")
# Other whitespace has bytes of its own, all below a blank's, until cleaning replaces it
# by a blank, a line end or nothing.
N_SPACE_VARIANTS: Final = 4
ZERO_WIDTH, BLANK_VARIANT, *LINE_END_VARIANTS = range(1, 1 + N_SPACE_VARIANTS)
_CONTROL_LINE_END, _UNICODE_LINE_END = LINE_END_VARIANTS
# Letters without an ASCII base letter, such as those of other scripts, start here.
FIRST_NON_ASCII_LETTER: Final = 128

LOOKALIKES: Final = {
    **dict.fromkeys("‘’‛′`´", "'"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **{"ß": "s", "æ": "a", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d"},
}
_CONTROLS: Final = "".join(map(chr, (*range(9), *range(14, 32), 127)))
_BYTE_BY_SPACE: Final = {
    **dict.fromkeys("\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff", ZERO_WIDTH),
    **dict.fromkeys(map(chr, range(0x202A, 0x202F)), ZERO_WIDTH),
    **dict.fromkeys("\t\xa0\u1680\u202f\u205f\u3000" + _CONTROLS, BLANK_VARIANT),
    **dict.fromkeys(map(chr, range(0x2000, 0x200B)), BLANK_VARIANT),
    **dict.fromkeys("\r\v\f", _CONTROL_LINE_END),
    **dict.fromkeys("\x85\u2028\u2029", _UNICODE_LINE_END),
    **{" ": BLANK, "\n": LINE_END},
}
_N_FOLDED: Final = 0x20000
_N_ASCII: Final = 128
_FIRST_OF_CJK: Final = 0x3100
_FIRST_SURROGATE: Final = 0xD800
# A private-use character: it has no case, no decomposition, and combines with nothing.
_DIVIDER: Final = "\ue000"


def fold(points: CodePoints) -> Bytes:
    """Return one byte per code point, whitespace variants kept apart."""
    return FOLDED.take(points, mode="clip")


def merge_space_variants(folded: Bytes) -> Bytes:
    """Return the bytes of `fold` with a plain blank or line end for each variant."""
    return _MERGED.take(folded)


def _build_table() -> Bytes:
    """Return the byte of each code point, shape (_N_FOLDED,)."""
    # From CJK on: letters up to the surrogates, symbols from there on.
    table = np.full(_N_FOLDED, ord("*"), np.uint8)
    letters = np.arange(_FIRST_OF_CJK, _FIRST_SURROGATE)
    table[letters] = _non_ascii_bytes(letters)
    for points in (range(_FIRST_OF_CJK), range(0xFEFF, 0xFFF0)):
        table[points.start : points.stop] = _fold_characters(points)
    table[[*map(ord, _BYTE_BY_SPACE)]] = [*_BYTE_BY_SPACE.values()]
    return table


def _fold_characters(points: range) -> Bytes:
    """Return the byte of each character, whitespace not considered.

    All characters are lowered and decomposed as one string, with a divider behind each,
    which is many times faster than one by one.
    """
    spread = np.full((len(points), 2), ord(_DIVIDER), np.uint32)
    spread[:, 0] = points
    lowered = _decode(spread).lower()
    small = _first_characters(lowered)
    decomposed = _first_characters(unicodedata.normalize("NFKD", lowered))
    base = _encode(_decode(decomposed).lower())
    kinds = "".join(map(unicodedata.category, _decode(base)))
    for lookalike, letter in LOOKALIKES.items():
        base[(small == ord(lookalike)) | (base == ord(lookalike))] = ord(letter)
    is_letter = np.isin(_encode(kinds[::2]), _encode("LMN"))
    letters = _non_ascii_bytes(np.arange(points.start, points.stop))
    folded = np.where(is_letter, letters, ord("*"))
    is_ascii = (base > BLANK) & (base < _N_ASCII)
    return np.where(is_ascii, base, folded).astype(np.uint8)


def _first_characters(parts: str) -> CodePoints:
    """Return the first character of each part between dividers."""
    codes = _encode(parts)
    is_first = np.append(True, codes[:-1] == ord(_DIVIDER))
    return codes[is_first]


def _encode(text: str) -> CodePoints:
    return np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint32)


def _decode(codes: CodePoints) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def _non_ascii_bytes(points: Ints) -> Bytes:
    """Spread letters over the bytes from `FIRST_NON_ASCII_LETTER` on."""
    rest = points % (256 - FIRST_NON_ASCII_LETTER)
    return (FIRST_NON_ASCII_LETTER + rest).astype(np.uint8)


# The byte of each code point; the last one for all code points beyond the table.
FOLDED: Final = _build_table()
_MERGED: Final = np.arange(256, dtype=np.uint8)
_MERGED[[ZERO_WIDTH, BLANK_VARIANT, *LINE_END_VARIANTS]] = list(b"*  \n")
