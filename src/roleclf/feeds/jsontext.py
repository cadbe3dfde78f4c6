"""JSON as text: where its values stand, and how members are taken out.

Nothing is written anew: numbers, escapes, keys that come twice and blanks stay as
they are. Places count characters of the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from roleclf.feeds.edits import Edit

__all__ = [
    "Member",
    "Path",
    "decode",
    "dropped",
    "locate",
    "members",
    "past_blanks",
]

_BLANKS: Final = re.compile(r"[ \t\r\n]*")
# A number may have more digits than Python likes to read, and ids keep their zeros.
_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)

# Keys and places in lists, from the outermost value inward.
Path = tuple[str | int, ...]


class Member(NamedTuple):
    """A member of an object, or an element of a list, whose key is its place.

    It stands from `start` to `end`, its value from `value` to `end`.
    """

    key: str | int
    start: int
    value: int
    end: int


def decode(text: str, start: int) -> tuple[Any, int]:
    """Return the value that begins at `start`, numbers as text, and where it ends.

    Raises
    ------
    json.JSONDecodeError
        If that is no JSON.
    """
    return _DECODER.raw_decode(text, start)


def past_blanks(text: str, start: int) -> int:
    """Return where the blanks at `start` end."""
    blanks = _BLANKS.match(text, start)
    return blanks.end() if blanks else start


def members(text: str, start: int) -> Iterator[Member]:
    """Yield what the object or list that begins at `start`, which is valid, holds."""
    yield from (_in_object if text[start] == "{" else _in_list)(text, start)


def locate(text: str, start: int, paths: Sequence[Path]) -> list[int]:
    """Return where the value at each path begins, below the value at `start`.

    Of a key that comes twice the last is meant, as readers of JSON take it.
    """
    wanted: dict[str | int, Any] = {}
    for path in paths:
        inner = wanted
        for step in path:
            inner = inner.setdefault(step, {})
    found: dict[Path, int] = {(): start}
    if wanted:
        _walk(text, start, (), wanted, found)
    return [found[path] for path in paths]


def dropped(
    inside: Sequence[Member], is_ours: Iterable[bool]
) -> tuple[list[Edit], Member | None]:
    """Return the edits that take members of ours out, and the last one that stays.

    The comma before a member goes with it; of those that stand first, the one after.
    """
    edits: list[Edit] = []
    last: Member | None = None
    for n, (member, ours) in enumerate(zip(inside, is_ours, strict=True)):
        if not ours:
            last = member
        elif last is not None:
            edits.append(Edit(inside[n - 1].end, member.end, ""))
        else:
            following = inside[n + 1 : n + 2]
            end = following[0].start if following else member.end
            edits.append(Edit(member.start, end, ""))
    return edits, last


def _in_object(text: str, start: int) -> Iterator[Member]:
    at = past_blanks(text, start + 1)
    while text[at] == '"':
        key, value = _key(text, at)
        end = _end(text, value)
        yield Member(key, at, value, end)
        at = _next(text, end)


def _in_list(text: str, start: int) -> Iterator[Member]:
    at, n = past_blanks(text, start + 1), 0
    while text[at] != "]":
        end = _end(text, at)
        yield Member(n, at, at, end)
        at, n = _next(text, end), n + 1


def _next(text: str, end: int) -> int:
    """Return where the next member begins, or the closing bracket."""
    at = past_blanks(text, end)
    return past_blanks(text, at + 1) if text[at] == "," else at


def _walk(
    text: str, at: int, path: Path, wanted: dict[str | int, Any], found: dict[Path, int]
) -> int:
    """Note where the value at `at` and those wanted in it begin; return its end.

    What holds something wanted is not decoded, which may be most of the document.
    """
    found[path] = at
    if not wanted or text[at] not in "{[":
        return _end(text, at)
    is_object, n = text[at] == "{", 0
    at = past_blanks(text, at + 1)
    while text[at] not in "}]":
        key, at = _key(text, at) if is_object else (n, at)
        inner = wanted.get(key)
        if inner is None:
            end = _end(text, at)
        else:
            end = _walk(text, at, (*path, key), inner, found)
        at, n = _next(text, end), n + 1
    return at + 1


def _key(text: str, at: int) -> tuple[str | int, int]:
    """Return the key at `at`, and where its value begins."""
    key, colon = _DECODER.raw_decode(text, at)
    return key, past_blanks(text, past_blanks(text, colon) + 1)


def _end(text: str, at: int) -> int:
    end: int = _DECODER.raw_decode(text, at)[1]
    return end
