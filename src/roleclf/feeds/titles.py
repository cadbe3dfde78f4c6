"""The role in a feed's titles, which may name the company and the place as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["roles_of_titles"]

# How titles are put together; `role` is the part that is read.
_SHAPES: Final = {
    "company_first": re.compile(r"(?s)[^:]{1,100}:\s+(?P<role>\S.*)"),
    "dashed": re.compile(r"(?s)(?P<role>\S.*?)\s+—\s+[^—]{1,100}"),
    "at": re.compile(r"(?s)(?P<role>\S.*)\s(?:at|@)\s+[^\W_a-z].{0,100}"),
}
# A shape is a feed's, not a title's: this share of its titles must have it.
_LEAST_SHARE: Final = 0.9
# What stands between a role and a company, and what may follow on that.
_BEHIND: Final = r"\s+(?:at|@|[-–—|,])\s+{company}\s*(?:\([^()]*\))?"
_BEFORE: Final = r"{company}\s*(?:[-–—|]|:)\s+"


def roles_of_titles(
    titles: Sequence[str | None], companies: Sequence[str | None], shapes: Sequence[str]
) -> list[str | None]:
    """Return the titles of a feed without companies and places.

    Parameters
    ----------
    titles, companies : sequence of str or None
        Of each posting; a company that is known is cut off wherever it stands.
    shapes : sequence of str
        Names of the shapes that titles of this format may have.

    Examples
    --------
    >>> roles_of_titles(["Data Engineer at Ferro (Bern)"], [None], ["at"])
    ['Data Engineer']
    >>> roles_of_titles(["Ferro: Data Engineer"], ["Ferro"], [])
    ['Data Engineer']
    """
    known = [_without(*pair) for pair in zip(titles, companies, strict=True)]
    for shape in (_SHAPES[name] for name in shapes):
        found = [title and shape.fullmatch(title) for title in known]
        if sum(map(bool, found)) >= _LEAST_SHARE * max(len(known), 1):
            return [
                match["role"] if match else title
                for match, title in zip(found, known, strict=True)
            ]
    return known


def _without(title: str | None, company: str | None) -> str | None:
    if not title or not company or company not in title:
        return title
    name = re.escape(company)
    behind = re.fullmatch(rf"(?s)(?P<role>\S.*?){_BEHIND.format(company=name)}", title)
    before = re.fullmatch(rf"(?s){_BEFORE.format(company=name)}(?P<role>\S.*)", title)
    match = behind or before
    return match["role"] if match else title
