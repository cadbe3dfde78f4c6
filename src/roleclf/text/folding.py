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
    "LOOKALIKES",
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

LOOKALIKES: Final = {
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
_N_ASCII: Final = 128
_FIRST_OF_CJK: Final = 0x3100
_FIRST_SURROGATE: Final = 0xD800
# Of private use: it has no case and no other form, and stands apart from both sides.
_PARTING: Final = "\ue000"


def fold(points: npt.NDArray[np.uint32]) -> Bytes:
    """Return one byte per code point; those of the odd blanks are told apart."""
    return FOLDED.take(points, mode="clip")


def plain(folded: Bytes) -> Bytes:
    """Return what `fold` returned, with the odd blanks as plain ones."""
    return _PLAIN.take(folded)


def _table() -> Bytes:
    # CJK and beyond: letters up to the emoji planes, symbols from there on
    table = np.full(_N_FOLDED, ord("*"), np.uint8)
    letters = np.arange(_FIRST_OF_CJK, _FIRST_SURROGATE)
    table[letters] = _letters(letters)
    for points in (range(_FIRST_OF_CJK), range(0xFEFF, 0xFFF0)):
        table[points.start : points.stop] = _fold_characters(points)
    table[[*map(ord, _BYTE_BY_BLANK)]] = [*_BYTE_BY_BLANK.values()]
    return table


def _fold_characters(points: range) -> Bytes:
    """Return the byte of each character, but for blanks; all are looked at together."""
    spread = np.full((len(points), 2), ord(_PARTING), np.uint32)
    spread[:, 0] = points
    lowered = _text(spread).lower()
    small = _begins(lowered)
    base = _codes(_text(_begins(unicodedata.normalize("NFKD", lowered))).lower())
    kinds = "".join(map(unicodedata.category, _text(base)))
    for lookalike, letter in LOOKALIKES.items():
        base[(small == ord(lookalike)) | (base == ord(lookalike))] = ord(letter)
    is_letter = np.isin(_codes(kinds[::2]), _codes("LMN"))
    letters = _letters(np.arange(points.start, points.stop))
    folded = np.where(is_letter, letters, ord("*"))
    is_ascii = (base > BLANK) & (base < _N_ASCII)
    return np.where(is_ascii, base, folded).astype(np.uint8)


def _begins(parts: str) -> npt.NDArray[np.uint32]:
    """Return the first character of each part."""
    codes = _codes(parts)
    begins = np.append(True, codes[:-1] == ord(_PARTING))
    return codes[begins]


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint32)


def _text(codes: npt.NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def _letters(points: npt.NDArray[np.int64]) -> Bytes:
    rest = points % (256 - FIRST_OTHER_LETTER)
    return (FIRST_OTHER_LETTER + rest).astype(np.uint8)


# The byte of each code point, the last for all beyond.
FOLDED: Final = _table()
_PLAIN: Final = np.arange(256, dtype=np.uint8)
_PLAIN[[UNSEEN, ODD_BLANK, _TYPED, _WRITTEN]] = list(b"*  \n")
