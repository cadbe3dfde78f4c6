"""Detect the format of a JSON document by its shape, and find its postings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from roleclf.errors import FeedError
from roleclf.feeds.fields import has_required_fields, is_notice
from roleclf.feeds.formats import FeedFormat, formats_of
from roleclf.feeds.json_guessing import guess_postings, keys_of_entries
from roleclf.feeds.json_scanner import LargeValue
from roleclf.feeds.json_tree import (
    JSONNode,
    children,
    is_list,
    is_object,
    member_of,
    object_decoded,
)
from roleclf.feeds.limits import too_large

__all__ = ["FoundPostings", "find_postings"]

# Postings that are checked for the fields that a format requires.
_N_SAMPLED: Final = 20
_JOB_POSTING: Final = "JobPosting"
_MEND: Final = (
    "name titles `title` and texts `description`, say its format with --format, "
    "or use `roleclf classify` for a table"
)


class FoundPostings(NamedTuple):
    """The format of a document, and what yields its postings each time it is called."""

    format: FeedFormat
    nodes: Callable[[], Iterable[JSONNode]]

    def postings(self) -> Iterator[JSONNode]:
        """Yield the postings, decoded.

        Raises
        ------
        FeedError
            If one is larger than a posting may be.
        """
        for node in self.nodes():
            if isinstance(node.value, LargeValue):
                raise too_large(node.scanner.where(node.value.start))
            yield node


def find_postings(root: JSONNode, place: str, asked: str | None) -> FoundPostings:
    """Return the format and the postings of a document.

    Parameters
    ----------
    root : JSONNode
    place : str
        What messages call the document.
    asked : str or None
        The name of the format; None to detect it.

    Raises
    ------
    FeedError
        If nothing in the document looks like postings.
    """
    formats = [f for f in formats_of("json") if asked in {None, f.name}]
    for format_ in formats:
        for at in format_.postings_at:
            if _are_there(root, at, format_, is_asked=bool(asked)):
                return FoundPostings(format_, lambda: _postings(root, at, format_))  # noqa: B023
    for format_ in formats:
        if _has_root_keys(root, format_) and _has_empty_list(root, format_):
            return FoundPostings(format_, tuple)
    problem = "has no postings" + (f" where {asked} has them" if asked else "")
    keys = keys_of_entries(root)
    raise FeedError(place, problem + (keys and f" (its objects have {keys})"), _MEND)


def _are_there(root: JSONNode, at: str, format_: FeedFormat, *, is_asked: bool) -> bool:
    """Tell whether postings of the format are at `at`; any objects, if it was asked."""
    if not is_asked and not _has_root_keys(root, format_):
        return False
    sample = islice(_postings(root, at, format_), _N_SAMPLED)
    return any(is_asked or _is_of_format(node, format_) for node in sample)


def _is_of_format(node: JSONNode, format_: FeedFormat) -> bool:
    return isinstance(node.value, dict) and has_required_fields(node.value, format_)


def _postings(root: JSONNode, at: str, format_: FeedFormat) -> Iterator[JSONNode]:
    """Yield the objects at a path of the table, without notices of the publisher."""
    search = _SEARCH_BY_SIGN.get(at)
    nodes = search(root, format_) if search else _follow(root, _steps(at))
    return (
        node
        for node in map(object_decoded, nodes)
        if is_object(node) and not _is_notice(node, format_)
    )


def _is_notice(node: JSONNode, format_: FeedFormat) -> bool:
    return isinstance(node.value, dict) and is_notice(node.value, format_)


def _has_root_keys(root: JSONNode, format_: FeedFormat) -> bool:
    if not isinstance(format_.root, Mapping):
        return True
    found = ((member_of(root, key), start) for key, start in format_.root.items())
    return all(node and str(node.value).startswith(start) for node, start in found)


def _has_empty_list(root: JSONNode, format_: FeedFormat) -> bool:
    lists = (at[:-2] for at in format_.postings_at if at.endswith("[]"))
    return any(node.value == [] for at in lists for node in _follow(root, _steps(at)))


def _steps(at: str) -> list[str]:
    """Return the steps of a path of the table: `jobs[]` has `jobs` and `[]`."""
    return at.replace("[]", ".[]").strip(".").split(".") if at else []


def _follow(node: JSONNode, steps: list[str]) -> Iterator[JSONNode]:
    """Yield the values at the end of the steps."""
    if not steps:
        yield node
        return
    step, *further = steps
    if step != "[]":
        found: Iterable[JSONNode | None] = [member_of(node, step)]
    else:
        found = children(node) if is_list(node) else ()
    for inner in filter(None, found):
        yield from _follow(inner, further)


def _job_postings(node: JSONNode, format_: FeedFormat) -> Iterator[JSONNode]:
    """Yield every JobPosting of schema.org, wherever it stands."""
    if _is_job_posting(node):
        yield node
        return
    for inner in children(node):
        if isinstance(inner.value, dict | list | LargeValue):
            yield from _job_postings(inner, format_)


def _is_job_posting(node: JSONNode) -> bool:
    types = member_of(node, "@type")
    if types is None:
        return False
    nodes = children(types) if is_list(types) else [types]
    # Also schema:JobPosting and https://schema.org/JobPosting.
    return any(
        isinstance(name, str) and name.replace(":", "/").split("/")[-1] == _JOB_POSTING
        for name in (node.value for node in nodes)
    )


# What the table writes in place of a path.
_SEARCH_BY_SIGN: Final = {"@": _job_postings, "*": guess_postings}
