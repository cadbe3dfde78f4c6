"""Which format a JSON document has, and where its postings stand.

Told by the shape of the document alone: its own keys, and those of its postings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from roleclf.errors import FeedError
from roleclf.feeds.fields import fits, is_notice
from roleclf.feeds.formats import Format, formats_of
from roleclf.feeds.guessing import keys_met, postings_anywhere
from roleclf.feeds.jsonscan import Large
from roleclf.feeds.jsontree import Node, inside, is_list, is_object, member, opened
from roleclf.feeds.limits import too_large

__all__ = ["FoundPostings", "find"]

# So many postings are looked at for the marks of a format.
_LOOKED_AT: Final = 20
_JOB_POSTING: Final = "JobPosting"
_MEND: Final = (
    "name titles `title` and texts `description`, say its format with --format, "
    "or use `roleclf classify` for a table"
)


class FoundPostings(NamedTuple):
    """The format of a document, and what yields its postings."""

    format: Format
    nodes: Callable[[], Iterable[Node]]

    def postings(self) -> Iterator[Node]:
        """Yield the postings, each decoded.

        Raises
        ------
        FeedError
            If one is larger than a posting may be.
        """
        for node in self.nodes():
            if isinstance(node.value, Large):
                raise too_large(node.scanner.where(node.value.start))
            yield node


def find(root: Node, place: str, asked: str | None) -> FoundPostings:
    """Return the postings of a document.

    Parameters
    ----------
    root : Node
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
            if _is_of(root, at, format_, bool(asked)):
                return FoundPostings(format_, lambda: _postings(root, at, format_))  # noqa: B023
    for format_ in formats:
        if _fits_root(root, format_) and _has_empty_list(root, format_):
            return FoundPostings(format_, tuple)
    problem = "has no postings" + (f" where {asked} has them" if asked else "")
    keys = keys_met(root)
    raise FeedError(place, problem + (keys and f" (its objects have {keys})"), _MEND)


def _is_of(root: Node, at: str, format_: Format, is_asked: bool) -> bool:
    """Tell whether postings of the format are there, or any at all if it was asked."""
    if not is_asked and not _fits_root(root, format_):
        return False
    shown = islice(_postings(root, at, format_), _LOOKED_AT)
    return any(is_asked or _fits(node, format_) for node in shown)


def _fits(node: Node, format_: Format) -> bool:
    return isinstance(node.value, dict) and fits(node.value, format_)


def _postings(root: Node, at: str, format_: Format) -> Iterator[Node]:
    search = _SEARCH_BY_SIGN.get(at)
    nodes = search(root, format_) if search else _reach(root, _steps(at))
    return (
        node
        for node in map(opened, nodes)
        if is_object(node) and not _is_notice(node, format_)
    )


def _is_notice(node: Node, format_: Format) -> bool:
    return isinstance(node.value, dict) and is_notice(node.value, format_)


def _fits_root(root: Node, format_: Format) -> bool:
    if not isinstance(format_.root, Mapping):
        return True
    found = ((member(root, key), start) for key, start in format_.root.items())
    return all(node and str(node.value).startswith(start) for node, start in found)


def _has_empty_list(root: Node, format_: Format) -> bool:
    lists = (at.removesuffix("[]") for at in format_.at if at.endswith("[]"))
    return any(node.value == [] for at in lists for node in _reach(root, _steps(at)))


def _steps(at: str) -> list[str]:
    """Return the steps of a path of the table such as `jobs[]`."""
    return at.replace("[]", ".[]").strip(".").split(".") if at else []


def _reach(node: Node, steps: list[str]) -> Iterator[Node]:
    """Yield what stands at the end of the steps."""
    if not steps:
        yield node
        return
    step, *further = steps
    if step != "[]":
        found: Iterable[Node | None] = [member(node, step)]
    else:
        found = inside(node) if is_list(node) else ()
    for inner in filter(None, found):
        yield from _reach(inner, further)


def _typed(node: Node, format_: Format) -> Iterator[Node]:
    """Yield every JobPosting of schema.org, wherever it stands."""
    if _is_job_posting(node):
        yield node
        return
    for inner in inside(node):
        if isinstance(inner.value, dict | list | Large):
            yield from _typed(inner, format_)


def _is_job_posting(node: Node) -> bool:
    types = member(node, "@type")
    if types is None:
        return False
    names = [name.value for name in inside(types)] if is_list(types) else [types.value]
    # Also schema:JobPosting and https://schema.org/JobPosting
    return any(
        isinstance(name, str) and name.replace(":", "/").split("/")[-1] == _JOB_POSTING
        for name in names
    )


_SEARCH_BY_SIGN: Final = {"@": _typed, "*": postings_anywhere}
