"""Read the words of a title as terms, in seven languages.

Gender, number, accents and hyphens make no difference, and words for levels are left
out: both `Ingénieur·e` and `Ingenieros` are an `engineer`. The words are those of the
taxonomy's `titles.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

__all__ = [
    "ALTERNATIVE",
    "CLOSE",
    "CUT",
    "OPEN",
    "UNKNOWN",
    "Term",
    "Terms",
    "TitleWords",
]

# The name of what is no known term, where a pattern allows for any one word.
UNKNOWN: Final = "?"
# Genders behind a stem, after folding: Ingenieur:in, Ingénieur(e), Ingeniero/a.
_GENDER: Final = re.compile(
    r"[-@(:*_·•∙‧/.\s](?<=[a-z].)(?:"
    r"(?<=@)s?(?![a-z])|(?<=-)(?:innen|in|n?e|euse|t?rice)\b"
    r"|(?:(?<=\s)\(-?|(?<=[(:*_·•∙‧/])-?|(?<=\.)(?=(?:e|ne|rice|euse)\b))"
    r"(?:innen|in|as?|os?|e?s|e|nes?|euse|se|t?rice|ice|or?a|ra|n)\b\)?)"
)
_TOKEN: Final = re.compile(
    r"[a-z0-9]+(?:[+#]+(?![a-z0-9]))?|\s-+|-+\s|[^a-z0-9\s'’.-]|^-"
)
_MAX_GRADE: Final = 3
_MIN_START: Final = 3
_MIN_INFLECTED: Final = 4
_MIN_END: Final = 4
_MAX_WORDS: Final = 1 << 14


class Term:
    """A word or phrase of a title; one object a kind and name, compared by identity."""

    __slots__ = ("kind", "name")

    def __init__(self, kind: str, name: str = "") -> None:
        self.kind = kind
        self.name = name


_UNKNOWN_TERM: Final = Term("", UNKNOWN)
ALTERNATIVE: Final = Term("alternatives")
OPEN, CLOSE, CUT = Term("open"), Term("close"), Term("cut")
_SIGNS: Final = dict.fromkeys("/&+", ALTERNATIVE) | {
    "(": OPEN, "[": OPEN, "{": OPEN, ")": CLOSE, "]": CLOSE, "}": CLOSE
}  # fmt: skip
_BEFORE_ALTERNATIVE: Final = frozenset((ALTERNATIVE, OPEN, CUT))
_SEPARATORS: Final = frozenset((ALTERNATIVE, CUT))
_ASIDE: Final = [CUT, _UNKNOWN_TERM]
Terms = tuple[Term, ...]


class TitleWords:
    """The words of `titles.yaml`, indexed.

    Parameters
    ----------
    words : mapping
        The content of the file.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._endings = [(e["ending"], e["others"]) for e in words["inflections"]]
        # A word's terms; and by first and second word of phrases, all words behind the
        # first and the term, the longest first.
        self._terms_by_word: dict[str, Terms] = {}
        self._phrases: dict[str, dict[str, list[tuple[list[str], Term]]]] = {}
        self._term_by_end: dict[str, Term] = {}
        self._terms_by_unknown: dict[str, Terms] = {}
        for entry in _entries(words):
            self._add(entry)
        for by_second in self._phrases.values():
            for phrases in by_second.values():
                phrases.sort(key=lambda phrase: -len(phrase[0]))

    def read(self, title: str) -> Terms:
        """Return what a title says, apart from words for levels and the like."""
        terms: list[Term] = []
        known_terms, unknown_terms = self._terms_by_word, self._terms_by_unknown
        phrases = self._phrases
        words = _split(title)
        end = 0
        for place, word in enumerate(words):
            if place < end:
                continue
            known = known_terms.get(word)
            if word in phrases:
                length, known = self._phrase(words, place, known)
                end = place + length
            if known is not None:
                terms += known
                continue
            for term in unknown_terms.get(word) or self._unknown(word):
                # `_append` would drop it too, at the price of a call.
                if term is not _UNKNOWN_TERM or terms[-1:] != [_UNKNOWN_TERM]:
                    _append(terms, term)
        _trim(terms)
        return tuple(terms)

    def _phrase(
        self, words: list[str], place: int, known: Terms | None
    ) -> tuple[int, Terms | None]:
        """Return the number of words of the longest phrase at a place, and its terms.

        Where none is, `known` are those of the word alone.
        """
        second = words[place + 1] if place + 1 < len(words) else ""
        for rest, term in self._phrases[words[place]].get(second, ()):
            length = 1 + len(rest)
            if words[place + 1 : place + length] == rest:
                return length, (term,)
        return 1, known

    def _unknown(self, word: str) -> Terms:
        """Return the terms of a word that has no entry of its own."""
        terms = self._terms_by_unknown.get(word)
        if terms is None:
            terms = self._read_unknown(word)
            if len(self._terms_by_unknown) >= _MAX_WORDS:
                self._terms_by_unknown.clear()
            self._terms_by_unknown[word] = terms
        return terms

    def _read_unknown(self, word: str) -> Terms:
        if not word[0].isalnum():
            return (_SIGNS.get(word, CUT),)
        # Grades ("L6") and hours tell as little as single letters.
        if len(word) == 1 or (len(word) <= _MAX_GRADE and not word.isalpha()):
            return ()
        if word.isdigit():
            return ()
        for start in range(_MIN_START, len(word) - _MIN_END + 1):
            end = self._term_by_end.get(word[start:])
            if end is not None:
                first = word[:start]
                known = self._terms_by_word.get(first)
                known = known or self._terms_by_word.get(first.removesuffix("s"))
                return (*(known or (_UNKNOWN_TERM,)), end)
        return (_UNKNOWN_TERM,)

    def _add(self, entry: _Entry) -> None:
        is_alternative = entry.kind == "alternatives"
        term = ALTERNATIVE if is_alternative else Term(entry.kind, entry.name)
        for form in entry.forms:
            variants = self._inflected(form) if entry.is_noun else ()
            for variant in (form, *variants):
                if entry.is_end and len(form) >= _MIN_END:
                    self._term_by_end.setdefault(variant, term)
                if entry.kind != "agents":
                    self._add_form(variant, term, is_variant=variant != form)

    def _add_form(self, form: str, term: Term, *, is_variant: bool) -> None:
        first, *rest = form.split()
        if rest:
            by_second = self._phrases.setdefault(first, {})
            by_second.setdefault(rest[0], []).append((rest, term))
        elif not (is_variant and first in self._terms_by_word):
            self._terms_by_word[first] = () if term.kind == "levels" else (term,)

    def _inflected(self, form: str) -> Iterator[str]:
        if len(form) < _MIN_INFLECTED:
            return
        for ending, others in self._endings:
            if form.endswith(ending):
                stem = form.removesuffix(ending)
                for other in others:
                    yield stem + other


class _Entry(NamedTuple):
    """Forms of a term; whether they are nouns, and whether long words end in them."""

    kind: str
    name: str
    forms: Sequence[str]
    is_noun: bool = True
    is_end: bool = False


def _entries(words: Mapping[str, Any]) -> Iterator[_Entry]:
    """Yield every entry; of two with the same form the later one counts."""
    for kind in ("links", "alternatives", "grades"):
        yield _Entry(kind, "", words[kind], is_noun=False)
    for kind in ("levels", "weak"):
        yield _Entry(kind, "", words[kind])
    for term in words["fields"]:
        yield _Entry("fields", term["id"], term["forms"], is_noun=False)
    yield _Entry("trades", UNKNOWN, words["trades"], is_noun=False)
    for term in words["heads"]:
        yield _Entry("heads", term["id"], term["forms"], is_end=True)
    for language in words["professions"]:
        is_end = language["id"] in words["compounding"]
        yield _Entry("professions", UNKNOWN, language["forms"], is_end=is_end)
    yield _Entry("deciding", UNKNOWN, words["deciding"], is_end=True)
    yield _Entry("agents", UNKNOWN, words["agents"], is_end=True)


def _append(terms: list[Term], term: Term) -> None:
    """Add a term, unless it tells nothing behind the last one: "(m/w/d)", "? ?"."""
    last = terms[-1] if terms else CUT
    if term is _UNKNOWN_TERM and terms[-3:-1] == _ASIDE and last in _SEPARATORS:
        terms.pop()  # one unknown aside tells as much as two
        return
    if term is CLOSE and last is ALTERNATIVE:
        terms.pop()
        last = terms[-1] if terms else CUT
    if term is CLOSE and last is OPEN:
        terms.pop()
    elif not (
        (term is _UNKNOWN_TERM and last is _UNKNOWN_TERM)
        or (term is CUT and last is CUT)
        or (term is ALTERNATIVE and last in _BEFORE_ALTERNATIVE)
    ):
        terms.append(term)


def _trim(terms: list[Term]) -> None:
    """Drop signs at the end; a last bracket of an unknown word becomes an aside."""
    if terms and terms[-1] is CLOSE:
        terms.pop()
        if terms[-2:] == [OPEN, _UNKNOWN_TERM]:
            terms[-2:] = [] if terms[-4:-2] == _ASIDE else _ASIDE
    while terms and terms[-1] in _BEFORE_ALTERNATIVE:
        terms.pop()


def _split(title: str) -> list[str]:
    """Return the words and signs of a title, folded."""
    title = _fold(title)
    # Most titles are letters and blanks.
    if title.replace(" ", "").isalpha() and title.isascii():
        return title.split()
    return _TOKEN.findall(_GENDER.sub("", title))


def _fold(title: str) -> str:
    """Return a title in lower case and without accents."""
    title = title.lower()
    if title.isascii():
        return title
    letters = unicodedata.normalize("NFKD", title.replace("ß", "ss"))
    return "".join(c for c in letters if not unicodedata.combining(c))
