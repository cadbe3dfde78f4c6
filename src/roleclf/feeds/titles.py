"""Find the role in a feed's titles, which may name the company and place as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["TitleShape", "common_title_shape", "role_in_title", "without_company"]

TitleShape = re.Pattern[str]

# How titles may be composed; the group `role` is what is read. A lookbehind before
# blanks lets a match end only before the first of them, for there may be thousands.
_SHAPE_BY_NAME: Final = {
    "company_first": re.compile(r"(?s)[^:]{1,100}:\s+(?P<role>\S.*)"),
    "dashed": re.compile(r"(?s)(?P<role>\S.*?)(?<!\s)\s+—\s+[^—]{1,100}"),
    "at": re.compile(r"(?s)(?P<role>\S.*)\s(?:at|@)\s+[^\W_a-z].{0,100}"),
}
# The share of a feed's titles that must have a shape for it to be applied.
_LEAST_SHARE: Final = 0.9
# A known company behind the role, or before it.
_BEHIND: Final = r"(?<!\s)\s+(?:at|@|[-–—|,])\s+{company}\s*(?:\([^()]*\))?"
_BEFORE: Final = r"{company}\s*(?:[-–—|]|:)\s+"
# Titles of more characters are left as they are.
_MAX_LENGTH: Final = 1000


def common_title_shape(
    titles: Iterable[str | None], names: Sequence[str]
) -> TitleShape | None:
    """Return the first named shape that nearly all titles of a feed have, or None.

    Parameters
    ----------
    titles : iterable of str or None
        One for each posting, without its company.
    names : sequence of str
        Shapes that the format allows: `company_first`, `dashed` or `at`.

    Examples
    --------
    >>> titles = ["Cook at Ferro (Bern)", "Data Engineer at Fjord"]
    >>> role_in_title("Data Engineer at Fjord", common_title_shape(titles, ["at"]))
    'Data Engineer'
    """
    n_titles, n_by_name = 0, dict.fromkeys(names, 0)
    for title in titles:
        n_titles += 1
        for name in names:
            n_by_name[name] += bool(title and _SHAPE_BY_NAME[name].fullmatch(title))
    least = _LEAST_SHARE * max(n_titles, 1)
    return next(
        (_SHAPE_BY_NAME[name] for name in names if n_by_name[name] >= least), None
    )


def role_in_title(title: str | None, shape: TitleShape | None) -> str | None:
    """Return the role in a title of that shape; any other title as it is."""
    match = shape.fullmatch(title) if shape and title else None
    return match["role"] if match else title


def without_company(title: str | None, company: str | None) -> str | None:
    """Return a title without the company that stands before or behind the role.

    Examples
    --------
    >>> without_company("Ferro: Data Engineer", "Ferro")
    'Data Engineer'
    """
    if not title or len(title) > _MAX_LENGTH or not company or company not in title:
        return title
    name = re.escape(company)
    behind = re.fullmatch(rf"(?s)(?P<role>\S.*?){_BEHIND.format(company=name)}", title)
    before = re.fullmatch(rf"(?s){_BEFORE.format(company=name)}(?P<role>\S.*)", title)
    match = behind or before
    return match["role"] if match else title
