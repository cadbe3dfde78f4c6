"""Find what a posting says of several skills at once: alternatives, and years.

Only of skills that it asks for. Records have it, columns do not: it is found for one
posting when its record is made, so that a table takes no longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from roleclf.skills.alternatives import alternatives_in, joins_by_slash
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import Mentions
from roleclf.skills.needs import MENTIONED
from roleclf.skills.sentences import Place, sentences_naming
from roleclf.skills.years import years_in

__all__ = ["AskedTogether", "find_asked_together"]

_LEAST_GROUP: Final = 2


class AskedTogether(NamedTuple):
    """The number of the group of skills, and the years asked for, by skill.

    Skills are places in the lexicon; those without group or years are left out.
    """

    group: dict[int, int]
    years: dict[int, float]


def find_asked_together(
    mentions: Mentions, posting: int, text: str, language: str | None, lexicon: Lexicon
) -> AskedTogether:
    """Return the groups of alternatives and the years of one posting.

    Parameters
    ----------
    mentions : Mentions
        Of its batch.
    posting : int
        Its place in the batch.
    text, language : str, str or None
        Its cleaned text, and the language of that.

    Notes
    -----
    A skill that stands in several lists of alternatives belongs to the first of them,
    and a list of which fewer than two skills are left is none. Where several numbers
    of years are asked for a skill, the first counts.
    """
    places = list(_places(mentions, posting))
    joins = joins_by_slash(lexicon.ids, lexicon.categories, lexicon.kinds)
    groups: list[list[int]] = []
    years: dict[int, float] = {}
    for sentence in sentences_naming(text, places):
        for numbers in alternatives_in(sentence, language, joins):
            groups.append([sentence.places[number].skill for number in numbers])
        for number, asked in years_in(sentence).items():
            years.setdefault(sentence.places[number].skill, asked)
    return AskedTogether(_number_groups(groups), years)


def _places(mentions: Mentions, posting: int) -> Iterable[Place]:
    """Return the places at which a posting asks for a skill."""
    own = slice(mentions.bounds[posting], mentions.bounds[posting + 1])
    columns = (mentions.start, mentions.end, mentions.skill, mentions.strength)
    rows = zip(*(column[own].tolist() for column in columns), strict=True)
    return (Place(*place) for *place, strength in rows if strength != MENTIONED)


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
