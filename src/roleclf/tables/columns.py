"""Find the columns that hold title, description, id and employer by their names.

Names are compared without case, blanks, `_` and `-`, so "Job Title" is `job_title`.
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Sequence
from itertools import chain, count
from typing import Final

from roleclf.errors import RequestError, TableError
from roleclf.tables.records import FoundColumns, Reading

__all__ = [
    "COMMON_NAMES",
    "common_column",
    "find_columns",
    "match_column",
    "missing_columns",
    "split_names",
    "unique_names",
]

_LOG: Final = logging.getLogger(__name__)

# Names that people give these columns, the most specific first.
COMMON_NAMES: Final = {
    "title": (
        "title",
        "job title",
        "position title",
        "posting title",
        "vacancy title",
        "role title",
        "position",
        "job position",
        "job name",
        "position name",
        "headline",
        "job",
        "role",
        "name",
    ),
    "description": (
        "description",
        "job description",
        "full description",
        "description text",
        "job description text",
        "description html",
        "description plain",
        "description clean",
        "job desc",
        "posting description",
        "position description",
        "job details",
        "job text",
        "job ad",
        "job posting",
        "posting",
        "body",
        "content",
        "full text",
        "text",
        "raw text",
        "html",
        "details",
        "desc",
        "summary",
        "job summary",
    ),
    "id": (
        "id",
        "job id",
        "posting id",
        "job posting id",
        "doc id",
        "uid",
        "uuid",
        "guid",
        "req id",
        "requisition id",
        "external id",
        "reference",
        "job url",
        "url",
        "job link",
        "link",
    ),
    "employer": (
        "employer",
        "employer name",
        "company",
        "company name",
        "hiring organization",
        "hiring organisation",
        "hiring organization name",
        "hiring organization.name",
        "hiring company",
        "organization name",
        "organisation name",
        "organization",
        "organisation",
        "company.name",
        "company display name",
        "company.display name",
        "advertiser",
        "advertiser name",
        "arbeitgeber",
        "firma",
        "unternehmen",
        "entreprise",
        "employeur",
        "société",
        "empresa",
        "nombre empresa",
        "nome empresa",
        "azienda",
        "datore di lavoro",
        "bedrijf",
        "bedrijfsnaam",
        "werkgever",
    ),
}
_IGNORED: Final = re.compile(r"[\s_-]+")
_N_SHOWN: Final = 20


def find_columns(names: Sequence[str], reading: Reading, place: str) -> FoundColumns:
    """Return the columns asked for, or else those with common names.

    Raises
    ------
    RequestError
        If a column asked for is not among `names`.
    TableError
        If there is neither a title nor a description.
    """
    found = FoundColumns(
        title=_asked_or_common("title", names, reading.title, place),
        description=_asked_or_common("description", names, reading.description, place),
        id=_asked_or_common("id", names, reading.id, place),
        employer=_asked_or_common("employer", names, reading.employer, place),
    )
    if found.title is None and found.description is None:
        raise TableError(
            place,
            f"no title and no description among the columns {_quoted(names)}",
            "name them with --title and --description",
        )
    for kind, name in (("title", found.title), ("description", found.description)):
        if name is None:
            _LOG.warning(
                "%s: no %s column found; name one with --%s", place, kind, kind
            )
    return found


def common_column(kind: str, names: Sequence[str]) -> str | None:
    """Return which of `names` people give the column of that kind, None if none is.

    Parameters
    ----------
    kind : str
        A key of `COMMON_NAMES`.
    """
    return _first_match(kind, names, None)


def match_column(name: str, names: Sequence[str], place: str) -> str:
    """Return the one of `names` that equals `name`, or else is the same but for case.

    Raises
    ------
    RequestError
        If there is none; the message shows similar names.
    """
    found = _match(name, names)
    if found is not None:
        return found
    from difflib import get_close_matches  # imported here: only a misspelling needs it

    close = get_close_matches(_normalized(name), map(_normalized, names), n=3)
    meant = [n for n in names if _normalized(n) in close]
    mend = f"did you mean {_quoted(meant)}?" if meant else f"there are {_quoted(names)}"
    raise RequestError(place, f"no column '{name}'", mend)


def missing_columns(names: Sequence[str], reading: Reading) -> list[str]:
    """Return which of title and description `find_columns` would not find."""
    asked = {"title": reading.title, "description": reading.description}
    return [kind for kind in asked if _first_match(kind, names, asked[kind]) is None]


def unique_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Return a unique name for each heading, numbered if it is empty or repeated.

    Examples
    --------
    >>> unique_names(["id", "", "id"])
    ('id', 'column_2', 'id_2')
    """
    names: dict[str, None] = {}
    for place, label in enumerate(labels, start=1):
        stem = label if label.strip() else f"column_{place}"
        candidates = chain([stem], (f"{stem}_{n}" for n in count(2)))
        free = (
            n for n in candidates if n not in names and (n == label or n not in labels)
        )
        names[next(free)] = None
    return tuple(names)


def split_names(text: str) -> tuple[str, ...]:
    """Return the column names in `text`, a line of CSV.

    Examples
    --------
    >>> split_names('id,"City, State"')
    ('id', 'City, State')
    """
    return tuple(name for row in csv.reader([text]) for name in row)


def _asked_or_common(
    kind: str, names: Sequence[str], asked: str | None, place: str
) -> str | None:
    return _first_match(
        kind, names, asked if asked is None else match_column(asked, names, place)
    )


def _first_match(kind: str, names: Sequence[str], asked: str | None) -> str | None:
    wanted = COMMON_NAMES[kind] if asked is None else (asked,)
    return next((n for name in wanted if (n := _match(name, names)) is not None), None)


def _match(name: str, names: Sequence[str]) -> str | None:
    """Return `name` if it is in `names`, or the first that is the same but for case."""
    alike = (n for n in names if _normalized(n) == _normalized(name))
    return name if name in names else next(alike, None)


def _normalized(name: str) -> str:
    return _IGNORED.sub("", name).casefold()


def _quoted(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_N_SHOWN])
    return shown + (" ..." if len(names) > _N_SHOWN else "") or "(none)"
