"""Cut out the sentences of a text that name skills, for what is said of them together.

Groups and years are found in the text of a sentence, with the places of its mentions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Final, NamedTuple

from roleclf.matching import group_by, read_columns

__all__ = [
    "Place",
    "Sentence",
    "alternation",
    "read_cues",
    "sentences_naming",
    "words_in",
]

_CUES: Final = Path(__file__).parent / "alternative_cues.csv"
# A mark with a blank behind it ends a sentence, as for `Tokens`.
_MARK: Final = re.compile(r"[.!?;](?=\s)")
_NO_WORD: Final = re.compile(r"[^\w.]")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LONGEST_SHORT_FORM: Final = 8


class Place(NamedTuple):
    """Where a text names a skill; `skill` is its place in the lexicon."""

    start: int
    end: int
    skill: int


class Sentence(NamedTuple):
    """A sentence of a text, and the places in it, which count from its start.

    `number` is the number of its first place among all that were given; `start` is
    where it begins in the text.
    """

    text: str
    places: tuple[Place, ...]
    number: int
    start: int = 0


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case, without digits."""
    return _LETTERS.findall(text.lower())


def sentences_naming(text: str, places: Sequence[Place]) -> Iterator[Sentence]:
    """Yield the sentences of a text that name a skill, in order.

    Parameters
    ----------
    places : sequence of Place
        In reading order, not overlapping.
    """
    number = 0
    while number < len(places):
        line = text.rfind("\n", 0, places[number].start) + 1
        stop = text.find("\n", places[number].end)
        ends = _ends(text, line, len(text) if stop < 0 else stop)
        while number < len(places) and places[number].start < ends[-1]:
            part = bisect_right(ends, places[number].start)
            start, end = ends[part - 1], ends[part]
            within = list(takewhile(lambda p: p.start < end, places[number:]))  # noqa: B023
            moved = (Place(p.start - start, p.end - start, p.skill) for p in within)
            stop = max(end, within[-1].end)
            yield Sentence(text[start:stop], tuple(moved), number, start)
            number += len(within)


def _ends(text: str, start: int, stop: int) -> list[int]:
    """Return where a line and its sentences begin, and where it ends."""
    marks = _MARK.finditer(text, start, stop)
    return [start, *(mark.end() for mark in marks if _is_end(text, mark)), stop]


def _is_end(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark ends a sentence: not the last dot of "e.g." or "min."."""
    if mark[0] != ".":
        return True
    place = mark.start()
    before = text[max(0, place - _LONGEST_SHORT_FORM) : place].casefold()
    last = _NO_WORD.split(before)[-1]
    return last not in _short_forms() and last[-2:-1] != "." and len(last) != 1


@cache
def _short_forms() -> frozenset[str]:
    return frozenset(row[0] for row in read_cues(_CUES)["short form"])


@cache
def read_cues(path: Path) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return the rows of a list of cues by category, without that column."""
    columns = read_columns(path)
    categories = columns.pop("category")
    rows = group_by(categories, zip(*columns.values(), strict=True))
    return {category: tuple(found) for category, found in rows.items()}


def alternation(phrases: Sequence[str], *, glued: bool = False) -> str:
    r"""Return a pattern of any of the phrases, the longest first, as whole words.

    Parameters
    ----------
    glued : bool
        Whether they may stand right behind a letter or digit.

    Examples
    --------
    >>> alternation(["or", "and/or", "+"])
    '(?:(?<!\\w)(?:and/or|or)(?!\\w)|\\+)'
    """
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    parts = []
    for begins in (True, False):
        for ends in (True, False):
            chosen = [
                re.escape(phrase).replace(r"\ ", r"\s+")
                for phrase in longest_first
                if (phrase[0].isalnum(), phrase[-1].isalnum()) == (begins, ends)
            ]
            before = r"(?<!\w)" if begins and not glued else ""
            behind = r"(?!\w)" if ends else ""
            one = chosen[0] if len(chosen) == 1 else f"(?:{'|'.join(chosen)})"
            parts += [before + one + behind] if chosen else []
    return f"(?:{'|'.join(parts)})"
