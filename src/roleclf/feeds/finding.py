"""Which format a JSON document has, and where its postings stand.

Told by the shape of the document alone: its own keys, and those of its postings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from roleclf.errors import FeedError
from roleclf.feeds.fields import fits, has_text, has_title, is_notice
from roleclf.feeds.formats import Format, formats_of
from roleclf.feeds.jsontext import Path

__all__ = ["Found", "find"]

# So many postings are looked at for the marks of a format, and so many lists.
_LOOKED_AT: Final = 20
# A list of postings lies no deeper than this in a document of unknown format.
_DEEPEST_LIST: Final = 4
_JOB_POSTING: Final = "JobPosting"
_MEND: Final = "name its format with --format, or use `roleclf classify` for a table"

# A value and the path to it.
Place = tuple[Path, Any]


class Found(NamedTuple):
    """The format of a document, the paths to its postings, and the postings."""

    format: Format
    paths: list[Path]
    records: list[Mapping[str, Any]]


def find(root: Any, place: str, asked: str | None) -> Found:
    """Return the postings of a decoded document.

    Parameters
    ----------
    root : object
    place : str
        What messages call the document.
    asked : str or None
        The name of the format; found out if None.

    Raises
    ------
    FeedError
        If nothing in the document looks like postings.
    """
    formats = [f for f in formats_of("json") if asked in {None, f.name}]
    for format_ in formats:
        for at in format_.at:
            places = _postings(root, at, format_)
            if places and (asked or _is_of(root, places, format_)):
                return Found(format_, *map(list, zip(*places, strict=True)))
    for format_ in formats:
        if _fits_root(root, format_) and _has_empty_list(root, format_):
            return Found(format_, [], [])
    problem = "has no postings" + (f" where {asked} has them" if asked else "")
    raise FeedError(place, problem, _MEND)


def _postings(root: Any, at: str, format_: Format) -> list[Place]:
    search = _SEARCH_BY_SIGN.get(at)
    places = search(root, format_) if search else _reach(root, at)
    return [
        (path, value)
        for path, value in places
        if isinstance(value, dict) and not is_notice(value, format_)
    ]


def _is_of(root: Any, places: Sequence[Place], format_: Format) -> bool:
    shown = (value for _, value in places[:_LOOKED_AT])
    return _fits_root(root, format_) and any(fits(value, format_) for value in shown)


def _fits_root(root: Any, format_: Format) -> bool:
    if not isinstance(format_.root, Mapping) or not format_.root:
        return True
    return isinstance(root, dict) and all(
        str(root.get(key)).startswith(start) for key, start in format_.root.items()
    )


def _has_empty_list(root: Any, format_: Format) -> bool:
    lists = (at.removesuffix("[]") for at in format_.at if at.endswith("[]"))
    return any(value == [] for at in lists for _, value in _reach(root, at))


def _reach(root: Any, at: str) -> Iterator[Place]:
    """Yield what stands at a path of the table such as `jobs[]`."""
    steps = at.replace("[]", ".[]").strip(".").split(".") if at else []
    places: list[Place] = [((), root)]
    for step in steps:
        places = [inner for outer in places for inner in _step(outer, step)]
    yield from places


def _step(outer: Place, step: str) -> Iterator[Place]:
    path, value = outer
    if step == "[]" and isinstance(value, list):
        yield from (((*path, n), element) for n, element in enumerate(value))
    elif isinstance(value, dict) and step in value:
        yield (*path, step), value[step]


def _inside(outer: Place) -> Iterator[Place]:
    path, value = outer
    if isinstance(value, dict):
        yield from (((*path, key), inner) for key, inner in value.items())
    elif isinstance(value, list):
        yield from (((*path, n), inner) for n, inner in enumerate(value))


def _typed(root: Any, format_: Format) -> Iterator[Place]:
    """Yield every JobPosting of schema.org, wherever it stands."""
    waiting: list[Place] = [((), root)]
    while waiting:
        outer = waiting.pop()
        if _is_job_posting(outer[1]):
            yield outer
        else:
            waiting += reversed(list(_inside(outer)))


def _is_job_posting(value: Any) -> bool:
    types = value.get("@type") if isinstance(value, dict) else None
    names = types if isinstance(types, list) else [types]
    # Also schema:JobPosting and https://schema.org/JobPosting
    return any(
        isinstance(name, str) and name.replace(":", "/").split("/")[-1] == _JOB_POSTING
        for name in names
    )


def _anywhere(root: Any, format_: Format) -> list[Place]:
    """Return the postings of a document of unknown format.

    A list whose entries have title and text comes first, then the document itself,
    then a list whose entries have but a title.
    """
    lists = list(islice(_lists(root), _LOOKED_AT))
    for entries in lists:
        if any(_is_whole(value, format_) for _, value in entries[:_LOOKED_AT]):
            return entries
    if isinstance(root, dict) and _is_whole(root, format_):
        return [((), root)]
    for entries in lists:
        if any(has_title(value, format_) for _, value in entries[:_LOOKED_AT]):
            return entries
    return []


def _is_whole(value: Mapping[str, Any], format_: Format) -> bool:
    return has_title(value, format_) and has_text(value, format_)


def _lists(root: Any) -> Iterator[list[Place]]:
    """Yield the lists of objects in a document, the outermost first."""
    level: list[Place] = [((), root)]
    for _ in range(_DEEPEST_LIST):
        for outer in level:
            if isinstance(outer[1], list):
                yield [place for place in _inside(outer) if isinstance(place[1], dict)]
        level = [inner for outer in level for inner in _inside(outer)]


_SEARCH_BY_SIGN: Final = {"@": _typed, "*": _anywhere}
