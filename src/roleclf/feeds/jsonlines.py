"""JSON Lines: an object on each line, read as a list of them."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Iterator
from typing import Final

from roleclf.feeds import limits
from roleclf.feeds.jsonscan import DepthError, Large, Scanner
from roleclf.feeds.jsontext import decode, past_blanks
from roleclf.feeds.limits import check_number, too_large

__all__ = ["lines_of"]

_LOG: Final = logging.getLogger(__name__)
# So many lines that are none are told one by one.
_TOLD: Final = 5


def lines_of(scanner: Scanner, start: int) -> tuple[Large | None, int]:
    """Return the lines that are objects, and how many are not; some are warned of.

    None if it is no JSON Lines: if the first line is no object, or all there is.

    Raises
    ------
    FeedError
        If there are too many lines, or one is too long or is not UTF-8.
    """
    if not _is_lines(scanner, start):
        return None, 0
    places, n_bad = array("Q"), 0
    for n_lines, (n, begin, end) in enumerate(_lines(scanner, start), start=1):
        check_number(n_lines, scanner.place)
        closed = _object_end(scanner, begin, end)
        if closed is None:
            n_bad += 1
            if n_bad <= _TOLD:
                where = f"{scanner.place}, line {n}"
                _LOG.warning("%s: is no JSON object, and stays so", where)
        else:
            places.extend((begin, closed))
    if n_bad > _TOLD:
        problem = "%s: %d more lines are no JSON objects, and stay so"
        _LOG.warning(problem, scanner.place, n_bad - _TOLD)
    return Large(start, len(scanner.content), places, None), n_bad


def _is_lines(scanner: Scanner, start: int) -> bool:
    begin = scanner.past_blanks(start)
    end = _line_end(scanner, begin)
    if end is None or scanner.past_blanks(end) == len(scanner.content):
        return False
    return _object_end(scanner, begin, end) is not None


def _lines(scanner: Scanner, start: int) -> Iterator[tuple[int, int, int]]:
    """Yield number, begin and end of each line that is not blank."""
    content, at, n = scanner.content, start, 1
    while (begin := scanner.past_blanks(at)) < len(content):
        n += sum(piece.count(b"\n") for piece in content.slices(at, begin))
        end = _line_end(scanner, begin)
        if end is None:
            raise too_large(f"{scanner.place}, line {n}")
        yield n, begin, end
        at = end


def _line_end(scanner: Scanner, begin: int) -> int | None:
    """Return where the line ends that begins at `begin`, unless it is too long."""
    n_bytes = len(scanner.content)
    last = begin + limits.MAX_POSTING + 1
    end = scanner.content.data.find(b"\n", begin, last)
    if end < 0:
        return n_bytes if last >= n_bytes else None
    return end


def _object_end(scanner: Scanner, begin: int, end: int) -> int | None:
    """Return where the object ends that a line is, if it is one."""
    text = scanner.piece(begin, end).text
    try:
        closed, _ = scanner.closed(begin, end)
        value, n_characters = decode(text, 0)
    except (DepthError, ValueError, RecursionError):
        return None
    is_whole = past_blanks(text, n_characters) == len(text)
    return closed if is_whole and isinstance(value, dict) else None
