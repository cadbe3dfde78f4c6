"""Postings in JSON, and the same text with annotations put into them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final

from roleclf.errors import FeedError
from roleclf.feeds.additions import Dump, additions, plain_json
from roleclf.feeds.edits import edited
from roleclf.feeds.fields import read_postings
from roleclf.feeds.finding import find
from roleclf.feeds.jsontext import decode, locate, past_blanks
from roleclf.feeds.limits import check_nesting, check_number
from roleclf.feeds.natives import Native, natives_of
from roleclf.feeds.records import Feed
from roleclf.records import Annotation

__all__ = ["read_json"]

_LOG: Final = logging.getLogger(__name__)


def read_json(
    text: str, place: str, asked: str | None, dump: Dump = plain_json
) -> Feed[str]:
    """Return the postings of a JSON document, or of JSON Lines.

    Parameters
    ----------
    text : str
    place : str
        What messages call the document.
    asked : str or None
        The name of the format; found out if None.
    dump : callable
        Writes a value that is added.

    Raises
    ------
    FeedError
        If `text` is no JSON, is nested too deep, or holds nothing like postings.
    """
    n_bad = 0
    if _is_lines(text):
        roots, begins, n_bad = _lines(text, place)
        found = find(roots, place, asked)
        starts = [
            locate(text, begins[int(line)], [tuple(path)])[0]
            for line, *path in found.paths
        ]
    else:
        start = past_blanks(text, 0)
        found = find(_whole(text, start, place), place, asked)
        starts = locate(text, start, found.paths)
    check_number(len(starts), place)
    # Of keys that come twice the last is meant, which may change the order.
    in_order = sorted(zip(starts, found.records, strict=True), key=itemgetter(0))
    records = [record for _, record in in_order]
    postings, problems = read_postings(records, found.format)
    natives = natives_of(found.format.own)
    write = partial(_written, text, sorted(starts), natives, dump)
    return Feed(found.format.name, postings, problems, write, n_bad)


def _whole(text: str, start: int, place: str) -> Any:
    """Return the one value that `text` is."""
    check_nesting(text, place)
    value, end = decode(text, start, place)
    if past_blanks(text, end) < len(text):
        line = text.count("\n", 0, end) + 1
        problem = "something stands behind the JSON document"
        raise FeedError(f"{place}, line {line}", problem, "check that it is whole")
    return value


def _is_lines(text: str) -> bool:
    """Tell whether the first line is an object, and not all there is."""
    start = past_blanks(text, 0)
    end = text.find("\n", start)
    has_more = end > 0 and past_blanks(text, end) < len(text)
    return has_more and _object(text[start:end], 0) is not None


def _lines(text: str, place: str) -> tuple[list[dict[str, Any]], list[int], int]:
    """Return the objects of JSON Lines, where each begins, and how many are broken."""
    values: list[dict[str, Any]] = []
    begins: list[int] = []
    n_bad = at = 0
    for n, line in enumerate(text.split("\n"), start=1):
        begin = past_blanks(line, 0)
        value = _object(line, begin)
        if value is not None:
            values.append(value)
            begins.append(at + begin)
        elif begin < len(line):
            _LOG.warning("%s, line %d: is no JSON object, and stays so", place, n)
            n_bad += 1
        at += len(line) + 1
    return values, begins, n_bad


def _object(line: str, begin: int) -> dict[str, Any] | None:
    try:
        check_nesting(line, "")
        value, end = decode(line, begin, "")
    except FeedError:
        return None
    is_whole = past_blanks(line, end) == len(line)
    return value if is_whole and isinstance(value, dict) else None


def _written(
    text: str,
    starts: Sequence[int],
    natives: Sequence[Native],
    dump: Dump,
    annotations: Iterable[Annotation],
) -> Iterator[str]:
    edits = (
        edit
        for start, annotation in zip(starts, annotations, strict=True)
        for edit in additions(text, start, natives, annotation, dump)
    )
    return edited(text, edits)
