"""Write letters that come in an odd guise as plain ones: é, bold Data, the ligature fi.

Part of cleaning, so that every offset counts in what is left.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import Final, Literal

__all__ = ["plain_letters"]

# Bytes that a text holds in UTF-8 if it may hold one of the letters below: finding
# bytes costs a tenth of what a pattern does.
_SIGNS: Final = (b"\xcc", b"\xcd", b"\xef\xac", b"\xf0\x9d")
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
    if text.isascii():
        return text
    encoded = text.encode("utf-8", "surrogatepass")
    # Of one byte Python is sooner sure that it is not there.
    if not any(sign[:1] in encoded and sign in encoded for sign in _SIGNS):
        return text
    for pattern, form in _RULES:
        text = pattern.sub(partial(_normalized, form), text)
    return text


def _normalized(form: _Form, odd: re.Match[str]) -> str:
    return unicodedata.normalize(form, odd[0])
