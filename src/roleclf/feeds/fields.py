"""What a posting says, read by the table: title, text, id, for every format.

A record is a dictionary as JSON has it; of XML, `scan.py` makes such ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from roleclf.cleaning import clean
from roleclf.feeds.formats import Choice, Format, Path, folded, values_at
from roleclf.feeds.limits import MAX_TEXT, TOO_LONG
from roleclf.feeds.titles import roles_of_titles
from roleclf.records import Posting

__all__ = [
    "MARKUP",
    "fits",
    "has_text",
    "has_title",
    "is_notice",
    "read_postings",
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


def read_postings(
    records: Sequence[Mapping[str, Any]], format_: Format
) -> tuple[list[Posting], list[str | None]]:
    """Return the posting in each record, and what is wrong with it or None."""
    records = list(map(folded, records))
    titles = [_one(record, format_.title) for record in records]
    companies = [_one(record, format_.company) for record in records]
    postings, problems = [], []
    roles = roles_of_titles(titles, companies, format_.titles)
    for record, role in zip(records, roles, strict=True):
        text = _text(record, format_)
        is_long = text is not None and len(text) > MAX_TEXT
        id_ = _one(record, format_.id)
        postings.append(
            Posting(role and role[:MAX_TEXT], None if is_long else text, id_)
        )
        problems.append(TOO_LONG if is_long else None)
    return postings, problems


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
    found = (list(_words(record, path)) for path in choice)
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
