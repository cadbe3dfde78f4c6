"""Check every concept: its id is unique, its statement not empty, its sources exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from roleclf.taxonomy.checks.draft import TaxonomyDraft
from roleclf.taxonomy.checks.lexicon import ID
from roleclf.taxonomy.concepts import Concept
from roleclf.taxonomy.yaml_and_csv import FileProblem, YamlDocument

__all__ = ["concept_problems"]

_PRACTICE: Final = "practice"
_ARTICLE: Final = "article"


def concept_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    """Yield the problems of all concepts, whichever file they are in."""
    yield from _repeated_source_problems(draft.sources)
    kind_by_source = {_PRACTICE: _PRACTICE}
    for entry in draft.sources.content if draft.sources else ():
        kind_by_source[entry["id"]] = entry["kind"]
    seen: set[str] = set()
    for document, concept in draft.concepts():
        last_part = concept.id.rpartition(".")[2]
        if concept.id in seen:
            problem = f"concept {concept.id!r} again"
            yield document.problem(problem, "keep one", *concept.key_path)
        elif concept.kind not in {"skill", "tool"} and not ID.fullmatch(last_part):
            mend = "write lower-case letters, digits and _"
            yield document.problem(f"id {last_part!r}", mend, *concept.key_path)
        seen.add(concept.id)
        yield from _statement_problems(document, concept, kind_by_source)


def _repeated_source_problems(document: YamlDocument | None) -> Iterator[FileProblem]:
    ids = [entry["id"] for entry in document.content] if document else []
    for index, id_ in enumerate(ids):
        if document is not None and id_ in ids[:index]:
            yield document.problem(f"source {id_!r} again", "keep one", index)


def _statement_problems(
    document: YamlDocument, concept: Concept, kind_by_source: Mapping[str, str]
) -> Iterator[FileProblem]:
    name, keys = concept.id, concept.key_path
    if not concept.statements or not all(map(str.strip, concept.statements)):
        yield document.problem(f"empty statement of {name!r}", "write it", *keys)
    if any(not sources for sources in _source_lists(document, keys)):
        mend = f"name where it comes from, or {_PRACTICE}"
        yield document.problem(f"no source of {name!r}", mend, *keys)
    for source in concept.sources:
        found = _source_problem(source, kind_by_source)
        if found:
            problem, mend = found
            yield document.problem(f"source {source!r} {problem}", mend, *keys)


def _source_lists(
    document: YamlDocument, keys: tuple[str | int, ...]
) -> Iterator[list[Any]]:
    """Yield the sources of the concept at `keys`; of a disagreement, of each answer."""
    entry = document.content
    for key in keys:
        entry = entry[key] if not isinstance(entry[key], str) else entry
    for part in entry.get("positions", [entry]):
        yield part.get("sources", [])


def _source_problem(
    source: str, kind_by_source: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return the problem of a reference to a source and what to do, or None."""
    id_, colon, line = source.partition(":")
    if id_ not in kind_by_source:
        return "is not in sources.yaml", f"add it there or write {_PRACTICE}"
    if kind_by_source[id_] == _ARTICLE and not line.isdecimal():
        return "names no line of the article", f"write {id_}:LINE"
    if kind_by_source[id_] != _ARTICLE and colon:
        return f"names a line, but {id_!r} is no article", f"write {id_}"
    return None
