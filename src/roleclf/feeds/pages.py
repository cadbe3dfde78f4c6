"""Postings in the scripts of an HTML page, as schema.org JobPosting in JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

from roleclf.errors import FeedError
from roleclf.feeds.edits import Edit, edited
from roleclf.feeds.jsonfeeds import read_json
from roleclf.feeds.records import Feed
from roleclf.records import Annotation

__all__ = ["read_page"]

_FORMAT: Final = "jsonld"
# Comments and elements whose content is no markup. What is left open reaches to the
# end, and tags are short, so that nothing is tried twice.
_RAW: Final = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<tag>script|style|textarea|title)\b(?P<attributes>[^<>]{0,2000})>"
    r"(?P<content>.*?)(?:</(?P=tag)\b|\Z)",
    re.I | re.S,
)
_KIND: Final = re.compile(r"""\btype\s*=\s*["']?\s*application/ld\+json\b""", re.I)

# Some pages hide scripts from readers of XML; what ends that stands near the end.
_HEAD: Final = re.compile(r"\s*(?:(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)?")
_TAIL: Final = re.compile(r"(?://|/\*)?\s*\]\]>\s*(?:\*/)?\s*\Z")
_TAIL_LENGTH: Final = 64


class _Script(NamedTuple):
    """A script with postings, and where its content stands."""

    start: int
    end: int
    feed: Feed[str]


def read_page(text: str, place: str) -> Feed[str]:
    """Return the postings of all JSON-LD scripts of a page.

    A script that is no JSON, or has no posting, is left alone.

    Raises
    ------
    FeedError
        If no script has a posting; it says what is wrong with the last.
    """
    scripts = []
    problem = "is a page without JSON-LD"
    error = FeedError(place, problem, "give a feed, or a page with a JobPosting")
    for start, end in _spans(text):
        line = text.count("\n", 0, start) + 1
        where = f"{place}, script at line {line}"
        try:
            feed = read_json(text[start:end], where, _FORMAT, _embedded)
        except FeedError as found:
            error = found
        else:
            scripts.append(_Script(start, end, feed))
    if not scripts:
        raise error
    postings = [posting for script in scripts for posting in script.feed.postings]
    problems = [problem for script in scripts for problem in script.feed.problems]
    return Feed(_FORMAT, postings, problems, partial(_written, text, scripts))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the content of each JSON-LD script begins and ends."""
    for match in _RAW.finditer(text):
        if _KIND.search(match["attributes"] or ""):
            start, end = match.span("content")
            head = _HEAD.match(text, start, end)
            tail = _TAIL.search(text, max(start, end - _TAIL_LENGTH), end)
            yield head.end() if head else start, tail.start() if tail else end


def _written(
    text: str, scripts: Sequence[_Script], annotations: Iterable[Annotation]
) -> Iterator[str]:
    waiting = iter(annotations)
    edits = (
        Edit(start, end, "".join(feed.write(islice(waiting, len(feed.postings)))))
        for start, end, feed in scripts
    )
    return edited(text, edits)


def _embedded(value: Any) -> str:
    """Return `value` as JSON that can neither end a script nor leave an encoding."""
    return json.dumps(value).replace("<", "\\u003c")
