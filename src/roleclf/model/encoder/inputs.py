"""Select what an encoder reads of a posting: title, and the text with duties first.

An encoder reads some 250 word pieces, a third of a posting. Training and predicting
select by the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from roleclf.matching import (
    NO_SECTION,
    SECTIONS,
    PhraseTable,
    find_sections,
    read_headings,
)
from roleclf.text import BATCH_SIZE, Ints, Tokens, tokenize

__all__ = ["InputSelection", "encoder_inputs"]

_DUTIES: Final = SECTIONS.index("duties")
_WANTED: Final = frozenset(map(SECTIONS.index, ("requirements", "preferred")))
_LEFT_OUT: Final = frozenset(map(SECTIONS.index, ("benefits", "apply", "legal")))
_HEADINGS: Final = "headings"


class InputSelection(NamedTuple):
    """How much of what is selected.

    Attributes
    ----------
    least_duty_words : int
        With fewer words in sections of duties, all sections are read but benefits,
        application and law, in their order.
    unsectioned_characters : int
        So many of the last characters that are in no section are read behind the
        duties, before requirements and wishes.
    title_characters, text_characters : int
        The rest of a title, and of what was selected of a text, is cut off.
    """

    least_duty_words: int = 60
    unsectioned_characters: int = 1200
    title_characters: int = 200
    text_characters: int = 6000


class _Part(NamedTuple):
    """A run of words in one section, and its text."""

    section: int
    text: str


def encoder_inputs(
    titles: Sequence[str],
    descriptions: Sequence[str],
    selection: InputSelection = InputSelection(),  # noqa: B008  # never changed
) -> list[tuple[str, str]]:
    """Return the title and the text of each posting that an encoder reads.

    Parameters
    ----------
    titles, descriptions : sequence of str
        Cleaned, one for each posting.
    selection : InputSelection
    """
    texts = (
        text
        for start in range(0, len(descriptions), BATCH_SIZE)
        for text in _select(descriptions[start : start + BATCH_SIZE], selection)
    )
    return [
        (title[: selection.title_characters], text[: selection.text_characters])
        for title, text in zip(titles, texts, strict=True)
    ]


def _select(descriptions: Sequence[str], selection: InputSelection) -> list[str]:
    tokens = tokenize(descriptions)
    section = find_sections(tokens, _heading_table().find(tokens)[_HEADINGS])
    return [
        _selected(tokens, section, place, selection)
        for place in range(len(tokens.texts))
    ]


@cache
def _heading_table() -> PhraseTable:
    return PhraseTable.of({_HEADINGS: read_headings().phrases})


def _selected(
    tokens: Tokens, section: Ints, place: int, selection: InputSelection
) -> str:
    """Return what is read of the text at a place in its batch."""
    words = slice(tokens.bounds[place], tokens.bounds[place + 1])
    parts = _parts(tokens, section, place)
    if np.count_nonzero(section[words] == _DUTIES) < selection.least_duty_words:
        return "\n".join(p.text for p in parts if p.section not in _LEFT_OUT)
    duties = "\n".join(p.text for p in parts if p.section == _DUTIES)
    others = "\n".join(p.text for p in parts if p.section == NO_SECTION)
    wanted = "\n".join(p.text for p in parts if p.section in _WANTED)
    others = others[-selection.unsectioned_characters :]
    return "\n".join(filter(None, (duties, others, wanted)))


def _parts(tokens: Tokens, section: Ints, place: int) -> list[_Part]:
    """Return the runs of words in one section of a text; none if it has no word."""
    begin, end = tokens.bounds[place], tokens.bounds[place + 1]
    if begin == end:
        return []
    text = tokens.texts[place]
    changes = begin + 1 + np.flatnonzero(np.diff(section[begin:end]))
    firsts = np.append(begin, changes)
    # The first run has what stands before the first word, too.
    starts = [0, *(tokens.start[changes] - tokens.base[place]).tolist(), len(text)]
    return [
        _Part(number, text[starts[i] : starts[i + 1]].strip())
        for i, number in enumerate(section[firsts].tolist())
    ]
