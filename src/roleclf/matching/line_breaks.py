"""Tell line ends made by wrapping text from those that end an item or a line.

Two items of a list are no phrase, though only a line end stands between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.matching.hits import Hits
from roleclf.text import Tokens

__all__ = ["is_unbroken"]

# Nobody wraps text to fewer columns: a shorter line was ended on purpose.
_NARROWEST_WRAP: Final = 40
# Added to a line's length: cleaning removed the indent of list items.
_INDENT: Final = 4
# What may stand before a name on its line, and behind it.
_JOINTS: Final = (" ", "'", "’")
_CLOSING_MARKS: Final = tuple(",.;)")


def is_unbroken(tokens: Tokens, hits: Hits) -> npt.NDArray[np.bool_]:
    """Tell which hits cross no line end, or only such as wrapping makes.

    A line end is taken for wrapping if the next line begins in lower case; if its first
    word would not have fitted on the line before, which is as long as the longest line
    so far; or if the hit stands inside a sentence, as "reports in Power" and "BI, and".

    Returns
    -------
    bool array, shape (n_hits,)
    """
    unbroken = np.ones(len(hits.first), bool)
    long = np.flatnonzero(hits.first < hits.last)
    lines = (tokens.line[words[long]] for words in (hits.first, hits.last))
    across = long[np.not_equal(*lines)]
    crossing = hits.pick(across)
    start, end = tokens.end[crossing.first], tokens.start[crossing.last]
    between = tokens.texts.spans(start, end + 1)
    doubtful = np.flatnonzero([not _continues_in_lower_case(part) for part in between])
    text = tokens.text_of(crossing.first[doubtful])
    base = tokens.base[text]
    ends = (tokens.start[crossing.first], tokens.end[crossing.last])
    places = (*(end[doubtful] - base for end in ends), start[doubtful] - base)
    columns = (across[doubtful], text, *places, end[doubtful] - base)
    for hit, i, first, last, begin, stop in zip(
        *(c.tolist() for c in columns), strict=True
    ):
        posting = tokens.texts[i]
        unbroken[hit] = _is_inside_sentence(posting, first, last) or all(
            _is_wrap(posting, line_end) for line_end in _line_ends(posting, begin, stop)
        )
    return unbroken


def _continues_in_lower_case(part: str) -> bool:
    """Tell whether a lower-case letter follows each line end in part of a text."""
    return all(line[:1].islower() for line in part.split("\n")[1:])


def _is_inside_sentence(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence goes on before and behind `text[start:end]`.

    Its lines begin with capitals; a word in lower case comes before it, and behind it a
    mark or another such word: the items of a list have neither.
    """
    line = text[text.rfind("\n", 0, start) + 1 : start]
    words, behind = line.split(), text[end : end + 2]
    goes_on = behind[:1] in _CLOSING_MARKS or (
        behind[:1] == " " and behind[1:].islower()
    )
    return bool(
        words
        and words[-1][0].islower()
        and line[-1] in _JOINTS
        and (words[-1].isalpha() or words[-1][-1] in _JOINTS)
        and goes_on
        and all(part[:1].isupper() for part in text[start:end].split("\n"))
    )


def _line_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the positions of line ends in `text[start:end]`."""
    place = text.find("\n", start, end)
    while place >= 0:
        yield place
        place = text.find("\n", place + 1, end)


def _is_wrap(text: str, line_end: int) -> bool:
    """Tell whether the line end at a position of `text` comes from wrapping."""
    if text[line_end + 1].islower():
        return True
    length = line_end - text.rfind("\n", 0, line_end) - 1
    if length < _NARROWEST_WRAP:
        return False
    next_end = text.find("\n", line_end + 1)
    lines = text[: next_end if next_end >= 0 else len(text)].split("\n")
    first_word = lines[-1].split(maxsplit=1)[0]
    return length + len(first_word) + _INDENT >= max(map(len, lines))
