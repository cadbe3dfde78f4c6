"""The role in a feed's titles, which may name the company and the place as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["Shape", "in_shape", "shape_of", "without_company"]

Shape = re.Pattern[str]

# How titles are put together; `role` is the part that is read. What ends before blanks
# is tried before the first of them alone, for there may be thousands.
_SHAPES: Final = {
    "company_first": re.compile(r"(?s)[^:]{1,100}:\s+(?P<role>\S.*)"),
    "dashed": re.compile(r"(?s)(?P<role>\S.*?)(?<!\s)\s+—\s+[^—]{1,100}"),
    "at": re.compile(r"(?s)(?P<role>\S.*)\s(?:at|@)\s+[^\W_a-z].{0,100}"),
}
# A shape is a feed's, not a title's: this share of its titles must have it.
_LEAST_SHARE: Final = 0.9
# What stands between a role and a company, and what may follow on that.
_BEHIND: Final = r"(?<!\s)\s+(?:at|@|[-–—|,])\s+{company}\s*(?:\([^()]*\))?"
_BEFORE: Final = r"{company}\s*(?:[-–—|]|:)\s+"
# A longer title, in characters, is left as it is.
_LONGEST: Final = 1000


def shape_of(titles: Iterable[str | None], names: Sequence[str]) -> Shape | None:
    """Return the shape that the titles of a feed have, if they have one.

    Parameters
    ----------
    titles : iterable of str or None
        Of each posting, without its company.
    names : sequence of str
        Of the shapes that titles of this format may have.

    Examples
    --------
    >>> shape = shape_of(["Cook at Ferro (Bern)", "Data Engineer at Fjord"], ["at"])
    >>> in_shape("Data Engineer at Fjord", shape)
    'Data Engineer'
    """
    n_titles, n_by_name = 0, dict.fromkeys(names, 0)
    for title in titles:
        n_titles += 1
        for name in names:
            n_by_name[name] += bool(title and _SHAPES[name].fullmatch(title))
    least = _LEAST_SHARE * max(n_titles, 1)
    return next((_SHAPES[name] for name in names if n_by_name[name] >= least), None)


def in_shape(title: str | None, shape: Shape | None) -> str | None:
    """Return what a title of that shape calls the role."""
    match = shape.fullmatch(title) if shape and title else None
    return match["role"] if match else title


def without_company(title: str | None, company: str | None) -> str | None:
    """Return a title without the company, wherever it stands in it.

    Examples
    --------
    >>> without_company("Ferro: Data Engineer", "Ferro")
    'Data Engineer'
    """
    if not title or len(title) > _LONGEST or not company or company not in title:
        return title
    name = re.escape(company)
    behind = re.fullmatch(rf"(?s)(?P<role>\S.*?){_BEHIND.format(company=name)}", title)
    before = re.fullmatch(rf"(?s){_BEFORE.format(company=name)}(?P<role>\S.*)", title)
    match = behind or before
    return match["role"] if match else title
