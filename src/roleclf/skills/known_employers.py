"""Tell which skills an employer's name names, where a posting says whose it is.

A posting of "Tableau Software, LLC" speaks of Tableau as of itself; one of "Spark
Energy" does not mean the tool where it says the whole name. Legal forms and general
words are no part of a name; they are rows of `employer_words.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from roleclf.matching import Hits, read_columns
from roleclf.skills.cues import CueHits
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.proximity import Flags, shares_sentence
from roleclf.text import GAP_CODE_BY_CHARACTER, Tokens

__all__ = [
    "EmployerNames",
    "HitsOfEmployers",
    "is_asked_of_employer",
]

_WORDS: Final = Path(__file__).parent / "employer_words.csv"
_WORD: Final = re.compile(r"[^\W_]+[+#]*")
# "S.p.A." is one word; brackets and commas part names: "Tableau, a company of ...".
_DOT: Final = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_PART: Final = re.compile(r"[(),;|/]|\s[-–—]\s")
_MOST_NAMES: Final = 20_000
# What is longer is a text in the wrong column, and takes long to be read as a name.
_MOST_CHARACTERS: Final = 200
# Another skill so many words away in the same sentence is listed with a name.
_NEAR_WORDS: Final = 4
_FULL_STOPS: Final = [ord(mark) for mark in ".!"]
_BLANK: Final = GAP_CODE_BY_CHARACTER[" "]
# What asks for a tool in a sentence that begins with its name.
_ASKING_CUES: Final = ("asked", "clause noun", "required", "preferred", "tool precedes")


class HitsOfEmployers(NamedTuple):
    """What the names of employers say of each hit, shape (n_hits,) each.

    Attributes
    ----------
    is_known : bool array
        Whether the employer of its text is known.
    may_be : bool array
        Whether its skill is in the name of that employer.
    is_name : bool array
        Whether its skill is all of that name.
    is_inside : bool array
        Whether it is part of a longer name, which stands there as a whole.
    """

    is_known: Flags
    may_be: Flags
    is_name: Flags
    is_inside: Flags


class _Name(NamedTuple):
    """The skills in an employer's name, and how it is written.

    `tools` are those that are tools, `alone` those of them that are all of the name.
    `pattern` finds the name where it is longer than a skill in it.
    """

    skills: frozenset[int]
    tools: frozenset[int]
    alone: frozenset[int]
    pattern: re.Pattern[str] | None


_NO_SKILLS: Final = _Name(frozenset(), frozenset(), frozenset(), None)


class EmployerNames:
    """The skills in the names of employers, each name looked at once.

    Parameters
    ----------
    lexicon : Lexicon
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._names: dict[str, _Name] = {}

    def judge(
        self, tokens: Tokens, hits: Hits, employers: Sequence[str | None]
    ) -> HitsOfEmployers:
        """Return what the employers of a batch of texts say of its hits.

        Parameters
        ----------
        hits : Hits
            Where forms of the lexicon stand.
        employers : sequence of str or None, length n_texts
        """
        text = tokens.text_of(hits.first)
        given = np.array([_is_name(name) for name in employers], bool)
        flags = HitsOfEmployers(given[text], *np.zeros((3, len(text)), bool))
        for place in np.flatnonzero(given).tolist():
            name = self._name(str(employers[place]))
            if name.skills:
                first, stop = np.searchsorted(text, (place, place + 1)).tolist()
                self._judge_text(tokens, hits, place, name, slice(first, stop), flags)
        return flags

    def _judge_text(
        self,
        tokens: Tokens,
        hits: Hits,
        place: int,
        name: _Name,
        own: slice,
        flags: HitsOfEmployers,
    ) -> None:
        """Set the flags of the hits of one text, which are those of `own`."""
        skills = self._lexicon.skill_of_form[hits.phrase[own]].tolist()
        if name.skills.isdisjoint(skills):
            return
        flags.may_be[own] = [skill in name.tools for skill in skills]
        flags.is_name[own] = [skill in name.alone for skill in skills]
        if name.pattern is not None:
            start = tokens.start[hits.first[own]] - tokens.base[place]
            end = tokens.end[hits.last[own]] - tokens.base[place]
            for match in name.pattern.finditer(tokens.texts[place]):
                within = (start >= match.start()) & (end <= match.end())
                within &= end - start < match.end() - match.start()
                flags.is_inside[own] |= within

    def _name(self, employer: str) -> _Name:
        if employer not in self._names:
            if len(self._names) >= _MOST_NAMES:
                self._names.clear()
            self._names[employer] = self._read(employer)
        return self._names[employer]

    def _read(self, employer: str) -> _Name:
        written = [_words(part) for part in _PART.split(_DOT.sub("", employer))]
        names = [name for words in written if (name := _main_words(words))]
        within = {skill for name in names for skill in self._skills_in(name)}
        if not within:  # as for most: a pattern takes long to compile
            return _NO_SKILLS
        is_tool = self._lexicon.is_tool
        alone = {skill for name in names for skill in self._skills_of(name)}
        # A tool that is all of a name is not looked for as part of a longer one.
        longer = [name for name in names if not any(is_tool[self._skills_of(name)])]
        if len(longer) == len(names):
            longer += written
        return _Name(
            frozenset(within),
            frozenset(skill for skill in within if is_tool[skill]),
            frozenset(skill for skill in alone if is_tool[skill]),
            _pattern(name for name in longer if len(name) > 1),
        )

    def _skills_of(self, name: Sequence[str]) -> list[int]:
        """Return the skills that have a name as one of their forms."""
        return list(self._skills_by_form.get(" ".join(name), ()))

    def _skills_in(self, name: Sequence[str]) -> Iterator[int]:
        """Yield the skills that some words of a name name."""
        for first in range(len(name)):
            for stop in range(first + 1, len(name) + 1):
                yield from self._skills_of(name[first:stop])

    @cached_property
    def _skills_by_form(self) -> dict[str, tuple[int, ...]]:
        """The skills that have each form, by its words in lower case."""
        skills: dict[str, tuple[int, ...]] = {}
        pairs = zip(self._lexicon.forms, self._lexicon.skill_of_form, strict=True)
        for form, skill in pairs:
            key = " ".join(_words(form))
            skills[key] = (*skills.get(key, ()), int(skill))
        return skills


def _is_name(employer: str | None) -> bool:
    return bool(employer and len(employer) <= _MOST_CHARACTERS and employer.strip())


def is_asked_of_employer(
    tokens: Tokens, hits: Hits, known: HitsOfEmployers, is_asked: Flags, cues: CueHits
) -> Flags:
    """Whether each hit means the tool even if it may be the employer, (n_hits,).

    Parameters
    ----------
    is_asked : bool array, shape (n_hits,)
        Whether section or cues ask for the hit.
    cues : mapping of str to Hits
        From `scope_preferences`.
    """
    found = _is_beside_other(tokens, hits, known.may_be)
    asked = np.flatnonzero(known.may_be & is_asked)
    found[asked] |= ~_is_subject(tokens, hits.pick(asked), cues)
    return found


def _is_subject(tokens: Tokens, hits: Hits, cue_hits: CueHits) -> Flags:
    """Whether each hit opens a sentence in which nothing asks for it, shape (n_hits,).

    Among the requirements, "Oracle offers a pension." speaks of the employer, unlike
    "Oracle experience is needed." and the item "Oracle administration".

    Parameters
    ----------
    hits : Hits
        Of names of employers.
    cue_hits : mapping of str to Hits
        From `scope_preferences`.
    """
    found = np.zeros(len(hits.first), bool)
    before = tokens.sentence.take(hits.first - 1, mode="clip")
    begins = (tokens.sentence[hits.first] != before) | (hits.first == 0)
    begins &= (tokens.gap[hits.last] == _BLANK) & ~tokens.ends_sentence(hits.last)
    subjects = np.flatnonzero(begins)
    if len(subjects) == 0:
        return found
    words = hits.first[subjects]
    speaks = ~tokens.is_capital(hits.last[subjects] + 1)
    last = np.searchsorted(tokens.sentence, tokens.sentence[words], "right") - 1
    speaks &= np.isin(tokens.buffer.take(tokens.end[last], mode="clip"), _FULL_STOPS)
    for category in _ASKING_CUES:
        speaks &= ~shares_sentence(tokens, words, cue_hits[category])
    found[subjects] = speaks
    return found


def _is_beside_other(tokens: Tokens, hits: Hits, may_be: Flags) -> Flags:
    """Whether a skill that is not the employer is near each hit in its sentence."""
    sentence = tokens.sentence[hits.first]
    near = sentence[1:] == sentence[:-1]
    near &= hits.first[1:] - hits.last[:-1] <= _NEAR_WORDS
    found = np.zeros(len(may_be), bool)
    found[1:] |= near & ~may_be[:-1]
    found[:-1] |= near & ~may_be[1:]
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _main_words(words: Sequence[str]) -> list[str]:
    """Return a name without legal forms and general words at its ends.

    Examples
    --------
    >>> _main_words(["the", "tableau", "software", "gmbh"])
    ['tableau']
    """
    listed = _listed_words()
    main = list(words)
    while main and main[-1] in listed:
        main.pop()
    while len(main) > 1 and main[0] in listed:
        main.pop(0)
    return main


def _pattern(names: Iterable[Sequence[str]]) -> re.Pattern[str] | None:
    """Return a pattern of any of some names, the longest first; None for none."""
    longest_first = sorted(names, key=len, reverse=True)
    if not longest_first:
        return None
    written = (r"\W{1,3}".join(map(re.escape, words)) for words in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE)


@cache
def _listed_words() -> frozenset[str]:
    return frozenset(read_columns(_WORDS)["word"])
