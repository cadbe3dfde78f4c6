"""Write Markdown that reads well as plain text, 80 characters wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["cited", "paragraph", "section"]

_WIDTH: Final = 80


def paragraph(text: str, *, bullet: bool = False) -> str:
    """Return `text` wrapped, as an item of a list if asked for."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent="- " if bullet else "",
        subsequent_indent="  " if bullet else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def section(heading: str, items: Iterable[str]) -> list[str]:
    """Return the lines of a heading and its list; none if the list is empty."""
    lines = [paragraph(item, bullet=True) for item in items]
    return ["", f"## {heading}", "", *lines] if lines else []


def cited(text: str, sources: Sequence[str], shown: bool) -> str:
    """Return `text` with its sources in brackets, where they are to be shown.

    Examples
    --------
    >>> cited("Docker", ("ai_nl:54", "practice"), True)
    'Docker [ai_nl:54, practice]'
    """
    return f"{text} [{', '.join(sources)}]" if shown and sources else text
