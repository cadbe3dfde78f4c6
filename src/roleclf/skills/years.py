"""Find how many years of a skill are asked for: "5+ years of Python", "SQL (2 years)".

A number of years speaks of what follows it in its clause, or, in brackets or behind a
colon, of what comes before. Of a span of years the least counts. Years that belong to
no skill, as in "10 years in IT" or "for over 25 years", are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from roleclf.skills.sentences import Sentence, words_in
from roleclf.skills.year_cues import (
    asking_nouns,
    clause_ends,
    number_words,
    year_patterns,
    year_words,
)

__all__ = ["years_in"]

_MOST_YEARS: Final = 25.0
_HALF: Final = 0.5
# So many words may lie between the years and the first skill, between two skills, and
# behind a comma before the next skill.
_FIRST_WORDS: Final = 14
_NEXT_WORDS: Final = 7
_ITEM_WORDS: Final = 3
_BACKWARD_WORDS: Final = 4
_WORD: Final = re.compile(r"\w[\w'’+#-]*")
_COLON: Final = re.compile(r"\s*(?:[:–—]|\s-)\s*\Z|\s*[:–—-]\s*\Z")
_LONG_DASH: Final = re.compile(r"\s[-–—]\s|[:•|]")


class _Years(NamedTuple):
    """A number of years in a sentence, and where it stands; `end` is exclusive."""

    start: int
    end: int
    least: float


def years_in(sentence: Sentence) -> dict[int, float]:
    """Return the years that a sentence asks for, by the numbers of its places.

    Examples
    --------
    >>> from roleclf.skills.sentences import Place
    >>> years_in(Sentence("3-5 years of C", (Place(13, 14, 0),), 0))
    {0: 3.0}
    """
    found: dict[int, float] = {}
    if year_words().isdisjoint(words_in(sentence.text)):
        return found
    years = list(_years(sentence.text))
    sentence = _without_versions(sentence, years)
    years = _without_others(sentence, years)
    for place, one in enumerate(years):
        end = years[place + 1].start if place + 1 < len(years) else len(sentence.text)
        before, inside = _bracket_about(sentence.text, one)
        if inside is not None:
            end = min(end, inside)
        chosen = _spoken_of(sentence, one, end, before, inside)
        found.update(dict.fromkeys(chosen, one.least))
    return found


def _spoken_of(
    sentence: Sentence, years: _Years, end: int, before: int, inside: int | None
) -> list[int]:
    """Return the numbers of the places that some years speak of.

    Parameters
    ----------
    end : int
        Where what follows the years ends.
    before : int
        Where the brackets about the years open, or the years themselves begin.
    inside : int or None
        Where the brackets close, None where there are none.
    """
    if inside is not None:
        following = list(_following(sentence, years.end, inside))
        preceding = _before_brackets(sentence, before, inside)
        if following or preceding:
            return following or preceding
        return list(_following(sentence, inside + 1, len(sentence.text)))
    preceding = _linked_before(sentence, before)
    if preceding:
        return preceding
    following = list(_following(sentence, years.end, end))
    return following or _before_colon(sentence, before)


def _years(text: str) -> Iterator[_Years]:
    """Yield the numbers of years in a text."""
    for match in year_patterns().years.finditer(text):
        least = _number(match["least"]) + _HALF * bool(match["half"] or match["more"])
        if 0 < least <= _MOST_YEARS:
            yield _Years(match.start(), match.end(), least)


def _without_versions(sentence: Sentence, years: Sequence[_Years]) -> Sentence:
    """Return the sentence with places that end before years: not "Python 3 years"."""
    places = []
    for place in sentence.places:
        cuts = [one.start for one in years if place.start < one.start < place.end]
        name = sentence.text[place.start : min([place.end, *cuts])]
        places.append(place._replace(end=place.start + len(name.rstrip(" :–—-"))))
    return sentence._replace(places=tuple(places))


def _number(text: str) -> float:
    known = number_words().get(text.casefold())
    return known if known is not None else float(text.replace(",", "."))


def _without_others(sentence: Sentence, years: Sequence[_Years]) -> list[_Years]:
    """Return the years that ask for experience; of two joined ones, the least.

    "Over the past 5 years" asks for none. "12 years with a bachelor's or 5 with a
    master's degree" asks for 5.
    """
    text = sentence.text
    kept: list[_Years] = []
    for one in years:
        if year_patterns().not_before.search(text[: one.start]) is not None:
            continue
        if year_patterns().not_behind.match(text, one.end) is not None:
            continue
        if kept and _are_joined(sentence, kept[-1].end, one.start):
            one = one._replace(least=min(kept.pop().least, one.least))
        kept.append(one)
    return kept


def _are_joined(sentence: Sentence, start: int, end: int) -> bool:
    if any(start <= place.start < end for place in sentence.places):
        return False
    between = sentence.text[start:end]
    return not _WORD.search(between) or bool(year_patterns().either.search(between))


def _bracket_about(text: str, years: _Years) -> tuple[int, int | None]:
    """Return where brackets about some years open and close."""
    opened = max(text.rfind(mark, 0, years.start) for mark in "([")
    closed = max(text.rfind(mark, 0, years.start) for mark in ")]")
    ends = [end for mark in ")]" if (end := text.find(mark, years.end)) >= 0]
    if opened <= closed or not ends:
        return years.start, None
    return opened, min(ends)


def _before(sentence: Sentence, end: int) -> tuple[list[int], str]:
    """Return the numbers of the places before `end`, and the text behind the last."""
    numbers = [n for n, place in enumerate(sentence.places) if place.end <= end]
    start = sentence.places[numbers[-1]].end if numbers else 0
    return numbers, sentence.text[start:end]


def _before_brackets(sentence: Sentence, opened: int, closed: int) -> list[int]:
    """Return the places that years in brackets speak of: "SQL, Python (2 years)".

    The last before them; the whole list, if it has an "and" and the sentence ends.
    """
    numbers, gap = _before(sentence, opened)
    if not numbers or _n_words(gap) > _ITEM_WORDS or "," in gap:
        return []
    ends = not _WORD.search(sentence.text[closed:])
    return _list_before(sentence, numbers, needs_and=True) if ends else numbers[-1:]


def _linked_before(sentence: Sentence, end: int) -> list[int]:
    """Return the places before "of at least 3 years", or "for 3 years".

    Not where a company speaks of itself: "we have run Spark for 10 years".
    """
    numbers, gap = _before(sentence, end)
    if not numbers or year_patterns().backward.fullmatch(gap) is None:
        return []
    if year_patterns().company.search(sentence.text[:end]):
        return []
    return _list_before(sentence, numbers, needs_and=False)


def _before_colon(sentence: Sentence, end: int) -> list[int]:
    """Return the place before a colon or a dash and some years: "SQL: 3 years"."""
    numbers, gap = _before(sentence, end)
    gap = year_patterns().least.sub("", gap)
    colon = _COLON.search(gap)
    if not numbers or colon is None or _n_words(gap) > _ITEM_WORDS or "," in gap:
        return []
    return numbers[-1:]


def _list_before(
    sentence: Sentence, numbers: Sequence[int], *, needs_and: bool
) -> list[int]:
    """Return the list that ends with the last of some places."""
    chosen = [numbers[-1]]
    has_and = False
    for number in reversed(numbers[:-1]):
        start = sentence.places[number].end
        gap = sentence.text[start : sentence.places[chosen[-1]].start]
        if _n_words(gap) > _ITEM_WORDS or not year_patterns().joint.search(gap):
            break
        has_and = has_and or bool(year_patterns().joint_word.search(gap))
        chosen.append(number)
    return chosen[::-1] if has_and or not needs_and else chosen[:1]


def _following(sentence: Sentence, start: int, end: int) -> Iterator[int]:
    """Yield the numbers of the places that years speak of, which follow them."""
    before = start
    for number, place in enumerate(sentence.places):
        if start <= place.start < end:
            gap = sentence.text[before : place.start]
            if before == start:
                if not _reaches_first(sentence.text, gap, place.end, end):
                    return
            elif not _reaches_next(gap):
                return
            yield number
            before = place.end


def _reaches_first(text: str, gap: str, start: int, end: int) -> bool:
    """Whether years speak of the first skill behind them.

    Parameters
    ----------
    gap : str
        What stands between.
    start, end : int
        Where what follows the skill begins and ends.
    """
    if _n_words(gap) > _FIRST_WORDS or year_patterns().ends.search(gap):
        return False
    head, *items = re.split(r",|\(", gap)
    if "," in gap and not (_goes_on(head, gap) and _are_items(items)):
        return False
    if _has_noun_behind_joint(gap):
        return False
    behind = text[start:end]
    asks = year_patterns().experience.search(gap) or year_patterns().object.match(gap)
    return bool(
        asks or not gap.strip(" -'’") or year_patterns().experience.search(behind)
    )


def _goes_on(head: str, gap: str) -> bool:
    """Whether a list goes on behind a comma: not in "of experience in IT, Python"."""
    words = [word.casefold() for word in _WORD.findall(head)]
    is_whole = not words or words[-1] in clause_ends()
    return not is_whole or bool(words and year_patterns().either.search(gap))


def _are_items(items: Sequence[str]) -> bool:
    return all(_n_words(item) <= _ITEM_WORDS for item in items)


def _reaches_next(gap: str) -> bool:
    """Whether years that speak of a skill speak of the next, too."""
    if _n_words(gap) > _NEXT_WORDS or year_patterns().ends.search(gap):
        return False
    if _LONG_DASH.search(gap) or _has_noun_behind_joint(gap):
        return False
    return "," not in gap or _n_words(gap.rpartition(",")[2]) <= _ITEM_WORDS


def _has_noun_behind_joint(gap: str) -> bool:
    """Whether another noun of asking begins a clause: "and knowledge of SQL"."""
    _, *parts = year_patterns().joint.split(gap)
    words = (word.casefold() for part in parts for word in _WORD.findall(part))
    return not asking_nouns().isdisjoint(words)


def _n_words(text: str) -> int:
    return len(_WORD.findall(text))
