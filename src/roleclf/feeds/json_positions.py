"""Positions of values in JSON text, which `json` decodes without telling them.

Positions count characters of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

__all__ = ["JSONMember", "JSONPath", "decode", "locate", "members", "past_blanks"]

_BLANKS: Final = re.compile(r"[ \t\r\n]*")
# Numbers stay text: they may have more digits than Python converts, and an id keeps
# its zeros. Control characters in strings are accepted, since real feeds have them.
_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)

# Keys, and indexes in lists, from the outermost value inward.
JSONPath = tuple[str | int, ...]


class JSONMember(NamedTuple):
    """A member of an object, or an element of a list, whose key is its index.

    It stands from `start` to `end`, its value from `value` to `end`.
    """

    key: str | int
    start: int
    value: int
    end: int


def decode(text: str, start: int) -> tuple[Any, int]:
    """Return the value that begins at `start`, with numbers as text, and its end.

    Raises
    ------
    json.JSONDecodeError
        If it is not JSON.
    """
    return _DECODER.raw_decode(text, start)


def past_blanks(text: str, start: int) -> int:
    """Return where the blanks that begin at `start` end."""
    blanks = _BLANKS.match(text, start)
    return blanks.end() if blanks else start


def members(text: str, start: int) -> Iterator[JSONMember]:
    """Yield the members of the valid object or list that begins at `start`."""
    is_object, n = text[start] == "{", 0
    at = past_blanks(text, start + 1)
    while text[at] not in "}]":
        key, value = _key(text, at) if is_object else (n, at)
        end = decode(text, value)[1]
        yield JSONMember(key, at, value, end)
        at, n = _next_member(text, end), n + 1


def locate(text: str, paths: Sequence[JSONPath]) -> list[int]:
    """Return where the value at each path of a text of valid JSON begins.

    Of equal keys the last counts, as in every JSON reader.
    """
    wanted: dict[str | int, Any] = {}
    for path in paths:
        inner = wanted
        for step in path:
            inner = inner.setdefault(step, {})
    found: dict[JSONPath, int] = {(): 0}
    if wanted:
        _walk(text, 0, (), wanted, found)
    return [found[path] for path in paths]


def _walk(
    text: str,
    at: int,
    path: JSONPath,
    wanted: dict[str | int, Any],
    found: dict[JSONPath, int],
) -> int:
    """Note where the value at `at` and those wanted in it begin; return its end.

    A value that holds a wanted one is not decoded: it may be most of the document.
    """
    found[path] = at
    if not wanted or text[at] not in "{[":
        return decode(text, at)[1]
    is_object, n = text[at] == "{", 0
    at = past_blanks(text, at + 1)
    while text[at] not in "}]":
        key, at = _key(text, at) if is_object else (n, at)
        inner = wanted.get(key)
        if inner is None:
            end = decode(text, at)[1]
        else:
            end = _walk(text, at, (*path, key), inner, found)
        at, n = _next_member(text, end), n + 1
    return at + 1


def _key(text: str, at: int) -> tuple[str, int]:
    """Return the key at `at`, and where its value begins."""
    key, colon = decode(text, at)
    return key, past_blanks(text, past_blanks(text, colon) + 1)


def _next_member(text: str, end: int) -> int:
    """Return where the next member begins, or the closing bracket."""
    at = past_blanks(text, end)
    return past_blanks(text, at + 1) if text[at] == "," else at
