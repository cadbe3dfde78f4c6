"""Match words in any inflected form: "monitors the health of" and "monitoring health".

The inflected forms of the words in a set of phrases are worked out once, when the
phrases are compiled. The words of a text are then looked up, not stemmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching.array_checks import check_lengths
from roleclf.matching.vocabulary import WordList
from roleclf.text import ABSENT, HARD_GAP, Hashes, Ints, Tokens, tokenize

__all__ = ["InflectedForms", "TokenStemmer", "inflections", "stem"]

# Words that may be missing from a phrase, or be put in.
_FILLERS: Final = (
    *("the", "a", "an", "our", "your", "their", "and", "of"),
    *("to", "for", "in", "on", "with", "s"),
)
# Stands for a root number; not `ABSENT`.
_FILLER: Final = -2
_SOFT_GAP: Final = 0
_WORD: Final = re.compile(r"[a-z0-9+#]+")
_ENDINGS: Final = ("s", "es", "ed", "d", "ing", "ies", "ied", "y", "e")
# Plural first, then -ing or -ed, then a final letter that inflection changes.
_PLURAL: Final = re.compile(r"(?<=.)(?:(?<=ss|sh|ch)es|(?<=[xz])es|ies|(?<![sui])s)$")
_PARTICIPLE: Final = re.compile(r"^(?=.{0,3}[aeiouy])(.{3,})(?:ing|ed)$")
_DOUBLE: Final = re.compile(r"(?:([^lsz])\1|(?<=.{4})ll)$")
_SHORTEST: Final = 3


def stem(word: str) -> str:
    """Return the stem of a lower-case word, the same for all its inflected forms.

    Only inflection is undone: plural, -ing, -ed and a final e, i or y. A stronger
    stemmer (Porter 1980) would join "integrate" with "integrity".

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


class InflectedForms(NamedTuple):
    """The words of a set of phrases in all their inflected forms, and the fillers.

    The names of the fields are keys in model files.

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
    def of(cls, phrases: Iterable[str]) -> InflectedForms:
        """Return the forms of the words of `phrases`."""
        words = {word for phrase in phrases for word in _words(phrase)}
        # Sorted: the first form gives the root its hash, which models keep, and the
        # order of a set differs from process to process.
        forms = (form for w in sorted(words) for form in sorted(inflections(w)))
        stem_by_form = {form: stem(form) for form in forms}
        stem_by_form |= dict.fromkeys(_FILLERS, "")
        hashes = tokenize(list(stem_by_form)).hash
        stems, number = np.unique(list(stem_by_form.values()), return_inverse=True)
        # Any hash will do that is the same for all forms of a word.
        hash_of_stem = hashes[np.unique(number, return_index=True)[1]]
        form, first = np.unique(hashes, return_index=True)
        number = number[first]
        return cls(form, hash_of_stem[number], stems[number] == "")


class TokenStemmer:
    """Replaces words by their roots, by look-up; costly to build, then fixed.

    Parameters
    ----------
    forms : InflectedForms

    Attributes
    ----------
    words : WordList
        The forms.
    roots : WordList
        What `stem` leaves of them.
    root_of_form : int32 array, shape (n_forms + 1,)
        Number of each form's root, -2 for a filler; the last is `ABSENT`.

    Raises
    ------
    IndexError
        If the arrays of `forms` differ in length, as in a broken model.
    """

    def __init__(self, forms: InflectedForms) -> None:
        check_lengths(len(forms.form), *forms)
        self.words = WordList(forms.form)
        self.roots = WordList(forms.root)
        root = np.where(forms.is_filler, _FILLER, self.roots.number(forms.root))
        # One more for an unknown word: `ABSENT` reads the last.
        self.root_of_form = np.append(root, ABSENT).astype(np.int32)

    def stem(self, tokens: Tokens) -> tuple[Tokens, Ints]:
        """Return the roots of the words, without fillers and unknown words.

        A gap is hard at the end of a sentence and where an unknown word is left out,
        soft everywhere else.

        Returns
        -------
        tokens : Tokens
            Each with the hash of its root.
        rank : int64 array, shape (n_kept,)
            How many words, fillers aside, precede each one kept in the batch.
        """
        root = self.root_of_form.take(self.words.find(tokens), mode="wrap")
        kept = np.flatnonzero(root >= 0)
        rank = kept - np.cumsum(root == _FILLER)[kept]
        root, sentence = root.take(kept), tokens.sentence.take(kept)
        gap = np.full(len(kept), HARD_GAP, np.uint8)
        is_joined = (sentence[1:] == sentence[:-1]) & (rank[1:] - rank[:-1] == 1)
        gap[:-1][is_joined] = _SOFT_GAP
        stemmed = tokens._replace(
            start=tokens.start.take(kept),
            end=tokens.end.take(kept),
            hash=self.roots.hashes.take(root),
            gap=gap,
            bounds=np.searchsorted(kept, tokens.bounds),
            line=tokens.line.take(kept),
            sentence=sentence,
            numbers_by_list={self.roots: root},
        )
        return stemmed, rank

    def tokenize(self, phrases: Sequence[str]) -> Tokens:
        """Return phrases cut into words and stemmed."""
        return self.stem(tokenize(phrases))[0]


def _words(phrase: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(phrase.lower()))
