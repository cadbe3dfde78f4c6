"""Find what a posting says of several skills at once: alternatives, and years.

Only of skills that it asks for. Records have it, columns do not: it is found when the
first record of a batch is made, so that a table takes no longer. Only the sentences
that have a cue for it are read, which are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby, starmap
from typing import Final, NamedTuple

import numpy as np

from roleclf.skills.alternatives import Joins, alternatives_in, joins_by_slash
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import Mentions
from roleclf.skills.needs import MENTIONED
from roleclf.skills.sentences import Place, Sentence, sentences_naming
from roleclf.skills.together_cues import (
    NUMBER,
    ONE,
    OR,
    SLASH,
    YEAR,
    TogetherCues,
    find_together_cues,
)
from roleclf.skills.years import years_in
from roleclf.text import Tokens

__all__ = ["AskedTogether", "find_asked_together"]

_LEAST_GROUP: Final = 2


class AskedTogether(NamedTuple):
    """The number of the group of skills, and the years asked for, by skill.

    Skills are places in the lexicon; those without group or years are left out.
    """

    group: dict[int, int]
    years: dict[int, float]


def find_asked_together(
    tokens: Tokens,
    mentions: Mentions,
    languages: Sequence[str | None],
    lexicon: Lexicon,
) -> list[AskedTogether]:
    """Return the groups of alternatives and the years of each posting of a batch.

    Parameters
    ----------
    tokens : Tokens
        Of the cleaned texts.
    mentions : Mentions
        Of the batch.
    languages : sequence of str or None, length n_texts
        The language of each text.

    Notes
    -----
    A skill that stands in several lists of alternatives belongs to the first of them,
    and a list of which fewer than two skills are left is none. Where several numbers
    of years are asked for a skill, the first counts.
    """
    found = [AskedTogether({}, {}) for _ in range(len(tokens.texts))]
    cues = find_together_cues(tokens, languages)
    joins = joins_by_slash(lexicon.ids, lexicon.categories, lexicon.kinds)
    bases = tokens.base.tolist()
    for text, places in _places_with_cues(tokens, mentions, cues):
        sentences = sentences_naming(tokens.texts[text], places)
        told = _Told(cues, bases[text], languages[text], joins)
        found[text] = told.asked_together(sentences)
    return found


class _Told(NamedTuple):
    """What is needed to read the sentences of one text."""

    cues: TogetherCues
    base: int
    language: str | None
    joins: Joins

    def asked_together(self, sentences: Iterable[Sentence]) -> AskedTogether:
        """Return the groups and years that some sentences tell."""
        groups: list[list[int]] = []
        years: dict[int, float] = {}
        for sentence in sentences:
            kinds = self._kinds_from(sentence, 0)
            if self._may_group(sentence, kinds):
                for numbers in alternatives_in(sentence, self.language, self.joins):
                    groups.append([sentence.places[n].skill for n in numbers])
            if _may_have_years(kinds):
                for number, asked in years_in(sentence).items():
                    years.setdefault(sentence.places[number].skill, asked)
        return AskedTogether(_number_groups(groups), years)

    def _may_group(self, sentence: Sentence, kinds: Sequence[int]) -> bool:
        """Whether a sentence may have a list of alternatives."""
        if len(sentence.places) < _LEAST_GROUP:
            return False
        if any(kind & ONE for kind in kinds):
            return True
        behind = self._kinds_from(sentence, sentence.places[0].end)
        if any(kind & OR for kind in behind):
            return True
        if SLASH not in behind:
            return False
        # "Or AI/ML": the slash goes on with a choice that begins before it.
        pairs = combinations(sentence.places, 2)
        return any(kind & OR for kind in kinds) or any(starmap(self.joins, pairs))

    def _kinds_from(self, sentence: Sentence, start: int) -> Sequence[int]:
        """Return the kinds of the cues of a sentence, from a place in it on."""
        base = self.base + sentence.start
        return self.cues.kinds_between(base + start, base + len(sentence.text))


def _may_have_years(kinds: Sequence[int]) -> bool:
    """Whether a sentence has a number and behind it, or in it, a word for a year."""
    has_number = False
    for kind in kinds:
        has_number = has_number or bool(kind & NUMBER)
        if has_number and kind & YEAR:
            return True
    return False


def _places_with_cues(
    tokens: Tokens, mentions: Mentions, cues: TogetherCues
) -> Iterator[tuple[int, list[Place]]]:
    """Yield each text, and where it asks for a skill in a line that has a cue."""
    asked = np.flatnonzero(mentions.strength != MENTIONED)
    text, skill = mentions.text[asked], mentions.skill[asked]
    start, end = mentions.start[asked], mentions.end[asked]
    base = tokens.base[text]
    line, last_line = (
        tokens.line[np.searchsorted(tokens.start, place + base, "right") - 1]
        for place in (start, end - 1)
    )
    kinds = cues.kinds_of_lines(line)
    # A group needs two skills in one line.
    follows = (line[1:] == line[:-1]) & (skill[1:] != skill[:-1])
    has_several = np.isin(line, line[1:][follows])
    chosen = (kinds & (ONE | OR | SLASH) > 0) & has_several
    chosen |= (kinds & YEAR > 0) & (kinds & NUMBER > 0)
    # A name over two lines makes them one.
    chosen |= np.isin(text, text[line != last_line])
    columns = (text[chosen], start[chosen], end[chosen], skill[chosen])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for number, own in groupby(rows, lambda row: row[0]):
        yield number, [Place(*place) for _, *place in own]


def _number_groups(groups: Iterable[list[int]]) -> dict[int, int]:
    """Return the number of the group of each skill, from 1."""
    number_of: dict[int, int] = {}
    number = 1
    for group in groups:
        free = [skill for skill in dict.fromkeys(group) if skill not in number_of]
        if len(free) >= _LEAST_GROUP:
            number_of.update(dict.fromkeys(free, number))
            number += 1
    return number_of
