"""Write each character as one byte: lower case, no accents, look-alikes joined.

Step 2 of the line, beside `texts`: a character's place among the bytes is its place in
the text. Cleaning tells blanks and line ends by them, tokens are cut from them.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = [
    "BLANK",
    "FIRST_OTHER_LETTER",
    "FOLDED",
    "LINE_END",
    "N_ODD",
    "ODD_BLANK",
    "ODD_LINE_ENDS",
    "SEPARATOR",
    "UNSEEN",
    "fold",
    "plain",
]

Bytes = npt.NDArray[np.uint8]

SEPARATOR: Final = 0
LINE_END: Final = ord("\n")
BLANK: Final = ord(" ")
# What else stands between words has bytes of its own, all below a blank's, until
# cleaning has made blanks and line ends of it, or nothing.
N_ODD: Final = 4
UNSEEN, ODD_BLANK, *ODD_LINE_ENDS = range(1, 1 + N_ODD)
_TYPED, _WRITTEN = ODD_LINE_ENDS
# Letters outside the Latin script are bytes from here on.
FIRST_OTHER_LETTER: Final = 128

_LOOKALIKES: Final = {
    **dict.fromkeys("‘’‛′`´", "'"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **{"ß": "s", "æ": "a", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "ð": "d"},
}
_CONTROL: Final = "".join(map(chr, (*range(9), *range(14, 32), 127)))
_BYTE_BY_BLANK: Final = {
    **dict.fromkeys("\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff", UNSEEN),
    **dict.fromkeys(map(chr, range(0x202A, 0x202F)), UNSEEN),
    **dict.fromkeys("\t\xa0\u1680\u202f\u205f\u3000" + _CONTROL, ODD_BLANK),
    **dict.fromkeys(map(chr, range(0x2000, 0x200B)), ODD_BLANK),
    **dict.fromkeys("\r\v\f", _TYPED),
    **dict.fromkeys("\x85\u2028\u2029", _WRITTEN),
    **{" ": BLANK, "\n": LINE_END},
}
_N_FOLDED: Final = 0x20000


def fold(points: npt.NDArray[np.uint32]) -> Bytes:
    """Return one byte per code point; those of the odd blanks are told apart."""
    return FOLDED.take(points, mode="clip")


def plain(folded: Bytes) -> Bytes:
    """Return what `fold` returned, with the odd blanks as plain ones."""
    return _PLAIN.take(folded)


def _fold_character(point: int) -> int:
    if chr(point) in _BYTE_BY_BLANK:
        return _BYTE_BY_BLANK[chr(point)]
    character = chr(point).lower()
    character = _LOOKALIKES.get(character, character)
    base = unicodedata.normalize("NFKD", character)[:1].lower()
    base = _LOOKALIKES.get(base, base)
    if base.isascii() and base > " ":
        return ord(base)
    if unicodedata.category(base)[0] in "LMN":
        return FIRST_OTHER_LETTER + point % (256 - FIRST_OTHER_LETTER)
    return ord("*")


def _table() -> Bytes:
    # CJK and beyond: letters up to the emoji planes, symbols from there on
    table = np.full(_N_FOLDED, ord("*"), np.uint8)
    small = 0x3100
    table[:small] = [_fold_character(point) for point in range(small)]
    letters = np.arange(small, 0xD800)
    table[letters] = FIRST_OTHER_LETTER + letters % (256 - FIRST_OTHER_LETTER)
    wide = range(0xFEFF, 0xFFF0)
    table[wide] = [_fold_character(point) for point in wide]
    return table


# The byte of each code point, the last for all beyond.
FOLDED: Final = _table()
_PLAIN: Final = np.arange(256, dtype=np.uint8)
_PLAIN[[UNSEEN, ODD_BLANK, _TYPED, _WRITTEN]] = list(b"*  \n")
