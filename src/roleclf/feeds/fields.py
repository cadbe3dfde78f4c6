"""What a posting says, read by the table: title, text, id, for every format.

A record is a dictionary as JSON has it; of XML, `scan.py` makes such ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from roleclf.feeds.formats import Choice, Format, Path, folded, values_at
from roleclf.feeds.limits import MAX_TEXT, TOO_LONG
from roleclf.feeds.titles import Shape, in_shape, without_company
from roleclf.records import Posting
from roleclf.text import clean

__all__ = [
    "MARKUP",
    "fits",
    "has_id",
    "has_text",
    "has_title",
    "is_notice",
    "read_posting",
    "title_of",
    "title_rank",
]

# The key under which a record of XML keeps an element that has elements, as markup.
MARKUP: Final = ""

# UTF-8 that was read as one byte a character: "donâ€™t", or with controls for "€™".
# Only what begins Latin letters, punctuation and emoji: others begin words too.
_CP1252: Final = {
    ord(bytes([i]).decode("cp1252")): i
    for i in range(0x80, 0xA0)
    if i not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_LATE: Final = "\x80-\xbf" + re.escape("".join(map(chr, _CP1252)))
_MOJIBAKE: Final = re.compile(
    rf"[\xc2\xc3][{_LATE}]|[\xe2\xef][{_LATE}]{{2}}|\xf0[{_LATE}]{{3}}"
)


def title_of(record: Mapping[str, Any], format_: Format) -> str | None:
    """Return the title of a posting, without its company."""
    keys = folded(record)
    return without_company(_one(keys, format_.title), _one(keys, format_.company))


def read_posting(
    record: Mapping[str, Any], format_: Format, shape: Shape | None
) -> tuple[Posting, str | None]:
    """Return the posting in a record, and what is wrong with it or None.

    `shape` is the one that all titles of the feed have.
    """
    keys = folded(record)
    role = in_shape(title_of(record, format_), shape)
    text, id_ = _text(keys, format_), _one(keys, format_.id)
    if text is not None and len(text) > MAX_TEXT:
        return Posting(role and role[:MAX_TEXT], None, id_), TOO_LONG
    return Posting(role and role[:MAX_TEXT], text, id_), None


def fits(record: Mapping[str, Any], format_: Format) -> bool:
    """Tell whether a record has all that marks a posting of the format."""
    keys = folded(record)
    return all(any(path[0][0] in keys for path in choice) for choice in format_.marks)


def has_title(record: Mapping[str, Any], format_: Format) -> bool:
    """Tell whether a record has a title where postings of the format have theirs."""
    return bool(_first(folded(record), format_.title))


def has_text(record: Mapping[str, Any], format_: Format) -> bool:
    """Tell whether a record has any text where postings of the format have theirs."""
    keys = folded(record)
    return any(_first(keys, part.choice) for part in format_.text)


def has_id(record: Mapping[str, Any], format_: Format) -> bool:
    """Tell whether a record has an id where postings of the format have theirs."""
    return bool(_first(folded(record), format_.id))


def title_rank(record: Mapping[str, Any], format_: Format) -> int:
    """Return how many better known places for a title say nothing in a record."""
    keys = folded(record)
    words = (any(_words(keys, path)) for path in format_.title)
    return next((n for n, has_any in enumerate(words) if has_any), len(format_.title))


def is_notice(record: Mapping[str, Any], format_: Format) -> bool:
    """Tell whether a record is but a word of the feed's publisher."""
    return format_.notice in record and not has_title(record, format_)


def _text(record: Mapping[str, Any], format_: Format) -> str | None:
    """Return the parts of a posting's text, in reading order.

    One part is given as it is. Several are cleaned each by itself, since HTML beside
    plain text would take the line ends from that.
    """
    parts: list[str] = []
    for heading, choice in format_.text:
        if found := _first(record, choice):
            parts += [heading, *(_readable(text, format_) for text in found)]
    parts = list(filter(None, parts))
    if len(parts) < 2 or sum(map(len, parts)) > MAX_TEXT:
        return "\n".join(parts) or None
    return "\n".join(map(clean, parts))


def _readable(text: str, format_: Format) -> str:
    """Return `text` without noise, and with its letters put right."""
    return _mended(text if format_.noise is None else format_.noise.sub("", text))


def _one(record: Mapping[str, Any], choice: Choice) -> str | None:
    found = next(iter(_first(record, choice)), None)
    return None if found is None else _mended(found.strip())


def _first(record: Mapping[str, Any], choice: Choice) -> list[str]:
    """Return the words at the first path that has any."""
    # Most of the names that a choice has are not there.
    there = (path for path in choice if not record.keys().isdisjoint(path[0]))
    found = (list(_words(record, path)) for path in there)
    return next(filter(None, found), [])


def _words(record: Mapping[str, Any], path: Path) -> Iterator[str]:
    for value in values_at(record, path):
        if isinstance(value, dict):
            value = value.get(MARKUP)
        if isinstance(value, str) and value.strip():
            yield value


def _mended(text: str) -> str:
    r"""Return `text` with letters that were decoded wrongly put right.

    Examples
    --------
    >>> _mended("donâ€™t, na\xc3\xafve")
    'don’t, naïve'
    """
    return text if text.isascii() else _MOJIBAKE.sub(_decoded, text)


def _decoded(match: re.Match[str]) -> str:
    try:
        return match[0].translate(_CP1252).encode("latin-1").decode()
    except UnicodeError:
        return match[0]
