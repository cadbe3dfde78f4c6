"""Load `formats.yaml`, the table of feed formats, into frozen records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

__all__ = [
    "Alternatives",
    "FeedFormat",
    "FieldPath",
    "format_names",
    "formats_of",
    "normalized",
    "values_at",
]

_TABLE: Final = Path(__file__).with_name("formats.yaml")
_SCHEMA_ORG: Final = re.compile(r"\Aschema:|\Ahttps?://schema\.org/")

# A place in a posting: normalized keys from the outside in. A step may have several
# keys, whose values are read one after the other.
FieldPath = tuple[tuple[str, ...], ...]
# Paths of which the first that has a value counts.
Alternatives = tuple[FieldPath, ...]


class TextPart(NamedTuple):
    """Where a part of a posting's text stands, and its heading; "" for none."""

    heading: str
    paths: Alternatives


@dataclass(frozen=True, slots=True)
class FeedFormat:
    """A row of the table; the head of `formats.yaml` says what each field means."""

    name: str
    family: str
    root: Mapping[str, str] | tuple[str, ...]
    postings_at: tuple[str, ...]
    required: tuple[Alternatives, ...]
    notice_key: str
    title: Alternatives
    text: tuple[TextPart, ...]
    id: Alternatives
    company: Alternatives
    title_shapes: tuple[str, ...]
    noise: re.Pattern[str] | None
    native: str


@cache
def formats_of(family: str) -> tuple[FeedFormat, ...]:
    """Return the formats of a family, `json` or `xml`, in the order of the table."""
    return tuple(format_ for format_ in _formats() if format_.family == family)


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, in the order of the table."""
    return tuple(format_.name for format_ in _formats())


def normalized(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its own keys normalized, as those of paths are."""
    return {_normalized_key(key): value for key, value in record.items()}


def _normalized_key(key: str) -> str:
    """Return a key without case, blanks, `_`, `-` and the prefix of schema.org.

    Examples
    --------
    >>> _normalized_key("Job_Title"), _normalized_key("schema:title")
    ('jobtitle', 'title')
    """
    if ":" in key:
        key = _SCHEMA_ORG.sub("", key)
    return key.replace("_", "").replace("-", "").replace(" ", "").casefold()


def values_at(record: Mapping[str, Any], path: FieldPath) -> Iterator[Any]:
    """Yield the values at `path` in a normalized record; lists are flattened.

    Examples
    --------
    >>> list(values_at({"lists": [{"Text": "Duties"}, {}]}, (("lists",), ("text",))))
    ['Duties']
    """
    for key in path[0]:
        for value in _flattened(record.get(key)):
            if len(path) == 1:
                yield value
            elif isinstance(value, dict):
                yield from values_at(normalized(value), path[1:])


def _flattened(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for element in value:
            yield from _flattened(element)
    elif value is not None:
        yield value


@cache
def _formats() -> tuple[FeedFormat, ...]:
    import yaml  # here: `roleclf --help` needs no feeds

    rows = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return tuple(map(_format, rows))


def _format(row: Mapping[str, Any]) -> FeedFormat:
    root = row.get("root", {})
    return FeedFormat(
        name=row["name"],
        family=row["family"],
        root=root if isinstance(root, dict) else tuple(root),
        postings_at=tuple(row["postings_at"]),
        required=tuple(map(_alternatives, row.get("required", ()))),
        notice_key=row.get("notice_key", ""),
        title=_alternatives(row["title"]),
        text=tuple(map(_text_part, row["text"])),
        id=_alternatives(row["id"]),
        company=_alternatives(row.get("company", "")),
        title_shapes=tuple(row.get("title_shapes", ())),
        noise=re.compile(row["noise"]) if "noise" in row else None,
        native=row.get("native", ""),
    )


def _text_part(written: str | Mapping[str, str]) -> TextPart:
    if isinstance(written, str):
        return TextPart("", _alternatives(written))
    ((heading, paths),) = written.items()
    return TextPart(heading, _alternatives(paths))


def _alternatives(written: str) -> Alternatives:
    return tuple(_path(path) for path in written.split("|") if path.strip())


def _path(written: str) -> FieldPath:
    steps = (step.split("+") for step in written.split("."))
    return tuple(tuple(_normalized_key(k.strip(' "')) for k in keys) for keys in steps)
