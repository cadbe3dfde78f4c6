"""Write letters that come in an odd guise as plain ones: é, bold Data, the ligature fi.

Part of cleaning, so that every offset counts in what is left.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import Final, Literal

__all__ = ["plain_letters"]

# One of these is in each of what the rules below look for.
_ODD: Final = re.compile("[\u0300-\u036f\ufb00-\ufb06\U0001d400-\U0001d7ff]")
# Letters of the mathematical alphabets that Unicode has had elsewhere before.
_ELDER: Final = "ℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℬℭℯℰℱℳℴ"
_STYLED: Final = "\U0001d400-\U0001d7ff"
_Form = Literal["NFC", "NFKC"]
_RULES: Final[tuple[tuple[str, _Form], ...]] = (
    # A letter and the accents that follow it become one: "e" and U+0301.
    ("[^\\W\\d_][\u0300-\u036f]+", "NFC"),
    ("[\ufb00-\ufb06]", "NFKC"),
    (f"[{_ELDER}]*[{_STYLED}][{_ELDER}{_STYLED}]*", "NFKC"),
)


def plain_letters(text: str) -> str:
    """Return `text` with accents joined to their letters, ligatures and styles undone.

    Nothing else is normalized: signs such as ™ and ½ stay.

    Examples
    --------
    >>> plain_letters("cafe\u0301, \ufb01ne")
    'café, fine'
    """
    if text.isascii() or not _ODD.search(text):
        return text
    for pattern, form in _RULES:
        # Compiled when it is first needed: few texts have such letters.
        text = re.sub(pattern, partial(_normalized, form), text)
    return text


def _normalized(form: _Form, odd: re.Match[str]) -> str:
    return unicodedata.normalize(form, odd[0])
