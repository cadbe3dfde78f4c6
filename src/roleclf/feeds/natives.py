"""What is added in a JSON format's own places, and how it is known again as ours.

schema.org has marks for whose a term is, and ours are `urn:roleclf:...`. JSON Feed
has none, so that the annotation says which tags were added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from roleclf.records import Annotation
from roleclf.taxonomy import load_taxonomy

__all__ = ["Native", "natives_of"]

_TAGS: Final = "tags"
_URN: Final = "urn:roleclf:"


class Native(NamedTuple):
    """What stands in one list of a posting: entries of ours, and how to know them.

    `is_ours` is asked of an entry and of the annotation that the posting had;
    `is_told` says that the annotation lists what was added.
    """

    key: str
    entries: Callable[[Annotation], list[Any]]
    is_ours: Callable[[Any, Mapping[str, Any]], bool]
    is_told: bool = False


def natives_of(name: str) -> tuple[Native, ...]:
    """Return the places that a format of that `own` has."""
    return _NATIVES.get(name, ())


def _categories(annotation: Annotation) -> list[Any]:
    """Return the role, and the code of the public scheme that stands nearest."""
    role = annotation.role
    if role is None:
        return []
    entry = {"@type": "CategoryCode", "inCodeSet": f"{_URN}role", "codeValue": role}
    name, category = _codes().get(role, (role, ""))
    entry["name"] = name
    code, _, label = category.partition(" ")
    public = {
        "@type": "CategoryCode",
        "@id": f"{_URN}role:{role}:{code}",
        "inCodeSet": "https://www.onetcenter.org/taxonomy.html",
        "codeValue": code,
        "name": label,
    }
    return [entry, public] if category else [entry]


@cache
def _codes() -> dict[str, tuple[str, str]]:
    roles = load_taxonomy().roles
    return {id_: (role.name, role.occupational_category) for id_, role in roles.items()}


def _skills(annotation: Annotation) -> list[Any]:
    return [
        {
            "@type": "DefinedTerm",
            "inDefinedTermSet": f"{_URN}skill",
            "termCode": skill.id,
            "name": skill.name,
        }
        for skill in annotation.skills
    ]


def _has_our_mark(entry: Any, old: Mapping[str, Any]) -> bool:
    return isinstance(entry, dict) and any(
        isinstance(value, str) and value.startswith(_URN) for value in entry.values()
    )


def _tags(annotation: Annotation) -> list[Any]:
    return [annotation.role] if annotation.role else []


def _was_added(entry: Any, old: Mapping[str, Any]) -> bool:
    added = old.get(_TAGS)
    return isinstance(added, list) and entry in added


_NATIVES: Final[Mapping[str, tuple[Native, ...]]] = {
    "schema_org": (
        Native("occupationalCategory", _categories, _has_our_mark),
        Native("skills", _skills, _has_our_mark),
    ),
    "tags": (Native(_TAGS, _tags, _was_added, is_told=True),),
}
