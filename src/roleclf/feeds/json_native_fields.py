"""Fields of JSON formats for roles and skills: what we add, and how to find it again.

In schema.org a term names its vocabulary, and ours are `urn:roleclf:...`. A tag of
JSON Feed is plain text, so the annotation records which tags were added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

from roleclf.feeds.urns import ROLE_URN, SKILL_URN, URN_PREFIX
from roleclf.records import Annotation
from roleclf.taxonomy import load_taxonomy

__all__ = ["NATIVE_FIELDS", "NativeField"]

_TAGS: Final = "tags"


class NativeField(NamedTuple):
    """A list in a posting that gets entries of ours.

    `entries` makes them from an annotation. `is_ours` tells from an entry, and the
    annotation that the posting had, whether an earlier run added it. `is_recorded`
    says that the annotation lists what was added, under the same key.
    """

    key: str
    entries: Callable[[Annotation], list[Any]]
    is_ours: Callable[[Any, Mapping[str, Any]], bool]
    is_recorded: bool = False


def _occupational_categories(annotation: Annotation) -> list[Any]:
    """Return the role, and the nearest code of O*NET-SOC."""
    role = annotation.role
    if role is None:
        return []
    entry = {"@type": "CategoryCode", "inCodeSet": ROLE_URN, "codeValue": role}
    name, category = _name_and_code_by_role().get(role, (role, ""))
    entry["name"] = name
    code, _, label = category.partition(" ")
    public = {
        "@type": "CategoryCode",
        "@id": f"{ROLE_URN}:{role}:{code}",
        "inCodeSet": "https://www.onetcenter.org/taxonomy.html",
        "codeValue": code,
        "name": label,
    }
    return [entry, public] if category else [entry]


@cache
def _name_and_code_by_role() -> dict[str, tuple[str, str]]:
    roles = load_taxonomy().roles
    return {id_: (role.name, role.occupational_category) for id_, role in roles.items()}


def _skills(annotation: Annotation) -> list[Any]:
    return [
        {
            "@type": "DefinedTerm",
            "inDefinedTermSet": SKILL_URN,
            "termCode": skill.id,
            "name": skill.name,
        }
        for skill in annotation.skills
    ]


def _has_our_urn(entry: Any, earlier: Mapping[str, Any]) -> bool:
    return isinstance(entry, dict) and any(
        isinstance(value, str) and value.startswith(URN_PREFIX)
        for value in entry.values()
    )


def _tags(annotation: Annotation) -> list[Any]:
    return [annotation.role] if annotation.role else []


def _was_recorded(entry: Any, earlier: Mapping[str, Any]) -> bool:
    added = earlier.get(_TAGS)
    return isinstance(added, list) and entry in added


# By the value of `native` in `formats.yaml`.
NATIVE_FIELDS: Final[Mapping[str, tuple[NativeField, ...]]] = {
    "": (),
    "schema_org": (
        NativeField("occupationalCategory", _occupational_categories, _has_our_urn),
        NativeField("skills", _skills, _has_our_urn),
    ),
    "tags": (NativeField(_TAGS, _tags, _was_recorded, is_recorded=True),),
}
