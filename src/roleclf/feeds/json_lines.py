"""Find the objects of JSON Lines; a line that is no object is skipped and reported."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Iterator
from typing import Final

from roleclf.feeds import limits
from roleclf.feeds.json_positions import decode, past_blanks
from roleclf.feeds.json_scanner import DepthError, JSONScanner, LargeValue
from roleclf.feeds.limits import check_number, too_large

__all__ = ["scan_json_lines"]

_LOG: Final = logging.getLogger(__name__)
# Broken lines that are reported one by one.
_N_REPORTED: Final = 5


def scan_json_lines(scanner: JSONScanner, start: int) -> tuple[LargeValue | None, int]:
    """Return the lines that are objects as a list, and how many lines are not.

    It is None if the document is not JSON Lines: if its first line is not an object,
    or is all there is.

    Raises
    ------
    FeedError
        If there are too many lines, or one is too long or is not UTF-8.
    """
    if not _is_json_lines(scanner, start):
        return None, 0
    places, n_broken = array("Q"), 0
    for n_lines, (n, begin, end) in enumerate(_lines(scanner, start), start=1):
        check_number(n_lines, scanner.place)
        object_end = _object_end(scanner, begin, end)
        if object_end is None:
            n_broken += 1
            if n_broken <= _N_REPORTED:
                where = f"{scanner.place}, line {n}"
                _LOG.warning("%s: is no JSON object, and stays so", where)
        else:
            places.extend((begin, object_end))
    if n_broken > _N_REPORTED:
        problem = "%s: %d more lines are no JSON objects, and stay so"
        _LOG.warning(problem, scanner.place, n_broken - _N_REPORTED)
    return LargeValue(start, len(scanner.document), places, None), n_broken


def _is_json_lines(scanner: JSONScanner, start: int) -> bool:
    begin = scanner.past_blanks(start)
    end = _line_end(scanner, begin)
    if end is None or scanner.past_blanks(end) == len(scanner.document):
        return False
    return _object_end(scanner, begin, end) is not None


def _lines(scanner: JSONScanner, start: int) -> Iterator[tuple[int, int, int]]:
    """Yield number, begin and end of each line that is not blank."""
    document, at, n = scanner.document, start, 1
    while (begin := scanner.past_blanks(at)) < len(document):
        n += sum(chunk.count(b"\n") for chunk in document.chunks(at, begin))
        end = _line_end(scanner, begin)
        if end is None:
            raise too_large(f"{scanner.place}, line {n}")
        yield n, begin, end
        at = end


def _line_end(scanner: JSONScanner, begin: int) -> int | None:
    """Return where the line that begins at `begin` ends; None if it is too long."""
    n_bytes = len(scanner.document)
    last = begin + limits.MAX_POSTING + 1
    end = scanner.document.data.find(b"\n", begin, last)
    if end < 0:
        return n_bytes if last >= n_bytes else None
    return end


def _object_end(scanner: JSONScanner, begin: int, end: int) -> int | None:
    """Return where the object of a line ends; None if the line is not one object."""
    text = scanner.piece(begin, end).text
    try:
        object_end, _ = scanner.closing(begin, end)
        value, n_characters = decode(text, 0)
    except (DepthError, ValueError, RecursionError):
        return None
    is_whole = past_blanks(text, n_characters) == len(text)
    return object_end if is_whole and isinstance(value, dict) else None
