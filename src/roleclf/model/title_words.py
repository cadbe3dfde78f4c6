"""Read the words of a title as terms, in seven languages.

Gender, number, accents and hyphens make no difference, and words for levels are left
out: both `Ingénieur·e` and `Ingenieros` are an `engineer`. The words are those of the
taxonomy's `titles.yaml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, filterfalse, pairwise
from typing import Any, Final, TypeVar

from roleclf.model.title_forms import MIN_END, TitleForms
from roleclf.model.title_terms import (
    CLOSE,
    CUT,
    OPEN,
    SLASH,
    UNKNOWN,
    UNKNOWN_TERM,
    Term,
    Terms,
)

__all__ = ["Remembered", "TitleWords"]

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

# Genders behind a stem, after folding: Ingenieur:in, Ingénieur(e), Ingeniero/a.
_GENDERS: Final = r"(?:innen|in|as?|os?|e?s|e|nes?|euse|se|t?rice|ice|or?a|ra|n)\b"
_GENDER: Final = re.compile(
    r"[-@(:*_·•∙‧/.\s](?<=[a-z].)(?:"
    r"(?<=@)s?(?![a-z])|(?<=-)(?:innen|in|n?e|euse|t?rice)\b"
    r"|(?:(?<=\s)\(-?|(?<=[(:*_·•∙‧/])-?|(?<=\.)(?=(?:e|ne|rice|euse)\b))"
    rf"{_GENDERS}\)?)"
)
_GENDER_APART: Final = re.compile(rf"\((?<=\s\()-?{_GENDERS}")
_TOKEN: Final = re.compile(
    r"[a-z0-9]+(?:[+#]+(?![a-z0-9]))?|\s-+|-+\s|[^a-z0-9\s'’.-]|^-"
)
_SIGNS: Final = dict.fromkeys("/&+", SLASH) | {
    "(": OPEN, "[": OPEN, "{": OPEN, ")": CLOSE, "]": CLOSE, "}": CLOSE
}  # fmt: skip
_UNKNOWN_TWICE: Final = 2 * UNKNOWN
_MAX_GRADE: Final = 3
_MIN_START: Final = 3
_CACHE_SIZE: Final = 1 << 14


class Remembered(dict[_Key, _Value]):
    """What a function returns by its argument, forgotten when it gets too much.

    Unlike `functools.lru_cache`, a value met again costs no call.
    """

    def __init__(self, function: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: _Key) -> _Value:
        value = self._function(key)
        if len(self) >= _CACHE_SIZE:
            self.clear()
        self[key] = value
        return value


class TitleWords:
    """The words of `titles.yaml`, indexed.

    Parameters
    ----------
    words : mapping
        The content of the file.
    """

    def __init__(self, words: Mapping[str, Any]) -> None:
        forms = TitleForms(words)
        self._terms_by_form = forms.terms_by_form
        self._term_by_end = forms.term_by_end
        self._phrases = forms.phrases
        self._letter_by_term = {UNKNOWN_TERM: UNKNOWN}
        self._term_by_letter = {UNKNOWN: UNKNOWN_TERM}
        # Most titles are new, most of their words are not.
        self._words_of_piece = Remembered(_words_of_piece).__getitem__
        self._letters_of_word = Remembered(self._read_letters).__getitem__

    def read(self, title: str) -> str:
        """Return what a title says, apart from words for levels: a letter for a term.

        A text is compared and kept at a lower price than a tuple.
        """
        title = _fold(title)
        if title.endswith("-") or ("(" in title and _GENDER_APART.search(title)):
            words = _words(title)
        else:
            words = [*chain.from_iterable(map(self._words_of_piece, title.split()))]
        # Whether a title has a phrase is told in C.
        if self._phrases.keys().isdisjoint(pairwise(words)):
            letters = "".join(map(self._letters_of_word, words))
        else:
            letters = "".join(self._with_phrases(words))
        while _UNKNOWN_TWICE in letters:
            letters = letters.replace(_UNKNOWN_TWICE, UNKNOWN)
        return letters

    def terms(self, letters: str) -> Terms:
        """Return the terms that letters returned by `read` stand for."""
        return tuple(map(self._term_by_letter.__getitem__, letters))

    def _with_phrases(self, words: list[str]) -> Iterator[str]:
        """Yield the letters of words and of phrases, the longest at each place."""
        end = 0
        for place, pair in enumerate(pairwise((*words, ""))):
            if place < end:
                continue
            for rest, term in self._phrases.get(pair, ()):
                if words[place + 1 : place + 1 + len(rest)] == rest:
                    end = place + 1 + len(rest)
                    yield self._letter(term)
                    break
            else:
                yield self._letters_of_word(pair[0])

    def _letter(self, term: Term) -> str:
        letter = self._letter_by_term.get(term)
        if letter is None:
            letter = chr(ord(UNKNOWN) + len(self._letter_by_term))
            self._letter_by_term[term] = letter
            self._term_by_letter[letter] = term
        return letter

    def _read_letters(self, word: str) -> str:
        return "".join(map(self._letter, self._read_word(word)))

    def _read_word(self, word: str) -> Terms:
        terms = self._terms_by_form.get(word)
        if terms is not None:
            return terms
        if not word[0].isalnum():
            return (_SIGNS.get(word, CUT),)
        # Grades ("L6") and hours tell as little as single letters.
        if len(word) == 1 or (len(word) <= _MAX_GRADE and not word.isalpha()):
            return ()
        return () if word.isdigit() else self._read_compound(word)

    def _read_compound(self, word: str) -> Terms:
        """Return the terms of a long word by its end, as "Kraftwerkstechniker"."""
        for start in range(_MIN_START, len(word) - MIN_END + 1):
            end = self._term_by_end.get(word[start:])
            if end is not None:
                first = word[:start]
                known = self._terms_by_form.get(first)
                known = known or self._terms_by_form.get(first.removesuffix("s"))
                return (*(known or (UNKNOWN_TERM,)), end)
        return (UNKNOWN_TERM,)


def _words_of_piece(piece: str) -> tuple[str, ...]:
    """Return the words and signs between two blanks of a folded title."""
    # Most are words.
    if piece.isalnum() and piece.isascii():
        return (piece,)
    return tuple(_words(f" {piece} "))


def _words(title: str) -> list[str]:
    """Return the words and signs of a folded title."""
    return _TOKEN.findall(_GENDER.sub("", title))


def _fold(title: str) -> str:
    """Return a title in lower case and without accents."""
    title = title.lower()
    if title.isascii():
        return title
    letters = unicodedata.normalize("NFKD", title.replace("ß", "ss"))
    return "".join(filterfalse(unicodedata.combining, letters))
