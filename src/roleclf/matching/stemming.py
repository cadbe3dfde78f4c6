"""Join the inflected forms of the words that a set of phrases is made of.

Step 3 of the line, beside `tokens`: duties are recognised on a thinner stream of
words, where "monitors the health of our pipelines" and "monitoring pipeline health"
share theirs. Forms are worked out once, when the phrases are compiled; a text's words
are then looked up, not stemmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching.vocabulary import WordList
from roleclf.text import HARD_GAP, Hashes, Ints, Tokens, tokenize

__all__ = ["FILLER", "KEPT", "Forms", "WordForms", "inflections", "stem"]

_FILLERS: Final = (
    *("the", "a", "an", "our", "your", "their", "and", "of"),
    *("to", "for", "in", "on", "with", "s"),
)
_SOFT_GAP: Final = 0
# What a form is for.
KEPT: Final = 1
FILLER: Final = 2
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


class Forms(NamedTuple):
    """The words of a set of phrases in all their forms, and the fillers.

    Attributes
    ----------
    form : uint64 array, shape (n_forms,)
        Hash of each form, rising.
    root : uint64 array, shape (n_forms,)
        One hash for all forms of a word.
    is_filler : bool array, shape (n_forms,)
    """

    form: Hashes
    root: Hashes
    is_filler: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, phrases: Iterable[str]) -> Forms:
        """Return the forms of the words of `phrases`."""
        words = {word for phrase in phrases for word in _words(phrase)}
        # Sorted: a set has another order in every process, and models keep the first.
        forms = (form for w in sorted(words) for form in sorted(inflections(w)))
        root_by_form = {form: stem(form) for form in forms}
        root_by_form |= dict.fromkeys(_FILLERS, "")
        hashes = tokenize(list(root_by_form)).hash
        roots, number = np.unique(list(root_by_form.values()), return_inverse=True)
        # Any hash will do that is the same for all forms of a word.
        hash_of_root = hashes[np.unique(number, return_index=True)[1]]
        form, first = np.unique(hashes, return_index=True)
        number = number[first]
        return cls(form, hash_of_root[number], roots[number] == "")


class WordForms:
    """Forms to look words up in; costly to build, then fixed.

    Parameters
    ----------
    forms : Forms

    Attributes
    ----------
    words : WordList
        The forms.
    roots : WordList
        What `thin` leaves of words.
    """

    def __init__(self, forms: Forms) -> None:
        self.words = WordList(forms.form)
        self.roots = WordList(forms.root)
        self._hash = forms.root
        self._root = self.roots.number(forms.root)
        # One more for what is no word: `ABSENT` reads the last place.
        use = np.where(forms.is_filler, FILLER, KEPT)
        self._use = np.append(use, 0).astype(np.uint8)

    def thin(self, tokens: Tokens) -> tuple[Tokens, Ints]:
        """Return the known words but fillers, and how many words precede each.

        Forms of one word share a hash. No phrase crosses the end of a sentence or a
        word left out that is no filler; all else is a soft gap. Fillers do not count
        among the words that precede.
        """
        number = self.words.find(tokens)
        use = self._use.take(number, mode="wrap")
        kept = np.flatnonzero(use == KEPT)
        rank = kept - np.cumsum(use == FILLER)[kept]
        form, sentence = number.take(kept), tokens.sentence.take(kept)
        gap = np.full(len(kept), HARD_GAP, np.uint8)
        near = (sentence[1:] == sentence[:-1]) & (rank[1:] - rank[:-1] == 1)
        gap[:-1][near] = _SOFT_GAP
        thinned = tokens._replace(
            start=tokens.start.take(kept),
            end=tokens.end.take(kept),
            hash=self._hash.take(form),
            gap=gap,
            bounds=np.searchsorted(kept, tokens.bounds),
            line=tokens.line.take(kept),
            sentence=sentence,
            numbers_by_list={self.roots: self._root.take(form)},
        )
        return thinned, rank

    def read(self, phrases: Sequence[str]) -> Tokens:
        """Return phrases cut into words as `thin` leaves them."""
        return self.thin(tokenize(phrases))[0]


def _words(phrase: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(phrase.lower()))
