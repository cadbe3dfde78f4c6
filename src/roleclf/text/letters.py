"""Write letters that come in an odd guise as plain ones: é, bold Data, the ligature fi.

Part of cleaning, so that every offset counts in what is left.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["plain_letters"]

# Letters of the mathematical alphabets that Unicode has had elsewhere before.
_ELDER: Final = "ℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℬℭℯℰℱℳℴ"
_FIRST_STYLED: Final = "\U0001d400"


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
    for needle, pattern, plain in _RULES:
        # Compiled when it is first needed: few texts have such letters.
        if re.search(needle, text):
            text = re.sub(pattern, plain, text)
    return text


def _with_accents(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", letter[0])


def _apart(ligature: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", ligature[0])


def _unstyled(letters: re.Match[str]) -> str:
    # Elder letters by themselves are signs: ℝ, ℓ.
    if max(letters[0]) < _FIRST_STYLED:
        return letters[0]
    return unicodedata.normalize("NFKC", letters[0])


# What must stand in a text for a rule to be tried, the rule, what it leaves. To look
# for one set of characters is what `re` does fastest.
_RULES: Final = (
    # A letter and the accents that follow it become one: "e" and U+0301.
    ("[\u0300-\u036f]", "[^\\W\\d_][\u0300-\u036f]+", _with_accents),
    ("[\ufb00-\ufb06]", "[\ufb00-\ufb06]", _apart),
    (
        f"[{_FIRST_STYLED}-\U0001d7ff]",
        f"[{_FIRST_STYLED}-\U0001d7ff{_ELDER}]+",
        _unstyled,
    ),
)
