"""Check the roles: that every name and every link leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from roleclf.taxonomy.checks.draft import Draft
from roleclf.taxonomy.checks.duties import (
    duty_problems,
    trigger_problems,
    word_problems,
)
from roleclf.taxonomy.checks.lexicon import ID
from roleclf.taxonomy.documents import Problem, YamlDocument
from roleclf.taxonomy.records import Role
from roleclf.taxonomy.shapes import LINKS

__all__ = ["role_problems"]

# What a posting is that none of the roles fits; it has no file.
_OTHER: Final = "other"
_MATCHES: Final = ("exact", "close", "broader", "none")
_LISTS: Final = {"skills": "skill", "tools": "tool"}
# How each scheme writes its entries.
_FORMS: Final = {
    "esco": r"http://data\.europa\.eu/esco/occupation/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "onet_soc": r"\d{2}-\d{4}\.\d{2}",
    "isco_08": r"\d{4}",
}


def role_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with the list of roles, and within each role's file."""
    yield from _head_problems(draft)
    yield from _file_problems(draft)
    if draft.words is not None:
        yield from word_problems(draft.words)
    kind_by_skill = {row["id"]: row["kind"] for row in draft.skill_rows}
    for document, role in (*draft.roles, *draft.contrast_roles):
        yield from _id_problems(document, role)
        if draft.has_lexicon:
            yield from _skill_problems(document, role, kind_by_skill)
        yield from duty_problems(document, role)
        if draft.has_words:
            yield from trigger_problems(document, role)
        yield from _neighbour_problems(document, role, draft.role_ids)
        yield from _link_problems(document, role)


def _head_problems(draft: Draft) -> Iterator[Problem]:
    if draft.head is None:
        return
    roles = draft.listed_roles
    for place, id_ in enumerate(roles):
        if not (draft.folder / "roles" / f"{id_}.yaml").exists():
            mend = "write it or drop the role here"
            yield draft.head.problem(f"no file roles/{id_}.yaml", mend, "roles", place)
        if id_ in roles[:place]:
            yield draft.head.problem(f"role {id_!r} again", "keep one", "roles", place)
    for place, word in enumerate(draft.head.content["title_words"]):
        if not word.isalnum() or word != word.lower():
            problem = f"title word {word!r} is no lower-case word"
            yield draft.head.problem(problem, "mend it", "title_words", place)


def _file_problems(draft: Draft) -> Iterator[Problem]:
    for document, _ in draft.roles:
        if draft.head is not None and document.path.stem not in draft.listed_roles:
            problem = f"role {document.path.stem!r} is not in taxonomy.yaml"
            yield document.problem(problem, "list it there or delete the file", "id")
    ids = {role.id for _, role in draft.roles}
    for document, role in draft.contrast_roles:
        if role.id in ids:
            problem = f"role {role.id!r} is in roles/ too"
            yield document.problem(problem, "keep one of the files", "id")


def _id_problems(document: YamlDocument, role: Role) -> Iterator[Problem]:
    if role.id != document.path.stem:
        problem = f"id {role.id!r} in a file named {document.path.name}"
        yield document.problem(problem, "name both alike", "id")
    elif role.id == _OTHER or not ID.fullmatch(role.id):
        mend = f"write lower-case letters, digits and _, and not {_OTHER!r}"
        yield document.problem(f"id {role.id!r}", mend, "id")
    if not role.name.strip():
        yield document.problem("empty name", "write it", "name")


def _skill_problems(
    document: YamlDocument, role: Role, kind_by_skill: dict[str, str]
) -> Iterator[Problem]:
    for key, kind in _LISTS.items():
        for place, id_ in enumerate(getattr(role, key)):
            if id_ not in kind_by_skill:
                problem = f"skill {id_!r} is not in skills.csv"
                mend = "add it there or mend its id"
                yield document.problem(problem, mend, key, place)
            elif kind_by_skill[id_] in _LISTS.values() and kind_by_skill[id_] != kind:
                problem = f"{id_!r} is a {kind_by_skill[id_]}, not a {kind}"
                yield document.problem(problem, "move it to the other list", key, place)


def _neighbour_problems(
    document: YamlDocument, role: Role, known: set[str]
) -> Iterator[Problem]:
    for place, neighbour in enumerate(role.neighbours):
        at = ("neighbours", place)
        if neighbour.id == role.id:
            yield document.problem(f"{role.id!r} is its own neighbour", "drop it", *at)
        elif neighbour.id not in known:
            problem = f"role {neighbour.id!r} has no file"
            yield document.problem(problem, "write it or mend the id", *at)


def _link_problems(document: YamlDocument, role: Role) -> Iterator[Problem]:
    for link in role.links:
        at, key = ("links", link.scheme), LINKS[link.scheme]
        if link.match not in _MATCHES:
            mend = f"write one of {', '.join(_MATCHES)}"
            yield document.problem(f"match {link.match!r}", mend, *at, "match")
        elif bool(link.target) == (link.match == "none"):
            problem = f"match {link.match!r} with {key} {link.target!r}"
            mend = f"give the {key}, or none and write match: none"
            yield document.problem(problem, mend, *at, key)
        elif link.target and not re.fullmatch(_FORMS[link.scheme], link.target):
            problem = f"{key} {link.target!r} is not written as {link.scheme} does"
            yield document.problem(problem, "copy it from there", *at, key)
