"""Check every concept: that it says something, once, and on whose word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from roleclf.taxonomy.checks.draft import Draft
from roleclf.taxonomy.checks.lexicon import ID
from roleclf.taxonomy.concepts import Concept
from roleclf.taxonomy.documents import Problem, YamlDocument

__all__ = ["concept_problems"]

_PRACTICE: Final = "practice"
_ARTICLE: Final = "article"


def concept_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with the concepts, in whatever file they stand."""
    yield from _repeated_source_problems(draft.sources)
    kind_by_source = {_PRACTICE: _PRACTICE}
    for entry in draft.sources.content if draft.sources else ():
        kind_by_source[entry["id"]] = entry["kind"]
    seen: set[str] = set()
    for document, concept in draft.concepts():
        end = concept.id.rpartition(".")[2]
        if concept.id in seen:
            problem = f"concept {concept.id!r} again"
            yield document.problem(problem, "keep one", *concept.place)
        elif concept.kind not in {"skill", "tool"} and not ID.fullmatch(end):
            mend = "write lower-case letters, digits and _"
            yield document.problem(f"id {end!r}", mend, *concept.place)
        seen.add(concept.id)
        yield from _word_problems(document, concept, kind_by_source)


def _repeated_source_problems(document: YamlDocument | None) -> Iterator[Problem]:
    ids = [entry["id"] for entry in document.content] if document else []
    for place, id_ in enumerate(ids):
        if document is not None and id_ in ids[:place]:
            yield document.problem(f"source {id_!r} again", "keep one", place)


def _word_problems(
    document: YamlDocument, concept: Concept, kind_by_source: Mapping[str, str]
) -> Iterator[Problem]:
    name, at = concept.id, concept.place
    if not concept.statements or not all(map(str.strip, concept.statements)):
        yield document.problem(f"empty statement of {name!r}", "write it", *at)
    if any(not sources for sources in _source_lists(document, at)):
        mend = f"name where it comes from, or {_PRACTICE}"
        yield document.problem(f"no source of {name!r}", mend, *at)
    for source in concept.sources:
        wrong = _source_problem(source, kind_by_source)
        if wrong:
            yield document.problem(f"source {source!r} {wrong[0]}", wrong[1], *at)


def _source_lists(
    document: YamlDocument, place: tuple[str | int, ...]
) -> Iterator[list[Any]]:
    """Yield the sources of a concept, or those of each answer to a disagreement."""
    entry = document.content
    for key in place:
        entry = entry[key] if not isinstance(entry[key], str) else entry
    for part in entry.get("positions", [entry]):
        yield part.get("sources", [])


def _source_problem(
    source: str, kind_by_source: Mapping[str, str]
) -> tuple[str, str] | None:
    """Return what is wrong with a reference to a source, and the mend."""
    id_, colon, line = source.partition(":")
    if id_ not in kind_by_source:
        return "is not in sources.yaml", f"add it there or write {_PRACTICE}"
    if kind_by_source[id_] == _ARTICLE and not line.isdecimal():
        return "names no line of the article", f"write {id_}:LINE"
    if kind_by_source[id_] != _ARTICLE and colon:
        return f"names a line, but {id_!r} is no article", f"write {id_}"
    return None
