"""Index the forms of the words in the taxonomy's `titles.yaml`.

Nouns are indexed with their other genders and numbers, as the file's endings tell them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from roleclf.model.title_terms import ALTERNATIVE, UNKNOWN, Term, Terms

__all__ = ["MIN_END", "TitleForms"]

# Shorter forms end no longer words.
MIN_END: Final = 4
_MIN_INFLECTED: Final = 4


class TitleForms:
    """The forms of `titles.yaml`, in lower case and without accents.

    Parameters
    ----------
    words : mapping
        The content of the file.

    Attributes
    ----------
    terms_by_form : dict of str to tuple of Term
        Levels have none.
    phrases : dict
        By first and second word of phrases, all words behind the first and the term,
        the longest first.
    term_by_end : dict of str to Term
        What long words may end in.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.terms_by_form: dict[str, Terms] = {}
        self.phrases: dict[tuple[str, str], list[tuple[list[str], Term]]] = {}
        self.term_by_end: dict[str, Term] = {}
        self._others = {e["ending"]: e["others"] for e in words["inflections"]}
        self._sizes = sorted({len(ending) for ending in self._others})
        entries = list(_entries(words))
        self._add_variants(entries)
        for entry in entries:
            if entry.kind != "agents":
                self.terms_by_form.update(dict.fromkeys(entry.forms, entry.terms))
        for phrases in self.phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))

    def _add_variants(self, entries: Sequence[_Entry]) -> None:
        """Add other genders and numbers; of two that are alike the first one counts."""
        variants = [self._variants(e.forms) if e.is_noun else [] for e in entries]
        for entry, others in zip(entries, variants, strict=True):
            if entry.kind != "agents":
                self._add_phrases((*entry.forms, *others), entry.term)
        for entry, others in zip(reversed(entries), reversed(variants), strict=True):
            if entry.is_end:
                ends = [form for form in entry.forms if len(form) >= MIN_END]
                self.term_by_end.update(dict.fromkeys(ends + others, entry.term))
            if entry.kind != "agents":
                self.terms_by_form.update(dict.fromkeys(others, entry.terms))

    def _add_phrases(self, forms: Iterable[str], term: Term) -> None:
        for form in forms:
            if " " in form:
                first, *rest = form.split()
                self.phrases.setdefault((first, rest[0]), []).append((rest, term))

    def _variants(self, forms: Sequence[str]) -> list[str]:
        variants: list[str] = []
        for form in forms:
            if len(form) < _MIN_INFLECTED:
                continue
            for size in self._sizes:
                place = len(form) - size
                if others := self._others.get(form[place:]):
                    stem = form[:place]
                    variants += [stem + other for other in others]
        return variants


class _Entry(NamedTuple):
    """Forms of a term; whether they are nouns, and whether long words end in them."""

    term: Term
    forms: Sequence[str]
    is_noun: bool = True
    is_end: bool = False

    @property
    def kind(self) -> str:
        return self.term.kind

    @property
    def terms(self) -> Terms:
        """What the forms say."""
        return () if self.kind == "levels" else (self.term,)


def _entries(words: Mapping[str, Any]) -> Iterator[_Entry]:
    """Yield every entry; of two with the same form the later one counts."""
    yield _Entry(Term("links"), words["links"], is_noun=False)
    yield _Entry(ALTERNATIVE, words["alternatives"], is_noun=False)
    yield _Entry(Term("grades"), words["grades"], is_noun=False)
    yield _Entry(Term("levels"), words["levels"])
    yield _Entry(Term("weak"), words["weak"])
    for word in words["fields"]:
        yield _Entry(Term("fields", word["id"]), word["forms"], is_noun=False)
    yield _Entry(Term("trades", UNKNOWN), words["trades"], is_noun=False)
    for word in words["heads"]:
        yield _Entry(Term("heads", word["id"]), word["forms"], is_end=True)
    for language in words["professions"]:
        is_end = language["id"] in words["compounding"]
        profession = Term("professions", UNKNOWN)
        yield _Entry(profession, language["forms"], is_end=is_end)
    yield _Entry(Term("deciding", UNKNOWN), words["deciding"], is_end=True)
    yield _Entry(Term("agents", UNKNOWN), words["agents"], is_end=True)
