"""Check the words of titles: each is folded, has one meaning, and exists if named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from roleclf.taxonomy.checks.draft import TaxonomyDraft
from roleclf.taxonomy.yaml_and_csv import FileProblem, YamlDocument

__all__ = ["title_term_problems"]

_TERMS: Final = ("heads", "fields", "professions")
_LISTS: Final = (
    "levels",
    "weak",
    "grades",
    "links",
    "alternatives",
    "trades",
    "deciding",
)
# Lists of ids, and where these must be defined.
_DEFINED_IN: Final = {
    "alike": "fields",
    "telling": "fields",
    "complete": "heads",
    "compounding": "professions",
}
_Keys = tuple[str | int, ...]


def title_term_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    """Yield the problems of `titles.yaml`."""
    if draft.titles is not None:
        yield from _form_problems(draft.titles)
        yield from _reference_problems(draft.titles)


def _form_problems(document: YamlDocument) -> Iterator[FileProblem]:
    owner_by_form: dict[str, str] = {}
    for owner, form, keys in _forms(document.content):
        if not form.isascii() or form != form.lower() or form != form.strip():
            problem = f"{form!r} is not in lower case without accents"
            yield document.problem(problem, "mend it", *keys)
        first = owner_by_form.setdefault(form, owner)
        if first != owner:
            problem = f"{form!r} is one of {first!r} too"
            yield document.problem(problem, "keep one", *keys)


def _forms(content: dict[str, Any]) -> Iterator[tuple[str, str, _Keys]]:
    """Yield each form, whose it is, and where it stands."""
    for key in _TERMS:
        for place, term in enumerate(content[key]):
            # A word may be a profession in several languages.
            owner = key if key == "professions" else term["id"]
            for index, form in enumerate(term["forms"]):
                yield owner, form, (key, place, "forms", index)
    for key in _LISTS:
        for index, form in enumerate(content[key]):
            yield key, form, (key, index)


def _reference_problems(document: YamlDocument) -> Iterator[FileProblem]:
    for key, definitions in _DEFINED_IN.items():
        known = {term["id"] for term in document.content[definitions]}
        for index, id_ in enumerate(document.content[key]):
            if id_ not in known:
                problem = f"{id_!r} is none of the {definitions}"
                yield document.problem(problem, "mend or remove it", key, index)
