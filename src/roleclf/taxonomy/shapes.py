"""What each YAML file of the taxonomy holds, as data, and one walk that checks it.

A shape is a type or types of a scalar, a list of one shape, or a mapping of keys to
shapes; a key that ends in `?` may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from roleclf.taxonomy.documents import Problem, YamlDocument

__all__ = [
    "ASPECTS",
    "COMPARISONS",
    "HEAD",
    "LINKS",
    "ROLE",
    "SENIORITY",
    "SOURCES",
    "STATEMENTS",
    "TEXTS",
    "WORDS",
    "misfits",
    "strays",
]

_SOURCES: Final = {"sources?": [str]}
_TEXT: Final = {"text": str, **_SOURCES}
_STATEMENT: Final = {"id": str, "statement": str, **_SOURCES}
_SKILL: Final = {"skill": str, **_SOURCES}
_ANY_TEXT: Final = (str, type(None))

# The key of each list of statements in a role's file, and its kind in concept ids.
STATEMENTS: Final = {
    "phases": "phase",
    "qualities": "quality",
    "education": "education",
    "certifications": "certification",
    "industries": "industry",
}
TEXTS: Final = ("definition", "goal", "focus", "application")
# The scheme, and the key under which its entry's code or address stands.
LINKS: Final = {"esco": "uri", "onet_soc": "code", "isco_08": "code"}
# What a pair of roles is compared in.
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

HEAD: Final = {"version": (str, int, float), "roles": [str], "title_words": [str]}
ROLE: Final = {
    "id": str,
    "name": str,
    "definition": _TEXT,
    "responsibilities": [
        {**_STATEMENT, "phase?": str, "triggers": [str], "hints?": [str]}
    ],
    "skills": [_SKILL],
    "tools": [_SKILL],
    "title_patterns": [str],
    **{f"{key}?": _TEXT for key in TEXTS[1:]},
    **{f"{key}?": [_STATEMENT] for key in STATEMENTS},
    "other_names?": [{"name": str, **_SOURCES}],
    "neighbours?": [{"role": str, "statement": str, **_SOURCES}],
    "links?": {
        **{
            f"{scheme}?": {key: _ANY_TEXT, "label": str, "match": str, "version": str}
            for scheme, key in LINKS.items()
        },
        "occupational_category?": str,
    },
}
COMPARISONS: Final = {
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
SOURCES: Final = [
    {"id": str, "file?": _ANY_TEXT, "publisher": str, "title": str, "kind": str}
]
SENIORITY: Final = [{"id": str, "words": [str], **_SOURCES}]
WORDS: Final = [{"id": str, "words": [str]}]

_Keys = tuple[str | int, ...]
_Misfit = tuple[str, str, _Keys]


def misfits(document: YamlDocument, shape: Any) -> Iterator[Problem]:
    """Yield what in `document` cannot be read as `shape`."""
    for problem, mend, keys in _misfits(document.content, shape, ()):
        yield document.problem(problem, mend, *keys)


def strays(document: YamlDocument, shape: Any) -> Iterator[Problem]:
    """Yield the keys that `shape` knows nothing of; whoever reads it ignores them."""
    for problem, mend, keys in _strays(document.content, shape, ()):
        yield document.problem(problem, mend, *keys)


def _misfits(content: Any, shape: Any, keys: _Keys) -> Iterator[_Misfit]:
    if isinstance(shape, dict):
        yield from _misfits_of_mapping(content, shape, keys)
    elif not isinstance(shape, list):
        yield from _misfits_of_scalar(content, shape, keys)
    elif not isinstance(content, list):
        yield f"{_named(keys)}holds no list", "write `- ` lines", keys
    else:
        for place, item in enumerate(content):
            yield from _misfits(item, shape[0], (*keys, place))


def _misfits_of_mapping(
    content: Any, shape: dict[str, Any], keys: _Keys
) -> Iterator[_Misfit]:
    if not isinstance(content, dict):
        yield f"{_named(keys)}holds no mapping", "write `key: value` lines", keys
        return
    missing = [k for k in shape if not k.endswith("?") and k not in content]
    if missing:
        yield f"no {', '.join(missing)}", "add it", keys
    for key, part, value in _known_parts(content, shape):
        yield from _misfits(value, part, (*keys, key))


def _misfits_of_scalar(content: Any, types: Any, keys: _Keys) -> Iterator[_Misfit]:
    if isinstance(content, types):
        return
    if content is None:
        yield f"{_named(keys)}is empty", "write a text", keys
    else:
        problem = f"{_named(keys)}is no text but {content!r}"
        yield problem, "write a text, in quotes", keys


def _strays(content: Any, shape: Any, keys: _Keys) -> Iterator[_Misfit]:
    if isinstance(shape, list) and isinstance(content, list):
        for place, item in enumerate(content):
            yield from _strays(item, shape[0], (*keys, place))
    elif isinstance(shape, dict) and isinstance(content, dict):
        known = {key for key, _, _ in _known_parts(content, shape)}
        for key in content:
            if key not in known:
                mend = f"write one of {', '.join(k.rstrip('?') for k in shape)}"
                yield f"unknown key {key!r}", mend, (*keys, key)
        for key, part, value in _known_parts(content, shape):
            yield from _strays(value, part, (*keys, key))


def _known_parts(
    content: dict[str, Any], shape: dict[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    for key, value in content.items():
        part = shape.get(key, shape.get(f"{key}?"))
        if part is not None:
            yield key, part, value


def _named(keys: _Keys) -> str:
    names = [key for key in keys if isinstance(key, str)]
    return f"{names[-1]!r} " if names else ""
