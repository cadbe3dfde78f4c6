"""Check the roles: their ids, and that every reference in their files exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from roleclf.taxonomy.checks.draft import TaxonomyDraft
from roleclf.taxonomy.checks.duties import (
    duty_problems,
    trigger_problems,
    word_list_problems,
)
from roleclf.taxonomy.checks.lexicon import ID
from roleclf.taxonomy.records import Role
from roleclf.taxonomy.schemas import TARGET_KEY_BY_SCHEME
from roleclf.taxonomy.skill_columns import SKILL_KINDS
from roleclf.taxonomy.yaml_and_csv import FileProblem, YamlDocument

__all__ = ["role_problems"]

# The label of postings for none of the roles; it must not be the id of a role.
_OTHER: Final = "other"
_MATCH_KINDS: Final = ("exact", "close", "broader", "none")
_KIND_BY_SKILL_KEY: Final = {"skills": "skill", "tools": "tool"}
# The codes or addresses of each scheme, as regular expressions.
_TARGET_PATTERN_BY_SCHEME: Final = {
    "esco": r"http://data\.europa\.eu/esco/occupation/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "onet_soc": r"\d{2}-\d{4}\.\d{2}",
    "isco_08": r"\d{4}",
}


def role_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    """Yield the problems of `taxonomy.yaml` and of each role's file."""
    yield from _head_problems(draft)
    yield from _file_problems(draft)
    if draft.words is not None:
        yield from word_list_problems(draft.words)
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


def _head_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    if draft.head is None:
        return
    roles = draft.listed_roles
    for index, id_ in enumerate(roles):
        if not (draft.folder / "roles" / f"{id_}.yaml").exists():
            mend = "write it or drop the role here"
            yield draft.head.problem(f"no file roles/{id_}.yaml", mend, "roles", index)
        if id_ in roles[:index]:
            yield draft.head.problem(f"role {id_!r} again", "keep one", "roles", index)
    for index, word in enumerate(draft.head.content["title_words"]):
        if not word.isalnum() or word != word.lower():
            problem = f"title word {word!r} is no lower-case word"
            yield draft.head.problem(problem, "mend it", "title_words", index)


def _file_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    for document, _ in draft.roles:
        if draft.head is not None and document.path.stem not in draft.listed_roles:
            problem = f"role {document.path.stem!r} is not in taxonomy.yaml"
            yield document.problem(problem, "list it there or delete the file", "id")
    ids = {role.id for _, role in draft.roles}
    for document, role in draft.contrast_roles:
        if role.id in ids:
            problem = f"role {role.id!r} is in roles/ too"
            yield document.problem(problem, "keep one of the files", "id")


def _id_problems(document: YamlDocument, role: Role) -> Iterator[FileProblem]:
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
) -> Iterator[FileProblem]:
    for key, kind in _KIND_BY_SKILL_KEY.items():
        for index, id_ in enumerate(getattr(role, key)):
            if id_ not in kind_by_skill:
                problem = f"skill {id_!r} is not in skills.csv"
                mend = "add it there or mend its id"
                yield document.problem(problem, mend, key, index)
            elif kind_by_skill[id_] in SKILL_KINDS and kind_by_skill[id_] != kind:
                problem = f"{id_!r} is a {kind_by_skill[id_]}, not a {kind}"
                yield document.problem(problem, "move it to the other list", key, index)


def _neighbour_problems(
    document: YamlDocument, role: Role, known: set[str]
) -> Iterator[FileProblem]:
    for index, neighbour in enumerate(role.neighbours):
        keys = ("neighbours", index)
        if neighbour.id == role.id:
            problem = f"{role.id!r} is its own neighbour"
            yield document.problem(problem, "drop it", *keys)
        elif neighbour.id not in known:
            problem = f"role {neighbour.id!r} has no file"
            yield document.problem(problem, "write it or mend the id", *keys)


def _link_problems(document: YamlDocument, role: Role) -> Iterator[FileProblem]:
    for link in role.links:
        scheme, target, keys = link.scheme, link.target, ("links", link.scheme)
        target_key = TARGET_KEY_BY_SCHEME[scheme]
        if link.match not in _MATCH_KINDS:
            mend = f"write one of {', '.join(_MATCH_KINDS)}"
            yield document.problem(f"match {link.match!r}", mend, *keys, "match")
        elif bool(target) == (link.match == "none"):
            problem = f"match {link.match!r} with {target_key} {target!r}"
            mend = f"give the {target_key}, or none and write match: none"
            yield document.problem(problem, mend, *keys, target_key)
        elif target and not re.fullmatch(_TARGET_PATTERN_BY_SCHEME[scheme], target):
            problem = f"{target_key} {target!r} is not written as {scheme} does"
            yield document.problem(problem, "copy it from there", *keys, target_key)
