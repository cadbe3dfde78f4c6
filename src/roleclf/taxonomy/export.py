"""Export the taxonomy as JSON, which can be read back, or as CSV of its concepts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from roleclf.errors import TaxonomyError
from roleclf.taxonomy.concepts import concept_by_id
from roleclf.taxonomy.read import SKILL_COLUMNS
from roleclf.taxonomy.records import Skill, Taxonomy

__all__ = ["skills_to_csv", "taxonomy_from_json", "taxonomy_to_csv", "taxonomy_to_json"]

_FORMAT_VERSION: Final = 1
_ERROR_PLACE: Final = "JSON of a taxonomy"
_COLUMNS: Final = ("id", "kind", "roles", "statement", "other_statement", "sources")

# What JSON makes of the types in the records; other types stay the same.
_JSON_TYPE_BY_TYPE: Final[Mapping[Any, type]] = {tuple: list, Mapping: dict}


def taxonomy_to_json(taxonomy: Taxonomy) -> str:
    """Return the whole taxonomy as JSON, which `taxonomy_from_json` reads.

    Examples
    --------
    >>> from roleclf.taxonomy import load_taxonomy
    >>> taxonomy = load_taxonomy()
    >>> taxonomy_from_json(taxonomy_to_json(taxonomy)) == taxonomy
    True
    """
    whole = {"format": _FORMAT_VERSION, **asdict(taxonomy)}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def taxonomy_from_json(text: str) -> Taxonomy:
    """Return the taxonomy that `taxonomy_to_json` wrote.

    Raises
    ------
    TaxonomyError
        If `text` is not JSON, is of another format version, or lacks something.
    """
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise TaxonomyError(
            _ERROR_PLACE, f"is not JSON ({error})", "export again"
        ) from error
    format_ = whole.get("format") if isinstance(whole, dict) else None
    if format_ != _FORMAT_VERSION:
        problem = f"format {format_!r}, not {_FORMAT_VERSION}"
        raise TaxonomyError(_ERROR_PLACE, problem, "export again with this roleclf")
    taxonomy: Taxonomy = _parse(Taxonomy, whole, "taxonomy")
    return taxonomy


def taxonomy_to_csv(taxonomy: Taxonomy) -> str:
    """Return CSV with a row for each concept.

    `other_statement` is what a difference states of the second role. All answers to a
    disagreement share a cell, with a line for each.
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
    """Return the lexicon as CSV, which `read_skills` reads."""
    out = io.StringIO()
    writer = csv.DictWriter(out, SKILL_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for skill in skills.values():
        forms = {"aliases": skill.aliases, "guarded": skill.guarded}
        writer.writerow(asdict(skill) | {k: "|".join(v) for k, v in forms.items()})
    return out.getvalue()


def _parse(hint: Any, value: Any, path: str) -> Any:
    """Convert a JSON value to the type that a record's annotation `hint` names.

    `path` is where the value is, for messages: `taxonomy.roles.cook.skills[0]`.
    """
    if get_origin(hint) is UnionType:  # "… or None"
        if value is None:
            return None
        hint = get_args(hint)[0]
    kind: Any = get_origin(hint) or hint
    if kind is Any:
        return value
    is_record = is_dataclass(kind)
    json_type = dict if is_record else _JSON_TYPE_BY_TYPE.get(kind, kind)
    if not isinstance(value, json_type):
        raise TaxonomyError(_ERROR_PLACE, f"{path} is {value!r:.40}", "export again")
    if is_record:
        return kind(**_parse_fields(kind, value, path))
    if kind is tuple:
        item_hint = get_args(hint)[0]
        return tuple(_parse(item_hint, v, f"{path}[{i}]") for i, v in enumerate(value))
    if kind is Mapping:
        item_hint = get_args(hint)[1]
        return {key: _parse(item_hint, v, f"{path}.{key}") for key, v in value.items()}
    return value


def _parse_fields(record: Any, value: dict[str, Any], path: str) -> dict[str, Any]:
    hints = _type_hints(record)
    missing = [field.name for field in fields(record) if field.name not in value]
    if missing:
        problem = f"{path} has no {', '.join(missing)}"
        raise TaxonomyError(_ERROR_PLACE, problem, "export again")
    return {name: _parse(hints[name], value[name], f"{path}.{name}") for name in hints}


@cache
def _type_hints(record: Any) -> dict[str, Any]:
    return get_type_hints(record)
