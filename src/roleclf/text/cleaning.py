"""Clean a posting's HTML, Markdown or plain text: one line per block.

Every offset that roleclf reports counts in what `clean` returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from roleclf.text.markup import strip_markup
from roleclf.text.texts import Texts
from roleclf.text.whitespace import collapse_whitespace

__all__ = ["cell_text", "clean", "clean_batch"]

_MISSING: Final = frozenset({"nan", "NaN", "NaT", "<NA>"})


def clean(text: str | None) -> str:
    r"""Return the text of `text`, one block per line, blanks collapsed.

    Parameters
    ----------
    text : str or None
        HTML, entity-escaped HTML, Markdown or plain text; None reads as "".

    Notes
    -----
    HTML that is escaped as a whole, as in some feeds, is unescaped first: that is when
    there are more escaped tags than live ones.

    Examples
    --------
    >>> clean("<p>C&amp;C++</p><ul><li>Go<li><b>R</b> 4</ul>")
    'C&C++\nGo\nR 4'
    >>> clean("## You bring\n* **dbt** or *SQL*")
    'You bring\n* dbt or SQL'
    """
    return str(clean_batch([text])[0])


def clean_batch(texts: Sequence[str | None]) -> Texts:
    """Return each of `texts` as `clean` returns it, in one array."""
    size = sum(len(text) + 1 for text in texts if text)
    # Lazily, so that a text is in the processor's cache for the second step.
    stripped = map(strip_markup, texts)
    return Texts(*collapse_whitespace(stripped, size))


def cell_text(value: object) -> str | None:
    """Return the cell of a table as text, None for a missing value.

    Examples
    --------
    >>> cell_text("SQL"), cell_text(3), cell_text(float("nan"))
    ('SQL', '3', None)
    """
    if value is None or isinstance(value, str):
        return value
    # numpy, pandas and pyarrow have missing values of their own; their names are known.
    text = str(value)
    return None if text in _MISSING else text
