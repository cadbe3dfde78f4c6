"""Make records of YAML entries that fit their schema, and of CSV rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from roleclf.taxonomy.records import (
    Comparison,
    Difference,
    Disagreement,
    Position,
    Responsibility,
    Role,
    SchemeLink,
    SeniorityLevel,
    Similarity,
    Skill,
    Source,
    SourceLine,
    Statement,
)
from roleclf.taxonomy.schemas import (
    KIND_BY_STATEMENT_KEY,
    TARGET_KEY_BY_SCHEME,
    TEXT_KEYS,
)
from roleclf.taxonomy.skill_columns import SKILL_KINDS
from roleclf.taxonomy.triggers import fill_trigger
from roleclf.taxonomy.yaml_and_csv import CsvRow

__all__ = [
    "build_comparison",
    "build_disagreement",
    "build_role",
    "build_seniority_level",
    "build_skill",
    "build_source",
    "build_source_line",
    "build_word_lists",
]

_NOT_IN_IDS: Final = re.compile(r"[^a-z0-9]+")
_Entry = Mapping[str, Any]
_WordLists = Mapping[str, Sequence[str]]


def build_skill(row: CsvRow) -> Skill:
    """Return the skill in a row of `skills.csv`.

    Raises
    ------
    TaxonomyError
        If the row is ragged, its kind is unknown, or it has no written form.
    """
    row.raise_if_ragged()
    values = row.values
    if values["kind"] not in SKILL_KINDS:
        raise row.error(f"kind {values['kind']!r}", "write tool or skill")
    aliases, guarded = _split(values["aliases"], "|"), _split(values["guarded"], "|")
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


def build_source_line(row: CsvRow) -> SourceLine:
    """Return the line of an article in a row of `source_lines.csv`.

    Raises
    ------
    TaxonomyError
        If the row is ragged or its line is not a number from 1.
    """
    row.raise_if_ragged()
    if not row["line"].isdecimal() or int(row["line"]) < 1:
        raise row.error(f"line {row['line']!r}", "write the line's number, from 1")
    concepts = _split(row["concepts"], ";")
    return SourceLine(row["source"], int(row["line"]), row["content"], concepts)


def build_role(entry: _Entry, word_lists: _WordLists) -> Role:
    """Return the role in a file of `roles/` or `contrast/`.

    Parameters
    ----------
    entry : mapping
    word_lists : mapping of str to sequence of str
        The lists that its triggers refer to, as `build_word_lists` returns them.
    """
    parts: dict[str, Any] = {k: entry[k]["text"] for k in TEXT_KEYS if k in entry}
    for key in KIND_BY_STATEMENT_KEY:
        parts[key] = tuple(map(_statement, entry.get(key, ())))
    links = entry.get("links", {})
    return Role(
        id=entry["id"],
        name=entry["name"],
        responsibilities=tuple(
            _responsibility(item, word_lists) for item in entry["responsibilities"]
        ),
        skills=tuple(item["skill"] for item in entry["skills"]),
        tools=tuple(item["skill"] for item in entry["tools"]),
        title_patterns=tuple(entry["title_patterns"]),
        other_names=tuple(map(_other_name, entry.get("other_names", ()))),
        neighbours=tuple(map(_neighbour, entry.get("neighbours", ()))),
        links=tuple(
            _scheme_link(scheme, links[scheme])
            for scheme in TARGET_KEY_BY_SCHEME
            if scheme in links
        ),
        occupational_category=links.get("occupational_category", ""),
        sources=dict(_sources_of_texts_and_skills(entry)),
        **parts,
    )


def build_comparison(entry: _Entry) -> Comparison:
    """Return one pair of roles of `comparisons.yaml`."""
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


def build_word_lists(entries: Iterable[_Entry]) -> dict[str, tuple[str, ...]]:
    """Return the lists of `words.yaml` by id."""
    return {entry["id"]: tuple(entry["words"]) for entry in entries}


def _responsibility(item: _Entry, word_lists: _WordLists) -> Responsibility:
    return Responsibility(
        id=item["id"],
        statement=item["statement"],
        triggers=tuple(fill_trigger(t, word_lists) for t in item["triggers"]),
        hints=tuple(fill_trigger(t, word_lists) for t in item.get("hints", ())),
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


def _scheme_link(scheme: str, item: _Entry) -> SchemeLink:
    target = item[TARGET_KEY_BY_SCHEME[scheme]] or ""
    return SchemeLink(scheme, target, item["label"], item["match"], item["version"])


def _sources_of_texts_and_skills(
    entry: _Entry,
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the sources of a role's texts and skills, by the end of the concept id."""
    for key in TEXT_KEYS:
        if key in entry:
            yield key, _sources(entry[key])
    for kind in SKILL_KINDS:
        for item in entry[f"{kind}s"]:
            yield f"{kind}.{item['skill']}", _sources(item)


def _sources(item: _Entry) -> tuple[str, ...]:
    return tuple(item.get("sources", ()))


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(separator)))
