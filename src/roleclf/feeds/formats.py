"""The formats that feeds have, as frozen records; `formats.yaml` is the table.

A path is where a value stands in a posting: keys, folded; the last of them may be
several that are read one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Final, NamedTuple

__all__ = ["Format", "Path", "folded", "format_names", "formats_of", "values_at"]

_TABLE: Final = FilePath(__file__).with_name("formats.yaml")
_SCHEMA_ORG: Final = re.compile(r"\Aschema:|\Ahttps?://schema\.org/")

# Keys from the posting inward; the last step may have more than one.
Path = tuple[tuple[str, ...], ...]
# Paths of which the first that says something is taken.
Choice = tuple[Path, ...]


class TextPart(NamedTuple):
    """A part of a posting's text, and what is put above it; "" for nothing."""

    heading: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table; `formats.yaml` says what each field means."""

    name: str
    family: str
    root: Mapping[str, str] | tuple[str, ...]
    at: tuple[str, ...]
    marks: tuple[Choice, ...]
    notice: str
    title: Choice
    text: tuple[TextPart, ...]
    id: Choice
    company: Choice
    titles: tuple[str, ...]
    noise: re.Pattern[str] | None
    own: str


@cache
def formats_of(family: str) -> tuple[Format, ...]:
    """Return the formats of a family, the most telling first."""
    return tuple(format_ for format_ in _formats() if format_.family == family)


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, in the order of the table."""
    return tuple(format_.name for format_ in _formats())


def _fold(key: str) -> str:
    """Return a key without case, blanks, `_` and `-`, and that it is of schema.org.

    Examples
    --------
    >>> _fold("Job_Title"), _fold("schema:title")
    ('jobtitle', 'title')
    """
    if ":" in key:
        key = _SCHEMA_ORG.sub("", key)
    return key.replace("_", "").replace("-", "").replace(" ", "").casefold()


def folded(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its keys folded."""
    return {_fold(key): value for key, value in record.items()}


def values_at(record: Mapping[str, Any], path: Path) -> Iterator[Any]:
    """Yield what stands at `path` in a record that is folded, of lists every element's.

    Examples
    --------
    >>> list(values_at({"lists": [{"Text": "Duties"}, {}]}, (("lists",), ("text",))))
    ['Duties']
    """
    for key in path[0]:
        for value in _flat(record.get(key)):
            if len(path) == 1:
                yield value
            elif isinstance(value, dict):
                yield from values_at(folded(value), path[1:])


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for element in value:
            yield from _flat(element)
    elif value is not None:
        yield value


@cache
def _formats() -> tuple[Format, ...]:
    import yaml  # here: `roleclf --help` needs no feeds

    rows = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return tuple(map(_format, rows))


def _format(row: Mapping[str, Any]) -> Format:
    root = row.get("root", {})
    return Format(
        name=row["name"],
        family=row["family"],
        root=root if isinstance(root, dict) else tuple(root),
        at=tuple(row["at"]),
        marks=_choices(row.get("marks", ())),
        notice=row.get("notice", ""),
        title=_choice(row["title"]),
        text=tuple(map(_part, row["text"])),
        id=_choice(row["id"]),
        company=_choice(row.get("company", "")),
        titles=tuple(row.get("titles", ())),
        noise=re.compile(row["noise"]) if "noise" in row else None,
        own=row.get("own", ""),
    )


def _choices(written: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(map(_choice, written))


def _part(written: str | Mapping[str, str]) -> TextPart:
    if isinstance(written, str):
        return TextPart("", _choice(written))
    ((heading, paths),) = written.items()
    return TextPart(heading, _choice(paths))


def _choice(written: str) -> Choice:
    return tuple(_path(path) for path in written.split("|") if path.strip())


def _path(written: str) -> Path:
    steps = (step.split("+") for step in written.split("."))
    return tuple(tuple(_fold(key.strip(' "')) for key in keys) for keys in steps)
