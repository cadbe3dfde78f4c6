"""Tell names of skills from everyday words, by a posting's language and subject.

"Tableau" is a word of French, "parquet" one of floor layers. Forms that the lexicon
gives the rule `software` count by themselves only in postings that speak of software or
data. Those in `everyday_words.csv` are words of some languages: there they count by
themselves only with a capital inside a sentence of such a posting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from roleclf.matching import Hits, texts_of_hits
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.proximity import Flags
from roleclf.text import BLANK, Ints, Tokens

__all__ = ["Subjects", "add_titles", "find_everyday", "find_subjects"]

# A text whose language nothing tells is read as English.
_DEFAULT: Final = "en"
# What shows that a posting speaks of software: a title, a skill that means nothing
# else, a word of the trade, the capital of a tool whose name is a word elsewhere. Less
# is enough where no title says otherwise, and nothing in a few words without one.
_ENOUGH: Final = 2
_POINTS_OF_TITLE, _POINTS_OF_SKILL, _POINTS_OF_WORD, _POINTS_OF_CAPITAL = 2, 2, 1, 1
_POINTS_WITHOUT_TITLE: Final = 1
_FEW_WORDS: Final = 12


class Subjects(NamedTuple):
    """What is known of each posting in a batch before its text is searched.

    Attributes
    ----------
    language : int64 array, shape (n_texts,)
        A bit of `Lexicon.everyday_in`; 0 where no word of the language is listed.
    has_title : bool array, shape (n_texts,)
    points : int64 array, shape (n_texts,)
        How much shows already that the posting speaks of software or data.
    """

    language: Ints
    has_title: Flags
    points: Ints


def find_subjects(
    tokens: Tokens, languages: Sequence[str | None], lexicon: Lexicon
) -> Subjects:
    """Return the subjects of texts without titles.

    Parameters
    ----------
    languages : sequence of str or None
        From `detect_languages`.
    """
    bits = [lexicon.bit_by_language.get(code or _DEFAULT, 0) for code in languages]
    is_short = np.diff(tokens.bounds) <= _FEW_WORDS
    points = np.where(is_short, _ENOUGH, _POINTS_WITHOUT_TITLE)
    return Subjects(np.array(bits, np.int64), np.zeros(len(bits), bool), points)


def add_titles(
    subjects: Subjects,
    titles: Tokens,
    hits: Hits,
    words: Iterable[Hits],
    lexicon: Lexicon,
) -> Subjects:
    """Return `subjects` with what the titles say.

    Parameters
    ----------
    hits : Hits
        Where the forms of the lexicon stand in the titles.
    words : iterable of Hits
        Of words of the software trade.
    """
    has_title = np.diff(titles.bounds) > 0
    points = np.where(has_title, 0, subjects.points)
    shown = hits.pick(lexicon.shows_software[hits.phrase])
    for part in (shown, *words):
        points[titles.text_of(part.first)] = _POINTS_OF_TITLE
    return subjects._replace(has_title=has_title, points=points)


def find_everyday(
    tokens: Tokens,
    hits: Hits,
    asked: Flags,
    words: Hits,
    subjects: Subjects,
    lexicon: Lexicon,
) -> tuple[Flags, Flags]:
    """Tell which hits are everyday words, for sure or unless their context names them.

    Parameters
    ----------
    asked : bool array, shape (n_hits,)
        The hits to consider; the others show nothing.
    words : Hits
        Of words of the software trade.

    Returns
    -------
    is_word, is_doubtful : bool arrays, shape (n_hits,)
    """
    is_word, is_doubtful = np.zeros((2, len(hits.first)), bool)
    places = np.flatnonzero(asked & lexicon.may_be_everyday[hits.phrase])
    suspects = hits.pick(places)
    phrase, first = suspects.phrase, suspects.first
    text = np.repeat(np.arange(len(tokens.texts)), _count(tokens, first))
    is_capital = tokens.is_capital(first)
    is_own = lexicon.everyday_in[phrase] & subjects.language[text] > 0
    is_name = is_capital & ~tokens.begins_sentence(first)
    is_name &= ~is_own | lexicon.needs_capital[phrase]
    is_hint = is_name | is_capital & ~is_own & ~subjects.has_title[text]
    hints = suspects.pick(is_hint & lexicon.is_hint[phrase])
    shown = hits.first[asked & lexicon.shows_software[hits.phrase]]
    is_software = _is_software(tokens, shown, words, hints, subjects, lexicon)[text]
    is_after_name = lexicon.is_after_name[phrase]
    is_word[places] = is_own & ~is_capital
    # "Informática" is no name in any language: none of these has an accent.
    listed = np.flatnonzero(lexicon.everyday_in[phrase])
    written = texts_of_hits(tokens, suspects.pick(listed))
    has_accent = np.array([not text.isascii() for text in written], bool)
    is_word[places[listed]] |= has_accent
    is_doubtful[places] = lexicon.needs_software[phrase] & ~is_software
    is_doubtful[places] |= is_own & np.where(
        is_after_name, _has_name_before(tokens, first), ~(is_name & is_software)
    )
    return is_word, is_doubtful


def _is_software(
    tokens: Tokens,
    shown: Ints,
    words: Hits,
    hints: Hits,
    subjects: Subjects,
    lexicon: Lexicon,
) -> Flags:
    """Whether each text speaks of software or data.

    Parameters
    ----------
    shown : int64 array
        Places of skills that show it.
    words, hints : Hits
        Of words of the trade, and of capitals that are names if others are.
    """
    skill = lexicon.skill_of_form[hints.phrase]
    names = np.unique(tokens.text_of(hints.first) * len(lexicon.ids) + skill)
    n_names = np.bincount(names // len(lexicon.ids), minlength=len(tokens.texts))
    points = subjects.points + _POINTS_OF_CAPITAL * n_names
    points += _POINTS_OF_SKILL * _count(tokens, shown)
    points += _POINTS_OF_WORD * _count(tokens, words.first)
    return points >= _ENOUGH


def _count(tokens: Tokens, words: Ints) -> Ints:
    """Return how many of the words, which ascend, each text has."""
    return np.diff(np.searchsorted(words, tokens.bounds))


def _has_name_before(tokens: Tokens, words: Ints) -> Flags:
    """Whether a word with a capital stands before each, and only a blank between."""
    before = np.maximum(words - 1, 0)
    is_apart = tokens.start[words] - tokens.end[before] == 1
    is_apart &= tokens.buffer[tokens.end[before]] == BLANK
    return is_apart & tokens.is_capital(before)
