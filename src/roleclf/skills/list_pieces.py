"""Cut a sentence that names skills into the pieces that lists are made of.

Pieces are marks, words for "or", "and", "such as" and "one of", other words, and the
names of skills.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Final, NamedTuple

from roleclf.skills.sentences import Sentence, read_cues, words_in

__all__ = [
    "Piece",
    "cue_words",
    "list_cues",
    "may_have_lists",
    "pieces_by_bracket",
    "pieces_of",
]

_CUES: Final = Path(__file__).parent / "alternative_cues.csv"
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")
# "Kafka, RabbitMQ (or similar)": the "or" of a list begins so near behind its names.
_LONGEST_ENDING: Final = 24
# What stands between two names is mostly short, and mostly the same.
_SHORT: Final = 12
_MOST_SHORT: Final = 4096
_MOST_WORDS: Final = 16384
_MARKS: Final = frozenset(",/():[].")
# What may stand between a name and a word that counts only right behind it.
_NEARLY_NOTHING: Final[tuple[list[str], ...]] = ([], [","], [")"])
# What a piece may be besides a word or a mark, and the category of its cues. The first
# that fits counts: "and/or" is no "and".
_KINDS: Final = {
    "ellipsis": "similar mark",
    "one": "one of",
    "such": "such as",
    "or": "or",
    "after": "or after name",
    "and": "and",
}
_KINDS_BY_SIGN: Final = {"one": ("one",), "or": ("ellipsis", "or", "after")}


class Piece(NamedTuple):
    """A part of a sentence: a mark, a cue, a word, or the name of a skill.

    `kind` is "," "/" "(" ")" ":" "." "or" "and" "one" "such" "word" or "name"; `number`
    is that of the name among the sentence's.
    """

    kind: str
    text: str = ""
    number: int = -1


@cache
def list_cues(category: str) -> frozenset[str]:
    """Return the cues of a category of `alternative_cues.csv`."""
    return frozenset(cue for cue, _ in read_cues(_CUES)[category])


def may_have_lists(sentence: Sentence, language: str | None) -> bool:
    """Whether a sentence has a word or a mark that joins alternatives.

    The others, which are most, need not be cut into pieces.
    """
    text, places = sentence.text, sentence.places
    if any("/" in text[a.end : b.start] for a, b in pairwise(places)):
        return True
    within = text[places[0].end : places[-1].end + _LONGEST_ENDING]
    if not _signs(language, "or").isdisjoint(words_in(within)):
        return True
    return not _signs(language, "one").isdisjoint(words_in(text))


def cue_words(
    language: str | None, group: str, *, is_any: bool = False
) -> frozenset[str]:
    """Return words of which one stands in each cue of a group, "or" or "one".

    Parameters
    ----------
    is_any : bool
        All words of the cues, rather than one of each.
    """
    cues = [cue for kind, cue in _cues(language) if kind in _KINDS_BY_SIGN[group]]
    if is_any:
        return frozenset(chain.from_iterable(cues))
    # "Or" is rarer than the other word of "and/or".
    alone = frozenset(cue[0] for cue in cues if len(cue) == 1)
    return frozenset(
        next((word for word in cue if word in alone), max(cue, key=len)) for cue in cues
    )


def pieces_of(sentence: Sentence, language: str | None) -> list[Piece]:
    """Return the pieces of a sentence in reading order."""
    end = 0
    pieces: list[Piece] = []
    for number, place in enumerate(sentence.places):
        pieces += _pieces_between(sentence.text[end : place.start], language, number)
        pieces.append(Piece("name", "", number))
        end = max(end, place.end)
    pieces += _pieces_between(sentence.text[end:], language, len(sentence.places))
    return pieces


def _pieces_between(text: str, language: str | None, number: int) -> Sequence[Piece]:
    # Between names stands mostly the same: a comma, "and".
    cut = _short_pieces if len(text) <= _SHORT else _pieces
    return cut(text, language, number > 0)


def _pieces(text: str, language: str | None, is_behind_name: bool) -> list[Piece]:
    """Return the pieces of what stands between two names."""
    words = _TOKEN.findall(text.casefold())
    cues = _cues_by_word(language)
    pieces: list[Piece] = []
    stop = 0
    for place, word in enumerate(words):
        if place < stop:
            continue
        for kind, cue in cues.get(word, ()):
            if words[place : place + len(cue)] == cue:
                is_near = is_behind_name and words[:place] in _NEARLY_NOTHING
                pieces += _cue_pieces(kind, cue, is_near=is_near)
                stop = place + len(cue)
                break
        else:
            if word in _MARKS or word.isalnum():
                pieces.append(_piece(word))
    return pieces


_short_pieces = lru_cache(_MOST_SHORT)(_pieces)


@lru_cache(_MOST_WORDS)
def _piece(word: str) -> Piece:
    return Piece(word if word in _MARKS else "word", word)


def _cue_pieces(kind: str, cue: Sequence[str], *, is_near: bool) -> Iterator[Piece]:
    """Yield the pieces for a cue; `is_near` is whether it stands right behind a name.

    Dutch "of" is English too, and counts only there. "SQL o.ä." is "SQL or similar".
    """
    text = " ".join(cue)
    if kind == "after":
        yield Piece("or" if is_near else "word", text)
    elif kind == "ellipsis":
        yield Piece("or", text)
        yield Piece("word", "similar")
    else:
        yield Piece(kind, text)


@cache
def _cues_by_word(language: str | None) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the kinds and cues that begin with each word, the longest first."""
    cues: dict[str, list[tuple[str, list[str]]]] = {}
    for kind, category in _KINDS.items():
        for cue, spoken in read_cues(_CUES)[category]:
            # Where no language is known, every cue counts.
            if not spoken or language in (None, spoken):
                words = _TOKEN.findall(cue)
                cues.setdefault(words[0], []).append((kind, words))
    for found in cues.values():
        found.sort(key=lambda pair: -len(pair[1]))
    return cues


def _cues(language: str | None) -> Iterator[tuple[str, list[str]]]:
    """Return the kinds and words of the cues of a language."""
    return chain.from_iterable(_cues_by_word(language).values())


@cache
def _signs(language: str | None, group: str) -> frozenset[str]:
    """Return the longest word of each cue for "or", or for "one of"."""
    words = (cue for kind, cue in _cues(language) if kind in _KINDS_BY_SIGN[group])
    return frozenset(max(reversed(cue), key=len) for cue in words)


def _without_brackets_of_or(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces without brackets that begin with "or": "Kafka (or Kinesis)"."""
    kept: list[Piece] = []
    dropped: list[bool] = []
    for place, piece in enumerate(pieces):
        if piece.kind in "([":
            opens_or = [p.kind for p in pieces[place + 1 : place + 2]] == ["or"]
            dropped.append(opens_or)
        is_dropped = piece.kind in "([)]" and bool(dropped) and dropped[-1]
        if piece.kind in ")]" and dropped:
            dropped.pop()
        if not is_dropped:
            kept.append(piece)
    return kept


def pieces_by_bracket(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return what stands outside of brackets, and what stands in each of them.

    Brackets that begin with "or" are none: "Kafka (or Kinesis)".
    """
    if not any(piece.kind in "([" for piece in pieces):
        # Brackets that close and never open.
        return [[piece for piece in pieces if piece.kind not in ")]"]]
    pieces = _without_brackets_of_or(pieces)
    outside: list[Piece] = []
    levels, open_levels = [outside], [outside]
    for piece in pieces:
        if piece.kind in "([":
            open_levels.append([])
            levels.append(open_levels[-1])
        elif piece.kind in ")]":
            open_levels = open_levels[:-1] or open_levels
        else:
            open_levels[-1].append(piece)
    return levels
