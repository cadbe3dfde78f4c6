"""Find the postings whose text cannot be judged, and say why as a short code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np

from roleclf.text import Tokens

__all__ = ["find_problems"]

_MIN_WORDS: Final = 20


def find_problems(
    texts: Tokens,
    languages: Sequence[str | None],
    readable_languages: Collection[str],
    known: Sequence[str | None] | None = None,
) -> list[str | None]:
    """Return the problem of each text, None where there is none.

    Parameters
    ----------
    languages : sequence of str or None
        The language of each text, None where it is not clear.
    readable_languages : collection of str
        Those that the model can read.
    known : sequence of str or None, optional
        Problems that are known already, which stay.
    """
    n_characters = (texts.texts.ends - texts.texts.base).tolist()
    n_words = np.diff(texts.bounds).tolist()
    unreadable = [
        language is not None and language not in readable_languages
        for language in languages
    ]
    rows = zip(n_characters, n_words, unreadable, strict=True)
    found = [_problem(*row) for row in rows]
    if known is None:
        return found
    return [earlier or own for earlier, own in zip(known, found, strict=True)]


def _problem(n_characters: int, n_words: int, is_unreadable: bool) -> str | None:
    if not n_characters:
        return "no_text"
    if is_unreadable:
        return "unsupported_language"
    return "too_short" if n_words < _MIN_WORDS else None
