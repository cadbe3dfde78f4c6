"""Read title, text, id and employer of a posting at the paths of its format.

A record is a dictionary as JSON has it; `xml_records` makes such dictionaries of XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from roleclf.feeds.formats import (
    Alternatives,
    FeedFormat,
    FieldPath,
    normalized,
    values_at,
)
from roleclf.feeds.limits import MAX_TEXT, TOO_LONG
from roleclf.feeds.titles import TitleShape, role_in_title, without_company
from roleclf.records import Posting
from roleclf.text import clean

__all__ = [
    "MARKUP",
    "fields_present",
    "has_required_fields",
    "is_notice",
    "read_posting",
    "read_title",
    "title_rank",
]

# The key under which a record of XML keeps the markup of an element with elements.
MARKUP: Final = ""

# UTF-8 that was decoded as cp1252 or latin-1: "donâ€™t". Only sequences that stand for
# Latin letters, punctuation and emoji: others also occur in correct text.
_CP1252: Final = {
    ord(bytes([i]).decode("cp1252")): i
    for i in range(0x80, 0xA0)
    if i not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_CONTINUATION: Final = "\x80-\xbf" + re.escape("".join(map(chr, _CP1252)))
_MOJIBAKE: Final = re.compile(
    rf"[\xc2\xc3][{_CONTINUATION}]|[\xe2\xef][{_CONTINUATION}]{{2}}"
    rf"|\xf0[{_CONTINUATION}]{{3}}"
)


def read_title(record: Mapping[str, Any], format_: FeedFormat) -> str | None:
    """Return the title of a posting, without its company."""
    fields = normalized(record)
    company = _first_text(fields, format_.company)
    return without_company(_first_text(fields, format_.title), company)


def read_posting(
    record: Mapping[str, Any], format_: FeedFormat, shape: TitleShape | None
) -> tuple[Posting, str | None]:
    """Return the posting in a record, and what is wrong with it or None.

    Parameters
    ----------
    record : mapping of str to object
    format_ : FeedFormat
    shape : TitleShape or None
        The shape that the titles of this feed have in common.
    """
    fields = normalized(record)
    title = role_in_title(read_title(record, format_), shape)
    text, id_ = _text(fields, format_), _first_text(fields, format_.id)
    employer = _first_text(fields, format_.company)
    if text is not None and len(text) > MAX_TEXT:
        return Posting(title and title[:MAX_TEXT], None, id_, employer), TOO_LONG
    return Posting(title and title[:MAX_TEXT], text, id_, employer), None


def has_required_fields(record: Mapping[str, Any], format_: FeedFormat) -> bool:
    """Tell whether a record has every field that the format requires."""
    fields = normalized(record)
    return all(
        any(path[0][0] in fields for path in paths) for paths in format_.required
    )


def fields_present(record: Mapping[str, Any], format_: FeedFormat) -> set[str]:
    """Return which of `title`, `text` and `id` a record has where the format has them.

    Any part of a text counts.
    """
    fields = normalized(record)
    paths_by_name = {
        "title": [format_.title],
        "text": [part.paths for part in format_.text],
        "id": [format_.id],
    }
    return {
        name
        for name, all_paths in paths_by_name.items()
        if any(_texts(fields, paths) for paths in all_paths)
    }


def title_rank(record: Mapping[str, Any], format_: FeedFormat) -> int:
    """Return the rank of the path at which a record has its title, the best first.

    0 is the format's first path for a title; without a title it is their number.
    """
    fields = normalized(record)
    have_text = (any(_texts_at(fields, path)) for path in format_.title)
    return next((n for n, has in enumerate(have_text) if has), len(format_.title))


def is_notice(record: Mapping[str, Any], format_: FeedFormat) -> bool:
    """Tell whether a record is a notice of the feed's publisher, not a posting."""
    if format_.notice_key not in record:
        return False
    return not _texts(normalized(record), format_.title)


def _text(fields: Mapping[str, Any], format_: FeedFormat) -> str | None:
    """Return the parts of a posting's text, in reading order.

    One part is returned as it is. Several are cleaned each by itself: cleaned
    together, HTML in one would take the line ends from plain text in another.
    """
    parts: list[str] = []
    for heading, paths in format_.text:
        if found := _texts(fields, paths):
            parts += [heading, *(_without_noise(text, format_) for text in found)]
    parts = list(filter(None, parts))
    if len(parts) < 2 or sum(map(len, parts)) > MAX_TEXT:
        return "\n".join(parts) or None
    return "\n".join(map(clean, parts))


def _without_noise(text: str, format_: FeedFormat) -> str:
    text = text if format_.noise is None else format_.noise.sub("", text)
    return _without_mojibake(text)


def _first_text(fields: Mapping[str, Any], paths: Alternatives) -> str | None:
    texts = _texts(fields, paths)
    return _without_mojibake(texts[0].strip()) if texts else None


def _texts(fields: Mapping[str, Any], paths: Alternatives) -> list[str]:
    """Return the texts at the first path that has any."""
    # A record lacks most of the keys that the table knows: skip those first.
    present = (path for path in paths if not fields.keys().isdisjoint(path[0]))
    found = (list(_texts_at(fields, path)) for path in present)
    return next(filter(None, found), [])


def _texts_at(fields: Mapping[str, Any], path: FieldPath) -> Iterator[str]:
    for value in values_at(fields, path):
        if isinstance(value, dict):
            value = value.get(MARKUP)
        if isinstance(value, str) and value.strip():
            yield value


def _without_mojibake(text: str) -> str:
    r"""Return `text` with wrongly decoded characters repaired.

    Examples
    --------
    >>> _without_mojibake("donâ€™t, na\xc3\xafve")
    'don’t, naïve'
    """
    return text if text.isascii() else _MOJIBAKE.sub(_decoded_again, text)


def _decoded_again(match: re.Match[str]) -> str:
    try:
        return match[0].translate(_CP1252).encode("latin-1").decode()
    except UnicodeError:
        return match[0]
