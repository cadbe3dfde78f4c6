"""Find skills that are alternatives, of which one will do: "Python, R or Scala".

Such a list has "or" between its last two items, or a slash between names of one kind,
or stands behind "one of the following". A sentence is cut into marks and words, these
into the items of lists; brackets hold lists of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from roleclf.skills.cues import cue_phrases
from roleclf.skills.list_pieces import (
    Piece,
    list_cues,
    may_have_lists,
    pieces_by_bracket,
    pieces_of,
)
from roleclf.skills.sentences import Place, Sentence

__all__ = ["alternatives_in", "joins_by_slash"]

_SEPARATORS: Final = frozenset({",", "/", "or", "and"})
_ENDS_OF_ITEMS: Final = _SEPARATORS | {":"}
# So many words may stand before a name in an item, or be an item of no known name.
_ITEM_WORDS: Final = 3
_LAST_ITEM_WORDS: Final = 5
# "One of the following languages:" has so many words before the list.
_INTRODUCING_WORDS: Final = 8

Joins = Callable[[Place, Place], bool]


class _Item(NamedTuple):
    """An item of a list: words before the first name, the names, words behind."""

    lead: tuple[str, ...]
    names: tuple[int, ...]
    tail: tuple[str, ...]


def alternatives_in(
    sentence: Sentence, language: str | None, joins: Joins
) -> list[list[int]]:
    """Return the groups of alternatives of a sentence, as numbers of its places.

    Parameters
    ----------
    language : str or None
        That of the text; some words mean "or" in one language only.
    joins : callable
        Whether a slash between two places means "or".

    Examples
    --------
    >>> sentence = Sentence("C, Go or R", (Place(0, 1, 0), Place(3, 5, 1)), 0)
    >>> alternatives_in(sentence, "en", lambda left, right: True)
    [[0, 1]]
    """
    if not _names_several(sentence) or not may_have_lists(sentence, language):
        return []
    pieces = pieces_of(sentence, language)
    kinds = {piece.kind for piece in pieces}
    groups = [_behind_one_of(pieces)] if "one" in kinds else []
    if "or" in kinds or "/" in kinds:
        for part in pieces_by_bracket(pieces):
            groups += _groups_of_list(*_items(part), sentence.places, joins)
    return _distinct(groups, sentence.places)


def joins_by_slash(
    ids: Sequence[str], categories: Sequence[str], kinds: Sequence[str]
) -> Joins:
    """Return a test of whether a slash between two places means "or".

    It does between tools of one category, as in "AWS/GCP", but not between those that
    are used together, as "HTML/CSS", nor between fields, as "AI/ML".
    """
    together = list_cues("slash joins")

    def joins(left: Place, right: Place) -> bool:
        a, b = left.skill, right.skill
        names = {ids[a], ids[b], categories[a]}
        is_alike = categories[a] == categories[b] and kinds[a] == kinds[b] == "tool"
        return is_alike and names.isdisjoint(together)

    return joins


def _names_several(sentence: Sentence) -> bool:
    first = sentence.places[0].skill
    return any(place.skill != first for place in sentence.places)


def _distinct(groups: Sequence[list[int]], places: Sequence[Place]) -> list[list[int]]:
    """Return the groups of at least two skills, without those that others hold."""
    several = [g for g in groups if len({places[n].skill for n in g}) > 1]
    unique = [g for n, g in enumerate(several) if g not in several[:n]]
    return [g for g in unique if not any(set(g) < set(other) for other in unique)]


def _items(pieces: Sequence[Piece]) -> tuple[list[_Item], list[str]]:
    """Return the items of the lists in some pieces, and what stands between them.

    Marks that follow each other are one: ", or" is "or". A colon begins a list anew.
    """
    items: list[_Item] = []
    marks: list[str] = []
    item: list[Piece] = []
    for piece in pieces:
        if piece.kind not in _ENDS_OF_ITEMS:
            item.append(piece)
            continue
        if item or not marks:
            items.append(_item(item))
            marks.append(piece.kind)
        elif piece.kind in ("or", "and"):
            marks[-1] = "or" if marks[-1] == "or" else piece.kind
        item = []
    items.append(_item(item))
    return items, marks


def _item(pieces: Sequence[Piece]) -> _Item:
    lead: list[str] = []
    names: list[int] = []
    tail: list[str] = []
    for kind, text, number in pieces:
        if kind == "name":
            names.append(number)
            tail = []
        elif kind != ".":
            (tail if names else lead).append(text)
    return _Item(tuple(lead), tuple(names), tuple(tail))


def _groups_of_list(
    items: Sequence[_Item], marks: Sequence[str], places: Sequence[Place], joins: Joins
) -> Iterator[list[int]]:
    """Yield the groups that "or" makes, and then those that slashes make."""
    place = 0
    while place < len(marks):
        if marks[place] != "or":
            place += 1
            continue
        last = _last_of_or(items, marks, place)
        first = _first_of_or(items, marks, place, last)
        yield _names_of(items, first, last)
        place = last
    yield from _groups_of_slashes(items, marks, places, joins)


def _last_of_or(items: Sequence[_Item], marks: Sequence[str], place: int) -> int:
    """Return the last item of a list, from one of its "or" on."""
    last = place + 1
    while last < len(marks) and marks[last] in ("or", "/"):
        if _opens(items[last]):
            break
        last += 1
    return last


def _first_of_or(
    items: Sequence[_Item], marks: Sequence[str], place: int, last: int
) -> int:
    """Return the first item of a list: commas before its "or" only join if it ends it.

    "SQL, Python or R, Tableau" has a choice of two, in a list of things all wanted.
    """
    is_end = last == len(marks) or marks[last] != "," or not items[last + 1].names
    is_end = is_end or not _is_short(items[last + 1])
    first = place
    while first > 0 and not _opens(items[first]):
        mark = marks[first - 1]
        # "MySQL or Oracle, Kafka or Kinesis" has two choices.
        is_comma = mark == "," and is_end and (first < 2 or marks[first - 2] != "or")
        if mark not in ("or", "/") and not is_comma:
            break
        if not _is_listed(items[first - 1], is_first=first == 1):
            break
        first -= 1
    return first


def _is_short(item: _Item) -> bool:
    return len(item.lead) <= _ITEM_WORDS and not _opens(item)


def _is_listed(item: _Item, *, is_first: bool) -> bool:
    """Whether a list goes on to the left with an item."""
    if not item.names:
        return not is_first and _is_short(item)
    is_closed = not _nouns().isdisjoint(item.tail)
    return len(item.tail) <= _ITEM_WORDS and not is_closed


def _opens(item: _Item) -> bool:
    """Whether an item begins a list, by its words: "experience with Python"."""
    if len(item.lead) > _ITEM_WORDS:
        return True
    return not (_openers() | _nouns()).isdisjoint(item.lead)


def _names_of(items: Sequence[_Item], first: int, last: int) -> list[int]:
    """Return one name for each item, the one that stands next to the list."""
    names = [items[first].names[-1:]]
    for item in items[first + 1 : last + 1]:
        names.append(() if _is_other(item) else item.names[:1])
    return [number for found in names for number in found]


def _is_other(item: _Item) -> bool:
    """Whether an item names no alternative: "or a similar database"."""
    if len(item.lead) > _LAST_ITEM_WORDS or not _similar().isdisjoint(item.lead):
        return True
    # "Or sales with Python" names sales; "or experience with Python" names Python.
    is_more = not list_cues("opens item").isdisjoint(item.lead[1:])
    return is_more and _nouns().isdisjoint(item.lead)


def _groups_of_slashes(
    items: Sequence[_Item], marks: Sequence[str], places: Sequence[Place], joins: Joins
) -> Iterator[list[int]]:
    group: list[int] = []
    for mark, left, right in zip(marks, items, items[1:], strict=False):
        is_bare = not left.tail and not right.lead and left.names and right.names
        pair = [*left.names[-1:], *right.names[:1]]
        if mark == "/" and is_bare and joins(*(places[number] for number in pair)):
            group = group if group[-1:] == pair[:1] else [pair[0]]
            group.append(pair[1])
            yield list(group)


def _behind_one_of(pieces: Sequence[Piece]) -> list[int]:
    """Return the names of the list that "one of" is said of."""
    for place, piece in enumerate(pieces):
        if piece.kind == "one":
            start = _start_of_list(pieces, place + 1)
            return [] if start is None else list(_names_listed(pieces[start:]))
    return []


def _start_of_list(pieces: Sequence[Piece], start: int) -> int | None:
    """Return where the list behind "one of" begins, None if none is near."""
    near = pieces[start : start + _INTRODUCING_WORDS + 1]
    others = list_cues("not a choice")
    for place, piece in enumerate(near):
        if piece.text in others:
            return None
        if piece.kind in (":", "(", "such"):
            return start + place + 1
    names = [place for place, piece in enumerate(near) if piece.kind == "name"]
    return start + names[0] if names and names[0] <= _ITEM_WORDS else None


def _names_listed(pieces: Sequence[Piece]) -> Iterator[int]:
    """Yield the names of a list, up to where a sentence goes on."""
    words: list[str] = []
    for piece in pieces:
        if piece.kind == "word":
            words.append(piece.text)
        elif piece.kind == "name":
            if len(words) > _ITEM_WORDS or not _openers().isdisjoint(words):
                return
            yield piece.number
            words = []
        elif piece.kind in _SEPARATORS:
            words = []


@cache
def _openers() -> frozenset[str]:
    """Return words before the first item of a list: "experience with"."""
    return list_cues("opens item") | list_cues("such as")


@cache
def _nouns() -> frozenset[str]:
    return frozenset(cue_phrases()["clause noun"])


@cache
def _similar() -> frozenset[str]:
    return list_cues("similar")
