"""Write letters that come in an odd guise as plain ones: é, bold Data, the ligature fi.

Part of cleaning, so that every offset counts in what is left.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import Final, Literal

import numpy as np

from roleclf.texts import Texts

__all__ = ["odd_texts", "plain_letters"]

# First and last code points of what the rules below look for.
_FIRST_ODD: Final = 0x300
_ODD: Final = ((0x300, 0x36F), (0xFB00, 0xFB06), (0x1D400, 0x1D7FF))
# Letters of the mathematical alphabets that Unicode has had elsewhere before.
_ELDER: Final = "ℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℬℭℯℰℱℳℴ"
_STYLED: Final = "\U0001d400-\U0001d7ff"
_Form = Literal["NFC", "NFKC"]
_RULES: Final[tuple[tuple[re.Pattern[str], _Form], ...]] = (
    # A letter and the accents that follow it become one: "e" and U+0301.
    (re.compile("[^\\W\\d_][\u0300-\u036f]+"), "NFC"),
    (re.compile("[\ufb00-\ufb06]"), "NFKC"),
    (re.compile(f"[{_ELDER}]*[{_STYLED}][{_ELDER}{_STYLED}]*"), "NFKC"),
)


def plain_letters(text: str) -> str:
    """Return `text` with accents joined to their letters, ligatures and styles undone.

    Nothing else is normalized: signs such as ™ and ½ stay.

    Examples
    --------
    >>> plain_letters("cafe\u0301, \ufb01ne")
    'café, fine'
    """
    for pattern, form in _RULES:
        text = pattern.sub(partial(_normalized, form), text)
    return text


def odd_texts(texts: Texts) -> list[int]:
    """Return the places of the texts that `plain_letters` may change."""
    # Few characters of most texts are beyond this: only those are looked at.
    high = np.flatnonzero(texts.points >= _FIRST_ODD)
    point = texts.points[high]
    is_odd = [(first <= point) & (point <= last) for first, last in _ODD]
    odd = high[np.logical_or.reduce(is_odd)]
    return sorted(set(np.searchsorted(texts.ends, odd).tolist()))


def _normalized(form: _Form, odd: re.Match[str]) -> str:
    return unicodedata.normalize(form, odd[0])
