"""Join the inflected forms of the words that a set of phrases is made of.

Step 3 of the line, beside `tokens`: duties are recognised on a thinner stream of
words, where "monitors the health of our pipelines" and "monitoring pipeline health"
share theirs. Forms are worked out once, when the phrases are compiled; a text's words
are then looked up, not stemmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from roleclf.lookup import ABSENT, HashIndex
from roleclf.tokens import HARD_GAP, Tokens, tokenize

__all__ = ["WordForms", "inflections", "stem"]

_FILLERS: Final = (
    *("the", "a", "an", "our", "your", "their", "and", "of"),
    *("to", "for", "in", "on", "with", "s"),
)
_SOFT_GAP: Final = 0
_WORD: Final = re.compile(r"[a-z0-9+#]+")
_ENDINGS: Final = ("s", "es", "ed", "d", "ing", "ies", "ied", "y", "e")
# Plural first, then -ing or -ed, then a final letter that inflection changes.
_PLURAL: Final = re.compile(r"(?<=.)(?:(?<=ss|sh|ch)es|(?<=[xz])es|ies|(?<![sui])s)$")
_PARTICIPLE: Final = re.compile(r"^(?=.{0,3}[aeiouy])(.{3,})(?:ing|ed)$")
_DOUBLE: Final = re.compile(r"(?:([^lsz])\1|(?<=.{4})ll)$")
_SHORTEST: Final = 3


def stem(word: str) -> str:
    """Return what the inflected forms of a lower-case word have in common.

    Only inflection is undone: plural, -ing, -ed and a final e, i or y. A stronger
    stemmer (Porter 1980) joins "integrate" with "integrity".

    Examples
    --------
    >>> [stem(word) for word in ("queries", "planning", "releases", "process")]
    ['quer', 'plan', 'releas', 'process']
    """
    if len(word) <= _SHORTEST or not word.isalpha():
        return word
    word = _PLURAL.sub("", word)
    if participle := _PARTICIPLE.match(word):
        word = participle[1]
        if len(word) > _SHORTEST:
            word = _DOUBLE.sub(lambda double: double[0][0], word)
    while len(word) > _SHORTEST and word[-1] in "eiy":
        word = word[:-1]
    return word


def inflections(word: str) -> set[str]:
    """Return the forms of a lower-case word that share its stem."""
    root = stem(word)
    bases = {word, root, root + root[-1]}
    forms = {base + ending for base in bases for ending in ("", *_ENDINGS)}
    return {form for form in forms if stem(form) == root} | {word}


class WordForms:
    """The words of a set of phrases, each known in all its forms.

    Parameters
    ----------
    phrases : iterable of str
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        words = {word for phrase in phrases for word in _words(phrase)}
        root_by_form = {form: stem(w) for w in sorted(words) for form in inflections(w)}
        root_by_form |= dict.fromkeys(_FILLERS, "")
        hashes = tokenize(list(root_by_form)).hash
        roots, number = np.unique(list(root_by_form.values()), return_inverse=True)
        keys, first = np.unique(hashes, return_index=True)
        self._index = HashIndex(keys)
        self._root = number[first]
        self._is_filler = roots == ""
        # Any hash will do that is the same for all forms of a word.
        self._hash = hashes[np.unique(number, return_index=True)[1]]

    def thin(self, tokens: Tokens) -> Tokens:
        """Return the tokens without fillers, each known word under one hash.

        No phrase crosses the end of a sentence; within one, every gap is soft.
        """
        place = self._index.find(tokens.hash)
        root = self._root[place]
        known = place != ABSENT
        kept = np.flatnonzero(~(known & self._is_filler[root]))
        hashes = np.where(known[kept], self._hash[root[kept]], tokens.hash[kept])
        sentence = tokens.sentence[kept]
        gap = np.full(len(kept), HARD_GAP, np.uint8)
        gap[:-1][sentence[1:] == sentence[:-1]] = _SOFT_GAP
        return Tokens(
            tokens.texts,
            tokens.buffer,
            tokens.start[kept],
            tokens.end[kept],
            hashes,
            gap,
            np.searchsorted(kept, tokens.bounds),
            tokens.base,
            tokens.line[kept],
            sentence,
        )

    def read(self, phrases: Sequence[str]) -> Tokens:
        """Return phrases cut into words as `thin` leaves them."""
        return self.thin(tokenize(phrases))


def _words(phrase: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(phrase.lower()))
