"""Part the terms of a title by its signs, each part by its head noun.

`Data Engineer (AWS) / Scientist, Berlin` is two stretches with a bracket aside, the
first with two alternatives. A part's head is its last noun, of what stands before the
first complement: the `engineer` in both "data engineer" and "Ingeniero de datos".
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from itertools import chain
from typing import Final, NamedTuple

from roleclf.model.title_terms import (
    ALTERNATIVE,
    CLOSE,
    CUT,
    OPEN,
    UNKNOWN,
    Term,
    Terms,
)

__all__ = ["NOUNS", "TitlePart", "title_parts", "title_stretches"]

# Kinds of terms that can be the head of a title.
NOUNS: Final = frozenset(("heads", "professions", "deciding"))
# What a part without a noun is, by the kinds of its terms: the first one counts.
_WITHOUT_NOUN: Final = ("trades", "grades", "weak")
_SIGNS: Final = frozenset((ALTERNATIVE, OPEN, CLOSE, CUT))
_BESIDE: Final = frozenset(("fields", "trades", "professions", "heads", ""))


class TitlePart(NamedTuple):
    """A part of a title with at most one head noun.

    Attributes
    ----------
    kind : str
        `heads`, `professions` or `deciding`, as `titles.yaml` calls the head noun; for
        a part without one `trades`, `grades`, `weak` or empty.
    head : str
        Name of the head noun, for `heads`.
    beside : tuple of str
        Names of the terms beside the head, complements first; `UNKNOWN` for any other
        word.
    """

    kind: str
    head: str
    beside: tuple[str, ...]

    @property
    def text(self) -> str:
        """The part as title patterns read it, the head last."""
        return " ".join((*self.beside, self.head)) if self.head else self.fields

    @property
    def fields(self) -> str:
        """The terms beside the head."""
        return " ".join(self.beside)


def title_stretches(terms: Terms, alike: Container[str]) -> list[Terms]:
    """Return the stretches of a title, which commas, dashes and brackets end.

    What follows a bracket goes on with the stretch before it.

    Parameters
    ----------
    alike : container of str
        Names of fields of which the last one alone counts: "AI/ML".
    """
    if _SIGNS.isdisjoint(terms):
        return [terms]
    return [tuple(stretch) for stretch in _stretches(terms, alike)]


def title_parts(stretch: Terms) -> tuple[TitlePart, ...]:
    """Return the alternatives in a stretch of a title, empty ones left out.

    Slashes and words for "and" and "or" part them.
    """
    if ALTERNATIVE not in stretch:
        return (_part(stretch),) if stretch else ()
    return tuple(_part(piece) for piece in _split(stretch, "alternatives") if piece)


def _stretches(terms: Terms, alike: Container[str]) -> list[list[Term]]:
    stretches: list[list[Term]] = [[]]
    stretch = outer = stretches[0]
    for term in terms:
        if term is CLOSE:
            stretch = outer
        elif term is CUT and stretch is not outer:
            stretch.append(ALTERNATIVE)  # "(Python, AWS)" is one aside
        elif term is OPEN or term is CUT:
            outer, stretch = stretch, []
            stretches.append(stretch)
            outer = outer if term is OPEN else stretch
        else:
            if term.name in alike and _ends_alike(stretch, alike):
                del stretch[-2:]
            stretch.append(term)
    return stretches


def _ends_alike(stretch: list[Term], alike: Container[str]) -> bool:
    """Whether "AI/" has been read, of which "ML" tells no more."""
    if len(stretch) < 2 or stretch[-1] is not ALTERNATIVE:
        return False
    return stretch[-2].name in alike


def _split(terms: Iterable[Term], kind: str) -> list[list[Term]]:
    pieces: list[list[Term]] = [[]]
    for term in terms:
        if term.kind == kind:
            pieces.append([])
        else:
            pieces[-1].append(term)
    return pieces


def _part(terms: Sequence[Term]) -> TitlePart:
    """Return a part by its head: the last noun before the first complement."""
    kinds = [term.kind for term in terms]
    phrases = _split(terms, "links") if "links" in kinds else [terms]
    if NOUNS.isdisjoint(kinds):
        kind = next((kind for kind in _WITHOUT_NOUN if kind in kinds), "")
        return TitlePart(kind, "", _names(chain.from_iterable(reversed(phrases))))
    main = next(p for p in phrases if any(t.kind in NOUNS for t in p))
    nouns = [place for place, term in enumerate(main) if term.kind in NOUNS]
    if any(main[place].kind == "deciding" for place in nouns):
        return TitlePart("deciding", "", ())
    last = nouns[-1]
    after = [t for p in reversed(phrases) if p is not main for t in p]
    after += main[last + 1 :]
    # Places and the like follow the complement: "Cientista de Dados São Paulo".
    after.sort(key=lambda term: term.name != UNKNOWN)
    head = main[last].name if main[last].kind == "heads" else ""
    # An earlier noun does not part a head from its complement: "Analista Cientista de
    # Dados" is "? data scientist".
    first = [term for term in main[:last] if after and term.kind in NOUNS]
    before = [term for term in main[:last] if term not in first]
    return TitlePart(main[last].kind, head, _names([*first, *after, *before]))


def _names(terms: Iterable[Term]) -> tuple[str, ...]:
    return tuple([term.name for term in terms if term.kind in _BESIDE])
