"""Format Markdown that is also readable as plain text, 80 characters wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["bullet", "bullet_section", "cited", "paragraph"]

_WIDTH: Final = 80


def paragraph(text: str) -> str:
    """Return `text` wrapped to the page width."""
    return _wrapped(text, "", "")


def bullet(text: str) -> str:
    """Return `text` wrapped to the page width, as one item of a bullet list."""
    return _wrapped(text, "- ", "  ")


def bullet_section(heading: str, items: Iterable[str]) -> list[str]:
    """Return the lines of a heading and a bullet list; no lines for an empty list."""
    lines = [bullet(item) for item in items]
    return ["", f"## {heading}", "", *lines] if lines else []


def cited(text: str, sources: Sequence[str], shown: bool) -> str:
    """Return `text`, followed by its sources in square brackets if `shown`.

    Examples
    --------
    >>> cited("Docker", ("ai_nl:54", "practice"), True)
    'Docker [ai_nl:54, practice]'
    """
    return f"{text} [{', '.join(sources)}]" if shown and sources else text


def _wrapped(text: str, first_indent: str, indent: str) -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=first_indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
