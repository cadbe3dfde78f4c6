"""Turn what a file of the taxonomy says, once its shape is right, into records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from roleclf.taxonomy.documents import Row
from roleclf.taxonomy.records import (
    Comparison,
    Difference,
    Disagreement,
    Link,
    Position,
    Responsibility,
    Role,
    SeniorityLevel,
    Similarity,
    Skill,
    Source,
    SourceLine,
    Statement,
)
from roleclf.taxonomy.shapes import LINKS, STATEMENTS, TEXTS
from roleclf.taxonomy.skill_columns import KINDS
from roleclf.taxonomy.triggers import fill_trigger

__all__ = [
    "build_comparison",
    "build_disagreement",
    "build_role",
    "build_seniority_level",
    "build_skill",
    "build_source",
    "build_source_line",
    "build_words",
]

_NOT_IN_IDS: Final = re.compile(r"[^a-z0-9]+")
_Entry = Mapping[str, Any]
_Words = Mapping[str, Sequence[str]]


def build_skill(row: Row) -> Skill:
    """Return the lexicon's row as a record.

    Raises
    ------
    TaxonomyError
        If it has another kind than there are, or no form.
    """
    row.refuse_ragged()
    values = row.values
    if values["kind"] not in KINDS:
        raise row.error(f"kind {values['kind']!r}", "write tool or skill")
    aliases, guarded = _parts(values["aliases"], "|"), _parts(values["guarded"], "|")
    if not aliases and not guarded:
        raise row.error(f"{values['id']!r} has no form", "add an alias")
    return Skill(
        id=values["id"],
        name=values["name"],
        kind=values["kind"],
        type=values["type"],
        category=values["category"],
        aliases=aliases,
        guarded=guarded,
        case=values["case"],
        rule=values["rule"],
        parent=values["parent"],
    )


def build_source_line(row: Row) -> SourceLine:
    """Return the table's row as a record.

    Raises
    ------
    TaxonomyError
        If its line is no number.
    """
    row.refuse_ragged()
    if not row["line"].isdecimal() or int(row["line"]) < 1:
        raise row.error(f"line {row['line']!r}", "write the line's number, from 1")
    concepts = _parts(row["concepts"], ";")
    return SourceLine(row["source"], int(row["line"]), row["content"], concepts)


def build_role(entry: _Entry, words: _Words) -> Role:
    """Return the role that a file of `roles/` or `contrast/` describes.

    Parameters
    ----------
    words : mapping of str to sequence of str
        The lists that its triggers name, as `build_words` returns them.
    """
    parts: dict[str, Any] = {key: entry[key]["text"] for key in TEXTS if key in entry}
    for key in STATEMENTS:
        parts[key] = tuple(map(_statement, entry.get(key, ())))
    links = entry.get("links", {})
    return Role(
        id=entry["id"],
        name=entry["name"],
        responsibilities=tuple(
            _responsibility(item, words) for item in entry["responsibilities"]
        ),
        skills=tuple(item["skill"] for item in entry["skills"]),
        tools=tuple(item["skill"] for item in entry["tools"]),
        title_patterns=tuple(entry["title_patterns"]),
        other_names=tuple(map(_other_name, entry.get("other_names", ()))),
        neighbours=tuple(map(_neighbour, entry.get("neighbours", ()))),
        links=tuple(
            _link(scheme, links[scheme]) for scheme in LINKS if scheme in links
        ),
        occupational_category=links.get("occupational_category", ""),
        sources=dict(_plain_sources(entry)),
        **parts,
    )


def build_comparison(entry: _Entry) -> Comparison:
    """Return one pair of `comparisons.yaml`."""
    return Comparison(
        left=entry["left"],
        right=entry["right"],
        similarities=tuple(
            Similarity(item["id"], item["aspect"], item["statement"], _sources(item))
            for item in entry["similarities"]
        ),
        differences=tuple(
            Difference(
                item["id"], item["aspect"], item["left"], item["right"], _sources(item)
            )
            for item in entry["differences"]
        ),
    )


def build_disagreement(entry: _Entry) -> Disagreement:
    """Return one question of `comparisons.yaml` with its answers."""
    positions = (Position(p["statement"], _sources(p)) for p in entry["positions"])
    return Disagreement(entry["id"], entry["question"], tuple(positions))


def build_source(entry: _Entry) -> Source:
    """Return one entry of `sources.yaml`."""
    return Source(
        id=entry["id"],
        file=entry.get("file") or "",
        publisher=entry["publisher"],
        title=entry["title"],
        kind=entry["kind"],
    )


def build_seniority_level(entry: _Entry) -> SeniorityLevel:
    """Return one entry of `seniority.yaml`."""
    return SeniorityLevel(entry["id"], tuple(entry["words"]), _sources(entry))


def build_words(entries: Iterable[_Entry]) -> dict[str, tuple[str, ...]]:
    """Return the lists of `words.yaml` by id."""
    return {entry["id"]: tuple(entry["words"]) for entry in entries}


def _responsibility(item: _Entry, words: _Words) -> Responsibility:
    return Responsibility(
        id=item["id"],
        statement=item["statement"],
        triggers=tuple(fill_trigger(t, words) for t in item["triggers"]),
        hints=tuple(fill_trigger(t, words) for t in item.get("hints", ())),
        sources=_sources(item),
        phase=item.get("phase", ""),
    )


def _statement(item: _Entry) -> Statement:
    return Statement(item["id"], item["statement"], _sources(item))


def _other_name(item: _Entry) -> Statement:
    id_ = _NOT_IN_IDS.sub("_", item["name"].lower()).strip("_")
    return Statement(id_, item["name"], _sources(item))


def _neighbour(item: _Entry) -> Statement:
    return Statement(item["role"], item["statement"], _sources(item))


def _link(scheme: str, item: _Entry) -> Link:
    target = item[LINKS[scheme]] or ""
    return Link(scheme, target, item["label"], item["match"], item["version"])


def _plain_sources(entry: _Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in TEXTS:
        if key in entry:
            yield key, _sources(entry[key])
    for kind in KINDS:
        for item in entry[f"{kind}s"]:
            yield f"{kind}.{item['skill']}", _sources(item)


def _sources(item: _Entry) -> tuple[str, ...]:
    return tuple(item.get("sources", ()))


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(separator))) if text else ()
