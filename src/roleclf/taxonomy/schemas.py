"""The schemas of the taxonomy's YAML files, and functions that check files by them.

A schema is the type, or the types, of a scalar; or a list with the schema of its items;
or a mapping of keys to schemas, in which a key that ends in `?` is optional.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from roleclf.taxonomy.yaml_and_csv import FileProblem, YamlDocument

__all__ = [
    "ASPECTS",
    "COMPARISONS_SCHEMA",
    "KIND_BY_STATEMENT_KEY",
    "ROLE_SCHEMA",
    "SENIORITY_SCHEMA",
    "SOURCES_SCHEMA",
    "TARGET_KEY_BY_SCHEME",
    "TAXONOMY_SCHEMA",
    "TEXT_KEYS",
    "TITLES_SCHEMA",
    "WORDS_SCHEMA",
    "schema_problems",
    "unknown_key_problems",
]

_SOURCES: Final = {"sources?": [str]}
_TEXT: Final = {"text": str, **_SOURCES}
_STATEMENT: Final = {"id": str, "statement": str, **_SOURCES}
_SKILL: Final = {"skill": str, **_SOURCES}
_STR_OR_NULL: Final = (str, type(None))

# Each list of statements in a role's file, and what concept ids call one of them.
KIND_BY_STATEMENT_KEY: Final = {
    "phases": "phase",
    "qualities": "quality",
    "education": "education",
    "certifications": "certification",
    "industries": "industry",
}
TEXT_KEYS: Final = ("definition", "goal", "focus", "application")
# Each public scheme, and the key of the address or code of an entry of it.
TARGET_KEY_BY_SCHEME: Final = {"esco": "uri", "onet_soc": "code", "isco_08": "code"}
# The aspects in which two roles are compared.
ASPECTS: Final = (
    "focus",
    "object_of_control",
    "lifecycle",
    "build_or_run",
    "research_or_production",
    "output",
    "stakeholders",
    "skills",
    "tools",
    "education",
)

TAXONOMY_SCHEMA: Final = {
    "version": (str, int, float),
    "roles": [str],
    "title_words": [str],
}
ROLE_SCHEMA: Final = {
    "id": str,
    "name": str,
    "definition": _TEXT,
    "responsibilities": [
        {**_STATEMENT, "phase?": str, "triggers": [str], "hints?": [str]}
    ],
    "skills": [_SKILL],
    "tools": [_SKILL],
    "title_patterns": [str],
    **{f"{key}?": _TEXT for key in TEXT_KEYS[1:]},
    **{f"{key}?": [_STATEMENT] for key in KIND_BY_STATEMENT_KEY},
    "other_names?": [{"name": str, **_SOURCES}],
    "neighbours?": [{"role": str, "statement": str, **_SOURCES}],
    "links?": {
        **{
            f"{scheme}?": {
                target_key: _STR_OR_NULL,
                "label": str,
                "match": str,
                "version": str,
            }
            for scheme, target_key in TARGET_KEY_BY_SCHEME.items()
        },
        "occupational_category?": str,
    },
}
COMPARISONS_SCHEMA: Final = {
    "pairs": [
        {
            "left": str,
            "right": str,
            "similarities": [{**_STATEMENT, "aspect": str}],
            "differences": [
                {"id": str, "aspect": str, "left": str, "right": str, **_SOURCES}
            ],
        }
    ],
    "disagreements?": [
        {"id": str, "question": str, "positions": [{"statement": str, **_SOURCES}]}
    ],
}
SOURCES_SCHEMA: Final = [
    {"id": str, "file?": _STR_OR_NULL, "publisher": str, "title": str, "kind": str}
]
SENIORITY_SCHEMA: Final = [{"id": str, "words": [str], **_SOURCES}]
_FORMS: Final = [{"id": str, "forms": [str]}]
TITLES_SCHEMA: Final = {
    "inflections": [{"ending": str, "others": [str]}],
    **dict.fromkeys(("heads", "fields", "professions"), _FORMS),
    **{
        key: [str]
        for key in (
            *("levels", "weak", "grades", "links", "alternatives", "trades"),
            *("deciding", "alike", "telling", "complete", "compounding", "agents"),
        )
    },
}
WORDS_SCHEMA: Final = [{"id": str, "words": [str]}]

# The keys and indices that lead to an entry of a document.
_Keys = tuple[str | int, ...]
# What is wrong, what to do, and where.
_Mismatch = tuple[str, str, _Keys]


def schema_problems(document: YamlDocument, schema: Any) -> Iterator[FileProblem]:
    """Yield what in `document` is missing or of another type than in `schema`."""
    for problem, mend, keys in _mismatches(document.content, schema, ()):
        yield document.problem(problem, mend, *keys)


def unknown_key_problems(document: YamlDocument, schema: Any) -> Iterator[FileProblem]:
    """Yield the keys of `document` that `schema` lacks, which loading ignores."""
    for problem, mend, keys in _unknown_keys(document.content, schema, ()):
        yield document.problem(problem, mend, *keys)


def _mismatches(content: Any, schema: Any, keys: _Keys) -> Iterator[_Mismatch]:
    if isinstance(schema, dict):
        yield from _mapping_mismatches(content, schema, keys)
    elif not isinstance(schema, list):
        yield from _scalar_mismatches(content, schema, keys)
    elif not isinstance(content, list):
        yield f"{_quoted_key(keys)}holds no list", "write `- ` lines", keys
    else:
        for index, item in enumerate(content):
            yield from _mismatches(item, schema[0], (*keys, index))


def _mapping_mismatches(
    content: Any, schema: dict[str, Any], keys: _Keys
) -> Iterator[_Mismatch]:
    if not isinstance(content, dict):
        problem = f"{_quoted_key(keys)}holds no mapping"
        yield problem, "write `key: value` lines", keys
        return
    missing = [k for k in schema if not k.endswith("?") and k not in content]
    if missing:
        yield f"no {', '.join(missing)}", "add it", keys
    for key, part, value in _known_entries(content, schema):
        yield from _mismatches(value, part, (*keys, key))


def _scalar_mismatches(content: Any, types: Any, keys: _Keys) -> Iterator[_Mismatch]:
    if isinstance(content, types):
        return
    if content is None:
        yield f"{_quoted_key(keys)}is empty", "write a text", keys
    else:
        problem = f"{_quoted_key(keys)}is no text but {content!r}"
        yield problem, "write a text, in quotes", keys


def _unknown_keys(content: Any, schema: Any, keys: _Keys) -> Iterator[_Mismatch]:
    if isinstance(schema, list) and isinstance(content, list):
        for index, item in enumerate(content):
            yield from _unknown_keys(item, schema[0], (*keys, index))
    elif isinstance(schema, dict) and isinstance(content, dict):
        known = {key for key, _, _ in _known_entries(content, schema)}
        for key in content:
            if key not in known:
                mend = f"write one of {', '.join(k.rstrip('?') for k in schema)}"
                yield f"unknown key {key!r}", mend, (*keys, key)
        for key, part, value in _known_entries(content, schema):
            yield from _unknown_keys(value, part, (*keys, key))


def _known_entries(
    content: dict[str, Any], schema: dict[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Yield key, schema and value of each entry that the schema has."""
    for key, value in content.items():
        part = schema.get(key, schema.get(f"{key}?"))
        if part is not None:
            yield key, part, value


def _quoted_key(keys: _Keys) -> str:
    """Return the innermost key in quotes and a blank; "" at the top of the file."""
    names = [key for key in keys if isinstance(key, str)]
    return f"{names[-1]!r} " if names else ""
