"""Write the taxonomy as JSON, which can be read back, or as a table of its concepts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import Any, Final, get_args, get_origin, get_type_hints

from roleclf.errors import TaxonomyError
from roleclf.taxonomy.concepts import concept_by_id
from roleclf.taxonomy.read import SKILL_COLUMNS
from roleclf.taxonomy.records import Skill, Taxonomy

__all__ = ["from_json", "skills_to_csv", "to_csv", "to_json"]

_FORMAT: Final = 1
_PLACE: Final = "JSON of a taxonomy"
_COLUMNS: Final = ("id", "kind", "roles", "statement", "other_statement", "sources")

# What JSON has for a type of the records.
_WRITTEN_AS: Final[Mapping[Any, type]] = {tuple: list, Mapping: dict}


def to_json(taxonomy: Taxonomy) -> str:
    """Return all of `taxonomy`; `from_json` gives an equal one.

    Examples
    --------
    >>> from roleclf.taxonomy import load_taxonomy
    >>> taxonomy = load_taxonomy()
    >>> from_json(to_json(taxonomy)) == taxonomy
    True
    """
    whole = {"format": _FORMAT, **asdict(taxonomy)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str) -> Taxonomy:
    """Return the taxonomy that `to_json` wrote.

    Raises
    ------
    TaxonomyError
        If `text` is not that: no JSON, another format, or something missing.
    """
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise TaxonomyError(_PLACE, f"is not JSON ({error})", "export again") from error
    format_ = whole.get("format") if isinstance(whole, dict) else None
    if format_ != _FORMAT:
        problem = f"format {format_!r}, not {_FORMAT}"
        raise TaxonomyError(_PLACE, problem, "export again with this roleclf")
    taxonomy: Taxonomy = _read(Taxonomy, whole, "taxonomy")
    return taxonomy


def to_csv(taxonomy: Taxonomy) -> str:
    """Return a row for each concept.

    `other_statement` is what a difference says of the second role; the answers to a
    disagreement stand in one cell, a line each.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for concept in concept_by_id(taxonomy).values():
        if concept.kind == "difference":
            statement, other = concept.statements
        else:
            statement, other = "\n".join(concept.statements), ""
        roles, sources = ";".join(concept.roles), ";".join(concept.sources)
        writer.writerow((concept.id, concept.kind, roles, statement, other, sources))
    return out.getvalue()


def skills_to_csv(skills: Mapping[str, Skill]) -> str:
    """Return the lexicon's rows as `read_skills` reads them."""
    out = io.StringIO()
    writer = csv.DictWriter(out, SKILL_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for skill in skills.values():
        forms = {"aliases": skill.aliases, "guarded": skill.guarded}
        writer.writerow(asdict(skill) | {k: "|".join(v) for k, v in forms.items()})
    return out.getvalue()


def _read(hint: Any, value: Any, place: str) -> Any:
    """Return `value` as what the type `hint` says, the records' own annotation."""
    kind: Any = get_origin(hint) or hint
    is_record = is_dataclass(kind)
    written = dict if is_record else _WRITTEN_AS.get(kind, kind)
    if not isinstance(value, written):
        raise TaxonomyError(_PLACE, f"{place} is {value!r:.40}", "export again")
    if is_record:
        return kind(**_read_fields(kind, value, place))
    if kind is tuple:
        item = get_args(hint)[0]
        return tuple(_read(item, v, f"{place}[{i}]") for i, v in enumerate(value))
    if kind is Mapping:
        item = get_args(hint)[1]
        return {key: _read(item, v, f"{place}.{key}") for key, v in value.items()}
    return value


def _read_fields(record: Any, value: dict[str, Any], place: str) -> dict[str, Any]:
    hints = _hints(record)
    missing = [field.name for field in fields(record) if field.name not in value]
    if missing:
        problem = f"{place} has no {', '.join(missing)}"
        raise TaxonomyError(_PLACE, problem, "export again")
    return {name: _read(hints[name], value[name], f"{place}.{name}") for name in hints}


@cache
def _hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)
